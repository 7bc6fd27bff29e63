"""What tests of pages share: every address with a thing behind it, and a page's plain text."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from plants.models import Person, Role
from tests.annexes.books import book
from tests.factories import (
    NOW,
    TODAY,
    AgreementFactory,
    Cast,
    DocumentFactory,
    LimitFactory,
    ObligationFactory,
    PermitReportFactory,
    ProjectFactory,
    RequirementFactory,
    StopWindowFactory,
    SwapFactory,
    make_obligation_at,
    store_file,
)
from tests.web.access_to_assessment import assessment_addresses
from tracker.accounts.invite import invite, renew_secret
from tracker.annexes.apply import apply_annex
from tracker.annexes.arrange import receive_annex
from tracker.annexes.models import AnnexImport
from tracker.annexes.preview import read_preview
from tracker.assessments.comments import write_comment
from tracker.assessments.propose import SEND_BACK, decide_submission
from tracker.audit import Actor
from tracker.evidence.scans import correct_with_scan
from tracker.obligations.correct import correct_rule
from tracker.obligations.models import Obligation, Relief, ReliefKind, State
from tracker.obligations.relief import ask_relief
from tracker.regulations.correctable import read_correctable
from tracker.regulations.models import Correction, Document, DocumentVersion, Requirement
from tracker.reminders.models import AddressFault, Message, Reminder

# What a page looks like hangs on no database: the long looks are taken in one pass of two.
looked_at_once = pytest.mark.skipif(
    settings.DATABASES["default"]["ENGINE"].endswith("postgresql"),
    reason="looked at in the pass on SQLite",
)

_RAW = re.compile(r"<code\b.*?</code>", re.S)
_MARKUP = re.compile(r"<(script|style|title)\b.*?</\1>|<[^>]+>", re.S)


@dataclass(frozen=True)
class Things:
    """One of each, at the cast's first plant."""

    waiting: Obligation
    returned: Obligation
    message: Message
    relief: Relief
    annex: AnnexImport
    applied: AnnexImport


def make_things(world: Cast) -> Things:
    manager, officer = world.manager, world.changji_officer
    waiting = make_obligation_at(State.SUBMITTED, plant=world.plant, manager=manager)
    LimitFactory.create(requirement=waiting.requirement, reference_oxygen_percent=10)
    StopWindowFactory.create(place=world.plant.place)
    ProjectFactory.create(plant=world.plant)
    PermitReportFactory.create(permit=world.plant.permits.get())
    line = world.plant.lines.get()
    SwapFactory.create(line=line)
    AgreementFactory.create(line=line)
    steady = RequirementFactory.create(part="assessment")
    LimitFactory.create(requirement=steady, pollutant="steady running", value=1, unit="mo")
    ObligationFactory.create(plant=world.plant, requirement=steady, due_on=date(2026, 12, 31))
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
    make_reminders(waiting, message)
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
    return Things(waiting, returned, message, relief, make_annex(world), make_applied_annex(world))


def make_reminders(obligation: Obligation, message: Message) -> None:
    """One that a server accepted, one that waits after a fault, one that was cancelled.

    The first came back afterwards.
    """
    AddressFault.objects.create(
        address=message.to_address,
        kind="mark",
        said=f"550 5.1.1 <{message.to_address}>: Recipient address rejected: User unknown",
        code="5.1.1",
        source="mailbox",
        key="1",
        reported_at=NOW,
        message=message,
    )
    message.server, message.answer = "smtp.demo.example:25", "250 2.0.0 Ok: queued as 4XyZ1a2b3c"
    message.save(update_fields=["server", "answer"])
    for rung, fields in (
        (30, {"state": "sent", "sent_at": NOW, "message": message, "attempts": 1}),
        (7, {"attempts": 3, "fault": "451 4.3.0 Try again later"}),
        (0, {"state": "cancelled"}),
    ):
        Reminder.objects.create(
            obligation=obligation,
            person=message.person,
            kind="due",
            letter="digest",
            rung=rung,
            due_on=obligation.due_on,
            planned_at=NOW,
            next_attempt_at=NOW,
            **fields,
        )


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
        stored=store_file(book(("表一", rows)), name="名单.xlsx").stored,
        original_name="名单.xlsx",
        verification="to_verify",
        by=Actor(world.region_officer, "tests"),
        at=NOW,
    )


def make_applied_annex(world: Cast) -> AnnexImport:
    """A plan's annex whose one new date is written."""
    annex = make_annex(world)
    seen = read_preview(annex, world.region_officer).seen
    by = Actor(world.region_officer, "tests")
    apply_annex(annex=annex, seen=seen, by=by, at=NOW, today=TODAY)
    return annex


def make_correction(requirement: Requirement, officer: Person) -> Correction:
    """A rule put right by the officer, with the scan of a page."""
    correctable = read_correctable("requirement", requirement.code)
    assert correctable is not None
    done = correct_with_scan(
        lambda: correct_rule(
            correctable=correctable,
            values={"clause": "第五条"},
            source_note="正式文本第5页",
            by=Actor(officer, "tests"),
            at=NOW,
            today=TODAY,
        ),
        store_file(name="正式文本第5页.pdf"),
    )
    return done.correction


def make_versions(document: Document) -> DocumentVersion:
    """Two versions of a document's file; the newer changes one rule, adds one, withdraws one."""
    first, second = (
        {
            "document": {"number": "1号"},
            "requirements": [_entry(code, text) for code, text in rules],
        }
        for rules in (
            [("rule-a", "块状物料入棚。"), ("rule-b", "粉状物料入库。")],
            [("rule-a", "块状物料入封闭棚。"), ("rule-c", "皮带廊封闭。")],
        )
    )
    for code in ("rule-a", "rule-b", "rule-c"):
        RequirementFactory.create(document=document, code=code)
    for number, content in enumerate((first, second), start=1):
        newest = DocumentVersion.objects.create(
            document=document,
            number=number,
            digest=str(number) * 64,
            content=content,
            loaded_at=NOW,
        )
    return newest


def _entry(code: str, text: str) -> dict[str, object]:
    return {
        "code": code,
        "title": {"zh": "封闭物料储存", "en": "Enclose the stored materials"},
        "text": {"zh": text, "en": "Lumps are kept in closed sheds."},
    }


def make_owed(world: Cast) -> Obligation:
    """One more that is owed, and that nobody has asked about."""
    return make_obligation_at(State.OPEN, plant=world.plant)


def make_accepted(world: Cast) -> Obligation:
    """One that was decided on, and could be corrected."""
    return make_obligation_at(
        State.ACCEPTED, plant=world.plant, manager=world.manager, officer=world.changji_officer
    )


def make_proposed(world: Cast) -> Obligation:
    """One that the first level proposed to accept and the second sent back, with comments."""
    obligation = make_obligation_at(
        State.SUBMITTED,
        plant=world.plant,
        manager=world.manager,
        requirement=RequirementFactory.create(review_levels=2),
    )
    submission, officer = obligation.submissions.get(), world.changji_officer
    for decision, person in (("accept", officer), (SEND_BACK, world.region_officer)):
        decide_submission(
            submission=submission,
            decision=decision,
            reason="请核对期间。",
            by=Actor(person, "tests"),
            at=NOW,
        )
    for person in (officer, world.manager):
        write_comment(
            obligation=obligation, text="已核对。", token=uuid4(), by=Actor(person, "tests"), at=NOW
        )
    return obligation


def get_addresses(world: Cast, things: Things) -> dict[str, str]:
    """Every page by the name of its address."""
    version = make_versions(things.waiting.requirement.document)
    [submission] = things.waiting.submissions.all()
    [evidence] = submission.evidence.all()
    plain = (
        "home",
        "account",
        "password-change",
        "address-change",
        "sessions",
        "mfa_index",
        "account_reauthenticate",
        "people",
        "machinery",
        "channels",
        "ladders",
        "ladder-add",
        "wordings",
        "wording-add",
        "roles",
        "plants",
        "files",
        "calendar",
        "obligations",
        "requirements",
        "inbox",
        "outbox",
        "review-queue",
        "reliefs",
        "rounds",
        "listings",
        "spot-checks",
        "spot-draw-form",
        "unverified",
        "annexes",
        "trail",
    )
    proposed = [make_proposed(world).pk]
    return {name: reverse(name) for name in plain} | {
        "review-proposed": reverse("review", args=proposed),
        "obligation-proposed": reverse("obligation", args=proposed),
        "plant": reverse("plant", args=[world.plant.pk]),
        "plant-permits": reverse("plant-permits", args=[world.plant.pk]),
        "plant-projects": reverse("plant-projects", args=[world.plant.pk]),
        "plant-files": reverse("plant-files", args=[world.plant.pk]),
        "plant-holds": reverse("plant-holds", args=[world.plant.pk]),
        "plant-history": reverse("plant-history", args=[world.plant.pk]),
        "plant-requirements": reverse("plant-requirements", args=[world.plant.pk]),
        "plant-planner": reverse("plant-planner", args=[world.plant.pk]),
        "obligation": reverse("obligation", args=[things.waiting.pk]),
        "obligation-reminders": reverse("obligation-reminders", args=[things.waiting.pk]),
        "decision-correction": reverse("decision-correction", args=[make_accepted(world).pk]),
        "document": reverse("document", args=[version.document.code]),
        "document-version": reverse(
            "document-version", args=[version.document.code, version.number]
        ),
        "relief": reverse("relief", args=[things.relief.pk]),
        **assessment_addresses(world),
        "relief-form": reverse("relief-form", args=[make_owed(world).pk]),
        "evidence-file": reverse("evidence-file", args=[evidence.pk]),
        "evidence-preview": reverse("evidence-preview", args=[evidence.pk]),
        "annex": reverse("annex", args=[things.annex.pk]),
        "annex-applied": reverse("annex", args=[things.applied.pk]),
        "annex-take-back": reverse("annex-take-back", args=[things.applied.pk]),
        "review": reverse("review", args=[things.waiting.pk]),
        "review-several": f"{reverse('review-several')}?pick={things.waiting.pk}",
        "requirement": reverse("requirement", args=[things.waiting.requirement.code]),
        "requirement-subjects": reverse(
            "requirement-subjects", args=[things.waiting.requirement.code]
        ),
        "message": reverse("message", args=[things.message.pk]),
        "message-html": reverse("message-html", args=[things.message.pk]),
    }


def links_by_mail(world: Cast) -> dict[str, str]:
    """Pages that a mail's link opens: an invitation, a new password, a new address."""
    now = timezone.now()
    made = invite(
        email="invited@demo.example",
        name="新人",
        language="zh-hans",
        role=Role.MANAGER,
        scope=world.plant,
        by=Actor(world.administrator, "tests"),
        at=now,
    )
    address = EmailAddress.objects.create(user=world.manager, email="changed@demo.example")
    key = (user_pk_to_url_str(world.manager), default_token_generator.make_token(world.manager))
    return {
        "invitation": reverse("invitation", args=[renew_secret(made, at=now)]),
        "password-new": reverse("account_reset_password_from_key", args=key),
        "address-confirm": reverse("address-confirm", args=[EmailConfirmationHMAC(address).key]),
    }


def sign_in(page: Page, person: Person, live_server: Any) -> Page:
    """Give a Chromium's page the session of a person, without the form."""
    client = Client()
    client.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    return page


def content_of(response: Any) -> bytes:
    """A file's bytes; the test client closes the file when they are read to the end."""
    return b"".join(response.streaming_content)


def text_of(response: Any, *, raw_values: bool = True) -> str:
    """What a person reads on the page, spaces put together, word joiners left out.

    Without ``raw_values`` what stands there as the database holds it is left out.
    """
    page = response.content.decode()
    if not raw_values:
        page = _RAW.sub(" ", page)
    text = unescape(_MARKUP.sub(" ", page)).replace("\u2060", "")
    return " ".join(text.split())
