"""Who is drawn: pure, and written out in docs/spot-checks.md so that anybody can draw it again.

Pools are one text, a line for each fact, tabs between its words. Whoever has the text, the nonce
and the word of the witnesses gets the same draw with nothing but SHA-256.
"""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class Entry:
    """A plant or an inspector in a pool; ``key`` stays the same whatever the name becomes."""

    key: str
    name: str


@dataclass(frozen=True, order=True, slots=True)
class Tie:
    """Why this inspector may not check that plant."""

    inspector: str
    plant: str
    kind: str


@dataclass(frozen=True, slots=True)
class Pools:
    """What is fixed before the draw: who may be drawn, how many of each, and who may not where."""

    title: str
    plants_asked: int
    inspectors_asked: int
    plants: tuple[Entry, ...]
    inspectors: tuple[Entry, ...]
    ties: tuple[Tie, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawn:
    """A plant that was drawn, its inspectors in their order, who was passed over for a tie."""

    plant: str
    inspectors: tuple[str, ...]
    passed_over: tuple[Tie, ...] = ()


def one_line(text: str) -> str:
    """Without tabs and line breaks, which would part a pool's words and lines."""
    return " ".join(text.split())


def sha256(text: str) -> str:
    """In hex, of the text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def write_pools(pools: Pools) -> str:
    """The pools as the text whose digest is announced; the same pools give the same text."""
    rows: list[tuple[str, ...]] = [
        ("title", pools.title),
        ("plants to draw", str(pools.plants_asked)),
        ("inspectors for each", str(pools.inspectors_asked)),
        *(("plant", each.key, each.name) for each in sorted(pools.plants)),
        *(("inspector", each.key, each.name) for each in sorted(pools.inspectors)),
        *(("tie", each.inspector, each.plant, each.kind) for each in sorted(pools.ties)),
    ]
    return "".join("\t".join(one_line(word) for word in row) + "\n" for row in rows)


def read_pools(text: str) -> Pools:
    """What ``write_pools`` wrote."""
    rows = [line.split("\t") for line in text.split("\n") if line]
    asked = {row[0]: row[1] for row in rows}

    def entries(kind: str) -> tuple[Entry, ...]:
        return tuple(Entry(row[1], row[2]) for row in rows if row[0] == kind)

    return Pools(
        title=asked["title"],
        plants_asked=int(asked["plants to draw"]),
        inspectors_asked=int(asked["inspectors for each"]),
        plants=entries("plant"),
        inspectors=entries("inspector"),
        ties=tuple(Tie(*row[1:4]) for row in rows if row[0] == "tie"),
    )


def seed_of(*, nonce: str, word: str, digest: str) -> str:
    """From what the site kept secret, what the witnesses said after it, and what was drawn from."""
    return sha256(f"{nonce}|{word}|{digest}")


def draw(pools: Pools, *, seed: str, ties_since: Iterable[Tie] = ()) -> tuple[Drawn, ...]:
    """The plants in the order in which they were drawn, each with its own inspectors.

    ``ties_since`` came up after the pools were fixed. Where too few inspectors are free of ties,
    there are fewer.
    """
    ties = {(tie.inspector, tie.plant): tie for tie in (*ties_since, *pools.ties)}
    keys = [each.key for each in pools.plants]
    drawn = _in_order(seed, "plant", keys)[: pools.plants_asked]
    return tuple(_for_plant(plant, pools, seed, ties) for plant in drawn)


def _for_plant(plant: str, pools: Pools, seed: str, ties: dict[tuple[str, str], Tie]) -> Drawn:
    found: list[str] = []
    passed_over: list[Tie] = []
    for key in _in_order(seed, f"inspector {plant}", [each.key for each in pools.inspectors]):
        if len(found) == pools.inspectors_asked:
            break
        tie = ties.get((key, plant))
        if tie is None:
            found.append(key)
        else:
            passed_over.append(tie)
    return Drawn(plant, tuple(found), tuple(passed_over))


def digest_for(seed: str, kind: str, key: str) -> str:
    """What decides on the place of a plant or an inspector: the smallest comes first."""
    return sha256(f"{seed}|{kind}|{key}")


def _in_order(seed: str, kind: str, keys: Collection[str]) -> list[str]:
    return sorted(keys, key=lambda key: digest_for(seed, kind, key))
