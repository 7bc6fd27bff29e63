"""A fault is planned to be remedied, is remedied once, and then looked at again."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from tests.factories import NOW
from tests.rounds.fugitive.conftest import Site
from tests.rounds.fugitive.test_check import AT, actor, look, record
from tracker.audit import Event
from tracker.rounds.fugitive.remedy import mark_remedied, plan_remedy
from tracker.rounds.fugitive.rights import CheckRefused
from tracker.rounds.fugitive.sources import judge_round
from tracker.rounds.models import CheckResult, FugitiveCheck
from tracker.rounds.outcomes import Outcome

SEEN_ON, LATER = date(2026, 9, 1), date(2026, 9, 20)
THEN = NOW + timedelta(days=30)


@pytest.fixture
def fault(site: Site) -> FugitiveCheck:
    record(site, look(site, 1), look(site, 2, item=1, result=CheckResult.FAULT))
    return FugitiveCheck.objects.select_related("source__round").get(client_token=UUID(int=2))


def test_remedy_is_planned_done_and_looked_at_again(site: Site, fault: FugitiveCheck) -> None:
    manager = actor(site.world.manager)

    plan_remedy(check=fault, remedy=" 更换卷帘门 ", due_on=LATER, by=manager, at=AT)
    planned = judge_round(site.found).outcome
    mark_remedied(check=fault, remedy="", remedied_on=LATER, by=manager, at=THEN)
    done = judge_round(site.found)
    record_again = look(site, 3, item=1)
    record(site, record_again)

    kept = FugitiveCheck.objects.get(pk=fault.pk)
    assert (kept.remedy, kept.remedy_due_on, kept.remedied_on) == ("更换卷帘门", LATER, LATER)
    assert planned == Outcome.NOT_MET
    assert (done.outcome, done.again) == (
        Outcome.NOT_ENOUGH,
        ((site.shed.pk, site.items[1].pk),),
    )
    assert judge_round(site.found).outcome == Outcome.MET
    told = Event.objects.about(fault)
    assert [event.after for event in told] == [
        {"remedy": "更换卷帘门", "remedied_on": "2026-09-20"},
        {"remedy": "更换卷帘门", "remedy_due_on": "2026-09-20"},
    ]


def test_fault_is_remedied_once(site: Site, fault: FugitiveCheck) -> None:
    manager, as_read_before = actor(site.world.manager), FugitiveCheck.objects.get(pk=fault.pk)
    mark_remedied(check=fault, remedy="修门", remedied_on=SEEN_ON, by=manager, at=THEN)

    for _ in range(2):
        with pytest.raises(CheckRefused, match="Somebody else has written"):
            mark_remedied(
                check=as_read_before, remedy="换门", remedied_on=LATER, by=manager, at=THEN
            )

    assert FugitiveCheck.objects.get(pk=fault.pk).remedied_on == SEEN_ON


@pytest.mark.parametrize(
    ("remedy", "on", "sentence"),
    [
        (" ", LATER, "Say what was done."),
        ("修门", date(2026, 8, 31), "before it was seen"),
        ("修门", date(2026, 10, 2), "The day lies ahead."),
    ],
)
def test_remedy_that_can_not_be_is_refused(
    site: Site, fault: FugitiveCheck, remedy: str, on: date, sentence: str
) -> None:
    with pytest.raises(CheckRefused, match=sentence):
        mark_remedied(
            check=fault, remedy=remedy, remedied_on=on, by=actor(site.world.manager), at=THEN
        )

    assert FugitiveCheck.objects.with_open_faults().get() == fault


@pytest.mark.parametrize(
    ("remedy", "due_on", "sentence"),
    [
        ("", LATER, "Say what will be done."),
        ("修门", date(2026, 8, 31), "due before the fault was seen"),
    ],
)
def test_plan_that_can_not_be_is_refused(
    site: Site, fault: FugitiveCheck, remedy: str, due_on: date, sentence: str
) -> None:
    with pytest.raises(CheckRefused, match=sentence):
        plan_remedy(check=fault, remedy=remedy, due_on=due_on, by=actor(site.world.manager), at=AT)


def test_only_a_fault_is_remedied_and_only_by_who_takes_part(
    site: Site, fault: FugitiveCheck
) -> None:
    fine = FugitiveCheck.objects.get(client_token=UUID(int=1))

    with pytest.raises(CheckRefused, match="Only a fault has a remedy"):
        plan_remedy(check=fine, remedy="修门", due_on=LATER, by=actor(site.world.manager), at=AT)
    with pytest.raises(CheckRefused, match="Only the plant, its authority"):
        plan_remedy(
            check=fault, remedy="修门", due_on=LATER, by=actor(site.world.other_manager), at=AT
        )
