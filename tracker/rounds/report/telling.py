"""How a report tells what people said, and words that all its parts share. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tracker.rounds.report.blocks import Json, fact, gap
from tracker.rounds.report.questions import read_questions
from tracker.rounds.report.source import Source
from tracker.rounds.samples.convert import plain_number


def told_at(source: Source, point: str, known: Mapping[str, str] | None = None) -> list[Json]:
    """The questions of a point with their answers.

    Where nobody has answered, what the app knows by itself (``known``); else a gap.
    """
    rows = []
    for question in read_questions():
        if question.point != point:
            continue
        name = str(question.name)
        answer = source.statements.get(question.code)
        if answer is not None and answer.text:
            said = _("%(who)s, %(at)s") % {
                "who": answer.said_by.name,
                "at": moment(answer.said_at),
            }
            rows.append(fact(question.code, name, answer.text, said))
            continue
        found = (known or {}).get(question.code, "")
        rows.append(fact(question.code, name, found or gap(name)))
    return rows


def day(value: date | None) -> str:
    return value.isoformat() if value else "—"


def moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def number(value: Decimal) -> str:
    return plain_number(value)


def tonnes(value: Decimal) -> str:
    """With a comma at each thousand, as ledgers are read."""
    whole, point, rest = plain_number(value).partition(".")
    return f"{int(whole):,}{point}{rest}"


def listed(names: Iterable[object]) -> str:
    return pgettext("between names", ", ").join(str(name) for name in names)
