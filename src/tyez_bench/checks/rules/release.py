"""Level 6: the gold against what was released, and everything made from it."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tyez_bench.checks.rule import Finding, Where
from tyez_bench.checks.texts import Text
from tyez_bench.files.jsonl import decode_text, read_bytes
from tyez_bench.files.toml import parse_toml
from tyez_bench.gold.build.adjudication import Place, readings
from tyez_bench.gold.derived import fingerprint
from tyez_bench.gold.manifest import Manifest
from tyez_bench.model.documents import Document
from tyez_bench.model.errors import InputError, excerpt, quoted


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
            reason = f"fingerprint {release.fingerprint[:12]}…, and the gold has {now[:12]}…"
            yield finding(f"version {version} was published with the {reason}: a changed gold needs another version")
    if base is not None and fingerprint(base.documents) != now:
        if base.version is not None and base.version == version:
            yield finding(f"the gold differs from that of {base.name}, and the version is {version} in both")
        elif base.changelog is not None and base.changelog == changelog:
            yield finding(f"the gold differs from that of {base.name}, and the changelog does not")
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
            message = f"document {document.id!r} of {earlier.name} is gone"
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
    path = folder / name
    return version_in(decode_text(read_bytes(path), path), keys, path)


def version_in(text: str, keys: str, path: Path) -> str:
    """The version under dotted keys of a TOML text. Raises InputError."""
    value: Any = parse_toml(text, path)
    try:
        for key in keys.split("."):
            value = value[key]
    except (KeyError, TypeError):
        raise InputError(f"has no version under {keys!r}", path=path) from None
    if not isinstance(value, str):
        raise InputError(f"the version under {keys!r} is no string", path=path)
    return value
