"""Writes a package: each file checked against its hash on the way, the seal last."""

import hashlib
import json
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.audit import Actor, Event, facts_of
from tracker.evidence.store import files_folder, path_of
from tracker.evidence.types import is_full
from tracker.reporting.sealed.manifest import describe, member_name
from tracker.reporting.sealed.packed import File, Json, Packed
from tracker.reporting.sealed.seal import sign
from tracker.reporting.sealed.telling import tell

MANIFEST, TRAIL, SEAL = "manifest.json", "trail.jsonl", "seal.json"
CHUNK_BYTES = 1024 * 1024
MOST_BYTES = 2 * 1024**3


class PackageRefused(Exception):
    """No package can be made; the sentence says why, in the reader's language."""


@dataclass(frozen=True)
class Package:
    """A finished package, open at its start; closing it takes it off the disk."""

    stream: IO[bytes]
    manifest_sha256: str
    file_count: int


def seal_package(contents: Packed, *, by: Actor, at: datetime, site: str) -> Package:
    """Write the package to a nameless file beside the store.

    ``PackageRefused`` where the files are too many for one package, where the disk has no room for
    it, and where one is not in the store as it was uploaded: a seal on it would be a lie. A file
    with a virus in it is told of without its bytes. Memory stays at one chunk and the rows.
    """
    if contents.size_bytes > MOST_BYTES:
        raise PackageRefused(
            _("The files have %(size)d GB together; a package takes at most %(limit)d GB.")
            % {"size": -(-contents.size_bytes // 1024**3), "limit": MOST_BYTES // 1024**3}
        )
    folder = files_folder() / "outgoing"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as fault_closes:
            stream = fault_closes.enter_context(tempfile.TemporaryFile(dir=folder))
            sha256 = _fill(stream, contents, by=by, at=at, site=site)
            stream.seek(0)
            fault_closes.pop_all()  # from here on the reader closes it
    except OSError as fault:
        if not is_full(fault):
            raise
        raise PackageRefused(
            _("There is no room left on the server for the package. Tell your administrator.")
        ) from fault
    return Package(stream, sha256, len(contents.held))


def _fill(stream: IO[bytes], contents: Packed, *, by: Actor, at: datetime, site: str) -> str:
    with ZipFile(stream, "w") as package:
        writer = _Writer(package, at)
        paths = {file.pk: member_name(n, file) for n, file in enumerate(contents.files, start=1)}
        for file in contents.held:
            writer.copy(file, paths[file.pk])
        writer.write(TRAIL, _trail(contents))
        telling = tell(contents, paths, by=by, at=at, site=site)
        for name, content in telling.members.items():
            writer.write(name, iter([content]))
        told = describe(contents, paths, telling, by=by, at=at, site=site, members=writer.members)
        manifest = json.dumps(told, ensure_ascii=False, indent=1).encode()
        writer.write(MANIFEST, iter([manifest]))
        writer.write(SEAL, iter([sign(manifest).to_json()]))
    return hashlib.sha256(manifest).hexdigest()


@dataclass
class _Writer:
    """Adds members one after the other, and keeps the size and hash of each."""

    package: ZipFile
    at: datetime
    members: Json = field(default_factory=dict)

    def copy(self, file: File, name: str) -> None:
        """``PackageRefused`` where the store holds it no more, or other bytes."""
        try:
            with path_of(file.stored).open("rb") as stored:
                written = self.write(
                    name, iter(lambda: stored.read(CHUNK_BYTES), b""), ZIP_STORED, file.uploaded_at
                )
        except FileNotFoundError:
            written = ""
        if written != file.stored.sha256:
            raise PackageRefused(
                _("“%(name)s” is not in the store as it was uploaded. Tell the administrator.")
                % {"name": file.original_name}
            )

    def write(
        self,
        name: str,
        chunks: Iterator[bytes],
        how: int = ZIP_DEFLATED,
        at: datetime | None = None,
    ) -> str:
        """The member's SHA-256 in hex."""
        member = ZipInfo(name, timezone.localtime(at or self.at).timetuple()[:6])
        member.compress_type = how
        digest, size = hashlib.sha256(), 0
        with self.package.open(member, "w", force_zip64=True) as target:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
        self.members[name] = {"sha256": digest.hexdigest(), "size_bytes": size}
        return digest.hexdigest()


def _trail(contents: Packed) -> Iterator[bytes]:
    for event in contents.trail().iterator(chunk_size=1000):
        yield json.dumps(_link(contents, event), ensure_ascii=False).encode() + b"\n"


def _link(contents: Packed, event: Event) -> dict[str, Any]:
    """Its facts where they concern the package, else only what holds the chain together."""
    link: dict[str, Any] = {"digest": event.digest}
    if contents.concerns(event):
        return {**link, "facts": facts_of(event)}
    return {**link, "sequence": event.sequence, "previous": event.previous}
