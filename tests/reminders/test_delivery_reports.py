"""What the many shapes of delivery reports say: of whom, for good or not, about which mail."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reminders import reports
from tests.reminders.reports import Report
from tracker.reminders.delivery_reports import Bounce, read_report

ADDRESS = "ma.xiaolan@plant.demo.example"
MESSAGE_ID = "<0123456789abcdef0123456789abcdef@testserver>"
HARD: dict[Report, str] = {
    reports.postfix: "5.1.1",
    reports.postfix_headers_only: "5.1.1",
    reports.exchange: "5.4.1",
    reports.tencent: "5.0.0",
    reports.exim: "5.1.1",
    reports.qmail: "5.1.1",
    reports.netease: "",
}
SOFT: dict[Report, str] = {
    reports.delayed: "4.7.1",
    reports.given_up: "4.4.1",
    reports.mailbox_full: "5.2.2",
    reports.policy: "5.7.1",
    reports.chinese_full: "",
}


def read(report: Report) -> list[Bounce]:
    return read_report(report(ADDRESS, MESSAGE_ID))


@pytest.mark.parametrize("report", [*HARD, *SOFT], ids=lambda report: report.__name__)
def test_says_of_whom_and_how(report: Report) -> None:
    [bounce] = read(report)

    assert (bounce.address, bounce.message_id) == (ADDRESS, MESSAGE_ID)
    assert (bounce.is_hard, bounce.code) == (report in HARD, {**HARD, **SOFT}[report])
    assert 3 < len(bounce.said) <= 300


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (reports.postfix, f"550 5.1.1 <{ADDRESS}>: Recipient address rejected: User unknown"),
        (reports.exim, "550 5.1.1 No such user here"),
        (reports.qmail, "Remote host said: 550 5.1.1 User unknown"),
        (reports.netease, f"退信原因：收件人邮箱不存在或已停用，用户不存在：{ADDRESS}"),
        (reports.tencent, f"550 Mailbox not found. {ADDRESS}"),
    ],
)
def test_keeps_the_reason_in_the_servers_words(report: Report, said: str) -> None:
    assert read(report)[0].said == said


@pytest.mark.parametrize("report", [reports.holiday, reports.letter, reports.delivered])
def test_other_mails_are_no_bounces(report: Report) -> None:
    assert read(report) == []


def test_report_that_returns_nothing_names_no_mail() -> None:
    [bounce] = read(reports.without_message_id)

    assert (bounce.address, bounce.message_id) == (ADDRESS, "")


def test_broken_report_stops_nothing() -> None:
    assert all("@" in bounce.address for bounce in read(reports.broken))


def test_keeps_nothing_that_no_database_takes() -> None:
    raw = reports.postfix(ADDRESS, MESSAGE_ID).replace(b"User unknown", b"User \x00\xff unknown")

    [bounce] = read_report(raw)

    assert bounce.said.isprintable()
    assert bounce.said.startswith("550 5.1.1 ")


@given(raw=st.binary(max_size=400), keep=st.integers(min_value=0, max_value=900))
def test_no_bytes_raise(raw: bytes, keep: int) -> None:
    """Whoever sends to the mailbox sends what he likes."""
    report = reports.postfix(ADDRESS, MESSAGE_ID)

    read_report(report[:keep] + raw + report[keep:])
    read_report(b"From: MAILER-DAEMON@x\r\nSubject: failure notice\r\n\r\n" + raw)
