"""Who was there before signs in with her address as it is; who has one already keeps it."""

import pytest
from allauth.account.models import EmailAddress

from tests.factories import PersonFactory
from tests.migrations.conftest import MigrateTo
from tracker.accounts.addresses import settle_address


@pytest.mark.upgrade("0040_account_mails")
def test_everybody_present_gets_a_confirmed_address(migrate_to: MigrateTo) -> None:
    migrate_to("0040_account_mails")
    settled, other = PersonFactory.create(), PersonFactory.create()
    settle_address(settled)

    migrate_to("0041_addresses_of_present_people")

    found = EmailAddress.objects.order_by("user").values_list("email", "verified", "primary")
    assert list(found) == [(settled.email, True, True), (other.email, True, True)]
