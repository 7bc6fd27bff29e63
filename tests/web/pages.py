"""What tests of pages share: every address with a thing behind it, and a page's plain text."""

import re
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

from django.urls import reverse

from tests.annexes.books import book
from tests.factories import (
    NOW,
    TODAY,
    Cast,
    DocumentFactory,
    LimitFactory,
    RequirementFactory,
    StopWindowFactory,
    make_obligation_at,
    store_file,
)
from tracker.annexes.arrange import receive_annex
from tracker.annexes.models import AnnexImport
from tracker.audit import Actor
from tracker.obligations.models import Obligation, Relief, ReliefKind, State
from tracker.obligations.relief import ask_relief
from tracker.reminders.models import Message

_MARKUP = re.compile(r"<(script|style|title)\b.*?</\1>|<[^>]+>", re.S)


@dataclass(frozen=True)
class Things:
    """One of each, at the cast's first plant."""

    waiting: Obligation
    returned: Obligation
    message: Message
    relief: Relief
    annex: AnnexImport


def make_things(world: Cast) -> Things:
    manager, officer = world.manager, world.changji_officer
    waiting = make_obligation_at(State.SUBMITTED, plant=world.plant, manager=manager)
    LimitFactory.create(requirement=waiting.requirement, reference_oxygen_percent=10)
    StopWindowFactory.create(place=world.plant.place)
    returned = make_obligation_at(
        State.RETURNED, plant=world.plant, manager=manager, officer=officer
    )
    message = Message.objects.create(
        person=world.manager,
        to_address=world.manager.email,
        language="zh-hans",
        subject="示例主题",
        text="示例正文",
        html="<p>示例正文</p>",
        message_id="<1@example>",
        made_at=NOW,
    )
    relief = ask_relief(
        obligation=returned,
        kind=ReliefKind.EXTENSION,
        new_due_on=returned.due_on + timedelta(days=60),
        reason="示例理由",
        token=uuid4(),
        by=Actor(manager, "tests"),
        at=NOW,
        today=TODAY,
    )
    return Things(waiting, returned, message, relief, make_annex(world))


def make_annex(world: Cast) -> AnnexImport:
    """A plan's annex that is being looked over: a new date, and a row that has its problems."""
    plan = DocumentFactory.create()
    RequirementFactory.create(
        document=plan,
        applies={"plant.tree": "region"},
        due={"annex": "whole", "backstop": "2028-12-31"},
    )
    rows = [["单位名称", "改造时限"], [world.plant.name_zh, "2026年6月底"], ["某厂", "待定"]]
    return receive_annex(
        document=plan,
        stored=store_file(book(("表一", rows)), name="名单.xlsx"),
        original_name="名单.xlsx",
        verification="to_verify",
        by=Actor(world.region_officer, "tests"),
        at=NOW,
    )


def make_owed(world: Cast) -> Obligation:
    """One more that is owed, and that nobody has asked about."""
    return make_obligation_at(State.OPEN, plant=world.plant)


def get_addresses(world: Cast, things: Things) -> dict[str, str]:
    """Every page by the name of its address."""
    [submission] = things.waiting.submissions.all()
    [evidence] = submission.evidence.all()
    plain = (
        "home",
        "account",
        "plants",
        "obligations",
        "requirements",
        "outbox",
        "review-queue",
        "reliefs",
        "annexes",
    )
    return {name: reverse(name) for name in plain} | {
        "plant": reverse("plant", args=[world.plant.pk]),
        "plant-history": reverse("plant-history", args=[world.plant.pk]),
        "obligation": reverse("obligation", args=[things.waiting.pk]),
        "relief": reverse("relief", args=[things.relief.pk]),
        "relief-form": reverse("relief-form", args=[make_owed(world).pk]),
        "evidence-file": reverse("evidence-file", args=[evidence.pk]),
        "annex": reverse("annex", args=[things.annex.pk]),
        "review": reverse("review", args=[things.waiting.pk]),
        "requirement": reverse("requirement", args=[things.waiting.requirement.code]),
        "message": reverse("message", args=[things.message.pk]),
        "message-html": reverse("message-html", args=[things.message.pk]),
    }


def content_of(response: Any) -> bytes:
    """A file's bytes; the test client closes the file when they are read to the end."""
    return b"".join(response.streaming_content)


def text_of(response: Any) -> str:
    """What a person reads on the page, spaces put together, word joiners left out."""
    text = unescape(_MARKUP.sub(" ", response.content.decode())).replace("\u2060", "")
    return " ".join(text.split())
