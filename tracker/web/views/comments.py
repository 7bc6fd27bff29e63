"""Comments on an obligation: written on its page, read by all who see it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tracker.assessments.comments import CommentRefused, why_not_comment, write_comment
from tracker.obligations.models import Obligation
from tracker.reporting.answers import with_law
from tracker.web.access import PersonRequest, actor_of, find, signed_in
from tracker.web.forms.comments import CommentForm
from tracker.web.forms.evidence import first_fault
from tracker.web.views.obligations import obligation_context


@require_POST
@signed_in
def obligation_comment(request: PersonRequest, pk: int) -> HttpResponse:
    """Add a comment; the same form twice counts once, and a refused one keeps what was typed."""
    shown = find(with_law(Obligation.objects.visible_to(request.user)), pk=pk)
    why_not = why_not_comment(request.user, shown)
    if why_not is not None:
        raise PermissionDenied(why_not)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _refused(request, shown, first_fault(form))
    try:
        write_comment(
            obligation=shown,
            text=form.cleaned_data["text"],
            token=form.cleaned_data["token"],
            by=actor_of(request),
            at=timezone.now(),
        )
    except CommentRefused as refusal:
        return _refused(request, shown, str(refusal))
    messages.success(request, _("Your comment stands there; the other side is told by mail."))
    return redirect(f"{reverse('obligation', args=[pk])}#comments")


def _refused(request: PersonRequest, shown: Obligation, sentence: str) -> HttpResponse:
    typed = {"refusal": sentence, "comment": request.POST.get("text", "")}
    context = {**obligation_context(request, shown), **typed}
    return render(request, "obligations/obligation.html", context, status=422)
