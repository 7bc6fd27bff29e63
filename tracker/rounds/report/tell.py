"""Tell something that the report asks of people; what was told before stays."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from plants.models import Person
from tracker import audit
from tracker.rounds.acting import RoundRefused, movers_of, person_of
from tracker.rounds.models import ReportStatement, Round, Stage
from tracker.rounds.report.questions import TELLERS, Question, question_of
from tracker.rounds.stages import Movers

MOST_CHARACTERS = 4000


def why_no_report(round_: Round) -> str | None:
    """Why nothing can be told, asked for or signed any more; None where it can."""
    if round_.given_up_at is not None:
        return _("The round was given up.")
    if round_.stage == Stage.REMOVED:
        return _("The round is at its end.")
    return None


def may_tell(question: Question, movers: Movers) -> bool:
    return not TELLERS[question.by].isdisjoint(movers)


def tell(
    round_: Round, *, code: str, text: str, by: audit.Actor, at: datetime
) -> ReportStatement | None:
    """Answer a question; the same text again, or nothing where there was nothing, is no news.

    Versions that are made already stay as they are.
    """
    person: Person = person_of(by.person)
    text = text.replace("\r\n", "\n").strip()
    question = question_of(code)
    refusal = why_no_report(round_)
    if question is None:
        refusal = _("The report asks nothing of that name.")
    elif refusal is None and not may_tell(question, movers_of(person, round_)):
        refusal = _("This is not yours to tell.")
    elif refusal is None and len(text) > MOST_CHARACTERS:
        refusal = _("At most %(count)d characters are taken.") % {"count": MOST_CHARACTERS}
    if refusal is not None:
        raise RoundRefused(refusal)
    with transaction.atomic():
        Round.objects.select_for_update(no_key=True, of=("self",)).get(pk=round_.pk)
        before = round_.statements.filter(code=code).order_by("-pk").first()
        if text == (before.text if before else ""):
            return before
        told = ReportStatement.objects.create(
            round=round_, code=code, text=text, said_by=person, said_at=at
        )
        audit.record(
            by=by,
            at=at,
            verb=audit.Verb.TOLD,
            thing=round_,
            plant=round_.plant,
            before={"text": before.text} if before else None,
            after={"question": code, "text": text},
        )
    return told
