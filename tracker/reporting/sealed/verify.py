"""Checks a package with nothing but itself: the seal, every member, and the trail's links."""

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _

from tracker.audit import digest_of_facts
from tracker.reporting.sealed.archive import CHUNK_BYTES, MANIFEST, SEAL, TRAIL
from tracker.reporting.sealed.seal import FORMAT, SealBroken, check_seal, read_seal

MOST_MANIFEST_BYTES = 512 * 1024**2
MOST_LINK_BYTES = 16 * 1024**2
PREVIOUS, SEQUENCE = 0, 2  # places in a link's facts, see ``audit.facts_of``


class Member(NamedTuple):
    """What the manifest says of one member of the package."""

    sha256: str
    size_bytes: int


@dataclass
class Findings:
    """What is wrong, a sentence each; ``public_key`` is whose seal it is, in hex."""

    faults: list[str] = field(default_factory=list)
    public_key: str = ""
    made_at: str = ""
    file_count: int = 0
    link_count: int = 0


def verify_package(path: Path, *, public_key: str = "") -> Findings:
    """``public_key`` is the one that the seal must be of, in hex; empty: any."""
    findings = Findings()
    try:
        with ZipFile(path) as package:
            _check(package, findings, public_key.strip().lower())
    except FileNotFoundError:
        findings.faults.append(_("There is no such file."))
    except (BadZipFile, OSError, RuntimeError, EOFError, zlib.error) as fault:
        findings.faults.append(_("The package can't be read: %(fault)s") % {"fault": fault})
    return findings


def _check(package: ZipFile, findings: Findings, public_key: str) -> None:
    names = package.namelist()
    faults = findings.faults
    faults += [_("%(name)s: is there twice") % {"name": n} for n in _twice(names)]
    missing = [name for name in (MANIFEST, SEAL, TRAIL) if name not in names]
    if missing:
        faults += [_("%(name)s: missing") % {"name": name} for name in missing]
        return
    manifest = _small(package, MANIFEST)
    _check_seal(_small(package, SEAL), manifest, findings, public_key)
    try:
        told = json.loads(manifest)
        members = {
            str(name): Member(str(member["sha256"]), int(member["size_bytes"]))
            for name, member in told["members"].items()
        }
        findings.made_at, findings.file_count = str(told["made_at"]), len(told["files"])
        known = told["format"] == FORMAT
        # What was disposed of before is told of, but is not there.
        held = [file for file in told["files"] if not file.get("disposed")]
        listed = {str(file["path"]): str(file["sha256"]) for file in held}
    except (ValueError, KeyError, TypeError, AttributeError):
        known = False
    if not known:
        faults.append(_("%(name)s: not a manifest of this kind") % {"name": MANIFEST})
        return
    faults += _members(package, names, members)
    faults += [
        _("%(name)s: the manifest gives two hashes") % {"name": path}
        for path, sha256 in listed.items()
        if path not in members or members[path].sha256 != sha256
    ]
    faults += _links(package, findings)


def _check_seal(written: bytes, manifest: bytes, findings: Findings, public_key: str) -> None:
    try:
        seal = read_seal(written)
        findings.public_key = seal.public_key
        check_seal(seal, manifest)
    except SealBroken:
        findings.faults.append(_("The seal is not that of this manifest."))
        return
    if public_key and public_key != seal.public_key.lower():
        findings.faults.append(_("The seal is another's: its key is not the one given."))


def _members(package: ZipFile, names: list[str], members: dict[str, Member]) -> Iterator[str]:
    """Every member is as the manifest says, none is missing, and none came in besides."""
    there = set(names)
    for name, expected in members.items():
        if name not in there:
            yield _("%(name)s: missing") % {"name": name}
        elif _sha256(package, name, expected.size_bytes) != expected.sha256:
            yield _("%(name)s: changed") % {"name": name}
    for name in sorted(there - set(members) - {MANIFEST, SEAL}):
        yield _("%(name)s: not in the manifest") % {"name": name}


def _links(package: ZipFile, findings: Findings) -> Iterator[str]:
    """The trail's rows are whole, in order, and none is left out."""
    previous, number = "", 0
    with package.open(TRAIL) as lines:
        while line := lines.readline(MOST_LINK_BYTES):
            number += 1
            try:
                link = json.loads(line)
                facts = link.get("facts")
                held = facts[PREVIOUS] if facts else link["previous"]
                sequence = facts[SEQUENCE] if facts else link["sequence"]
                whole = facts is None or digest_of_facts(facts) == link["digest"]
                whole = whole and held == previous and sequence == number
                previous = link["digest"]
            except (ValueError, KeyError, TypeError, IndexError, AttributeError):
                whole = False
            if not whole:
                yield _("%(name)s: broken at link %(number)d") % {"name": TRAIL, "number": number}
                return
    findings.link_count = number


def _sha256(package: ZipFile, name: str, size_bytes: int) -> str:
    """Empty where it unpacks to more than it should: a small package can hold a bomb."""
    digest, left = hashlib.sha256(), size_bytes
    with package.open(name) as member:
        while chunk := member.read(CHUNK_BYTES):
            left -= len(chunk)
            if left < 0:
                return ""
            digest.update(chunk)
    return digest.hexdigest()


def _small(package: ZipFile, name: str) -> bytes:
    with package.open(name) as member:
        return member.read(MOST_MANIFEST_BYTES)


def _twice(names: list[str]) -> list[str]:
    return sorted(name for name, times in Counter(names).items() if times > 1)
