"""Score what is larger than a machine, or than its memory."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, get_args

from tyez_bench.engines.paths import spelt
from tyez_bench.files.in_use import check_outputs
from tyez_bench.files.jsonl import check_target
from tyez_bench.gold.label_sets import load_label_set
from tyez_bench.io.label_maps import LabelMap, load_map
from tyez_bench.model.errors import MissingExtraError, UsageError
from tyez_bench.model.hints import public
from tyez_bench.model.labels import LabelSet
from tyez_bench.scoring.distributions import DRAWN
from tyez_bench.scoring.from_files import system_name
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.settings import Settings

Engine = Literal["processes", "spark", "ray"]
ENGINES: tuple[Engine, ...] = get_args(Engine)


@public
def score_shards(
    gold: str | Path,
    predictions: str | Path,
    *,
    engine: Engine = "processes",
    jobs: int | None = None,
    address: str | None = None,
    labels: str | Path | LabelMap | None = None,
    label_set: LabelSet | str | Path | None = None,
    system: str | None = None,
    settings: Settings | None = None,
    units: str | Path | None = None,
) -> Report:
    r"""Score files of any size and in any order, joined by id, on one machine or on many.

    Gold and predictions are native JSON Lines (plain or gzip) or Parquet, each one file, a pattern as
    ``gold/*.parquet``, or a folder of shards; the columns are described in ``docs/engines.md``. Figures and intervals
    are those of :func:`tyez_bench.score_files`, to the last digit, whatever the engine, the order and the shards; there
    are no names and no surfaces.

    Args:
        gold: the gold set.
        predictions: the predictions; they may leave documents out.
        engine: ``processes`` of this machine, which need no more memory than a part of the files; ``spark`` or ``ray``.
        jobs: how many processes; None: one, with Spark and Ray as many as there are cores.
        address: that of a cluster: Spark's master, or Ray's address. None: the session that is there, else one on
            this machine.
        labels: the label map that leads from the predictions' labels to the gold's; None: they have the gold's own.
        label_set: which labels the gold has; None: those that occur.
        system: what the system is called; None: the name of its file.
        settings: what counts, and how intervals are drawn; None: those of the headline.
        units: a new folder to write the counts of every sentence to, as Parquet; with a cluster, where that can write.

    Returns:
        The report, without names, surfaces and the counts of the units. The fingerprint of its gold is another one
        than that of a gold set that is read in order.

    Raises:
        InputError: a record is invalid; an id occurs twice, or is not in the gold.
        UsageError: settings that need texts, or a folder for ``units`` that is there already.
        MissingExtraError: the engine is not installed.

    Example:
        >>> import tyez_bench
        >>> from pathlib import Path
        >>> line = '{"id": "%s", "text": "太原市", "entities": [{"start": 0, "end": 3, "type": "PLACE"}]}\n'
        >>> for shard, ids in enumerate(["ab", "cd"]):
        ...     _ = Path(f"gold-{shard}.jsonl").write_text("".join(line % id_ for id_ in ids), "utf-8")
        >>> _ = Path("mine.jsonl").write_text(line % "d" + line % "a", "utf-8")
        >>> report = tyez_bench.score_shards("gold-*.jsonl", "mine.jsonl")
        >>> report.precision, report.recall, report.missing
        (1.0, 0.5, ('b', 'c'))
    """
    if engine not in ENGINES:
        raise UsageError(f"engine {engine!r} is not one of {', '.join(ENGINES)}")
    if address is not None and engine == "processes":
        raise UsageError(f"the address {address!r} is for Spark and Ray: processes run on this machine")
    settings = settings or Settings()
    if settings.matching != "position" or settings.unit not in DRAWN:
        raise UsageError("an engine keeps no texts: expected matching by position, and sentence or document as unit")
    try:
        collect = import_module("tyez_bench.engines.collect")
        rows = import_module("tyez_bench.engines.rows")
        columns = import_module("tyez_bench.engines.columns")
    except ImportError as error:
        if not (error.name or "").startswith("pyarrow"):
            raise
        raise MissingExtraError("pyarrow", "hf") from None
    set_ = label_set if isinstance(label_set, LabelSet) or label_set is None else load_label_set(label_set)
    map_ = labels if isinstance(labels, LabelMap) or labels is None else load_map(labels)
    rules = rows.Rules(_with_types(settings, set_, map_), set_, map_)
    where: Mapping[str, Any] = {"jobs": jobs, "address": address}
    if engine == "processes":
        where = {"jobs": jobs or 1}
    module = import_module(f"tyez_bench.engines.{engine}")
    names = collect.Names(system or system_name(predictions), _name(gold), spelt(gold), spelt(predictions))
    folder = None if units is None else spelt(units)
    if folder is not None and "://" not in folder:
        check_outputs(folder)
        check_target(folder, directory=True)
    found = module.counts(names.gold_path, names.predictions_path, rules, units_path=folder, **where)
    try:
        report: Report = collect.report(found, rules, names)
    except collect.TwiceError as error:
        side, path = columns.GOLD_SIDE, names.gold_path
        if error.side == "predictions":
            side, path = columns.PREDICTED_SIDE, names.predictions_path
        raise collect.twice(module.first_twice(path, side, **where), error.side, names) from None
    return report


def _with_types(settings: Settings, labels: LabelSet | None, label_map: LabelMap | None) -> Settings:
    """The settings with the types that count, as far as these are known before the labels are."""
    from msgspec import structs

    if settings.types is not None or (settings.all_types and labels is None):
        return settings
    if labels is not None:
        expressed = labels.names if settings.all_types or label_map is None else labels.order(label_map.expresses)
        return structs.replace(settings, types=expressed)
    return settings if label_map is None else structs.replace(settings, types=label_map.expresses)


def _name(gold: str | Path) -> str:
    return Path(gold).name.removesuffix(".gz").removesuffix(".jsonl").removesuffix(".parquet") or str(gold)
