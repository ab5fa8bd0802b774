"""JSON Lines: read with line numbers, write canonically and atomically, hash."""

import codecs
import contextlib
import hashlib
import json
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from tyez_bench.files.in_use import check_output_folder, check_outputs, note_written
from tyez_bench.files.inputs import lines, read_file
from tyez_bench.model.errors import InputError, UsageError, first_line
from tyez_bench.model.hints import advice

T = TypeVar("T")

_CHINESE = re.compile("[\u4e00-\u9fff]")
_BOM = b"\xef\xbb\xbf"
# Behind every key of an object, and now and then inside a string.
_KEY_ENDS = re.compile(r'"[ \t\r\n]*:')


def read_bytes(path: str | Path) -> bytes:
    """Return a file's bytes. Raises InputError for what is missing, a directory, unreadable, too large or empty."""
    data = read_file(path)
    if not data.strip():
        raise InputError("is empty, expected at least one record", path=path)
    return data


def decode_text(data: bytes, path: str | Path, looks_like: str | None = None) -> str:
    """Decode UTF-8 without a byte order mark. Raises InputError with the line of the first bad byte.

    ``looks_like`` is what :func:`other_encoding` says of the file that the data is a part of.
    """
    if data.startswith(_BOM):
        raise InputError("starts with a byte order mark, expected plain UTF-8", path=path, line=1)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = other_encoding(data) if looks_like is None else looks_like
        message = f"byte 0x{data[error.start]:02x} is not valid UTF-8{what}"
        raise InputError(message, path=path, line=line) from None


def read_text(path: str | Path) -> str:
    """A file's text. Raises InputError as :func:`read_bytes` and :func:`decode_text`."""
    return decode_text(read_bytes(path), path)


def other_encoding(data: bytes) -> str:
    """What bytes that are not UTF-8 look like, in words; empty where nothing tells."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "; it looks like UTF-16"
    if _CHINESE.search(data.decode("utf-8", "ignore")):
        return ""
    try:
        return "; it looks like GB18030" if _CHINESE.search(data.decode("gb18030")) else ""
    except UnicodeDecodeError:
        return ""


def read_records(path: str | Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each line's number, from 1, and its JSON object. Raises InputError."""
    yield from records_of(read_bytes(path), path)


def records_of(data: bytes, path: str | Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """As :func:`read_records`, from bytes; ``path`` is what errors name."""
    text = decode_text(data, path)
    # Split at line feeds only: U+2028 and its like may stand inside a JSON string.
    for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
        if not line.strip():
            raise InputError("empty line, expected a JSON object", path=path, line=number)
        yield number, decode_object(line, path, number)


def stream_records(path: str | Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """As :func:`read_records`, plain or gzip, with one line in memory at a time."""
    number = 0
    for number, data in lines(path):
        if not data.strip():
            raise InputError("empty line, expected a JSON object", path=path, line=number)
        if number == 1 and data.startswith(_BOM):
            raise InputError("starts with a byte order mark, expected plain UTF-8", path=path, line=1)
        try:
            line = data.decode("utf-8")
        except UnicodeDecodeError as error:
            message = f"byte 0x{data[error.start]:02x} is not valid UTF-8"
            raise InputError(message, path=path, line=number) from None
        yield number, decode_object(line, path, number)
    if number == 0:
        raise InputError("is empty, expected at least one record", path=path)


def decode_object(line: str, path: str | Path, number: int) -> dict[str, Any]:
    """The JSON object of a line. Raises InputError."""
    try:
        record = msgspec.json.decode(line)
        # Where the line may have more keys than the record, the slower decoder tells which.
        if may_repeat_keys(line, record):
            json.loads(line, object_pairs_hook=distinct_keys)
    except RecursionError:
        raise InputError("not valid JSON: nested too deeply", path=path, line=number) from None
    except ValueError as error:
        raise InputError(f"not valid JSON: {first_line(error)}", path=path, line=number) from None
    if not isinstance(record, dict):
        raise InputError(f"expected a JSON object, got {type(record).__name__}", path=path, line=number)
    return record


def may_repeat_keys(line: str, record: object) -> bool:
    """Whether a key may occur twice in an object of a line: msgspec takes the last of them without a word.

    >>> may_repeat_keys('{"a": 1, "a": 2}', {"a": 2}), may_repeat_keys('{"a": "b:"}', {"a": "b:"})
    (True, False)
    """
    keys = _keys(record)
    # Each key has its colon; where no other character is one, they need not be looked for.
    return line.count(":") != keys and len(_KEY_ENDS.findall(line)) != keys


def _keys(value: Any) -> int:
    """How many keys all objects of a decoded value have together; 0 for what is neither an object nor an array."""
    kind = type(value)
    if kind is not dict and kind is not list:
        return 0
    found, inner = (len(value), value.values()) if kind is dict else (0, value)
    for one in inner:
        # A call for each text of a long list would take more time than the decoding.
        if type(one) is dict or type(one) is list:
            found += _keys(one)
    return found


def distinct_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object of its pairs, for ``object_pairs_hook``. Raises ValueError when a key occurs twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"the key {next(k for k in keys if keys.count(k) > 1)!r} occurs twice in an object")
    return found


def convert(record: object, type_: type[T], *, path: str | Path, line: int | None = None) -> T:
    """Turn a decoded record into ``type_``. Raises InputError with the place in the record."""
    try:
        return msgspec.convert(record, type_)
    except msgspec.ValidationError as error:
        raise InputError(str(error), path=path, line=line) from None


# What is escaped though JSON would not have it: what can't be seen, and what a build obeys in a line of its log.
# Compiled when it is used: most runs print no JSON.
_ESCAPED = r"##(?=\w*\[)|[^\n -~\u00a1-\u00ac\u00ae-\u02ff\u3000-\ud7ff\uff01-\uff5e]"


def json_text(data: object, *, indent: int | None = 2) -> str:
    """JSON to print: as it is, but for what a terminal or a log would do something with, which is escaped."""
    return re.sub(_ESCAPED, _escape, json.dumps(data, ensure_ascii=False, indent=indent)) + "\n"


def _escape(found: re.Match[str]) -> str:
    if found[0] == "##":
        return r"#\u0023"
    return found[0] if found[0].isprintable() else json.dumps(found[0])[1:-1]


def encode(record: object) -> bytes:
    """One record in canonical form: UTF-8, fields in the order of the type, no spaces."""
    return msgspec.json.encode(record)


def encode_lines(records: Iterable[object]) -> bytes:
    """Records in canonical form, one a line, each ended by a line feed."""
    return b"".join(encode(record) + b"\n" for record in records)


def sha256(data: bytes) -> str:
    """Hexadecimal SHA-256."""
    return hashlib.sha256(data).hexdigest()


def read_sums(path: Path) -> dict[str, str]:
    """SHA-256 by file name, from a file in the format of sha256sum. Raises InputError."""
    recorded = {}
    for number, line in enumerate(read_text(path).splitlines(), 1):
        digest, _, name = line.partition("  ")
        if len(digest) != 64 or not name:
            raise InputError("expected a SHA-256, two spaces and a file name", path=path, line=number)
        recorded[name] = digest
    return recorded


def check_sha256(path: Path, data: bytes, sums: Path) -> None:
    """Raise InputError unless ``data``, of the file ``path``, has the SHA-256 that ``sums`` has on record.

    ``sums`` is in the format of sha256sum.
    """
    recorded = read_sums(sums)
    if sha256(data) != recorded.get(path.name):
        raise InputError(f"SHA-256 is {sha256(data)}, expected {recorded.get(path.name)}", path=path)


def write_all(files: Iterable[tuple[str | Path, bytes]]) -> None:
    """Write several files as :func:`write_atomic`, none of them where one takes the place of an input or of another."""
    given = list(files)
    for path, _ in given:
        check_target(path, force=True)
    check_outputs(*(path for path, _ in given))
    for path, data in given:
        write_atomic(path, data)


def write_atomic(path: str | Path, data: bytes, *, update: bool = False, private: bool = False) -> None:
    """Write all of ``data`` or nothing: to a temporary file beside ``path``, then rename.

    Where ``path`` is a link, what it leads to is written; a file that was there keeps its mode. ``update``: the file is
    changed, and may have been read before; ``private``: nobody but its owner may read it. Raises UsageError when the
    place can't be written, and where the command that runs has read what is there.
    """
    if not update:
        check_outputs(path)
    target = Path(os.path.realpath(path))
    if os.path.isdir(target):
        raise UsageError(f"{path}: is a directory, expected a file to write")
    if os.path.exists(target) and not os.path.isfile(target):
        # A rename would put a file in the place of a device or a pipe.
        raise UsageError(f"{path}: is not a regular file, expected one to write")
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(temporary, 0o600 if private else _mode(target))
        os.replace(temporary, target)
        note_written(target)
    except BaseException as error:
        # An interruption, too, leaves nothing behind.
        if temporary is not None:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        if isinstance(error, OSError):
            raise UsageError(f"{path}: can't be written: {error.strerror}") from None
        raise


def _mode(path: Path) -> int:
    """The mode of a file that is there; else that of any new file, where mkstemp makes a private one."""
    with contextlib.suppress(OSError):
        return stat.S_IMODE(os.stat(path).st_mode)
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask


def check_target(path: str | Path, *, directory: bool = False, force: bool = False) -> None:
    """Raise UsageError where ``path`` can't be written, or is there already and ``force`` does not say to replace it.

    A directory is replaced by a directory only, a file by a file, and neither where the command that runs reads it.
    """
    path = Path(path)
    if not directory:
        check_outputs(path)
    if path.is_dir() and not directory:
        raise UsageError(f"{path}: is a directory, expected a file to write")
    if os.path.lexists(path):
        if directory and not path.is_dir():
            raise UsageError(f"{path}: is a file, expected a directory to write")
        if not force:
            raise UsageError(f"{path}: already exists{advice('{force} replaces it', force=True)}")
    parent = path.absolute().parent
    if not parent.is_dir():
        raise UsageError(f"{path}: can't be written: no such directory {str(path.parent)!r}")
    if not os.access(parent, os.W_OK):
        raise UsageError(f"{path}: can't be written: no permission in {str(path.parent)!r}")


def write_directory(path: str | Path, files: Mapping[str, bytes]) -> None:
    """Write a directory with these files, or nothing: to a temporary one beside ``path``, then rename.

    A directory that is there is replaced. Names may have parts (``a/b.txt``). Raises UsageError when the place can't be
    written, and where the command that runs has read what is there.
    """
    path = Path(path)
    check_output_folder(path)
    temporary = None
    try:
        temporary = Path(tempfile.mkdtemp(dir=path.absolute().parent, prefix=f".{path.name}."))
        fresh, old = temporary / "fresh", temporary / "old"
        fresh.mkdir()
        for name, data in files.items():
            (fresh / name).parent.mkdir(parents=True, exist_ok=True)
            (fresh / name).write_bytes(data)
        if path.is_dir():
            os.rename(path, old)
        try:
            os.rename(fresh, path)
        except BaseException:
            if old.is_dir():
                os.rename(old, path)
            raise
    except OSError as error:
        raise UsageError(f"{path}: can't be written: {error.strerror}") from None
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)
