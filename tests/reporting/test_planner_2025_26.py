"""The planner's answers for every place under the windows of 2025-26, derived by hand.

Asked for: one month of steady running and then seven monitoring days, without a kiln stop. A block
that ends on day E has its monitoring from E-6 to E and its steady month up to E-7. Ends at the end
of a month thus give: 31 October: 25 September; 31 August: 25 July; 31 July: 25 June; 31 May:
25 April; 30 April: 24 March. What each place's kilns do, and what follows from it, stands above
its rows, after the plan of 2025-26. The plan of 2026-27 is not issued: what a deadline after
31 October meets first is the projected stop of that season.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from plants.kilns import read_kilns
from plants.models import Place
from tracker.regulations.steady import Steady
from tracker.reporting.planner import Answer, Need, plan_backwards

TODAY = date(2026, 1, 15)
NEED = Need(Steady(months=1, days=0, verification="to_verify"), monitoring_days=7)
JULY, AUGUST, OCTOBER = date(2026, 7, 31), date(2026, 8, 31), date(2026, 10, 31)
YEARS_END = date(2026, 12, 31)
Block = tuple[date, date, str]  # first day of the steady month, last day of monitoring, projected

# Ends on 31 October as the deadline says; and the same because the kiln stops on 1 November 2026,
# which is known only as a projection of 1 November 2025.
AUTUMN: Block = (date(2026, 9, 25), date(2026, 10, 31), "")
AUTUMN_PROJECTED: Block = (date(2026, 9, 25), date(2026, 10, 31), "2025-26")
SPRING: Block = (date(2026, 4, 25), date(2026, 5, 31), "")
SUMMER: Block = (date(2026, 7, 25), date(2026, 8, 31), "")

# Stops to 30 April and in June. Runs in May (31 days: too short for 31 + 7) and July to October.
# By 31 July: a block would begin on 25 June, in a stop; May is too short (25 April); so the last
# one lies before the season: 25 September to 31 October 2025, which is past.
NORTH = {
    JULY: (date(2025, 9, 25), date(2025, 10, 31), ""),
    AUGUST: SUMMER,
    OCTOBER: AUTUMN,
    YEARS_END: AUTUMN_PROJECTED,
}
# The same, but in 2025 Turpan stopped from 16 August to 30 September: October 2025 (31 days) is
# too short, and the last block before ends on 15 August 2025: monitoring from 9 August, the month
# from 9 July (it ran from 1 July on).
TURPAN = NORTH | {JULY: (date(2025, 7, 9), date(2025, 8, 15), "")}
# Stops from 11 November to 21 March, in June and from 1 to 15 September. By 31 July: June is in
# the way, and the spring runs from 22 March to 31 May. In autumn it runs from 16 September to
# 10 November: by the end of the year the block ends on 10 November, monitoring from 4 November,
# the month from 4 October.
HAMI = {
    JULY: SPRING,
    AUGUST: SUMMER,
    OCTOBER: AUTUMN,
    YEARS_END: (date(2026, 10, 4), date(2026, 11, 10), "2025-26"),
}
# Stops to 15 April, in June and in August. Runs from 16 April to 31 May (25 April is inside), in
# July (31 days: too short) and from 1 September. By 31 August: August stops, July is too short, so
# the spring again.
ILI_BORTALA = {JULY: SPRING, AUGUST: SPRING, OCTOBER: AUTUMN, YEARS_END: AUTUMN_PROJECTED}
# Stops to 15 April and in June. Spring as before; from July on it runs through to 31 October.
TACHENG_ALTAY = {JULY: SPRING, AUGUST: SUMMER, OCTOBER: AUTUMN, YEARS_END: AUTUMN_PROJECTED}
# Stops to 14 March, in May, in July and from 1 to 15 September. Runs from 15 March to 30 April
# (24 March is inside), in June (30 days) and August (31 days), both too short, and from
# 16 September to 31 October (25 September is inside).
BAYINGOL_AKSU = {
    JULY: (date(2026, 3, 24), date(2026, 4, 30), ""),
    AUGUST: (date(2026, 3, 24), date(2026, 4, 30), ""),
    OCTOBER: AUTUMN,
    YEARS_END: AUTUMN_PROJECTED,
}
# Stops to 15 March, from 16 to 30 April, in June and from 12 to 31 August. Runs from 16 March to
# 15 April (31 days) and in May (31 days), both too short, from 1 July to 11 August and from
# 1 September. By 31 July: 25 June is in a stop, May and the spring are too short, so before the
# season (nothing is known to stop in autumn 2025). By 31 August: the block ends on 11 August,
# monitoring from 5 August, the month from 5 July.
KIZILSU_KASHGAR = {
    JULY: (date(2025, 9, 25), date(2025, 10, 31), ""),
    AUGUST: (date(2026, 7, 5), date(2026, 8, 11), ""),
    OCTOBER: AUTUMN,
    YEARS_END: AUTUMN_PROJECTED,
}
# As in Kashgar, but without the stop in April: the spring runs from 16 March to 31 May.
HOTAN = KIZILSU_KASHGAR | {JULY: SPRING}
# The plan names no stop: the block ends on the deadline, whatever it is. By the end of the year
# its monitoring begins on 25 December, its month on 25 November.
KARAMAY = {
    JULY: (date(2026, 6, 25), date(2026, 7, 31), ""),
    AUGUST: SUMMER,
    OCTOBER: AUTUMN,
    YEARS_END: (date(2026, 11, 25), date(2026, 12, 31), ""),
}

PLACES: dict[str, dict[date, Block]] = {
    "urumqi": NORTH,
    "changji": NORTH,
    "turpan": TURPAN,
    "hami": HAMI,
    "ili": ILI_BORTALA,
    "bortala": ILI_BORTALA,
    "tacheng": TACHENG_ALTAY,
    "altay": TACHENG_ALTAY,
    "bayingol": BAYINGOL_AKSU,
    "aksu": BAYINGOL_AKSU,
    "kizilsu": KIZILSU_KASHGAR,
    "kashgar": KIZILSU_KASHGAR,
    "hotan": HOTAN,
    "karamay": KARAMAY,
    # Named by itself in the plan.
    "shihezi": NORTH,
    # The other cities of the Corps stop with the prefecture in which they stand.
    "wujiaqu": NORTH,  # Changji
    "huyanghe": TACHENG_ALTAY,
    "baiyang": TACHENG_ALTAY,
    "beitun": TACHENG_ALTAY,
    "aral": BAYINGOL_AKSU,
    "tiemenguan": BAYINGOL_AKSU,
    "tumxuk": KIZILSU_KASHGAR,
    "kokdala": ILI_BORTALA,
    "shuanghe": ILI_BORTALA,
    "xinxing": HAMI,
    "kunyu": HOTAN,
}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


@pytest.fixture(scope="module")
def rules(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The shipped places and calendars, in a transaction that is rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_regulations", verbosity=0)
        yield
        transaction.set_rollback(True)


def ask(place: str, deadline: date) -> Answer:
    plan = read_kilns(Place.objects.get(code=place), [], until=deadline).plan
    return plan_backwards(deadline=deadline, windows=plan, need=NEED, today=TODAY)


@pytest.mark.parametrize("place", PLACES)
def test_last_block_by_each_deadline(place: str) -> None:
    answers = {deadline: ask(place, deadline) for deadline in PLACES[place]}

    assert {
        deadline: (answer.block.starts_on, answer.block.ends_on, answer.projected_from)
        for deadline, answer in answers.items()
    } == PLACES[place]


def test_table_has_every_prefecture_and_every_city_of_the_corps() -> None:
    wanted = Place.objects.filter(level__in=["prefecture", "corps_city"])

    assert set(PLACES) == set(wanted.values_list("code", flat=True))


def test_stop_of_november_is_what_forces_the_end_of_the_year() -> None:
    """Only where no stop is known does nothing force it."""
    forced = {place: ask(place, YEARS_END).forced_by for place in PLACES}

    first_days = {place: window.starts_on for place, window in forced.items() if window}
    hami = {"hami": date(2026, 11, 11), "xinxing": date(2026, 11, 11)}
    others = dict.fromkeys(PLACES.keys() - {"karamay"}, date(2026, 11, 1))
    assert first_days == others | hami


def test_running_times_that_are_too_short_are_told() -> None:
    """Aksu by 31 August: June and August run, 30 and 31 days."""
    answer = ask("aksu", AUGUST)

    assert answer.too_short == (
        (date(2026, 6, 1), date(2026, 6, 30)),
        (date(2026, 8, 1), date(2026, 8, 31)),
    )


def test_projected_season_has_its_own_gaps() -> None:
    """Changji by 30 June 2027: May 2027 is too short, so the autumn of 2026 is the last chance."""
    answer = ask("changji", date(2027, 6, 30))

    assert (answer.block.starts_on, answer.block.ends_on) == (AUTUMN[0], AUTUMN[1])
    assert answer.too_short == ((date(2027, 5, 1), date(2027, 5, 31)),)
    assert answer.projected_from == "2025-26"
