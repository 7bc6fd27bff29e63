"""What people do in a round, as it comes from the round's page."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plants.models import Line, Part, Person, Plant
from tracker.rounds.models import PARTS, Answer, Body, Round, RoundKind, Stage
from tracker.web.forms.days import DayField

TEXT_LENGTH = 2000
INCOMPLETE = _("The form was incomplete. Reload the page and send it again.")
_SHAPE = {"required": INCOMPLETE, "invalid": INCOMPLETE, "invalid_choice": INCOMPLETE}


def stamp_of(round_: Round) -> str:
    """Where the round stood, and since when, as whoever fills in a form saw it."""
    return f"{round_.stage} {round_.stage_since_at.isoformat()}"


def _text(label: Any, required: Any = "", rows: int = 2) -> forms.CharField:
    """A note; where ``required`` is a sentence, it says why one is asked for."""
    return forms.CharField(
        label=label,
        required=bool(required),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": rows, "class": "form-control"}),
        error_messages={
            "required": required,
            "max_length": _("The text is too long: at most %(limit_value)d characters."),
        },
    )


def _line(label: Any, longest: int) -> forms.CharField:
    attrs = {"class": "form-control", "autocomplete": "off"}
    return forms.CharField(label=label, max_length=longest, widget=forms.TextInput(attrs=attrs))


class RoundForm(forms.Form):
    """``key`` is its place on the page; ``seen`` the round as it stood when the page was read."""

    seen = forms.CharField(error_messages=_SHAPE)

    def __init__(self, data: Any = None, *, key: str, initial: dict[str, Any] | None = None):
        self.key = key
        super().__init__(data, auto_id=f"{key}-%s", initial=initial)

    @property
    def words(self) -> list[str]:
        """What was typed, for when its place is not on the page any more."""
        typed = [str(self.data.get(name, "")).strip() for name in self.fields if name != "seen"]
        return [each for each in typed if each]


class AnswerForm(RoundForm):
    """Met, not met or not applicable; the button that was pressed says which."""

    answer = forms.ChoiceField(choices=Answer.choices, error_messages=_SHAPE)
    note = _text(_("Note"), rows=1)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("answer") == Answer.NOT_APPLICABLE and not cleaned.get("note"):
            self.add_error("note", _("Say why it does not apply."))
        return cleaned


class OverrideForm(RoundForm):
    reason = _text(_("Why it may be passed without it"), _("Say why: it stays with the round."))


class MoveForm(RoundForm):
    """Whether a note is asked for hangs on the move; the use case says."""

    to = forms.ChoiceField(choices=Stage.choices, error_messages=_SHAPE)
    note = _text(_("Note"))


class GiveUpForm(RoundForm):
    reason = _text(_("Why it is given up"), _("Say why the round is given up."))


class BareForm(RoundForm):
    """A button alone."""


class StepForm(RoundForm):
    """Days, who is responsible, and a note of the present step."""

    starts_on = DayField(label=pgettext_lazy("days", "From"), required=False)
    ends_on = DayField(label=pgettext_lazy("days", "To"), required=False)
    responsible = forms.ModelChoiceField(
        label=_("Responsible"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=_("nobody yet"),
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={
            "invalid_choice": _("This person has nothing to do with the round in this stage.")
        },
    )
    note = _text(_("Note"))

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["responsible"]
        chosen.queryset = people
        for name in ("starts_on", "ends_on"):
            self.fields[name].widget = forms.DateInput(
                format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"}
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day lies before the first."))
        return cleaned


class OpeningForm(forms.Form):
    """What a new round assesses. No line chosen means all of the plant."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[each for each in RoundKind.choices if each[0] != RoundKind.AGAIN],
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages=_SHAPE,
    )
    parts = forms.MultipleChoiceField(
        label=pgettext_lazy("of a round", "Parts"),
        choices=[(part.value, part.label) for part in PARTS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose what is assessed: one of the three parts, or several."),
            "invalid_choice": INCOMPLETE,
        },
    )
    lines = forms.ModelMultipleChoiceField(
        label=_("Lines"),
        queryset=Line.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": _("A line of another plant can't be assessed here."),
            "invalid_pk_value": INCOMPLETE,
            "invalid_list": INCOMPLETE,
        },
    )

    def __init__(self, *args: Any, plant: Plant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["lines"]
        chosen.queryset = plant.lines.order_by("number")
        chosen.label_from_instance = lambda line: str(line.name)

    def parts_chosen(self) -> list[Part]:
        return [Part(value) for value in self.cleaned_data["parts"]]


class SeatForm(RoundForm):
    """Whom the plant lets in to the round, and for which body."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    name = _line(pgettext_lazy("person", "Name"), 100)
    body = forms.ChoiceField(
        label=_("Appointed as"),
        choices=Body.choices,
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages=_SHAPE,
    )
    organisation = _line(_("Name of the body"), 200)
