"""What is on record about a published directory: its files with sizes and hashes, and the versions of its gold."""

import json
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from tyez_bench.files.in_use import note_read
from tyez_bench.files.jsonl import convert, distinct_keys, read_bytes, read_text, sha256
from tyez_bench.files.toml import parse_toml
from tyez_bench.model.errors import AnnotationError, InputError, UsageError, counted, first_line

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
        """A version of the gold. Raises UsageError for an unknown one."""
        for release in self.releases:
            if release.version == version:
                return release
        known = ", ".join(release.version for release in self.releases)
        raise UsageError(f"the gold has no version {version!r}, expected one of: {known}")


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a published directory. Raises InputError, also when it contradicts itself."""
    path = folder / MANIFEST
    text = read_text(path)
    try:
        json.loads(text, object_pairs_hook=distinct_keys)
        manifest = msgspec.json.decode(text, type=Manifest)
    except (ValueError, RecursionError) as error:
        raise InputError(first_line(error), path=path) from None
    reason = _contradiction(manifest)
    if reason is not None:
        raise InputError(reason, path=path)
    return manifest


def _contradiction(manifest: Manifest) -> str | None:
    versions = [release.version for release in manifest.releases]
    if len(set(versions)) < len(versions):
        return "has a version twice among its releases"
    if (manifest.version, manifest.fingerprint) not in [(r.version, r.fingerprint) for r in manifest.releases]:
        return f"has no release of version {manifest.version} with its fingerprint"
    for name in manifest.files:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name or str(path) != name or name == MANIFEST:
            return f"lists a file that is not in the directory: {name!r}"
    for release in manifest.releases:
        if release.file not in manifest.files:
            return f"does not list the file {release.file!r}, which version {release.version} is in"
    return None


def verify(folder: Path, manifest: Manifest, names: Iterable[str] | None = None) -> None:
    """Raise InputError unless these files (all of them) are what the manifest has on record."""
    for name in manifest.files if names is None else names:
        read_verified(folder, manifest, name)


def read_verified(folder: Path, manifest: Manifest, name: str) -> bytes:
    """The bytes of a published file. Raises InputError unless they are what the manifest has on record."""
    path = folder / name
    if name not in manifest.files:
        raise InputError(f"does not list the file {name!r}", path=folder / MANIFEST)
    try:
        data = path.read_bytes()
        note_read(path)
    except FileNotFoundError:
        raise InputError("is missing, but listed in the manifest", path=path) from None
    except IsADirectoryError:
        raise InputError("is a directory, expected a file", path=path) from None
    except (OSError, ValueError) as error:
        raise InputError(f"can't be read: {getattr(error, 'strerror', None) or error}", path=path) from None
    recorded = manifest.files[name]
    if len(data) != recorded.bytes:
        what = "truncated" if len(data) < recorded.bytes else "changed"
        raise InputError(f"has {counted(len(data), 'byte')}, expected {recorded.bytes}: the file was {what}", path=path)
    if sha256(data) != recorded.sha256:
        raise InputError(
            f"SHA-256 is {sha256(data)[:12]}…, expected {recorded.sha256[:12]}…: the file was changed", path=path
        )
    return data


class PastRelease(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An entry of ``annotations/releases.toml``: a version that people may quote."""

    version: str
    fingerprint: str


class _Releases(Struct, frozen=True, forbid_unknown_fields=True):
    release: tuple[PastRelease, ...] = ()


def read_releases(path: Path) -> tuple[PastRelease, ...]:
    """The versions released so far, the oldest first. Raises InputError."""
    found = convert(parse_toml(read_text(path), path), _Releases, path=path).release
    versions = [past.version for past in found]
    if len(set(versions)) < len(versions):
        raise InputError("has a version twice", path=path)
    return found


def releases(path: Path, version: str, gold: bytes) -> tuple[tuple[Release, ...], dict[str, bytes]]:
    """The releases on record in ``path`` and the present one; the files of those whose gold was another.

    A gold that is no longer the present one is kept beside ``path`` as ``releases/VERSION.jsonl``, by the last version
    that had it. Raises AnnotationError when it is not what was released, or when the gold changed and the version did
    not; InputError when it is not there.
    """
    current = sha256(gold)
    past = [release for release in read_releases(path) if release.version != version]
    for release in read_releases(path):
        if release.version == version and release.fingerprint != current:
            raise AnnotationError(
                f"version {version} was released with the fingerprint {release.fingerprint[:12]}…, but the gold has "
                f"{current[:12]}…: a changed gold needs a new version",
                path=path,
            )
    names = {release.fingerprint: f"releases/{release.version}.jsonl" for release in past} | {current: GOLD}
    files = {}
    for fingerprint, name in names.items():
        if fingerprint == current:
            continue
        files[name] = read_bytes(path.parent / name)
        if sha256(files[name]) != fingerprint:
            raise AnnotationError("is not the gold that was released, by its SHA-256", path=path.parent / name)
    present = PastRelease(version=version, fingerprint=current)
    return tuple(
        Release(version=release.version, fingerprint=release.fingerprint, file=names[release.fingerprint])
        for release in (*past, present)
    ), files
