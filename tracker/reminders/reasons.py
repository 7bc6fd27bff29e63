"""Why a mail did not go out: in the server's own words, and as a reason that many rows share."""

import hashlib
import re
from enum import Enum
from smtplib import SMTPRecipientsRefused, SMTPResponseException

FAULT_LENGTH = 1000
BLANK = "…"
# What differs from mail to mail: addresses, IPs, long numbers, and queue ids (letters with digits).
_OWN = re.compile(
    r"<?[\w.+=-]+@[\w.-]*\w>?"
    r"|\[?\b\d{1,3}(?:\.\d{1,3}){3}\b\]?(?::\d+)?"
    r"|\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{6,}\b"
    r"|\b\d{5,}\b"
)
_BLANKS = re.compile(rf"(?:{BLANK}[\s.,:;-]*)+{BLANK}")


class Trouble(Enum):
    """What kind of reason it is, and so who can do what about it."""

    UNREACHABLE = "unreachable"
    ADDRESS = "address"
    SIGN_IN = "sign_in"
    POLICY = "policy"
    LATER = "later"
    OTHER = "other"


def words_of(fault: Exception) -> str:
    """The server's own answer where it gave one, else the fault's name and text."""
    code: int
    answer: bytes | str
    if isinstance(fault, SMTPRecipientsRefused):
        code, answer = next(iter(fault.recipients.values()))
    elif isinstance(fault, SMTPResponseException):
        code, answer = fault.smtp_code, fault.smtp_error
    else:
        return f"{type(fault).__name__}: {fault}"[:FAULT_LENGTH]
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return f"{code} {text}"[:FAULT_LENGTH]


def reason_of(fault: str) -> str:
    """The fault without what is one mail's own, so that those of one cause read alike."""
    blanked = _OWN.sub(BLANK, " ".join(fault.split()))
    return _BLANKS.sub(BLANK, blanked)


def key_of(reason: str) -> str:
    """A short name of the reason, for an address."""
    return hashlib.sha256(reason.encode()).hexdigest()[:16]


def trouble_of(reason: str) -> Trouble:
    """By the reply's number (RFC 5321, 3463); without one the server was never heard."""
    code, _space, rest = reason.partition(" ")
    if not re.fullmatch(r"[245]\d\d", code):
        return Trouble.UNREACHABLE if _is_of_network(reason) else Trouble.OTHER
    if code in ("530", "534", "535", "538"):
        return Trouble.SIGN_IN
    if code[0] == "4":
        return Trouble.LATER
    if rest.startswith("5.7.") or code == "554":
        return Trouble.POLICY
    return Trouble.ADDRESS if code in ("550", "551", "553") else Trouble.OTHER


def _is_of_network(reason: str) -> bool:
    name = reason.partition(":")[0]
    return name in (
        "gaierror",
        "OSError",
        "TimeoutError",
        "SSLError",
        "SSLCertVerificationError",
    ) or (name.startswith(("Connection", "SMTPServerDisconnected", "SMTPConnect")))
