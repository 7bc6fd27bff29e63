"""The addresses of spot checks: draws, checks, findings."""

from django.urls import path

from tracker.web.views import spot_checks, spot_draws, spot_findings

SPOT_CHECK_URLS = [
    path("spot-checks/", spot_checks.spot_checks, name="spot-checks"),
    path("spot-checks/draws/new/", spot_draws.draw_form, name="spot-draw-form"),
    path("spot-checks/draws/new/announce/", spot_draws.announce, name="spot-draw-announce"),
    path("spot-checks/draws/<int:pk>/", spot_draws.draw, name="spot-draw"),
    path("spot-checks/draws/<int:pk>/carry-out/", spot_draws.carry, name="spot-draw-carry-out"),
    path("spot-checks/draws/<int:pk>/give-up/", spot_draws.give_up, name="spot-draw-give-up"),
    path("spot-checks/draws/<int:pk>/proof.json", spot_draws.proof, name="spot-draw-proof"),
    path("spot-checks/<int:pk>/", spot_checks.spot_check, name="spot-check"),
    path("spot-checks/<int:pk>/write/", spot_checks.write, name="spot-check-write"),
    path("spot-checks/<int:pk>/give-up/", spot_checks.give_up, name="spot-check-give-up"),
    path("spot-checks/<int:pk>/findings/", spot_findings.add, name="spot-finding-add"),
    path("spot-checks/findings/<int:pk>/tell/", spot_findings.tell, name="spot-finding-tell"),
    path(
        "spot-checks/findings/<int:pk>/confirm/",
        spot_findings.confirm,
        name="spot-finding-confirm",
    ),
    path(
        "spot-checks/findings/<int:pk>/return/",
        spot_findings.send_back,
        name="spot-finding-return",
    ),
    path("plants/<int:pk>/findings/", spot_findings.plant_findings, name="plant-findings"),
]
