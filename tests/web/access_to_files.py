"""The part of the access table about files: lists, previews, uploads in parts, legal holds."""

from datetime import timedelta

from plants.models import Person, Plant
from tests.factories import NOW
from tests.web.personas import Statuses, everyone, those_who_answer, those_who_decide, those_who_see
from tracker.audit import Actor
from tracker.evidence.holds import set_hold
from tracker.evidence.models import Evidence, LegalHold, UnfinishedUpload

# Whoever doesn't speak the protocol is told its version: 412.
UPLOAD_ROWS: dict[tuple[str, str], Statuses] = {
    ("upload-begin", "POST"): those_who_answer(412),
    ("upload-begin", "OPTIONS"): those_who_answer(204),
    ("upload", "HEAD"): everyone(404) | {"manager": 412},
    ("upload", "PATCH"): everyone(404) | {"manager": 412},
    ("upload", "DELETE"): everyone(404) | {"manager": 412},
    ("upload", "GET"): everyone(404) | {"manager": 200},
}

FILE_ROWS: dict[tuple[str, str], Statuses] = {
    ("files", "GET"): everyone(200),
    ("plant-files", "GET"): those_who_see(200),
    ("evidence-file", "GET"): those_who_see(200),
    ("evidence-preview", "GET"): those_who_see(200),
    ("evidence-page", "GET"): those_who_see(200),
}

HOLD_ROWS: dict[tuple[str, str], Statuses] = {
    ("plant-holds", "GET"): those_who_see(200),
    ("hold-set", "POST"): those_who_decide(422) | {"administrator": 422},
    ("hold-lift", "POST"): those_who_decide(422) | {"administrator": 422},
}


def make_hold(plant: Plant, officer: Person) -> LegalHold:
    """A hold on the whole plant."""
    return set_hold(plant=plant, obligation=None, reason="诉讼", by=Actor(officer, "tests"), at=NOW)


def finished_upload(person: Person, evidence: Evidence) -> UnfinishedUpload:
    """Her upload whose answer can be asked for again."""
    attachment = evidence.attachments.get()
    return UnfinishedUpload.objects.create(
        person=person,
        obligation=attachment.obligation,
        original_name=evidence.original_name,
        size_bytes=evidence.stored.size_bytes,
        attachment=attachment,
        ends_at=NOW + timedelta(hours=1),
    )
