"""The demo's chance, as pure functions: stories, fates and the days on which things happen."""

from datetime import date, timedelta
from random import Random

import pytest

from tracker.demo.fates import Fate, Task, Unsettled, spread
from tracker.demo.invention import read_invention, stands
from tracker.demo.stories import RING, tell_stories
from tracker.demo.timeline import Deed, Era, steps_to

TODAY = date(2026, 11, 23)
ERA = Era(date(2025, 11, 1), TODAY)
LAST_DEED = {
    Fate.DRAFT: Deed.DRAFT,
    Fate.WAITING: Deed.HAND_IN,
    Fate.RETURNED: Deed.RETURN,
    Fate.ACCEPTED: Deed.ACCEPT,
    Fate.LATE: Deed.ACCEPT,
    Fate.MENDED: Deed.ACCEPT,
}


def task(due_on: date, *, pk: int = 1, is_recurring: bool = True, completes: str = "") -> Task:
    return Task(pk, due_on, is_recurring, 5, part="organised", completes=completes)


@pytest.mark.parametrize("fate", list(LAST_DEED))
@pytest.mark.parametrize(
    "due_on",
    [date(2015, 7, 1), date(2026, 1, 5), TODAY - timedelta(days=8), date(2028, 12, 31)],
)
def test_steps_lead_to_the_fate_in_order_and_before_today(fate: Fate, due_on: date) -> None:
    single = due_on.year in (2015, 2028)

    for seed in range(40):
        steps = steps_to(
            task(due_on, is_recurring=not single), fate, era=ERA, rng=Random(f"{fate}{seed}")
        )

        days = [step.on for step in steps]
        assert steps[-1].deed == LAST_DEED[fate]
        assert days == sorted(set(days))
        assert ERA.begins_on <= days[0]
        assert days[-1] < TODAY


def test_duty_whose_days_have_not_begun_is_left_open() -> None:
    ahead = task(TODAY + timedelta(days=60))

    assert steps_to(ahead, Fate.ACCEPTED, era=ERA, rng=Random(1)) == []
    assert steps_to(ahead, Fate.OPEN, era=ERA, rng=Random(1)) == []


def test_late_is_after_the_due_date_and_accepted_is_not() -> None:
    due_on = date(2026, 6, 30)

    for seed in range(40):
        late = steps_to(task(due_on), Fate.LATE, era=ERA, rng=Random(seed))
        in_time = steps_to(task(due_on), Fate.ACCEPTED, era=ERA, rng=Random(seed))

        assert in_time[0].on <= due_on < late[0].on


def test_spread_never_touches_what_completes_a_part() -> None:
    near = [task(TODAY - timedelta(days=n), pk=n) for n in range(1, 10)]
    ring = [task(TODAY - timedelta(days=3), pk=100, completes="fugitive")]
    fates = {one.pk: Fate.ACCEPTED for one in near + ring}

    spread(near + ring, fates, Unsettled(2, 2, 2, 0), today=TODAY, rng=Random(3))

    assert fates[100] == Fate.ACCEPTED
    picked = sorted(fate.value for fate in fates.values() if fate != Fate.ACCEPTED)
    assert picked == ["open", "open", "returned", "waiting", "waiting"]


@pytest.mark.parametrize("seed", range(5))
def test_complete_plants_have_about_46_percent_of_the_capacity(seed: int) -> None:
    capacities = [2500, 5000, 3000, 2000, 5500] * 12 + [0] * 15

    stories = tell_stories(capacities, on_show=0, in_view=frozenset(range(8)), rng=Random(seed))

    complete = sum(c for c, story in zip(capacities, stories, strict=True) if story.is_complete)
    assert 45.0 <= 100 * complete / sum(capacities) <= 46.2
    assert not stories[0].is_complete
    assert {len(story.done) for story in stories} == {0, 1, 2, len(RING)}


def test_full_demo_stands_under_every_authority_with_a_place() -> None:
    invention = read_invention()
    sites = stands(invention, count=60, kind="clinker") + stands(
        invention, count=15, kind="grinding"
    )

    used = {site.authority for site, _nth in sites}

    assert used == {site.authority for site in invention.sites}
    assert len([code for code in used if code.startswith("region-")]) == 14
    assert len([code for code in used if code.startswith("corps-")]) == 13


def test_invented_words_are_all_different() -> None:
    invention = read_invention()

    words = [invention.plant_word(number) for number in range(300)]

    assert len(set(words)) == 300


@pytest.mark.parametrize("fate", [Fate.ACCEPTED, Fate.MENDED])
@pytest.mark.parametrize(
    ("due_on", "last"),
    [(date(2028, 12, 31), Deed.CONFIRM), (TODAY - timedelta(days=3), Deed.PROPOSE)],
)
def test_two_levels_propose_and_confirm_on_days_of_their_own(
    fate: Fate, due_on: date, last: Deed
) -> None:
    two_levels = Task(1, due_on, due_on.year < 2028, 5, part="organised", completes="", levels=2)

    for seed in range(40):
        steps = steps_to(two_levels, fate, era=ERA, rng=Random(seed))

        days = [step.on for step in steps]
        assert [step.deed for step in steps[:2]] == [Deed.HAND_IN, Deed.PROPOSE]
        assert steps[-1].deed == last
        assert days == sorted(set(days))
        assert days[-1] < TODAY
