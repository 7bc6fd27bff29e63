"""What a package tells, by what it is about."""

from datetime import datetime

from tracker.audit import Actor
from tracker.reporting.sealed.contents import Contents
from tracker.reporting.sealed.manifest import tell_papers
from tracker.reporting.sealed.packed import Packed, Paths, Telling
from tracker.reporting.sealed.page import PAGE, render_page
from tracker.reporting.sealed.rounds.contents import RoundContents
from tracker.reporting.sealed.rounds.manifest import tell_round
from tracker.reporting.sealed.rounds.page import render_round
from tracker.reporting.sealed.rounds.tables import read_tables, write_tables


def tell(packed: Packed, paths: Paths, *, by: Actor, at: datetime, site: str) -> Telling:
    """A round has its tables besides its page."""
    if isinstance(packed, RoundContents):
        tables = read_tables(packed, paths)
        page = render_round(packed, paths, tables, by=by, at=at, site=site)
        members = {PAGE: page, **write_tables(tables.values())}
        return Telling("round", tell_round(packed, paths), members)
    if isinstance(packed, Contents):
        page = render_page(packed, paths, by=by, at=at, site=site)
        scope = "obligation" if packed.obligation else "plant"
        return Telling(scope, tell_papers(packed, paths), {PAGE: page})
    raise TypeError(packed)
