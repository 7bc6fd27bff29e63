"""The part of the access table that is about uploads in parts."""

from datetime import timedelta

from plants.models import Person
from tests.factories import NOW
from tests.web.personas import Statuses, everyone, those_who_answer
from tracker.evidence.models import Evidence, UnfinishedUpload

# Whoever doesn't speak the protocol is told its version: 412.
UPLOAD_ROWS: dict[tuple[str, str], Statuses] = {
    ("upload-begin", "POST"): those_who_answer(412),
    ("upload-begin", "OPTIONS"): those_who_answer(204),
    ("upload", "HEAD"): everyone(404) | {"manager": 412},
    ("upload", "PATCH"): everyone(404) | {"manager": 412},
    ("upload", "DELETE"): everyone(404) | {"manager": 412},
    ("upload", "GET"): everyone(404) | {"manager": 200},
}


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
