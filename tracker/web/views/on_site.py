"""What a phone keeps on site and sends when there is a signal: looks, photographs, its worker."""

import json
from dataclasses import replace
from typing import cast

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tracker.evidence.models import Evidence
from tracker.evidence.types import FileRefused
from tracker.rounds.fugitive.check import record_checks
from tracker.rounds.fugitive.photos import keep_photo
from tracker.rounds.fugitive.rights import CheckRefused
from tracker.rounds.models import FugitiveItem, FugitiveSource, Round
from tracker.tasks import nudge_after_files
from tracker.web.access import PersonRequest, actor_of, signed_in
from tracker.web.forms.evidence import first_fault
from tracker.web.forms.fugitive import MOST_ROWS, SentLookForm
from tracker.web.uploads import ReceivedFile, status_of
from tracker.web.views.fugitive import find_source, refused_status, seen_of, writable

WORKER = settings.BASE_DIR / "static" / "on-site-worker.js"
MOST_LOOKS = 50
MOST_PHOTOS = 20
Sent = dict[str, object]


@require_safe
def worker(_request: HttpRequest) -> FileResponse:
    """The script that opens checklists without a signal; the same for everybody.

    It stands here and not among the other scripts, because a browser lets a worker speak only for
    pages that lie below it.
    """
    response = FileResponse(WORKER.open("rb"), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@require_POST
@signed_in
def photo_add(request: PersonRequest, pk: int) -> HttpResponse:
    """Keep one photograph, to be named by the look that it belongs to; the same again is there."""
    found = writable(request, pk)
    files = cast(list[ReceivedFile], request.FILES.getlist("photo"))
    if len(files) != 1 or not request.POST.get("person"):
        return _not_understood()
    if request.POST["person"] != str(request.user.pk):
        return _somebody_elses()
    try:
        kept = files[0].incoming.keep_for(found.plant)
        photo = keep_photo(found=found, file=kept, by=actor_of(request), at=timezone.now())
    except FileRefused as refusal:
        return JsonResponse({"reason": str(refusal)}, status=status_of(refusal))
    except CheckRefused as refusal:
        return JsonResponse({"reason": str(refusal)}, status=refused_status(request, found))
    nudge_after_files()
    return JsonResponse({"photo": photo.pk})


@require_POST
@signed_in
def looks_send(request: PersonRequest, pk: int, source_pk: int) -> HttpResponse:
    """Take in what a phone has kept; the answer says of each look whether it is there, or why not.

    ``person`` is who entered it: somebody else who has signed in meanwhile does not send it.
    """
    source = find_source(writable(request, pk), source_pk)
    told = _read(request.body)
    if told is None:
        return _not_understood()
    person, looks = told
    if person != request.user.pk:
        return _somebody_elses()
    return JsonResponse({"looks": {str(x.get("token")): _take(request, source, x) for x in looks}})


def _take(request: PersonRequest, source: FugitiveSource, look: Sent) -> dict[str, str]:
    """One look by itself, so that what is wrong with it holds no other back."""
    try:
        _record(request, source, look)
    except CheckRefused as refusal:
        return {"state": "refused", "reason": str(refusal)}
    return {"state": "sent"}


def _record(request: PersonRequest, source: FugitiveSource, look: Sent) -> None:
    form = SentLookForm({k: str(v) for k, v in look.items() if isinstance(v, (str, int))})
    if not form.is_valid():
        raise CheckRefused(first_fault(form))
    item = FugitiveItem.objects.filter(pk=form.cleaned_data["item"]).first()
    if item is None:
        raise CheckRefused(_("The item was withdrawn."))
    photos = _photos(request, source.round, look.get("photos"))
    seen = replace(seen_of(form, source, item), photos=photos)
    record_checks(found=source.round, seen=[seen], by=actor_of(request), at=timezone.now())


def _photos(request: PersonRequest, found: Round, told: object) -> list[Evidence]:
    """Those that this person's phone has brought before, for this plant."""
    asked = told if isinstance(told, list) else []
    keys = {key for key in asked if isinstance(key, int) and 0 < key <= MOST_ROWS}
    own = Evidence.objects.filter(plant=found.plant, uploaded_by=request.user, pk__in=keys)
    photos = list(own.select_related("stored").order_by("pk")) if keys else []
    if len(photos) != len(asked) or len(asked) > MOST_PHOTOS:
        raise CheckRefused(_("A photo is not there: choose it again."))
    return photos


def _read(body: bytes) -> tuple[object, list[Sent]] | None:
    """Who entered the looks, and the looks; None for what is not of that shape. Pure."""
    try:
        told = json.loads(body)
        # Half of a surrogate pair is no text that a database could keep.
        json.dumps(told, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    looks = told.get("looks") if isinstance(told, dict) else None
    if not isinstance(looks, list) or not 0 < len(looks) <= MOST_LOOKS:
        return None
    return (told.get("person"), looks) if all(isinstance(x, dict) for x in looks) else None


def _somebody_elses() -> JsonResponse:
    """It waits on the phone until the person signs in who entered it."""
    sentence = _("Somebody else entered this: it is sent once that person has signed in.")
    return JsonResponse({"reason": sentence, "waits": True}, status=409)


def _not_understood() -> JsonResponse:
    sentence = _("This request couldn't be understood; nothing was changed.")
    return JsonResponse({"reason": sentence}, status=400)
