"""Where a model comes from: a name that its library resolves, or a directory, which is told by what its files hold."""

import hashlib
from pathlib import Path

from msgspec import Struct

from tyez_bench.errors import InputError, TyezBenchError, UsageError, first_line
from tyez_bench.in_use import note_read


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
            return UsageError(f"{self.asked}: no such directory, and no such model can be had: {first_line(error)}")
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
