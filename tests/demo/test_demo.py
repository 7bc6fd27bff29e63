"""The demo world: the same each time, all states in it, nothing real, nothing half-made."""

from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from plants.models import Agreement, Company, Line, Outlet, Person, Plant, Swap, Tree, Zone
from tests.demo.conftest import NOW, PLANTS, BuiltDemo
from tracker.annexes.models import AnnexImport
from tracker.annexes.preview import read_preview
from tracker.audit import ChainHead, Event, broken_links
from tracker.demo.accounts import ACCOUNTS, PASSWORD
from tracker.evidence.models import Evidence, StoredFile
from tracker.evidence.store import path_of
from tracker.evidence.types import BY_ENDING
from tracker.management.commands.seed_demo import table
from tracker.obligations.models import Obligation, Relief, ReliefState, State
from tracker.regulations.models import AnnexDate
from tracker.reminders.models import Message, Reminder, ReminderState
from tracker.rounds.models import Round

TODAY = NOW.date()
# The mark makes the database; the rows come with the module and outlive each test.
pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("demo")]


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@demo.example")


def test_same_seed_and_day_give_the_same_rows(demo: BuiltDemo) -> None:
    assert demo.first_digest == demo.second_digest


def test_size_is_what_was_asked_for(demo: BuiltDemo) -> None:
    assert (demo.report.plants, demo.report.lines, demo.report.stations) == (PLANTS, 5, 1)
    assert Plant.objects.count() == PLANTS + 1
    assert Line.objects.count() == 5


def test_every_state_is_there(demo: BuiltDemo) -> None:
    assert set(demo.report.states) == set(State.values)
    assert sum(demo.report.states.values()) == Obligation.objects.count()
    assert demo.report.overdue == Obligation.objects.overdue(today=TODAY).count() > 0


@pytest.mark.parametrize("email", [account.email for account in ACCOUNTS])
def test_account_can_sign_in_and_sees_something(email: str) -> None:
    signed_in = authenticate(username=email, password=PASSWORD)

    assert isinstance(signed_in, Person)
    seen = (Plant.objects.visible_to(signed_in), Round.objects.visible_to(signed_in))
    assert any(rows.exists() for rows in seen)


def test_accounts_see_what_their_role_says() -> None:
    everything = set(Plant.objects.all())
    trees = {
        tree: set(Plant.objects.filter(authority__tree=tree)) for tree in (Tree.REGION, Tree.CORPS)
    }
    (shown,) = Plant.objects.visible_to(person("manager"))
    (other,) = Plant.objects.visible_to(person("other-manager"))
    group = set(Plant.objects.visible_to(person("group-manager")))

    assert set(Plant.objects.visible_to(person("region-officer"))) == trees[Tree.REGION]
    assert set(Plant.objects.visible_to(person("corps-officer"))) == trees[Tree.CORPS]
    assert set(Plant.objects.visible_to(person("auditor"))) == everything
    assert set(Plant.objects.visible_to(person("admin"))) == everything
    assert shown.authority.code == "region-changji" != other.authority.code
    assert {plant.authority.tree for plant in group} == {"region", "corps"}


def test_first_manager_has_something_to_do() -> None:
    mine = Obligation.objects.visible_to(person("manager"))
    drafts = mine.owed().filter(submissions=None, attachments__isnull=False).distinct()

    assert mine.filter(state=State.RETURNED).count() == 4
    assert mine.overdue(today=TODAY).count() >= 3
    assert mine.due_soon(today=TODAY).count() >= 2
    assert mine.awaiting_review().count() == 5
    assert drafts.count() == 2


def test_every_kind_of_request_is_there() -> None:
    decided = {ReliefState.ASKED, ReliefState.AGREED, ReliefState.GRANTED, ReliefState.REFUSED}
    awaiting = {
        name: Relief.objects.awaiting(person(name)).count() > 0
        for name in ("changji-officer", "region-officer", "corps-officer")
    }

    assert set(Relief.objects.values_list("state", flat=True)) == decided
    assert (awaiting["changji-officer"], awaiting["region-officer"]) == (True, True)
    assert Relief.objects.filter(papers=None).count() == 0
    assert Obligation.objects.filter(due_basis_zh__contains="延期至").count() > 0


def test_kilns_have_swaps_and_a_replacement_agreement() -> None:
    """In a small demo no ordinary line stands under the carbide-slag line's bureau."""
    kinds = Swap.objects.values_list("line__plant__code", "kind").order_by("kind")
    [agreement] = Agreement.objects.all()

    assert list(kinds) == [("demo-001", "run"), ("demo-001", "stop")]
    assert (agreement.line.carbide_slag, agreement.partner, agreement.days) == (True, None, 30)
    assert Event.objects.filter(thing_kind__in=["swap", "agreement"]).count() == 3


def test_annex_waits_with_a_row_of_each_kind(settings: Any, demo: BuiltDemo) -> None:
    settings.FILES_DIR = demo.files
    [annex] = AnnexImport.objects.visible_to(person("region-officer"))

    preview = read_preview(annex, person("region-officer"))

    assert annex.is_open
    assert {proposal.effect for proposal in preview.proposals} == {"new", "problem"}
    assert AnnexDate.objects.count() == 0


def test_audit_chains_are_whole() -> None:
    broken = {
        chain: broken_links(chain) for chain in ChainHead.objects.values_list("chain", flat=True)
    }

    assert [chain for chain, events in broken.items() if events] == []
    assert len(broken) >= PLANTS + 1


def test_history_runs_forwards_and_ends_before_today() -> None:
    for plant in Plant.objects.all():
        times = list(
            Event.objects.filter(plant=plant).order_by("sequence").values_list("at", flat=True)
        )

        assert times == sorted(times)
        assert times[-1] < NOW


def test_every_name_says_that_it_is_an_example() -> None:
    names = [*Plant.objects.values_list("name_zh", flat=True)]
    names += Company.objects.values_list("name_zh", flat=True)
    english = [*Plant.objects.values_list("name_en", flat=True)]
    english += Company.objects.values_list("name_en", flat=True)

    assert [name for name in names if not name.startswith("示例")] == []
    assert [name for name in english if not name.startswith("Example ")] == []
    assert len(set(names)) == len(names)
    assert not Person.objects.exclude(email__endswith="@demo.example").exists()


def test_world_has_both_trees_and_all_zones() -> None:
    assert set(Plant.objects.values_list("authority__tree", flat=True)) == {"region", "corps"}
    assert set(Plant.objects.values_list("place__zone", flat=True)) == set(
        Zone.objects.values_list("pk", flat=True)
    )
    assert set(Line.objects.values_list("carbide_slag", flat=True)) == {True, False}


def test_each_line_has_its_two_main_outlets_with_mn_codes() -> None:
    main = Outlet.objects.filter(has_cems=True, mn_code__isnull=False, is_main=True)

    for line in Line.objects.all():
        assert sorted(main.filter(line=line).values_list("source", flat=True)) == [
            "kiln_head",
            "kiln_tail",
        ]


@pytest.mark.parametrize(
    ("ending", "start"),
    [(".pdf", b"%PDF-1.4"), (".png", b"\x89PNG\r\n\x1a\n"), (".xlsx", b"PK\x03\x04")],
)
def test_evidence_is_a_real_file(demo: BuiltDemo, settings: Any, ending: str, start: bytes) -> None:
    settings.FILES_DIR = demo.files
    evidence = Evidence.objects.filter(original_name__endswith=ending).earliest("pk")

    content = path_of(evidence.stored).read_bytes()

    assert content.startswith(start)
    assert evidence.media_type == BY_ENDING[ending]
    assert evidence.stored.size_bytes == len(content)


def test_each_content_is_stored_once(demo: BuiltDemo) -> None:
    assert StoredFile.objects.count() == demo.report.files
    assert Evidence.objects.count() > demo.report.files


def test_last_night_has_been_sent(demo: BuiltDemo) -> None:
    states = set(Reminder.objects.values_list("state", flat=True))

    assert states == {ReminderState.SENT}
    assert Message.objects.count() == demo.report.mails > 0


def test_second_run_is_refused_twice() -> None:
    before = Obligation.objects.count()

    for _ in range(2):
        with pytest.raises(CommandError, match="has plants already"):
            call_command("seed_demo", plants=PLANTS, stdout=StringIO())

    assert Obligation.objects.count() == before


def test_command_says_what_it_made(demo: BuiltDemo) -> None:
    text = table(demo.report)

    assert f"obligations {Obligation.objects.count():>15}" in text
    assert [email for email in (a.email for a in ACCOUNTS) if email not in text] == []
    assert PASSWORD in text
