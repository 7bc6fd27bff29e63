"""The outbox: one's own mails, and all of them for an administrator of a demo site."""

import pytest
from django.urls import reverse

from plants.models import Person
from tests.factories import NOW, Cast, PersonFactory
from tests.web.conftest import BrowserOf
from tracker.reminders.models import Message


@pytest.fixture
def mails(world: Cast) -> list[Message]:
    return [mail_to(person) for person in (world.manager, world.other_manager)]


def mail_to(person: Person) -> Message:
    return Message.objects.create(
        person=person,
        to_address=person.email,
        language="zh-hans",
        subject=f"致 {person.name}",
        text="示例正文",
        html="<p style='color:red'>示例正文</p><script>alert(1)</script>",
        message_id=f"<{person.pk}@example>",
        made_at=NOW,
    )


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


@pytest.mark.parametrize("count", [1, 3])
def test_outbox_asks_few_queries_however_full(
    world: Cast,
    browser_of: BrowserOf,
    settings: object,
    django_assert_num_queries: object,
    count: int,
) -> None:
    settings.DEMO_SITE = True  # type: ignore[attr-defined]
    for person in PersonFactory.create_batch(count):
        mail_to(person)
    browser = browser_of(world.administrator)

    # One of them is for the banner that an administrator sees.
    with django_assert_num_queries(6):  # type: ignore[operator]
        page = browser.get(reverse("outbox"))

    assert len(page.context["page"]) == count
