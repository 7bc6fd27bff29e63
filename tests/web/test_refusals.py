"""Refusals: to a visitor as a page, to a fragment in place, and always with a way back."""

from django.urls import get_resolver, reverse
from django.utils.http import urlencode

from tests.factories import Cast
from tests.web.conftest import BrowserOf
from tests.web.pages import make_things


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


def test_head_is_answered_like_a_visit(world: Cast, browser_of: BrowserOf) -> None:
    browser = browser_of(world.manager)

    assert browser.head(reverse("plants")).status_code == 200
    assert browser.head(reverse("plant", args=[world.corps_plant.pk])).status_code == 404


def test_refused_form_is_read_in_the_other_language(world: Cast, browser_of: BrowserOf) -> None:
    pk = make_things(world).waiting.pk
    browser = browser_of(world.changji_officer)
    refused = browser.post(reverse("review-decide", args=[pk]), {"decision": "returned"})

    answer = browser.get(refused.request["PATH_INFO"], follow=True)

    assert answer.redirect_chain == [(reverse("review", args=[pk]), 302)]
    assert answer.status_code == 200
