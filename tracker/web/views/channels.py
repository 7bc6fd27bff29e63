"""Channels beside mail: set up, tried and ended by administrators, with the proof of each post."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tracker.accounts.rights import administered_by
from tracker.reminders.channels.addresses import BadAddress
from tracker.reminders.channels.setup import EndedAlready, end_channel, plan_test, set_up_channel
from tracker.reminders.models import Channel, ChannelPost, ChannelQuerySet, PostState
from tracker.tasks import nudge_channels
from tracker.web.access import PersonRequest, actor_of, find
from tracker.web.forms.channels import ChannelForm
from tracker.web.machinery import for_who_runs_it

PAGE_SIZE = 50


@require_safe
@never_cache
@for_who_runs_it
def channels(request: PersonRequest) -> HttpResponse:
    """Those of the authorities under her and of their plants."""
    return _list(request, ChannelForm(reach=administered_by(request.user)))


@require_POST
@never_cache
@for_who_runs_it
def channel_add(request: PersonRequest) -> HttpResponse:
    """Set one up; 422 where something is missing or the address is refused."""
    form = ChannelForm(request.POST, reach=administered_by(request.user))
    if not form.is_valid():
        return _list(request, form, status=422)
    try:
        made = set_up_channel(**form.cleaned_data, by=actor_of(request), at=timezone.now())
    except BadAddress as refusal:
        form.add_error(refusal.field, str(refusal.sentence))
        return _list(request, form, status=422)
    messages.success(request, _("The channel is set up. Send a test message to see it arrive."))
    return redirect("channel", made.pk)


@require_safe
@never_cache
@for_who_runs_it
def channel(request: PersonRequest, pk: int) -> HttpResponse:
    """One of them, with all that was promised to it, newest first."""
    found = find(_hers(request), pk=pk)
    posts = found.posts.order_by("-planned_at", "-pk")
    page = Paginator(posts, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "channels/channel.html", {"channel": found, "page": page, "base": ""})


@require_POST
@for_who_runs_it
def channel_test(request: PersonRequest, pk: int) -> HttpResponse:
    """Promise a test message; a worker sends it, and the page tells what became of it."""
    found = find(_hers(request), pk=pk)
    try:
        is_new = plan_test(found, by=actor_of(request), at=timezone.now())
    except EndedAlready:
        messages.info(request, _("The channel has ended."))
        return redirect("channel", pk)
    if is_new:
        nudge_channels()
        messages.success(request, _("The test message waits to be sent: look again in a moment."))
    else:
        messages.info(request, _("One is on its way already: at most one a minute."))
    return redirect("channel", pk)


@require_POST
@for_who_runs_it
def channel_end(request: PersonRequest, pk: int) -> HttpResponse:
    """End it; pressed twice, the second changes nothing."""
    found = find(_hers(request), pk=pk)
    try:
        end_channel(found, by=actor_of(request), at=timezone.now())
    except EndedAlready:
        messages.info(request, _("The channel has ended."))
    else:
        messages.success(request, _("The channel has ended: nothing goes to it any more."))
    return redirect("channels")


def _hers(request: PersonRequest) -> ChannelQuerySet:
    named = Channel.objects.select_related("authority", "plant", "made_by", "ended_by")
    return named.administered_by(request.user)


def _list(request: PersonRequest, form: ChannelForm, *, status: int = 200) -> HttpResponse:
    tried = ChannelPost.objects.filter(channel=OuterRef("pk"), attempts__gt=0)
    newest = tried.exclude(state=PostState.CANCELLED).order_by("-next_attempt_at", "-pk")
    waiting = Q(posts__state__in=(PostState.PLANNED, PostState.CLAIMED))
    found = (
        _hers(request)
        .annotate(
            sent_at=Max("posts__sent_at"),
            waiting=Count("posts", filter=waiting),
            failed=Count("posts", filter=Q(posts__state=PostState.FAILED)),
            fault=Subquery(newest.values("fault")[:1]),
        )
        .order_by("name", "pk")
    )
    context = {
        "standing": found.standing(),
        "ended": found.filter(ended_at__isnull=False),
        "form": form,
        "may_add": bool(form.scopes),
    }
    return render(request, "channels/list.html", context, status=status)
