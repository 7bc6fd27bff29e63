"""Which addresses may be written to: the vendors' robots, and https elsewhere. Pure."""

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tracker.reminders.models import ChannelKind

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

LONGEST_ADDRESS = 2000
SHORTEST_SECRET = 16
HTTPS_PORT = 443
# NAT64 (RFC 6052) leads on to the IPv4 address in its last four bytes.
NAT64 = ipaddress.ip_network("64:ff9b::/96")
TOKEN = re.compile(r"[A-Za-z0-9_-]{8,200}")
WORD = re.compile(r"[A-Za-z0-9]{8,200}")


class BadAddress(ValueError):
    """An address or a secret that is refused; ``sentence`` says why, in the reader's language."""

    def __init__(self, field: str, sentence: str | Promise) -> None:
        super().__init__(field)
        self.field, self.sentence = field, sentence


@dataclass(frozen=True)
class Robot:
    """How a vendor's addresses look: the host, the path, and where in it the token stands."""

    host: str
    path: str
    token_of: Callable[[SplitResult], str]
    token: re.Pattern[str] = TOKEN


def _asked(name: str) -> Callable[[SplitResult], str]:
    return lambda parts: parse_qs(parts.query).get(name, [""])[0]


ROBOTS = {
    ChannelKind.DINGTALK: Robot("oapi.dingtalk.com", "/robot/send", _asked("access_token"), WORD),
    ChannelKind.WECOM: Robot("qyapi.weixin.qq.com", "/cgi-bin/webhook/send", _asked("key")),
    ChannelKind.FEISHU: Robot(
        "open.feishu.cn",
        "/open-apis/bot/v2/hook/",
        lambda parts: parts.path.rstrip("/").rpartition("/")[2],
    ),
}


@dataclass(frozen=True)
class Target:
    """A checked address: its host, and the ending by which a page tells it from another."""

    host: str
    ending: str


def read_target(kind: str, address: str, secret: str, *, allow_private: bool) -> Target:
    """What is kept in the open of an address and its secret; ``BadAddress`` where one is refused.

    A name may still lead somewhere private; that is looked at whenever something is sent.
    """
    parts = split_address(address)
    host = parts.hostname or ""
    if kind == ChannelKind.WEBHOOK:
        if len(secret) < SHORTEST_SECRET or not secret.isascii() or not secret.isprintable():
            raise BadAddress("secret", _("At least 16 letters, digits and signs, no others."))
        if not allow_private and _is_inside(host):
            raise BadAddress("address", _("This address is on a private network."))
        return Target(host, secret[-4:])
    token = token_of(kind, address)
    if kind == ChannelKind.DINGTALK and secret and not WORD.fullmatch(secret):
        raise BadAddress("secret", _("A robot's secret has letters and digits only."))
    if kind != ChannelKind.DINGTALK and secret:
        raise BadAddress("secret", _("This robot has no secret: leave it empty."))
    return Target(host, (secret or token)[-4:])


def split_address(address: str) -> SplitResult:
    """Its parts; only https, no name and password in it, and a host."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as fault:
        raise BadAddress("address", _("This isn't an address.")) from fault
    if parts.scheme != "https":
        raise BadAddress("address", _("The address must start with https://."))
    if "@" in parts.netloc:
        raise BadAddress("address", _("No user name and password in the address."))
    fits = address.isascii() and address.isprintable() and " " not in address
    if not parts.hostname or port == 0 or not fits or len(address) > LONGEST_ADDRESS:
        raise BadAddress("address", _("This isn't an address."))
    return parts


def token_of(kind: str, address: str) -> str:
    """The token in a robot's address; the address must be the vendor's own."""
    robot, parts = ROBOTS[ChannelKind(kind)], split_address(address)
    token = robot.token_of(parts)
    is_vendors = (parts.hostname, parts.port or HTTPS_PORT) == (robot.host, HTTPS_PORT)
    if not is_vendors or not parts.path.startswith(robot.path) or not robot.token.fullmatch(token):
        raise BadAddress("address", _("This isn't the address that the vendor shows for a robot."))
    return token


def literal_of(host: str) -> Address | None:
    """The IP address that the host is; None for a name.

    The old forms, 127.1 and 2130706433 and 0x7f.1, count too: systems take them for addresses.
    """
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return _old_form(host)


def _is_inside(host: str) -> bool:
    """A private address as it stands there, or a name of this machine's own (RFC 6761)."""
    literal, name = literal_of(host), host.rstrip(".").lower()
    if literal is not None:
        return not is_open(literal)
    return name == "localhost" or name.endswith(".localhost")


def is_open(address: Address) -> bool:
    """Whether it is out on the internet: no network of somebody's own, no many, no nobody."""
    seen = _led_on(address)
    return seen.is_global and not seen.is_multicast


def is_never(address: Address) -> bool:
    """What is no receiver anywhere: a cloud's metadata at a link-local address, many, nobody."""
    seen = _led_on(address)
    return seen.is_link_local or seen.is_multicast or seen.is_unspecified


def _led_on(address: Address) -> Address:
    """Behind an IPv6 address that only wraps an IPv4 one, that."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _old_form(host: str) -> Address | None:
    parts = host.rstrip(".").split(".")
    if not 1 <= len(parts) <= 4 or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    numbers = [int(part, _base(part)) for part in parts]
    last_bytes = 5 - len(parts)
    if any(number > 255 for number in numbers[:-1]) or numbers[-1] >= 256**last_bytes:
        return None
    value = numbers[-1]
    for place, number in enumerate(numbers[:-1]):
        value += number << (8 * (3 - place))
    return ipaddress.IPv4Address(value)


_NUMBER = re.compile(r"0[xX][0-9a-fA-F]{1,8}|0[0-7]{0,11}|[1-9][0-9]{0,9}")


def _base(number: str) -> int:
    if number[:2].lower() == "0x":
        return 16
    return 8 if number.startswith("0") else 10
