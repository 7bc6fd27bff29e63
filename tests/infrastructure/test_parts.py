"""The real parts that the other tests lean on."""

import socket
from smtplib import SMTPDataError
from typing import Any

import pytest
import redis
from django.core.mail import send_mail
from django.db import connection
from playwright.sync_api import Page
from pytest_socket import SocketConnectBlockedError

from tests.mail import Server


def test_network_outside_is_closed() -> None:
    with (
        socket.socket() as way_out,
        pytest.warns(UserWarning, match=r"203\.0\.113\.7"),
        pytest.raises(SocketConnectBlockedError),
    ):
        way_out.connect(("203.0.113.7", 80))


def test_mail_server_takes_and_refuses(smtp_server: Server) -> None:
    send_mail("到期提醒", "正文", "from@demo.example", ["to@demo.example"])
    smtp_server.refuse("550 5.1.1 No such person")
    with pytest.raises(SMTPDataError, match="No such person"):
        send_mail("二", "", "from@demo.example", ["to@demo.example"])
    smtp_server.accept()
    send_mail("三", "", "from@demo.example", ["to@demo.example"])

    assert [message["Subject"] for message in smtp_server.received] == ["到期提醒", "三"]
    assert smtp_server.received[0].get_content().splitlines() == ["正文"]


def test_broker_is_a_real_server(valkey_url: str) -> None:
    url = valkey_url.replace("redis+socket://", "unix://").replace("virtual_host=", "db=")

    with redis.Redis.from_url(url) as broker:
        assert broker.ping() is True


@pytest.mark.django_db
def test_sqlite_writes_ahead_and_locks_at_once() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("about SQLite")

    with connection.cursor() as cursor:
        mode = cursor.execute("PRAGMA journal_mode").fetchone()

    assert mode == ("wal",)
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_browser_opens_the_site(browser_page: Page, live_server: Any) -> None:
    browser_page.goto("/healthz")

    assert '"database": "ok"' in browser_page.content()
