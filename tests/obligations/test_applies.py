"""Applies rules over facts: yes or no, and the reason."""

from datetime import date

import pytest

from plants.text import Text
from tracker.obligations.applies import applies
from tracker.obligations.facts import Facts
from tracker.regulations.rules import read_applies

FACTS = Facts(
    {
        "plant.kind": "clinker",
        "plant.zone": "wu-chang-shi",
        "plant.uses_ammonia": True,
        "plant.co_processing": False,
        "plant.restarted_on": None,
        "permit.valid_until": date(2027, 5, 1),
        "line.capacity_tpd": 2500,
        "plant.authority": "region-changji",
        "permit.known": True,
    },
    {
        "wu-chang-shi": Text("乌-昌-石区域", "Wu-Chang-Shi"),
        "region-changji": Text("昌吉州局", "Changji bureau"),
        "region": Text("自治区厅", "the Region"),
    },
    offices=("region-changji", "region"),
)


@pytest.mark.parametrize(
    ("rule", "yes"),
    [
        ("always", True),
        ({"plant.kind": "clinker"}, True),
        ({"plant.kind": "grinding"}, False),
        ({"plant.zone": ["kui-du-wu", "wu-chang-shi"]}, True),
        ({"plant.co_processing": True}, False),
        ({"not": {"plant.co_processing": True}}, True),
        ({"line.capacity_tpd": {"at_least": 2500}}, True),
        ({"line.capacity_tpd": {"at_least": 2501}}, False),
        ({"line.capacity_tpd": {"at_most": 2500}}, True),
        ({"permit.valid_until": {"before": "2027-05-01"}}, False),
        ({"permit.valid_until": {"before": "2027-05-02"}}, True),
        ({"permit.valid_until": {"on_or_after": "2027-05-01"}}, True),
        ({"plant.restarted_on": {"known": True}}, False),
        ({"plant.restarted_on": {"known": False}}, True),
        ({"plant.restarted_on": {"before": "2030-01-01"}}, False),
        ({"line.commissioned_on": {"before": "2030-01-01"}}, False),
        ({"plant.authority": "region-changji"}, True),
        ({"plant.authority": ["corps", "region"]}, True),
        ({"plant.authority": ["corps", "region-hami"]}, False),
        ({"not": {"plant.authority": "region"}}, False),
        ({"plant.authority": {"known": True}}, True),
        ({"permit.known": True}, True),
        ({"project.organised.finished_on": {"known": True}}, False),
        ({"all": [{"plant.kind": "clinker"}, {"plant.uses_ammonia": True}]}, True),
        ({"all": [{"plant.kind": "clinker"}, {"plant.uses_ammonia": False}]}, False),
        ({"any": [{"plant.kind": "grinding"}, {"plant.uses_ammonia": True}]}, True),
        ({"any": [{"plant.kind": "grinding"}, {"plant.uses_ammonia": False}]}, False),
        # What is not known makes no yes, nor does its opposite.
        ({"not": {"line.commissioned_on": {"before": "2030-01-01"}}}, False),
        ({"not": {"not": {"line.commissioned_on": {"before": "2030-01-01"}}}}, False),
        ({"not": {"all": [{"plant.kind": "clinker"}, {"line.carbide_slag": True}]}}, False),
        ({"not": {"all": [{"plant.kind": "grinding"}, {"line.carbide_slag": True}]}}, True),
        ({"not": {"any": [{"plant.kind": "grinding"}, {"line.carbide_slag": True}]}}, False),
        ({"any": [{"plant.kind": "clinker"}, {"line.carbide_slag": True}]}, True),
        ({"not": {"plant.restarted_on": {"known": True}}}, True),
    ],
)
def test_applies_judges_the_rule(rule: object, yes: bool) -> None:
    assert applies(read_applies(rule, subject="line"), FACTS).yes is yes


def test_reason_of_a_yes_names_every_fact_that_it_rests_on() -> None:
    rule = {"all": [{"plant.zone": "wu-chang-shi"}, {"plant.uses_ammonia": True}]}

    sentence = applies(read_applies(rule, subject="plant"), FACTS).sentence("plant")

    assert sentence == Text(
        "适用，因为联防联控区为乌-昌-石区域，且企业使用氨水、尿素等含氨还原剂。",
        "It applies because the zone is Wu-Chang-Shi and the plant uses ammonia or urea.",
    )


def test_reason_of_what_stays_open_names_the_fact_that_is_not_known() -> None:
    rule = {"not": {"all": [{"plant.kind": "clinker"}, {"line.carbide_slag": True}]}}

    sentence = applies(read_applies(rule, subject="line"), FACTS).sentence("line")

    assert sentence.en == ("It does not apply because being a carbide-slag line is not known.")


def test_reason_of_a_no_names_only_what_failed() -> None:
    rule = {"all": [{"plant.uses_ammonia": True}, {"permit.valid_until": {"before": "2026-01-01"}}]}

    sentence = applies(read_applies(rule, subject="plant"), FACTS).sentence("plant")

    assert sentence == Text(
        "不适用，因为排污许可证有效期止为2027年5月1日。",
        "It does not apply because the permit's last day is 1 May 2027.",
    )


def test_reason_without_a_condition_says_for_whom() -> None:
    sentence = applies(read_applies("always", subject="line"), FACTS).sentence("line")

    assert sentence == Text("适用于所有熟料生产线。", "It applies to every clinker line.")


def test_reason_names_the_authority_above_that_the_rule_names() -> None:
    rule = read_applies({"plant.authority": "region"}, subject="plant")

    assert applies(rule, FACTS).sentence("plant") == Text(
        "适用，因为主管部门为昌吉州局（隶属自治区厅）。",
        "It applies because the authority is Changji bureau (under the Region).",
    )


def test_reason_shows_a_capacity_as_a_number() -> None:
    rule = read_applies({"line.capacity_tpd": {"at_least": 4000}}, subject="line")

    assert applies(rule, FACTS).sentence("line") == Text(
        "不适用，因为熟料设计产能（吨/日）为2,500。",
        "It does not apply because the clinker capacity in t/d is 2,500.",
    )
