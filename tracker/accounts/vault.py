"""Secrets that have to be read again, such as an authenticator app's: locked while they lie there.

The key comes from SECRET_KEY. After a change of it what lies there is read by the old key as long
as that stands in SECRET_KEY_FALLBACKS; without it, nothing that anybody types fits any more.
"""

import base64
import logging
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

logger = logging.getLogger(__name__)

PURPOSE = b"second factors"


def lock(text: str) -> str:
    """What may be stored."""
    return _box().encrypt(text.encode()).decode()


def unlock(locked: str) -> str:
    """What was locked; a random secret that nothing fits where no key of ours opens it.

    Not an empty one, whose codes anybody could work out. It is base 32, as the app's secrets are.
    """
    try:
        return _box().decrypt(locked.encode()).decode()
    except InvalidToken:
        logger.warning("A second factor was locked by another SECRET_KEY; its owner needs a reset")
        return base64.b32encode(secrets.token_bytes(20)).decode()


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derive(key)) for key in keys])


def _derive(key: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
    return base64.urlsafe_b64encode(derived)
