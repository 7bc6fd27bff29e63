"""One small demo for a module of tests, built twice and taken away at the end."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from plants.models import Agreement, Line, Membership, Outlet, Permit, Plant, Project, Swap
from tracker.annexes.models import AnnexImport
from tracker.assessments.models import Comment, Proposal, Review, ReviewCorrection
from tracker.demo.build import DemoReport, build_demo
from tracker.evidence.models import (
    Evidence,
    LegalHold,
    StoredFile,
    Submission,
    UnfinishedUpload,
)
from tracker.obligations.models import Obligation, Relief
from tracker.rounds.models import Round

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=timezone.get_default_timezone())
PLANTS = 4
SEED = 7

_SUBJECT = ("plant__code", "requirement__code", "line__number", "outlet__code", "period")
# What makes the rows what they are: everything but ids, the password and the mails' own ids.
_FACTS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (Plant, ("code", "name_zh", "name_en", "place__code", "company__code", "credit_code")),
    (Line, ("plant__code", "number", "capacity_tpd", "carbide_slag", "denitration")),
    (Outlet, ("plant__code", "code", "mn_code", "name", "source")),
    (Swap, ("line__plant__code", "kind", "starts_on", "ends_on", "document")),
    (
        Agreement,
        ("line__plant__code", "partner__plant__code", "starts_on", "partner_starts_on", "days"),
    ),
    (Permit, ("number", "valid_until_on")),
    (Project, ("plant__code", "title_zh", "planned_start_on", "investment_paid_yuan")),
    (Membership, ("person__email", "person__name", "role", "plant__code", "authority__code")),
    (Obligation, (*_SUBJECT, "due_on", "state", "state_changed_at")),
    (Round, ("plant__code", "number", "stage", "stage_since_at")),
    (Evidence, ("plant__code", "stored__sha256", "original_name", "uploaded_at")),
    (Submission, ("token", "obligation__requirement__code", "note", "submitted_at")),
    (Relief, ("token", "kind", "new_due_on", "state", "asked_at", "state_changed_at")),
    (AnnexImport, ("stored__sha256", "original_name", "layouts", "uploaded_at")),
    (StoredFile, ("sha256", "scan_state", "scan_found", "scanned_at")),
    (UnfinishedUpload, ("original_name", "size_bytes", "person__email", "ends_at")),
    (LegalHold, ("plant__code", "reason", "set_by__email", "set_at", "lifted_at")),
    (Comment, ("token", "text", "side", "written_by__email", "written_at")),
    (Proposal, ("submission__token", "note", "answer", "reason", "proposed_at", "answered_at")),
    (ReviewCorrection, ("review__submission__token", "decision", "reason", "reviewed_at")),
    (Review, ("submission__token", "decision", "reason", "reviewed_by__email", "reviewed_at")),
)


@dataclass(frozen=True)
class BuiltDemo:
    """The demo that stands, and the digests of two buildings of it where they are compared."""

    report: DemoReport
    files: Path
    first_digest: str
    second_digest: str


@pytest.fixture(scope="module")
def demo(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[BuiltDemo]:
    """It stands in a transaction that is rolled back when the module's tests are done."""
    folder = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(FILES_DIR=folder):
        call_command("load_regulations", verbosity=0)
        first = ""
        if request.module.__name__.endswith("test_demo"):
            with transaction.atomic():
                build()
                first = digest_of_rows()
                transaction.set_rollback(True)
        report = build()
        yield BuiltDemo(report, folder, first, digest_of_rows())
        transaction.set_rollback(True)


def build() -> DemoReport:
    return build_demo(clinker_plants=PLANTS, seed=SEED, now=NOW, months_of_history=4)


def digest_of_rows() -> str:
    """One hash over the facts of all rows that the demo makes."""
    facts = [
        sorted(
            json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)
            for row in model.objects.values_list(*columns)
        )
        for model, columns in _FACTS
    ]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()
