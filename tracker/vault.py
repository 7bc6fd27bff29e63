"""Secrets that have to be read again: locked while they lie in the database.

The key comes from SECRET_KEY, another one for each purpose. After a change of SECRET_KEY what lies
there is read by the old key as long as that stands in SECRET_KEY_FALLBACKS.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unreadable(Exception):
    """It was locked by another SECRET_KEY, or for another purpose."""


def lock(text: str, *, purpose: bytes) -> str:
    """What may be stored."""
    return _box(purpose).encrypt(text.encode()).decode()


def unlock(locked: str, *, purpose: bytes) -> str:
    """What was locked; ``Unreadable`` where no key of ours opens it."""
    try:
        return _box(purpose).decrypt(locked.encode()).decode()
    except InvalidToken as fault:
        raise Unreadable from fault


def _box(purpose: bytes) -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derive(key, purpose)) for key in keys])


def _derive(key: str, purpose: bytes) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(key.encode())
    return base64.urlsafe_b64encode(derived)
