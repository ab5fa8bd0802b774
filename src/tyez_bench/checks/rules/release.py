"""Level 6: the gold against what was released and what it was at a revision of git; what the project's commands say.

What was at a revision is read as far as it can be: a change may be what fixes it.
"""

import contextlib
import os
import shlex
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from msgspec import Struct

from tyez_bench.checks.accepted import Before, entries_of
from tyez_bench.checks.config import Config
from tyez_bench.checks.read import Loaded, load_file
from tyez_bench.checks.rule import Finding, Where
from tyez_bench.checks.texts import Text
from tyez_bench.files.git import read_at, unpack
from tyez_bench.files.jsonl import read_bytes, read_text
from tyez_bench.files.toml import parse_toml
from tyez_bench.gold.build.adjudication import Place, readings
from tyez_bench.gold.derived import fingerprint
from tyez_bench.gold.gold import read_gold
from tyez_bench.gold.manifest import Manifest
from tyez_bench.model.documents import Document
from tyez_bench.model.errors import InputError, UsageError, excerpt, quoted
from tyez_bench.model.hints import advice

# Seconds that a command may take.
LIMIT = 600.0
# Bytes of what a command says that are read.
_MOST = 1024 * 1024
# An event of GitHub that runs with the rights of the repository on what somebody else wrote.
_OF_OTHERS = "pull_request_target"


@dataclass(frozen=True)
class Earlier:
    """A gold to compare with: what it is called, its documents, and version and changelog as they were then."""

    name: str
    documents: tuple[Document, ...]
    version: str | None = None
    changelog: str | None = None


def changed_without_version(
    texts: Sequence[Text],
    version: str | None,
    changelog: str | None,
    manifest: Manifest | None,
    base: Earlier | None,
    path: str,
) -> Iterator[Finding]:
    """V801: the gold is another, and the version or the changelog is not."""
    documents = tuple(text.document for text in texts)
    now = fingerprint(documents)

    def finding(message: str) -> Finding:
        return Finding(code="V801", message=message, path=path, surface=version or "")

    for release in () if manifest is None else manifest.releases:
        if release.version == version and release.fingerprint != now:
            reason = f"fingerprint {release.fingerprint[:12]}…, but the gold has {now[:12]}…"
            yield finding(f"version {version} was published with the {reason}: a changed gold needs a new version")
    if base is not None and fingerprint(base.documents) != now:
        if base.version is not None and base.version == version:
            yield finding(f"the gold differs from that of {base.name}, but the version is {version} in both")
        elif base.changelog is not None and base.changelog == changelog:
            yield finding(f"the gold differs from that of {base.name}, but the changelog does not")
    if version is not None and changelog is not None and not _has_heading(changelog, version):
        yield finding(f"the changelog has no heading for version {version}")


def _has_heading(changelog: str, version: str) -> bool:
    return any(line.startswith("#") and version in line.split() for line in changelog.splitlines())


def documents_changed(
    texts: Sequence[Text], earlier: Earlier, path: str, present: Set[str] = frozenset()
) -> Iterator[Finding]:
    """V802: a document that was there is gone, or has another text. ``present``: ids of records that are not sound."""
    now = {text.document.id: text for text in texts}
    for document in earlier.documents:
        text = now.get(document.id)
        if text is None and document.id in present:
            # What is wrong with it is said elsewhere.
            continue
        if text is None:
            message = f"document {document.id!r} of {earlier.name} is missing"
            yield Finding(code="V802", message=message, path=path, document=document.id, surface=document.id)
        elif text.document.text != document.text:
            yield text.finding("V802", f"has another text than in {earlier.name}", surface=document.id)


def labels_changed(
    texts: Sequence[Text], earlier: Earlier, noted: Mapping[Place, object], log: str
) -> Iterator[Finding]:
    """V803: what was decided about a span is another than before, and the log has no entry for it."""
    before = readings(earlier.documents)
    old_texts = {document.id: document.text for document in earlier.documents}
    for text in texts:
        document = text.document
        if old_texts.get(document.id) != document.text:
            continue
        now = readings((document,))
        was = {place: said for place, said in before.items() if place[0] == document.id}
        for place in sorted((now.keys() | was.keys()) - noted.keys()):
            if now.get(place) == was.get(place):
                continue
            _, start, end = place
            what = "is new" if place not in was else "is gone" if place not in now else "is another"
            label = str((now.get(place) or was[place]).type)
            where = (Where(log, None, document.id, start, end, excerpt(document.text[start:end])),)
            message = (
                f"{label} {quoted(document.text[start:end])} {what} since {earlier.name}, and the log does not say why"
            )
            yield text.finding("V803", message, start, end, label=label, related=where)


def read_version(place: str, folder: Path) -> str:
    """A version by the file and the key of ``place`` (``FILE:key.key``). Raises InputError."""
    name, _, keys = place.rpartition(":")
    return version_in(read_text(folder / name), keys, folder / name)


def version_in(text: str, keys: str, path: Path) -> str:
    """The version under dotted keys of a TOML text. Raises InputError."""
    value: Any = parse_toml(text, path)
    try:
        for key in keys.split("."):
            value = value[key]
    except (KeyError, TypeError):
        raise InputError(f"has no version under {keys!r}", path=path) from None
    if not isinstance(value, str):
        raise InputError(f"the version under {keys!r} is not a string", path=path)
    return value


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


def published(manifest: Manifest, folder: Path) -> Earlier:
    """The gold as it was published last."""
    last = manifest.releases[-1]
    path = folder / last.file
    return Earlier(f"version {last.version}", read_gold(read_bytes(path), str(path)).documents)


@dataclass(frozen=True)
class Running:
    """That commands are run: each for at most ``limit`` seconds; ``tell`` is given each before it starts."""

    tell: Callable[[str], None]
    limit: float = LIMIT


def check_allowed(config: Path) -> None:
    """Raise UsageError where the commands of a configuration may be somebody else's.

    They are run when the file, and a link to it, are of the user who runs the check, its folder of this user or the
    system's, and neither can be changed by everybody. A group that may write is trusted as its owner trusts it. On
    Windows owners are not looked at.
    """
    if os.environ.get("GITHUB_EVENT_NAME") == _OF_OTHERS:
        raise UsageError(f"{config}: its commands are not run on {_OF_OTHERS}, where they may come from a pull request")
    if sys.platform == "win32":
        return
    user = os.geteuid()
    folder = config.absolute().parent
    for path, found, owners in (
        (config, os.lstat(config), {user}),
        (config, os.stat(config), {user}),
        (folder, os.stat(folder), {user, 0}),
    ):
        if found.st_uid not in owners:
            raise UsageError(f"{config}: its commands are not run, because {path} belongs to another user")
        if found.st_mode & stat.S_IWOTH and not stat.S_ISLNK(found.st_mode):
            raise UsageError(f"{config}: its commands are not run, because anyone can write to {path}")


def run_command(code: str, command: Sequence[str], folder: Path, running: Running) -> Iterator[Finding]:
    """V804 and V805: each line that a command prints on its way to exit code 1.

    Raises UsageError when it can't run, ends with another code, or takes too long: then it is stopped, with all that it
    started.
    """
    words = [sys.executable if word == "python" and not number else word for number, word in enumerate(command)]
    shown = shlex.join(command)
    running.tell(f"running in {folder}: {shown}")
    returned, said = _done(words, folder, running.limit, shown)
    if returned == 0:
        return
    lines = [line for line in said.splitlines() if line.strip()]
    if returned != 1:
        last = lines[-1] if lines else "no reason given"
        raise UsageError(f"{shown}: exit code {returned}: {last}")
    for line in lines or ["exits with 1 and no message"]:
        yield Finding(code=code, message=f"{shown}: {line.strip()}", path=command[-1], surface=line.strip())


def _done(words: Sequence[str], folder: Path, limit: float, shown: str) -> tuple[int, str]:
    """Exit code, and what was said on standard error, or else on standard output."""
    # Files, and no pipes: what a command leaves running may hold a pipe open for ever.
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        try:
            process = subprocess.Popen(
                words, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True
            )
        except OSError as error:
            raise UsageError(f"{shown}: {error.strerror}") from None
        try:
            returned = process.wait(limit)
        except subprocess.TimeoutExpired:
            how = advice("{run_limit} gives it more time", run_limit=None)
            raise UsageError(f"{shown}: was stopped after {limit:g} second{'s' * (limit != 1)}{how}") from None
        finally:
            if process.returncode is None:
                _stop(process)
        return returned, _text(err) or _text(out)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """End a process and all that it started."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read(_MOST).decode("utf-8", "replace")
