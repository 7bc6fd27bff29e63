"""Applies rules as they are written: read, or refused with the place and the reason."""

import pytest

from tracker.regulations.rules import (
    All,
    Always,
    Ask,
    Not,
    RuleFault,
    read_applies,
)


def test_applies_rule_reads_into_its_tree() -> None:
    rule = {"all": [{"plant.kind": "clinker"}, {"not": {"line.capacity_tpd": {"at_most": 2500}}}]}

    assert read_applies(rule, subject="line") == All(
        (
            Ask("plant.kind", "one_of", ("clinker",)),
            Not(Ask("line.capacity_tpd", "at_most", (2500,))),
        )
    )
    assert read_applies("always", subject="plant") == Always()


@pytest.mark.parametrize(
    ("rule", "subject", "path", "message"),
    [
        ("never", "plant", (), "must be 'always' or a mapping of one key: all, any, not or a fact"),
        ({"all": []}, "plant", ("all",), "must be a list of at least one rule"),
        (
            {"all": [{"plant.kind": "kiln"}]},
            "plant",
            ("all", 0, "plant.kind"),
            "must be one of clinker, grinding; got 'kiln'",
        ),
        (
            {"line.carbide_slag": True},
            "plant",
            ("line.carbide_slag",),
            "can't be asked of a plant; line.carbide_slag belongs to a line",
        ),
        (
            {"line.capacity_tpd": True},
            "line",
            ("line.capacity_tpd",),
            "must be a number; got True",
        ),
        (
            {"plant.kind": {"at_least": 1}},
            "plant",
            ("plant.kind", "at_least"),
            "goes with a number; plant.kind is a text",
        ),
        (
            {"permit.valid_until": {"before": "2026-02-30"}},
            "plant",
            ("permit.valid_until", "before"),
            "must be a date like 2028-12-31; got '2026-02-30'",
        ),
    ],
)
def test_applies_rule_is_refused_with_its_place(
    rule: object, subject: str, path: tuple[str | int, ...], message: str
) -> None:
    with pytest.raises(RuleFault) as caught:
        read_applies(rule, subject=subject)

    assert (caught.value.path, caught.value.message) == (path, message)


def test_unknown_fact_is_refused_with_the_known_ones() -> None:
    with pytest.raises(RuleFault, match=r"is no known fact; known are plant\.kind, "):
        read_applies({"plant.colour": "red"}, subject="plant")


@pytest.mark.parametrize(
    ("rules", "path", "message"),
    [
        (
            [
                {"line.commissioned_on": {"on_or_after": "2024-06-01"}},
                {"plant.kind": "clinker"},
                {"line.commissioned_on": {"before": "2024-01-01"}},
            ],
            ("all", 2, "line.commissioned_on", "before"),
            "contradicts on_or_after 2024-06-01: no line.commissioned_on is both",
        ),
        (
            [
                {"line.commissioned_on": {"before": "2024-01-01"}},
                {"line.commissioned_on": {"on_or_after": "2024-01-01"}},
            ],
            ("all", 1, "line.commissioned_on", "on_or_after"),
            "contradicts before 2024-01-01: no line.commissioned_on is both",
        ),
        (
            [{"line.capacity_tpd": {"at_least": 2501}}, {"line.capacity_tpd": {"at_most": 2500}}],
            ("all", 1, "line.capacity_tpd", "at_most"),
            "contradicts at_least 2501: no line.capacity_tpd is both",
        ),
    ],
)
def test_contradictory_pair_is_refused(
    rules: object, path: tuple[str | int, ...], message: str
) -> None:
    with pytest.raises(RuleFault) as caught:
        read_applies({"all": rules}, subject="line")

    assert (caught.value.path, caught.value.message) == (path, message)


@pytest.mark.parametrize(
    "rules",
    [
        [{"line.capacity_tpd": {"at_least": 2500}}, {"line.capacity_tpd": {"at_most": 2500}}],
        [
            {"line.commissioned_on": {"on_or_after": "2024-01-01"}},
            {"line.commissioned_on": {"before": "2024-01-02"}},
        ],
        [
            {"line.commissioned_on": {"on_or_after": "2024-06-01"}},
            {"plant.restarted_on": {"before": "2024-01-01"}},
        ],
    ],
)
def test_pair_that_something_lies_between_is_read(rules: list[object]) -> None:
    read = read_applies({"all": rules}, subject="line")

    assert isinstance(read, All)
    assert len(read.rules) == 2
