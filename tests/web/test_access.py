"""Every address as every persona: a stranger signs in, another's thing is 404, no role is 403."""

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils.http import urlencode

from tests.factories import Cast
from tests.web.conftest import BrowserOf
from tests.web.pages import content_of, get_addresses, make_things
from tracker.web.urls import urlpatterns

NEAR = {"changji_officer", "region_officer", "manager", "group_manager", "auditor", "administrator"}
FAR = {"corps_officer", "other_manager"}
OFFICERS = {"changji_officer", "region_officer", "corps_officer"}

# What the personas get who don't get 200, by address.
PLANT_PAGES = ("plant", "plant-history", "obligation", "evidence-file")
EVERYBODY_PAGES = (
    "home",
    "account",
    "plants",
    "obligations",
    "requirements",
    "requirement",
    "outbox",
)


def expected(name: str, who: str) -> int:
    if name in EVERYBODY_PAGES:
        return 200
    if name in PLANT_PAGES:
        return 200 if who in NEAR else 404
    if name in ("message", "message-html"):
        return 200 if who == "manager" else 404
    if who not in OFFICERS:
        return 403
    return 404 if name == "review" and who in FAR else 200


def status_of(browser: Client, address: str) -> int:
    answer = browser.get(address)
    if answer.streaming:
        content_of(answer)
    return answer.status_code


def test_each_page_answers_each_persona(world: Cast, browser_of: BrowserOf) -> None:
    addresses = get_addresses(world, make_things(world))

    answers = {
        (name, who): status_of(browser_of(person), address)
        for who, person in world.people.items()
        for name, address in addresses.items()
    }

    assert answers == {(name, who): expected(name, who) for name, who in answers}


def test_no_address_was_forgotten(world: Cast) -> None:
    actions = {
        "sign-in",
        "sign-out",
        "language",
        "obligation-upload",
        "obligation-remove-file",
        "obligation-submit",
        "review-decide",
    }

    named = {str(pattern.name) for pattern in urlpatterns}

    assert named == set(get_addresses(world, make_things(world))) | actions


def test_stranger_is_sent_to_sign_in_and_back(world: Cast, client: Client) -> None:
    addresses = get_addresses(world, make_things(world))

    answers = {name: client.get(address) for name, address in addresses.items()}

    assert {(answer.status_code, answer.url.split("?")[0]) for answer in answers.values()} == {  # type: ignore[attr-defined]
        (302, reverse("sign-in"))
    }


@pytest.mark.parametrize(
    ("name", "near_status"), [("obligation-upload", 302), ("obligation-submit", 422)]
)
def test_only_those_who_answer_for_the_plant_may_act(
    world: Cast, browser_of: BrowserOf, name: str, near_status: int
) -> None:
    things = make_things(world)
    address = reverse(name, args=[things.returned.pk])

    answers = {
        who: browser_of(person).post(address).status_code for who, person in world.people.items()
    }

    may = dict.fromkeys(("manager", "group_manager"), near_status)
    may_not = dict.fromkeys(NEAR - set(may), 403) | dict.fromkeys(FAR, 404)
    assert answers == may | may_not


def test_only_officers_of_the_authority_may_decide(world: Cast, browser_of: BrowserOf) -> None:
    address = reverse("review-decide", args=[make_things(world).waiting.pk])

    answers = {
        who: browser_of(person).post(address).status_code for who, person in world.people.items()
    }

    officers = {"changji_officer": 422, "region_officer": 422, "corps_officer": 404}
    assert answers == dict.fromkeys(world.people, 403) | officers


def test_each_action_refuses_a_plain_visit(world: Cast, browser_of: BrowserOf) -> None:
    pk = make_things(world).returned.pk
    addresses = [
        reverse("obligation-upload", args=[pk]),
        reverse("obligation-submit", args=[pk]),
        reverse("obligation-remove-file", args=[pk, 1]),
        reverse("review-decide", args=[pk]),
        reverse("language"),
        reverse("sign-out"),
    ]

    answers = [browser_of(world.manager).get(address).status_code for address in addresses]

    assert answers == [405] * len(addresses)


def test_action_after_sign_out_says_so_in_place(world: Cast, browser_of: BrowserOf) -> None:
    pk = make_things(world).returned.pk

    answer = browser_of(None, htmx=True).post(reverse("obligation-submit", args=[pk]))

    assert (answer.status_code, answer["HX-Retarget"]) == (401, "#notes")
    assert "still here" in answer.content.decode()


def test_form_after_sign_out_leads_back_to_its_page(world: Cast, browser_of: BrowserOf) -> None:
    pk = make_things(world).returned.pk
    page = reverse("obligation", args=[pk])

    answer = browser_of(None).post(
        reverse("obligation-submit", args=[pk]), HTTP_REFERER=f"http://testserver{page}"
    )

    back = urlencode({"next": f"http://testserver{page}"})
    assert answer["Location"] == f"{reverse('sign-in')}?{back}"


def test_refusal_is_a_page_for_a_visitor_and_a_note_for_htmx(
    world: Cast, browser_of: BrowserOf
) -> None:
    address = reverse("plant", args=[world.corps_plant.pk])

    page = browser_of(world.manager).get(address)
    note = browser_of(world.manager, htmx=True).get(address)

    assert (page.status_code, note.status_code) == (404, 404)
    assert page.content.decode().startswith("<!doctype html>")
    assert note.content.decode().strip().startswith('<div class="note error"')
    assert get_resolver().resolve_error_handler(403).__name__ == "forbidden"
