"""Faults of one cause read alike, and say who can do what about them."""

from smtplib import SMTPDataError, SMTPRecipientsRefused

import pytest

from tracker.reminders.reasons import Trouble, key_of, reason_of, trouble_of, words_of


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (
            "550 5.1.1 <a@x.example>: Recipient address rejected: User unknown",
            "550 5.1.1 <b.c+d@y.example>: Recipient  address rejected: User unknown",
            "550 5.1.1 …: Recipient address rejected: User unknown",
        ),
        (
            "451 4.3.0 4Fv2Xk1zQ9: queue file write error",
            "451 4.3.0 7A3C9D0012: queue file write error",
            "451 4.3.0 …: queue file write error",
        ),
        (
            "421 Too many from 203.0.113.7",
            "421 Too many from [198.51.100.12]",
            "421 Too many from …",
        ),
        (
            "ConnectionRefusedError: [Errno 111] Connection refused",
            "ConnectionRefusedError: [Errno 111] Connection refused",
            "ConnectionRefusedError: [Errno 111] Connection refused",
        ),
        ("450 Try again in 1234567", "450 Try again in 7654321", "450 Try again in …"),
    ],
)
def test_faults_of_one_cause_read_alike(first: str, second: str, reason: str) -> None:
    assert (reason_of(first), reason_of(second)) == (reason, reason)
    assert reason_of(reason) == reason


def test_other_causes_stay_apart() -> None:
    reasons = [reason_of(fault) for fault in ("550 5.1.1 User unknown", "550 5.7.1 Denied")]

    assert len({key_of(reason) for reason in reasons}) == 2


@pytest.mark.parametrize(
    ("reason", "trouble"),
    [
        ("550 5.1.1 User unknown", Trouble.ADDRESS),
        ("553 No such mailbox", Trouble.ADDRESS),
        ("550 5.7.1 Spam", Trouble.POLICY),
        ("554 Refused", Trouble.POLICY),
        ("451 4.3.0 Later", Trouble.LATER),
        ("535 5.7.8 Bad credentials", Trouble.SIGN_IN),
        ("530 5.7.0 Authenticate first", Trouble.SIGN_IN),
        ("552 Too big", Trouble.OTHER),
        ("ConnectionRefusedError: [Errno 111] Connection refused", Trouble.UNREACHABLE),
        ("TimeoutError: timed out", Trouble.UNREACHABLE),
        ("gaierror: [Errno -2] Name or service not known", Trouble.UNREACHABLE),
        ("SMTPServerDisconnected: Connection unexpectedly closed", Trouble.UNREACHABLE),
        ("ValueError: no template", Trouble.OTHER),
        ("", Trouble.OTHER),
    ],
)
def test_reason_tells_who_can_do_what(reason: str, trouble: Trouble) -> None:
    assert trouble_of(reason) is trouble


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (SMTPRecipientsRefused({"a@x.example": (550, b"5.1.1 Unknown")}), "550 5.1.1 Unknown"),
        (SMTPDataError(451, "4.3.0 Later"), "451 4.3.0 Later"),
        (TimeoutError("timed out"), "TimeoutError: timed out"),
    ],
)
def test_the_servers_own_words_are_kept(fault: Exception, words: str) -> None:
    assert words_of(fault) == words
