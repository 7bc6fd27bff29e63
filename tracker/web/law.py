"""The template filters that say a requirement's rules, and what was corrected of them, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django import template
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from plants.models import Zone
from plants.text import Text
from tracker.obligations.describe_due import brief_due
from tracker.regulations.corrections import Thing, plain, split_path
from tracker.regulations.models import Correction, Document, Limit, Requirement, Target
from tracker.regulations.rules import read_due
from tracker.web.looks import VERIFICATIONS
from tracker.web.measures import POLLUTANTS

register = template.Library()


@register.filter
def due_briefly(requirement: Requirement) -> Text:
    """When it is due, in a few words for a list."""
    return brief_due(read_due(requirement.due, subject=requirement.subject_kind))


@register.filter
def rule_name(thing: Thing) -> str:
    """What a page calls a requirement, a target, a document or a stop window."""
    if isinstance(thing, Target):
        measured = {
            "area": thing.zone.name if thing.zone else capfirst(thing.get_area_kind_display()),
            "percent": plain(thing.share_percent),
            "day": thing.by_on,
        }
        return _("%(area)s: %(percent)s %% by %(day)s") % measured
    return str(thing.title) if isinstance(thing, (Requirement, Document)) else str(thing)


COLUMNS = {
    "clause": gettext_lazy("Clause"),
    "text_zh": gettext_lazy("Chinese wording"),
    "text_en": gettext_lazy("English wording"),
    "due": gettext_lazy("Due"),
    "review_levels": gettext_lazy("Levels of review"),
    "effective_from": gettext_lazy("In force from"),
    "effective_to": gettext_lazy("In force until"),
    "verification": gettext_lazy("Verification"),
    "note_zh": gettext_lazy("Chinese note"),
    "note_en": gettext_lazy("English note"),
    "value": gettext_lazy("Value"),
    "share_percent": gettext_lazy("Share"),
    "by_on": pgettext_lazy("target", "By"),
    "number": pgettext_lazy("document", "Number"),
    "title_zh": gettext_lazy("Chinese title"),
    "title_en": gettext_lazy("English title"),
    "title_is_name": gettext_lazy("The title is the document's own"),
    "issuers": gettext_lazy("Issued by"),
    "issued_on": gettext_lazy("Issued on"),
    "effective_on": gettext_lazy("In force from"),
    "starts_on": gettext_lazy("First day"),
    "ends_on": gettext_lazy("Last day"),
}


class ChangedValue(NamedTuple):
    """One line of a correction: what, from what, to what."""

    label: str
    before: str
    after: str


class CorrectionInWords(NamedTuple):
    """A correction with its lines; ``name`` says of what, where a page is about several things."""

    correction: Correction
    name: str
    changes: list[ChangedValue]


@dataclass(frozen=True)
class Wording:
    """What says a rule's corrected values in words: its limits, and the zones' names."""

    limits: Mapping[int, Limit]
    zones: Mapping[str, Text]

    @classmethod
    def of(cls, limits: Iterable[Limit]) -> "Wording":
        zones = {zone.code: zone.name for zone in Zone.objects.all()}
        return cls({limit.pk: limit for limit in limits}, zones)

    def of_correction(self, correction: Correction, name: str = "") -> CorrectionInWords:
        changes = ((p, correction.before[p], after) for p, after in correction.after.items())
        return CorrectionInWords(correction, name, self.lines(changes))

    def lines(self, changes: Iterable[tuple[str, object, object]]) -> list[ChangedValue]:
        """Each path with the value before and after, as a page shows them."""
        return [
            ChangedValue(self._label(path), self._value(path, before), self._value(path, after))
            for path, before, after in changes
        ]

    def _label(self, path: str) -> str:
        limit_id, name = split_path(path)
        if limit_id is None:
            return str(COLUMNS[name])
        limit = self.limits.get(limit_id)
        where = POLLUTANTS.get(limit.pollutant, limit.pollutant) if limit else ""
        return _("%(column)s of %(limit)s") % {"limit": where, "column": COLUMNS[name]}

    def _value(self, path: str, value: object) -> str:
        name = split_path(path)[1]
        if value in (None, "", []):
            return "—"
        if name == "verification":
            return str(VERIFICATIONS[str(value)].word)
        if name == "due" and isinstance(value, Mapping):
            return self._days(value)
        if name == "issuers" and isinstance(value, list):
            return "\n".join(str(Text(issuer["zh"], issuer["en"])) for issuer in value)
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if name == "share_percent":
            return f"{plain(value)} %"
        return str(plain(value))

    def _days(self, due: Mapping[str, object]) -> str:
        """The day or days that a due rule names, each zone's with its name."""
        zones = due.get("zone")
        if not isinstance(zones, Mapping):
            return str(due.get("on") or due.get("backstop") or "")
        days = [f"{self.zones.get(code, code)} {day}" for code, day in zones.items()]
        return pgettext("between items", "; ").join(days)
