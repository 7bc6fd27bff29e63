"""A second factor: set up, asked for, ended; recovery codes, resets, and who must have one."""

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from time_machine import TimeMachineFixture

from plants.models import Person, Role
from tests.factories import PASSWORD, Cast, administrator_of, officer_of
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tracker.accounts.mails import send_mails
from tracker.accounts.models import AccountMail, MailKind
from tracker.audit import Event, Verb

# Messages and mails of allauth wait for the transaction's end.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_counted_tries() -> None:
    cache.clear()


@pytest.fixture
def person(crew: Cast) -> Person:
    return crew.manager


def signed_in(person: Person) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person)
    return client


def code_of(secret: str, *, ahead: int = 0) -> str:
    """What the app shows now, or some half minutes from now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead)))


def prove(client: Client, password: str = PASSWORD) -> Any:
    return client.post(reverse("account_reauthenticate"), {"password": password})


def set_up(client: Client) -> tuple[str, list[str]]:
    """The app's secret, and the recovery codes as they are shown."""
    prove(client)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    done = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)}, follow=True)
    assert done.redirect_chain[-1][0] == reverse("mfa_view_recovery_codes")
    return secret, re.findall(r"<code>(\d{8})</code>", done.content.decode())


def type_password(person: Person) -> tuple[Client, Any]:
    client = Client(headers={"Accept-Language": "en"})
    form = {"login": person.email, "password": PASSWORD}
    return client, client.post(reverse("sign-in"), form)


def is_in(client: Client) -> bool:
    return client.get(reverse("account")).status_code == 200


def kinds() -> list[str]:
    return list(AccountMail.objects.order_by("pk").values_list("kind", flat=True))


def test_set_up_asks_for_the_password_first_and_shows_codes_once(person: Person) -> None:
    client = signed_in(person)

    asked = client.get(reverse("mfa_activate_totp"))
    wrong = prove(client, "not-it")
    _secret, codes = set_up(client)
    again = client.get(reverse("mfa_view_recovery_codes"))

    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert "isn't your present password" in text_of(wrong)
    assert len(set(codes)) == 10
    assert not any(code in again.content.decode() for code in codes)
    assert "can't be shown again" in text_of(again)
    assert kinds() == [MailKind.FACTOR_ON]
    assert Event.objects.filter(verb=Verb.ADDED_FACTOR, person=person).count() == 1


def test_page_shows_a_picture_without_anything_inline(person: Person) -> None:
    client = signed_in(person)
    prove(client)

    page = client.get(reverse("mfa_activate_totp"))

    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    assert not re.search(r"<style|\sstyle=|<script(?![^>]*\bsrc=)", page.content.decode())
    assert page.headers["Cache-Control"].startswith("max-age=0")


def test_wrong_code_sets_nothing_up(person: Person) -> None:
    client = signed_in(person)
    prove(client)
    client.get(reverse("mfa_activate_totp"))

    answer = client.post(reverse("mfa_activate_totp"), {"code": "000000"})

    assert "This code isn't right" in text_of(answer)
    assert not Authenticator.objects.exists()


def test_secrets_lie_locked(person: Person) -> None:
    secret, codes = set_up(signed_in(person))

    lying = str(list(Authenticator.objects.values_list("data", flat=True)))

    assert secret not in lying
    assert lying.count("gAAAA") == 2
    assert not any(code in lying for code in codes)


def test_password_alone_lets_nobody_in(person: Person, time_machine: TimeMachineFixture) -> None:
    secret, _codes = set_up(signed_in(person))
    time_machine.shift(60)
    client, typed = type_password(person)

    before = is_in(client)
    wrong = client.post(typed.headers["Location"], {"code": "000000"})
    code = code_of(secret)
    client.post(typed.headers["Location"], {"code": code})
    other, step = type_password(person)
    other.post(step.headers["Location"], {"code": code})

    assert typed.headers["Location"] == reverse("mfa_authenticate")
    assert "This code isn't right" in text_of(wrong)
    # The same code a second time is somebody who looked over her shoulder.
    assert (before, is_in(client), is_in(other)) == (False, True, False)
    assert Event.objects.filter(verb=Verb.FAILED_SIGN_IN, thing_id=person.pk).count() == 2
    assert Event.objects.filter(verb=Verb.SIGNED_IN, person=person).count() == 1


def test_recovery_code_opens_once(person: Person) -> None:
    _secret, codes = set_up(signed_in(person))

    inside = []
    for _ in range(2):
        client, step = type_password(person)
        client.post(step.headers["Location"], {"code": codes[3]})
        inside.append(is_in(client))

    assert inside == [True, False]


def test_wrong_codes_are_counted(person: Person) -> None:
    _secret, codes = set_up(signed_in(person))
    client, step = type_password(person)
    for _ in range(5):
        client.post(step.headers["Location"], {"code": "000000"})

    answer = client.post(step.headers["Location"], {"code": codes[0]})

    assert "Too many failed attempts" in text_of(answer)
    assert not is_in(client)


def test_step_goes_back_to_the_sign_in_page(person: Person) -> None:
    set_up(signed_in(person))
    client, _step = type_password(person)

    client.post(reverse("sign-out"))

    assert client.get(reverse("mfa_authenticate")).headers["Location"] == reverse("sign-in")
    assert not is_in(client)


def test_new_codes_end_the_old_ones(person: Person) -> None:
    client = signed_in(person)
    _secret, codes = set_up(client)

    done = client.post(reverse("mfa_generate_recovery_codes"), follow=True)
    fresh = re.findall(r"<code>(\d{8})</code>", done.content.decode())
    stranger, step = type_password(person)
    stranger.post(step.headers["Location"], {"code": codes[0]})

    assert len(fresh) == 10
    assert set(fresh) & set(codes) == set()
    assert not is_in(stranger)
    assert MailKind.NEW_CODES in kinds()
    assert Event.objects.filter(verb=Verb.NEW_CODES, person=person).exists()


def test_ending_it_asks_for_the_password_again(
    person: Person, time_machine: TimeMachineFixture
) -> None:
    client = signed_in(person)
    set_up(client)
    time_machine.shift(6 * 60)

    asked = client.post(reverse("mfa_deactivate_totp"))
    prove(client)
    client.post(reverse("mfa_deactivate_totp"))

    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert not Authenticator.objects.exists()
    assert is_in(type_password(person)[0])
    assert kinds() == [MailKind.FACTOR_ON, MailKind.FACTOR_OFF]


def test_address_is_changed_in_spite_of_it(person: Person) -> None:
    client = signed_in(person)
    set_up(client)

    form = {"email": "changed@demo.example", "password": PASSWORD}
    answer = client.post(reverse("address-change"), form)

    assert answer.status_code == 302
    assert MailKind.CONFIRM in kinds()


def test_new_password_by_mail_is_no_way_round(person: Person) -> None:
    set_up(signed_in(person))
    client = Client(headers={"Accept-Language": "en"})
    client.post(reverse("password-reset"), {"email": person.email})
    send_mails(now=timezone.now())
    link = re.search(r"http://testserver(/password/new/\S+)", str(mail.outbox[-1].body))
    assert link is not None
    page = client.get(link[1], follow=True)

    new = {"password1": "Kiln-line-5000", "password2": "Kiln-line-5000"}
    client.post(page.redirect_chain[-1][0], new)
    form = {"login": person.email, "password": "Kiln-line-5000"}
    typed = client.post(reverse("sign-in"), form)

    assert typed.headers["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)


def test_another_secret_key_lets_nobody_in_by_a_code(
    person: Person, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    secret, codes = set_up(signed_in(person))
    old = settings.SECRET_KEY
    settings.SECRET_KEY = "another-key-of-quite-another-length-than-before"
    client, step = type_password(person)

    for code in (code_of(secret, ahead=1), codes[0], code_of("")):
        client.post(step.headers["Location"], {"code": code})
    shut = is_in(client)
    settings.SECRET_KEY_FALLBACKS = [old]
    client.post(step.headers["Location"], {"code": codes[0]})

    assert (shut, is_in(client)) == (False, True)
    assert "needs a reset" in caplog.text


def test_who_must_have_one_opens_nothing_else_first(crew: Cast, settings: Any) -> None:
    settings.SECOND_FACTOR_FOR = [Role.OFFICER, Role.ADMINISTRATOR]
    officer, manager = signed_in(crew.changji_officer), signed_in(crew.manager)
    shut = ("home", "account", "people", "admin:index", "plants", "sessions", "password-change")

    led = [officer.get(reverse(name)).headers.get("Location") for name in shut]
    posted = officer.post(reverse("feed-make"))
    htmx = officer.get(reverse("plants"), headers={"HX-Request": "true"})
    page = officer.get(reverse("mfa_index"))
    chinese = officer.post(reverse("language"), {"language": "en"})
    set_up(officer)

    assert led == [reverse("mfa_index")] * len(shut)
    assert posted.headers["Location"] == reverse("mfa_index")
    assert htmx.headers["HX-Redirect"] == reverse("mfa_index")
    assert "Your role needs a second factor" in text_of(page)
    assert chinese.headers["Location"] == reverse("home")
    assert is_in(officer)
    assert is_in(manager)


def test_who_must_have_one_signs_out_and_keeps_the_last(crew: Cast, settings: Any) -> None:
    officer = signed_in(crew.changji_officer)
    set_up(officer)
    settings.SECOND_FACTOR_FOR = [Role.OFFICER]

    page = officer.get(reverse("mfa_deactivate_totp"))
    officer.post(reverse("mfa_deactivate_totp"))

    assert "Your role needs a second factor" in text_of(page)
    assert Authenticator.objects.filter(type="totp").exists()
    bare = signed_in(crew.region_officer)
    assert bare.post(reverse("sign-out")).headers["Location"] == reverse("sign-in")


def test_administrator_takes_away_what_was_lost(crew: Cast) -> None:
    set_up(signed_in(crew.manager))
    post = crew.manager.memberships.get()
    desk = signed_in(crew.administrator)

    page = desk.get(reverse("role", args=[post.pk]))
    done = desk.post(reverse("factor-reset", args=[post.pk]), follow=True)
    again = desk.post(reverse("factor-reset", args=[post.pk]), follow=True)

    assert "Take the second factor away" in text_of(page)
    assert "The second factor is gone" in text_of(done)
    assert "no second factor any more" in text_of(again)
    assert is_in(type_password(crew.manager)[0])
    told = Event.objects.get(verb=Verb.RESET_FACTOR)
    assert (told.person, told.thing_id) == (crew.administrator, crew.manager.pk)
    send_mails(now=timezone.now())
    assert any("taken away" in each.subject or "已取消" in each.subject for each in mail.outbox)


def test_nobody_takes_away_beyond_her_reach(crew: Cast, browser_of: BrowserOf) -> None:
    """A region's officer has a seat in Changji, too: whose whole person isn't hers stays."""
    changji = administrator_of(crew.plant.authority)
    both = officer_of(crew.plant.authority, crew.corps_plant.authority)
    set_up(signed_in(both))
    set_up(signed_in(changji))
    address = reverse("factor-reset", args=[both.memberships.order_by("pk")[0].pk])
    own = reverse("factor-reset", args=[changji.memberships.get().pk])

    answers = [browser_of(changji).post(each).status_code for each in (address, own)]

    assert answers == [403, 403]
    assert Authenticator.objects.filter(type="totp").count() == 2
