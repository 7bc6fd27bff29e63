"""A channel's address and secret, locked while they lie in the database."""

from tracker import vault
from tracker.reminders.models import Channel

PURPOSE = b"channels"


def lock(text: str) -> str:
    """What may be stored; nothing stays nothing."""
    return vault.lock(text, purpose=PURPOSE) if text else ""


def address_of(channel: Channel) -> str:
    """``vault.Unreadable`` where SECRET_KEY was changed without keeping the old one."""
    return vault.unlock(channel.locked_address, purpose=PURPOSE)


def secret_of(channel: Channel) -> str:
    """The same of its secret; empty where it has none."""
    locked = channel.locked_secret
    return vault.unlock(locked, purpose=PURPOSE) if locked else ""
