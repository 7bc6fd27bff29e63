"""Inviting from the people page, and what the link opens for whom."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from plants.models import Invitation, Membership, Person, Role
from tests.factories import PASSWORD, Cast, ObligationFactory
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tracker.accounts.mails import send_mails
from tracker.audit import Event, Verb
from tracker.web.roles import DUTIES

pytestmark = pytest.mark.django_db
NEW = "Kiln-line-5000"


def invite(browser: Client, world: Cast, **changed: str) -> Any:
    form = {
        "email": "new@demo.example",
        "name": "新人",
        "role": Role.MANAGER,
        "scope": f"plant:{world.plant.pk}",
        "language": "en",
    }
    return browser.post(reverse("invitation-add"), form | changed)


def link_in_mail() -> str:
    assert send_mails(now=timezone.now()) == 1
    found = re.search(r"http://testserver(/\S+)", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def test_invited_person_sets_name_and_password_and_is_in(
    world: Cast, browser_of: BrowserOf
) -> None:
    sent = invite(browser_of(world.administrator), world)
    link, browser = link_in_mail(), browser_of(None)
    opened = browser.get(link)
    form = {"name": "新同事", "password1": NEW, "password2": NEW}

    done = browser.post(link, form, follow=True)

    assert (sent.status_code, opened.status_code) == (302, 200)
    person = Person.objects.get(email="new@demo.example")
    assert (person.name, browser.session["_auth_user_id"]) == ("新同事", str(person.pk))
    assert "Welcome" in text_of(done)
    assert Event.objects.filter(person=person, verb=Verb.SIGNED_IN).exists()
    assert browser_of(None).get(link).status_code == 404


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": "", "password1": NEW, "password2": NEW}, "required"),
        ({"name": "新人", "password1": "1a", "password2": "1a"}, "at least 8 characters"),
        ({"name": "新人", "password1": "12345678", "password2": "12345678"}, "numeric"),
        ({"name": "新人", "password1": NEW, "password2": "other"}, "same password"),
        (
            {"name": "新人", "password1": "new@demo.example", "password2": "new@demo.example"},
            "simi",
        ),
    ],
)
def test_wrong_form_makes_no_account(
    world: Cast, browser_of: BrowserOf, form: dict[str, str], said: str
) -> None:
    invite(browser_of(world.administrator), world)

    answer = browser_of(None).post(link_in_mail(), form)

    assert (answer.status_code, said in text_of(answer)) == (200, True)
    assert not Person.objects.filter(email="new@demo.example").exists()


def test_who_has_an_account_signs_in_first_and_then_takes_it_up(
    world: Cast, browser_of: BrowserOf
) -> None:
    invite(browser_of(world.administrator), world, email=world.other_manager.email)
    link, browser = link_in_mail(), browser_of(None)
    page = browser.get(link)
    browser.post(link, {"name": "x", "password1": NEW, "password2": NEW})
    login = {"login": world.other_manager.email, "password": PASSWORD, "next": link}

    back = browser.post(reverse("sign-in"), login)
    browser.post(link)

    assert f"{reverse('sign-in')}?next={link}" in page.content.decode()
    assert back.headers["Location"] == link
    assert Membership.objects.filter(person=world.other_manager, plant=world.plant).exists()
    world.other_manager.refresh_from_db()
    assert world.other_manager.check_password(PASSWORD)


def test_link_does_nothing_for_somebody_else(world: Cast, browser_of: BrowserOf) -> None:
    invite(browser_of(world.administrator), world)
    link, browser = link_in_mail(), browser_of(world.auditor)

    page = browser.post(link)

    assert (page.status_code, "You are signed in as" in text_of(page)) == (200, True)
    assert Invitation.objects.pending().count() == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"role": "officer"}, "for an authority"),
        ({"scope": "plant:999999"}, "Select a valid choice"),
        ({"email": "no address"}, "valid email"),
        ({"email": "manager@demo.example"}, "has this role already"),
    ],
)
def test_invitation_that_cannot_be_sent_says_why(
    world: Cast, browser_of: BrowserOf, changed: dict[str, str], said: str
) -> None:
    answer = invite(browser_of(world.administrator), world, **changed)

    assert (answer.status_code, said in text_of(answer)) == (422, True)
    assert not Invitation.objects.exists()


def test_people_page_lists_who_is_under_ones_authority(world: Cast, browser_of: BrowserOf) -> None:
    page = browser_of(world.changji_officer).get(reverse("people"))
    named = browser_of(world.changji_officer).get(reverse("people"), {"q": "group-"})

    listed = {post.person for post in page.context["page"]}
    assert listed == {world.changji_officer, world.manager, world.group_manager}
    assert "What can be done" not in text_of(page)
    assert [post.person for post in named.context["page"]] == [world.group_manager]


def test_pending_invitation_is_sent_again_and_withdrawn(world: Cast, browser_of: BrowserOf) -> None:
    browser = browser_of(world.administrator)
    invite(browser, world)
    first = link_in_mail()
    [made] = browser.get(reverse("people")).context["invitations"]

    browser.post(reverse("invitation-again", args=[made.pk]))
    second = link_in_mail()
    statuses = [browser_of(None).get(link).status_code for link in (first, second)]
    browser.post(reverse("invitation-revoke", args=[made.pk]))

    assert statuses == [404, 200]
    assert browser_of(None).get(second).status_code == 404
    again = browser.post(reverse("invitation-again", args=[made.pk]), follow=True)
    assert "in the meantime" in text_of(again)


def test_role_is_ended_with_a_reason_only(world: Cast, browser_of: BrowserOf) -> None:
    browser = browser_of(world.administrator)
    post = world.manager.memberships.get()
    address = reverse("role-end", args=[post.pk])

    without = browser.post(address, {"reason": " "})
    done = browser.post(address, {"reason": "Left the plant"}, follow=True)

    assert (without.status_code, "Say why" in text_of(without)) == (422, True)
    assert "has this role no more" in text_of(done)
    assert browser_of(world.manager).get(reverse("plant", args=[world.plant.pk])).status_code == 404


def test_open_duties_ask_who_takes_over(world: Cast, browser_of: BrowserOf) -> None:
    ObligationFactory.create(plant=world.other_plant)
    browser = browser_of(world.administrator)
    post = world.other_manager.memberships.get()
    address = reverse("role-end", args=[post.pk])
    reason = {"reason": "Left"}

    page = browser.get(reverse("role", args=[post.pk]))
    without = browser.post(address, reason)
    unconfirmed = browser.post(address, reason | {"heir": "nobody"})
    stranger = browser.post(address, reason | {"heir": f"person-{world.manager.pk}"})
    confirmed = browser.post(address, reason | {"heir": "nobody", "alone": "on"}, follow=True)

    assert [each.status_code for each in (without, unconfirmed, stranger)] == [422] * 3
    assert "What is open and needs somebody" in text_of(page)
    assert "Say who takes over" in text_of(without)
    assert "the plant's officers are told" in text_of(unconfirmed)
    assert "Nobody answers for it" in text_of(confirmed)
    assert confirmed.context["unanswered"] == [world.other_plant]


def test_heir_who_left_while_the_page_was_open_is_refused(
    world: Cast, browser_of: BrowserOf
) -> None:
    ObligationFactory.create(plant=world.plant)
    post = world.manager.memberships.get()
    form = {"reason": "Left", "heir": f"person-{world.group_manager.pk}"}
    world.group_manager.memberships.all().delete()

    answer = browser_of(world.administrator).post(reverse("role-end", args=[post.pk]), form)

    assert answer.status_code == 422
    assert world.manager.memberships.exists()


def test_own_role_says_why_it_stays(world: Cast, browser_of: BrowserOf) -> None:
    post = world.administrator.memberships.first()
    assert post is not None

    answer = browser_of(world.administrator).post(
        reverse("role-end", args=[post.pk]), {"reason": "x"}
    )

    assert (answer.status_code, "your own role" in text_of(answer)) == (422, True)
    assert world.administrator.memberships.filter(pk=post.pk).exists()


def test_officer_invites_managers_of_her_plants_only(world: Cast, browser_of: BrowserOf) -> None:
    browser = browser_of(world.changji_officer)
    refused: list[dict[str, str]] = [
        {"role": Role.ASSESSOR},
        {"role": Role.OFFICER, "scope": f"authority:{world.plant.authority_id}"},
        {"role": Role.GROUP_MANAGER, "scope": f"company:{world.company.pk}"},
        {"scope": f"plant:{world.other_plant.pk}"},
        {"email": world.changji_officer.email},
    ]

    answers = [invite(browser, world, **changed).status_code for changed in refused]
    sent = invite(browser, world)

    assert answers == [422] * len(refused)
    assert sent.status_code == 302
    made = Invitation.objects.get()
    assert (made.role, made.plant, made.invited_by) == (
        Role.MANAGER,
        world.plant,
        world.changji_officer,
    )
    assert browser_of(None).get(link_in_mail()).status_code == 200


def test_officer_neither_sees_nor_withdraws_other_invitations(
    world: Cast, browser_of: BrowserOf
) -> None:
    invite(browser_of(world.administrator), world, role=Role.ASSESSOR)
    made = Invitation.objects.get()
    browser = browser_of(world.changji_officer)

    listed = browser.get(reverse("people")).context["invitations"]
    answer = browser.post(reverse("invitation-revoke", args=[made.pk]))

    assert (listed, answer.status_code) == ([], 403)
    assert Invitation.objects.pending().count() == 1


def test_managers_invitation_ends_with_the_officers_post(
    world: Cast, browser_of: BrowserOf
) -> None:
    invite(browser_of(world.changji_officer), world)
    link = link_in_mail()
    world.changji_officer.memberships.all().delete()

    assert browser_of(None).get(link).status_code == 404


def test_every_role_is_explained() -> None:
    assert sorted(each.role for each in DUTIES) == sorted(Role)
