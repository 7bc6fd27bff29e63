"""The part of the access table that is about the report of a round."""

from collections.abc import Mapping, Sequence

from django.utils import timezone

from tests.factories import Cast
from tests.web.access_to_rounds import make_round
from tests.web.personas import Statuses, those_who_answer, those_who_see
from tracker.audit import Actor
from tracker.rounds.models import Report, ReportFormat, Round
from tracker.rounds.report.ask import ask_for_report
from tracker.rounds.report.make import Writer, make_waiting

# A membership as assessor of the plant shows no rounds, and so no reports: a seat in one does.
# Who may open it is asked of each: what it says is tested elsewhere, and takes its time.
_WRITERS: Mapping[ReportFormat, tuple[Writer, int]] = {
    each: (lambda _content, frozen, _folder: frozen.sha256.encode(), 95) for each in ReportFormat
}
_BLIND = {"assessor": 404}
REPORT_ROWS: dict[tuple[str, str], Statuses] = {
    ("round-report", "GET"): those_who_see(200) | _BLIND,
    ("report-ask", "POST"): those_who_answer(302) | _BLIND,
    ("report-tell", "POST"): those_who_answer(422) | _BLIND,
    ("report-sign", "POST"): those_who_answer(422) | _BLIND,
    ("report-file", "GET"): those_who_see(200) | _BLIND,
}


def make_report(world: Cast) -> Report:
    """A round of the Changji plant with a version that is made."""
    by = Actor(world.manager, "tests")
    round_ = Round.objects.filter(plant=world.plant).first() or make_round(world)
    report, _new = ask_for_report(round_, language="zh-hans", by=by, at=timezone.now())
    make_waiting(by=Actor(None, "report"), clock=timezone.now, writers=_WRITERS)
    report.refresh_from_db()
    return report


def report_arguments(world: Cast) -> dict[str, Sequence[object]]:
    """By the name of the address."""
    report = make_report(world)
    of_the_round = ("round-report", "report-ask", "report-tell")
    return {
        **{name: [report.round_id] for name in of_the_round},
        "report-sign": [report.pk],
        "report-file": [report.pk, ReportFormat.PDF.value],
    }
