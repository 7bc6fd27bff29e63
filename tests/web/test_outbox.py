"""The outbox: one's own mails, and all of them for an administrator of a demo site."""

import pytest
from django.urls import reverse

from tests.factories import NOW, Cast
from tests.web.conftest import BrowserOf
from tracker.reminders.models import Message


@pytest.fixture
def mails(world: Cast) -> list[Message]:
    return [
        Message.objects.create(
            person=person,
            to_address=person.email,
            language="zh-hans",
            subject=f"致 {person.name}",
            text="示例正文",
            html="<p style='color:red'>示例正文</p><script>alert(1)</script>",
            message_id=f"<{person.pk}@example>",
            made_at=NOW,
        )
        for person in (world.manager, world.other_manager)
    ]


@pytest.mark.parametrize(
    ("demo", "counts"),
    [
        (True, {"manager": 1, "administrator": 2, "auditor": 0}),
        (False, {"manager": 1, "administrator": 0, "auditor": 0}),
    ],
)
def test_outbox_shows_whom_it_may(
    world: Cast,
    browser_of: BrowserOf,
    mails: list[Message],
    settings: object,
    demo: bool,
    counts: dict[str, int],
) -> None:
    settings.DEMO_SITE = demo  # type: ignore[attr-defined]

    seen = {
        who: len(browser_of(getattr(world, who)).get(reverse("outbox")).context["page"])
        for who in counts
    }

    assert seen == counts


def test_mail_as_a_page_can_do_nothing(
    world: Cast, browser_of: BrowserOf, mails: list[Message]
) -> None:
    answer = browser_of(world.manager).get(reverse("message-html", args=[mails[0].pk]))

    policy = answer["Content-Security-Policy"]
    assert ("sandbox" in policy, "script-src" in policy) == (True, False)
    assert policy.startswith("default-src 'none'")
