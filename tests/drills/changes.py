"""What happens between the plan and the mails."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from plants.models import Membership, Person
from tests.drills.ledger import judge
from tests.drills.outcome import Outcome
from tests.drills.record import Mail
from tests.drills.stage import DAY, Stage, evening_before, noon_of
from tests.drills.world import make_world
from tests.factories import submit
from tracker.obligations.models import Obligation
from tracker.reminders.plan import plan_reminders
from tracker.reminders.send import send_due

MONDAY = date(2028, 3, 6)
DAYS_LONGER = 15
NEW_DAY = MONDAY + timedelta(days=DAYS_LONGER)


def change_before_sending(stage: Stage) -> Outcome:
    """After the plan people go, a deadline moves, and an answer is handed in; then mails go out."""
    make_world(stage.size, today=MONDAY, days=(0, 0, 0))
    plan_reminders(today=MONDAY, at=evening_before(MONDAY))
    moved, answered, unchanged = _by_rule()
    for obligation in answered:
        submit(obligation, obligation.plant.memberships.get().person, at=noon_of(MONDAY - DAY))
    # Every use case that moves a deadline ends in this.
    Obligation.objects.filter(pk__in=[one.pk for one in moved]).update(due_on=NEW_DAY)
    gone, barred = Person.objects.filter(memberships__isnull=False).order_by("pk")[:2]
    Membership.objects.filter(person=gone).delete()
    Person.objects.filter(pk=barred.pk).update(is_active=False)
    _send_nights(stage)
    mails = stage.mailhost.record.mails()
    note = "a role ended, an account closed, a deadline moved, an answer handed in"
    faults = [
        *_compare(mails, MONDAY, answered + moved, set()),
        *_compare(mails, MONDAY, unchanged, _receivers(unchanged)),
        *_compare(mails, NEW_DAY, answered, set()),
        *_compare(mails, NEW_DAY, moved, _receivers(moved)),
        *(
            f"told though gone: {mail.to}"
            for mail in mails
            if mail.to in (gone.email, barred.email)
        ),
    ]
    return judge(mails, by_day=True, note=note, faults=faults)


def _by_rule() -> list[list[Obligation]]:
    found: dict[int, list[Obligation]] = {}
    for obligation in Obligation.objects.order_by("requirement", "pk"):
        found.setdefault(obligation.requirement_id, []).append(obligation)
    return list(found.values())


def _send_nights(stage: Stage) -> None:
    """The mails of the plan that there is, and then each night until the new day."""
    for number in range(DAYS_LONGER + 1):
        day = MONDAY + number * DAY
        stage.mailhost.tell(day=f"{day}")
        if number:
            plan_reminders(today=day, at=evening_before(day))
        send_due(now=noon_of(day))


def _receivers(obligations: Iterable[Obligation]) -> set[tuple[str, int]]:
    """Who is left of those who answer for them, with what for."""
    posts = Membership.objects.filter(person__is_active=True).values_list("plant", "person__email")
    manager_of = dict(posts)
    return {(manager_of[one.plant_id], one.pk) for one in obligations if one.plant_id in manager_of}


def _compare(
    mails: Iterable[Mail], day: date, about: list[Obligation], right: set[tuple[str, int]]
) -> Iterator[str]:
    """What of these obligations was told on the day but not rightly, or not told but due."""
    keys = {one.pk for one in about}
    told = {
        (mail.to, pk)
        for mail in mails
        if mail.day == f"{day}"
        for pk in keys.intersection(mail.obligations)
    }
    if told != right:
        yield f"{day}: {len(told - right)} wrongly told, {len(right - told)} not told"
