"""What binds inspectors to plants, so that they may not be drawn for them."""

from collections.abc import Collection, Iterator

from plants.models import Membership, Person, Plant
from tracker.evidence.models import Evidence
from tracker.rounds.models import Seat, TieKind
from tracker.rounds.spot_checks.draw import Tie

Pair = tuple[int, int]


def key_of(person: Person) -> str:
    """What a pool calls her: an address and a name may change, this does not."""
    return str(person.pk)


def read_ties(plants: Collection[Plant], inspectors: Collection[Person]) -> tuple[Tie, ...]:
    """One for each pair that is bound, with the first reason of role, seat, upload."""
    people = {person.pk: key_of(person) for person in inspectors}
    codes = {plant.pk: plant.code for plant in plants}
    found: dict[Pair, str] = {}
    kinds = (
        (TieKind.ROLE, _roles(plants, people)),
        (TieKind.SEAT, _seats(codes, people)),
        (TieKind.UPLOAD, _uploads(codes, people)),
    )
    for kind, pairs in kinds:
        for pair in pairs:
            found.setdefault(pair, kind.value)
    return tuple(
        sorted(Tie(people[who], codes[plant], kind) for (who, plant), kind in found.items())
    )


def _roles(plants: Collection[Plant], people: Collection[int]) -> Iterator[Pair]:
    posts = Membership.objects.filter(person__in=people, authority__isnull=True)
    for post in posts:
        for plant in plants:
            of_group = post.company_id is not None and post.company_id == plant.company_id
            if post.plant_id == plant.pk or of_group:
                yield post.person_id, plant.pk


def _seats(plants: Collection[int], people: Collection[int]) -> Iterator[Pair]:
    seats = Seat.objects.filter(person__in=people, round__plant__in=plants)
    yield from seats.values_list("person_id", "round__plant_id").distinct()


def _uploads(plants: Collection[int], people: Collection[int]) -> Iterator[Pair]:
    files = Evidence.objects.filter(uploaded_by__in=people, plant__in=plants)
    yield from files.order_by().values_list("uploaded_by_id", "plant_id").distinct()
