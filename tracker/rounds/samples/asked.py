"""How many are asked at an outlet: a row that says so, or one and a note that it is open."""

from collections.abc import Iterable

from plants.verification import Verification
from tracker.rounds.models.samples import SamplesAsked
from tracker.rounds.samples.limits import Chosen
from tracker.rounds.samples.verdict import Asked


def asked_of(rows: Iterable[SamplesAsked], source: str, pollutant: str) -> Asked:
    """The row nearest to source and pollutant; without one the number is not known."""
    row = _nearest(rows, source, pollutant)
    if row is None:
        return Asked()
    return Asked(row.fewest, is_known=True, verification=Verification(row.verification))


def pollutants_asked(
    rows: Iterable[SamplesAsked], source: str, limits: dict[str, Chosen]
) -> set[str]:
    """What must be measured for a verdict on the outlet.

    A row decides. Without one it is what the Opinion or a plan limits there; at an outlet that they
    are silent on, what any standard does.
    """
    found = list(rows)
    said = {row.pollutant for row in found if row.pollutant and row.source in ("", source)}
    ultra_low = {pollutant for pollutant, chosen in limits.items() if chosen.is_ultra_low}
    wanted = (ultra_low or set(limits)) | said
    return {pollutant for pollutant in wanted if asked_of(found, source, pollutant).fewest > 0}


def _nearest(rows: Iterable[SamplesAsked], source: str, pollutant: str) -> SamplesAsked | None:
    fitting = [
        row for row in rows if row.source in ("", source) and row.pollutant in ("", pollutant)
    ]
    return max(fitting, key=lambda row: (row.source != "", row.pollutant != ""), default=None)
