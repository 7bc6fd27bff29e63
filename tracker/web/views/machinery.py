"""The machinery at a glance: do mails go out, and what to do if not."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tracker.accounts.trial import last_trial, plan_trial
from tracker.reminders.backlog import administered, read_backlog, read_groups
from tracker.reminders.life import judge_night, read_signs
from tracker.serving.queue import count_waiting_tasks
from tracker.tasks import nudge_account_mails
from tracker.web.access import PersonRequest
from tracker.web.machinery import for_who_runs_it, judge_sending, signs_at

MOST_GROUPS = 50


@require_safe
@never_cache
@for_who_runs_it
def machinery(request: PersonRequest) -> HttpResponse:
    """The signs of life, the queue, what waits and what failed among the people under her."""
    now, found = timezone.now(), read_signs()
    rows = administered(request.user)
    signs, backlog, groups = signs_at(now, found), read_backlog(rows, now=now), read_groups(rows)
    verdict = judge_sending(signs, backlog, groups, now=now)
    context = {
        "signs": signs,
        "verdict": verdict,
        "night": judge_night(found, now=now),
        "waiting_tasks": count_waiting_tasks(),
        "backlog": backlog,
        "is_late": verdict.tone == "late" and backlog.oldest_at is not None,
        "groups": groups[:MOST_GROUPS],
        "more_groups": max(0, len(groups) - MOST_GROUPS),
        "trial": last_trial(request.user),
        "has_outbox": settings.DEMO_SITE,
    }
    return render(request, "machinery/machinery.html", context)


@require_POST
@for_who_runs_it
def test_mail(request: PersonRequest) -> HttpResponse:
    """Promise her a mail; a worker sends it, and the page tells what became of it."""
    if plan_trial(request.user, at=timezone.now()) is None:
        messages.info(request, _("One is on its way already: at most one a minute."))
    else:
        nudge_account_mails()
        messages.success(request, _("The test mail waits to be sent: look again in a moment."))
    return redirect("machinery")
