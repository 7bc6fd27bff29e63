"""One sample as it is typed into a form, and how an outlet's gas is cleaned."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tracker.rounds.models import Pollutant, Sample
from tracker.rounds.samples.columns import NEEDED, Column
from tracker.rounds.samples.convert import plain_number
from tracker.rounds.samples.known import Fault

TYPED = (
    *(Column.POLLUTANT, Column.FROM, Column.TO, Column.LOAD, Column.OXYGEN),
    *(Column.MEASURED, Column.CEMS, Column.NUMBER),
)
INSTANTS = (Column.FROM, Column.TO)
REASON_LENGTH = 1000
TECHNOLOGY_LENGTH = 500
PARAMETERS_LENGTH = 4000
_TOO_LONG = _("Too long: at most %(limit_value)d characters.")


@dataclass(frozen=True)
class TypedField:
    """A field of the form with what stands in it and what is wrong with that."""

    name: str
    label: str
    kind: str
    value: str
    faults: tuple[str, ...]
    is_needed: bool

    @property
    def options(self) -> list[tuple[str, str]]:
        """For the pollutant, the only one that is chosen."""
        return [(code, str(word)) for code, word in Pollutant.choices]


def fields_of(
    values: Mapping[Column, str], faults: Iterable[Fault] = (), *, given: bool = False
) -> list[TypedField]:
    """The form's fields in their order; ``given`` where somebody sent them."""
    told = list(faults)
    return [
        TypedField(
            name=column.value,
            label=str(column.label),
            kind=_kind_of(column),
            value=values.get(column, ""),
            faults=tuple(each.wanted for each in told if given and each.kind == column.value),
            is_needed=column in NEEDED,
        )
        for column in TYPED
    ]


def _kind_of(column: Column) -> str:
    if column == Column.POLLUTANT:
        return "choice"
    if column in INSTANTS:
        return "datetime-local"
    return "text" if column == Column.NUMBER else "number"


def typed_in(sent: QueryDict) -> dict[Column, str]:
    """What was sent, by column."""
    return {column: str(sent.get(column.value, "")).strip() for column in TYPED}


def values_of(sample: Sample) -> dict[Column, str]:
    """A sample as it would be typed."""
    numbers = {
        Column.LOAD: sample.load_percent,
        Column.OXYGEN: sample.oxygen_percent,
        Column.MEASURED: sample.measured,
        Column.CEMS: sample.cems_measured,
    }
    return {
        Column.POLLUTANT: sample.pollutant,
        Column.FROM: f"{timezone.localtime(sample.taken_from_at):%Y-%m-%dT%H:%M}",
        Column.TO: f"{timezone.localtime(sample.taken_to_at):%Y-%m-%dT%H:%M}",
        **{column: "" if each is None else plain_number(each) for column, each in numbers.items()},
        Column.NUMBER: sample.laboratory_number,
    }


class ReasonForm(forms.Form):
    """Why a sample is corrected."""

    reason = forms.CharField(
        max_length=REASON_LENGTH,
        error_messages={
            "required": _("Say why the sample is corrected."),
            "max_length": _TOO_LONG,
        },
    )


class TechnologyForm(forms.Form):
    technology = forms.CharField(
        max_length=TECHNOLOGY_LENGTH,
        label=_("technology"),
        error_messages={"required": _("Name the technology."), "max_length": _TOO_LONG},
    )
    parameters = forms.CharField(
        required=False,
        max_length=PARAMETERS_LENGTH,
        label=_("main parameters"),
        error_messages={"max_length": _TOO_LONG},
    )
