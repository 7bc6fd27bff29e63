"""A forgotten password, a changed one, tries that are too many, and a new address."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from plants.models import Person
from tests.factories import PASSWORD, PersonFactory
from tests.web.pages import text_of
from tracker.accounts.addresses import settle_address
from tracker.accounts.mails import send_mails
from tracker.accounts.models import AccountMail
from tracker.audit import Event, Verb
from tracker.reminders.models import Message

pytestmark = pytest.mark.django_db
NEW = "Kiln-line-5000"


@pytest.fixture
def person() -> Person:
    person = PersonFactory.create(email="ma@demo.example", name="马晓岚", language="en")
    settle_address(person)
    return person


def sign_in(client: Client, email: str, password: str) -> Any:
    return client.post(reverse("sign-in"), {"login": email, "password": password})


def ask_reset(client: Client, email: str) -> Any:
    return client.post(reverse("password-reset"), {"email": email})


def link_in_mail() -> str:
    """The one link of the last mail that goes out now, as a path."""
    assert send_mails(now=timezone.now()) > 0
    found = re.search(r"http://testserver(/\S+)", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def set_new(client: Client, link: str) -> Any:
    """Open the link as a browser does, and send the form that it leads to."""
    page = client.get(link, follow=True)
    if page.status_code != 200:
        return page
    where = page.redirect_chain[-1][0]
    return client.post(where, {"password1": NEW, "password2": NEW})


def test_forgotten_password_is_set_anew_by_mail_once(client: Client, person: Person) -> None:
    ask_reset(client, "MA@demo.example")
    link = link_in_mail()

    answers = [set_new(Client(), link).status_code for _ in range(2)]

    assert answers == [302, 404]
    assert mail.outbox[0].to == ["ma@demo.example"]
    assert mail.outbox[0].subject == "[ULE] Set a new password"
    assert sign_in(client, person.email, PASSWORD).status_code == 200
    assert sign_in(client, person.email, NEW).status_code == 302
    assert Event.objects.filter(verb=Verb.NEW_PASSWORD, person=person).count() == 1


def test_link_is_kept_nowhere_and_runs_out(client: Client, person: Person) -> None:
    ask_reset(client, person.email)
    link = link_in_mail()

    assert not Message.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(hours=2, minutes=1), tick=False):
        assert client.get(link, follow=True).status_code == 404


def test_demo_shows_the_mail_in_the_outbox(client: Client, person: Person, settings: Any) -> None:
    settings.DEMO_SITE = True
    ask_reset(client, person.email)
    link = link_in_mail()

    assert link in Message.objects.get(person=person).text


def test_unknown_and_closed_addresses_get_the_same_answer_and_no_mail(
    client: Client, person: Person
) -> None:
    PersonFactory.create(email="gone@demo.example", is_active=False)
    addresses = (person.email, "nobody@demo.example", "gone@demo.example")

    answers = [ask_reset(client, email) for email in addresses]

    assert {(answer.status_code, answer.url) for answer in answers} == {
        (302, reverse("password-reset-sent"))
    }
    assert [row.to_address for row in AccountMail.objects.all()] == [person.email]


def test_fifth_wrong_password_locks_even_the_right_one_out_for_a_while(
    client: Client, person: Person
) -> None:
    for _ in range(5):
        sign_in(client, person.email, "wrong")

    locked = sign_in(client, person.email, PASSWORD)

    assert (locked.status_code, "登录失败次数过多" in text_of(locked)) == (200, True)
    assert Event.objects.filter(verb=Verb.FAILED_SIGN_IN).count() == 5
    with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=False):
        assert sign_in(client, person.email, PASSWORD).status_code == 302


def test_too_many_requests_get_a_page_that_says_so(client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}

    answers = [sign_in(client, f"{n}@demo.example", "wrong") for n in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "尝试次数过多" in text_of(answers[-1])


def test_changed_password_ends_other_sessions_and_is_told_by_mail(person: Person) -> None:
    here, elsewhere = Client(), Client()
    for browser in (here, elsewhere):
        sign_in(browser, person.email, PASSWORD)

    form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    answer = here.post(reverse("password-change"), form)

    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("account"))
    assert here.get(reverse("account")).status_code == 200
    assert elsewhere.get(reverse("account")).status_code == 302
    assert link_in_mail() == reverse("password-reset")


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"oldpassword": "wrong", "password1": NEW, "password2": NEW}, "present password"),
        ({"oldpassword": PASSWORD, "password1": "12345678", "password2": "12345678"}, "numeric"),
        ({"oldpassword": PASSWORD, "password1": NEW, "password2": "other"}, "same password"),
        ({"oldpassword": PASSWORD, "password1": "x" * 1001, "password2": NEW}, "at most 1000"),
    ],
)
def test_password_that_will_not_do_changes_nothing(
    person: Person, form: dict[str, str], said: str
) -> None:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person)

    assert said in text_of(client.post(reverse("password-change"), form))
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def change_address(client: Client, to: str, password: str = PASSWORD) -> Any:
    return client.post(reverse("address-change"), {"email": to, "password": password})


def test_new_address_takes_the_old_ones_place_when_confirmed(
    client: Client, person: Person
) -> None:
    client.force_login(person)
    change_address(client, "New@demo.example")
    link = link_in_mail()

    opened = Client().get(link)
    person.refresh_from_db()
    before = person.email
    Client().post(link)

    person.refresh_from_db()
    assert (opened.status_code, before, person.email) == (
        200,
        "ma@demo.example",
        "new@demo.example",
    )
    assert [a.email for a in EmailAddress.objects.filter(user=person)] == ["new@demo.example"]
    assert Client().get(link).status_code == 404
    told = Event.objects.get(verb=Verb.CHANGED)
    assert (told.before, told.after) == (
        {"email": "ma@demo.example"},
        {"email": "new@demo.example"},
    )
    link_in_mail()
    assert mail.outbox[-1].to == ["ma@demo.example"]
    assert sign_in(Client(), "ma@demo.example", PASSWORD).status_code == 200
    assert sign_in(Client(), "new@demo.example", PASSWORD).status_code == 302


def test_address_of_another_is_refused_only_to_who_can_read_its_mail(
    client: Client, person: Person
) -> None:
    other = PersonFactory.create(email="other@demo.example")
    client.force_login(person)

    answer = change_address(client, other.email)
    Client().post(link_in_mail())

    assert answer.status_code == 302
    person.refresh_from_db()
    assert person.email == "ma@demo.example"


def test_address_is_changed_by_who_knows_the_password(client: Client, person: Person) -> None:
    client.force_login(person)

    assert change_address(client, "new@demo.example", "wrong").status_code == 200
    assert not AccountMail.objects.exists()


def test_nobody_signs_himself_up(client: Client) -> None:
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
    assert client.get("/signup/").status_code == 404
    assert client.get("/accounts/signup/").status_code == 404


def test_closed_account_is_told_so_after_the_right_password(client: Client) -> None:
    PersonFactory.create(email="gone@demo.example", is_active=False)

    answer = client.post(
        reverse("sign-in"), {"login": "gone@demo.example", "password": PASSWORD}, follow=True
    )

    assert "账号已停用" in text_of(answer) or "已关闭" in text_of(answer)
    assert client.get(reverse("home")).status_code == 302


def test_back_office_asks_at_the_same_door(client: Client) -> None:
    answer = client.post("/admin/login/", {"username": "a@b.example", "password": "x"})

    assert answer.headers["Location"].startswith(reverse("sign-in"))
