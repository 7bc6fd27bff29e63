"""Comments: both sides write, nobody edits, the other side is told once in a quarter of an hour."""

from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from django.utils.translation import override

from plants.models import Membership, Person, Role
from tests.factories import NOW, Cast, cast, make_obligation_at, officer_of
from tests.flows.test_races import at_once
from tracker import audit
from tracker.assessments.comments import TEXT_LENGTH, CommentRefused, write_comment
from tracker.assessments.models import Comment, Side
from tracker.obligations.models import Obligation, State
from tracker.reminders.changes import plan_changes
from tracker.reminders.models import Message, Reminder
from tracker.reminders.send import send_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Cast:
    return cast()


@pytest.fixture
def obligation(world: Cast) -> Obligation:
    return make_obligation_at(State.SUBMITTED, plant=world.plant, manager=world.manager)


def write(
    obligation: Obligation,
    person: Person,
    text: str = "第3页看不清。",
    token: UUID | None = None,
    at: datetime = NOW,
) -> Comment:
    by = audit.Actor(person, "192.0.2.7")
    read = Obligation.objects.select_related("plant__authority").get(pk=obligation.pk)
    return write_comment(obligation=read, text=text, token=token or uuid4(), by=by, at=at)


def told() -> set[Person]:
    return {reminder.person for reminder in Reminder.objects.of_changes()}


@pytest.mark.parametrize(
    ("name", "side"),
    [
        ("manager", Side.PLANT),
        ("group_manager", Side.PLANT),
        ("changji_officer", Side.AUTHORITY),
        ("region_officer", Side.AUTHORITY),
    ],
)
def test_both_sides_write_and_it_is_in_the_history(
    world: Cast, obligation: Obligation, name: str, side: Side
) -> None:
    person = world.people[name]

    comment = write(obligation, person, "  第3页看不清。 ")

    assert (comment.text, comment.side, comment.written_by) == ("第3页看不清。", side, person)
    event = audit.Event.objects.for_plant(world.plant)[0]
    assert (event.verb, event.person, event.note, event.after) == (
        audit.Verb.COMMENTED,
        person,
        "第3页看不清。",
        {"side": side, "concerns": []},
    )


@pytest.mark.parametrize("name", ["corps_officer", "other_manager", "auditor", "administrator"])
def test_others_are_refused(world: Cast, obligation: Obligation, name: str) -> None:
    with override("en"), pytest.raises(CommentRefused) as caught:
        write(obligation, world.people[name])

    assert str(caught.value) == "Only the plant's managers and its officers can comment."
    assert Comment.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("  ", "Write something first."),
        ("字" * (TEXT_LENGTH + 1), "The comment is too long: at most 2000 characters."),
    ],
)
def test_empty_and_too_long_are_refused(
    world: Cast, obligation: Obligation, text: str, sentence: str
) -> None:
    with override("en"), pytest.raises(CommentRefused) as caught:
        write(obligation, world.manager, text)

    assert (str(caught.value), Comment.objects.count()) == (sentence, 0)


def test_officers_comment_is_told_to_the_plant(world: Cast, obligation: Obligation) -> None:
    write(obligation, world.changji_officer)

    plan_changes(at=NOW)

    assert told() == {world.manager, world.group_manager}


def test_plants_comment_is_told_to_its_officers_and_to_who_wrote_before(
    world: Cast, obligation: Obligation
) -> None:
    colleague = officer_of(world.plant.authority)
    officer_of(world.other_plant.authority)
    write(obligation, world.region_officer)
    plan_changes(at=NOW)
    before = told()

    write(obligation, world.manager)
    plan_changes(at=NOW)

    assert told() - before == {world.changji_officer, colleague, world.region_officer}
    assert Reminder.objects.filter(person=world.group_manager).count() == 1


def test_comments_of_a_day_go_in_one_mail(world: Cast, obligation: Obligation) -> None:
    start = datetime(2026, 9, 1, 2, 0, 10, tzinfo=UTC)
    times = [start + timedelta(minutes=minutes) for minutes in (0, 3, 14)]
    for number, at in enumerate(times):
        write(obligation, world.changji_officer, f"第{number + 1}条", at=at)
        plan_changes(at=at)
        send_due(now=at)
    quiet = Message.objects.count()

    send_due(now=start + timedelta(days=1))
    send_due(now=start + timedelta(days=1, minutes=1))

    mails = Message.objects.filter(person=world.manager)
    assert (quiet, mails.count()) == (0, 1)
    for number in (1, 2, 3):
        assert f"第{number}条" in mails.get().text


def test_who_is_on_both_sides_writes_for_the_plant(world: Cast, obligation: Obligation) -> None:
    both = world.changji_officer
    Membership.objects.create(person=both, role=Role.MANAGER, plant=world.plant)

    assert write(obligation, Person.objects.get(pk=both.pk)).side == Side.PLANT


@pytest.mark.django_db(transaction=True)
def test_same_form_twice_at_once_counts_once(world: Cast, obligation: Obligation) -> None:
    token = uuid4()

    outcomes = at_once(*[partial(write, obligation, world.manager, token=token)] * 2)

    comment = Comment.objects.get()
    assert outcomes == [comment, comment]
    assert audit.Event.objects.filter(verb=audit.Verb.COMMENTED).count() == 1
