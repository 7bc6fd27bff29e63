"""Which addresses and secrets are taken for a channel."""

from ipaddress import ip_address

import pytest

from tests.reminders.channels.conftest import ADDRESSES, SECRET
from tracker.reminders.channels.addresses import (
    BadAddress,
    is_never,
    is_open,
    read_target,
    token_of,
)
from tracker.reminders.models import ChannelKind

DINGTALK, WECOM, FEISHU, WEBHOOK = ChannelKind


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.example.cn/",
        "https://user:word@hooks.example.cn/",
        "https://user@hooks.example.cn/",
        "https://",
        "hooks.example.cn",
        "https://hooks.example.cn:0/",
        "https://hooks.example.cn:99999/",
        "https://[::1/",
        "https://hooks.example.cn/a b",
        "https://hooks.example.cn/a\r\nX-Evil: 1",
        "https://例子.example.cn/",
        f"https://hooks.example.cn/{'a' * 2000}",
        "file:///etc/passwd",
    ],
)
def test_what_is_no_address_is_refused_even_inside(address: str) -> None:
    with pytest.raises(BadAddress) as refusal:
        read_target(WEBHOOK, address, SECRET, allow_private=True)

    assert refusal.value.field == "address"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "10.0.0.7",
        "172.16.3.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "[::1]",
        "[::]",
        "[fe80::1]",
        "[fd00::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::a00:1]",
        "[2002:7f00:1::]",
        "localhost",
        "hooks.localhost.",
    ],
)
def test_inner_networks_are_refused_unless_the_site_allows_them(host: str) -> None:
    address = f"https://{host}/ule"

    with pytest.raises(BadAddress) as refusal:
        read_target(WEBHOOK, address, SECRET, allow_private=False)
    inside = read_target(WEBHOOK, address, SECRET, allow_private=True)

    assert refusal.value.field == "address"
    assert inside.host == host.strip("[]")


@pytest.mark.parametrize("host", ["hooks.example.cn", "8.8.8.8", "[2001:4860:4860::8888]", "1.2.x"])
def test_the_internet_is_open(host: str) -> None:
    target = read_target(WEBHOOK, f"https://{host}:8443/", SECRET, allow_private=False)

    assert (target.host, target.ending) == (host.strip("[]"), SECRET[-4:])


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("169.254.169.254", (False, True)),
        ("::ffff:169.254.169.254", (False, True)),
        ("224.0.1.1", (False, True)),
        ("0.0.0.0", (False, True)),
        ("10.0.0.1", (False, False)),
        ("8.8.8.8", (True, False)),
    ],
)
def test_some_addresses_are_nobodys_receiver(address: str, seen: tuple[bool, bool]) -> None:
    assert (is_open(ip_address(address)), is_never(ip_address(address))) == seen


@pytest.mark.parametrize("secret", ["", "15 letters long", "密" * 16, "a\nb" * 8])
def test_a_webhook_needs_a_secret(secret: str) -> None:
    with pytest.raises(BadAddress) as refusal:
        read_target(WEBHOOK, "https://hooks.example.cn/", secret, allow_private=False)

    assert refusal.value.field == "secret"


@pytest.mark.parametrize(
    ("kind", "token"),
    [
        (DINGTALK, "0123456789abcdef"),
        (WECOM, "633a31f6-7f9c-4bc4"),
        (FEISHU, "ca5a2e4f-1c1e-4f3b"),
    ],
)
def test_a_robots_address_holds_its_token(kind: str, token: str) -> None:
    address = ADDRESSES[ChannelKind(kind)]

    assert token_of(kind, address) == token
    assert read_target(kind, address, "", allow_private=False).ending == token[-4:]


@pytest.mark.parametrize(
    "change",
    [
        ("oapi.dingtalk.com", "oapi.dingtalk.com.example.cn"),
        ("oapi.dingtalk.com", "example.cn"),
        ("oapi.dingtalk.com", "oapi.dingtalk.com:8443"),
        ("/robot/send", "/topapi/message"),
        ("access_token=0123456789abcdef", "access_token="),
        ("access_token=0123456789abcdef", "access_token=../../etc"),
        ("access_token", "token"),
    ],
)
def test_only_the_vendors_own_address_is_taken(change: tuple[str, str]) -> None:
    address = ADDRESSES[DINGTALK].replace(*change)

    with pytest.raises(BadAddress) as refusal:
        read_target(DINGTALK, address, "", allow_private=True)

    assert refusal.value.field == "address"


def test_dingtalk_may_sign_by_a_secret() -> None:
    secret = "SEC0123456789abcdef"

    target = read_target(DINGTALK, ADDRESSES[DINGTALK], secret, allow_private=False)

    assert target.ending == "cdef"


@pytest.mark.parametrize(
    ("kind", "secret"),
    [
        (DINGTALK, "SEC0123456789&x=1"),
        (WECOM, "SEC0123456789abcdef"),
        (FEISHU, "SEC0123456789abcdef"),
    ],
)
def test_the_other_robots_have_no_secret(kind: str, secret: str) -> None:
    with pytest.raises(BadAddress) as refusal:
        read_target(kind, ADDRESSES[ChannelKind(kind)], secret, allow_private=False)

    assert refusal.value.field == "secret"
