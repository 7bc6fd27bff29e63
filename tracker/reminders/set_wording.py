"""An administrator words a letter for an authority, or goes back to ours."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from plants.models import Authority
from tracker import audit
from tracker.reminders.models import Wording
from tracker.reminders.placeholders import Fault
from tracker.reminders.wording import LENGTHS, check_wording, describe_fault


class WordingRefused(Exception):
    """A piece that can't be filled, nothing at all, or not her authority; says why."""


class StaleWording(Exception):
    """Somebody changed it after the page was opened."""


def mark_of(wording: Wording | None) -> str:
    """What a page holds of the wording that it shows, to be compared later; empty for none."""
    if wording is None:
        return ""
    pieces = json.dumps([getattr(wording, piece) for piece in LENGTHS])
    return hashlib.sha256(pieces.encode()).hexdigest()[:16]


def find_set(authority: Authority, letter: str, language: str) -> Wording | None:
    """The authority's own."""
    own = Wording.objects.filter(authority=authority, letter=letter, language=language)
    return own.select_related("authority").first()


def set_wording(*, draft: Wording, seen: str, by: audit.Actor, at: datetime) -> Wording:
    """Keep the draft as its authority's; from the next mail on. ``StaleWording`` if not as seen."""
    _refuse_unless_hers(draft.authority, by)
    if not any(getattr(draft, piece) for piece in LENGTHS):
        raise WordingRefused(_("Nothing differs from ours: write something, or go back to ours."))
    try:
        check_wording(draft)
    except Fault as fault:
        raise WordingRefused(describe_fault(fault.key)) from fault
    try:
        with transaction.atomic():
            wording = _locked(draft, seen)
            before = _facts(wording) if wording else None
            wording = wording or draft
            for piece in LENGTHS:
                setattr(wording, piece, getattr(draft, piece))
            wording.faults = []
            wording.save()
            if before != _facts(wording):
                verb = audit.Verb.CHANGED if before else audit.Verb.CREATED
                after = _facts(wording)
                audit.record(by=by, at=at, verb=verb, thing=wording, before=before, after=after)
            return wording
    except IntegrityError as fault:
        raise StaleWording from fault


def reset_wording(*, wording: Wording, seen: str, by: audit.Actor, at: datetime) -> None:
    """Go back to what is above it, or to ours."""
    _refuse_unless_hers(wording.authority, by)
    with transaction.atomic():
        found = _locked(wording, seen)
        if found is None:
            raise StaleWording
        verb = audit.Verb.REMOVED
        audit.record(by=by, at=at, verb=verb, thing=found, before=_facts(found))
        found.delete()


def _locked(like: Wording, seen: str) -> Wording | None:
    found = Wording.objects.select_for_update(of=("self",)).select_related("authority")
    own = found.filter(authority=like.authority, letter=like.letter, language=like.language)
    wording = own.first()
    if mark_of(wording) != seen:
        raise StaleWording
    return wording


def _facts(wording: Wording) -> Mapping[str, object]:
    return {piece: getattr(wording, piece) for piece in LENGTHS}


def _refuse_unless_hers(authority: Authority, by: audit.Actor) -> None:
    if (
        by.person is None
        or not Authority.objects.run_by(by.person).filter(pk=authority.pk).exists()
    ):
        raise WordingRefused(_("Only its administrator sets it."))
