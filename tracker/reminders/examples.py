"""An example of each letter, about a made-up plant: what a wording looks like before it is kept."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from plants.models import Person, Plant
from plants.verification import Verification
from tracker.assessments.models import Decision, Review
from tracker.audit import Verb
from tracker.evidence.models import Submission
from tracker.obligations.models import Obligation, State
from tracker.regulations.models import Correction, Document, Requirement
from tracker.reminders.changes import ChangeLine, changes_context
from tracker.reminders.digest import Count, Due, Row, Section
from tracker.reminders.letters import Letter, render_letter
from tracker.reminders.models import Worded, Wording
from tracker.reminders.notices import decisions_context
from tracker.reminders.placeholders import NAMES
from tracker.reminders.rule_news import RuleLine, rules_context
from tracker.reminders.wording import Words, words_of

TEMPLATES = {Worded.AT_ONCE: "changed"}


def build_example(letter: str, *, language: str, wording: Wording | None, at: datetime) -> Letter:
    """The letter in this language with the wording's words; with ours where it can't be filled."""
    with override(language):
        subject = _("[ULE] Example")
        words = (
            words_of(wording, _values(wording, subject, timezone.localdate(at)))
            if wording
            else Words()
        )
        return render_letter(
            TEMPLATES.get(Worded(letter), letter),
            person=_reader(language),
            subject=subject,
            context=_context(letter, at),
            words=words,
        )


def _values(wording: Wording, subject: str, today: date) -> dict[str, str]:
    values = {
        "name": str(_reader(wording.language)),
        "authority": str(wording.authority),
        "site": "https://ule.example",
        "subject": subject,
        "count": "1",
        "plant": str(_plant()),
        "date": today.isoformat(),
    }
    return {name: values[name] for name in NAMES[wording.letter]}


def _reader(language: str) -> Person:
    return Person(pk=0, name=_("Example Person"), language=language, email="person@ule.example")


def _plant() -> Plant:
    return Plant(pk=0, name_zh="示例水泥有限公司", name_en="Example Cement")


def _obligation(today: date) -> Obligation:
    document = Document(number="环大气〔2024〕5号")
    requirement = Requirement(
        document=document,
        code="example",
        title_zh="示例要求",
        title_en="Example requirement",
        verification=Verification.VERIFIED,
    )
    return Obligation(
        pk=0,
        plant=_plant(),
        requirement=requirement,
        state=State.OPEN,
        due_on=today + timedelta(days=7),
        due_basis_zh="示例：期限的理由写在这里。",
        due_basis_en="Example: why this date, stands here.",
    )


def _context(letter: str, at: datetime) -> Mapping[str, Any]:
    today, reader = timezone.localdate(at), Person(pk=0)
    obligation = _obligation(today)
    if letter in (Worded.RETURNED, Worded.ACCEPTED):
        return decisions_context(reader, [_review(letter, obligation, at)])
    if letter in (Worded.CHANGED, Worded.AT_ONCE):
        verb = Verb.REFUSED if letter == Worded.AT_ONCE else Verb.RE_DATED
        line = ChangeLine(obligation, verb, today if verb == Verb.RE_DATED else None, "")
        reader._posts = []
        return changes_context(reader, [line]) | {"is_officer": False}
    if letter == Worded.RULES:
        correction = Correction(source_note="—", made_by=_reader(""), made_at=at)
        thing = obligation.requirement
        return rules_context([RuleLine(correction, "requirement", thing, thing, [_plant()])])
    return _dues(letter, obligation, today)


def _review(letter: str, obligation: Obligation, at: datetime) -> Review:
    submission = Submission(obligation=obligation, number=1, submitted_by_id=0)
    returned = letter == Worded.RETURNED
    return Review(
        submission=submission,
        decision=Decision.RETURN if returned else Decision.ACCEPT,
        reason=_("Example: what has to be mended.") if returned else "",
        reviewed_by=_reader(""),
        reviewed_at=at,
    )


def _dues(letter: str, obligation: Obligation, today: date) -> dict[str, Any]:
    late = letter == Worded.ESCALATION
    if late:
        obligation.due_on = today - timedelta(days=30)
    count = Count(overdue=int(late), coming=int(not late))
    row = Row(obligation, Due(obligation.due_on, 0, 0), today)
    return {
        "sections": [Section(_plant(), [row], count, 0)],
        "count": count,
        "total": 1,
        "more_plants": 0,
        "today": today,
        "for_officer": late,
    }
