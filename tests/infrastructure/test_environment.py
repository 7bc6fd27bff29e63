"""What the environment's variables mean, and how a wrong one is refused."""

import os
import stat
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from tracker.serving import environment

LONG = "x" * 120


def test_secret_key_is_made_once_and_private(tmp_path: Path) -> None:
    first = environment.secret_key(tmp_path)
    second = environment.secret_key(tmp_path)

    assert first == second
    assert len(first) >= 50
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


def test_data_dir_is_made_private(tmp_path: Path) -> None:
    made = environment.open_data_dir(tmp_path / "a" / "b")

    assert stat.S_IMODE(made.stat().st_mode) == 0o700


def test_data_dir_under_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ImproperlyConfigured) as refusal:
        environment.open_data_dir(tmp_path / "file" / "data")

    assert str(refusal.value) == f"DATA_DIR {tmp_path}/file/data: Not a directory"


def test_database_without_url_is_sqlite_in_the_data_folder() -> None:
    config = environment.database("", Path("/data"))

    assert config["ENGINE"] == "django.db.backends.sqlite3"
    assert config["NAME"] == "/data/tracker.sqlite3"
    assert config["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_database_url_of_postgresql() -> None:
    config = environment.database("postgresql://u:p%40w@db.example:5433/ule", Path("/data"))

    assert config["ENGINE"] == "django.db.backends.postgresql"
    assert (config["USER"], config["PASSWORD"]) == ("u", "p@w")
    assert (config["HOST"], config["PORT"], config["NAME"]) == ("db.example", 5433, "ule")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "DATABASE_URL: must start with sqlite:// or postgres:// or postgresql://; "),
        ("mysql://u:secret@h/n", "DATABASE_URL: must start with sqlite:// or postgres:// or "),
        ("postgresql://u:secret@h:port/n", "DATABASE_URL: Port could not be cast to integer "),
        ("postgresql://u:secret@h:5432", "DATABASE_URL: names no database; "),
    ],
)
def test_database_url_that_is_wrong_is_refused(url: str, words: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        environment.database(url, Path("/data"))

    assert str(refusal.value)[: len(words)] == words
    assert "secret" not in str(refusal.value)


def test_broker_without_url_is_the_embedded_server() -> None:
    url = environment.broker_url("", Path("/data"))

    assert url == "redis+socket:///data/broker.sock?virtual_host=0"


def test_broker_socket_of_a_long_path_moves_to_a_short_one() -> None:
    path = environment.broker_socket(Path("/data") / LONG)

    assert len(os.fsencode(path)) <= environment.LONGEST_SOCKET_PATH
    assert path == environment.broker_socket(Path("/data") / LONG)
    assert path != environment.broker_socket(Path("/other") / LONG)


@pytest.mark.parametrize("url", ["nonsense", "http://h", "amqp://h", "redis:/h"])
def test_broker_url_that_is_wrong_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^CELERY_BROKER_URL: must start with redis://"):
        environment.broker_url(url, Path("/data"))


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("redis+socket:///d/broker.sock?virtual_host=0", "unix:///d/broker.sock?db=1"),
        ("redis://h:6379/0", "redis://h:6379/0"),
        ("filesystem://", None),
        ("", None),
    ],
)
def test_cache_is_beside_the_broker(url: str, location: str | None) -> None:
    assert environment.cache(url).get("LOCATION") == location


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", {"EMAIL_FILE_PATH": "/data/outbox"}),
        ("smtp://h", {"EMAIL_HOST": "h", "EMAIL_PORT": 25}),
        ("smtp://u:p%40w@h:2525", {"EMAIL_HOST_USER": "u", "EMAIL_HOST_PASSWORD": "p@w"}),
        ("smtp+tls://h:587", {"EMAIL_USE_TLS": True, "EMAIL_PORT": 587}),
        ("smtp+ssl://h:465", {"EMAIL_USE_SSL": True, "EMAIL_PORT": 465}),
    ],
)
def test_email_url(url: str, expected: dict[str, Any]) -> None:
    config = environment.email(url, Path("/data"))

    assert {name: config[name] for name in expected} == expected


@pytest.mark.parametrize("given", ["secret", "name:short", ":0123456789abcdef"])
def test_webhook_secret_that_is_weak_is_refused(given: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^BOUNCE_WEBHOOK_SECRET: must be a name"):
        environment.webhook_secret(given)


def test_webhook_secret() -> None:
    for given in ("", "name:0123456789abcdef"):
        assert environment.webhook_secret(given) == given


@pytest.mark.parametrize("url", ["smtp://h", "smtp+tls://h:587", "smtp+ssl://h:465"])
def test_email_keeps_the_servers_answers(url: str) -> None:
    config = environment.email(url, Path("/data"))

    assert config["EMAIL_BACKEND"] == "tracker.reminders.smtp.EmailBackend"


def test_bounce_mailbox(tmp_path: Path) -> None:
    folder = tmp_path / "退信 mail"
    for name in ("new", "cur"):
        (folder / name).mkdir(parents=True)

    for url in ("", "imaps://u%40h:p%2Fw@h/INBOX", "imap://u:p@h:1143", f"maildir://{folder}"):
        assert environment.bounce_mailbox(url) == url


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("nonsense", "must start with imaps:// or imap:// or maildir://"),
        ("pop3://u:p@h", "must start with"),
        ("imaps://h/INBOX", "names no host, user and password"),
        ("imaps://u:secret@/INBOX", "names no host, user and password"),
        ("maildir:///no/such/folder", "names no Maildir"),
        ("maildir://host/path", "names no Maildir"),
    ],
)
def test_bounce_mailbox_that_is_wrong_is_refused(url: str, says: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=rf"^BOUNCE_MAILBOX: {says}") as refused:
        environment.bounce_mailbox(url)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("url", ["nonsense", "http://h", "smtp://", "smtp://h:port"])
def test_email_url_that_is_wrong_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^EMAIL_URL: "):
        environment.email(url, Path("/data"))


@pytest.mark.parametrize(
    ("url", "issuer"),
    [
        ("", ""),
        ("https://login.example.cn", "https://login.example.cn"),
        ("https://login.example.cn/realms/ule/", "https://login.example.cn/realms/ule"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_issuer_is_taken_without_its_last_slash(url: str, issuer: str) -> None:
    assert environment.oidc_issuer(url) == issuer


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("login.example.cn", "OIDC_ISSUER: must start with https:// or http://; for example "),
        ("http://login.example.cn", "OIDC_ISSUER: must be https, but for "),
        ("http://127.0.0.1.example.cn", "OIDC_ISSUER: must be https, but for "),
        ("https://", "OIDC_ISSUER: must be https, but for "),
        ("https://login.example.cn:0x", "OIDC_ISSUER: Port could not be cast to integer "),
        ("https://user:secret@login.example.cn", "OIDC_ISSUER: must name a host and a path, "),
        ("https://login.example.cn/?tenant=1", "OIDC_ISSUER: must name a host and a path, "),
        (f"https://login.example.cn/{'x' * 200}", "OIDC_ISSUER: must be at most 200 "),
    ],
)
def test_issuer_that_is_wrong_is_refused(url: str, words: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        environment.oidc_issuer(url)

    assert str(refusal.value)[: len(words)] == words


@pytest.mark.parametrize("url", ["", "tcp://scanner:3310", "unix:///run/clamav/clamd.ctl"])
def test_clamd_url_is_taken(url: str) -> None:
    assert environment.clamd_url(url) == url


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("scanner:3310", "CLAMD_URL: must start with tcp:// or unix://; for example "),
        ("http://scanner:3310", "CLAMD_URL: must start with tcp:// or unix://; for example "),
        ("tcp://scanner", "CLAMD_URL: names no host and port; "),
        ("tcp://scanner:0x", "CLAMD_URL: Port could not be cast to integer "),
        ("unix://run/clamd.ctl", "CLAMD_URL: names no socket; "),
        ("unix://", "CLAMD_URL: names no socket; "),
    ],
)
def test_clamd_url_that_is_wrong_is_refused(url: str, words: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        environment.clamd_url(url)

    assert str(refusal.value)[: len(words)] == words
