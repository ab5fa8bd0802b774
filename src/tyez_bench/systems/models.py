"""Models of other libraries: where they are, how their labels are read, which device they run on; and their silence."""

import hashlib
import io
import logging
import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from msgspec import Struct

from tyez_bench.files.in_use import note_read
from tyez_bench.gold.gold import Gold
from tyez_bench.io.label_maps import another_map, choose, load_map, shown
from tyez_bench.model.errors import InputError, TyezBenchError, UsageError, first_line


def map_for(
    labels: Iterable[str], asked: str | None, model: str, gold: Gold, *, usual: str | None = None
) -> str | None:
    """The name of the label map: the one asked for, or the ``usual`` one if it knows them all, or whichever does.

    None where the labels are the gold's own, or some of them are. Raises UsageError when a label is unknown to the map,
    or when maps that know them all read them differently.
    """
    known = sorted(set(labels))
    if not known:
        raise UsageError(f"{model}: has no labels")
    # Texts without any entity are there to be marked: with the labels of the set.
    there = gold.present or gold.labels.names
    if asked is None:
        try:
            name = choose(known, gold.labels, closed=not gold.open_labels, present=there, usual=usual).name
        except UsageError as error:
            raise UsageError(f"{model}: {error}") from None
        return None if name == gold.labels.name else name
    unknown = load_map(asked).unknown(known)
    if unknown:
        raise UsageError(f"{model}: {asked} lacks {shown(unknown)}{another_map()}")
    # As it was asked for: a file of one's own is found by its path.
    return asked


class Origin(Struct, frozen=True):
    """A model as it was asked for; ``folder`` is None for a name, which the library resolves."""

    family: str
    name: str
    folder: Path | None = None

    @property
    def asked(self) -> str:
        """What the user wrote."""
        return f"{self.family}:{self.name if self.folder is None else self.folder}"

    @property
    def system(self) -> str:
        """The system's name in facts and tables: of a directory its last part, wherever it stands."""
        return f"{self.family}:{self.name}"

    def settings(self) -> dict[str, str]:
        """What tells this model from another: its name, and of a directory the SHA-256 of its files."""
        return {"model": self.name} | ({} if self.folder is None else {"sha256": fingerprint(self.folder)})

    def not_loaded(self, error: BaseException) -> TyezBenchError:
        """What is said when its library can't load it."""
        if self.folder is None:
            return UsageError(f"{self.asked}: no such directory, and no such model is available: {first_line(error)}")
        return InputError(f"{self.asked}: can't be loaded: {type(error).__name__}: {first_line(error)}")


def origin(family: str, argument: str) -> Origin:
    """The model that an argument names. Raises UsageError for a path where there is no directory."""
    path = Path(argument).expanduser()
    if path.is_dir():
        return Origin(family, path.resolve().name, path)
    if path.exists():
        raise UsageError(f"{family}:{argument}: is a file, expected the directory of a model")
    if path.is_absolute() or argument.startswith((".", "~")) or argument.count("/") > 1 or "\\" in argument:
        raise UsageError(f"{family}:{argument}: no such directory")
    return Origin(family, argument)


def fingerprint(folder: Path) -> str:
    """SHA-256 of the files of a directory and of their places in it; hidden ones are passed over."""
    found = []
    for path in folder.rglob("*"):
        place = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") for part in place.parts):
            found.append(f"{place.as_posix()}\0{file_sha256(path)}\n")
    return hashlib.sha256("".join(sorted(found)).encode()).hexdigest()


def file_sha256(path: str | Path) -> str:
    """SHA-256 of a file of any size. Raises UsageError for one that can't be read."""
    try:
        with open(path, "rb") as file:
            note_read(file.fileno(), path)
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UsageError(f"{path}: can't be read: {error.strerror}") from None


@contextmanager
def unwarned() -> Iterator[None]:
    """Keep back warnings and log lines. Standard error stays, for the command's own progress bar."""
    before = logging.root.manager.disable
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.disable(logging.CRITICAL)
        try:
            yield
        finally:
            logging.disable(before)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep back everything that is written; on a terminal the progress of a download is shown."""
    shown = sys.stderr if sys.stderr is not None and sys.stderr.isatty() else io.StringIO()
    with unwarned(), redirect_stdout(io.StringIO()), redirect_stderr(shown):
        yield


def torch_device(name: str) -> Any:
    """The device, after trying it. Raises UsageError for one that does not exist or can't be used."""
    with unwarned():
        import torch

    try:
        device = torch.device(name)
        torch.zeros(1, device=device).item()
    # Whatever the libraries below say of a device that is not there.
    except Exception as error:
        raise UsageError(f"device {name!r}: torch can't use it: {first_line(error)}") from None
    return device
