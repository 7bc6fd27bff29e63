"""Keep a photograph from the site as evidence of the plant."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tracker import audit
from tracker.evidence.models import Evidence
from tracker.evidence.quota import lock_quota, refuse_over_quota
from tracker.evidence.store import KeptFile
from tracker.rounds.fugitive.rights import CheckRefused, checking, locked
from tracker.rounds.models import Round


def keep_photo(*, found: Round, file: KeptFile, by: audit.Actor, at: datetime) -> Evidence:
    """Make a kept file evidence of the round's plant, for ``record_checks`` to be laid to a check.

    The same photograph by the same person again gives what is there. Refuses with ``CheckRefused``
    who may not, and what is no photograph; with ``QuotaExceeded`` where the plant has no room.
    """
    if not file.media_type.startswith("image/"):
        raise CheckRefused(_("Only photographs can be laid to a check."))
    with transaction.atomic():
        found = locked(found)
        person = checking(by, found)
        lock_quota(found.plant)
        own = Evidence.objects.filter(plant=found.plant, stored=file.stored, uploaded_by=person)
        there = own.filter(original_name=file.original_name).order_by("pk").first()
        if there is not None:
            return there
        stored = file.stored
        refuse_over_quota(found.plant, sha256=stored.sha256, size_bytes=stored.size_bytes)
        photo = Evidence.objects.create(
            plant=found.plant,
            stored=stored,
            original_name=file.original_name,
            media_type=file.media_type,
            uploaded_by=person,
            uploaded_at=at,
        )
        audit.record(
            by=by,
            at=at,
            verb=audit.Verb.UPLOADED,
            thing=photo,
            plant=found.plant,
            after={"round": found.number, "sha256": stored.sha256},
        )
    return photo
