"""Read a delivery report: which address a mail of ours came back from, for good or not, and why.

Mail servers answer in many shapes. RFC 3464's is read here, the older ones are found by
flufl.bounce, and what both miss (mailboxes in China that answer with a page of text) by the words.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.header import decode_header
from email.message import Message as Mime
from email.utils import parseaddr
from html import unescape

from flufl.bounce import all_failures

logger = logging.getLogger(__name__)

SAID_LENGTH = 300
# A report quotes the mail that came back; what stands further down says nothing new.
READ_BYTES = 1024 * 1024

# The mailbox is full, the mail too big or unwanted, a policy: none says that nobody lives there.
PASSING = ("5.2.2", "5.2.3", "5.3.", "5.6.", "5.7.")
_ENHANCED = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.])")
_BASIC = re.compile(r"(?<![\d.])([45][0-5]\d)(?=[ -])")
_MESSAGE_ID = re.compile(r"^[> \t]*Message-ID:\s*(<[^<>\s]{3,250}>)", re.I | re.M)
_RETURNED_TO = re.compile(r"^[> \t]*To:\s*(.+)$", re.I | re.M)
_TAG = re.compile(r"<(?!/?[^<>\s]+@)/?[a-zA-Z!][^<>]*>")
_GONE = re.compile(
    r"no such (user|recipient|mailbox)|user (unknown|not found|doesn.t exist)|unknown user"
    r"|mailbox (unavailable|not found)|invalid recipient|recipient .{0,20}not exist"
    r"|用户不存在|帐号不存在|账号不存在|邮箱不存在|邮箱.{0,12}不存在|收件人.{0,20}不存在|无此用户|地址不存在",
    re.I,
)
_FULL = re.compile(r"mailbox (is )?full|quota|too many|空间不足|已满|超过.{0,6}限制|频率", re.I)
_SENDERS = ("mailer-daemon", "postmaster", "postmaster-noreply", "mailerdaemon", "bounce")
_SUBJECTS = re.compile(
    r"undeliver|delivery status notification|failure notice|returned mail|delivery fail"
    r"|退信|无法送达|未送达|投递失败|未传递",
    re.I,
)


@dataclass(frozen=True)
class Bounce:
    """One address that a report is about. ``message_id`` is the returned mail's, where quoted."""

    address: str
    is_hard: bool
    code: str
    said: str
    message_id: str


def read_report(raw: bytes) -> list[Bounce]:
    """What a mail reports; nothing for one that is no report, and for one that can't be read."""
    try:
        mail = message_from_bytes(raw[:READ_BYTES])
        if not _is_report(mail):
            return []
        return [_printable(bounce) for bounce in _read(mail)]
    except Exception:
        # Whatever somebody sends to the mailbox must not keep the next mail from being read.
        logger.exception("A mail in the mailbox for delivery reports could not be understood")
        return []


def _printable(bounce: Bounce) -> Bounce:
    """Without what no database keeps: a nought byte, half a character."""
    return replace(
        bounce,
        address=printable(bounce.address),
        said=printable(bounce.said),
        message_id=printable(bounce.message_id),
    )


def printable(words: str) -> str:
    """Each letter that is none as a blank."""
    return "".join(letter if letter.isprintable() else " " for letter in words)


def _is_report(mail: Mime) -> bool:
    """An answer of a machine that a mail came back, and not one that somebody is on holiday."""
    if mail.get_content_type() == "multipart/report":
        return str(mail.get_param("report-type", "")).lower() == "delivery-status"
    if mail["X-Failed-Recipients"]:
        return True
    if mail["X-Autoreply"] or mail["X-Autorespond"]:
        return False
    sender = parseaddr(str(mail["From"] or ""))[1].lower().partition("@")[0]
    subject = _header(mail, "Subject")
    # A person's holiday note has a person's sender.
    return sender in _SENDERS or (mail["Return-Path"] == "<>" and bool(_SUBJECTS.search(subject)))


def _read(mail: Mime) -> Iterator[Bounce]:
    text = _text_of(mail)
    message_id, returned_to = _returned(mail, text)
    blocks = list(_blocks(mail))
    if blocks:
        for block in blocks:
            if found := _read_block(block, message_id):
                yield found
        return
    code, said = _reason(text)
    passing, failing = all_failures(mail)
    full = bool(_FULL.search(text))
    said = said or _header(mail, "Subject")[:SAID_LENGTH]
    addresses = _decoded(passing | failing) or ({returned_to} if returned_to else set())
    for address in sorted(addresses):
        # What the server said weighs more than where the words were found.
        lost = address in _decoded(failing) or bool(_GONE.search(text))
        hard = is_hard(code) if code else lost and not full
        if hard or code or full or passing or failing:
            yield Bounce(address, hard, code, said, message_id)


def _blocks(mail: Mime) -> Iterator[Mime]:
    """Each recipient's fields of RFC 3464."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status" and part.is_multipart():
            for block in part.get_payload():
                if isinstance(block, Mime) and (
                    block["Final-Recipient"] or block["Original-Recipient"]
                ):
                    yield block


def _read_block(block: Mime, message_id: str) -> Bounce | None:
    action = str(block["Action"] or "").strip().lower()
    address = _recipient(block)
    if not address or not action.startswith(("fail", "error", "delay")):
        return None
    diagnostic = _header(block, "Diagnostic-Code").partition(";")
    said = " ".join((diagnostic[2] or diagnostic[0]).split())
    code = code_in(str(block["Status"] or ""), said)
    hard = not action.startswith("delay") and is_hard(code)
    return Bounce(address, hard, code, (said or code)[:SAID_LENGTH], message_id)


def _recipient(block: Mime) -> str:
    """The address as we wrote it, where the report tells; else where the mail went in the end."""
    for name in ("Original-Recipient", "Final-Recipient"):
        if value := str(block[name] or ""):
            kind, separator, rest = value.partition(";")
            address = parseaddr((rest if separator else kind).strip())[1].lower()
            if "@" in address:
                return address
    return ""


def code_in(status: str, said: str) -> str:
    """The status; where it says no more than its class, the number in the server's own words."""
    found = _ENHANCED.search(status)
    code = found[1] if found else ""
    closer = _ENHANCED.search(said)
    if closer and (not code or code.endswith(".0.0")):
        return closer[1]
    basic = _BASIC.search(said)
    return code or (basic[1] if basic else "")


def is_hard(code: str) -> bool:
    """Whether the address will never take a mail, as far as the server can tell."""
    return code.startswith("5") and not code.startswith(PASSING) and code not in ("552", "554")


def _reason(text: str) -> tuple[str, str]:
    """The number in a text without fields, and the line that gives the reason."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    telling = [line for line in lines if _ENHANCED.search(line) or _BASIC.search(line)]
    worded = [line for line in lines if _GONE.search(line) or _FULL.search(line)]
    for line in telling:
        if code := code_in("", line):
            return code, line[:SAID_LENGTH]
    return "", (worded[0] if worded else "")[:SAID_LENGTH]


def _returned(mail: Mime, text: str) -> tuple[str, str]:
    """The Message-ID and the address of the mail that came back; empty where neither is quoted."""
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822" and part.is_multipart():
            inner = part.get_payload(0)
            if isinstance(inner, Mime) and inner["Message-ID"]:
                return _pair(str(inner["Message-ID"]), str(inner["To"] or ""))
        if kind in ("text/rfc822-headers", "message/rfc822-headers"):
            head = message_from_bytes(_bytes_of(part))
            return _pair(str(head["Message-ID"] or ""), str(head["To"] or ""))
    found, to = _MESSAGE_ID.search(text), _RETURNED_TO.search(text)
    return _pair(found[1] if found else "", to[1] if to else "")


def _pair(message_id: str, to: str) -> tuple[str, str]:
    return message_id.strip(), parseaddr(to.strip())[1].lower()


def _text_of(mail: Mime) -> str:
    """What the report says in words, pages without their tags; not the mail that came back."""
    if mail.get_content_maintype() == "text":
        return _plain(mail)
    if mail.get_content_type().startswith("message/") or not mail.is_multipart():
        return ""
    parts = [part for part in mail.get_payload() if isinstance(part, Mime)]
    return "\n".join(filter(None, (_text_of(part) for part in parts)))


def _plain(part: Mime) -> str:
    words = _decode(_bytes_of(part), part.get_content_charset())
    if part.get_content_subtype() != "html":
        return words
    return unescape(_TAG.sub("\n", words))


def _bytes_of(part: Mime) -> bytes:
    body = part.get_payload(decode=True)
    return body if isinstance(body, bytes) else b""


def _decode(body: bytes, charset: str | None) -> str:
    """By the charset that it names; many say GB2312 and write GB18030, and some say nothing."""
    named = (charset or "").lower()
    for name in ("gb18030",) if named.startswith(("gb", "x-gb")) else (named or "utf-8", "utf-8"):
        try:
            return body.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    return body.decode("gb18030", errors="replace")


def _header(mail: Mime, name: str) -> str:
    """In words, also where it is encoded wrongly."""
    parts = decode_header(str(mail[name] or ""))
    return "".join(
        _decode(value, charset) if isinstance(value, bytes) else value for value, charset in parts
    )


def _decoded(addresses: set[bytes] | set[str]) -> set[str]:
    """flufl gives bytes; what is no address is left out."""
    words = (
        each.decode("ascii", errors="replace") if isinstance(each, bytes) else each
        for each in addresses
    )
    return {word.lower() for word in words if "@" in word}
