"""The pure rule of the draw: by digests alone, ties passed over, pools there and back."""

import pytest

from tracker.rounds.spot_checks.draw import (
    Drawn,
    Entry,
    Pools,
    Tie,
    draw,
    read_pools,
    seed_of,
    sha256,
    write_pools,
)

PLANTS = tuple(Entry(key, f"厂{key}") for key in ("a", "b", "c"))
INSPECTORS = tuple(Entry(key, f"员{key}") for key in ("1", "2", "3"))


def pools(plants: int = 1, inspectors: int = 1, ties: tuple[Tie, ...] = ()) -> Pools:
    return Pools("抽查", plants, inspectors, PLANTS, INSPECTORS, ties)


def tie(inspector: str, plant: str) -> Tie:
    return Tie(inspector, plant, "role")


# The digests below were made with sha256sum: printf '%s' 's|plant|a' | sha256sum …
def test_seed_is_the_digest_of_three_parts() -> None:
    seed = seed_of(nonce="n", word="w", digest="d")

    assert seed == "acaa34d8c932b3ed3dd83ac689385fd6e08a0a174cca6d653ab65b508aeb58c7"


ORDER = ("a", "c", "b")
FOR_FIRST = ("2", "3", "1")


@pytest.mark.parametrize(
    ("asked", "ties", "since", "drawn"),
    [
        (1, (), (), FOR_FIRST[:1]),
        (2, (), (), FOR_FIRST[:2]),
        (1, (0,), (), FOR_FIRST[1:2]),  # a tie that was there: the next one
        (1, (), (0,), FOR_FIRST[1:2]),  # and one that came up since
        (1, (0,), (1,), FOR_FIRST[2:]),
        (2, (0, 1), (), FOR_FIRST[2:]),  # fewer are left than asked
        (1, (2,), (), FOR_FIRST[:1]),  # a tie of whom nobody came to
    ],
)
def test_inspectors_by_digest_without_ties(
    asked: int, ties: tuple[int, ...], since: tuple[int, ...], drawn: tuple[str, ...]
) -> None:
    fixed = tuple(tie(FOR_FIRST[each], ORDER[0]) for each in ties)
    later = tuple(tie(FOR_FIRST[each], ORDER[0]) for each in since)

    [found] = draw(pools(inspectors=asked, ties=fixed), seed="s", ties_since=later)

    assert (found.plant, found.inspectors) == (ORDER[0], drawn)
    passed = {each.inspector for each in found.passed_over}
    assert passed == {FOR_FIRST[each] for each in (*ties, *since) if each < 2}


@pytest.mark.parametrize("asked", [1, 2, 3])
def test_plants_by_digest(asked: int) -> None:
    assert tuple(each.plant for each in draw(pools(plants=asked), seed="s")) == ORDER[:asked]


def test_each_plant_has_inspectors_of_its_own() -> None:
    drawn = draw(pools(plants=3), seed="s")

    assert drawn[0] == Drawn(ORDER[0], FOR_FIRST[:1])
    assert [each.inspectors for each in drawn] == [("2",), ("3",), ("1",)]


def test_order_of_the_pools_does_not_matter() -> None:
    turned = Pools("抽查", 2, 1, PLANTS[::-1], INSPECTORS[::-1])

    assert write_pools(turned) == write_pools(pools(plants=2))


def test_pools_are_read_back_and_names_make_no_lines() -> None:
    odd = Pools("a\tb", 1, 1, (Entry("a", "厂\n plant\tb"),), INSPECTORS, (tie("1", "a"),))

    read = read_pools(write_pools(odd))

    assert (read.title, read.plants) == ("a b", (Entry("a", "厂 plant b"),))
    assert (read.inspectors, read.ties) == (INSPECTORS, (tie("1", "a"),))


def test_digest_is_of_utf_8() -> None:
    digest = "bd7b309b43b3c62c8d06400d2b837f90934ff4d8787bb289d75465a6296f2fb8"

    assert sha256("双随机") == digest
