"""Builds a report's text out of what was read: the same rows, the same text. Pure.

The order is that of the public-notice template for cement (domain 2.5); what was not read of it is
our arrangement, and says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tracker.rounds.models import Body, Seat, Signer
from tracker.rounds.report.assessment import arranged_by_us, assessment
from tracker.rounds.report.blocks import FORMAT, Json, section
from tracker.rounds.report.changes import changes_between
from tracker.rounds.report.enterprise import enterprise
from tracker.rounds.report.fugitive import pictures
from tracker.rounds.report.organised import samples
from tracker.rounds.report.retrofit import retrofit
from tracker.rounds.report.source import Source

OF_BODIES = {Body.MONITORING: Signer.MONITORING, Body.TECHNICAL: Signer.TECHNICAL}


@dataclass(frozen=True)
class Before:
    """The version that this one's changes are told against."""

    number: int
    sha256: str
    content: Mapping[str, object]


@dataclass(frozen=True)
class Version:
    """Which version it is, in which language, and why an older one is corrected."""

    number: int
    language: str
    reason: str = ""
    before: Before | None = None


def build_content(source: Source, version: Version) -> Json:
    """The whole text, in the version's language."""
    with translation.override(version.language):
        content = _content(source, version)
        if version.before is not None:
            before = version.before
            content["before"] = {"number": before.number, "sha256": before.sha256}
            content["changes"] = changes_between(dict(before.content), content)
    return content


def signers_of(seats: Iterable[Seat]) -> list[Signer]:
    """Whose word the round asks for, in the order in which they sign; the plant's always."""
    bodies = {OF_BODIES[Body(seat.body)] for seat in seats if seat.ended_at is None}
    return [each for each in Signer if each in bodies or each == Signer.PLANT]


def _content(source: Source, version: Version) -> Json:
    round_ = source.round
    words = {"round": round_.number, "version": version.number, "day": source.today.isoformat()}
    return {
        "format": FORMAT,
        "language": version.language,
        "plant": str(round_.plant.name),
        "title": _("Report on the ULE assessment"),
        "subtitle": _("Round %(round)d · version %(version)d · as of %(day)s") % words,
        "note": _template_note(),
        "reason": version.reason,
        "sections": [
            enterprise(source),
            retrofit(source),
            assessment(source),
            *_annexes(source),
        ],
        "signers": _signers(source),
        "before": None,
        "changes": [],
        "words": words_beside(),
    }


def _template_note() -> str:
    return _(
        "The structure follows a public-notice template for cement as read on a trade platform in "
        "March 2026; sections that say so are our arrangement, to be verified."
    )


def _annexes(source: Source) -> list[Json]:
    found = []
    taken = samples(source)
    if taken["rows"]:
        found.append((_("Manual samples"), "annex-samples", taken))
    shown = pictures(source)
    if shown["photos"]:
        found.append((_("Photographs of the fugitive checks"), "annex-photos", shown))
    return [
        section(
            key,
            _("Annex %(number)d: %(title)s") % {"number": number, "title": title},
            [block],
            note=arranged_by_us(),
        )
        for number, (title, key, block) in enumerate(found, start=1)
    ]


def _signers(source: Source) -> list[Json]:
    organisations: dict[Signer, list[str]] = {Signer.PLANT: [str(source.round.plant.name)]}
    for seat in source.seats:
        if seat.ended_at is None:
            names = organisations.setdefault(OF_BODIES[Body(seat.body)], [])
            if seat.organisation not in names:
                names.append(seat.organisation)
    return [
        {"signer": each.value, "title": str(each.label), "organisations": organisations[each]}
        for each in signers_of(source.seats)
    ]


def words_beside() -> dict[str, str]:
    """What the documents say beside the text; frozen with it, so that they need no language."""
    return {
        "contents": pgettext("report", "Contents"),
        "changes": _("What this version changes"),
        "reason": _("Reason for the correction"),
        "before": _("Compared with version"),
        "where": _("Where"),
        "was": _("Before"),
        "is": _("Now"),
        "none": _("Nothing but the date and the number of the version."),
        "signatures": _("Signatures"),
        "signature": _("Signature and seal"),
        "date": _("Date"),
        "fingerprint": _("SHA-256 of the text"),
        "page": _("page {}"),
        "missing": _("The picture can't be shown."),
    }
