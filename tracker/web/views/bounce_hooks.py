"""Mail providers report here what came back, each in its own words; anymail translates."""

import json
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from anymail.webhooks.brevo import BrevoTrackingWebhookView
from anymail.webhooks.mailjet import MailjetTrackingWebhookView
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from anymail.webhooks.sparkpost import SparkPostTrackingWebhookView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tracker import audit
from tracker.reminders.address_marks import keep_from_provider
from tracker.reminders.delivery_reports import SAID_LENGTH, Bounce, code_in, is_hard, printable

# Those that need nothing but the shared secret.
PROVIDERS: dict[str, Any] = {
    "brevo": BrevoTrackingWebhookView,
    "mailjet": MailjetTrackingWebhookView,
    "postmark": PostmarkTrackingWebhookView,
    "sparkpost": SparkPostTrackingWebhookView,
}
TOLD = frozenset({EventType.BOUNCED, EventType.REJECTED, EventType.COMPLAINED})
# The provider will not send to the address any more, whatever we do.
REFUSED_FOR_GOOD = frozenset(
    {RejectReason.INVALID, RejectReason.BOUNCED, RejectReason.SPAM, RejectReason.UNSUBSCRIBED}
)


@csrf_exempt
@require_http_methods(["HEAD", "POST"])
def bounce_hook(request: HttpRequest, provider: str) -> HttpResponse:
    """What one provider tells; not there without a secret, 400 for who doesn't know it."""
    view = PROVIDERS.get(provider)
    if view is None or not settings.BOUNCE_WEBHOOK_SECRET:
        raise Http404
    if request.method == "HEAD":
        # Some ask whether anybody is there when they are set up.
        return HttpResponse()
    reader = view()
    reader.run_validators(request)
    try:
        events = reader.parse_events(request)
    except (ValueError, LookupError, TypeError, AttributeError):
        return HttpResponseBadRequest()
    for event in events:
        _keep_event(event, provider)
    return HttpResponse()


def _keep_event(event: AnymailTrackingEvent, provider: str) -> None:
    """Keep what says that a mail didn't arrive; a provider that tells it twice is kept once."""
    if event.event_type not in TOLD or not event.recipient:
        return
    raw = json.dumps(event.esp_event, sort_keys=True, default=str)
    by = audit.Actor(None, f"webhook of {provider}")
    keep_from_provider(read_event(event), event=f"{provider} {raw}", by=by, at=timezone.now())


def read_event(event: AnymailTrackingEvent) -> Bounce:
    """The event as a report of a mail server would say it."""
    said = event.mta_response or event.description or event.reject_reason or event.event_type
    words = " ".join(printable(str(said)).split())
    code = code_in("", words)
    return Bounce(
        address=printable(str(event.recipient)).lower(),
        is_hard=_is_final(event, code),
        code=code,
        said=words[:SAID_LENGTH],
        message_id=printable(str(event.message_id or "")),
    )


def _is_final(event: AnymailTrackingEvent, code: str) -> bool:
    """A complaint about a mail shows that it arrived; what is soft may pass by itself."""
    if event.event_type == EventType.REJECTED:
        return event.reject_reason in REFUSED_FOR_GOOD
    if event.event_type != EventType.BOUNCED:
        return False
    words = _own_words(event.esp_event)
    if code or "soft" in words or "blocked" in words:
        return is_hard(code) and "soft" not in words and "blocked" not in words
    return event.reject_reason == RejectReason.INVALID or "hard" in words


def _own_words(told: Any) -> str:
    """What the provider itself calls it: anymail knows one kind of bounce."""
    if not isinstance(told, dict):
        return ""
    kinds = [str(told.get(key, "")).lower() for key in ("event", "Type", "type")]
    if "hard_bounce" in told:
        kinds.append("hard" if told["hard_bounce"] else "soft")
    return " ".join(kinds)
