"""The dataset repository as a directory of its own: built, validated, pushed to the Hugging Face hub.

The directory has the files that the manifest has on record, and the manifest. It has no ``.gitattributes``: the hub
gives a new repository one that sends Parquet to its large-file storage, and an upload leaves that one as it is.
"""

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from tyez_bench.corpus.gold import Gold, load, load_published
from tyez_bench.corpus.manifest import GOLD, MANIFEST, Manifest, check_file, read_manifest, read_published, verify
from tyez_bench.dataset.configs import CONFIGS, SPLIT, Sources
from tyez_bench.dataset.croissant import CROISSANT
from tyez_bench.dataset.load import CARD
from tyez_bench.dataset.tables import number_of_bytes
from tyez_bench.errors import InputError, MissingExtraError, TyezBenchError, UsageError
from tyez_bench.jsonl import decode_text, read_bytes, read_records
from tyez_bench.views.columns import features
from tyez_bench.views.rows import Row
from tyez_bench.views.words import Segmenter

if TYPE_CHECKING:
    from huggingface_hub import HfApi

LICENCES = ("LICENSE-ANNOTATIONS", "LICENSE-TEXT.md")


class Pushed(NamedTuple):
    """What a push left on the hub. ``tagged`` is False when the tag was there before, and stays where it is."""

    commit: str
    tag: str
    tagged: bool


def build_repository(source: Path, target: Path, *, force: bool = False) -> Manifest:
    """Copy a published directory's recorded files, and its manifest, to the new directory ``target``.

    The target is there in full or not at all. With ``force`` it takes the place of an earlier one; of nothing else.
    Raises InputError for a file that is not what the manifest has on record, UsageError for a target that is there or
    can't be written.
    """
    manifest = read_manifest(source)
    check_target(target, source, force=force)
    temporary = None
    try:
        temporary = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
        built = temporary / "new"
        built.mkdir()
        for name in _names(source, manifest):
            data = read_published(source / name)
            # What is checked is what is written.
            if name != MANIFEST:
                check_file(source / name, data, manifest.files[name])
            (built / name).parent.mkdir(parents=True, exist_ok=True)
            (built / name).write_bytes(data)
        _take_place(built, target, temporary / "old")
    except OSError as error:
        raise UsageError(f"{target}: can't be written: {error.strerror or error}") from None
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)
    return manifest


def _take_place(built: Path, target: Path, aside: Path) -> None:
    """Move a directory to where it belongs, and the one that is there aside; back again if that fails."""
    if not os.path.lexists(target):
        built.rename(target)
        return
    target.rename(aside)
    try:
        built.rename(target)
    except BaseException:
        aside.rename(target)
        raise


def check_target(target: Path, source: Path, *, force: bool = False) -> None:
    """Raise UsageError for a target that :func:`build_repository` would not write or replace."""
    source, place = source.resolve(), target.parent.resolve() / target.name
    if place == source or source in place.parents or place in source.parents:
        raise UsageError(f"{target}: the repository can't be built in, around or over its own source {source}")
    if not target.parent.is_dir():
        raise UsageError(f"{target}: can't be written: there is no directory {target.parent}")
    if not os.path.lexists(target):
        return
    if not force:
        raise UsageError(f"{target}: is there already")
    # A slip of the hand must not cost anybody a home directory.
    if target.is_symlink() or not target.is_dir() or not (target / MANIFEST).is_file():
        raise UsageError(f"{target}: is no directory with a {MANIFEST}, and is not replaced")


def _names(folder: Path, manifest: Manifest) -> list[str]:
    """The files of the repository. Raises InputError for a name that leads elsewhere."""
    for name in manifest.files:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name or str(path) != name or name == MANIFEST:
            raise InputError(f"has a file on record that is none of the directory: {name!r}", path=folder / MANIFEST)
    return [*manifest.files, MANIFEST]


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
    manifest = _check_files(folder)
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


def _check_files(folder: Path) -> Manifest:
    manifest = read_manifest(folder)
    allowed = set(_names(folder, manifest))
    tables = [f"{name}/{SPLIT}.{ending}" for name in CONFIGS for ending in ("parquet", "jsonl")]
    verify(folder, manifest, [GOLD, CARD, CROISSANT, *LICENCES, *tables])
    verify(folder, manifest)
    for path in sorted(folder.rglob("*")):
        if not path.is_dir() and path.relative_to(folder).as_posix() not in allowed:
            raise InputError("is not on record in the manifest, and would be pushed with the rest", path=path)
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
        text = decode_text(read_bytes(folder / name), folder / name)
        for what, mark in marks.items():
            if mark not in text:
                raise InputError(f"does not name the {what} {mark}", path=folder / name)
    for name in CONFIGS:
        path = folder / name / f"{SPLIT}.parquet"
        try:
            found = pyarrow.parquet.read_schema(path).metadata or {}
        except (pyarrow.ArrowException, OSError) as error:
            raise InputError(f"can't be read as Parquet: {_first_line(error)}", path=path) from None
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

    offline, silent = datasets.config.HF_HUB_OFFLINE, datasets.are_progress_bars_disabled()
    with tempfile.TemporaryDirectory() as cache:
        datasets.config.HF_HUB_OFFLINE = True
        datasets.disable_progress_bars()
        try:
            yield cache
        finally:
            datasets.config.HF_HUB_OFFLINE = offline
            if not silent:
                datasets.enable_progress_bars()


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
        reason = f"{type(error).__name__}: {_first_line(error)}"
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
        raise InputError(f"has {len(rows)} rows, but there are {len(expected)} {where}", path=path)
    for number, (row, other) in enumerate(zip(rows, expected, strict=True), 1):
        for column in [*row, *(name for name in other if name not in row)]:
            if column not in row or column not in other or _written(row[column]) != _written(other[column]):
                raise InputError(f"row {number}: {column!r} is not what it is {where}", path=path)


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
        raise InputError(f"its dataset_info does not say the sizes of the tables: {error!r}", path=path) from None
    if set(said) != set(CONFIGS):
        raise InputError(f"describes the configs {', '.join(sorted(said))}", path=path)
    for name in CONFIGS:
        true = {
            "splits": {SPLIT: {"num_examples": len(rows[name]), "num_bytes": sizes[name]}},
            "download_size": len(files[name]),
            "dataset_size": sizes[name],
        }
        if said[name] != true:
            raise InputError(f"config {name!r}: dataset_info says {said[name]}, true is {true}", path=path)


def _check_content(folder: Path, manifest: Manifest, gold: Gold, rows: Mapping[str, Sequence[Row]]) -> None:
    """The rows are made of the gold and the passes, and every surface stands where its offsets say."""
    texts = {document.id: document.text for document in gold}
    texts |= {
        sentence.id: document.text[sentence.start : sentence.end]
        for document in gold
        for sentence in document.sentences
    }
    sources = Sources(
        gold,
        passes=_passes(folder, manifest, rows["passes"]),
        segmenters=_segmenters(rows["words"], texts),
    )
    for name, config in CONFIGS.items():
        path = folder / name / f"{SPLIT}.parquet"
        if name != "adjudication":
            try:
                expected = list(config.rows(sources))
            except InputError as error:
                raise InputError(f"can't be made anew: {error.reason}", path=path) from None
            _compare(path, rows[name], expected, "when it is made anew")
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


def push(folder: Path, repo_id: str, api: "HfApi | None" = None, *, private: bool = False) -> Pushed:
    """Push a built directory to the dataset repository ``repo_id``, which is made if need be, and tag the version.

    Files of the repository that the directory lacks are deleted. A tag never moves: where the version's tag is there
    already, it stays. Who pushes is who is logged in to the hub, or whose token the environment has. ``private`` counts
    when the repository is made. Raises InputError for a file that is not what is on record, or not on record at all,
    TyezBenchError when the hub can't be reached or refuses.
    """
    try:
        from huggingface_hub import HfApi
        from huggingface_hub.errors import HfHubHTTPError
    except ImportError:
        raise MissingExtraError("huggingface_hub", "hf") from None
    manifest = _check_files(folder)
    api = api or HfApi()
    tag = f"v{manifest.version}"
    with _step(repo_id, "make the repository"):
        api.create_repo(repo_id, repo_type="dataset", private=private, exist_ok=True)
    with _step(repo_id, "upload the files"):
        commit = api.upload_folder(
            repo_id=repo_id,
            repo_type="dataset",
            folder_path=folder,
            commit_message=f"{manifest.name} {manifest.version}, fingerprint {manifest.fingerprint}",
            delete_patterns="*",
        ).oid
    with _step(repo_id, f"set the tag {tag} (the files are there)"):
        try:
            api.create_tag(repo_id, tag=tag, revision=commit, repo_type="dataset")
        except HfHubHTTPError as error:
            if error.response.status_code != 409:
                raise
            return Pushed(commit, tag, tagged=False)
    return Pushed(commit, tag, tagged=True)


@contextlib.contextmanager
def _step(repo_id: str, what: str) -> Iterator[None]:
    try:
        yield
    # Between here and the hub are several libraries, each with errors of its own.
    except Exception as error:
        raise TyezBenchError(f"{repo_id}: can't {what}: {type(error).__name__}: {_first_line(error)}") from None


def _first_line(error: BaseException) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), "no reason given")
