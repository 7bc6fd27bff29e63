"""The part of the access table that is about a plant's permits, projects and kiln stops."""

from tests.web.personas import Statuses, those_who_ask, those_who_decide, those_who_see

WORKS_ROWS: dict[tuple[str, str], Statuses] = {
    ("plant-permits", "GET"): those_who_see(200),
    ("permit-add", "POST"): those_who_ask(422),
    ("permit-change", "POST"): those_who_ask(422),
    ("permit-report-add", "POST"): those_who_ask(422),
    ("permit-report-change", "POST"): those_who_ask(422),
    ("plant-projects", "GET"): those_who_see(200),
    ("project-add", "POST"): those_who_ask(422),
    ("project-change", "POST"): those_who_ask(422),
    ("plant-planner", "GET"): those_who_see(200),
    ("swap-add", "POST"): those_who_decide(422),
    ("swap-end", "POST"): those_who_decide(422),
    ("agreement-add", "POST"): those_who_decide(422),
    ("agreement-end", "POST"): those_who_decide(422),
}
