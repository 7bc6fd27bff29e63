"""The rules as pages: found by part and verification, each with its number of obligations."""

import pytest
from django.urls import reverse

from tests.factories import (
    Cast,
    DocumentFactory,
    LimitFactory,
    LineFactory,
    ObligationFactory,
    PlantFactory,
    RequirementFactory,
)
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({}, ["dust", "haul"]),
        ({"part": "clean_transport"}, ["haul"]),
        ({"verification": "to_verify"}, ["haul"]),
        ({"part": "fugitive", "verification": "to_verify"}, []),
        ({"part": "nonsense"}, ["dust", "haul"]),
        ({"document": "plan-of-haulage"}, ["haul"]),
        ({"document": "plan-of-haulage", "part": "fugitive"}, []),
        ({"document": "nonsense"}, ["dust", "haul"]),
    ],
)
def test_rules_are_narrowed_by_the_address(
    world: Cast, browser_of: BrowserOf, query: dict[str, str], codes: list[str]
) -> None:
    RequirementFactory.create(code="dust")
    RequirementFactory.create(
        code="haul",
        part="clean_transport",
        verification="to_verify",
        document=DocumentFactory.create(code="plan-of-haulage"),
    )

    page = browser_of(world.manager).get(reverse("requirements"), query)

    assert sorted(rule.code for rule in page.context["found"]) == codes


def test_withdrawn_rule_is_no_longer_listed_but_still_opens(
    world: Cast, browser_of: BrowserOf
) -> None:
    rule = RequirementFactory.create(withdrawn_on="2026-08-01")
    browser = browser_of(world.manager)

    listed = browser.get(reverse("requirements")).context["found"]
    text = text_of(browser.get(reverse("requirement", args=[rule.code])))

    assert listed == []
    assert "Withdrawn on 1 August 2026" in text


def test_rule_shows_what_it_asks_of_ones_own_plants(world: Cast, browser_of: BrowserOf) -> None:
    rule = RequirementFactory.create(note_zh="附件未公开。", note_en="The annex isn't public.")
    LimitFactory.create(requirement=rule, pollutant="SO2", value="35.0000")
    for plant in (world.plant, world.other_plant):
        ObligationFactory.create(requirement=rule, plant=plant)

    page = browser_of(world.manager).get(reverse("requirement", args=[rule.code]))

    assert [row.plant_id for row in page.context["rows"]] == [world.plant.pk]
    text = text_of(page)
    assert ("The annex isn't public." in text, "SO₂ ≤ 35 mg/m³" in text) == (True, True)


@pytest.mark.parametrize(
    ("language", "whom", "when"),
    [
        (
            "en",
            "It applies to a clinker line if the line uses carbide slag.",
            "Due within 15 days after each quarter ends.",
        ),
        ("zh-CN", "适用于符合以下条件的熟料生产线：该生产线使用电石渣。", "每季度结束后15日内。"),
    ],
)
def test_rule_says_whom_it_binds_and_when_it_is_due(
    world: Cast, browser_of: BrowserOf, language: str, whom: str, when: str
) -> None:
    rule = RequirementFactory.create(
        subject_kind="line",
        applies={"line.carbide_slag": True},
        due={"every": "quarter", "days_after": 15},
    )

    page = browser_of(world.manager, language=language).get(
        reverse("requirement", args=[rule.code])
    )

    text = text_of(page)
    assert (whom in text, when in text) == (True, True)


def test_rule_names_authorities_and_the_requirement_that_it_counts_from(
    world: Cast, browser_of: BrowserOf
) -> None:
    RequirementFactory.create(code="report", title_en="Monitoring report")
    counted = RequirementFactory.create(
        applies={"plant.authority": "region"}, due={"after": "report", "months": 1}
    )
    by_authority = RequirementFactory.create(
        due={"authority": {"region-changji": "2026-12-31", "other": "2028-12-31"}}
    )
    browser = browser_of(world.manager)

    first, second = (
        text_of(browser.get(reverse("requirement", args=[rule.code])))
        for rule in (counted, by_authority)
    )

    assert "It applies to a cement plant if the authority is Bureau region." in first
    assert "Due 1 month after the due date of “Monitoring report”." in first
    assert (
        "Due by authority (the nearest that is named counts): 31 December 2026 for Bureau "
        "region-changji, 31 December 2028 for all other plants." in second
    )


def test_standing_rule_holds_at_all_times(world: Cast, browser_of: BrowserOf) -> None:
    rule = RequirementFactory.create(due="standing")
    browser = browser_of(world.manager)

    listed = text_of(browser.get(reverse("requirements")))
    shown = text_of(browser.get(reverse("requirement", args=[rule.code])))

    assert "holds at all times" in listed
    assert "It holds at all times; nothing is handed in by a day." in shown


def test_document_names_what_it_implements_and_supersedes(
    world: Cast, browser_of: BrowserOf
) -> None:
    document = DocumentFactory.create(note_zh="文号未公开。", note_en="The number isn't public.")
    opinion, earlier = DocumentFactory.create_batch(2)
    document.implements.add(opinion)
    document.supersedes.add(earlier)
    rule = RequirementFactory.create(document=document)
    browser = browser_of(world.manager)

    pages = [
        browser.get(reverse("requirements")),
        browser.get(reverse("requirement", args=[rule.code])),
    ]

    for page in pages:
        text = text_of(page)
        assert f"Implements {opinion.title}" in text
        assert f"Supersedes {earlier.title}" in text
        assert "The number isn't public." in text


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_few_queries_however_many_documents(
    world: Cast, browser_of: BrowserOf, django_assert_num_queries: object, count: int
) -> None:
    for _ in range(count):
        document = DocumentFactory.create()
        document.implements.add(DocumentFactory.create())
        document.supersedes.add(DocumentFactory.create())
        RequirementFactory.create(document=document)
    browser = browser_of(world.manager)

    with django_assert_num_queries(8):  # type: ignore[operator]
        page = browser.get(reverse("requirements"))

    assert len(page.context["found"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_rule_asks_few_queries_however_much_hangs_on_it(
    world: Cast, browser_of: BrowserOf, django_assert_num_queries: object, count: int
) -> None:
    document = DocumentFactory.create()
    rule = RequirementFactory.create(document=document, subject_kind="line")
    for number in range(count):
        document.implements.add(DocumentFactory.create())
        document.supersedes.add(DocumentFactory.create())
        DocumentFactory.create().implements.add(document)
        DocumentFactory.create().supersedes.add(document)
        LimitFactory.create(requirement=rule, pollutant=("PM", "SO2", "NOx")[number])
        plant = PlantFactory.create(authority=world.plant.authority)
        line = LineFactory.create(plant=plant)
        ObligationFactory.create(requirement=rule, plant=plant, line=line)
    browser = browser_of(world.changji_officer)

    with django_assert_num_queries(15):  # type: ignore[operator]
        page = browser.get(reverse("requirement", args=[rule.code]))

    assert (len(page.context["rows"]), len(page.context["limits"])) == (count, count)


def test_unknown_rule_is_404(world: Cast, browser_of: BrowserOf) -> None:
    address = reverse("requirement", args=["no-such-rule"])

    assert browser_of(world.manager).get(address).status_code == 404
