"""The demo's accounts, as `serve` prints them."""

from plants.models import Person

DEMO_DOMAIN = "@demo.example"
PASSWORD = "demo-ULE-2024"  # noqa: S105 (printed on purpose: it opens only the demo)


def describe() -> list[str]:
    """Return a line for each demo account, or none where there is no demo."""
    people = list(Person.objects.filter(email__endswith=DEMO_DOMAIN, is_active=True).order_by("pk"))
    if not people:
        return []
    width = max(len(person.email) for person in people)
    lines = [f"  {person.email:<{width}}  {person.name}" for person in people]
    return [f"Demo accounts, password {PASSWORD}:", *lines]
