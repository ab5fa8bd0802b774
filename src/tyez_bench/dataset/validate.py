"""Whether a dataset repository is fit to be pushed: every file, every row, every claim of card and Croissant file."""

import contextlib
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import msgspec

from tyez_bench.dataset.repository import CARD, CROISSANT, check_files
from tyez_bench.dataset.tables import CONFIGS, SPLIT, Sources, number_of_bytes, without_progress_bars
from tyez_bench.files.jsonl import read_bytes, read_records, read_text
from tyez_bench.gold.gold import Gold, load, load_published
from tyez_bench.gold.manifest import MANIFEST, Manifest, verify
from tyez_bench.io.export.columns import features
from tyez_bench.io.export.rows import Row
from tyez_bench.io.export.words import Segmenter
from tyez_bench.model.errors import InputError, MissingExtraError, counted, first_line


def validate_repository(folder: Path) -> Manifest:
    """Raise InputError, with file and reason, unless the directory is fit to be pushed.

    Every file is what the manifest has on record, and there is no other; every release loads. Every config loads
    offline with ``datasets``, also as a stream; each of its rows is that of the JSON Lines beside it, and what the gold
    and the passes give; the text of each entity stands where its offsets say. The card and the Croissant file say of
    the tables what is true.

    Two things are taken as they are: the words, whose tags are made anew without running the segmenters, and the
    adjudication log, which is published in no other form.

    Raises MissingExtraError without ``datasets`` (extra hf).
    """
    if find_spec("datasets") is None:
        raise MissingExtraError("datasets", "hf")
    manifest = check_files(folder)
    gold = _check_releases(folder, manifest)
    _check_marks(folder, manifest)
    _check_croissant(folder, manifest)
    rows = {}
    with _alone() as cache:
        for name in CONFIGS:
            rows[name] = _check_table(folder, name, cache)
        _check_card(folder, rows)
    _check_content(folder, manifest, gold, rows)
    return manifest


def _check_releases(folder: Path, manifest: Manifest) -> Gold:
    """The present gold; every version loads."""
    path = folder / MANIFEST
    present = manifest.releases[-1] if manifest.releases else None
    if present is None or (present.version, present.fingerprint) != (manifest.version, manifest.fingerprint):
        raise InputError(f"its last release is not version {manifest.version} with its fingerprint", path=path)
    for release in manifest.releases:
        gold = load_published(folder, release.version)
    return gold


def _check_marks(folder: Path, manifest: Manifest) -> None:
    """Canary, version and fingerprint stand where the card says that they do."""
    import pyarrow.parquet

    marks = {"canary": manifest.canary, "version": manifest.version, "fingerprint": manifest.fingerprint}
    for name in (CARD, CROISSANT):
        text = read_text(folder / name)
        for what, mark in marks.items():
            if mark not in text:
                raise InputError(f"does not name the {what} {mark}", path=folder / name)
    for name in CONFIGS:
        path = folder / name / f"{SPLIT}.parquet"
        try:
            found = pyarrow.parquet.read_schema(path).metadata or {}
        except (pyarrow.ArrowException, OSError) as error:
            raise InputError(f"can't be read as Parquet: {first_line(error)}", path=path) from None
        for what, mark in marks.items():
            if found.get(f"tyez_{what}".encode()) != mark.encode():
                raise InputError(f"does not have the {what} {mark} in its metadata", path=path)


class _Described(msgspec.Struct, rename="camel"):
    """What the Croissant file says of a file."""

    content_url: str
    content_size: str
    sha256: str


class _Croissant(msgspec.Struct):
    distribution: list[_Described]


def _check_croissant(folder: Path, manifest: Manifest) -> None:
    path = folder / CROISSANT
    try:
        described = msgspec.json.decode(read_bytes(path), type=_Croissant).distribution
    except (msgspec.DecodeError, RecursionError) as error:
        raise InputError(str(error), path=path) from None
    said = {file.content_url: (file.content_size, file.sha256) for file in described}
    for name in CONFIGS:
        file = f"{name}/{SPLIT}.parquet"
        recorded = manifest.files[file]
        if said.get(file) != (f"{recorded.bytes} B", recorded.sha256):
            raise InputError(f"does not have the size and the SHA-256 of {file}", path=path)


@contextlib.contextmanager
def _alone() -> Iterator[str]:
    """``datasets`` offline, silent, and with a cache directory of its own, whose name this gives."""
    import datasets

    offline = datasets.config.HF_HUB_OFFLINE
    with tempfile.TemporaryDirectory() as cache, without_progress_bars():
        datasets.config.HF_HUB_OFFLINE = True
        try:
            yield cache
        finally:
            datasets.config.HF_HUB_OFFLINE = offline


def _check_table(folder: Path, name: str, cache: str) -> list[Row]:
    """The rows of a config, the same from Parquet, as a stream of it, and from JSON Lines."""
    import datasets

    path = folder / name / f"{SPLIT}.parquet"
    beside = path.with_suffix(".jsonl")
    recorded = [row for _, row in read_records(beside)]
    try:
        loaded = datasets.load_dataset(str(folder), name, cache_dir=cache)
        stream = datasets.load_dataset(str(folder), name, split=SPLIT, streaming=True, cache_dir=cache)
        streamed = list(stream)
    # Whatever datasets, pyarrow or the parser of the card find wrong.
    except Exception as error:
        reason = f"{type(error).__name__}: {first_line(error)}"
        raise InputError(f"can't be loaded with datasets: {reason}", path=path) from None
    if list(loaded) != [SPLIT]:
        raise InputError(f"loads with the splits {', '.join(loaded)}, expected {SPLIT}", path=path)
    rows: list[Row] = loaded[SPLIT].to_list()
    if loaded[SPLIT].features != features(CONFIGS[name].columns):
        raise InputError("does not have the columns of its config, with their types", path=path)
    _compare(path, rows, recorded, f"in {beside.name}")
    _compare(path, streamed, recorded, f"in {beside.name}, when it is streamed")
    return rows


def _compare(path: Path, rows: Sequence[Row], expected: Sequence[Row], where: str) -> None:
    """Raise InputError unless the rows of a file are the expected ones."""
    if len(rows) != len(expected):
        raise InputError(f"has {counted(len(rows), 'row')}, but there are {len(expected)} {where}", path=path)
    for number, (row, other) in enumerate(zip(rows, expected, strict=True), 1):
        for column in [*row, *(name for name in other if name not in row)]:
            if column not in row or column not in other or _written(row[column]) != _written(other[column]):
                raise InputError(f"row {number}: {column!r} is different {where}", path=path)


def _written(value: object) -> str:
    """A value as JSON: to Python, 1 and True are equal."""
    return json.dumps(value, sort_keys=True)


def _check_card(folder: Path, rows: Mapping[str, Sequence[Row]]) -> None:
    """The card has the true sizes of the tables."""
    from huggingface_hub import DatasetCard

    path = folder / CARD
    files = {name: read_bytes(folder / name / f"{SPLIT}.parquet") for name in CONFIGS}
    sizes = number_of_bytes(files)
    try:
        infos = {info["config_name"]: info for info in DatasetCard(path.read_text("utf-8")).data["dataset_info"]}
        said = {
            name: {
                "splits": {
                    split["name"]: {field: split[field] for field in ("num_examples", "num_bytes")}
                    for split in info["splits"]
                },
                "download_size": info["download_size"],
                "dataset_size": info["dataset_size"],
            }
            for name, info in infos.items()
        }
    except (KeyError, TypeError) as error:
        raise InputError(f"its dataset_info does not have the sizes of the tables: {error!r}", path=path) from None
    if set(said) != set(CONFIGS):
        raise InputError(f"describes the configs {', '.join(sorted(said))}", path=path)
    for name in CONFIGS:
        true = {
            "splits": {SPLIT: {"num_examples": len(rows[name]), "num_bytes": sizes[name]}},
            "download_size": len(files[name]),
            "dataset_size": sizes[name],
        }
        if said[name] != true:
            raise InputError(f"config {name!r}: dataset_info has {said[name]}, expected {true}", path=path)


def _check_content(folder: Path, manifest: Manifest, gold: Gold, rows: Mapping[str, Sequence[Row]]) -> None:
    """The rows are made of the gold and the passes, and every surface stands where its offsets say."""
    texts = {document.id: document.text for document in gold}
    texts |= {
        sentence.id: document.text[sentence.start : sentence.end]
        for document in gold
        for sentence in document.sentences
    }
    sources = Sources(
        gold, passes=_passes(folder, manifest, rows["passes"]), segmenters=_segmenters(rows["words"], texts)
    )
    for name, config in CONFIGS.items():
        path = folder / name / f"{SPLIT}.parquet"
        # The log is written by hand; the suite is made by what builds on the tables.
        if name not in ("adjudication", "stress"):
            try:
                expected = list(config.rows(sources))
            except InputError as error:
                raise InputError(f"can't be rebuilt: {error.reason}", path=path) from None
            _compare(path, rows[name], expected, "when it is rebuilt")
        for number, row in enumerate(rows[name], 1):
            for text, span in _spans(row, texts):
                if text[span["start"] : span["end"]] != span["text"]:
                    raise InputError(f"row {number}: {span['id']!r} does not have the text of its offsets", path=path)


def _passes(folder: Path, manifest: Manifest, rows: Iterable[Row]) -> dict[str, Gold]:
    passes = {}
    for name in dict.fromkeys(row["annotator"] for row in rows):
        file = f"passes/{name}.jsonl"
        verify(folder, manifest, [file])
        passes[name] = load(folder / file)
    return passes


def _segmenters(rows: Iterable[Row], texts: Mapping[str, str]) -> dict[str, Segmenter]:
    """By the name of the segmenter, what gives the words on record of a sentence."""
    words: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        words.setdefault(row["segmenter"], {})[texts.get(row["id"], "")] = [word or "" for word in row["tokens"] or ()]
    return {name: partial(_words, found) for name, found in words.items()}


def _words(found: Mapping[str, list[str]], text: str) -> list[str]:
    return found.get(text, [])


def _spans(row: Row, texts: Mapping[str, str]) -> Iterator[tuple[str, Row]]:
    """The records of a row with offsets and a surface, each with the text that the offsets are of."""
    if "entities" in row:
        yield from ((row["text"], entity) for entity in row["entities"])
    elif "text" in row:
        yield texts.get(row["document"], ""), row
    yield from ((texts.get(row["id"], ""), entity) for entity in row.get("misaligned", ()))
