"""All of the access table that is about the assessment, and its pages for who looks at pages."""

from collections.abc import Mapping, Sequence

from django.urls import reverse

from tests.factories import Cast
from tests.web.access_to_reports import REPORT_ROWS, make_report, report_arguments
from tests.web.access_to_round_actions import (
    ROUND_ACTION_ROWS,
    make_asked_round,
    round_action_arguments,
)
from tests.web.access_to_round_fugitive import ON_SITE_ROWS, on_site_arguments
from tests.web.access_to_round_package import PACKAGE_ROWS, package_arguments
from tests.web.access_to_round_rooms import ROOM_ROWS, room_arguments, room_pages
from tests.web.access_to_rounds import ROUND_ROWS, round_arguments
from tests.web.access_to_spot_checks import (
    SPOT_CHECK_ROWS,
    make_finding,
    spot_check_arguments,
)
from tests.web.personas import Statuses

ASSESSMENT_ROWS: dict[tuple[str, str], Statuses] = {
    **ROUND_ROWS,
    **ROUND_ACTION_ROWS,
    **ON_SITE_ROWS,
    **ROOM_ROWS,
    **SPOT_CHECK_ROWS,
    **REPORT_ROWS,
    **PACKAGE_ROWS,
}


def assessment_arguments(world: Cast) -> dict[str, Sequence[object]]:
    """By the name of the address; all of one round."""
    return {
        **round_arguments(world),
        **round_action_arguments(world),
        **on_site_arguments(world),
        **room_arguments(world),
        **report_arguments(world),
        **spot_check_arguments(world),
        **package_arguments(world),
    }


def assessment_addresses(world: Cast) -> dict[str, str]:
    """The pages that are read, by the names of their addresses."""
    found, check = make_asked_round(world), make_finding(world).check_of
    arguments: Mapping[str, Sequence[object]] = {
        "round": [found.pk],
        "round-form": [world.plant.pk],
        **on_site_arguments(world),
        "round-report": [make_report(world).round_id],
        "spot-draw": [check.draw_id],
        "spot-check": [check.pk],
        "plant-findings": [check.plant_id],
    }
    names = (
        *("round", "round-form", "round-fugitive", "round-source", "round-report"),
        *("spot-draw", "spot-check", "plant-findings"),
    )
    addresses = {name: reverse(name, args=arguments[name]) for name in names}
    return addresses | room_pages(world)
