"""A round's report: its versions with their files, gaps and sign-offs, and what people tell."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tracker.audit import Verb, record
from tracker.rounds.acting import RoundRefused, movers_of
from tracker.rounds.models import (
    Report,
    ReportFile,
    ReportFormat,
    ReportLanguage,
    ReportState,
    ReportStatement,
    Round,
    Signer,
    SignOff,
)
from tracker.rounds.report.ask import ASKERS, ask_for_report
from tracker.rounds.report.blocks import Json, gaps_of
from tracker.rounds.report.make import MEDIA_TYPES
from tracker.rounds.report.questions import Question, read_questions
from tracker.rounds.report.sign import next_signer, sign_report, why_not_sign
from tracker.rounds.report.tell import may_tell, why_no_report
from tracker.rounds.report.tell import tell as tell_report
from tracker.rounds.stages import Movers
from tracker.tasks import nudge_reports
from tracker.web.access import PersonRequest, actor_of, find, signed_in
from tracker.web.files import send_file
from tracker.web.htmx import answer, tell

# Of the lists that a large plant makes long; the document has them all.
MOST_SHOWN = 100


@dataclass(frozen=True)
class Asked:
    """A question with what was told last, and whether this person may tell it."""

    question: Question
    told: ReportStatement | None
    is_hers: bool


@dataclass(frozen=True)
class Signature:
    """One side's place: who signed, or whether this person can sign it now."""

    signer: Signer
    organisations: Sequence[str]
    signed: SignOff | None
    can_sign: bool


@require_safe
@signed_in
def round_report(request: PersonRequest, pk: int) -> HttpResponse:
    """Its versions; of the newest one that is made what it lacks and changes, and who signed it."""
    round_ = _round(request, pk)
    movers = movers_of(request.user, round_)
    versions = list(
        Report.objects.filter(round=round_)
        .defer("content")
        .select_related("asked_by")
        .prefetch_related("files__stored", "sign_offs__person")
        .order_by("-asked_at", "-pk")
    )
    is_open = why_no_report(round_) is None
    context = {
        "round": round_,
        "versions": versions,
        "is_under_way": any(each.is_under_way for each in versions),
        "may_ask": is_open and not ASKERS.isdisjoint(movers),
        "languages": ReportLanguage.choices,
        "is_correction": any(each.frozen_at for each in versions),
        "questions": _asked(round_, movers, is_open=is_open),
        **_newest(request, round_, versions),
    }
    return answer(request, "rounds/report.html", context, fragment="rounds/_report_versions.html")


@require_POST
@signed_in
def report_ask(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask for a version; asked for twice, it is there once."""
    round_ = _round(request, pk)
    if ASKERS.isdisjoint(movers_of(request.user, round_)):
        raise PermissionDenied(
            _("Only the plant and who has a seat in the round ask for its report.")
        )
    language = request.POST.get("language", ReportLanguage.CHINESE)
    if language not in ReportLanguage.values:
        return tell(request, _("The report is made in Chinese or English."), status=422)
    try:
        ask_for_report(
            round_,
            language=language,
            reason=request.POST.get("reason", ""),
            by=actor_of(request),
            at=timezone.now(),
        )
    except RoundRefused as refusal:
        return tell(request, refusal.sentence, status=422)
    nudge_reports()
    return redirect("round-report", round_.pk)


@require_POST
@signed_in
def report_tell(request: PersonRequest, pk: int) -> HttpResponse:
    """Answer one question of the report."""
    round_ = _round(request, pk)
    if ASKERS.isdisjoint(movers_of(request.user, round_)):
        raise PermissionDenied(_("This is not yours to tell."))
    code = request.POST.get("code", "")
    try:
        tell_report(
            round_,
            code=code,
            text=request.POST.get("text", ""),
            by=actor_of(request),
            at=timezone.now(),
        )
    except RoundRefused as refusal:
        return tell(request, refusal.sentence, status=422)
    response = redirect("round-report", round_.pk)
    response["Location"] += f"#{code}"
    return response


@require_POST
@signed_in
def report_sign(request: PersonRequest, pk: int) -> HttpResponse:
    """Sign the text whose hash the page showed."""
    seen = Report.objects.visible_to(request.user).select_related("round__plant__authority")
    report = find(seen, pk=pk)
    if ASKERS.isdisjoint(movers_of(request.user, report.round)):
        raise PermissionDenied(_("Only the plant and who has a seat in the round sign its report."))
    signer = request.POST.get("signer", "")
    if signer not in Signer.values:
        return tell(request, _("Say for which side you sign."), status=422)
    try:
        sign_report(
            report,
            signer=Signer(signer),
            content_sha256=request.POST.get("content_sha256", ""),
            by=actor_of(request),
            at=timezone.now(),
        )
    except RoundRefused as refusal:
        return tell(request, refusal.sentence, status=409)
    return redirect("round-report", report.round_id)


@require_safe
@signed_in
def report_file(request: PersonRequest, pk: int, format: str) -> HttpResponseBase:
    """One of a version's documents, under its own name."""
    seen = Report.objects.visible_to(request.user).defer("content").select_related("round__plant")
    report = find(seen, pk=pk)
    file = find(ReportFile.objects.filter(report=report).select_related("stored"), format=format)
    record(
        by=actor_of(request),
        at=timezone.now(),
        verb=Verb.DOWNLOADED,
        thing=report.round,
        plant=report.round.plant,
        after={"version": report.number, "format": format, "sha256": file.stored.sha256},
    )
    return send_file(request, file.stored, file.name, MEDIA_TYPES[ReportFormat(file.format)])


def _round(request: PersonRequest, pk: int) -> Round:
    visible = Round.objects.visible_to(request.user)
    return find(visible.select_related("plant__authority", "plant__place"), pk=pk)


def _asked(round_: Round, movers: Movers, *, is_open: bool) -> list[Asked]:
    told = ReportStatement.objects.newest(round_)
    return [
        Asked(each, told.get(each.code), is_open and may_tell(each, movers))
        for each in read_questions()
    ]


def _newest(request: PersonRequest, round_: Round, versions: Sequence[Report]) -> Json:
    """Of the newest Chinese version that is made: what it says of itself."""
    made = [
        each
        for each in versions
        if each.state == ReportState.MADE and each.language == ReportLanguage.CHINESE
    ]
    if not made:
        return {"newest": None}
    newest = made[0]
    newest.round = round_
    content = json.loads(newest.content)
    gaps = Counter(gaps_of(content))
    return {
        "newest": newest,
        "gaps": [(where, what, count) for (where, what), count in gaps.items()],
        "gap_count": gaps.total(),
        "content": content,
        "changes": content["changes"][:MOST_SHOWN],
        "change_count": len(content["changes"]),
        "signatures": _signatures(request, newest, content),
    }


def _signatures(request: PersonRequest, newest: Report, content: Json) -> list[Signature]:
    signed = {each.signer: each for each in newest.sign_offs.all()}
    turn = next_signer(newest)
    return [
        Signature(
            signer=Signer(each["signer"]),
            organisations=each["organisations"],
            signed=signed.get(each["signer"]),
            can_sign=each["signer"] == turn
            and why_not_sign(request.user, newest, Signer(each["signer"])) is None,
        )
        for each in content["signers"]
    ]
