"""The work that benchmark.py times, each piece in a process of its own.

python scripts/timed.py NAME N FILE    one case, with a file of N sentences if it has one; FILE gets the result

Nothing of tyez_bench is imported but in the work itself, by names that older versions have, too: benchmark.py runs the
same work against another checkout.
"""

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from made_up import LENGTH, PER_SENTENCE, SEED, TYPES, corpus, document, sentences_with_entities

# Seconds, strict micro F1 (None where nothing is scored), peak memory in MB, and that before the work began.
Result = dict[str, float | None]


def timed(work: Callable[[], float | None], who: int = resource.RUSAGE_SELF) -> Result:
    """The result of a piece of work; ``who`` says whose memory is meant."""
    before = resource.getrusage(who).ru_maxrss / 1024
    begin = time.perf_counter()
    value = work()
    seconds = time.perf_counter() - begin
    return {"seconds": seconds, "f1": value, "memory": resource.getrusage(who).ru_maxrss / 1024, "before": before}


_PREDICTIONS = Path(__file__).parent.parent / "data" / "predictions" / "jionlp.jsonl"
_ON_THE_PAGE = [sys.executable, "-m", "tyez_bench", "score", str(_PREDICTIONS)]


@contextmanager
def installed(line: Sequence[str] = _ON_THE_PAGE) -> Iterator[dict[str, str]]:
    """The environment of a command as users have it: with compiled modules, made here by running a command once."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": folder}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        subprocess.run(line, env=environment, check=True, capture_output=True)
        yield environment


def ours() -> Result:
    """All schemes, all types."""
    from tyez_bench import score_spans

    gold, predicted = corpus()

    def work() -> float:
        report = score_spans(gold, predicted)
        figures = {(scheme, row): report.figures(row, scheme) for scheme in report.schemes for row in report.types}
        assert len(figures) == len(report.schemes) * len(TYPES)
        return report.f1 or 0.0

    return timed(work)


def intervals() -> Result:
    """Intervals of every type's figures in each scheme from 1,000 draws; the spans are scored before."""
    from tyez_bench import score_spans

    report = score_spans(*corpus())

    def work() -> float:
        for scheme in report.schemes:
            assert report.intervals(scheme)["micro"]["f1"] is not None
        return report.f1 or 0.0

    return timed(work)


def nervaluate() -> Result:
    """Four schemes, all types; its ends are inclusive."""
    from nervaluate.evaluator import Evaluator

    sides = [[[{"label": t, "start": s, "end": e - 1} for s, e, t in spans] for spans in side] for side in corpus()]

    def work() -> float:
        result = Evaluator(*sides, tags=list(TYPES), loader="dict").evaluate()
        assert set(result["entities"]) == set(TYPES)
        return float(result["overall"]["strict"].f1)

    return timed(work)


def tags(spans: list[tuple[int, int, str]]) -> list[str]:
    """Spans as tags of a sentence's characters."""
    found = ["O"] * LENGTH
    for start, end, type_ in spans:
        found[start:end] = [f"B-{type_}", *[f"I-{type_}"] * (end - start - 1)]
    return found


def seqscore() -> Result:
    """Strict, all types, from sequences that have their mentions already."""
    from seqscore.model import AnnotatedSequence, Mention, Span
    from seqscore.scoring import compute_scores

    def sequence(spans: list[tuple[int, int, str]]) -> AnnotatedSequence:
        mentions = tuple(Mention(Span(start, end), type_) for start, end, type_ in spans)
        return AnnotatedSequence(tokens=("一",) * LENGTH, labels=tuple(tags(spans)), mentions=mentions)

    gold, predicted = ([[sequence(spans)] for spans in side] for side in corpus())

    def work() -> float:
        found, _ = compute_scores(predicted, gold)
        assert set(found.type_scores) == set(TYPES)
        return float(found.f1)

    return timed(work)


def seqeval() -> Result:
    """Strict, all types."""
    from seqeval.metrics import classification_report
    from seqeval.scheme import IOB2

    gold, predicted = ([tags(spans) for spans in side] for side in corpus())

    def work() -> float:
        report = classification_report(gold, predicted, mode="strict", scheme=IOB2, output_dict=True)
        return float(report["micro avg"]["f1-score"])

    return timed(work)


def loop() -> Result:
    """Exact matches by type, in sets: a floor."""
    gold, predicted = corpus()

    def work() -> float:
        counts = {name: Counter[str]() for name in ("gold", "predicted", "right")}
        for own, found in zip(gold, predicted, strict=True):
            one, other = set(own), set(found)
            for name, spans in (("gold", one), ("predicted", other), ("right", one & other)):
                for span in spans:
                    counts[name][span[2]] += 1
        return 2 * counts["right"].total() / (counts["gold"].total() + counts["predicted"].total())

    return timed(work)


def of_files(sentences: int, score: Callable[[Path, Path], float | None], who: int = resource.RUSAGE_SELF) -> Result:
    """What scores a file of the gold and one of predictions, both native JSON Lines."""
    with tempfile.TemporaryDirectory() as folder:
        # Written by another process, whose memory is not ours.
        line = [sys.executable, str(Path(__file__).with_name("made_up.py")), folder, str(sentences)]
        subprocess.run(line, check=True)
        return timed(lambda: score(Path(folder) / "gold.jsonl", Path(folder) / "predictions.jsonl"), who)


def files(sentences: int, **how: int) -> Result:
    """All schemes, all types, names and surfaces, with the fingerprint of the gold."""
    import tyez_bench

    # Imported before the clock starts. Versions before 1.7 score what was loaded, and in one process.
    of_two_files = getattr(tyez_bench, "score_files", None)

    def work(gold: Path, predicted: Path) -> float:
        if of_two_files is not None:
            report = of_two_files(gold, predicted, **how)
        else:
            own = tyez_bench.load(gold)
            report = tyez_bench.score(own, tyez_bench.read_predictions(predicted, own))
        return report.f1 or 0.0

    return of_files(sentences, work)


def files_by_command(sentences: int) -> Result:
    """``tyez-bench score`` on the same files, intervals and surfaces included, the whole process."""

    def work(gold: Path, predicted: Path) -> None:
        line = [sys.executable, "-m", "tyez_bench", "score", str(predicted), "--gold", str(gold)]
        subprocess.run(line, env=environment, check=True, capture_output=True)

    with installed() as environment:
        return of_files(sentences, work, resource.RUSAGE_CHILDREN)


def decoded(sentences: int) -> Result:
    """Lines decoded by msgspec, and exact matches in sets: a floor."""
    import msgspec

    def work(gold: Path, predicted: Path) -> float:
        def spans(record: Any) -> set[tuple[int, int, str]]:
            return {(one["start"], one["end"], one["type"]) for one in record["entities"]}

        decode, right, number = msgspec.json.decode, 0, 0
        with predicted.open("rb") as lines:
            found = {record["id"]: spans(record) for record in map(decode, lines)}
        with gold.open("rb") as lines:
            for record in map(decode, lines):
                own, other = spans(record), found.get(record["id"], set())
                right, number = right + len(own & other), number + len(own) + len(other)
        return 2 * right / number

    return of_files(sentences, work)


def labels(number: int) -> Result:
    """So many labels in 20,000 sentences."""
    from tyez_bench import score_spans

    rng = random.Random(SEED)
    gold = [[(start, end, f"L{rng.randrange(number):03}") for start, end, _ in own] for own in corpus()[0]]
    predicted = [[span for span in own if rng.random() < 0.9] for own in gold]

    def work() -> float:
        report = score_spans(gold, predicted)
        assert sum(report.counts(row).gold for row in report.types) == report.counts().gold
        return report.f1 or 0.0

    return timed(work)


def compared(systems: int) -> Result:
    """So many systems on 1,000 sentences, every pair with 10,000 draws and swaps."""
    from tyez_bench import score_spans
    from tyez_bench.scoring.comparison import compare

    rng, gold = random.Random(SEED), corpus(1000)[0]
    reports = [
        score_spans(gold, [[span for span in own if rng.random() < 0.8 + 0.01 * number] for own in gold])
        for number in range(systems)
    ]

    def work() -> None:
        assert len(compare(reports)) == systems * (systems - 1) // 2

    return timed(work)


def tangle(spans: int) -> Result:
    """So many gold spans and predictions that all overlap."""
    from tyez_bench import score_spans

    gold = [[(0, 2 * spans + number, "A") for number in range(spans)]]
    predicted = [[(1, 2 * spans + 1 + number, "A") for number in range(spans)]]
    return timed(lambda: score_spans(gold, predicted)["partial"].f1)


def crowd(gold: int, predicted: int) -> Result:
    """A document of 1,000 characters with so many gold spans, side by side, and predictions that overlap at random."""
    from tyez_bench import score_spans

    rng = random.Random(SEED)
    cuts = sorted(rng.sample(range(1, 1000), gold - 1))
    own = [(start, end, rng.choice(TYPES)) for start, end in zip([0, *cuts], [*cuts, 1000], strict=True)]
    found = set[tuple[int, int, str]]()
    while len(found) < predicted:
        start = rng.randrange(990)
        found.add((start, start + rng.randint(1, 10), rng.choice(TYPES)))
    return timed(lambda: score_spans([own], [sorted(found)]).f1)


def differences(characters: int) -> Result:
    """Two versions of a text, one character more at its beginning and another one at its end."""
    import tyez_bench

    rng = random.Random(SEED)
    text = "".join(rng.choice("一二三四五六七八九十百千万亿元。") for _ in range(characters))
    with tempfile.TemporaryDirectory() as folder:
        golds = []
        for name, one in (("old", text), ("new", f"{text[:5]}甲{text[5:-5]}乙{text[-5:]}")):
            path = Path(folder) / f"{name}.jsonl"
            record = {"id": "a", "text": one, "entities": [{"start": 20, "end": 22, "type": "PLACE"}]}
            path.write_text(json.dumps(record, ensure_ascii=False) + "\n", "utf-8")
            golds.append(tyez_bench.load(path))
    diff = getattr(tyez_bench, "diff", None) or tyez_bench.differences

    def work() -> None:
        diff(*golds)

    return timed(work)


def one_document(entities: int) -> Result:
    """All entities in one document."""
    from tyez_bench import score_spans

    pairs = corpus(entities // PER_SENTENCE)
    gold, predicted = (
        [[(s + LENGTH * n, e + LENGTH * n, t) for n, spans in enumerate(side) for s, e, t in spans]] for side in pairs
    )
    return timed(lambda: score_spans(gold, predicted).f1 or 0.0)


def million(sentences: int, **how: int) -> Result:
    """A file of sentences, streamed, with the intervals of every type's strict figures."""
    import tyez_bench

    stream = getattr(tyez_bench, "score_stream", None)
    if stream is None:
        # Versions before 1.7 stream in one process.
        stream, how = import_module("tyez_bench.streaming").score_files, {}

    def work(gold: Path, predicted: Path) -> float:
        report = stream(gold, predicted, **how)
        assert report.intervals()["micro"]["f1"] is not None
        return report.f1 or 0.0

    return of_files(sentences, work)


def command() -> Result:
    """``tyez-bench score`` on committed predictions, the whole process."""
    return whole(_ON_THE_PAGE)


def help_() -> Result:
    """``tyez-bench --help``, the whole process."""
    return whole([sys.executable, "-m", "tyez_bench", "--help"])


def whole(line: list[str]) -> Result:
    """A command as a process of its own."""
    with installed(line) as environment:

        def work() -> None:
            subprocess.run(line, env=environment, check=True, capture_output=True)

        return timed(work, resource.RUSAGE_CHILDREN)


def check(sentences: int, *, jobs: int = 1) -> Result:
    """``tyez-bench check`` on a file of sentences, the whole process."""
    return checked(sentences_with_entities(sentences), jobs)


def check_document(entities: int) -> Result:
    """The same on one document with so many entities."""
    return checked([document(entities)])


def checked(records: Iterable[object], jobs: int = 1) -> Result:
    """``tyez-bench check`` on a file of records, the whole process; 1.6.0 knows no other processes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gold.jsonl"
        with path.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        import tyez_bench

        is_new = hasattr(tyez_bench, "score_files")
        option = ["--output-format" if is_new else "--format", "concise"]
        option += ["--jobs", str(jobs)] if is_new and jobs > 1 else []
        line = [sys.executable, "-m", "tyez_bench", "check", path.name, *option, "--statistics"]

        def work() -> None:
            done = subprocess.run(line, cwd=folder, env=environment, stdout=subprocess.DEVNULL, check=False)
            if done.returncode > 1:
                done.check_returncode()

        with installed() as environment:
            return timed(work, resource.RUSAGE_CHILDREN)


RUNS = 5


@dataclass(frozen=True)
class Case:
    """What is timed, as the table calls it; ``sentences`` of its file are given to the work, where it has one."""

    title: str
    work: Callable[..., Result]
    sentences: int = 0
    runs: int = RUNS

    def with_sentences(self, number: int | None) -> "Case":
        """The case with a file of another size."""
        return replace(self, sentences=number) if number and self.sentences else self

    def result(self) -> Result:
        """Run it once, in this process."""
        return self.work(self.sentences) if self.sentences else self.work()


CASES = {
    "schemes": Case("six schemes", ours),
    "intervals": Case("intervals of six schemes, 1,000 draws", intervals),
    "loop": Case("a plain loop over sets, exact matches alone", loop),
    "seqscore": Case("seqscore 0.9.0, strict", seqscore),
    "nervaluate": Case("nervaluate 1.2.1, four schemes", nervaluate),
    "seqeval": Case("seqeval 1.2.2, strict", seqeval),
    "document-10k": Case("one document, 10,000 entities", partial(one_document, 10_000)),
    "document-100k": Case("one document, 100,000 entities", partial(one_document, 100_000)),
    "labels": Case("300 labels, six schemes", partial(labels, 300)),
    "compare": Case("compare, 10 systems, 1,000 sentences, 10,000 draws", partial(compared, 10)),
    "crowd": Case("1,000 characters, 183 gold spans, 2,000 predictions", partial(crowd, 183, 2000)),
    "tangle": Case("2,000 gold spans and 2,000 predictions that all overlap", partial(tangle, 2000)),
    "diff": Case("diff, two edits at the ends of 40,000 characters", partial(differences, 40_000)),
    "files": Case("score_files, {:,} sentences", files, 100_000),
    "files-2": Case("score_files, {:,} sentences, two processes", partial(files, jobs=2), 100_000),
    "decoded": Case("the same files decoded, exact matches alone", decoded, 100_000),
    "files-command": Case("tyez-bench score, {:,} sentences, whole process", files_by_command, 100_000),
    "stream": Case("a file of {:,} sentences, streamed, with intervals", million, 1_000_000, runs=1),
    "stream-2": Case(
        "a file of {:,} sentences, streamed, with intervals, two processes",
        partial(million, jobs=2),
        1_000_000,
        runs=1,
    ),
    "command": Case("tyez-bench score, built-in gold, whole process", command),
    "help": Case("tyez-bench --help, whole process", help_),
    "check": Case("tyez-bench check, a file of {:,} sentences, whole process", check, 100_000, runs=1),
    "check-2": Case(
        "tyez-bench check, a file of {:,} sentences, two processes", partial(check, jobs=2), 100_000, runs=1
    ),
    "check-document": Case(
        "tyez-bench check, one document of 100,000 entities, whole process", partial(check_document, 100_000)
    ),
}
if __name__ == "__main__":
    _name, _sentences, _path = sys.argv[1:]
    Path(_path).write_text(json.dumps(CASES[_name].with_sentences(int(_sentences)).result()), "utf-8")
