"""The planner's arithmetic and sentences, and what it reads of a plant."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plants.kilns import read_kilns
from plants.models import Part, RunStatus
from plants.text import Text
from plants.windows import Cause, Window, with_projected
from tests.factories import (
    TODAY,
    LimitFactory,
    LineFactory,
    ObligationFactory,
    OutletFactory,
    PlantFactory,
    ProjectFactory,
    RequirementFactory,
    make_obligation_at,
)
from tracker.obligations.models import State
from tracker.regulations.steady import Steady, read_steady
from tracker.reporting.planner import Answer, Need, Verdict, plan_backwards
from tracker.reporting.planner_words import say
from tracker.reporting.plant_planner import (
    is_deadline,
    plan_lines,
    read_asked,
    read_deadlines,
    read_planned_lines,
)

MONTH = Steady(months=1, days=0, verification="to_verify")
NEED = Need(MONTH, monitoring_days=7, retrofit_days=90)
FIRST = date(2026, 1, 1)


def window(first: date, last: date, season: str = "2025-26") -> Window:
    return Window(first, last, Cause.PLAN, Text("方案", "plan"), season, "verified")


ISSUED = [window(date(2025, 11, 1), date(2026, 4, 30)), window(date(2026, 6, 1), date(2026, 6, 30))]
CHANGJI = with_projected(ISSUED, until=date(2028, 12, 31))


def ask(deadline: date, today: date, need: Need = NEED) -> Answer:
    return plan_backwards(deadline=deadline, windows=CHANGJI, need=need, today=today)


@pytest.mark.parametrize(
    ("today", "left", "verdict"),
    [
        # The block begins on 25 September 2026; ninety days before that is 27 June.
        (date(2026, 5, 27), 31, Verdict.FITS),
        (date(2026, 5, 28), 30, Verdict.TIGHT),
        (date(2026, 6, 27), 0, Verdict.TIGHT),
        (date(2026, 6, 28), -1, Verdict.TOO_LATE),
    ],
)
def test_what_is_left_decides_the_verdict(today: date, left: int, verdict: Verdict) -> None:
    answer = ask(date(2026, 12, 31), today)

    assert (answer.retrofit_from, answer.retrofit_to) == (date(2026, 6, 27), date(2026, 9, 24))
    assert (answer.days_left, answer.verdict) == (left, verdict)


def test_finished_retrofit_leaves_the_first_day_of_steady_running() -> None:
    answer = ask(date(2026, 12, 31), date(2026, 9, 25), Need(MONTH, monitoring_days=7))

    assert (answer.retrofit_from, answer.days_left) == (date(2026, 9, 25), 0)


def test_sentence_names_the_stop_that_forces_it() -> None:
    answer = ask(date(2026, 12, 31), date(2026, 5, 1))

    assert say(answer, NEED) == Text(
        "因2026年11月1日起停窑（按2025—2026年度方案推算），连续稳定运行一个月和7天监测最迟于"
        "2026年10月31日结束；改造（90天）最迟于2026年6月27日开工、2026年9月24日完工。尚余57天。",
        "A month of steady running and 7 monitoring days must end by 31 October 2026, because the "
        "kiln stops on 1 November 2026 (projected from the plan of 2025-26); start the retrofit "
        "(90 days) by 27 June 2026, finish it by 24 September 2026. "
        "It fits: 57 days left to begin.",
    )


def test_sentence_of_an_issued_stop_and_of_what_no_longer_fits() -> None:
    answer = ask(date(2026, 6, 15), date(2026, 5, 1), Need(MONTH, monitoring_days=1))

    assert say(answer, Need(MONTH, monitoring_days=1)) == Text(
        "因2025年11月1日起停窑，连续稳定运行一个月和1天监测最迟于2025年10月31日结束；"
        "最迟于2025年9月30日开始稳定运行。此后的运行时段（2026年5月1日至5月31日）长度不够。"
        "按此已来不及：晚了213天。",
        "A month of steady running and 1 monitoring day must end by 31 October 2025, because the "
        "kiln stops on 1 November 2025; begin the steady running by 30 September 2025. "
        "The kiln also runs 1 May to 31 May 2026: too short. "
        "That no longer fits: it is 213 days late.",
    )


def test_sentence_without_a_stop_speaks_of_the_due_date() -> None:
    answer = ask(date(2026, 10, 20), date(2026, 9, 13), Need(MONTH, monitoring_days=7))

    assert say(answer, Need(MONTH, monitoring_days=7)) == Text(
        "连续稳定运行一个月和7天监测最迟于期限当日（2026年10月20日）结束；"
        "最迟于2026年9月14日开始稳定运行。只剩1天，时间紧。",
        "A month of steady running and 7 monitoring days must end by the due date, "
        "20 October 2026; begin the steady running by 14 September 2026. "
        "It is tight: 1 day left to begin.",
    )


def test_many_running_times_that_are_too_short_are_counted() -> None:
    """200 monitoring days fit into none: each May, and July to October, of 2026, 2027 and 2028."""
    need = Need(MONTH, monitoring_days=200)

    sentence = say(ask(date(2028, 8, 31), date(2026, 5, 1), need), need)

    assert "6 later running times are too short." in sentence.en
    assert "此后6段运行时段长度均不够。" in sentence.zh


SPANS = st.lists(st.tuples(st.integers(0, 900), st.integers(0, 120)), max_size=8)


@given(SPANS, st.integers(100, 900), st.integers(1, 30), st.integers(0, 40))
def test_block_is_the_last_that_touches_no_stop(
    spans: list[tuple[int, int]], due: int, monitoring: int, later: int
) -> None:
    stops = [window(FIRST + timedelta(a), FIRST + timedelta(a + b)) for a, b in spans]
    deadline, need = FIRST + timedelta(due), Need(Steady(0, 30, ""), monitoring)

    block = plan_backwards(deadline=deadline, windows=stops, need=need, today=FIRST).block

    assert block.ends_on <= deadline
    assert (block.ends_on - block.starts_on).days + 1 == 30 + monitoring
    assert not any(stop.touches(block.starts_on, block.ends_on) for stop in stops)
    shift = timedelta(later + 1)
    first, last = block.starts_on + shift, block.ends_on + shift
    assert last > deadline or any(stop.touches(first, last) for stop in stops)


@pytest.mark.django_db
class TestReading:
    def test_how_long_is_read_from_the_rule_in_force(self) -> None:
        LimitFactory.create(pollutant="steady running", value=45, unit="d")
        LimitFactory.create(pollutant="steady running", value=2, unit="mo", effective_to=TODAY)
        LimitFactory.create(
            pollutant="steady running", value=90, unit="d", requirement__withdrawn_on=TODAY
        )

        found = [read_steady(on) for on in (TODAY, TODAY + timedelta(1), date(2020, 1, 1))]

        assert [steady and (steady.months, steady.days) for steady in found] == [
            (2, 0),
            (0, 45),
            None,
        ]

    def test_only_what_completes_or_assesses_and_is_owed_has_a_plan(self) -> None:
        plant = PlantFactory.create()
        completing = RequirementFactory.create(completes=Part.ORGANISED, part=Part.ORGANISED)
        assessing = RequirementFactory.create(part=Part.ASSESSMENT)
        wanted = [
            ObligationFactory.create(plant=plant, requirement=requirement)
            for requirement in (assessing, completing)
        ]
        ObligationFactory.create(plant=plant)
        ObligationFactory.create(plant=plant, requirement=assessing, period="2026")
        ObligationFactory.create(requirement=assessing)
        make_obligation_at(State.ACCEPTED, plant=plant)

        assert read_deadlines(plant) == wanted
        assert [owed for owed in plant.obligations.order_by("pk") if is_deadline(owed)] == sorted(
            wanted, key=lambda owed: owed.pk
        )

    def test_each_line_has_its_own_and_the_plants_deadlines(self) -> None:
        plant = PlantFactory.create()
        first, second = (LineFactory.create(plant=plant, number=n) for n in (1, 2))
        LineFactory.create(plant=plant, number=3, status=RunStatus.CLOSED)
        outlet = OutletFactory.create(plant=plant, line=second)
        assessing = RequirementFactory.create(part=Part.ASSESSMENT)
        days = [date(2026, 12, day) for day in (1, 2, 3)]
        owed = {"plant": plant, "requirement": assessing}
        ObligationFactory.create(**owed, due_on=days[0])
        ObligationFactory.create(**owed, due_on=days[1], line=first)
        ObligationFactory.create(**owed, due_on=days[2], outlet=outlet)

        lines = read_planned_lines(plant)
        kilns = read_kilns(plant.place, lines, until=days[-1]).kilns
        plans = plan_lines(kilns, read_deadlines(plant), need=NEED, today=TODAY)

        assert [
            (plan.kiln.line, [deadline.answer.deadline for deadline in plan.deadlines])
            for plan in plans
        ] == [(first, [days[0], days[1]]), (second, [days[0], days[2]])]

    def test_numbers_are_given_planned_or_assumed(self) -> None:
        LimitFactory.create(pollutant="steady running", value=1, unit="mo")
        completing = RequirementFactory.create(completes=Part.ORGANISED)
        owed = [ObligationFactory.create(requirement=completing)]
        planned = ProjectFactory.create()  # 1 March to 31 October: 245 days
        done = ProjectFactory.create(
            planned_start_on=date(2024, 1, 1), finished_on=date(2026, 8, 1)
        )
        numbers = {"retrofit_days": 60, "monitoring_days": 3}

        asked = [
            read_asked(given, owed=things, projects=projects, today=TODAY)
            for given, things, projects in (
                ({}, owed, [done]),
                ({}, owed, [planned, done]),
                ({}, [], [planned]),
                (numbers, owed, [planned]),
            )
        ]

        assert [
            (a.retrofit_days, a.retrofit_source, a.monitoring_days, a.monitoring_is_assumed)
            for a in asked
        ] == [
            (90, "assumed", 7, True),
            (245, "project", 7, True),
            (0, "done", 7, True),
            (60, "given", 3, False),
        ]
