"""What must be right before anything is started; each fault is one sentence."""

import errno
import fcntl
import os
import socket
from pathlib import Path
from typing import IO

import kombu
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from kombu.exceptions import OperationalError

from tracker.celery import app


class Fault(Exception):
    """Why this site cannot be started, in one sentence."""


def lock_data_dir(data_dir: Path) -> IO[str]:
    """Return a lock, held while it is open; refuse a folder that another `serve` works on."""
    lock = (data_dir / "serve.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as fault:
        lock.seek(0)
        pid = lock.read().strip() or "unknown"
        lock.close()
        raise Fault(f"DATA_DIR {data_dir}: already served by process {pid}") from fault
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def resolve_address(host: str, port: int) -> str:
    """Return the numeric address to listen on; refuse one that is not ours or is in use."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as fault:
        raise Fault(f"HOST {host}: {fault.strerror}") from fault
    family, kind, protocol, _, address = found[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as fault:
            if fault.errno == errno.EADDRINUSE:
                raise Fault(f"PORT {port}: in use on {host}; choose another one") from fault
            name = f"PORT {port}" if fault.errno == errno.EACCES else f"HOST {host}"
            raise Fault(f"{name}: {fault.strerror}") from fault
    return str(address[0])


def check_database() -> None:
    """Refuse a database that does not answer, and one that several processes cannot share."""
    if connection.vendor == "sqlite" and ":memory:" in str(connection.settings_dict["NAME"]):
        raise Fault("DATABASE_URL: a database in memory cannot be shared by several processes")
    try:
        connection.ensure_connection()
    except (DatabaseError, ImproperlyConfigured) as fault:
        raise Fault(f"DATABASE_URL: {in_one_line(fault)}") from fault


def check_broker(url: str) -> None:
    """Refuse a broker that does not answer."""
    try:
        with kombu.Connection(url, connect_timeout=5, transport_options=_short(app)) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=5)
    except (OperationalError, OSError, ValueError) as fault:
        raise Fault(f"CELERY_BROKER_URL: {in_one_line(fault)}") from fault


def in_one_line(fault: Exception) -> str:
    """Return an exception's words without line breaks."""
    return " ".join(str(fault).split()) or type(fault).__name__


def _short(celery: object) -> dict[str, object]:
    """Return the transport's options with an end to each wait."""
    options: dict[str, object] = dict(celery.conf.broker_transport_options)  # type: ignore[attr-defined]
    return options | {"socket_connect_timeout": 5, "socket_timeout": 5}
