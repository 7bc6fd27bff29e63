"""Mail providers' reports: only with the secret, each told twice and kept once."""

import json
from base64 import b64encode
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from plants.models import Person
from tests.factories import NOW, Cast
from tracker.reminders.models import AddressFault, FaultKind, Message

SECRET = "reports:0123456789abcdef"
OURS = "<0123456789abcdef@testserver>"


@pytest.fixture(autouse=True)
def secret(settings: Any) -> None:
    settings.BOUNCE_WEBHOOK_SECRET = SECRET
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}


@pytest.fixture
def sent(world: Cast) -> Message:
    return mail_to(world.manager)


def mail_to(person: Person, message_id: str = OURS, answer: str = "") -> Message:
    return Message.objects.create(
        person=person,
        to_address=person.email,
        language="zh-hans",
        subject="提醒",
        text="…",
        html="<p>…</p>",
        message_id=message_id,
        made_at=NOW,
        sent_at=NOW,
        answer=answer,
    )


def tell(provider: str, told: object, secret: str = SECRET) -> int:
    """With the CSRF check of a real site."""
    client = Client(enforce_csrf_checks=True)
    answer = client.post(
        reverse("bounce-hook", args=[provider]),
        told if isinstance(told, str) else json.dumps(told),
        content_type="application/json",
        headers={"Authorization": f"Basic {b64encode(secret.encode()).decode()}"},
    )
    return answer.status_code


def postmark(address: str, kind: str = "HardBounce", said: str = "550 5.1.1 no user") -> object:
    return {
        "RecordType": "Bounce",
        "Type": kind,
        "ID": 42,
        "Email": address,
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Description": "The server was unable to deliver your message.",
        "Details": said,
        "BouncedAt": "2026-09-01T02:00:00Z",
    }


def brevo(address: str, event: str = "hard_bounce") -> object:
    return {
        "event": event,
        "email": address,
        "message-id": OURS,
        "reason": "550 no such user" if event == "hard_bounce" else "",
        "ts_epoch": 1788228000000,
    }


def mailjet(address: str, hard: bool = True) -> object:
    return {
        "event": "bounce",
        "time": 1788228000,
        "MessageID": 1234567890,
        "email": address,
        "hard_bounce": hard,
        "error_related_to": "recipient",
        "error": "user unknown",
    }


def sparkpost(address: str) -> object:
    event = {
        "type": "bounce",
        "bounce_class": "10",
        "event_id": "1",
        "raw_rcpt_to": address,
        "raw_reason": "550 5.1.1 unknown user",
        "timestamp": "1788228000",
        "transmission_id": "65832150921904138",
    }
    return [{"msys": {"message_event": event}}]


@pytest.mark.parametrize(
    ("provider", "told", "kind"),
    [
        ("postmark", postmark("manager@demo.example"), FaultKind.MARK),
        ("postmark", postmark("manager@demo.example", "SoftBounce"), FaultKind.SOFT),
        ("postmark", postmark("manager@demo.example", "SpamComplaint"), FaultKind.SOFT),
        ("postmark", postmark("Manager@Demo.example"), FaultKind.MARK),
        ("postmark", postmark("manager@demo.example", "BadEmailAddress"), FaultKind.MARK),
        ("postmark", postmark("manager@demo.example", "Blocked"), FaultKind.SOFT),
        ("brevo", brevo("manager@demo.example"), FaultKind.MARK),
        ("brevo", brevo("manager@demo.example", "soft_bounce"), FaultKind.SOFT),
        ("mailjet", mailjet("manager@demo.example"), FaultKind.MARK),
        ("mailjet", mailjet("manager@demo.example", hard=False), FaultKind.SOFT),
        ("sparkpost", sparkpost("manager@demo.example"), FaultKind.MARK),
        ("postmark", postmark("stranger@demo.example"), FaultKind.UNCONFIRMED),
    ],
)
def test_each_provider_is_understood_and_kept_once(
    sent: Message, provider: str, told: object, kind: str
) -> None:
    assert [tell(provider, told), tell(provider, told)] == [200, 200]

    fault = AddressFault.objects.get()
    assert (fault.kind, fault.source) == (kind, "provider")
    assert fault.said != ""
    assert fault.message == (None if kind == FaultKind.UNCONFIRMED else sent)


def test_mail_is_found_by_the_number_in_the_answer(world: Cast) -> None:
    mine = mail_to(world.manager, answer="250 Ok: queued as 883953f4-6105-42a2-a16a-77a8eac79483")
    mail_to(world.manager, message_id="<later@testserver>")

    tell("postmark", postmark(world.manager.email))

    assert AddressFault.objects.get().message == mine


@pytest.mark.parametrize("event", ["delivered", "opened", "deferred"])
def test_other_news_are_not_kept(sent: Message, event: str) -> None:
    assert tell("brevo", brevo(sent.to_address, event)) == 200
    assert not AddressFault.objects.exists()


def test_wrong_secret_and_nonsense_change_nothing(sent: Message) -> None:
    told = postmark(sent.to_address)

    assert tell("postmark", told, secret="reports:wrong") == 400
    for nonsense in ("{no json", "[]", '"x"', "null"):
        assert tell("postmark", nonsense) == 400
    assert tell("nobody", told) == 404
    assert not AddressFault.objects.exists()


def test_without_a_secret_nothing_is_there(sent: Message, settings: Any) -> None:
    settings.BOUNCE_WEBHOOK_SECRET = ""

    assert tell("postmark", postmark(sent.to_address), secret="") == 404
