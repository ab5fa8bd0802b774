"""From a gold file and a predictions file to a report, in one call.

What is too large for memory is streamed: gold and predictions are read side by side, one document (or sentence) a line,
and what stays is the counts of every unit and a hash of every id. There are no names and surfaces then, as these would
keep every distinct text.
"""

import json
import os
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path

import numpy as np
from msgspec import structs

from tyez_bench.files.inputs import read_file
from tyez_bench.gold.gold import Gold, GoldStream
from tyez_bench.gold.label_sets import BUILT_IN, load_label_set
from tyez_bench.io.align.spans import Keep
from tyez_bench.io.formats.native import check_prediction, stream_predictions
from tyez_bench.io.gold import load, stem
from tyez_bench.io.label_maps import LabelMap, identity, load_map, map_names
from tyez_bench.io.read import Predictions, ReadOptions, read_predictions
from tyez_bench.io.record import TOLD, Options
from tyez_bench.io.source import STDIN
from tyez_bench.model.documents import Document, Prediction
from tyez_bench.model.errors import InputError, UsageError
from tyez_bench.model.hints import asked_about, public
from tyez_bench.model.labels import LabelSet
from tyez_bench.scoring.counting import Case, case, count_spans_of
from tyez_bench.scoring.plain import score_plain, stream_plain
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.score import CHUNK, Progress, score
from tyez_bench.scoring.settings import GoldFacts, Settings
from tyez_bench.scoring.tables import Tables, hashes, merge

# What says how a file is read, of predictions and of the gold.
READING = frozenset(("format", "labels", "ignore_labels", "overlaps", "align", *TOLD))


@public
def score_files(
    gold: str | Path | None,
    predictions: str | Path,
    *,
    format: str | None = None,
    labels: str | Path | LabelMap | None = None,
    ignore_labels: Iterable[str] = (),
    options: Options | None = None,
    align: bool = False,
    overlaps: Keep | None = None,
    gold_format: str | None = None,
    gold_labels: str | Path | LabelMap | None = None,
    gold_ignore_labels: Iterable[str] = (),
    gold_options: Options | None = None,
    gold_overlaps: Keep | None = None,
    label_set: LabelSet | str | Path | None = None,
    system: str | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
    jobs: int = 1,
) -> Report:
    r"""Score a predictions file against a gold file: what ``tyez-bench score`` does, with the same figures.

    Nothing but the report is kept: use :func:`tyez_bench.load`, :func:`tyez_bench.read_predictions` and
    :func:`tyez_bench.score` where you need the documents too, as for a diagnosis. Native JSON Lines too large for
    memory are scored by :func:`tyez_bench.score_stream`.

    Args:
        gold: the gold set, a file or a directory in any format that is read; ``-`` is the standard input, None the
            built-in set.
        predictions: the predictions, a file or a directory; ``-`` is the standard input.
        format: the format of the predictions, as ``conll``; None: detected.
        labels: the label map that leads from their labels to the gold's, by name or as a file; None: the one that
            ``tyez-bench run`` has on record beside the file, else detected.
        ignore_labels: labels of theirs that are out of scope, beside those of the map.
        options: further options of their format, as ``Options(column="NE")``.
        align: project offsets across harmless differences between their text and the gold's.
        overlaps: the rule by which one of two overlapping predictions is dropped (``keep-longest``, ``keep-first``);
            None: they are refused.
        gold_format: the format of the gold; None: detected. So are the next four to the gold what they are above.
        gold_labels: a label map that translates the labels of the gold's file.
        gold_ignore_labels: labels of the gold that are left out.
        gold_options: further options of the gold's format.
        gold_overlaps: the rule for what stands there twice.
        label_set: which labels the gold has, in what order and of what kind; None: as :func:`tyez_bench.load`.
        system: what the system is called; None: the name of its file, without the suffix.
        settings: what counts, and how intervals are drawn; None: those of the headline.
        progress: called with the number of documents done, now and then.
        jobs: how many processes may count large native JSON Lines, this one among them; the report does not depend on
            it. A script that asks for more than one needs ``if __name__ == "__main__":`` around what it runs.

    Returns:
        The report; its signature is the one that the command prints.

    Raises:
        InputError: a file can't be read, is invalid, or does not fit the gold.
        UsageError: an argument makes no sense as given.

    Example:
        >>> import tyez_bench
        >>> from pathlib import Path
        >>> _ = Path("gold.conll").write_text("太 B-LOC\n原 I-LOC\n的 O\n", "utf-8")
        >>> _ = Path("mine.conll").write_text("太 B-LOC\n原 I-LOC\n的 B-LOC\n", "utf-8")
        >>> report = tyez_bench.score_files("gold.conll", "mine.conll")
        >>> report.system, report.precision, report["strict", "LOC"].tp
        ('mine', 0.5, 1)

    """
    if str(gold) == str(predictions) == STDIN:
        raise UsageError("- occurs twice: standard input can be read only once, expected a file for the other")
    _check_jobs(jobs)
    name, settings = system or system_name(predictions), settings or Settings()
    ignored, gold_ignored = frozenset(ignore_labels), frozenset(gold_ignore_labels)
    usual = all(given in (None, Options()) for given in (options, gold_options))
    if gold is not None and usual and not any((align, overlaps, ignored, gold_labels, gold_overlaps, gold_ignored)):
        report = score_plain(
            gold,
            predictions,
            name=stem(gold),
            system=name,
            settings=settings,
            format=format,
            gold_format=gold_format,
            labels=labels or labels_beside(str(predictions)),
            label_set=label_set,
            progress=progress,
            jobs=jobs,
        )
        if report is not None:
            return report
    with asked_about("gold", READING):
        loaded = load(
            gold,
            format=gold_format,
            label_set=label_set,
            labels=gold_labels,
            ignore_labels=gold_ignored,
            options=gold_options,
            overlaps=gold_overlaps,
        )
    how = ReadOptions(
        labels=labels,
        ignore_labels=ignored,
        options=options or Options(),
        align=align,
        overlaps=overlaps,
    )
    return score_file(loaded, predictions, format, how, name, settings, progress)[1]


def _check_jobs(jobs: int) -> None:
    if jobs < 1:
        raise UsageError(f"jobs={jobs}: expected a number from 1")


def score_file(
    gold: Gold,
    path: str | Path,
    format: str | None,
    how: ReadOptions,
    system: str,
    settings: Settings,
    progress: Progress | None = None,
) -> tuple[Predictions, Report]:
    """The predictions of a file, and their report. Whether they may overlap follows from the layer that counts."""
    predictions = read_predictions(
        path,
        gold,
        format=format,
        labels=how.labels or labels_beside(str(path), gold),
        ignore_labels=how.ignore_labels,
        options=how.options,
        align=how.align,
        overlaps=how.overlaps,
        flat=settings.layer == "outermost",
    )
    return predictions, score(gold, predictions, system=system, settings=settings, progress=progress)


def system_name(path: str | Path) -> str:
    """What a system is called after its file: the name without its suffixes.

    >>> system_name("runs/mine.jsonl.gz"), system_name("-")
    ('mine', 'stdin')
    """
    if str(path) == STDIN:
        return "stdin"
    name = Path(path).name.removesuffix(".gz")
    return Path(name).stem or name or str(path)


def labels_beside(path: str, gold: Gold | None = None) -> str | None:
    """The label map that ``tyez-bench run`` has on record beside a predictions file; None where there is no record.

    With ``gold`` it is None for a map that does not lead to the gold's labels, too: the run was for another gold set.
    """
    stem, suffix = os.path.splitext(path.removesuffix(".gz"))
    facts = Path(f"{stem}.json")
    if path == STDIN or suffix == ".json" or not os.path.isfile(facts):
        return None
    try:
        found = json.loads(read_file(facts))
    except (InputError, ValueError, RecursionError):
        return None
    labels = found.get("labels") if isinstance(found, dict) and "system" in found else None
    if not isinstance(labels, str) or labels not in map_names():
        return None
    return labels if gold is None or load_map(labels).leads_to(gold.labels) else None


class _Seen:
    """Hashes of ids, to tell whether one occurs twice.

    Of 128 bits: among 10⁹ ids two have the same hash once in 10²⁰ files. Of 64 bits that would be one file in 40.
    """

    def __init__(self) -> None:
        self.hashes: set[bytes] = set()

    def add(self, id_: str, path: Path, line: int) -> None:
        before = len(self.hashes)
        self.hashes.add(blake2b(id_.encode("utf-8", "surrogatepass"), digest_size=16).digest())
        if len(self.hashes) == before:
            raise InputError(f"document id {id_!r} occurs twice", path=path, line=line)


@public
def score_stream(
    gold: str | Path,
    predictions: str | Path,
    *,
    labels: str | Path | LabelMap | None = None,
    label_set: LabelSet | str | Path = BUILT_IN,
    system: str | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
    jobs: int = 1,
) -> Report:
    r"""Score native JSON Lines too large for memory against a gold file, document by document.

    Both files hold one document (or sentence) a line, plain or gzip, in the same order; predictions may leave documents
    out. What stays in memory is the counts of every unit and a hash of every id: there are no names and no surfaces.

    Args:
        gold: the gold set, in the native format.
        predictions: the predictions, in the native format.
        labels: the label map that leads from their labels to the gold's, by name or as a file; None: they have the
            gold's own.
        label_set: which labels the gold has: its file is read once, and so can't tell them beforehand.
        system: what the system is called; None: the name of its file, without the suffix.
        settings: what counts, and how intervals are drawn; None: those of the headline.
        progress: called with the number of documents done, now and then.
        jobs: how many processes may count large files, as of :func:`tyez_bench.score_files`.

    Returns:
        The report, without names, surfaces and the ids of the units.

    Raises:
        InputError: a record is invalid, an id occurs twice, or the predictions are not in the order of the gold.
        UsageError: an unknown label set or label map, or less than one job.

    Example:
        >>> import tyez_bench
        >>> from pathlib import Path
        >>> line = '{"id": "%s", "text": "太原市", "entities": [{"start": 0, "end": 3, "type": "PLACE"}]}\n'
        >>> _ = Path("large.jsonl").write_text(line % "a" + line % "b", "utf-8")
        >>> _ = Path("mine.jsonl").write_text(line % "a", "utf-8")
        >>> report = tyez_bench.score_stream("large.jsonl", "mine.jsonl")
        >>> report.precision, report.recall, report.missing
        (1.0, 0.5, ('b',))
    """
    _check_jobs(jobs)
    labels_of_gold = label_set if isinstance(label_set, LabelSet) else load_label_set(label_set)
    stream = GoldStream(Path(gold), labels_of_gold)
    label_map = identity(labels_of_gold)
    if labels is not None:
        label_map = labels if isinstance(labels, LabelMap) else load_map(labels)
    settings = settings or Settings()
    called = system or Path(predictions).name.removesuffix(".gz").removesuffix(".jsonl")
    report = stream_plain(
        gold,
        predictions,
        name=stream.name,
        system=called,
        settings=settings,
        labels=None if labels is None else label_map,
        label_set=labels_of_gold,
        progress=progress,
        jobs=jobs,
    )
    if report is not None:
        return report
    if settings.types is None:
        types = labels_of_gold.names if settings.all_types else labels_of_gold.order(label_map.expresses)
        settings = structs.replace(settings, types=types)
    parts: list[Tables] = []
    missing: list[str] = []
    ids: list[int] = []
    cases: list[Case] = []
    for document, prediction in _pairs(stream, Path(predictions), label_map, settings.layer == "outermost"):
        if prediction is None:
            missing.append(document.id)
            prediction = Prediction(id=document.id, entities=())
        cases.append(case(document, prediction, settings))
        if len(cases) == CHUNK:
            parts.append(count_spans_of(cases, labels_of_gold, settings.min_overlap))
            ids += hashes([c.document.id for c in cases]).tolist()
            cases = []
            if progress is not None:
                progress(len(ids))
    parts.append(count_spans_of(cases, labels_of_gold, settings.min_overlap))
    ids += hashes([c.document.id for c in cases]).tolist()
    return Report(
        system=called,
        gold=GoldFacts(stream.name, None, stream.fingerprint, labels_of_gold),
        settings=settings,
        tables=merge(parts),
        documents=np.array(ids, np.uint64),
        missing=tuple(missing),
        labels=f"{label_map.name}#{label_map.sha256[:12]}",
        reading={"format": "native"},
    )


def _pairs(
    gold: GoldStream, path: Path, label_map: LabelMap, flat: bool
) -> Iterator[tuple[Document, Prediction | None]]:
    """Each gold document with its prediction."""
    seen = _Seen()
    predictions = stream_predictions(path, label_map)
    following = next(predictions, None)
    for line, document in gold:
        seen.add(document.id, gold.path, line)
        if following is None or following[1].id != document.id:
            yield document, None
            continue
        at, prediction = following
        try:
            check_prediction(prediction, document, flat=flat)
        except ValueError as error:
            raise InputError(str(error), path=path, line=at) from None
        yield document, prediction
        following = next(predictions, None)
    if following is not None:
        at, prediction = following
        raise InputError(
            f"document id {prediction.id!r} is not in the gold, or not in its order, which streaming needs",
            path=path,
            line=at,
        )
