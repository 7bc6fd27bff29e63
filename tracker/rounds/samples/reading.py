"""What is known of a round before a table of samples is read, and the template for it."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from plants.models import Outlet
from tracker.obligations.subjects import read_subjects
from tracker.rounds.models.rounds import Round, Stage
from tracker.rounds.models.samples import Sample, SamplesAsked
from tracker.rounds.samples.asked import pollutants_asked
from tracker.rounds.samples.known import Fault, Known, KnownOutlet
from tracker.rounds.samples.limits import BURN, limits_on, read_demands
from tracker.rounds.samples.template import Prepared, make_template
from tracker.rounds.samples.values import POLLUTANT_NAMES

_RECTIFICATIONS = frozenset({Stage.DOCUMENT_RECTIFICATION.value, Stage.SITE_RECTIFICATION.value})


class SamplesRefused(Exception):
    """The samples are not taken: a sentence, and every fault where cells are to blame."""

    def __init__(self, sentence: str, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(sentence)
        self.faults = faults


def why_no_samples(round_: Round) -> str | None:
    """Why the round takes no samples now; None where it does.

    They are taken while it is monitored, and in a rectification that came after that.
    """
    if round_.given_up_at is not None:
        return _("The round was given up: it takes no samples.")
    if not round_.organised:
        return _("The round is not about organised emissions: it takes no samples.")
    was_monitored = round_.stage in _RECTIFICATIONS and (
        round_.steps.filter(stage=Stage.MONITORING).exists()
    )
    if round_.stage != Stage.MONITORING and not was_monitored:
        return _(
            "Samples are taken while the round is monitored on site, and in a rectification after "
            "that; it stands at “%(stage)s”."
        ) % {"stage": round_.get_stage_display()}
    if round_.monitoring_from_on is None or round_.monitoring_to_on is None:
        return _("Enter the round's monitoring days first.")
    return None


def read_known(round_: Round, *, now: datetime) -> Known:
    """The plant's outlets, the MN codes of others, and the samples that stand; four queries."""
    first, last = round_.monitoring_from_on, round_.monitoring_to_on
    if first is None or last is None:
        raise SamplesRefused(_("Enter the round's monitoring days first."))
    outlets: dict[str, KnownOutlet] = {}
    in_round = {outlet.pk for outlet in outlets_of(round_)}
    for outlet in round_.plant.outlets.all():
        known = KnownOutlet(
            outlet.pk, outlet.code, burns=outlet.source in BURN, in_round=outlet.pk in in_round
        )
        outlets[outlet.code.upper()] = known
        if outlet.mn_code:
            outlets[outlet.mn_code.upper()] = known
    others = Outlet.objects.exclude(plant=round_.plant_id).exclude(mn_code=None)
    stored = Sample.objects.standing().filter(round=round_)
    return Known(
        outlets=outlets,
        foreign=frozenset(str(code).upper() for code in others.values_list("mn_code", flat=True)),
        credit_code=round_.plant.credit_code,
        first_on=first,
        last_on=last,
        stored=frozenset(stored.values_list("outlet_id", "pollutant", "taken_from_at")),
        now=now,
    )


def outlets_of(round_: Round) -> list[Outlet]:
    """Those of the round's lines and those of no line; all of them where it chose no line."""
    outlets = list(round_.plant.outlets.order_by("code"))
    lines = set(round_.lines.values_list("pk", flat=True))
    if not lines:
        return outlets
    return [outlet for outlet in outlets if outlet.line_id is None or outlet.line_id in lines]


def template_of(round_: Round, *, now: datetime) -> bytes:
    """The round's template: a row for each outlet and each pollutant that is asked of it."""
    day = round_.monitoring_from_on or timezone.localdate(now)
    ((_plant, subjects),) = read_subjects([round_.plant_id])
    facts = {each.outlet.pk: each.facts for each in subjects["outlet"] if each.outlet}
    demands, counts = read_demands(), list(SamplesAsked.objects.all())
    rows = []
    for outlet in outlets_of(round_):
        limits = limits_on(demands, facts[outlet.pk], day) if outlet.pk in facts else {}
        asked = pollutants_asked(counts, outlet.source, limits)
        names = [name for pollutant, name in POLLUTANT_NAMES.items() if pollutant in asked]
        rows += [Prepared(outlet.code, outlet.name, name) for name in names or [""]]
    return make_template(round_.plant.name_zh, round_.plant.credit_code, rows)
