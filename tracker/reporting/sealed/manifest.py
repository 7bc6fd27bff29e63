"""The manifest: what a package holds and what was decided on it, as plain JSON."""

import re
from datetime import datetime
from pathlib import PurePath

from tracker.assessments.models import Review, ReviewCorrection
from tracker.audit import Actor
from tracker.evidence.models import Evidence, Submission
from tracker.obligations.models import Obligation, Relief
from tracker.reporting.sealed.contents import Contents
from tracker.reporting.sealed.packed import File, Json, Packed, Paths, Telling
from tracker.reporting.sealed.plain import told_day, told_moment, told_text
from tracker.reporting.sealed.seal import FORMAT

FOLDER = "files"
NAME_LENGTH = 120
# What no file system or unpacker of a reader's may choke on. The manifest keeps the name itself.
UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]')


def member_name(number: int, file: File) -> str:
    """Where a file lies in the package: numbered, under its own name as far as that is safe."""
    name = UNSAFE.sub("_", file.original_name).strip(" .") or "_"
    ending = PurePath(name).suffix[:20]
    stem = name.removesuffix(ending)[: NAME_LENGTH - len(ending)]
    return f"{FOLDER}/{number:04d} {stem}{ending}"


def describe(
    contents: Packed,
    paths: Paths,
    telling: Telling,
    *,
    by: Actor,
    at: datetime,
    site: str,
    members: Json,
) -> Json:
    """``members`` are what is in the package: size and hash by name."""
    plant = contents.plant
    return {
        "format": FORMAT,
        "made_at": told_moment(at),
        "made_by": by.name,
        "site": site,
        "scope": telling.scope,
        "plant": {
            "name": told_text(plant.name),
            "code": plant.code,
            "credit_code": plant.credit_code,
            "authority": told_text(plant.authority.name),
            "place": told_text(plant.place.name),
        },
        **telling.body,
        "files": [_file(file, paths[file.pk]) for file in contents.told],
        # Apart, since these are no members: a virus was found in them.
        "quarantined": [
            {
                **_file(file, paths[file.pk]),
                "virus": file.stored.scan_found,
                "scanned_by": file.stored.scan_engine,
                "scanned_at": told_moment(file.stored.scanned_at),
            }
            for file in contents.quarantined
        ],
        "members": dict(members),
    }


def tell_papers(contents: Contents, paths: Paths) -> Json:
    """The obligations of a plant, or the one, with what was handed in and decided."""
    return {"obligations": [_obligation(each, paths) for each in contents.obligations]}


def _obligation(obligation: Obligation, paths: Paths) -> Json:
    requirement = obligation.requirement
    return {
        "number": obligation.pk,
        "requirement": requirement.code,
        "title": told_text(requirement.title),
        "document": requirement.document.number or str(requirement.document.title_zh),
        "clause": requirement.clause,
        "verification": requirement.verification,
        "subject": obligation.subject_name,
        "period": obligation.period,
        "due_on": told_day(obligation.due_on),
        "due_basis": told_text(obligation.due_basis),
        "state": obligation.state,
        "answers": [_answer(each, paths) for each in obligation.submissions.all()],
        "taken_away": [
            {
                "file": paths[laid.evidence_id],
                "by": laid.removed_by.name if laid.removed_by else "",
                "at": told_moment(laid.removed_at),
                "reason": laid.removed_reason,
            }
            for laid in obligation.attachments.all()
            if laid.removed_at is not None
        ],
        "requests": [_request(each, paths) for each in obligation.reliefs.all()],
        "comments": [
            {
                "by": comment.written_by.name,
                "side": comment.side,
                "at": told_moment(comment.written_at),
                "text": comment.text,
            }
            for comment in obligation.comments.all()
        ],
    }


def _answer(submission: Submission, paths: Paths) -> Json:
    review = getattr(submission, "review", None)
    return {
        "number": submission.number,
        "by": submission.submitted_by.name,
        "at": told_moment(submission.submitted_at),
        "note": submission.note,
        "files": [paths[file.pk] for file in submission.evidence.all()],
        "proposals": [
            {
                "authority": told_text(proposal.authority.name),
                "by": proposal.proposed_by.name,
                "at": told_moment(proposal.proposed_at),
                "note": proposal.note,
                "files_seen": proposal.seen_digest,
                "answer": proposal.answer,
                "reason": proposal.reason,
                "answered_by": proposal.answered_by.name if proposal.answered_by else "",
                "answered_at": told_moment(proposal.answered_at),
            }
            for proposal in submission.proposals.all()
        ],
        "decision": _decision(review) if review else None,
        "corrections": [
            {**_decision(correction), "superior": correction.superior.name}
            for correction in (review.corrections.all() if review else ())
        ],
    }


def _decision(decided: Review | ReviewCorrection) -> Json:
    return {
        "decision": decided.decision,
        "reason": decided.reason,
        "by": decided.reviewed_by.name,
        "at": told_moment(decided.reviewed_at),
        "files_seen": decided.seen_digest,
    }


def _request(relief: Relief, paths: Paths) -> Json:
    return {
        "kind": relief.kind,
        "by": relief.asked_by.name,
        "at": told_moment(relief.asked_at),
        "reason": relief.reason,
        "due_on_before": told_day(relief.due_on_before),
        "new_due_on": told_day(relief.new_due_on),
        "state": relief.state,
        "files": [paths[paper.evidence_id] for paper in relief.papers.all()],
        "decisions": [
            {
                "granted": decision.granted,
                "authority": told_text(decision.authority.name),
                "by": decision.decided_by.name,
                "at": told_moment(decision.decided_at),
                "reason": decision.reason,
            }
            for decision in relief.decisions.all()
        ],
    }


def _file(file: File, path: str) -> Json:
    return {
        "path": path,
        "name": file.original_name,
        "sha256": file.stored.sha256,
        "sm3": file.stored.sm3,
        "size_bytes": file.stored.size_bytes,
        "media_type": file.media_type,
        "uploaded_by": file.uploaded_by.name,
        "uploaded_at": told_moment(file.uploaded_at),
        **_own_words(file),
        **_disposal(file),
    }


def _own_words(file: File) -> Json:
    """What a document says of itself; of a file that hangs on something, on what."""
    if not isinstance(file, Evidence):
        things = [{"kind": each._meta.model_name, "key": each.pk} for each in file.laid_to]
        return {"laid_to": things}
    return {
        "document_on": told_day(file.document_on),
        "covers_from_on": told_day(file.covers_from_on),
        "covers_to_on": told_day(file.covers_to_on),
        "expires_on": told_day(file.expires_on),
    }


def _disposal(file: File) -> Json:
    """Where only its name and hashes are left: when the bytes went, and by which rule."""
    stored = file.stored
    if stored.disposed_at is None:
        return {}
    rule = told_text(stored.disposed_rule)
    return {"disposed": {"at": told_moment(stored.disposed_at), "rule": rule}}
