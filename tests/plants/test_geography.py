"""Places and authorities: what a file may say, and what becomes of it."""

# ruff: noqa: E501 - one fault, one row

import pytest

from plants.geography import KnownGeography, load_geography, parse_geography
from plants.models import Authority, Place, Zone
from plants.seedfile import read_seed

GOOD = """\
zones:
  - {code: other, name: {zh: 其他区域, en: Other areas}, verification: verified}
places:
  - {code: changji, name: {zh: 昌吉州, en: Changji}, level: prefecture, zone: other, tile: [1, 3], verification: verified}
  - {code: fukang, name: {zh: 阜康市, en: Fukang}, level: county, parent: changji, zone: other, verification: verified}
authorities:
  - {code: region, name: {zh: 生态环境厅, en: Department}, tree: region, level: region, path: region/}
  - {code: region-changji, name: {zh: 昌吉州生态环境局, en: Changji Bureau}, tree: region, level: prefecture, parent: region, path: region/changji/, place: changji}
"""


def parse(text: str) -> list[str]:
    seed, faults = read_seed("p.yaml", text.encode())
    assert seed is not None
    return [str(fault) for fault in [*faults, *parse_geography([seed])[1]]]


def test_parse_geography_accepts_the_good_file() -> None:
    assert parse(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        ("places:\n", "  - {code: other, name: {zh: 其他, en: Other}, verification: verified}\nplaces:\n", ["p.yaml:3: zones[2].code: the zone 'other' is defined twice (first at p.yaml:2)"]),
        ("level: county, parent: changji", "level: county", ["p.yaml:5: places[2].parent: is missing: name the prefecture-level place"]),
        ("level: county, parent: changji", "level: county, parent: chanji", ["p.yaml:5: places[2].parent: no prefecture-level place 'chanji' is known (did you mean 'changji'?)"]),
        ("level: county, parent", "level: prefecture, parent", ["p.yaml:5: places[2].parent: remove it: this is a prefecture-level place"]),
        ("parent: changji, zone: other", "parent: changji, zone: others", ["p.yaml:5: places[2].zone: no zone 'others' is known (did you mean 'other'?)"]),
        ("level: county", "level: country", ["p.yaml:5: places[2].level: must be one of prefecture, county, corps_city; got 'country' (did you mean 'county'?)"]),
        ("tile: [1, 3]", "tile: [1]", ["p.yaml:4: places[1].tile: must be [row, column], two whole numbers from 0; got [1]"]),
        ("zh: 阜康市", "zh: Fukang", ["p.yaml:5: places[2].name.zh: must be Chinese; got 'Fukang'"]),
        ("path: region/changji/", "path: corps/changji/", ["p.yaml:8: authorities[2].path: must be 'region/' and one step, such as 'region/name/'; got 'corps/changji/'"]),
        ("level: prefecture, parent: region", "level: division, parent: region", ["p.yaml:8: authorities[2].level: must be one of region, prefecture, county in the tree 'region'; got 'division'"]),
        ("place: changji}", "place: chang}", ["p.yaml:8: authorities[2].place: no place 'chang' is known (did you mean 'changji'?)"]),
    ],
)  # fmt: skip
def test_parse_geography_reports_each_fault(old: str, new: str, faults: list[str]) -> None:
    assert old in GOOD

    assert parse(GOOD.replace(old, new)) == faults


def test_parse_geography_knows_what_the_database_has() -> None:
    seed, _faults = read_seed("a.yaml", GOOD[GOOD.index("authorities") :].encode())
    assert seed is not None

    without = parse_geography([seed])[1]
    known = KnownGeography(place_levels={"changji": "prefecture"})

    assert [fault.message for fault in without] == [
        "no place 'changji' is known: none is loaded yet"
    ]
    assert parse_geography([seed], known)[1] == []


@pytest.mark.django_db
def test_load_geography_twice_changes_nothing() -> None:
    seed, _faults = read_seed("p.yaml", GOOD.encode())
    assert seed is not None
    geography, _faults = parse_geography([seed])

    first = load_geography(geography)
    second = load_geography(geography)

    assert (first.count("created"), first.unchanged) == (5, 0)
    assert (second.changes, second.unchanged) == ([], 5)
    assert Place.objects.get(code="fukang").prefecture.code == "changji"
    assert Zone.objects.get().name.zh == "其他区域"
    assert Authority.objects.get(code="region-changji").path == "region/changji/"


@pytest.mark.django_db
def test_load_geography_changes_what_differs() -> None:
    for text in (GOOD, GOOD.replace("en: Fukang", "en: Fukang City")):
        seed, _faults = read_seed("p.yaml", text.encode())
        assert seed is not None
        report = load_geography(parse_geography([seed])[0])

    assert [(c.deed, c.before, c.after) for c in report.changes] == [
        ("changed", {"name_en": "Fukang"}, {"name_en": "Fukang City"})
    ]
    assert Place.objects.get(code="fukang").name.en == "Fukang City"
