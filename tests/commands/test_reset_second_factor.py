"""The command lets somebody in again who lost her second factor, and tells it."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from tests.factories import PersonFactory
from tracker.accounts.models import AccountMail, MailKind
from tracker.audit import Event, Verb

pytestmark = pytest.mark.django_db


def test_factor_goes_and_is_told_once() -> None:
    person, said = PersonFactory.create(email="ma@demo.example"), StringIO()
    Authenticator.objects.create(user=person, type="totp", data={"secret": "x"})
    Authenticator.objects.create(user=person, type="recovery_codes", data={"seed": "x"})

    call_command("reset_second_factor", "MA@demo.example", stdout=said)
    with pytest.raises(CommandError, match="has no second factor"):
        call_command("reset_second_factor", "ma@demo.example")

    assert not Authenticator.objects.exists()
    assert "ma@demo.example" in said.getvalue()
    told = Event.objects.get(verb=Verb.RESET_FACTOR)
    assert (told.person, told.origin) == (None, "reset_second_factor")
    assert AccountMail.objects.get().kind == MailKind.FACTOR_RESET


def test_unknown_address_is_said() -> None:
    with pytest.raises(CommandError, match="Nobody has the address"):
        call_command("reset_second_factor", "nobody@demo.example")
