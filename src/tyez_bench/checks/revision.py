"""A project as it was at a base revision of git, as far as it can be read: a change may be what fixes it."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from tyez_bench.checks.accepted import Before, entries_of
from tyez_bench.checks.config import Config
from tyez_bench.checks.read import Loaded, load_file
from tyez_bench.checks.rules.release import Earlier, version_in
from tyez_bench.files.git import read_at, unpack
from tyez_bench.model.errors import InputError, UsageError


class Revision(Struct, frozen=True):
    """A revision by its name, with what the checked files held then."""

    revision: str
    loaded: tuple[Loaded, ...]

    @property
    def documents(self) -> frozenset[str]:
        """The ids of all documents, sound or not."""
        return frozenset(id_ for file in self.loaded for id_ in file.documents)


def read_base(revision: str, paths: Sequence[Path], config: Config) -> Revision:
    """The files that were there and could be read; of these the records that were sound are texts.

    Raises UsageError without git, outside of a repository, and for an unknown revision.
    """
    found = []
    for path in paths:
        with tempfile.TemporaryDirectory() as folder:
            place = unpack(revision, path, Path(folder))
            if place is None:
                continue
            try:
                found.append(load_file(place, str(place), config))
            except (InputError, UsageError):
                # What can't be read can't be compared with.
                continue
    return Revision(revision, tuple(found))


def accepted_before(base: Revision, path: Path) -> Before | None:
    """What was accepted; None where there was no such file, or none that can be read: it says nothing of growth."""
    data = read_at(base.revision, path)
    if data is None:
        return None
    try:
        entries = tuple(entry for _, entry in entries_of(data, f"{base.revision}:{path.name}"))
    except InputError:
        return None
    return Before(base.revision, entries, base.documents)


def gold_before(base: Revision, folder: Path, version: str | None, changelog: str | None) -> Earlier | None:
    """The gold with its version and changelog; None where there was no sound text.

    ``version`` and ``changelog`` as in the configuration, relative to ``folder``.
    """
    documents = tuple(text.document for file in base.loaded for text in file.texts)
    if not documents:
        return None

    def text_of(name: str) -> str | None:
        data = read_at(base.revision, folder / name)
        return None if data is None else data.decode("utf-8", "replace")

    was = None
    if version is not None:
        name, _, keys = version.rpartition(":")
        content = text_of(name)
        try:
            was = None if content is None else version_in(content, keys, Path(name))
        except InputError:
            was = None
    return Earlier(base.revision, documents, was, None if changelog is None else text_of(changelog))
