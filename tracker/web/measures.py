"""What a limit measures and in which unit, as people write it. The seeds keep plain letters."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = dict[str, str | Promise]

POLLUTANTS: Words = {
    "PM": _("particulate matter"),
    "PM + CPM": _("particulate matter, condensable included"),
    "SO2": "SO₂",
    "NOx": "NOₓ",
    "NH3": "NH₃",
    "Hg": _("mercury"),
    "fluoride": _("fluoride"),
    "clean transport share": _("clean transport share"),
    "gate data transmission": _("gate data transmission"),
    "in-plant vehicles: new energy": _("in-plant vehicles: new energy"),
    "in-plant vehicles: new energy or China VI": _("in-plant vehicles: new energy or China VI"),
    "interval between audits": _("interval between audits"),
    "ledger retention": _("ledger kept for"),
    "machines: new energy, else China III or better": _(
        "machines: new energy, else China III or better"
    ),
    "machines: new energy, else China IV or better": _(
        "machines: new energy, else China IV or better"
    ),
    "materials by road: new energy or China VI": _("materials by road: new energy or China VI"),
    "new-energy share of shortfall": _("new-energy share of the shortfall"),
    "products by road: new energy or China VI": _("products by road: new energy or China VI"),
    "reagent sample kept": _("reagent sample kept for"),
    "steady running": _("steady running for"),
    "share of hours": _("share of hours"),
    "valid days": _("valid days"),
    "valid hours": _("valid hours"),
    "valid minutes": _("valid minutes"),
    "valid-data capture": _("valid-data capture"),
}
UNITS: Words = {
    "mg/m3": "mg/m³",
    "ug/m3": "µg/m³",
    "a": _("years"),
    "mo": _("months"),
    "d": _("days"),
    "h": _("hours"),
    "min": _("minutes"),
}
AVERAGINGS: Words = {
    "hour": _("hourly mean"),
    "day": _("daily mean"),
    "month": _("monthly mean"),
    "quarter": _("quarterly mean"),
    "year": _("yearly mean"),
}


def in_words(table: Words, code: str) -> str:
    """The code as people write it; one that the table doesn't know stands as it is."""
    return str(table.get(code, code))
