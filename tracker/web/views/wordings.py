"""An authority's own words in its mails: the list, the form, the preview, and back to ours."""

from secrets import token_urlsafe
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from plants.models import Authority
from tracker.reminders.examples import build_example
from tracker.reminders.letters import Letter
from tracker.reminders.models import Worded, Wording
from tracker.reminders.placeholders import NAMES
from tracker.reminders.set_wording import (
    StaleWording,
    find_set,
    mark_of,
    reset_wording,
    set_wording,
)
from tracker.reminders.wording import LENGTHS, find_wording
from tracker.web.access import PersonRequest, actor_of, find
from tracker.web.forms.wordings import KEY, WordingForm, typed_of
from tracker.web.machinery import for_who_runs_it
from tracker.web.mails import show_mail

DRAFTS = "wordings"
MOST_DRAFTS = 5


@require_safe
@never_cache
@for_who_runs_it
def wordings(request: PersonRequest) -> HttpResponse:
    """What was worded at her authorities and above, with what can't be used."""
    hers = Authority.objects.run_by(request.user)
    seen = Wording.objects.visible_to(request.user).select_related("authority")
    shown = seen.holding_at(hers).order_by("authority__path", "letter", "pk")
    context = {
        "hers": set(hers.values_list("pk", flat=True)),
        "wordings": shown,
        "letters": Worded.labels,
    }
    return render(request, "wordings/list.html", context)


@require_safe
@never_cache
@for_who_runs_it
def wording_add(request: PersonRequest) -> HttpResponse:
    """An empty form."""
    given = {"letter": Worded.DIGEST, "language": get_language()}
    return _page(request, _form(request, initial=given))


@require_safe
@never_cache
@for_who_runs_it
def wording_change(request: PersonRequest, pk: int) -> HttpResponse:
    """The form of one that is set at an authority of hers, with what kept it from being used."""
    wording = _find(request, pk)
    return _page(request, _form(request, initial=typed_of(wording)), wording)


@require_POST
@for_who_runs_it
def wording_preview(request: PersonRequest) -> HttpResponse:
    """An example letter in both languages, with the button that saves."""
    form = _form(request, request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    draft = form.draft()
    there = find_set(draft.authority, draft.letter, draft.language)
    if mark_of(there) != form.cleaned_data["seen"]:
        return _stale(request, form, there)
    token = _keep_draft(request, draft)
    examples = [
        (language, name, _example(draft, language)) for language, name in settings.LANGUAGES
    ]
    return _page(request, form, there, examples=examples, token=token)


@require_safe
@never_cache
@for_who_runs_it
def wording_example(request: PersonRequest, token: str, language: str) -> HttpResponse:
    """The example as its reader sees it, for the frame in the preview; of her own drafts only."""
    kept = request.session.get(DRAFTS, {}).get(token)
    if kept is None or language not in dict(settings.LANGUAGES):
        raise Http404
    authority = find(Authority.objects.run_by(request.user), pk=kept["authority"])
    draft = Wording(**{**kept, "authority": authority})
    return show_mail(_example(draft, language).html)


@require_POST
@for_who_runs_it
def wording_set(request: PersonRequest) -> HttpResponse:
    """Keep it; 422 for what can't be filled, 409 where somebody was faster."""
    form = _form(request, request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    draft, seen = form.draft(), form.cleaned_data["seen"]
    try:
        set_wording(draft=draft, seen=seen, by=actor_of(request), at=timezone.now())
    except StaleWording:
        return _stale(request, form, find_set(draft.authority, draft.letter, draft.language))
    messages.success(request, _("The wording is set: the next mails go out with it."))
    return redirect("wordings")


@require_POST
@for_who_runs_it
def wording_reset(request: PersonRequest, pk: int) -> HttpResponse:
    """Back to ours, or to what is set above it."""
    wording, seen = _find(request, pk), request.POST.get("seen", "")
    try:
        reset_wording(wording=wording, seen=seen, by=actor_of(request), at=timezone.now())
    except StaleWording:
        messages.error(request, _("Somebody changed it meanwhile: look at it again."))
        return redirect("wordings")
    messages.success(request, _("The letter is back to ours, or to what is set above."))
    return redirect("wordings")


def _example(draft: Wording, language: str) -> Letter:
    """With the draft in its own language; in the other with what holds there."""
    chosen: Wording | None = draft
    if language != draft.language:
        chosen = find_wording(draft.authority.path, draft.letter, language)
    return build_example(draft.letter, language=language, wording=chosen, at=timezone.now())


def _keep_draft(request: PersonRequest, draft: Wording) -> str:
    """In her session, for the frames; the newest few."""
    token = token_urlsafe(12)
    values = {name: getattr(draft, name) for name in ("letter", "language", *LENGTHS)}
    kept = [*request.session.get(DRAFTS, {}).items()][-(MOST_DRAFTS - 1) :]
    request.session[DRAFTS] = {**dict(kept), token: {**values, "authority": draft.authority_id}}
    return token


def _find(request: PersonRequest, pk: int) -> Wording:
    seen = Wording.objects.visible_to(request.user).select_related("authority")
    found: Wording = find(seen.filter(authority__in=Authority.objects.run_by(request.user)), pk=pk)
    return found


def _form(request: PersonRequest, data: Any = None, **options: Any) -> WordingForm:
    return WordingForm(data, authorities=Authority.objects.run_by(request.user), **options)


def _stale(request: PersonRequest, form: WordingForm, there: Wording | None) -> HttpResponse:
    """All that was typed stays, beside what stands there now; sent again it is for that."""
    data = request.POST.copy()
    stale = "moved" if data.get("seen") else "there"
    data["seen"] = mark_of(there)
    return _page(request, _form(request, data), there, status=409, stale=stale)


def _page(
    request: PersonRequest,
    form: WordingForm,
    wording: Wording | None = None,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        "form": form,
        "wording": wording if wording is not None else _there(form),
        "names": _names(form),
        **more,
    }
    context["seen"] = mark_of(context["wording"])
    return render(request, "wordings/form.html", context, status=status)


def _there(form: WordingForm) -> Wording | None:
    """The one that the form changes, where what it is for was understood."""
    if not form.is_bound or not form.is_change or set(KEY) & form.errors.keys():
        return None
    given: dict[str, Any] = form.cleaned_data
    authority: Authority = given["authority"]
    return find_set(authority, given["letter"], given["language"])


def _names(form: WordingForm) -> list[tuple[str, str]]:
    """The placeholders and what stands for them, with the letters that lack one."""
    letter = form["letter"].value()
    told = {
        "name": _("the reader's name"),
        "authority": _("the name of the authority"),
        "site": _("the site's address"),
        "subject": _("our own subject"),
        "count": _("how many things the letter tells of"),
        "plant": _("the plant; of several the first, and how many more (not for rules put right)"),
        "date": _("the day (daily digest and escalation only)"),
    }
    allowed = NAMES.get(letter, ()) if form.is_change else told
    return [(name, words) for name, words in told.items() if name in allowed]
