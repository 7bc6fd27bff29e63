"""What a reviewer saw: a submission and exactly these files, as one short text to compare."""

import hashlib
from collections.abc import Iterable

from tracker.evidence.models import Submission
from tracker.obligations.states import StaleState


class OtherFiles(StaleState):
    """The submission's files are not those that the officer saw."""


def digest_of(submission: Submission) -> str:
    """SHA-256 in hex over the submission's id and its files' ids and contents, as they are now."""
    files = submission.evidence.values_list("pk", "stored__sha256")
    return digest_of_files(submission.pk, files)


def digest_of_read(submission: Submission) -> str:
    """The same of a submission that was read with its files; no query."""
    files = ((file.pk, file.stored.sha256) for file in submission.evidence.all())
    return digest_of_files(submission.pk, files)


def digest_of_files(submission_pk: int, files: Iterable[tuple[int, str]]) -> str:
    lines = [f"submission {submission_pk}", *(f"{pk} {sha256}" for pk, sha256 in sorted(files))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
