"""The site's seal: an Ed25519 key that signs manifests; who checks needs the public half only."""

import json
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

FORMAT = "ule-package/1"


class SealBroken(Exception):
    """The seal is not one, or not of this manifest."""


@dataclass(frozen=True)
class Seal:
    """``public_key`` and ``signature`` in hex, 32 and 64 bytes; the signature is the manifest's."""

    public_key: str
    signature: str

    def to_json(self) -> bytes:
        told = {
            "format": FORMAT,
            "algorithm": "Ed25519",
            "public_key": self.public_key,
            "signature": self.signature,
        }
        return json.dumps(told, indent=2).encode()


def public_key() -> str:
    """The site's public key in hex: what an authority makes known, and a checker compares."""
    return _key().public_key().public_bytes_raw().hex()


def sign(manifest: bytes) -> Seal:
    return Seal(public_key(), _key().sign(manifest).hex())


def read_seal(written: bytes) -> Seal:
    """``SealBroken`` for what was not written by ``to_json``."""
    try:
        told = json.loads(written)
        seal = Seal(str(told["public_key"]), str(told["signature"]))
    except (ValueError, KeyError, TypeError) as fault:
        raise SealBroken from fault
    if told.get("format") != FORMAT:
        raise SealBroken
    return seal


def check_seal(seal: Seal, manifest: bytes) -> None:
    """``SealBroken`` where the signature is not that of this manifest by the seal's key."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(seal.public_key))
        key.verify(bytes.fromhex(seal.signature), manifest)
    except (InvalidSignature, ValueError) as fault:
        raise SealBroken from fault


def _key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(settings.SEAL_KEY))
