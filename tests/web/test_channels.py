"""Channels on the page: set up, tried and ended by who administers their plants; secrets stay."""

from typing import Any

import pytest
from django.urls import reverse

from plants.models import Authority
from tests.browsers import NewPage
from tests.factories import Cast, administrator_of
from tests.web.access_to_machinery import make_channel, make_told_channel
from tests.web.conftest import BrowserOf
from tests.web.pages import looked_at_once, sign_in, text_of
from tracker.audit import Event, Verb
from tracker.reminders.models import Channel, ChannelPost
from tracker.web.views.history import sentences_of

pytestmark = pytest.mark.django_db
PAGE = "/channels/"
SECRET, KEY = "a secret of 24 letters..", "12345678"
ROBOT = "https://oapi.dingtalk.com/robot/send?access_token=0123456789abcdef"


def typed(world: Cast, **changed: str) -> dict[str, str]:
    """The form for a webhook of the plant's."""
    return {
        "kind": "webhook",
        "scope": f"plant:{world.plant.pk}",
        "name": "值班系统",
        "language": "zh-hans",
        "address": f"https://hooks.example.cn/ule?key={KEY}",
        "secret": SECRET,
    } | changed


def test_a_channel_is_set_up_tried_and_ended(world: Cast, browser_of: BrowserOf) -> None:
    browser = browser_of(world.administrator)
    assert PAGE in browser.get("/machinery/").content.decode()

    made = browser.post(reverse("channel-add"), typed(world), follow=True)
    channel = Channel.objects.get()
    tried = browser.post(reverse("channel-test", args=[channel.pk]), follow=True)
    again = browser.post(reverse("channel-test", args=[channel.pk]), follow=True)
    ended = browser.post(reverse("channel-end", args=[channel.pk]), follow=True)
    late = [
        browser.post(reverse(name, args=[channel.pk]), follow=True)
        for name in ("channel-end", "channel-test")
    ]

    assert "Send a test message to see it arrive." in text_of(made)
    assert "waits to be sent" in text_of(tried)
    assert "at most one a minute" in text_of(again)
    assert "nothing goes to it any more" in text_of(ended)
    assert all("The channel has ended." in text_of(answer) for answer in late)
    assert list(ChannelPost.objects.values_list("kind", "state")) == [("test", "cancelled")]
    assert Event.objects.filter(verb=Verb.ENDED_CHANNEL, person=world.administrator).count() == 1


def test_secrets_are_never_shown_again(world: Cast, browser_of: BrowserOf) -> None:
    browser = browser_of(world.administrator)
    answers = [
        browser.post(reverse("channel-add"), typed(world, name="")),
        browser.post(reverse("channel-add"), typed(world, address="http://x.example.cn/")),
        browser.post(reverse("channel-add"), typed(world), follow=True),
        browser.get(PAGE),
        browser.get(reverse("channel", args=[Channel.objects.get().pk])),
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 200, 200, 200]
    assert [SECRET in answer.content.decode() for answer in answers] == [False] * 5
    assert [KEY in answer.content.decode() for answer in answers[2:]] == [False] * 3
    assert f"…{SECRET[-4:]}" in text_of(answers[3])


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"address": "https://10.0.0.7/"}, "on a private network"),
        ({"address": "http://hooks.example.cn/"}, "must start with https://"),
        ({"secret": "short"}, "At least 16"),
        ({"kind": "dingtalk"}, "the address that the vendor shows"),
        ({"kind": "dingtalk", "address": ROBOT}, "letters and digits only"),
        ({"kind": "feishu", "address": ROBOT, "secret": ""}, "the vendor shows"),
        ({"scope": "plant:0"}, "Select a valid choice"),
        ({"name": ""}, "This field is required"),
    ],
)
def test_what_is_wrong_is_said_where_it_is(
    world: Cast, browser_of: BrowserOf, changed: dict[str, str], words: str
) -> None:
    answer = browser_of(world.administrator).post(reverse("channel-add"), typed(world, **changed))

    assert (answer.status_code, Channel.objects.count()) == (422, 0)
    assert words in text_of(answer)
    if "name" not in changed:
        assert "值班系统" in answer.content.decode()


def test_channels_beyond_her_authority_are_not_there(world: Cast, browser_of: BrowserOf) -> None:
    channel = make_channel(world.plant, world.administrator)
    browser = browser_of(administrator_of(Authority.objects.get(code="corps")))

    answers = [
        browser.get(reverse("channel", args=[channel.pk])),
        browser.post(reverse("channel-test", args=[channel.pk])),
        browser.post(reverse("channel-end", args=[channel.pk])),
        browser.post(reverse("channel-add"), typed(world)),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404, 422]
    assert channel.name not in text_of(browser.get(PAGE))
    assert (Channel.objects.standing().count(), ChannelPost.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("not getting through", "HTTP 500", "settled before it went")),
        ("zh-CN", ("发送不成功", "每日汇总", "均已办结")),
    ],
)
def test_page_tells_what_became_of_each_post(
    world: Cast, browser_of: BrowserOf, language: str, words: tuple[str, ...]
) -> None:
    channel = make_told_channel(world)
    browser = browser_of(world.administrator, language=language)

    pages = text_of(browser.get(PAGE)) + text_of(browser.get(reverse("channel", args=[channel.pk])))

    for word in (*words, "2026-08-10", "hooks.example.cn"):
        assert word in pages


def test_list_takes_no_more_queries_for_more_channels(
    world: Cast, browser_of: BrowserOf, django_assert_max_num_queries: Any
) -> None:
    for _ in range(5):
        make_told_channel(world)
    browser = browser_of(world.administrator)
    browser.get(PAGE)

    with django_assert_max_num_queries(12):
        page = browser.get(PAGE)

    assert len(page.context["standing"]) == 5


def test_trail_speaks_of_channels(world: Cast, english: None) -> None:
    channel = make_channel(world.plant, world.administrator)

    [sentence] = sentences_of(Event.objects.all(), world.plant.obligations.none())

    assert sentence.text.startswith(
        f"{world.administrator.name} set up the channel “webhook 值班群"
    )
    assert str(channel) in sentence.text


@pytest.mark.browser
@looked_at_once
@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_channels_fit_a_phone(
    crew: Cast, new_page: NewPage, live_server: object, locale: str
) -> None:
    channel = make_told_channel(crew)
    page = sign_in(new_page(width=360, locale=locale), crew.administrator, live_server)

    for address in (PAGE, reverse("channel", args=[channel.pk])):
        page.goto(address)
        for details in page.locator("main details").all():
            details.locator("summary").click()
        assert page.locator("html").evaluate("e => e.scrollWidth <= e.clientWidth")
