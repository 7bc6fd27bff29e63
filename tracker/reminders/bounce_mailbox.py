"""The mailbox that delivery reports come to: by IMAP, or a Maildir on disk."""

import imaplib
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tracker.reminders.delivery_reports import READ_BYTES

logger = logging.getLogger(__name__)

# The rest waits for the next run: a flooded mailbox must not hold up what else the worker does.
AT_ONCE = 200
TIMEOUT = 20

Keep = Callable[[bytes], object]


class MailboxFault(Exception):
    """The mailbox can't be opened or read; the text never has the password."""


def read_mailbox(url: str, keep: Keep) -> int:
    """Hand each mail that is new to ``keep`` and mark it as read afterwards; count them.

    A mail is marked only when what it says is kept. So none is lost by a death in between, and one
    that is handed over a second time is known by its own content.
    """
    if url.startswith("maildir://"):
        return _read_maildir(Path(unquote(urlsplit(url).path)), keep)
    return _read_imap(url, keep)


def _read_maildir(folder: Path, keep: Keep) -> int:
    done = 0
    try:
        waiting = sorted(path for path in (folder / "new").iterdir() if path.is_file())
    except OSError as fault:
        raise MailboxFault(f"{fault.filename}: {fault.strerror}") from fault
    for path in waiting[:AT_ONCE]:
        try:
            with path.open("rb") as file:
                raw = file.read(READ_BYTES)
            if not _kept(keep, raw):
                continue
            path.rename(folder / "cur" / f"{path.name.partition(':')[0]}:2,S")
        except FileNotFoundError:
            # Another worker was faster.
            continue
        except OSError as fault:
            raise MailboxFault(f"{os.fspath(path)}: {fault.strerror}") from fault
        done += 1
    return done


def _read_imap(url: str, keep: Keep) -> int:
    try:
        with _mailbox(url) as mailbox:
            done = 0
            for number in _unseen(mailbox)[:AT_ONCE]:
                raw = _fetch(mailbox, number)
                if raw is not None and _kept(keep, raw):
                    mailbox.uid("STORE", number, "+FLAGS.SILENT", r"(\Seen)")
                    done += 1
            return done
    except (imaplib.IMAP4.error, OSError) as fault:
        raise MailboxFault(f"{type(fault).__name__}: {fault}") from fault


def _kept(keep: Keep, raw: bytes) -> bool:
    """One mail that can't be kept stays as it is, and must not hold up those behind it."""
    try:
        keep(raw)
    except Exception:
        logger.exception("A mail of the mailbox could not be kept; it will be tried again")
        return False
    return True


@contextmanager
def _mailbox(url: str) -> Iterator[imaplib.IMAP4]:
    """The folder, open for reading and flagging; encrypted wherever the server can."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "imaps":
        mailbox: imaplib.IMAP4 = imaplib.IMAP4_SSL(host, parts.port or 993, timeout=TIMEOUT)
    else:
        mailbox = imaplib.IMAP4(host, parts.port or 143, timeout=TIMEOUT)
    try:
        if parts.scheme == "imap" and "STARTTLS" in mailbox.capabilities:
            mailbox.starttls()
        mailbox.login(unquote(parts.username or ""), unquote(parts.password or ""))
        answer, said = mailbox.select(f'"{unquote(parts.path.strip("/")) or "INBOX"}"')
        if answer != "OK":
            raise MailboxFault(_words(said))
        yield mailbox
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            mailbox.logout()


def _unseen(mailbox: imaplib.IMAP4) -> list[str]:
    answer, found = mailbox.uid("SEARCH", "UNSEEN")
    if answer != "OK":
        raise MailboxFault(_words(found))
    return found[0].decode().split() if found and found[0] else []


def _fetch(mailbox: imaplib.IMAP4, number: str) -> bytes | None:
    """The mail's beginning; reading it this way doesn't mark it."""
    answer, found = mailbox.uid("FETCH", number, f"(BODY.PEEK[]<0.{READ_BYTES}>)")
    if answer != "OK":
        raise MailboxFault(_words(found))
    return next((each[1] for each in found if isinstance(each, tuple)), None)


def _words(said: Sequence[object]) -> str:
    return " ".join(
        each.decode(errors="replace") if isinstance(each, bytes) else str(each) for each in said
    )
