"""Something is due on each day of a span; what must hold for the mails, whatever the rungs are."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from tests.drills.record import Mail
from tests.drills.stage import DAY, noon_of
from tests.drills.world import make_plants, make_rules, owed
from tests.factories import submit
from tracker.obligations.models import Obligation

PLANTS = 3
# Told weekly once overdue; a week of holidays may lie between.
LONGEST_SILENCE = timedelta(days=16)
# Known so long before, it is told before its day.
FORETOLD = timedelta(days=8)
# Every fourth is handed in before its day, every fourth long after; the others never are.
HANDED_IN = {0: timedelta(days=-3), 1: timedelta(days=9)}


@dataclass
class Calendar:
    """The plants take turns at owing; each has one manager."""

    first_on: date
    last_on: date
    owed: list[Obligation] = field(default_factory=list)
    managers: dict[int, str] = field(default_factory=dict)

    @property
    def days(self) -> list[date]:
        return [self.first_on + n * DAY for n in range((self.last_on - self.first_on).days + 1)]

    def make(self) -> None:
        plants = make_plants(PLANTS)
        for plant in plants:
            self.managers[plant.pk] = plant.memberships.get().person.email
        rules = make_rules(len(self.days))
        self.owed = Obligation.objects.bulk_create(
            owed(rule, plants[number % PLANTS], day)
            for number, (rule, day) in enumerate(zip(rules, self.days, strict=True))
        )

    def hand_in(self, day: date) -> None:
        """Whatever is answered on this day, before its night is planned."""
        for obligation in self.owed:
            if self.handed_in_on(obligation) == day:
                fresh = Obligation.objects.get(pk=obligation.pk)
                submit(fresh, fresh.plant.memberships.get().person, at=noon_of(day - DAY))

    def handed_in_on(self, obligation: Obligation) -> date:
        wait = HANDED_IN.get(self.owed.index(obligation) % 4)
        day = obligation.due_on + wait if wait else date.max
        return day if day >= self.first_on else date.max

    def faults(self, mails: Iterable[Mail]) -> Iterator[str]:
        """Each breach of what must hold, in words."""
        days: dict[int, list[date]] = defaultdict(list)
        letters: Counter[tuple[str, str]] = Counter()
        for mail in mails:
            letters[mail.to, mail.day] += 1
            for pk in mail.obligations:
                days[pk].append(date.fromisoformat(mail.day))
        for (to, day), count in letters.items():
            if count > 1:
                yield f"{count} mails to {to} on {day}"
        for obligation in self.owed:
            for fault in self._faults_of(obligation, sorted(days[obligation.pk])):
                yield f"due {obligation.due_on}: {fault}"

    def _faults_of(self, obligation: Obligation, told: list[date]) -> Iterator[str]:
        due_on, end = obligation.due_on, self.handed_in_on(obligation)
        if told and told[-1] >= end:
            yield f"told on {told[-1]}, after it was handed in"
        if self.first_on <= due_on < end and told.count(due_on) != 1:
            yield f"told {told.count(due_on)} times on its day"
        if due_on - self.first_on >= FORETOLD and not bisect_left(told, due_on):
            yield "not told before its day"
        late = [day for day in told if day >= due_on]
        for before, after in pairwise([*late, min(end, self.last_on + DAY)]):
            if after - before > LONGEST_SILENCE:
                yield f"silent from {before} to {after}"
