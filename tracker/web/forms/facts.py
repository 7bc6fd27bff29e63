"""A plant's permits and projects as they come from a form, with the values that it was read with.

Each field has a hidden twin, so that what another person changed meanwhile is noticed.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.db.models import Model
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from plants.models import Part, Permit, PermitReport, Plant, Project, ReportEvery
from plants.models.permits import DAYS_AFTER_AT_MOST
from tracker.web.forms.days import DayField
from tracker.web.forms.reliefs import INCOMPLETE

TEN_THOUSAND = Decimal(10_000)
MOST_MONEY = Decimal(99_999_999)


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "form-control"}, format="%Y-%m-%d")


class FactDayField(DayField):
    widget = DayInput
    default_error_messages = {"invalid": _("Dates look like 2026-12-31.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], show_hidden_initial=True, **options)


class MoneyField(forms.DecimalField):
    """Typed in 万元, as Chinese budgets are; kept in yuan."""

    default_error_messages = {"invalid": _("Enter the amount as a number, such as 1250 or 12.5.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(
            min_value=Decimal(0),
            max_value=MOST_MONEY,
            max_digits=16,
            decimal_places=6,
            show_hidden_initial=True,
            widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "decimal"}),
            error_messages={"min_value": _("An amount can't be negative.")},
            **options,
        )


class NumberField(forms.IntegerField):
    default_error_messages = {"invalid": _("Enter a whole number.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(
            show_hidden_initial=True,
            widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "numeric"}),
            **options,
        )


def _text(**options: Any) -> forms.CharField:
    control = forms.TextInput(attrs={"class": "form-control"})
    return forms.CharField(show_hidden_initial=True, widget=control, **options)


def _choice(choices: Any, **options: Any) -> forms.ChoiceField:
    control = forms.Select(attrs={"class": "form-select"})
    return forms.ChoiceField(choices=choices, show_hidden_initial=True, widget=control, **options)


class FactForm(forms.Form):
    """``thing`` is the row that is changed, or a new one of the plant, not saved yet."""

    model: ClassVar[type[Model]]
    columns: ClassVar[Mapping[str, str]] = {}
    """A field's column where it has another name."""

    def __init__(self, data: Any = None, *, thing: Any, today: date) -> None:
        self.thing, self.today = thing, today
        super().__init__(data, initial=self.read(thing), auto_id=f"{self.key}-%s")

    @property
    def key(self) -> str:
        """Which form of the page this is."""
        return f"{self.thing._meta.model_name}-{self.thing.pk or 'new'}"

    @property
    def takes_out(self) -> bool:
        """The row is to be removed."""
        return False

    def column(self, name: str) -> str:
        return self.columns.get(name, name)

    def read(self, thing: Any) -> dict[str, Any]:
        """The row's values as the fields show them."""
        return {name: getattr(thing, self.column(name)) for name in self.base_fields}

    def kept(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The fields' values as the columns keep them."""
        return {self.column(name): value for name, value in values.items()}

    def values(self) -> dict[str, Any]:
        """Every column as it was typed."""
        return self.kept({name: self.cleaned_data[name] for name in self.fields})

    def changes(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The columns that she changed: as she read them, and as she wants them."""
        names = [name for name in self.changed_data if name in self.cleaned_data]
        as_read = {name: self._as_read(name) for name in names}
        return self.kept(as_read), self.kept({name: self.cleaned_data[name] for name in names})

    def _as_read(self, name: str) -> Any:
        field = self.fields[name]
        raw = self._widget_data_value(field.hidden_widget(), self[name].html_initial_name)  # type: ignore[attr-defined]
        try:
            return field.to_python(raw)
        except forms.ValidationError:
            return None

    def clean(self) -> dict[str, Any]:
        """Pairs that contradict each other; only where each by itself was understood."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.thing.pk and not self._says_what_was_read():
            raise forms.ValidationError(INCOMPLETE)
        if not self.errors:
            self.model(**self.kept(cleaned)).clean()
        return cleaned

    def _says_what_was_read(self) -> bool:
        """Without the hidden twins another's change could not be told from hers."""
        return all(
            self[name].html_initial_name in self.data
            for name, field in self.fields.items()
            if not field.disabled
        )

    def add_error(self, field: str | None, error: Any) -> None:
        """A row's own refusals name columns; here they stand at their fields."""
        by_column = {self.column(name): name for name in self.fields}
        if field is None and hasattr(error, "error_dict"):
            error = {by_column.get(k, k): v for k, v in error.error_dict.items()}
        super().add_error(field, error)

    def renewed(self, there: Any) -> "FactForm":
        """The same as typed, on top of the row as it is now: sent again, it counts."""
        data = QueryDict(mutable=True)
        data.update({name: self.data.get(name, "") for name in self.fields if name in self.data})
        form = type(self)(None, thing=there, today=self.today)
        for name, value in form.initial.items():
            data[form[name].html_initial_name] = "" if value is None else str(value)
        form.data, form.is_bound = data, True
        form.full_clean()
        return form


class PermitForm(FactForm):
    model = Permit

    number = _text(
        label=_("Permit number"),
        max_length=40,
        error_messages={"required": _("Enter the permit's number.")},
    )
    valid_from_on = FactDayField(label=_("Valid from"))
    valid_until_on = FactDayField(label=_("Valid until"))

    def clean_number(self) -> str:
        number = str(self.cleaned_data["number"])
        if Permit.objects.filter(number=number).exclude(pk=self.thing.pk).exists():
            raise forms.ValidationError(_("A permit with this number is entered already."))
        return number


class PermitReportForm(FactForm):
    """By when a permit asks for one kind of report; nothing entered takes the date out."""

    model = PermitReport

    every = _choice(ReportEvery.choices, label=_("Report for each"))
    days_after = NumberField(
        label=_("Days after the period ends"),
        required=False,
        min_value=0,
        max_value=DAYS_AFTER_AT_MOST,
    )
    month = NumberField(label=_("or by: month"), required=False, min_value=1, max_value=12)
    day = NumberField(label=_("day"), required=False, min_value=1, max_value=31)
    next_year = forms.BooleanField(
        label=_("of the next year"), required=False, show_hidden_initial=True
    )

    def __init__(self, data: Any = None, *, thing: Any, today: date) -> None:
        super().__init__(data, thing=thing, today=today)
        self.fields["every"].disabled = bool(thing.pk)

    @property
    def key(self) -> str:
        """Each permit has a form for a new date."""
        return super().key if self.thing.pk else f"permitreport-new-{self.thing.permit_id}"

    @property
    def takes_out(self) -> bool:
        return bool(self.thing.pk) and self.is_empty

    @property
    def is_empty(self) -> bool:
        return all(self.cleaned_data.get(name) is None for name in ("days_after", "month", "day"))

    def clean_every(self) -> str:
        every = str(self.cleaned_data["every"])
        if not self.thing.pk and self.thing.permit.reports.filter(every=every).exists():
            raise forms.ValidationError(_("The permit has a date for this report already."))
        return every

    def clean(self) -> dict[str, Any]:
        """Of a date that is there, an empty form takes it out; a new one has to say something."""
        if self.thing.pk and not self.errors and self.is_empty and self._says_what_was_read():
            return dict(self.cleaned_data)
        return super().clean()


class ProjectForm(FactForm):
    model = Project
    columns = {
        "investment_planned": "investment_planned_yuan",
        "investment_paid": "investment_paid_yuan",
    }

    title_zh = _text(label=_("Chinese title"), max_length=200)
    title_en = _text(label=_("English title"), max_length=200, required=False)
    part = _choice(Part.choices, label=_("Part"))
    planned_start_on = FactDayField(label=_("Planned start"))
    planned_finish_on = FactDayField(label=_("Planned finish"))
    started_on = FactDayField(label=_("Started on"), required=False)
    finished_on = FactDayField(label=_("Finished on"), required=False)
    investment_planned = MoneyField(label=_("Planned investment, 10,000 yuan"))
    investment_paid = MoneyField(label=_("Paid so far, 10,000 yuan"))
    progress_percent = NumberField(
        label=_("Progress, %"),
        min_value=0,
        max_value=100,
        error_messages={"max_value": _("Progress ends at 100 %%.")},
    )

    def __init__(self, data: Any = None, *, thing: Any, today: date) -> None:
        """What is reported month by month stands first, once the project is there."""
        super().__init__(data, thing=thing, today=today)
        if thing.pk:
            self.order_fields(["progress_percent", "investment_paid", "started_on", "finished_on"])

    def read(self, thing: Any) -> dict[str, Any]:
        shown = super().read(thing)
        for name in self.columns:
            shown[name] = _plain(Decimal(shown[name]) / TEN_THOUSAND)
        return shown

    def kept(self, values: Mapping[str, Any]) -> dict[str, Any]:
        yuan = {
            name: (value * TEN_THOUSAND).quantize(Decimal("0.01"))
            for name, value in values.items()
            if name in self.columns and value is not None
        }
        return super().kept({**values, **yuan})

    def clean_started_on(self) -> date | None:
        return self._past("started_on")

    def clean_finished_on(self) -> date | None:
        return self._past("finished_on")

    def _past(self, name: str) -> date | None:
        """What has happened lies in no future."""
        on: date | None = self.cleaned_data[name]
        if on is not None and on > self.today:
            raise forms.ValidationError(_("This day has not come yet."))
        return on

    def clean(self) -> dict[str, Any]:
        """The same project twice is a form that was sent twice."""
        cleaned = super().clean()
        twin = ("title_zh", "part", "planned_start_on", "planned_finish_on")
        if not self.thing.pk and not self.errors:
            plant: Plant = self.thing.plant
            if plant.projects.filter(**{name: cleaned[name] for name in twin}).exists():
                raise forms.ValidationError(_("This project is entered already."))
        return cleaned


def _plain(number: Decimal) -> Decimal:
    """1250, not 1.25E+3 or 1250.000000."""
    return Decimal(f"{number.normalize():f}")
