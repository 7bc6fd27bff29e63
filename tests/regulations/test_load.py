"""Loading brings rows into line with the files, and nothing else."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError

from plants.models import StopWindow, Zone
from plants.seedrows import SeedReport
from tests.regulations.sample import NOTICE, PLACES, RULE, parse
from tracker.audit import Actor, Event
from tracker.regulations.load import load_seeds, read_known
from tracker.regulations.models import Document, Limit, Requirement, Target

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
BY = Actor(person=None, origin="test")
LEDGER = RULE[RULE.index("  - code: opinion-ledger") : RULE.index("targets:")]


def load(rule: str = RULE, today: date = TODAY, **others: str) -> SeedReport:
    seeds, faults = parse(rule, read_known(), **others)
    assert faults == []
    return load_seeds(seeds=seeds, today=today, by=BY, at=NOW)


def deeds(report: SeedReport) -> list[tuple[str, str, object, object]]:
    return [
        (change.deed, change.thing._meta.object_name or "", change.before, change.after)
        for change in report.changes
    ]


def test_load_seeds_stores_what_the_file_says() -> None:
    load()

    kiln = Requirement.objects.get(code="opinion-kiln")
    assert kiln.document.number == "环大气〔2024〕5号"
    assert kiln.document.issuers == [{"zh": "生态环境部", "en": "Ministry"}]
    assert (kiln.clause, kiln.part, kiln.subject_kind) == ("二（一）", "organised", "outlet")
    assert kiln.title.zh == "窑尾限值"
    assert kiln.applies == {"all": [{"outlet.source": "kiln_tail"}, {"plant.zone": "other"}]}
    assert kiln.due == {"zone": {"wu-chang-shi": "2026-12-31", "other": "2028-12-31"}}
    assert kiln.evidence_asked == [{"zh": "监测报告", "en": "Monitoring report", "kind": "report"}]
    assert kiln.completes == "organised"
    limits = kiln.limits.order_by("position").values_list("pollutant", "value", "unit")
    assert list(limits) == [("PM", Decimal(10), "mg/m3"), ("NOx", Decimal(50), "mg/m3")]
    target = Target.objects.get()
    assert (target.area_kind, target.share_percent, target.by_on) == (
        "nation",
        Decimal(80),
        date(2028, 12, 31),
    )
    assert [d.code for d in Document.objects.get(code="notice").implements.all()] == ["opinion"]


def test_two_levels_of_review_are_loaded_and_one_is_what_is_not_said() -> None:
    load(RULE.replace("completes: organised", "completes: organised\n    review_levels: 2", 1))

    levels = Requirement.objects.order_by("code").values_list("code", "review_levels")
    assert dict(levels)["opinion-kiln"] == 2
    assert {level for code, level in levels if code != "opinion-kiln"} == {1}


def test_file_that_says_one_level_is_no_new_version() -> None:
    load()

    load(RULE.replace("completes: organised", "completes: organised\n    review_levels: 1", 1))

    assert list(Document.objects.get(code="opinion").versions.values_list("number")) == [(1,)]


def test_load_seeds_twice_changes_nothing() -> None:
    first = load()
    events = Event.objects.count()

    second = load()

    assert first.count("created") == 10
    assert (second.changes, second.unchanged) == ([], 10)
    assert Event.objects.count() == events


def test_load_seeds_audits_a_new_document_once() -> None:
    load()

    events = Event.objects.order_by("sequence").values_list("verb", "thing_kind", "after")
    assert [event for event in events if event[0] == "loaded"] == [
        ("loaded", "document", {"requirements": 2}),
        ("loaded", "document", {"requirements": 0}),
    ]


def test_load_seeds_changes_and_audits_what_differs() -> None:
    load()
    before = Event.objects.count()

    report = load(
        RULE.replace("days_after: 15", "days_after: 20").replace("value: 10,", "value: 8,")
    )

    assert deeds(report) == [
        ("changed", "Limit", {"value": Decimal(10)}, {"value": Decimal(8)}),
        (
            "changed",
            "Requirement",
            {"due": {"every": "quarter", "days_after": 15}},
            {"due": {"every": "quarter", "days_after": 20}},
        ),
    ]
    assert Event.objects.count() == before + 2
    event = Event.objects.about(Requirement.objects.get(code="opinion-ledger")).get()
    assert (event.verb, event.origin) == ("changed", "test")
    assert event.after == {"due": {"every": "quarter", "days_after": 20}}


def test_load_seeds_withdraws_what_left_the_file_and_restores_it() -> None:
    load()

    gone = load(RULE.replace(LEDGER, ""))
    ledger = Requirement.objects.get(code="opinion-ledger")
    withdrawn_on = ledger.withdrawn_on
    again = load(RULE.replace(LEDGER, ""), today=date(2026, 12, 1))
    back = load()

    assert deeds(gone) == [("withdrew", "Requirement", None, {"withdrawn_on": TODAY})]
    assert withdrawn_on == TODAY
    assert again.changes == []
    assert deeds(back) == [("restored", "Requirement", {"withdrawn_on": TODAY}, None)]
    ledger.refresh_from_db()
    assert ledger.withdrawn_on is None
    verbs = Event.objects.about(ledger).values_list("verb", flat=True)
    assert list(verbs) == ["restored", "withdrew"]


def test_load_seeds_withdraws_targets_too() -> None:
    load()

    report = load(RULE[: RULE.index("targets:")])

    assert deeds(report) == [("withdrew", "Target", None, {"withdrawn_on": TODAY})]


def test_load_seeds_leaves_documents_alone_whose_file_is_not_given() -> None:
    load()

    seeds, faults = parse("", read_known(), places="")
    report = load_seeds(seeds=seeds, today=TODAY, by=BY, at=NOW)

    assert faults == []
    assert (report.changes, report.unchanged) == ([], 1)
    assert Requirement.objects.in_force().count() == 2


def test_load_seeds_removes_a_limit_that_left_the_file() -> None:
    load()
    line = next(line for line in RULE.splitlines(keepends=True) if "NOx" in line)

    report = load(RULE.replace(line, ""))

    assert [change.deed for change in report.changes] == ["removed"]
    assert list(Limit.objects.values_list("pollutant", flat=True)) == ["PM"]


def test_load_seeds_moves_a_requirement_to_another_document() -> None:
    load()
    notice = NOTICE + "requirements:\n" + LEDGER

    report = load(RULE.replace(LEDGER, ""), notice=notice)

    assert [change.deed for change in report.changes] == ["changed"]
    assert Requirement.objects.get(code="opinion-ledger").document.code == "notice"


def test_load_seeds_is_all_or_nothing() -> None:
    """The database refuses the last thing loaded: what came before it is gone as well."""
    season = """\
season: 2025-26
document: opinion
verification: verified
windows:
  - {places: [hami], stops: [{from: 2025-11-11, to: 2026-03-21}]}
"""
    seeds, faults = parse(season=season)
    object.__setattr__(seeds.seasons[0].shape.windows[0].stops[0], "ends_on", date(2020, 1, 1))

    with pytest.raises(IntegrityError):
        load_seeds(seeds=seeds, today=TODAY, by=BY, at=NOW)

    assert faults == []
    counts = [model.objects.count() for model in (Zone, Document, Requirement, StopWindow, Event)]
    assert counts == [0, 0, 0, 0, 0]


def test_load_seeds_names_places_by_their_code() -> None:
    load(places=PLACES.replace("en: Hami", "en: Kumul"))

    report = load()

    assert deeds(report) == [("changed", "Place", {"name_en": "Kumul"}, {"name_en": "Hami"})]
