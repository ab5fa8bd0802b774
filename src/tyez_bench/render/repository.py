"""The files of the dataset repository that are made from the gold, the passes and the log."""

from tyez_bench.corpus.manifest import Release
from tyez_bench.dataset.configs import CONFIGS, SPLIT, Sources
from tyez_bench.dataset.croissant import CROISSANT, Table, croissant
from tyez_bench.dataset.tables import json_lines, number_of_bytes, parquet
from tyez_bench.render.card import PRETTY_NAME, TableFacts, card
from tyez_bench.views.statistics import statistics


def repository_files(sources: Sources, release: Release, canary: str, published: str) -> dict[str, bytes]:
    """Tables, card and Croissant file by file name; ``published`` is the day of the release. Needs the extra hf."""
    metadata = {"tyez_canary": canary, "tyez_version": release.version, "tyez_fingerprint": release.fingerprint}
    rows = {name: list(config.rows(sources)) for name, config in CONFIGS.items()}
    packed = {name: parquet(config.columns, rows[name], metadata) for name, config in CONFIGS.items()}
    sizes = number_of_bytes(packed)
    facts = {name: TableFacts(len(rows[name]), sizes[name], len(packed[name])) for name in CONFIGS}
    numbers = statistics(sources.gold)
    described = croissant(
        numbers,
        release,
        {name: Table(packed[name], rows[name]) for name in CONFIGS},
        title=PRETTY_NAME,
        canary=canary,
        published=published,
    )
    return {
        **{f"{name}/{SPLIT}.parquet": data for name, data in packed.items()},
        **{f"{name}/{SPLIT}.jsonl": json_lines(found) for name, found in rows.items()},
        "README.md": card(numbers, release, canary, facts).encode(),
        CROISSANT: described,
    }
