"""The filters of the review queue, and an officer's decision as they come from the page."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from plants.models import Authority, Part, Plant
from tracker.assessments.levels import at_second_level
from tracker.assessments.models import Decision
from tracker.assessments.propose import SEND_BACK
from tracker.assessments.quick_reasons import QuickReason, full_reason
from tracker.obligations.models import DUE_SOON_DAYS
from tracker.regulations.models import SubjectKind
from tracker.reporting.queue import Cursor, Order, read_cursor

INCOMPLETE = _("The form was incomplete. Reload the page and decide again.")
PLANTS_BY_NAME = 200
MOST_AT_ONCE = 50
ITEM = re.compile(r"([0-9]{1,18})-([0-9]{1,18})-([0-9a-f]{64})")
LARGEST_ID = 2**63 - 1
ORDERS = [(Order.WAITING.value, _("waiting longest")), (Order.DUE.value, _("due first"))]
DUES = [("past", _("date has passed")), ("soon", _("due in 30 days"))]
LEVELS = [("first", _("to decide first")), ("second", _("proposed, to be confirmed"))]
FILTERS = ("authority", "name", "plant", "part", "kind", "due", "level")


class QueueForm(forms.Form):
    """What isn't understood is left out, field by field."""

    sort = forms.ChoiceField(required=False, choices=ORDERS)
    authority = forms.SlugField(required=False, max_length=40)
    name = forms.CharField(required=False, max_length=100)
    plant = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    part = forms.ChoiceField(required=False, choices=Part.choices)
    kind = forms.ChoiceField(required=False, choices=SubjectKind.choices)
    due = forms.ChoiceField(required=False, choices=DUES)
    level = forms.ChoiceField(required=False, choices=LEVELS)
    after = forms.CharField(required=False, max_length=80)

    def __init__(self, data: Mapping[str, Any], authorities: Iterable[Authority]) -> None:
        super().__init__(data)
        self.paths = {authority.code: authority.path for authority in authorities}
        self.is_valid()

    @property
    def order(self) -> Order:
        return Order(self.cleaned_data.get("sort") or Order.WAITING)

    @property
    def after_cursor(self) -> Cursor | None:
        return read_cursor(self.cleaned_data.get("after", ""), self.order)

    @property
    def narrows(self) -> bool:
        return any(self.cleaned_data.get(name) for name in FILTERS)

    def condition(self, today: date) -> Q:
        """The obligations that fit."""
        read = self.cleaned_data
        wanted = Q()
        if path := self.paths.get(read.get("authority", "")):
            wanted &= Q(plant__authority__path__startswith=path)
        if name := read.get("name"):
            named = Q(name_zh__icontains=name) | Q(name_en__icontains=name)
            # Ids first: behind a subquery the database reads everything that waits.
            found = Plant.objects.filter(named).order_by("pk").values_list("pk", flat=True)
            wanted &= Q(plant__in=list(found[:PLANTS_BY_NAME]))
        if read.get("plant"):
            wanted &= Q(plant_id=read["plant"])
        if read.get("part"):
            wanted &= Q(requirement__part=read["part"])
        if read.get("kind"):
            wanted &= Q(requirement__subject_kind=read["kind"])
        if level := read.get("level"):
            wanted &= at_second_level() if level == "second" else ~at_second_level()
        if read.get("due") == "past":
            wanted &= Q(due_on__lt=today)
        if read.get("due") == "soon":
            wanted &= Q(due_on__range=(today, today + timedelta(days=DUE_SOON_DAYS)))
        return wanted


def _row_id() -> forms.IntegerField:
    names = ("required", "invalid", "min_value", "max_value")
    return forms.IntegerField(
        min_value=1, max_value=LARGEST_ID, error_messages=dict.fromkeys(names, INCOMPLETE)
    )


class VerdictForm(forms.Form):
    """Accept, or return or send back with a reason: a kept sentence, one's own, or both."""

    decision = forms.ChoiceField(
        choices=[*Decision.choices, (SEND_BACK, _("sent back"))],
        error_messages={"required": INCOMPLETE, "invalid_choice": INCOMPLETE},
    )
    quick = forms.ChoiceField(
        required=False,
        choices=QuickReason.choices,
        error_messages={"invalid_choice": INCOMPLETE},
    )
    reason = forms.CharField(
        required=False,
        max_length=2000,
        error_messages={
            "max_length": _("The reason is too long: at most %(limit_value)d characters.")
        },
    )

    def clean(self) -> dict[str, Any]:
        """A chosen sentence stands before what was typed, but not where it is accepted."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("decision") != Decision.ACCEPT and "reason" in cleaned:
            cleaned["reason"] = full_reason(cleaned.get("quick", ""), cleaned["reason"])
        return cleaned


class DecisionForm(VerdictForm):
    """``submission`` is the one that the officer saw, ``seen`` stands for its files.

    The decision is bound to both.
    """

    submission = _row_id()
    seen = forms.RegexField(
        regex="^[0-9a-f]{64}$", error_messages={"required": INCOMPLETE, "invalid": INCOMPLETE}
    )
    field_order = ("submission", "seen", "decision", "quick", "reason")


class SeenItem(NamedTuple):
    """One of several: an obligation, the submission that was seen, and its files' digest."""

    obligation: int
    submission: int
    seen: str


class SeveralForm(VerdictForm):
    """One decision for each ``item`` that is ticked, bound to what was seen of it."""

    def read_items(self) -> list[SeenItem]:
        """The ticked ones; what is no item is left out."""
        sent = self.data.getlist("item")[:MOST_AT_ONCE]  # type: ignore[attr-defined]
        found = (ITEM.fullmatch(text) for text in sent)
        return [SeenItem(int(item[1]), int(item[2]), item[3]) for item in found if item]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["items"] = self.read_items()
        if not cleaned["items"]:
            raise forms.ValidationError(_("Tick at least one first."))
        if cleaned.get("decision") == Decision.RETURN and not cleaned.get("reason"):
            raise forms.ValidationError(
                _("Say what is missing or wrong, so that the plant can mend it.")
            )
        return cleaned


def read_picks(asked: QueryDict) -> list[int]:
    """The obligations that were ticked in the queue; what is no number is left out."""
    picked = asked.getlist("pick")[:MOST_AT_ONCE]
    return [int(pk) for pk in picked if pk.isascii() and pk.isdecimal() and len(pk) < 19]


class TakeOverForm(forms.Form):
    """``holder`` is who was seen holding the submission: it is hers no more, or stays as it is."""

    submission = _row_id()
    holder = _row_id()
