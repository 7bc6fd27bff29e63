"""What waits to be sent, what failed and why: the figures behind "do the mails go out?"."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Case, Count, F, Max, Min, Q, When

from plants.models import Authority, Membership, Person
from plants.models.people import seats_under
from tracker.reminders.claims import BACK_OFF, CLAIM_LASTS
from tracker.reminders.models import Reminder, ReminderQuerySet, ReminderState
from tracker.reminders.reasons import Trouble, key_of, reason_of, trouble_of

# What is the same for every mail, whoever it goes to.
BLOCKING = (Trouble.UNREACHABLE, Trouble.SIGN_IN)
# A sweep a minute: what is due for longer than a few of them is stuck.
LATE_AFTER = timedelta(minutes=10)
NEWS_OF = timedelta(hours=24)


@dataclass(frozen=True)
class Backlog:
    """Counts of rows; ``oldest_at`` is since when the oldest that should be out waits.

    ``untried_at`` is the same of those that nobody has tried to send at all.
    """

    due: int
    later: int
    stuck: int
    failed: int
    sent: int
    oldest_at: datetime | None
    untried_at: datetime | None
    sent_at: datetime | None

    def is_stuck(self, now: datetime) -> bool:
        """The sender lives, it seems, and doesn't send."""
        return self.untried_at is not None and now - self.untried_at > LATE_AFTER

    def holds_up(self, group: "Group") -> bool:
        """Whether no mail at all goes out for this reason: none went since it was met."""
        if group.trouble not in BLOCKING or group.next_at is None or group.tried_at is None:
            return False
        return self.sent_at is None or self.sent_at <= group.tried_at


@dataclass
class Group:
    """The rows that did not go out for one reason; ``next_at`` is None where none is tried."""

    reason: str
    rows: int = 0
    people: set[int] = field(default_factory=set)
    faults: set[str] = field(default_factory=set)
    since: datetime | None = None
    tried_at: datetime | None = None
    next_at: datetime | None = None

    @property
    def key(self) -> str:
        return key_of(self.reason)

    @property
    def trouble(self) -> Trouble:
        return trouble_of(self.reason)


def administered(person: Person) -> ReminderQuerySet:
    """The rows of the people under the authorities that she administers."""
    seats = Membership.objects.filter(seats_under(Authority.objects.run_by(person)))
    return Reminder.objects.filter(person__in=seats.values("person"))


def failing(rows: ReminderQuerySet) -> ReminderQuerySet:
    """Those that failed for good, or were tried in vain and wait for the next attempt."""
    return rows.filter(
        Q(state=ReminderState.FAILED) | Q(state=ReminderState.PLANNED, attempts__gt=0)
    )


def read_backlog(rows: ReminderQuerySet, *, now: datetime) -> Backlog:
    """In one query. What was tried in vain waits since it was planned, else since it was due."""
    planned = Q(state=ReminderState.PLANNED)
    owed = planned & (Q(next_attempt_at__lte=now) | Q(attempts__gt=0))
    stuck = Q(state=ReminderState.CLAIMED, claimed_at__lte=now - CLAIM_LASTS)
    since = Case(When(attempts=0, then=F("next_attempt_at")), default=F("planned_at"))
    sent = Q(state=ReminderState.SENT, sent_at__gt=now - NEWS_OF)
    found = rows.aggregate(
        due=Count("pk", filter=planned & Q(next_attempt_at__lte=now)),
        later=Count("pk", filter=planned & Q(next_attempt_at__gt=now)),
        stuck=Count("pk", filter=stuck),
        failed=Count("pk", filter=Q(state=ReminderState.FAILED)),
        sent=Count("pk", filter=sent),
        oldest_at=Min(since, filter=owed),
        untried_at=Min("next_attempt_at", filter=planned & Q(next_attempt_at__lte=now, attempts=0)),
        sent_at=Max("sent_at"),
    )
    return Backlog(**found)


def read_groups(rows: ReminderQuerySet) -> list[Group]:
    """The failing rows by reason, the most rows first; in one query, however many rows."""
    counted = (
        failing(rows)
        .order_by()
        .values("fault", "person_id", "state", "attempts")
        .annotate(
            rows=Count("pk"),
            since=Min("planned_at"),
            claimed_at=Max("claimed_at"),
            soonest_at=Min("next_attempt_at"),
            latest_at=Max("next_attempt_at"),
        )
    )
    groups: dict[str, Group] = {}
    for part in counted:
        reason = reason_of(part["fault"])
        _add(groups.setdefault(reason, Group(reason)), part)
    return sorted(groups.values(), key=lambda group: (-group.rows, group.reason))


def find_group(rows: ReminderQuerySet, key: str) -> Group | None:
    """The group of this name, while any row fails for that reason."""
    return next((group for group in read_groups(rows) if group.key == key), None)


def rows_of(group: Group, rows: ReminderQuerySet) -> ReminderQuerySet:
    return failing(rows).filter(fault__in=group.faults)


def _add(group: Group, part: Mapping[str, object]) -> None:
    is_planned = part["state"] == ReminderState.PLANNED
    group.rows += int(str(part["rows"]))
    group.people.add(int(str(part["person_id"])))
    group.faults.add(str(part["fault"]))
    group.since = _first(group.since, part["since"])
    tried = _tried_at(part["latest_at"], int(str(part["attempts"])))
    group.tried_at = _last(group.tried_at, tried if is_planned else part["claimed_at"])
    if is_planned:
        group.next_at = _first(group.next_at, part["soonest_at"])


def _tried_at(next_at: object, attempts: int) -> datetime | None:
    """An attempt leaves no time of its own: the next one is a known wait after it."""
    if not isinstance(next_at, datetime):
        return None
    return next_at - BACK_OFF[min(attempts, len(BACK_OFF)) - 1]


def _first(*moments: object) -> datetime | None:
    return min(_known(moments), default=None)


def _last(*moments: object) -> datetime | None:
    return max(_known(moments), default=None)


def _known(moments: Iterable[object]) -> list[datetime]:
    return [moment for moment in moments if isinstance(moment, datetime)]
