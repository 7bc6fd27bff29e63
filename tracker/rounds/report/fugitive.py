"""What a report says of fugitive emissions: each source's checks, faults, photographs. Pure."""

from collections import Counter

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tracker.rounds.models import CheckResult, FugitiveSource
from tracker.rounds.report.blocks import Json, gap, photo, photos, row, table, text
from tracker.rounds.report.source import Look, Source
from tracker.rounds.report.telling import day, moment


def fugitive(source: Source) -> list[Json]:
    verdict = source.fugitive
    if verdict is None:
        return [text("left-out", _("This round is not about this part."))]
    if not source.fugitive_sources:
        return [text("summary", gap(_("sources of fugitive emissions and their checks")))]
    words = {
        "sources": len(source.fugitive_sources),
        "asked": verdict.asked,
        "settled": verdict.settled,
        "faults": len(verdict.open_faults),
        "outcome": verdict.outcome.label,
    }
    summary = _(
        "Sources: %(sources)d; items to check: %(asked)d, settled: %(settled)d; open faults: "
        "%(faults)d. Verdict: %(outcome)s."
    )
    found = [text("summary", summary % words), _sources(source)]
    faults = [look for look in source.looks if look.check.result == CheckResult.FAULT]
    return [*found, _faults(faults)] if faults else found


def _sources(source: Source) -> Json:
    counts = Counter((look.check.source_id, look.check.result) for look in source.looks)
    unseen = Counter(pk for pk, _item in source.fugitive.unseen) if source.fugitive else Counter()
    head = [
        pgettext("fugitive", "Link"),
        _("Place"),
        str(CheckResult.OK.label),
        str(CheckResult.FAULT.label),
        str(CheckResult.NOT_APPLICABLE.label),
        str(CheckResult.NOT_SEEN.label),
    ]
    rows = [
        row(
            str(each.pk),
            each.get_group_display(),
            _place(each),
            counts[each.pk, CheckResult.OK.value],
            counts[each.pk, CheckResult.FAULT.value],
            counts[each.pk, CheckResult.NOT_APPLICABLE.value],
            gap(_("%(count)d items not looked at") % {"count": unseen[each.pk]})
            if unseen[each.pk]
            else 0,
        )
        for each in source.fugitive_sources
    ]
    return table("sources", _("Checks by source"), head, [4, 7, 2, 2, 2, 4], rows)


def _place(source: FugitiveSource) -> str:
    return " · ".join(each for each in (source.name, source.place_in_plant) if each)


def _faults(looks: list[Look]) -> Json:
    head = [_("Place"), _("Item"), _("What was found"), _("Remedy"), _("Due"), _("Remedied")]
    rows = [
        row(
            f"{look.check.source_id} {look.check.item.code}",
            _place(look.check.source),
            look.check.item.text,
            look.check.note,
            look.check.remedy or gap(_("remedy")),
            day(look.check.remedy_due_on),
            day(look.check.remedied_on),
        )
        for look in looks
    ]
    return table("faults", _("Faults found"), head, [4, 5, 5, 5, 3, 3], rows)


def pictures(source: Source) -> Json:
    """The annex: photographs that may be shown, each with where and when it was taken."""
    shown = [
        photo(each.stored.sha256, _caption(look))
        for look in source.looks
        for each in look.photos
        if each.stored.can_be_opened
    ]
    return photos("photos", shown)


def _caption(look: Look) -> str:
    check = look.check
    words = [
        _place(check.source),
        str(check.item.text),
        str(check.get_result_display()),
        moment(timezone.localtime(check.checked_at)),
    ]
    return " · ".join(words)
