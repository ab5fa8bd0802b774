"""The dataset repository as a directory of its own: the files that the manifest has on record, and the manifest.

It has no ``.gitattributes``: the hub gives a new repository one that sends Parquet to its large-file storage, and an
upload leaves that one as it is.
"""

import os
from pathlib import Path

from tyez_bench.corpus.manifest import GOLD, MANIFEST, Manifest, read_manifest, read_verified, verify
from tyez_bench.dataset.configs import CONFIGS, SPLIT
from tyez_bench.dataset.croissant import CROISSANT
from tyez_bench.dataset.load import CARD
from tyez_bench.errors import InputError, UsageError
from tyez_bench.jsonl import check_target, read_bytes, write_directory

LICENCES = ("LICENSE-ANNOTATIONS", "LICENSE-TEXT.md")


def build_repository(source: Path, target: Path, *, force: bool = False) -> Manifest:
    """Copy a published directory's recorded files, and its manifest, to the new directory ``target``.

    The target is there in full or not at all. With ``force`` it takes the place of an earlier one; of nothing else.
    Raises InputError for a file that is not what the manifest has on record, UsageError for a target that is there or
    can't be written.
    """
    manifest = read_manifest(source)
    check_place(target, source, force=force)
    # What is checked is what is written.
    files = {name: read_verified(source, manifest, name) for name in manifest.files}
    files[MANIFEST] = read_bytes(source / MANIFEST)
    write_directory(target, files)
    return manifest


def check_place(target: Path, source: Path, *, force: bool = False) -> None:
    """Raise UsageError for a target that :func:`build_repository` would not write or replace."""
    source, place = source.resolve(), target.parent.resolve() / target.name
    if place == source or source in place.parents or place in source.parents:
        raise UsageError(f"{target}: the repository can't be built in, around or over its own source {source}")
    check_target(target, directory=True, force=force)
    # A slip of the hand must not cost anybody a home directory.
    if os.path.lexists(target) and (target.is_symlink() or not (target / MANIFEST).is_file()):
        raise UsageError(f"{target}: is no directory with a {MANIFEST}, and is not replaced")


def check_files(folder: Path) -> Manifest:
    """Raise InputError unless the directory has the files that its manifest has on record, as they are there."""
    manifest = read_manifest(folder)
    allowed = {*manifest.files, MANIFEST}
    tables = [f"{name}/{SPLIT}.{ending}" for name in CONFIGS for ending in ("parquet", "jsonl")]
    verify(folder, manifest, [GOLD, CARD, CROISSANT, *LICENCES, *tables])
    verify(folder, manifest)
    for path in sorted(folder.rglob("*")):
        if not path.is_dir() and path.relative_to(folder).as_posix() not in allowed:
            raise InputError("is not on record in the manifest, and would be pushed with the rest", path=path)
    return manifest
