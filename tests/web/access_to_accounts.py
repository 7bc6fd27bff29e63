"""The part of the access table that is about getting in: pages of accounts, roles, invitations."""

from tests.web.personas import Statuses, everyone

ACCOUNT_ROWS: dict[tuple[str, str], Statuses] = {
    ("sign-in", "GET"): everyone(302, anonymous=200),
    ("account_login", "GET"): everyone(302, anonymous=200),
    ("sign-out", "POST"): everyone(302),
    ("account", "GET"): everyone(200),
    ("password-change", "GET"): everyone(200),
    ("password-reset", "GET"): everyone(200, anonymous=200),
    ("password-reset-sent", "GET"): everyone(200, anonymous=200),
    ("account_reset_password_from_key", "GET"): everyone(404, anonymous=404),
    ("address-change", "GET"): everyone(200),
    ("address-confirm", "GET"): everyone(404, anonymous=404),
}
