"""A real draw, from its announcement to the proof, which is checked as docs/spot-checks.md says."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from plants.models import Authority, Membership, Role
from tests.factories import NOW, Cast, ObligationFactory, attach, manager_of, officer_of
from tests.rounds.spot_checks.draws import announce, announce_one, carry
from tracker.audit import Actor, Event, Verb
from tracker.rounds.models import Body, SpotCheck, SpotDraw
from tracker.rounds.seating import give_seat
from tracker.rounds.spot_checks.announce import give_up_draw
from tracker.rounds.spot_checks.carry_out import drawn_in, proof_of
from tracker.rounds.spot_checks.draw import read_pools, sha256
from tracker.rounds.spot_checks.law import read_rules
from tracker.rounds.spot_checks.rights import SpotCheckRefused
from tracker.rounds.spot_checks.ties import read_ties
from tracker.rounds.walk import open_round

pytestmark = pytest.mark.django_db
RECIPE = Path(__file__).resolve().parents[3] / "docs" / "spot-checks.md"


def run_recipe(proof: dict[str, object], folder: Path) -> list[list[str]]:
    """What the page's own recipe prints, run by a Python that knows nothing of this site."""
    [recipe] = re.findall(r"```python\n(.*?)```", RECIPE.read_text(), re.DOTALL)
    path = folder / "proof.json"
    path.write_text(json.dumps(proof, cls=DjangoJSONEncoder), encoding="utf-8")
    told = subprocess.run(
        [sys.executable, "-I", "-c", recipe, str(path)], capture_output=True, text=True, check=True
    )
    return [line.split() for line in told.stdout.splitlines()]


def test_recipe_gives_the_same_draw(world: Cast, tmp_path: Path) -> None:
    region = Authority.objects.get(code="region")
    officers = [world.changji_officer, world.region_officer]
    officers += [officer_of(region) for _ in range(4)]
    # One had a role at a plant before the pools were fixed, one gets hers after that.
    Membership.objects.create(person=officers[2], role=Role.MANAGER, plant=world.plant)
    draw = announce(world, inspectors=officers, plants_asked=2, inspectors_asked=3)
    Membership.objects.create(person=officers[3], role=Role.ASSESSOR, plant=world.other_plant)
    officers[5].memberships.all().delete()

    checks = carry(draw, by=world.region_officer)

    drawn = drawn_in(draw)
    assert run_recipe(proof_of(draw), tmp_path) == [
        [each.plant, *each.inspectors] for each in drawn
    ]
    assert [check.plant.code for check in checks] == [each.plant for each in drawn]
    assert [{str(each.pk) for each in check.inspectors.all()} for check in checks] == [
        set(each.inspectors) for each in drawn
    ]
    bound = {(str(officers[2].pk), world.plant.code), (str(officers[3].pk), world.other_plant.code)}
    assert {(key, each.plant) for each in drawn for key in each.inspectors}.isdisjoint(bound)
    assert not any(str(officers[5].pk) in each.inspectors for each in drawn)
    assert sorted(tie["kind"] for tie in draw.ties_since) == ["left", "left", "role"]


def test_nonce_is_shown_only_after_the_word(world: Cast) -> None:
    draw = announce(world)
    before = proof_of(draw)
    carry(draw, by=world.region_officer)
    after = proof_of(draw)

    [announced, drawn] = Event.objects.about(draw).order_by("pk")
    assert (announced.verb, drawn.verb) == (Verb.ANNOUNCED, Verb.DREW)
    told = announced.after or {}
    assert before["nonce"] is None
    assert draw.nonce not in json.dumps([told, before], cls=DjangoJSONEncoder)
    assert sha256(str(after["nonce"])) == told["nonce_sha256"] == before["nonce_sha256"]
    assert sha256(draw.pools) == told["pools_sha256"] == after["pools_sha256"]
    assert (drawn.after or {})["seed"] == after["seed"]
    # The plant's own history does not warn it.
    assert not Event.objects.filter(plant__isnull=False, thing_kind__startswith="spot").exists()


def test_draw_is_carried_out_once_and_not_given_up_after_that(world: Cast) -> None:
    draw = announce(world)
    as_read_before = SpotDraw.objects.get(pk=draw.pk)
    carry(draw, by=world.region_officer)
    officer = Actor(world.region_officer, "tests")

    with pytest.raises(SpotCheckRefused, match="carried out already"):
        carry(draw, by=world.region_officer, word="another")
    with pytest.raises(SpotCheckRefused, match="meanwhile"):
        carry(as_read_before, by=world.region_officer, word="another")
    with pytest.raises(SpotCheckRefused, match="meanwhile"):
        give_up_draw(as_read_before, reason="Not liked", by=officer, at=NOW)

    assert SpotDraw.objects.get().word == "天山 4711"
    assert SpotCheck.objects.count() == 1


def test_draw_that_is_given_up_says_why_and_is_over(world: Cast) -> None:
    draw, officer = announce(world), Actor(world.region_officer, "tests")

    with pytest.raises(SpotCheckRefused, match="Say why"):
        give_up_draw(draw, reason=" ", by=officer, at=NOW)
    give_up_draw(draw, reason="名单有误 ", by=officer, at=NOW)
    with pytest.raises(SpotCheckRefused, match="given up"):
        carry(draw, by=world.region_officer)

    assert proof_of(draw)["nonce"] is None
    assert Event.objects.about(draw).filter(verb=Verb.GAVE_UP).get().note == "名单有误"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"title": " "}, "title"),
        ({"plants_asked": 3}, "no more than are in the pool"),
        ({"inspectors_asked": 0}, "at least one inspector"),
        ({"inspectors_asked": 3}, "too few inspectors"),
    ],
)
def test_announcement_that_can_not_be(world: Cast, values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SpotCheckRefused, match=sentence):
        announce(world, **values)


def test_only_of_ones_own_authority(world: Cast) -> None:
    with pytest.raises(SpotCheckRefused, match="Only an officer"):
        announce(world, by=world.changji_officer)
    with pytest.raises(SpotCheckRefused, match="does not oversee"):
        announce(world, plants=[world.plant, world.corps_plant])
    with pytest.raises(SpotCheckRefused, match="no officer of this authority"):
        announce(world, inspectors=[world.region_officer, world.corps_officer])
    with pytest.raises(SpotCheckRefused, match="Only an officer"):
        carry(announce(world), by=world.changji_officer)


def test_each_kind_of_tie(world: Cast) -> None:
    former = manager_of(world.plant)
    attach(ObligationFactory.create(plant=world.plant), former)
    former.memberships.all().delete()
    found = open_round(plant=world.plant, by=Actor(world.manager, "tests"), at=NOW)
    give_seat(
        found,
        person=world.corps_officer,
        body=Body.TECHNICAL,
        organisation="技术中心",
        by=Actor(world.manager, "tests"),
        at=NOW,
    )
    people = [*world.people.values(), former]
    names = {str(who.pk): name for name, who in world.people.items()}
    names[str(former.pk)] = "former"

    ties = read_ties([world.plant, world.other_plant], people)

    assert {(names[tie.inspector], tie.plant, tie.kind) for tie in ties} == {
        ("former", world.plant.code, "upload"),
        ("corps_officer", world.plant.code, "seat"),
        ("manager", world.plant.code, "role"),
        ("group_manager", world.plant.code, "role"),
        ("other_manager", world.other_plant.code, "role"),
    }


def test_draw_is_seen_by_whom_it_concerns(world: Cast) -> None:
    draw = announce_one(world)

    def seers() -> set[str]:
        return {
            name for name, who in world.people.items() if SpotDraw.objects.visible_to(who).exists()
        }

    offices = {"changji_officer", "region_officer", "auditor", "administrator"}
    assert seers() == offices
    [check] = carry(draw, by=world.changji_officer)
    assert seers() == offices
    SpotCheck.objects.filter(pk=check.pk).update(done_on=NOW.date(), seen="一切正常")
    assert seers() == offices | {"manager", "group_manager"}
    assert read_pools(draw.pools).title == draw.title


def test_law_is_shown_with_how_sure_we_are_of_it() -> None:
    assert [rule.verification for rule in read_rules()] == ["verified", "secondary"]
