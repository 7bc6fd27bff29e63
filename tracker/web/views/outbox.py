"""The e-mails as they were made: one's own, and for an administrator of a demo site all."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from plants.models import Person, Role
from tracker.reminders.models import Message, MessageQuerySet
from tracker.web.access import PersonRequest, find, signed_in
from tracker.web.mails import show_mail

PAGE_SIZE = 50


@require_safe
@signed_in
def outbox(request: PersonRequest) -> HttpResponse:
    """Newest first."""
    mails = _readable(request.user).select_related("person").order_by("-made_at", "-pk")
    page = Paginator(mails.defer("html"), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "outbox/list.html", {"page": page, "base": ""})


@require_safe
@signed_in
def message(request: PersonRequest, pk: int) -> HttpResponse:
    """One e-mail, as text and as its reader sees it."""
    mail = find(_readable(request.user).select_related("person"), pk=pk)
    return render(request, "outbox/message.html", {"mail": mail})


@require_safe
@signed_in
def message_html(request: PersonRequest, pk: int) -> HttpResponse:
    """The e-mail's own page, for the frame in ours."""
    mail = find(_readable(request.user), pk=pk)
    return show_mail(mail.html)


def _readable(person: Person) -> MessageQuerySet:
    if settings.DEMO_SITE and person.has_role(Role.ADMINISTRATOR):
        return Message.objects.all()
    return Message.objects.visible_to(person)
