"""Annexes of plans: those that were brought, a place to bring the next, and a template."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plants.verification import Verification
from tracker.annexes.arrange import (
    AnnexRefused,
    receive_annex,
)
from tracker.annexes.models import AnnexImport
from tracker.annexes.package import workbook_type_of
from tracker.annexes.rights import documents_for, read_listed, trees_of
from tracker.annexes.template import make_template
from tracker.evidence.types import EXCEL, FileRefused
from tracker.tasks import nudge_after_files
from tracker.web.access import Door, PersonRequest, actor_of, signed_in
from tracker.web.forms.annexes import AnnexForm
from tracker.web.forms.evidence import first_fault
from tracker.web.uploads import ReceivedFile, status_of

IMPORTS_ON_A_PAGE = 25
TEMPLATE_NAME = "附表模板.xlsx"

P = ParamSpec("P")
View = Callable[Concatenate[PersonRequest, P], HttpResponseBase]


def top_office(view: View[P]) -> Door[P]:
    """Only for the offices at the top of a tree; 403 for others."""

    @signed_in
    @wraps(view)
    def guarded(request: PersonRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not trees_of(request.user):
            raise PermissionDenied(
                _("Only the office at the top of the plan's authority loads its annex.")
            )
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@top_office
def annexes(request: PersonRequest) -> HttpResponse:
    """What was brought so far, a place to bring the next, and a template."""
    return render(request, "annexes/list.html", _listed(request))


@require_POST
@top_office
def annex_upload(request: PersonRequest) -> HttpResponse:
    """Take a workbook in; nothing but the import itself is changed."""
    form = AnnexForm(request.POST, documents_for(request.user))
    file = cast("ReceivedFile | None", request.FILES.get("file"))
    if not form.is_valid():
        return _not_taken(request, first_fault(form))
    if file is None:
        return _not_taken(request, _("No file came with the form. Choose one first."))
    try:
        annex = receive_annex(
            document=form.cleaned_data["document"],
            stored=file.incoming.keep(workbook_type_of).stored,
            original_name=file.original_name,
            verification=form.cleaned_data["verification"],
            by=actor_of(request),
            at=timezone.now(),
        )
    except (FileRefused, AnnexRefused) as refusal:
        return _not_taken(request, str(refusal), status=status_of(refusal))
    nudge_after_files()
    return redirect("annex", annex.pk)


@require_safe
@top_office
def annex_template(request: PersonRequest) -> HttpResponse:
    """An empty annex with the plants that one may date."""
    content = make_template(read_listed(request.user))
    response = HttpResponse(content, content_type=EXCEL)
    name = urlencode({"": TEMPLATE_NAME})[1:]
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


def _listed(request: PersonRequest) -> dict[str, object]:
    found = AnnexImport.objects.visible_to(request.user).select_related("document", "uploaded_by")
    page = Paginator(found.order_by("-uploaded_at", "-pk"), IMPORTS_ON_A_PAGE)
    return {
        "page": page.get_page(request.GET.get("page")),
        "base": "",
        "documents": documents_for(request.user),
        "document": request.POST.get("document") or request.GET.get("document", ""),
        "verifications": Verification.choices,
        "verification": request.POST.get("verification", Verification.TO_VERIFY),
        "limit_mb": int(settings.UPLOAD_LIMIT_MB),
    }


def _not_taken(request: PersonRequest, sentence: str, *, status: int = 422) -> HttpResponse:
    context = {**_listed(request), "refusal": sentence}
    return render(request, "annexes/list.html", context, status=status)
