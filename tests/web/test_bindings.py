"""Whom the rules bind and why: all rules at a plant, all subjects of a rule."""

from datetime import date

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from plants.models import Plant
from tests.factories import (
    NOW,
    TODAY,
    Cast,
    DocumentFactory,
    ObligationFactory,
    OutletFactory,
    PlantFactory,
    RequirementFactory,
)
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tracker.audit import Actor
from tracker.obligations.models import State
from tracker.obligations.schedule import schedule_obligations
from tracker.reporting.bindings import Binding


def codes(page: object) -> list[str]:
    return [b.requirement.code for b in page.context["bindings"]]  # type: ignore[attr-defined]


def _rules() -> None:
    """One rule that binds the Changji plant, one that doesn't, one without its date."""
    document = DocumentFactory.create(code="plan")
    RequirementFactory.create(
        code="binds",
        document=document,
        applies={"plant.zone": "wu-chang-shi"},
        due={"on": "2026-12-31"},
        part="fugitive",
        position=0,
    )
    RequirementFactory.create(
        code="spares", document=document, applies={"plant.tree": "corps"}, position=1
    )
    RequirementFactory.create(
        code="waits",
        document=document,
        due={"after": "plant.restarted_on", "days": 30},
        part="organised",
        position=2,
    )


def schedule() -> None:
    schedule_obligations(today=TODAY, by=Actor(None, "tests"), at=NOW)


def test_plant_sees_what_binds_it_what_does_not_and_what_waits(
    world: Cast, browser_of: BrowserOf
) -> None:
    _rules()
    schedule()

    page = browser_of(world.manager).get(reverse("plant-requirements", args=[world.plant.pk]))

    assert codes(page) == ["binds", "spares", "waits"]
    text = text_of(page)
    assert "It applies because the zone is Area wu-chang-shi." in text
    assert "It does not apply because the authority's tree is autonomous region." in text
    assert (
        "It applies to every cement plant. Its date hangs on the day of restart, which is not "
        "known: there is no date yet." in text
    )
    assert "2026-12-31 121 days left" in text
    assert "applies 1 date unknown 1 does not apply 1" in text


def test_plants_page_speaks_chinese(world: Cast, browser_of: BrowserOf) -> None:
    _rules()
    browser = browser_of(world.manager, language="zh-CN")

    text = text_of(browser.get(reverse("plant-requirements", args=[world.plant.pk])))

    assert "适用，因为联防联控区为wu-chang-shi 区域。" in text
    assert "适用于所有水泥企业。但期限取决于恢复生产日期，该信息未知，暂无期限。" in text
    assert "适用 1 期限未知 1 不适用 1" in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"answer": "yes"}, ["binds"]),
        ({"answer": "no"}, ["spares"]),
        ({"answer": "unknown"}, ["waits"]),
        ({"answer": "perhaps"}, ["binds", "spares", "waits"]),
        ({"by": "part"}, ["waits", "binds", "spares"]),
        ({"by": "part", "answer": "yes"}, ["binds"]),
    ],
)
def test_plants_rules_are_narrowed_and_grouped_by_the_address(
    world: Cast, browser_of: BrowserOf, query: dict[str, str], found: list[str]
) -> None:
    _rules()

    page = browser_of(world.manager).get(
        reverse("plant-requirements", args=[world.plant.pk]), query
    )

    assert codes(page) == found


def test_outlets_of_which_a_rule_says_the_same_stand_together(
    world: Cast, browser_of: BrowserOf
) -> None:
    for number in range(2, 7):
        OutletFactory.create(
            plant=world.plant, code=f"DA00{number}", name="包装机", source="packer"
        )
    RequirementFactory.create(subject_kind="outlet", applies={"outlet.source": "kiln_tail"})
    browser = browser_of(world.manager)
    address = reverse("plant-requirements", args=[world.plant.pk])

    page, narrowed = browser.get(address), browser.get(address, {"answer": "yes"})

    [binding] = page.context["bindings"]
    assert [(g.code, len(g.names)) for g in binding.groups] == [("yes", 1), ("no", 5)]
    text = text_of(page)
    assert ("DA001 窑尾废气排放口" in text, "5 outlets" in text) == (True, True)
    [binding] = narrowed.context["bindings"]
    assert [g.code for g in binding.groups] == ["yes"]


def test_many_reasons_stand_behind_the_number_of_outlets(
    world: Cast, browser_of: BrowserOf
) -> None:
    for number, source in enumerate(["packer", "silo", "crusher", "raw_mill", "silo"], 2):
        OutletFactory.create(plant=world.plant, code=f"DA00{number}", name="排口", source=source)
    RequirementFactory.create(subject_kind="outlet", applies={"outlet.source": "kiln_head"})

    page = browser_of(world.manager).get(reverse("plant-requirements", args=[world.plant.pk]))

    [binding] = page.context["bindings"]
    [group] = binding.groups
    assert sorted(len(names) for names in group.reasons.values()) == [1, 1, 1, 1, 2]
    text = text_of(page)
    assert "6 outlets · 5 reasons" in text
    assert "because the outlet's source is silo. DA003 排口 · DA006 排口" in text


def test_nearest_owed_obligation_is_shown_and_else_the_last(
    world: Cast, browser_of: BrowserOf
) -> None:
    recurring, done = (
        RequirementFactory.create(due={"every": "month", "days_after": 5}) for _ in range(2)
    )
    for rule, period, due_on, state in (
        (recurring, "2026-06", date(2026, 7, 5), State.ACCEPTED),
        (recurring, "2026-07", date(2026, 8, 5), State.OPEN),
        (recurring, "2026-08", date(2026, 9, 5), State.OPEN),
        (done, "2026-06", date(2026, 7, 5), State.ACCEPTED),
        (done, "2026-07", date(2026, 8, 5), State.ACCEPTED),
    ):
        ObligationFactory.create(
            requirement=rule, plant=world.plant, period=period, due_on=due_on, state=state
        )

    page = browser_of(world.manager).get(reverse("plant-requirements", args=[world.plant.pk]))

    shown: list[Binding] = page.context["bindings"]
    assert [g.next.period for b in shown for g in b.groups if g.next] == ["2026-07", "2026-07"]
    assert "3 obligations" in text_of(page)


def test_closed_plant_is_bound_by_nothing(world: Cast, browser_of: BrowserOf) -> None:
    Plant.objects.filter(pk=world.plant.pk).update(status="closed")
    RequirementFactory.create(code="binds")

    page = browser_of(world.manager).get(reverse("plant-requirements", args=[world.plant.pk]))

    assert "It does not apply because the plant is closed." in text_of(page)


def test_rule_shows_every_subject_that_the_reader_sees(world: Cast, browser_of: BrowserOf) -> None:
    _rules()
    schedule()
    address = reverse("requirement-subjects", args=["binds"])

    seen = {
        name: sorted(
            (row.plant.pk, row.answer.code, owed and owed.due_on)
            for row, owed in browser_of(person).get(address).context["rows"]
        )
        for name, person in world.people.items()
        if name in ("manager", "other_manager", "group_manager")
    }

    day = date(2026, 12, 31)
    assert seen == {
        "manager": [(world.plant.pk, "yes", day)],
        "other_manager": [(world.other_plant.pk, "no", None)],
        "group_manager": [(world.plant.pk, "yes", day), (world.corps_plant.pk, "yes", day)],
    }


@pytest.mark.parametrize(
    ("answer", "found"), [("", ["no", "yes", "yes"]), ("yes", ["yes", "yes"]), ("no", ["no"])]
)
def test_subjects_are_narrowed_by_the_address(
    world: Cast, browser_of: BrowserOf, answer: str, found: list[str]
) -> None:
    _rules()

    page = browser_of(world.auditor).get(
        reverse("requirement-subjects", args=["binds"]), {"answer": answer}
    )

    assert sorted(row.answer.code for row, _owed in page.context["rows"]) == found


def test_subjects_stand_on_pages_that_keep_the_filter(world: Cast, browser_of: BrowserOf) -> None:
    for number in range(51):
        OutletFactory.create(plant=world.plant, code=f"DB{number:03}", source="packer")
    RequirementFactory.create(
        code="vents", subject_kind="outlet", applies={"outlet.source": "packer"}
    )
    address = reverse("requirement-subjects", args=["vents"])

    first = browser_of(world.manager).get(address, {"answer": "yes"})
    second = browser_of(world.manager).get(address, {"answer": "yes", "page": "2"})

    assert (len(first.context["rows"]), len(second.context["rows"])) == (50, 1)
    assert "?answer=yes&amp;page=2" in first.content.decode()
    assert "DB050" in text_of(second)


def test_rule_that_nobody_could_be_asked_says_so(world: Cast, browser_of: BrowserOf) -> None:
    RequirementFactory.create(code="lines", subject_kind="line")
    world.plant.outlets.all().delete()
    world.plant.lines.all().delete()

    text = text_of(browser_of(world.manager).get(reverse("requirement-subjects", args=["lines"])))

    assert "No subject yet" in text


@pytest.mark.parametrize("count", [1, 3])
def test_pages_ask_few_queries_however_many_rows(
    world: Cast,
    browser_of: BrowserOf,
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    rules = [
        RequirementFactory.create(
            subject_kind="outlet", due={"on": "2026-12-31"}, document=DocumentFactory.create()
        )
        for _ in range(count)
    ]
    for number in range(count):
        OutletFactory.create(plant=world.plant, code=f"DB{number:03}")
        PlantFactory.create(authority=world.plant.authority)
    schedule()
    browser = browser_of(world.changji_officer)

    with django_assert_num_queries(14):
        browser.get(reverse("plant-requirements", args=[world.plant.pk]))
    with django_assert_num_queries(14):
        browser.get(reverse("requirement-subjects", args=[rules[0].code]))
