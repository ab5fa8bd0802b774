"""The dataset repository: its card, and the files that are made from the gold, the passes and the log."""

from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import NamedTuple

from tyez_bench.dataset.repository import CARD, CROISSANT
from tyez_bench.dataset.statistics import Statistics, statistics
from tyez_bench.dataset.tables import CONFIGS, DEFAULT, SPLIT, Sources, json_lines, number_of_bytes, parquet
from tyez_bench.gold.manifest import Release
from tyez_bench.io.export.columns import BOUNDARY, Columns, ListOf, features, type_name
from tyez_bench.report.table import render
from tyez_bench.report.tables.gold import info_tables

PRETTY_NAME = "TYEZ: a newspaper page for Chinese named-entity recognition"
# Run in a test, in a directory that has the dataset as ``data``.
USAGE = """\
from datasets import load_dataset

documents = load_dataset("data", split="test")  # or the name of the repository on the hub
report = documents[2]
for entity in report["entities"]:
    assert report["text"][entity["start"] : entity["end"]] == entity["text"]

tokens = load_dataset("data", "tokens", split="test")
tags = tokens.features["ner_tags"].feature
for token, tag, optional in zip(tokens[2]["tokens"], tokens[2]["ner_tags"], tokens[2]["optional"]):
    print(token, "ignore" if optional else tags.int2str(tag))
"""
_NAMES = 10


class TableFacts(NamedTuple):
    """A table's size: rows, bytes in memory, bytes of its file."""

    rows: int
    bytes: int
    file: int


def card(found: Statistics, release: Release, canary: str, tables: Mapping[str, TableFacts]) -> str:
    """The card; ``tables`` are the sizes by config."""
    template = Template((Path(__file__).parent / "card.md").read_text("utf-8"))
    text = template.substitute(
        pretty_name=PRETTY_NAME,
        usage=USAGE,
        split=SPLIT,
        canary=canary,
        configs="\n".join(f"| `{name}` | {tables[name].rows} | {config.title} |" for name, config in CONFIGS.items()),
        columns=_columns(),
        statistics=render(info_tables(found, _NAMES), "markdown").strip("\n"),
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

    data = DatasetCardData(
        language=["zh"],
        language_details="zh-Hans-CN",
        license="other",
        license_name="cc-by-4.0-annotations-on-newspaper-text",
        license_link="LICENSE.md",
        # What the hub calls labels that no person made.
        annotations_creators=["machine-generated"],
        language_creators=["found"],
        multilinguality=["monolingual"],
        size_categories=["n<1K"],
        source_datasets=["original"],
        task_categories=["token-classification"],
        task_ids=["named-entity-recognition"],
        pretty_name=PRETTY_NAME,
        tags=["named-entity-recognition", "nested-ner", "chinese", "newspaper", "benchmark", "timex3", "test-only"],
    )
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


def repository_files(sources: Sources, release: Release, canary: str, published: str) -> dict[str, bytes]:
    """Tables, card and Croissant file by file name; ``published`` is the day of the release. Needs the extra build."""
    from tyez_bench.dataset.croissant import TableFile, croissant

    metadata = {"tyez_canary": canary, "tyez_version": release.version, "tyez_fingerprint": release.fingerprint}
    rows = {name: list(config.rows(sources)) for name, config in CONFIGS.items()}
    packed = {name: parquet(config.columns, rows[name], metadata) for name, config in CONFIGS.items()}
    sizes = number_of_bytes(packed)
    facts = {name: TableFacts(len(rows[name]), sizes[name], len(packed[name])) for name in CONFIGS}
    numbers = statistics(sources.gold)
    described = croissant(
        numbers,
        release,
        {name: TableFile(packed[name], rows[name]) for name in CONFIGS},
        title=PRETTY_NAME,
        canary=canary,
        published=published,
    )
    return {
        **{f"{name}/{SPLIT}.parquet": data for name, data in packed.items()},
        **{f"{name}/{SPLIT}.jsonl": json_lines(found) for name, found in rows.items()},
        CARD: card(numbers, release, canary, facts).encode(),
        CROISSANT: described,
    }
