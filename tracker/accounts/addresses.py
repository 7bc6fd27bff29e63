"""A person's address as the sign-in knows it: one, confirmed, the same as the person's own."""

from allauth.account.models import EmailAddress
from django.db import transaction

from plants.models import Person


def settle_address(person: Person) -> None:
    """Make the person's e-mail address the only one that she signs in with.

    An administrator entered it, or she confirmed it. A change that waits for its confirmation is
    void, since the address that it was to replace is another by now.
    """
    with transaction.atomic():
        EmailAddress.objects.filter(email=person.email).exclude(user=person).delete()
        EmailAddress.objects.filter(user=person).exclude(email=person.email).delete()
        EmailAddress.objects.update_or_create(
            user=person, email=person.email, defaults={"verified": True, "primary": True}
        )


def ensure_address(person: Person) -> None:
    """The same for who has none yet; a change that waits goes on waiting."""
    if not EmailAddress.objects.filter(user=person, verified=True, email=person.email).exists():
        settle_address(person)


def is_taken(address: EmailAddress) -> bool:
    """Whether somebody else signs in with it."""
    return Person.objects.filter(email=address.email).exclude(pk=address.user_id).exists()
