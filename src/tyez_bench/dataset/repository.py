"""The dataset repository: its card and its files, built as a directory, and pushed to the Hugging Face hub.

It has no ``.gitattributes``: the hub gives a new repository one that sends Parquet to its large-file storage, and an
upload leaves that one as it is.
"""

import contextlib
import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, NamedTuple

from tyez_bench.dataset.statistics import statistics
from tyez_bench.dataset.tables import CONFIGS, DEFAULT, SPLIT, Sources, json_lines, number_of_bytes, parquet
from tyez_bench.files.jsonl import check_target, read_bytes, write_directory
from tyez_bench.gold.manifest import GOLD, MANIFEST, Manifest, Release, read_manifest, read_verified, verify
from tyez_bench.io.export.columns import BOUNDARY, Columns, ListOf, features, type_name
from tyez_bench.model.errors import InputError, MissingExtraError, TyezBenchError, UsageError, first_line

CARD, CROISSANT = "README.md", "croissant.json"
LICENCES = ("LICENSE-ANNOTATIONS", "LICENSE-TEXT.md")
PRETTY_NAME = "TYEZ: a newspaper page for Chinese named-entity recognition"


class TableFacts(NamedTuple):
    """A table's size: rows, bytes in memory, bytes of its file."""

    rows: int
    bytes: int
    file: int


def card(release: Release, canary: str, tables: Mapping[str, TableFacts], in_numbers: str) -> str:
    """The card; ``tables`` are the sizes by config, ``in_numbers`` is the gold set in numbers, in Markdown."""
    template = Template((Path(__file__).parent / "card.md").read_text("utf-8"))
    text = template.substitute(
        pretty_name=PRETTY_NAME,
        split=SPLIT,
        canary=canary,
        configs="\n".join(f"| `{name}` | {tables[name].rows} | {config.title} |" for name, config in CONFIGS.items()),
        columns=_columns(),
        statistics=in_numbers.strip("\n"),
        version=release.version,
        fingerprint=release.fingerprint,
    )
    return f"---\n{_metadata(release.version, tables)}\n---\n\n{text}"


def _metadata(version: str, tables: Mapping[str, TableFacts]) -> str:
    from datasets import DatasetInfo
    from datasets.info import DatasetInfosDict
    from datasets.splits import SplitDict, SplitInfo
    from datasets.utils.metadata import MetadataConfigs
    from huggingface_hub import DatasetCardData

    head = tomllib.loads(Path(__file__).with_name("card.toml").read_text("utf-8"))
    data = DatasetCardData(**head, pretty_name=PRETTY_NAME)
    infos = {}
    for name, config in CONFIGS.items():
        facts = tables[name]
        splits = SplitDict({SPLIT: SplitInfo(SPLIT, num_bytes=facts.bytes, num_examples=facts.rows)})
        infos[name] = DatasetInfo(
            features=features(config.columns), splits=splits, download_size=facts.file, dataset_size=facts.bytes
        )
    DatasetInfosDict(infos).to_dataset_card_data(data)
    configs = {
        name: {
            "data_files": [{"split": SPLIT, "path": f"{name}/{SPLIT}.parquet"}],
            "version": version,
            **({"default": True} if name == DEFAULT else {}),
        }
        for name in CONFIGS
    }
    MetadataConfigs(configs).to_dataset_card_data(data)
    return data.to_yaml().strip("\n")


def _columns() -> str:
    """A table of columns for each config; a record that came before is not told again."""
    parts = []
    told: dict[int, str] = {}
    for name, config in CONFIGS.items():
        rows = "\n".join(_rows(config.columns, f"{name}: ", "", told))
        head = f"<details><summary>Columns of <code>{name}</code></summary>\n\n| column | type | what |\n|---|---|---|"
        parts.append(f"{head}\n{rows}\n\n</details>\n")
    return "\n".join(parts)


def _rows(columns: Columns, where: str, prefix: str, told: dict[int, str]) -> list[str]:
    rows = []
    for name, column in columns.items():
        if not column.meaning:
            continue
        path = f"{prefix}{name}"
        inner = column.type.item if isinstance(column.type, ListOf) else column.type
        again = f" (as in {told[id(inner)]})" if id(inner) in told and inner is not BOUNDARY else ""
        rows.append(f"| `{path}` | {type_name(column.type)} | {column.meaning}{again} |")
        if isinstance(inner, dict) and not again:
            told[id(inner)] = f"{where}`{path}`"
            rows += _rows(inner, where, f"{path}.", told)
    return rows


def repository_files(
    sources: Sources, release: Release, canary: str, *, published: str, in_numbers: str
) -> dict[str, bytes]:
    """Tables, card and Croissant file by file name. Needs the extra build.

    ``published`` is the day of the release, ``in_numbers`` the gold set in numbers, in Markdown.
    """
    from tyez_bench.dataset.croissant import TableFile, croissant

    metadata = {"tyez_canary": canary, "tyez_version": release.version, "tyez_fingerprint": release.fingerprint}
    rows = {name: list(config.rows(sources)) for name, config in CONFIGS.items()}
    packed = {name: parquet(config.columns, rows[name], metadata) for name, config in CONFIGS.items()}
    sizes = number_of_bytes(packed)
    facts = {name: TableFacts(len(rows[name]), sizes[name], len(packed[name])) for name in CONFIGS}
    described = croissant(
        statistics(sources.gold),
        release,
        {name: TableFile(packed[name], rows[name]) for name in CONFIGS},
        title=PRETTY_NAME,
        canary=canary,
        published=published,
    )
    return {
        **{f"{name}/{SPLIT}.parquet": data for name, data in packed.items()},
        **{f"{name}/{SPLIT}.jsonl": json_lines(found) for name, found in rows.items()},
        CARD: card(release, canary, facts, in_numbers).encode(),
        CROISSANT: described,
    }


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
        raise UsageError(f"{target}: is not a directory with a {MANIFEST}, so it is not replaced")


def check_files(folder: Path) -> Manifest:
    """Raise InputError unless the directory has the files that its manifest has on record, as they are there."""
    manifest = read_manifest(folder)
    allowed = {*manifest.files, MANIFEST}
    tables = [f"{name}/{SPLIT}.{ending}" for name in CONFIGS for ending in ("parquet", "jsonl")]
    verify(folder, manifest, [GOLD, CARD, CROISSANT, *LICENCES, *tables])
    verify(folder, manifest)
    for path in sorted(folder.rglob("*")):
        if not path.is_dir() and path.relative_to(folder).as_posix() not in allowed:
            raise InputError("is not in the manifest, but would be pushed with the rest", path=path)
    return manifest


if TYPE_CHECKING:
    from huggingface_hub import HfApi


class Pushed(NamedTuple):
    """What a push left on the hub. ``tagged`` is False when the tag was there before, and stays where it is."""

    commit: str
    tag: str
    tagged: bool


def push(folder: Path, repo_id: str, api: "HfApi | None" = None, *, private: bool = True) -> Pushed:
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
    manifest = check_files(folder)
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
        raise TyezBenchError(f"{repo_id}: can't {what}: {type(error).__name__}: {first_line(error)}") from None
