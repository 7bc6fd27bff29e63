"""Disposal: the bytes go when every use of them is past its time; every row and deed stays."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from tracker import audit
from tracker.evidence.models import Evidence, FileText, LegalHold, StoredFile
from tracker.evidence.retention import RetentionRule, Use, kept_until, rule_of
from tracker.evidence.store import path_of
from tracker.obligations.models import DECIDED, Obligation

ROWS_AT_ONCE = 200
# Bytes that came just now may be wanted by an answer that is only being written.
FRESH = timedelta(days=1)
Held = frozenset[tuple[int, int | None]]


@dataclass(frozen=True)
class Due:
    """A content whose time is over: by which rule it was kept last, and until when."""

    stored: StoredFile
    uses: Sequence[Evidence]
    rule: RetentionRule
    kept_until: date


def find_due(*, now: datetime, rules: Sequence[RetentionRule]) -> Iterator[Due]:
    """What could be disposed of now. Memory stays at some rows."""
    held = _held()
    for stored in _candidates().iterator(chunk_size=ROWS_AT_ONCE):
        due = _due(stored, held, now=now, rules=rules)
        if due is not None:
            yield due


def dispose(
    stored: StoredFile, *, rules: Sequence[RetentionRule], by: audit.Actor, at: datetime
) -> Due | None:
    """Remove the bytes, mark the row, tell it in the trail of each plant; None if not due any more.

    The bytes go before the row is sure of it: after a crash the next run finds the row due again.
    """
    with transaction.atomic():
        # Whoever uses the content again waits here, and finds it gone.
        StoredFile.objects.select_for_update().get(pk=stored.pk)
        fresh = _candidates().filter(pk=stored.pk).first()
        due = _due(fresh, _held(), now=at, rules=rules) if fresh else None
        if due is None:
            return None
        title = due.rule.title
        StoredFile.objects.filter(pk=stored.pk).update(
            disposed_at=at, disposed_rule_zh=title.zh, disposed_rule_en=title.en
        )
        # What was read out of them goes with them.
        FileText.objects.filter(stored=stored).delete()
        for evidence in due.uses:
            audit.record(
                by=by,
                at=at,
                verb=audit.Verb.DISPOSED,
                thing=evidence,
                plant=evidence.plant,
                after={
                    "sha256": stored.sha256,
                    "rule": due.rule.kind,
                    "document": due.rule.document,
                    "kept_until": due.kept_until.isoformat(),
                },
            )
        path_of(stored).unlink(missing_ok=True)
    return due


def _candidates() -> QuerySet[StoredFile]:
    """Contents that are nothing but plants' evidence: scans of rules and annexes are the law's.

    What was read out of a content is no use of it.
    """
    found = StoredFile.objects.filter(disposed_at=None)
    for relation in StoredFile._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.related_model in (None, Evidence, FileText):
            continue
        other = relation.related_model._default_manager
        name = relation.field.name  # type: ignore[union-attr]
        found = found.exclude(pk__in=other.order_by().values(name))
    papers = Evidence.objects.select_related("plant").prefetch_related(
        "attachments__obligation",
        "submissions__obligation",
        "papers__relief__obligation",
        "fugitive_checks__source__round",
        "round_papers__step__round",
    )
    found = found.filter(pk__in=Evidence.objects.order_by().values("stored"))
    return found.order_by("pk").prefetch_related(Prefetch("evidence", papers.order_by("pk")))


def _due(
    stored: StoredFile, held: Held, *, now: datetime, rules: Sequence[RetentionRule]
) -> Due | None:
    """Of several uses the one that is kept longest counts."""
    uses = list(stored.evidence.all())
    ends = []
    for evidence in uses:
        end = kept_until(_use(evidence, held), rules)
        if end is None or end >= timezone.localdate(now):
            return None
        ends.append((end, rule_of(evidence.media_type, rules)))
    if not ends or _is_fresh(stored, now):
        return None
    last, rule = max(ends, key=lambda pair: pair[0])
    return Due(stored, uses, rule, last)


def _use(evidence: Evidence, held: Held) -> Use:
    obligations = _obligations_of(evidence)
    plant = evidence.plant_id
    return Use(
        media_type=evidence.media_type,
        uploaded_on=timezone.localdate(evidence.uploaded_at),
        settled_on=(
            *(
                _day(each.state_changed_at if each.state in DECIDED else None)
                for each in obligations
            ),
            *(_day(ended_at) for ended_at in _ends_of_rounds(evidence)),
        ),
        expires_on=evidence.expires_on,
        is_held=any((plant, pk) in held for pk in (None, *(each.pk for each in obligations))),
    )


def _obligations_of(evidence: Evidence) -> list[Obligation]:
    """Whatever it lay at, taken away or not, and whatever it came with as a paper."""
    return [
        *(laid.obligation for laid in evidence.attachments.all()),
        *(answer.obligation for answer in evidence.submissions.all()),
        *(paper.relief.obligation for paper in evidence.papers.all()),
    ]


def _ends_of_rounds(evidence: Evidence) -> list[datetime | None]:
    """Of whatever it shows or was laid to: what was listed rests on it as long as it is listed."""
    return [
        *(check.source.round.ended_at for check in evidence.fugitive_checks.all()),
        *(paper.step.round.ended_at for paper in evidence.round_papers.all()),
    ]


def _day(at: datetime | None) -> date | None:
    return timezone.localdate(at) if at else None


def _held() -> Held:
    return frozenset(LegalHold.objects.standing().values_list("plant_id", "obligation_id"))


def _is_fresh(stored: StoredFile, now: datetime) -> bool:
    try:
        return path_of(stored).stat().st_mtime > (now - FRESH).timestamp()
    except FileNotFoundError:
        return False
