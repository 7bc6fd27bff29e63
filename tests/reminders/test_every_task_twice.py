"""Each task run twice at one moment: the second run changes no row and sends nothing.

One world in which each of them has something to do; that scanner's is in tests/evidence.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from celery import Task
from django.apps import apps
from django.db import models

from plants.models import Authority, Person, Plant
from tests.factories import NOW, RequirementFactory, administrator_of, submit
from tests.ports import free_port
from tests.reminders import reports
from tests.reminders.channels.conftest import make_channel
from tests.reminders.conftest import PickyServer, due_in, plan, review_of, send
from tracker import tasks
from tracker.accounts.mails import plan_mail
from tracker.accounts.models import MailKind
from tracker.audit import Actor, Verb, record
from tracker.evidence.models import UnfinishedUpload
from tracker.reminders.models import Heartbeat, Message, Reminder
from tracker.rounds.report.ask import ask_for_report
from tracker.rounds.walk import open_round

pytestmark = pytest.mark.django_db

TASKS: list[Task] = [each for each in vars(tasks).values() if isinstance(each, Task)]
# Without a scanner it has nothing to do: tests/evidence/test_scanning.py runs it with one.
IDLE = {"tracker.scan_files"}


@pytest.fixture
def something_to_do(
    plant: Plant, manager: Person, smtp_server: PickyServer, settings: Any, tmp_path: Path
) -> None:
    """Letters now and later, news, a mail that came back, files, a report, an upload given up."""
    due_in(0, plant=plant)
    plan()
    send()
    settings.BOUNCE_MAILBOX = f"maildir://{_mailbox(tmp_path, Message.objects.get())}"
    owed = due_in(-3, plant=plant)
    plan()
    due_in(7, plant=plant)
    plan()
    later = Reminder.objects.planned().order_by("pk").last()
    assert later is not None
    Reminder.objects.filter(pk=later.pk).update(
        letter="escalation", next_attempt_at=NOW + timedelta(hours=2)
    )
    review_of(due_in(40, plant=plant), manager, "缺少检测报告")
    moved = due_in(50, plant=plant)
    record(by=Actor(None, "tests"), at=NOW, verb=Verb.RE_DATED, thing=moved, plant=plant)
    RequirementFactory.create(due={"on": (NOW + timedelta(days=7)).date().isoformat()})
    UnfinishedUpload.objects.create(
        person=manager,
        obligation=owed,
        original_name="视频.mp4",
        size_bytes=5,
        ends_at=NOW - timedelta(days=1),
        token=uuid4(),
    )
    submit(owed, manager)
    plan_mail(kind=MailKind.RESET, person=manager, to_address=manager.email, at=NOW)
    found = open_round(plant=plant, by=Actor(manager, "tests"), at=NOW)
    ask_for_report(found, language="zh-hans", by=Actor(manager, "tests"), at=NOW)
    # Nobody listens there: it is tried, and tried again later.
    settings.WEBHOOK_ALLOW_PRIVATE = True
    by = administrator_of(Authority.objects.get(code="region"))
    make_channel(plant, by, address=f"https://localhost:{free_port()}/ule")


def _mailbox(folder: Path, sent: Message) -> Path:
    for name in ("new", "cur", "tmp"):
        (folder / "bounces" / name).mkdir(parents=True)
    report = reports.postfix(sent.to_address, sent.message_id)
    (folder / "bounces" / "new" / "1760000000.M0.host").write_bytes(report)
    return folder / "bounces"


def rows() -> dict[str, list[dict[str, Any]]]:
    """All that the database holds, but for signs of life, whose sense is to change."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for model in _models()
        if model is not Heartbeat
    }


def _models() -> list[type[models.Model]]:
    return [
        *apps.get_app_config("plants").get_models(),
        *apps.get_app_config("tracker").get_models(),
    ]


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
@pytest.mark.usefixtures("something_to_do")
def test_second_run_changes_nothing(task: Task, smtp_server: PickyServer) -> None:
    before, sent_before, signs = rows(), len(smtp_server.received), Heartbeat.objects.count()

    with time_machine.travel(NOW, tick=False):
        task()
        once, sent_once = rows(), len(smtp_server.received)
        task()

    assert (rows(), len(smtp_server.received)) == (once, sent_once)
    did = once != before or sent_once > sent_before or Heartbeat.objects.count() > signs
    assert did is (task.name not in IDLE)
