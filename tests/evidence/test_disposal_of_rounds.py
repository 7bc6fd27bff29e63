"""What a round rests on is kept as long as it stands, and its time after that."""

from datetime import datetime
from itertools import count

import pytest
from django.utils import timezone

from tests.factories import NOW, store_file
from tests.reporting.sealed.full_round import look
from tests.rounds.walks import Scene, scene
from tracker.demo.evidence_files import make_picture
from tracker.evidence.disposal import find_due
from tracker.evidence.models import Evidence
from tracker.evidence.retention import months_after, read_rules
from tracker.rounds.papers import keep_paper
from tracker.rounds.walk import give_up

pytestmark = pytest.mark.django_db
LATE = NOW.replace(year=2060)


@pytest.fixture
def made() -> Scene:
    """A round with a paper of its first step, and a photograph of a check."""
    made = scene()
    file = store_file(make_picture(7), name="计划.png")
    keep_paper(made.round, file=file, by=made.actor("manager"), at=made.at())
    made.walk("site_survey")
    look(made)
    return made


def due(at: datetime = LATE) -> list[str]:
    stored = [found.stored.pk for found in find_due(now=at, rules=read_rules())]
    names = Evidence.objects.filter(stored__in=stored).order_by("pk")
    return list(names.values_list("original_name", flat=True))


def test_files_of_a_round_are_kept_while_it_goes_on_and_while_it_is_listed(made: Scene) -> None:
    assert due() == []

    made.walk("listed")
    assert due() == []

    made.move("suspended", "upper", note="超标")
    assert due() == []


@pytest.mark.parametrize("ending", ["removed", "given up"])
def test_time_runs_from_the_rounds_end(made: Scene, ending: str) -> None:
    if ending == "removed":
        made.walk("listed")
        ended_at = NOW.replace(year=2030)
        made.minutes = count(int((ended_at - NOW).total_seconds() // 60))
        made.move("removed", "upper", note="抽查不合格")
    else:
        ended_at = NOW.replace(year=2028)
        give_up(made.round, reason="停产", by=made.actor("manager"), at=ended_at)

    last_day = months_after(timezone.localdate(ended_at), 60)
    assert due(ended_at.replace(year=last_day.year)) == []
    assert due(ended_at.replace(year=last_day.year, day=last_day.day + 1)) == [
        *("计划.png", "料棚“门”1.png"),
    ]


def test_every_use_of_evidence_is_asked_for_its_time() -> None:
    """A new relation to evidence has to say here, and in disposal, how long it keeps a file."""
    uses = {
        field.name
        for field in Evidence._meta.get_fields()
        if field.auto_created and not field.concrete
    }

    assert uses == {
        *("attachments", "submissions", "papers"),
        *("fugitive_checks", "round_papers"),
        "replaced_by",  # a later version, which is evidence itself
    }
