"""Secrets of second factors, such as an authenticator app's: locked while they lie there."""

import base64
import logging
import secrets

from tracker import vault

logger = logging.getLogger(__name__)

PURPOSE = b"second factors"


def lock(text: str) -> str:
    """What may be stored."""
    return vault.lock(text, purpose=PURPOSE)


def unlock(locked: str) -> str:
    """What was locked; a random secret that nothing fits where no key of ours opens it.

    Not an empty one, whose codes anybody could work out. It is base 32, as the app's secrets are.
    """
    try:
        return vault.unlock(locked, purpose=PURPOSE)
    except vault.Unreadable:
        logger.warning("A second factor was locked by another SECRET_KEY; its owner needs a reset")
        return base64.b32encode(secrets.token_bytes(20)).decode()
