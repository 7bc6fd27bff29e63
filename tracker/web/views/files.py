"""Files in one list, a plant's or all: what each says of itself and answers, and using it again."""

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, Subquery
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from plants.models import Plant
from tracker.evidence.attach import AnswerRefused, attach_again, why_not_answer
from tracker.evidence.models import (
    Attachment,
    Evidence,
    EvidenceQuerySet,
    LegalHold,
    ReliefPaper,
)
from tracker.evidence.search import count_unread, lines_of
from tracker.obligations.models import Obligation
from tracker.reporting.sealed.contents import may_take
from tracker.web.access import PersonRequest, actor_of, find, signed_in
from tracker.web.forms.files import CHOICES, AllFilesFilterForm, FilesFilterForm
from tracker.web.htmx import tell
from tracker.web.views.evidence import answerable

PAGE_SIZE = 50


@require_safe
@signed_in
def plant_files(request: PersonRequest, pk: int) -> HttpResponse:
    """Newest first; with ``?for=`` an obligation each file can be laid to that one as well."""
    holds = LegalHold.objects.standing().filter(plant=OuterRef("pk"))
    seen = Plant.objects.visible_to(request.user).with_surroundings()
    plant = find(seen.annotate(is_held=Exists(holds)), pk=pk)
    form = FilesFilterForm(request.GET)
    wanted = _wanted(request, plant, form)
    context = {
        **_list_of(request, form, Evidence.objects.visible_to(request.user).filter(plant=plant)),
        "plant": plant,
        "wanted": wanted,
        "may_take": may_take(request.user, plant),
    }
    if wanted is not None:
        context["base"] = urlencode({**form.chosen(), "for": str(wanted.pk)})
    return render(request, "plants/files.html", context)


@require_safe
@signed_in
def files(request: PersonRequest) -> HttpResponse:
    """The files of all the plants that one sees, newest first."""
    form = AllFilesFilterForm(request.GET)
    return render(
        request,
        "files/list.html",
        _list_of(request, form, Evidence.objects.visible_to(request.user)),
    )


def _list_of(
    request: PersonRequest, form: FilesFilterForm, seen: EvidenceQuerySet
) -> dict[str, object]:
    """A page of the files that fit, and where in each the words were found."""
    lying = Attachment.objects.lying().select_related(
        "obligation__requirement", "obligation__line", "obligation__outlet"
    )
    papers = ReliefPaper.objects.filter(evidence=OuterRef("pk")).order_by("pk")
    found = (
        form.narrow(seen)
        .select_related("stored", "uploaded_by", "replaced_by", "plant")
        .prefetch_related(Prefetch("attachments", lying, to_attr="lying"))
        .annotate(asked_with=Subquery(papers.values("relief")[:1]))
        .order_by("-uploaded_at", "-pk")
    )
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    lines = lines_of(shown, form.query)
    return {
        "page": page,
        "rows": [(file, lines.get(file.stored_id)) for file in shown],
        "unread": count_unread(seen) if form.query else 0,
        "chosen": form.chosen(),
        "base": urlencode(form.chosen()),
        "kinds": CHOICES,
        "today": timezone.localdate(),
    }


@require_POST
@signed_in
def obligation_use_file(request: PersonRequest, pk: int, evidence_pk: int) -> HttpResponse:
    """Lay a file that the plant brought before to this obligation."""
    shown = answerable(request, pk)
    evidence = find(Evidence.objects.visible_to(request.user), pk=evidence_pk)
    try:
        attach_again(obligation=shown, evidence=evidence, by=actor_of(request), at=timezone.now())
    except AnswerRefused as refusal:
        return tell(request, str(refusal), status=409)
    return redirect("obligation", shown.pk)


def _wanted(request: PersonRequest, plant: Plant, form: FilesFilterForm) -> Obligation | None:
    """The obligation that a file is looked for, where she can answer it now."""
    seen = Obligation.objects.visible_to(request.user).for_plant(plant).with_subject()
    found = seen.filter(pk=form.wanted_for()).first()
    if found is None or why_not_answer(request.user, found) is not None:
        return None
    return found
