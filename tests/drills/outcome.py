"""What a drill came to, and the table of all of them. Knows no database and no product."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

COLUMNS = ("drill", "promised", "sent", "lost", "twice", "note")


@dataclass(frozen=True)
class Outcome:
    """Rows promised, sent and lost; mails that came twice, of which so many are ``allowed``."""

    promised: int
    sent: int
    lost: int
    twice: int
    allowed: int = 0
    note: str = ""
    faults: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return bool(self.promised) and not self.lost and self.twice <= self.allowed and self.is_true

    @property
    def is_true(self) -> bool:
        return not self.faults

    @property
    def words(self) -> str:
        """The note, what twice may be where it may be anything, and what is wrong."""
        allowed = f"twice allowed: {self.allowed}" if self.allowed else ""
        wrong = "" if self.is_good else f"WRONG: {'; '.join(self.faults) or 'see the numbers'}"
        return "; ".join(part for part in (self.note, allowed, wrong) if part)

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def table(outcomes: Mapping[str, Outcome]) -> str:
    """As Markdown, so that the README can have it as it is."""
    lines: list[tuple[str, ...]] = [COLUMNS, ("---", "---:", "---:", "---:", "---:", "---")]
    for name, one in outcomes.items():
        counts = (f"{number:,}" for number in (one.promised, one.sent, one.lost, one.twice))
        lines.append((name, *counts, one.words))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
