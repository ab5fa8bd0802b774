"""Time the scorer against others on made-up spans, and the consistency check; the table of docs/speed.md is of these.

python scripts/benchmark.py                 the cases of docs/speed.md, each in processes of its own
python scripts/benchmark.py NAME …          these cases
python scripts/benchmark.py --list          the names of all cases
python scripts/benchmark.py --sentences N   the files of files, decoded, stream and check with N sentences

The corpus is 20,000 sentences of 50 characters with 100,000 gold entities of four types, one in ten of which the
predictions miss, move or mistype. Each tool gets plain Python objects of the shape that it takes, made before the
clock starts; it stops when the figures of each type are there. The file of check has five entities a sentence.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from made_up import LENGTH, PER_SENTENCE, SEED, TYPES, corpus, sentences_with_entities, write
from tyez_bench.cli.output import emit, say
from tyez_bench.cli.parser import Parser
from tyez_bench.files.jsonl import encode

RUNS = 5

# Seconds, strict micro F1 (None where nothing is scored), peak memory in MB.
Result = dict[str, float | None]


def timed(work: Callable[[], float | None], who: int = resource.RUSAGE_SELF) -> Result:
    """The result of a piece of work; ``who`` says whose memory is meant."""
    begin = time.perf_counter()
    value = work()
    seconds = time.perf_counter() - begin
    return {"seconds": seconds, "f1": value, "memory": resource.getrusage(who).ru_maxrss / 1024}


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


def ours_with_intervals() -> Result:
    """The same, and intervals of every type's figures from 1,000 draws."""
    from tyez_bench import score_spans

    gold, predicted = corpus()

    def work() -> float:
        report = score_spans(gold, predicted)
        for scheme in report.schemes:
            for row in report.types:
                report.figures(row, scheme)
        assert report.intervals()["micro"]["f1"] is not None
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


def seqeval() -> Result:
    """Strict, all types."""
    from seqeval.metrics import classification_report
    from seqeval.scheme import IOB2

    def tags(spans: list[tuple[int, int, str]]) -> list[str]:
        found = ["O"] * LENGTH
        for start, end, type_ in spans:
            found[start:end] = [f"B-{type_}", *[f"I-{type_}"] * (end - start - 1)]
        return found

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


def of_files(sentences: int, score: Callable[[Path, Path], float]) -> Result:
    """What scores a file of the gold and one of predictions, both native JSON Lines."""
    with tempfile.TemporaryDirectory() as folder:
        # Written by another process, whose memory is not ours.
        command = [sys.executable, __file__, "--write", folder, "--sentences", str(sentences)]
        subprocess.run(command, check=True)
        return timed(lambda: score(Path(folder) / "gold.jsonl", Path(folder) / "predictions.jsonl"))


def files(sentences: int) -> Result:
    """All schemes, all types, names and surfaces, with the fingerprint of the gold."""
    from tyez_bench import score_files

    return of_files(sentences, lambda gold, predicted: score_files(gold, predicted).f1 or 0.0)


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
    from tyez_bench import compare, score_spans

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


def one_document(entities: int) -> Result:
    """All entities in one document."""
    from tyez_bench import score_spans

    pairs = corpus(entities // PER_SENTENCE)
    gold, predicted = (
        [[(s + LENGTH * n, e + LENGTH * n, t) for n, spans in enumerate(side) for s, e, t in spans]] for side in pairs
    )
    return timed(lambda: score_spans(gold, predicted).f1 or 0.0)


def million(sentences: int) -> Result:
    """A file of sentences, streamed."""
    from tyez_bench.scoring.from_files import score_stream

    return of_files(sentences, lambda gold, predicted: score_stream(gold, predicted).f1 or 0.0)


def command() -> Result:
    """``tyez-bench score`` on committed predictions, the whole process."""
    predictions = Path(__file__).parent.parent / "data" / "predictions" / "jionlp.jsonl"
    line = [sys.executable, "-m", "tyez_bench", "score", str(predictions)]

    def work() -> None:
        subprocess.run(line, check=True, capture_output=True)

    return timed(work, resource.RUSAGE_CHILDREN)


def check(sentences: int) -> Result:
    """``tyez-bench check`` on a file of sentences, the whole process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gold.jsonl"
        with path.open("wb") as file:
            file.writelines(encode(record) + b"\n" for record in sentences_with_entities(sentences))
        line = [sys.executable, "-m", "tyez_bench", "check", path.name, "--output-format", "concise", "--statistics"]

        def work() -> None:
            done = subprocess.run(line, cwd=folder, stdout=subprocess.DEVNULL, check=False)
            if done.returncode > 1:
                done.check_returncode()

        return timed(work, resource.RUSAGE_CHILDREN)


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
    "schemes": Case("tyez-bench, six schemes", ours),
    "draws": Case("tyez-bench, six schemes, 1,000 draws", ours_with_intervals),
    "loop": Case("a plain loop over sets, exact matches alone", loop),
    "nervaluate": Case("nervaluate 1.2.1, four schemes", nervaluate),
    "seqeval": Case("seqeval 1.2.2, strict", seqeval),
    "document-10k": Case("one document, 10,000 entities", partial(one_document, 10_000)),
    "document-100k": Case("one document, 100,000 entities", partial(one_document, 100_000)),
    "labels": Case("300 labels, six schemes", partial(labels, 300)),
    "compare": Case("compare, 10 systems, 1,000 sentences, 10,000 draws", partial(compared, 10)),
    "tangle": Case("2,000 gold spans and 2,000 predictions that all overlap", partial(tangle, 2000)),
    "files": Case("score_files, {:,} sentences", files, 100_000),
    "decoded": Case("the same files decoded, exact matches alone", decoded, 100_000),
    "command": Case("tyez-bench score, built-in gold, whole process", command),
    "stream": Case("a file of {:,} sentences, streamed", million, 1_000_000, runs=1),
    "check": Case("tyez-bench check, a file of {:,} sentences", check, 100_000, runs=1),
}
# Not in the table of docs/speed.md.
BY_NAME = ("check",)


def main() -> int:
    """Run cases in processes of their own and print the medians."""
    parser = Parser(prog="benchmark", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"cases (default: all but {', '.join(BY_NAME)})")
    parser.add_argument("--sentences", type=int, metavar="N", help="of the files of files, decoded, stream and check")
    parser.add_argument("--list", action="store_true", help="print the names of all cases")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    cases = {name: case.with_sentences(args.sentences) for name, case in CASES.items()}
    unknown = [name for name in args.names if name not in cases]
    if unknown:
        say(f"benchmark: unknown case {unknown[0]!r}; there are {', '.join(cases)}")
        return 2
    if args.write:
        write(args.write, args.sentences)
    elif args.here:
        emit(f"{json.dumps(cases[args.names[0]].result())}\n")
    elif args.list:
        emit("".join(f"{name}: {case.title.format(case.sentences)}\n" for name, case in cases.items()))
    else:
        print_table({name: cases[name] for name in args.names or [name for name in cases if name not in BY_NAME]})
    return 0


def print_table(cases: dict[str, Case]) -> None:
    """Run the cases and print a row each, and how the others compare with this scorer."""
    emit("| case | median s | runs | peak MB | strict F1 |\n|---|--:|---|--:|--:|\n")
    medians = {}
    results: dict[str, list[Result]] = {name: [] for name in cases}
    # By turns, so that what else the machine does falls on all.
    for turn in range(max(case.runs for case in cases.values())):
        for name, case in cases.items():
            if turn < case.runs:
                results[name].append(_run(name, case))
    for name, case in cases.items():
        runs = results[name]
        seconds = [run["seconds"] or 0.0 for run in runs]
        medians[name] = median(seconds)
        memory, f1 = max(run["memory"] or 0.0 for run in runs), runs[0]["f1"]
        cells = (f"{medians[name]:.3f}", " ".join(f"{one:.3f}" for one in seconds), f"{memory:.0f}")
        figure = "" if f1 is None else f"{f1:.15f}"
        emit(f"| {case.title.format(case.sentences)} | {' | '.join(cells)} | {figure} |\n")
    for name, than in (("nervaluate", "schemes"), ("seqeval", "schemes"), ("schemes", "loop"), ("files", "decoded")):
        if name in medians and than in medians:
            times = medians[name] / medians[than]
            titles = [cases[one].title.format(cases[one].sentences) for one in (name, than)]
            emit(f"\n{titles[0]}: {times:.1f} times the time of “{titles[1]}”\n")


def _run(name: str, case: Case) -> Result:
    line = [sys.executable, __file__, name, "--here"]
    if case.sentences:
        line += ["--sentences", str(case.sentences)]
    result: Result = json.loads(subprocess.run(line, check=True, capture_output=True, text=True).stdout)
    return result


if __name__ == "__main__":
    sys.exit(main())
