"""A real IMAP server over a Maildir on a scratch folder."""

import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.infrastructure.sites import wait_until
from tests.ports import free_port

USER, PASSWORD = "reports", "pass-word"


@dataclass(frozen=True)
class Server:
    """Its address as the site's setting has it."""

    url: str
    maildir: Path

    def deliver(self, *mails: bytes) -> None:
        """Put mails into the inbox, as a mail server does."""
        for number, raw in enumerate(mails):
            path = self.maildir / "new" / f"176000000{number}.M{number}.host"
            path.write_bytes(raw)


@contextmanager
def running_server() -> Iterator[Server]:
    """Run dovecot until the block ends. Skips, or fails in CI, where there is none."""
    binary = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if binary is None:
        reason = "no dovecot here (Debian: dovecot-imapd)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="ule-dovecot-"))
    port = free_port()
    maildir = folder / "mail"
    for name in ("new", "cur", "tmp"):
        (maildir / name).mkdir(parents=True)
    config = _configured(folder, port)
    server = subprocess.Popen([binary, "-F", "-c", str(config)])
    try:
        wait_until(lambda: _listens(port, server), 30)
        yield Server(f"imap://{USER}:{PASSWORD}@127.0.0.1:{port}/INBOX", maildir)
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _configured(folder: Path, port: int) -> Path:
    # For root it insists on accounts of its own; Debian's package makes the first two.
    is_root = os.getuid() == 0
    me = pwd.getpwuid(os.getuid())
    login, internal = ("dovenull", "dovecot") if is_root else (me.pw_name, me.pw_name)
    owner = pwd.getpwnam("mail") if is_root else me
    group = grp.getgrgid(pwd.getpwnam(internal).pw_gid).gr_name
    folder.chmod(0o755)
    for path in (folder / "mail", *(folder / "mail").iterdir()):
        os.chown(path, owner.pw_uid, owner.pw_gid)
    (folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
    config = folder / "dovecot.conf"
    config.write_text(
        f"""
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
ssl = no
disable_plaintext_auth = no
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:{folder}/mail
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
userdb {{
  driver = static
  args = uid={owner.pw_uid} gid={owner.pw_gid} home={folder}/mail
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
"""
    )
    return config


def _listens(port: int, server: "subprocess.Popen[bytes]") -> bool:
    assert server.poll() is None, "dovecot ended at once"
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
