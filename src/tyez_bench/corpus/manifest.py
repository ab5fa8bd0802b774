"""What is on record about a published directory: its files with sizes and hashes, and the versions of its gold."""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from tyez_bench.errors import AnnotationError, InputError, UsageError
from tyez_bench.jsonl import decode_text, read_bytes, sha256

GOLD = "gold.jsonl"
MANIFEST = "manifest.json"


class Release(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A version of the gold, and the file that holds it."""

    version: Annotated[str, Meta(description="semantic version")]
    fingerprint: Annotated[str, Meta(description="SHA-256 of the canonical JSONL of its gold")]
    file: Annotated[str, Meta(description="the file of this directory with that gold")]


class FileFacts(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Size and hash of a published file."""

    bytes: Annotated[int, Meta(description="size", ge=0)]
    sha256: Annotated[str, Meta(description="hexadecimal SHA-256")]


class Manifest(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is on record about a published gold set: ``data/manifest.json``."""

    name: Annotated[str, Meta(description="name of the set")]
    version: Annotated[str, Meta(description="semantic version of the labels and texts")]
    fingerprint: Annotated[str, Meta(description="SHA-256 of the canonical JSONL of the gold")]
    page_sha256: Annotated[str, Meta(description="SHA-256 of the page as received")]
    canary: Annotated[str, Meta(description="GUID by which the set is recognised in training data")]
    releases: Annotated[tuple[Release, ...], Meta(description="every version so far, the oldest first")]
    files: Annotated[dict[str, FileFacts], Meta(description="every published file but this one")]

    def release(self, version: str) -> Release:
        """A version of the gold. Raises UsageError for one that there is not."""
        for release in self.releases:
            if release.version == version:
                return release
        known = ", ".join(release.version for release in self.releases)
        raise UsageError(f"the gold has no version {version!r}, expected one of: {known}")


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a published directory. Raises InputError."""
    path = folder / MANIFEST
    try:
        return msgspec.json.decode(decode_text(read_bytes(path), path), type=Manifest)
    except (msgspec.DecodeError, RecursionError) as error:
        raise InputError(str(error), path=path) from None


def verify(folder: Path, manifest: Manifest, names: Iterable[str] | None = None) -> None:
    """Raise InputError unless these files (all of them) are what the manifest has on record."""
    for name in manifest.files if names is None else names:
        if name not in manifest.files:
            raise InputError(f"has no file {name!r} on record", path=folder / MANIFEST)
        check_file(folder / name, read_published(folder / name), manifest.files[name])


def read_published(path: Path) -> bytes:
    """The bytes of a file that the manifest names. Raises InputError, also when it is not there."""
    if not path.exists():
        raise InputError("is missing, though the manifest has it on record", path=path)
    return read_bytes(path)


def check_file(path: Path, data: bytes, recorded: FileFacts) -> None:
    """Raise InputError unless ``data``, of the file ``path``, has the size and the hash on record."""
    if len(data) != recorded.bytes:
        what = "truncated" if len(data) < recorded.bytes else "changed"
        raise InputError(f"has {len(data)} bytes, on record are {recorded.bytes}: the file was {what}", path=path)
    if sha256(data) != recorded.sha256:
        raise InputError(
            f"SHA-256 is {sha256(data)[:12]}…, on record is {recorded.sha256[:12]}…: the file was changed", path=path
        )


class PastRelease(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An entry of ``annotations/releases.toml``: a version that people may quote."""

    version: str
    fingerprint: str


def read_releases(path: Path) -> tuple[PastRelease, ...]:
    """The versions released so far, the oldest first. Raises InputError."""
    try:
        found = msgspec.convert(tomllib.loads(decode_text(read_bytes(path), path)), dict[str, list[PastRelease]])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise InputError(str(error), path=path) from None
    return tuple(found.get("release", ()))


def releases(path: Path, version: str, gold: bytes) -> tuple[tuple[Release, ...], dict[str, bytes]]:
    """The releases on record in ``path`` and the present one; the files of those whose gold was another.

    The gold of such a version is kept beside ``path`` as ``releases/VERSION.jsonl``. Raises AnnotationError when it is
    not what was released, or when the gold changed and the version did not.
    """
    current = sha256(gold)
    found, files = [], {}
    for past in read_releases(path):
        if past.version == version:
            if past.fingerprint != current:
                raise AnnotationError(
                    f"version {version} was released with the fingerprint {past.fingerprint[:12]}…, but the gold has "
                    f"{current[:12]}…: a changed gold needs another version",
                    path=path,
                )
            continue
        file = GOLD
        if past.fingerprint != current:
            file = f"releases/{past.version}.jsonl"
            files[file] = read_bytes(path.parent / file)
            if sha256(files[file]) != past.fingerprint:
                raise AnnotationError(f"is not the gold of {past.version}, by its SHA-256", path=path.parent / file)
        found.append(Release(version=past.version, fingerprint=past.fingerprint, file=file))
    return (*found, Release(version=version, fingerprint=current, file=GOLD)), files
