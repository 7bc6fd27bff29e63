"""Sealed packages to keep: of a plant, of one obligation, or of one round."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import FileResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from plants.models import Plant
from tracker.audit import Verb, record
from tracker.obligations.models import Obligation
from tracker.reporting.sealed.archive import PackageRefused, seal_package
from tracker.reporting.sealed.contents import may_take, read_contents
from tracker.reporting.sealed.packed import Packed
from tracker.reporting.sealed.rounds.contents import read_round
from tracker.rounds.models import Round
from tracker.web.access import PersonRequest, actor_of, find, signed_in
from tracker.web.htmx import tell


@require_POST
@signed_in
def plant_package(request: PersonRequest, pk: int) -> HttpResponseBase:
    """All papers of the plant."""
    plant = find(Plant.objects.visible_to(request.user).with_surroundings(), pk=pk)
    return _package(request, plant, None)


@require_POST
@signed_in
def obligation_package(request: PersonRequest, pk: int) -> HttpResponseBase:
    """The papers of one obligation."""
    seen = Obligation.objects.visible_to(request.user)
    obligation = find(seen.select_related("plant__authority", "plant__place"), pk=pk)
    return _package(request, obligation.plant, obligation)


@require_POST
@signed_in
def round_package(request: PersonRequest, pk: int) -> HttpResponseBase:
    """All of one round; not for who has only a seat in it, since it holds the plant's ledger."""
    seen = Round.objects.visible_to(request.user)
    found = find(
        seen.select_related("plant__authority", "plant__place", "after", "opened_by"), pk=pk
    )
    _refuse_others(request, found.plant)
    contents = read_round(found, today=timezone.localdate())
    return _send(request, contents, thing=found)


def _package(
    request: PersonRequest, plant: Plant, obligation: Obligation | None
) -> HttpResponseBase:
    _refuse_others(request, plant)
    return _send(request, read_contents(plant, obligation), thing=obligation or plant)


def _refuse_others(request: PersonRequest, plant: Plant) -> None:
    if not may_take(request.user, plant):
        raise PermissionDenied(_("Your role doesn't include the plant's papers as a whole."))


def _send(request: PersonRequest, contents: Packed, *, thing: Model) -> HttpResponseBase:
    """The file to keep; who took it, and the manifest's hash, stand in the trail."""
    by, at = actor_of(request), timezone.now()
    try:
        package = seal_package(contents, by=by, at=at, site=settings.SITE_URL)
    except PackageRefused as refusal:
        return tell(request, str(refusal), status=409)
    plant = contents.plant
    record(
        by=by,
        at=at,
        verb=Verb.SEALED,
        thing=thing,
        plant=plant,
        after={"files": package.file_count, "manifest_sha256": package.manifest_sha256},
    )
    words = {"plant": plant.name, "at": f"{timezone.localtime(at):%Y%m%d-%H%M}"}
    name = _("%(plant)s papers %(at)s.zip") % words
    if isinstance(thing, Round):
        name = _("%(plant)s %(round)s %(at)s.zip") % {**words, "round": thing}
    return FileResponse(
        package.stream, as_attachment=True, filename=name, content_type="application/zip"
    )
