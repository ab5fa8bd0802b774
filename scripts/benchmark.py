"""Time the scorer against others on made-up spans; the table of the README is what this prints.

python scripts/benchmark.py                 all cases, each tool in processes of its own
python scripts/benchmark.py --sentences N   the million-sentence file with N sentences
python scripts/benchmark.py --only CASE     one case in this process, as JSON (what the others are started with)

The corpus is 20,000 sentences of 50 characters with 100,000 gold entities of four types, one in ten of which the
predictions miss, move or mistype. Each tool gets plain Python objects of the shape that it takes, made before the
clock starts; it stops when the figures of each type are there.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

SENTENCES, LENGTH, PER_SENTENCE = 20_000, 50, 5
TYPES = ("DATE", "MONEY", "ORG", "PLACE")
RUNS = 3

Spans = list[list[tuple[int, int, str]]]


def corpus(sentences: int = SENTENCES) -> tuple[Spans, Spans]:
    """Gold and predictions."""
    rng = random.Random(20220809)
    gold, predicted = [], []
    for _ in range(sentences):
        own, found = [], []
        for slot in range(PER_SENTENCE):
            start = slot * (LENGTH // PER_SENTENCE) + rng.randrange(3)
            span = (start, start + rng.randint(2, 6), rng.choice(TYPES))
            own.append(span)
            found.extend(perturbed(rng, span))
        gold.append(own)
        predicted.append(found)
    return gold, predicted


def perturbed(rng: random.Random, span: tuple[int, int, str]) -> list[tuple[int, int, str]]:
    """The span as nine of ten predictions have it; of the others a quarter is missed."""
    start, end, type_ = span
    kind = rng.randrange(40)
    if kind == 0:
        return []
    if kind == 1:
        return [(start, end - 1, type_)]
    if kind == 2:
        return [(start, end + 1, type_)]
    if kind == 3:
        return [(start, end, TYPES[TYPES.index(type_) - 1])]
    return [span]


def timed(work: Callable[[], float]) -> dict[str, float]:
    """Seconds, strict micro F1, peak memory in MB."""
    begin = time.perf_counter()
    value = work()
    seconds = time.perf_counter() - begin
    return {"seconds": seconds, "f1": value, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def ours() -> dict[str, float]:
    """All schemes, all types."""
    import tyez_bench

    gold, predicted = corpus()

    def work() -> float:
        report = tyez_bench.score_spans(gold, predicted)
        figures = {(scheme, row): report.figures(row, scheme) for scheme in report.schemes for row in report.types}
        assert len(figures) == len(report.schemes) * len(TYPES)
        return report.f1 or 0.0

    return timed(work)


def ours_with_intervals() -> dict[str, float]:
    """The same, and intervals of every type's figures from 1,000 draws."""
    import tyez_bench

    gold, predicted = corpus()

    def work() -> float:
        report = tyez_bench.score_spans(gold, predicted)
        for scheme in report.schemes:
            for row in report.types:
                report.figures(row, scheme)
        assert report.intervals()["micro"]["f1"] is not None
        return report.f1 or 0.0

    return timed(work)


def nervaluate() -> dict[str, float]:
    """Four schemes, all types; its ends are inclusive."""
    from nervaluate.evaluator import Evaluator

    sides = [[[{"label": t, "start": s, "end": e - 1} for s, e, t in spans] for spans in side] for side in corpus()]

    def work() -> float:
        result = Evaluator(*sides, tags=list(TYPES), loader="dict").evaluate()
        assert set(result["entities"]) == set(TYPES)
        return float(result["overall"]["strict"].f1)

    return timed(work)


def seqeval() -> dict[str, float]:
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


def one_document(entities: int) -> dict[str, float]:
    """All entities in one document."""
    import tyez_bench

    pairs = corpus(entities // PER_SENTENCE)
    gold, predicted = (
        [[(s + LENGTH * n, e + LENGTH * n, t) for n, spans in enumerate(side) for s, e, t in spans]] for side in pairs
    )
    return timed(lambda: tyez_bench.score_spans(gold, predicted).f1 or 0.0)


def million(sentences: int) -> dict[str, float]:
    """A file of sentences, streamed."""
    from tyez_bench.streaming import score_files

    with tempfile.TemporaryDirectory() as folder:
        # Written by another process, whose memory is not ours.
        command = [sys.executable, __file__, "--write", folder, "--sentences", str(sentences)]
        subprocess.run(command, check=True)
        return timed(lambda: score_files(Path(folder) / "gold.jsonl", Path(folder) / "predictions.jsonl").f1 or 0.0)


def write(folder: Path, sentences: int) -> None:
    """Write the files of :func:`million`."""
    gold, predicted = corpus(sentences)
    text = "一" * LENGTH
    for name, side, more in (("gold", gold, {"text": text}), ("predictions", predicted, {})):
        with (folder / f"{name}.jsonl").open("w", encoding="utf-8") as file:
            for number, spans in enumerate(side):
                entities = [{"start": s, "end": e, "type": t} for s, e, t in spans]
                file.write(json.dumps({"id": f"s{number}", **more, "entities": entities}, ensure_ascii=False) + "\n")


def command() -> dict[str, float]:
    """``tyez-bench score`` on committed predictions, the whole process."""
    predictions = Path(__file__).parent.parent / "data" / "predictions" / "jionlp.jsonl"
    line = [sys.executable, "-m", "tyez_bench", "score", str(predictions)]
    return timed(lambda: float(subprocess.run(line, check=True, capture_output=True).returncode))


CASES: dict[str, Callable[[], dict[str, float]]] = {
    "tyez-bench, six schemes": ours,
    "tyez-bench, six schemes, 1,000 draws": ours_with_intervals,
    "nervaluate 1.2.1, four schemes": nervaluate,
    "seqeval 1.2.2, strict": seqeval,
    "one document, 10,000 entities": lambda: one_document(10_000),
    "one document, 100,000 entities": lambda: one_document(100_000),
    "tyez-bench score, built-in gold, whole process": command,
}


def main() -> int:
    """Run every case in processes of its own and print the medians."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", help="a case")
    parser.add_argument("--sentences", type=int, default=1_000_000, help="of the streamed file (0: leave it out)")
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.write:
        write(args.write, args.sentences)
        return 0
    streamed = f"a file of {args.sentences:,} sentences, streamed"
    cases = dict(CASES)
    if args.sentences:
        cases[streamed] = partial(million, args.sentences)
    if args.only:
        print(json.dumps(cases[args.only]()))
        return 0
    print("| case | median s | runs | peak MB | strict F1 |\n|---|--:|---|--:|--:|")
    medians = {}
    for name in cases:
        runs = [_run(name, args.sentences) for _ in range(1 if name == streamed else RUNS)]
        medians[name] = median(run["seconds"] for run in runs)
        each = " ".join(f"{run['seconds']:.3f}" for run in runs)
        memory, value = max(run["memory"] for run in runs), runs[0]["f1"]
        figure = "" if name == list(CASES)[-1] else f"{value:.15f}"
        print(f"| {name} | {medians[name]:.3f} | {each} | {memory:.0f} | {figure} |", flush=True)
    first = medians["tyez-bench, six schemes"]
    for name in ("nervaluate 1.2.1, four schemes", "seqeval 1.2.2, strict"):
        print(f"\n{name}: {medians[name] / first:.0f} times the time of tyez-bench")
    return 0


def _run(name: str, sentences: int) -> dict[str, Any]:
    line = [sys.executable, __file__, "--only", name, "--sentences", str(sentences)]
    result: dict[str, Any] = json.loads(subprocess.run(line, check=True, capture_output=True, text=True).stdout)
    return result


if __name__ == "__main__":
    sys.exit(main())
