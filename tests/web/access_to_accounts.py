"""The part of the access table that is about getting in: pages of accounts, roles, invitations."""

from collections.abc import Sequence

from plants.models import Invitation, Person, Plant, Role
from tests.factories import NOW, manager_of
from tests.web.personas import OFFICERS, Statuses, everyone, those_who_review
from tracker.accounts.invite import invite, renew_secret
from tracker.audit import Actor

OVERSEERS = (*OFFICERS, "auditor", "administrator")

LEADS_ELSEWHERE = (
    "sign-in",
    "account_login",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "admin:index",
)
"""Pages that answer 302 also to who need not sign in first."""
PASSWORD_FIRST = (
    "mfa_activate_totp",
    "mfa_generate_recovery_codes",
    "mfa_add_webauthn",
    "mfa_remove_webauthn",
)
"""Pages that lead to the password, which is asked for again."""

ACCOUNT_ROWS: dict[tuple[str, str], Statuses] = {
    ("sign-in", "GET"): everyone(302, anonymous=200),
    ("account_login", "GET"): everyone(302, anonymous=200),
    ("provider-sign-in", "GET"): everyone(404, anonymous=404),
    ("provider-back", "GET"): everyone(404, anonymous=404),
    ("sign-out", "POST"): everyone(302),
    ("account", "GET"): everyone(200),
    ("password-change", "GET"): everyone(200),
    ("password-reset", "GET"): everyone(200, anonymous=200),
    ("password-reset-sent", "GET"): everyone(200, anonymous=200),
    ("account_reset_password_from_key", "GET"): everyone(404, anonymous=404),
    ("address-change", "GET"): everyone(200),
    ("address-confirm", "GET"): everyone(404, anonymous=404),
    ("sessions", "GET"): everyone(200),
    ("session-end", "POST"): everyone(404),
    ("mfa_authenticate", "GET"): everyone(302),
    ("account_reauthenticate", "GET"): everyone(200),
    ("mfa_index", "GET"): everyone(200),
    ("mfa_activate_totp", "GET"): everyone(302),
    ("mfa_deactivate_totp", "GET"): everyone(404),
    ("mfa_add_webauthn", "GET"): everyone(302),
    ("mfa_remove_webauthn", "GET"): everyone(302),
    ("mfa_login_webauthn", "GET"): everyone(302),
    ("mfa_view_recovery_codes", "GET"): everyone(404),
    ("mfa_generate_recovery_codes", "GET"): everyone(302),
    ("factor-reset", "POST"): everyone(403) | {"administrator": 302},
    ("address-clear", "POST"): everyone(403) | {"administrator": 302},
    ("people", "GET"): everyone(403) | dict.fromkeys(OVERSEERS, 200),
    ("roles", "GET"): everyone(200),
    ("role", "GET"): everyone(403) | {"administrator": 200},
    ("role-end", "POST"): everyone(403) | {"administrator": 422},
    ("invitation-add", "POST"): everyone(403) | dict.fromkeys((*OFFICERS, "administrator"), 422),
    ("invitation-again", "POST"): those_who_review(302) | {"administrator": 302},
    ("invitation-revoke", "POST"): those_who_review(302) | {"administrator": 302},
    ("invitation", "GET"): everyone(200, anonymous=200),
}


def account_arguments(plant: Plant, administrator: Person) -> dict[str, Sequence[object]]:
    """A wrong link each, an invitation that may be moved, and another whose link works."""
    moved = _invitation(plant, administrator, Role.MANAGER).pk
    secret = renew_secret(_invitation(plant, administrator, Role.ASSESSOR), at=NOW)
    post = manager_of(plant).memberships.get().pk
    return {
        "session-end": [999],
        "mfa_remove_webauthn": [999],
        "role": [post],
        "role-end": [post],
        "factor-reset": [post],
        "address-clear": [post],
        "bounce-hook": ["postmark"],
        "account_reset_password_from_key": ["1", "no-key"],
        "address-confirm": ["no-key"],
        "invitation-again": [moved],
        "invitation-revoke": [moved],
        "invitation": [secret],
    }


def _invitation(plant: Plant, administrator: Person, role: str) -> Invitation:
    return invite(
        email="invited@demo.example",
        name="新人",
        language="zh-hans",
        role=role,
        scope=plant,
        by=Actor(administrator, "tests"),
        at=NOW,
    )
