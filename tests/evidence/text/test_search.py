"""What is found by which query, on both databases, and the line in which it stands."""

from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from tests.factories import NOW, Cast, ObligationFactory, cast
from tests.factories.walks import store_file
from tracker.audit import Actor
from tracker.evidence.attach import attach_evidence
from tracker.evidence.models import Evidence, FileText, TextPiece
from tracker.evidence.reading import read_waiting
from tracker.evidence.search import Line, line_with, lines_of, search_files
from tracker.evidence.words import terms_of

pytestmark = pytest.mark.django_db

TEXT = "窑尾ＳＮＣＲ脱硝系统运行台账\n喷氨量 35.6 kg/h，氨逃\n逸浓度 2.1；DA001 合格\nNH3-N"


@pytest.fixture
def world() -> Cast:
    return cast()


def lay(world: Cast, text: str = TEXT, name: str = "记录.txt") -> Evidence:
    file = store_file(text.encode(), name=name)
    attachment = attach_evidence(
        obligation=ObligationFactory.create(plant=world.plant),
        file=file,
        document_on=None,
        by=Actor(world.manager, "tests"),
        at=NOW,
    )
    read_waiting(now=NOW)
    return attachment.evidence


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        # One, two, three, four characters and more, and what goes over a line's end.
        *((word, True) for word in ("氨", "逸", "喷", "氨量", "喷氨量", "脱硝系统", "氨逃逸浓度")),
        *((word, False) for word in ("水", "水泥", "量喷", "脱硝台账", "硝脱")),
        *((word, True) for word in ("sncr", "SNCR", "ＳＮＣＲ", "snc", "SNCR脱硝", "窑尾SNCR")),
        *((word, False) for word in ("ncr", "sncrs", "sncr系统", "da002")),
        *((word, True) for word in ("35.6", "35", "da001", "DA00", "kg/h", "NH3-N", "nh3")),
        *((word, False) for word in ("6.35", "35.7", "5.6")),
        ("SNCR 氨逃逸", True),
        ("氨逃逸　sncr 记录", True),
        ("SNCR 水泥", False),
        ("", True),
        ("记", True),
        ("录.t", True),
        # What an engine might take for its own language.
        *(('"sncr"', True), ("sncr*", True), ("sncr'", True)),
        *(('"', False), ("*", False), ("%", False), ("_", False), ("NEAR(", False)),
        *(("sncr OR 水泥", False), ("-sncr", True), ("words:sncr", False), ("sncr:*", True)),
        *(("' OR 1=1 --", False), ("!氨", True), ("(氨", True), ("\\", False), ("\0", True)),
    ],
)
def test_query(world: Cast, query: str, is_found: bool) -> None:
    lay(world)

    assert search_files(Evidence.objects.all(), query).exists() is is_found


@given(st.text(max_size=60))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_query_breaks_the_search(world: Cast, query: str) -> None:
    list(search_files(Evidence.objects.all(), query))


@given(st.integers(0, len(TEXT) - 1), st.integers(1, 12))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_stretch_of_chinese_is_found(world: Cast, start: int, length: int) -> None:
    """Whatever the stretch begins and ends in."""
    if not Evidence.objects.exists():
        lay(world)
    stretch = "".join(c for c in TEXT[start : start + length] if "\u4e00" <= c <= "\u9fff")
    cut = TEXT.replace("\n", "")
    if stretch in cut:
        assert search_files(Evidence.objects.all(), stretch).exists()


def test_only_among_what_one_may_see(world: Cast) -> None:
    lay(world)

    seen = [
        search_files(Evidence.objects.visible_to(person), "sncr").count()
        for person in (world.manager, world.changji_officer, world.auditor, world.other_manager)
    ]

    assert seen == [1, 1, 1, 0]


def test_terms_may_lie_in_different_pieces(world: Cast) -> None:
    lay(world, "首页SNCR\n" + "其间无事\n" * 4_000 + "末页氨逃逸")

    assert TextPiece.objects.count() > 1
    assert search_files(Evidence.objects.all(), "sncr 氨逃逸").exists()


def test_index_follows_what_is_changed_and_taken_out(world: Cast) -> None:
    lay(world)
    everything = Evidence.objects.all()

    TextPiece.objects.update(words="waste heat")
    assert not search_files(everything, "sncr").exists()
    assert search_files(everything, "heat").exists()
    FileText.objects.all().delete()
    assert not search_files(everything, "heat").exists()


@pytest.mark.parametrize(
    ("query", "line"),
    [
        ("氨量", Line("喷", "氨量", " 35.6 kg/h，氨逃")),
        ("sncr脱硝", Line("窑尾", "ＳＮＣＲ脱硝", "系统运行台账")),
        ("氨逃逸", Line("喷氨量 35.6 kg/h，", "氨逃\n逸", "浓度 2.1；DA001 合格")),
        ("nh3-n", Line("", "NH3-N", "")),
        ("ncr", None),
        ("合格", Line("逸浓度 2.1；DA001 ", "合格", "")),
    ],
)
def test_line(query: str, line: Line | None) -> None:
    assert line_with(terms_of(query)[0], TEXT) == line


def test_line_in_a_long_one_is_cut_on_both_sides() -> None:
    line = line_with(terms_of("sncr")[0], "前" * 90 + "SNCR" + "后" * 90)

    assert line == Line("…" + "前" * 24, "SNCR", "后" * 80 + "…")


def test_lines_of_a_page_are_read_in_few_queries(
    world: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    files = [lay(world, f"{uuid4()}\n第{number}号SNCR记录") for number in range(3)]

    with django_assert_num_queries(2):
        lines = lines_of(files, "sncr")

    assert [lines[file.stored_id].before for file in files] == ["第0号", "第1号", "第2号"]
