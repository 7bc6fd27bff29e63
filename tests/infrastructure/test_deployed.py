"""A real site as Django's own list of what to mind when deploying sees it."""

import subprocess
from pathlib import Path

from tests.infrastructure.sites import MANAGE, environment


def check(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    # Browser tests set this for their own process.
    variables["DJANGO_ALLOW_ASYNC_UNSAFE"] = ""
    return subprocess.run(
        [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
        env=environment(tmp_path, **variables),
        capture_output=True,
        text=True,
        timeout=100,
    )


def test_site_with_https_has_nothing_to_mend(tmp_path: Path) -> None:
    done = check(tmp_path, SITE_URL="https://ule.example.cn", SECOND_FACTOR_FOR="officer")

    assert (done.returncode, "no issues" in done.stdout) == (0, True), done.stderr


def test_half_a_provider_is_said(tmp_path: Path) -> None:
    done = check(
        tmp_path,
        SITE_URL="https://ule.example.cn",
        OIDC_ISSUER="https://login.example.cn",
        OIDC_CLIENT_ID="ule",
    )

    assert done.returncode == 1
    assert "OIDC_ISSUER is set, so OIDC_CLIENT_SECRET must be, too" in done.stderr


def test_open_site_and_a_role_that_is_none_are_said(tmp_path: Path) -> None:
    done = check(tmp_path, SITE_URL="http://ule.example.cn", SECOND_FACTOR_FOR="oficer")

    assert done.returncode == 1
    assert "security.W012" in done.stderr
    assert "SECOND_FACTOR_FOR: no role 'oficer'" in done.stderr
