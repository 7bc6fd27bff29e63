"""A version is made once, whole or not at all: asked for twice, killed in the middle, no room."""

import errno
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from tests.factories import NOW
from tests.flows.test_races import at_once
from tests.rounds.walks import ORIGIN, Scene, scene
from tracker.audit import Actor, Event, Verb
from tracker.evidence.models import StoredFile
from tracker.evidence.store import path_of
from tracker.evidence.verify import verify_store
from tracker.rounds.acting import RoundRefused
from tracker.rounds.models import (
    Report,
    ReportFault,
    ReportFormat,
    ReportState,
    Round,
    Signer,
)
from tracker.rounds.report.ask import ask_for_report
from tracker.rounds.report.blocks import freeze
from tracker.rounds.report.make import (
    CLAIM_LASTS,
    MOST_ATTEMPTS,
    WRITERS,
    Writer,
    make_waiting,
)
from tracker.rounds.report.sign import sign_report
from tracker.rounds.report.tell import tell

WORKER = Actor(None, "report")
Writers = Mapping[ReportFormat, tuple[Writer, int]]


def ask(world: Scene, who: str = "manager", **fields: str) -> Report:
    values = {"language": "zh-hans", **fields}
    report, _is_new = ask_for_report(world.round, by=world.actor(who), at=world.at(), **values)
    return report


def work(later: timedelta = timedelta(), writers: Writers = WRITERS) -> int:
    return make_waiting(by=WORKER, clock=lambda: NOW + later, writers=writers)


@pytest.mark.django_db
def test_version_is_made_with_its_files_and_their_hashes() -> None:
    world = scene()
    report = ask(world, "assessor")

    assert ask(world) == report
    assert work() == 1
    assert work() == 0

    report.refresh_from_db()
    assert (report.state, report.progress_percent, report.attempts) == ("made", 100, 1)
    frozen = freeze(json.loads(report.content))
    assert (frozen.text, frozen.sha256) == (report.content, report.content_sha256)
    names = sorted(file.name for file in report.files.all())
    plant = world.plant.name_zh
    assert names == [f"{plant}超低排放评估监测报告（第1轮第1版）.{end}" for end in ("docx", "pdf")]
    assert all(path_of(file.stored).is_file() for file in report.files.all())
    assert list(verify_store()) == []
    made = Event.objects.get(verb=Verb.MADE_REPORT)
    assert made.after == {"version": 1, "content_sha256": report.content_sha256}


@pytest.mark.django_db(transaction=True)
def test_asked_for_twice_at_once_there_is_one_version() -> None:
    world = scene()

    def attempt() -> Report:
        mine = Round.objects.select_related("plant__authority", "plant__place").get()
        by = Actor(type(world.world.manager).objects.get(pk=world.world.manager.pk), ORIGIN)
        return ask_for_report(mine, language="zh-hans", by=by, at=NOW)[0]

    first, second = at_once(attempt, attempt)

    assert first == second
    assert Report.objects.count() == 1


@pytest.mark.django_db
def test_killed_while_writing_it_leaves_nothing_and_is_taken_up_again() -> None:
    report = ask(scene())

    with pytest.raises(Killed):
        work(writers=dying_in(ReportFormat.WORD))

    report.refresh_from_db()
    assert (report.state, report.content) == (ReportState.MAKING, "")
    assert report.progress_percent == WRITERS[ReportFormat.PDF][1]
    assert not StoredFile.objects.exists()
    assert work(CLAIM_LASTS / 2) == 0  # whoever claimed it may still be at it
    assert work(CLAIM_LASTS * 2) == 1
    report.refresh_from_db()
    assert (report.state, report.attempts) == (ReportState.MADE, 2)


@pytest.mark.django_db
def test_it_is_given_up_after_some_attempts_and_can_be_asked_for_anew() -> None:
    world = scene()
    report = ask(world)
    for number in range(MOST_ATTEMPTS):
        with pytest.raises(Killed):
            work(CLAIM_LASTS * 2 * number, dying_in(ReportFormat.PDF))
    work(CLAIM_LASTS * 2 * MOST_ATTEMPTS)

    report.refresh_from_db()
    assert (report.state, report.fault) == (ReportState.FAILED, ReportFault.BROKE_OFF)
    assert ask(world).number == 2


@pytest.mark.django_db
def test_who_lost_the_claim_keeps_nothing() -> None:
    report = ask(scene())

    def overtaken(*_arguments: object) -> bytes:
        Report.objects.filter(pk=report.pk).update(attempts=2)
        return b"%PDF"

    assert work(writers={ReportFormat.PDF: (overtaken, 95)}) == 0
    report.refresh_from_db()
    assert (report.state, report.content) == (ReportState.MAKING, "")
    assert not report.files.exists()


@pytest.mark.django_db
def test_a_full_disk_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    report = ask(scene())

    def full(_self: Path, *_arguments: object) -> Path:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(Path, "replace", full)

    assert work() == 0
    report.refresh_from_db()
    assert (report.state, report.fault) == (ReportState.FAILED, ReportFault.NO_ROOM)
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_signed_one_after_the_other_then_frozen_then_corrected() -> None:
    world = scene()
    first = ask(world)
    work()
    first.refresh_from_db()

    def sign(who: str, signer: Signer, sha256: str = "") -> None:
        wanted = sha256 or first.content_sha256
        sign_report(first, signer=signer, content_sha256=wanted, by=world.actor(who), at=world.at())

    refused: list[Callable[[], None]] = [
        lambda: sign("manager", Signer.PLANT),  # the monitoring body comes first
        lambda: sign("manager", Signer.MONITORING),
        lambda: sign("assessor", Signer.TECHNICAL),  # none was appointed
        lambda: sign("assessor", Signer.MONITORING, "f" * 64),
    ]
    for attempt in refused:
        with pytest.raises(RoundRefused):
            attempt()
    sign("assessor", Signer.MONITORING)
    assert not Report.objects.exclude(frozen_at=None).exists()
    sign("manager", Signer.PLANT)
    assert Report.objects.exclude(frozen_at=None).get() == first
    signed = first.sign_offs.order_by("pk")
    assert [(each.signer, each.organisation) for each in signed] == [
        ("monitoring", "示例检测公司"),
        ("plant", world.plant.name_zh),
    ]

    tell(world.round, code="incidents", text="无", by=world.actor("manager"), at=NOW)
    with pytest.raises(RoundRefused):
        ask(world)
    second = ask(world, reason="补充近三年情况")
    work()
    second.refresh_from_db()
    content = json.loads(second.content)
    assert second.after == first
    assert content["reason"] == "补充近三年情况"
    assert [each["after"] for each in content["changes"]] == ["无"]
    assert first.content_sha256 == content["before"]["sha256"]


@pytest.mark.django_db
def test_officers_and_strangers_ask_for_none() -> None:
    world = scene()

    for who in ("officer", "stranger", "auditor"):
        with pytest.raises(RoundRefused):
            ask(world, who)


class Killed(BaseException):
    """As sudden as a signal: nobody catches it."""


def dying_in(format_: ReportFormat) -> Writers:
    """The documents until this one, at which the worker dies."""

    def die(*_arguments: object) -> bytes:
        raise Killed

    return {**WRITERS, format_: (die, 0)}
