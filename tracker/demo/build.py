"""Builds the whole demo: the world, its obligations, what became of them, last night's mails."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from plants.models import Authority, Place, Plant
from tracker import audit
from tracker.demo.annex import bring_annex
from tracker.demo.invention import read_invention
from tracker.demo.people import People, make_people
from tracker.demo.scenes import RULES, TWO_LEVELS
from tracker.demo.swaps import make_swaps
from tracker.demo.walk import Walk, at_work
from tracker.demo.world import DemoPlant, make_world
from tracker.evidence.models import StoredFile
from tracker.obligations.correct import correct_rule
from tracker.obligations.models import Obligation
from tracker.obligations.schedule import schedule_obligations
from tracker.obligations.workdays import is_working_day
from tracker.regulations.correctable import read_correctable
from tracker.regulations.models import Requirement
from tracker.reminders.changes import plan_changes
from tracker.reminders.days import moment
from tracker.reminders.models.ladders import FIRST_HOUR, USUAL_HOUR
from tracker.reminders.nightly import finish_night
from tracker.reminders.notices import plan_notices
from tracker.reminders.plan import plan_reminders
from tracker.reminders.send import send_due

FEWEST_PLANTS = 4  # the accounts need one in Changji, in the 8th division and under another bureau
MONTHS_OF_HISTORY = 12
AHEAD_DAYS = 240
GRANTS_ALONE_DAYS = 90
BY = audit.Actor(person=None, origin="seed_demo")


class DemoRefused(Exception):
    """The demo can't be built here; the sentence says why."""


@dataclass(frozen=True)
class DemoReport:
    """How many rows of what were made."""

    plants: int
    lines: int
    stations: int
    people: int
    files: int
    steps: int
    mails: int
    overdue: int
    states: dict[str, int]


def build_demo(
    *, clinker_plants: int, seed: int, now: datetime, months_of_history: int = MONTHS_OF_HISTORY
) -> DemoReport:
    """Build it in one transaction: half a demo is none. Refuses where there is a plant already.

    The same seed and the same day give the same rows, but for the hash of the password, the
    secret address of an upload that broke off, and the secret number of a draw.
    """
    _refuse(clinker_plants)
    today = timezone.localdate(now)
    rng = Random(seed)  # noqa: S311 (chance for a demo, not for a secret)
    invention = read_invention()
    with audit.together():
        world = make_world(
            invention,
            clinker_plants=clinker_plants,
            today=today,
            tracked_from_on=(today - relativedelta(months=months_of_history)).replace(day=1),
            rng=rng,
        )
        people = make_people(invention, world)
        Authority.objects.exclude(parent=None).update(grants_alone_days=GRANTS_ALONE_DAYS)
        _begin(world, today)
        _ask_for_two_levels(people, world, today)
        make_swaps(world, people, today)
        walk = Walk(people, world, today, rng)
        steps = sum(walk.walk_plant(demo) for demo in world)
        yesterday = at_work(today - timedelta(days=1), 95)
        bring_annex(officer=people.superior_of["region"], today=today, at=yesterday)
    mails = send_last_night(now=now)
    return DemoReport(
        plants=sum(1 for demo in world if demo.lines),
        lines=sum(len(demo.lines) for demo in world),
        stations=sum(1 for demo in world if not demo.lines),
        people=people.count,
        files=StoredFile.objects.count(),
        steps=steps,
        mails=mails,
        overdue=Obligation.objects.overdue(today=today).count(),
        states=dict(Counter(Obligation.objects.values_list("state", flat=True))),
    )


def _refuse(clinker_plants: int) -> None:
    if clinker_plants < FEWEST_PLANTS:
        raise DemoRefused(f"The demo needs at least {FEWEST_PLANTS} plants.")
    if Plant.objects.exists():
        raise DemoRefused(
            "This database has plants already: the demo is only built in one without any."
        )
    if not Requirement.objects.exists() or not Place.objects.exists():
        raise DemoRefused("There are no rules and places yet: run load_regulations first.")


def _begin(world: list[DemoPlant], today: date) -> None:
    """The plants enter the product on the first day that they are followed, and get what they owe.

    That day lies in the past, but what they owe is what is owed today and in the months to come.
    """
    entering: dict[date, list[Plant]] = defaultdict(list)
    for demo in world:
        entering[demo.plant.tracked_from_on].append(demo.plant)
    for day, plants in sorted(entering.items()):
        at = at_work(day, 0)
        for plant in plants:
            audit.record(by=BY, at=at, verb=audit.Verb.CREATED, thing=plant, plant=plant)
        schedule_obligations(
            today=today,
            by=BY,
            at=at + timedelta(minutes=10),
            plants=plants,
            ahead_days=AHEAD_DAYS,
        )


def _ask_for_two_levels(people: People, world: list[DemoPlant], today: date) -> None:
    """The authority on top confirms some works of its plan itself, from the first day on."""
    first_day = min(demo.plant.tracked_from_on for demo in world)
    for tree, officer in people.superior_of.items():
        for name in TWO_LEVELS:
            correctable = read_correctable("requirement", f"{RULES[tree]}-{name}")
            assert correctable is not None  # noqa: S101 (a rule of the loaded seeds)
            correct_rule(
                correctable=correctable,
                values={"review_levels": 2},
                source_note="示例：内部审核规程，封闭改造类工程由上级复核确认",
                by=audit.Actor(officer, "203.0.113.9"),
                at=at_work(first_day, 30),
                today=today,
            )


def send_last_night(*, now: datetime) -> int:
    """Let the last digests and the news of reviews go out; say how many mails went.

    It is the worker's nightly run of the last working day whose digests have gone, so that the
    outbox page has something to show; the worker, once it is started, goes on from there.
    """
    day = timezone.localdate(now)
    while not is_working_day(day) or moment(day, USUAL_HOUR) > now:
        day -= timedelta(days=1)
    night = moment(day, FIRST_HOUR)
    plan_reminders(today=day, at=night)
    plan_notices(at=night)
    plan_changes(at=night)
    report = send_due(now=moment(day, USUAL_HOUR))
    finish_night(now=night)
    return report.mails
