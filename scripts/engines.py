"""What scoring by engines costs: the tables of docs/engines.md, measured on made-up sentences.

python scripts/engines.py                     100,000 and a million sentences by one and two processes, and by stage
python scripts/engines.py --sentences N …     these numbers of sentences
python scripts/engines.py --engine NAME …     processes, spark or ray, as far as installed

A sentence has 50 characters and five entities; the files are JSON Lines of 100,000 sentences each, the predictions in
another order than the gold. Each run is a process of its own, from the start of Python to the last interval.
"""

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from made_up import LENGTH, TYPES, perturbed
from tyez_bench.cli.output import emit, say
from tyez_bench.engines.columns import BATCH, GOLD_SIDE, PREDICTED_SIDE, from_lines
from tyez_bench.engines.kernel import added, count
from tyez_bench.engines.processes import join
from tyez_bench.engines.rows import Rules
from tyez_bench.files.jsonl import encode
from tyez_bench.scoring.settings import Settings

SEED = 20220809
SHARD = 100_000
# Sentences that the stages are timed with, one after the other.
STAGED = 100_000

_SCORE = """
import sys, tyez_bench
report = tyez_bench.score_shards(sys.argv[1], sys.argv[2], engine=sys.argv[3], jobs=int(sys.argv[4]))
print(report.f1, report.intervals()["micro"]["f1"])
"""


def records(first: int, number: int) -> Iterator[tuple[bytes, bytes]]:
    """Lines of gold and of predictions."""
    rng = random.Random(SEED + first)
    text = "一" * LENGTH
    for at in range(first, first + number):
        own, found = [], []
        for start in range(0, LENGTH, 10):
            begin = start + rng.randrange(3)
            span = (begin, begin + rng.randint(2, 6), rng.choice(TYPES))
            own.append(span)
            found += perturbed(rng, span)
        sides = ([{"start": s, "end": e, "type": t} for s, e, t in spans] for spans in (own, found))
        gold, predicted = sides
        yield encode({"id": f"s{at}", "text": text, "entities": gold}), encode({"id": f"s{at}", "entities": predicted})


def write(folder: Path, sentences: int) -> None:
    """Write the shards of both sides."""
    for name in ("gold", "predictions"):
        (folder / name).mkdir()
    for first in range(0, sentences, SHARD):
        gold, predicted = map(list, zip(*records(first, min(SHARD, sentences - first)), strict=True))
        random.Random(SEED).shuffle(predicted)
        for name, lines in (("gold", gold), ("predictions", predicted)):
            (folder / name / f"part-{first}.jsonl").write_bytes(b"\n".join(lines) + b"\n")


def run(folder: Path, engine: str, jobs: int) -> tuple[float, float, float, str]:
    """Seconds, seconds of all cores, MB of the largest process, and what was printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.perf_counter()
    command = [sys.executable, "-c", _SCORE, str(folder / "gold"), str(folder / "predictions"), engine, str(jobs)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    seconds = time.perf_counter() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cores = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, cores, after.ru_maxrss / 1024, done.stdout


def stages() -> list[str]:
    """Microseconds of a core for each sentence, by stage, and bytes that it is in between."""
    gold, predicted = map(list, zip(*records(0, STAGED), strict=True))
    random.Random(SEED).shuffle(predicted)
    times = [time.perf_counter()]
    sides = []
    for lines, side in ((gold, GOLD_SIDE), (predicted, PREDICTED_SIDE)):
        sides.append(pa.Table.from_batches(from_lines(iter(lines), side, "made up")))
        times.append(time.perf_counter())
    joined = join(*sides)
    times.append(time.perf_counter())
    parts = [count(joined.slice(at, BATCH), Rules(Settings())) for at in range(0, len(joined), BATCH)]
    times.append(time.perf_counter())
    total = added(parts)
    times.append(time.perf_counter())
    names = ("read the gold", "read the predictions", "join", "count", "add up")
    rows = [
        f"| {name} | {(end - begin) / STAGED * 1e6:.1f} |"
        for name, begin, end in zip(names, times, times[1:], strict=False)
    ]
    sizes = [sum(map(len, lines)) / STAGED for lines in (gold, predicted)]
    shuffled = sum(side.nbytes for side in sides) / STAGED
    return [
        "| stage | µs of a core a sentence |",
        "|---|--:|",
        *rows,
        "",
        f"A sentence is {sizes[0]:.0f} bytes of gold and {sizes[1]:.0f} of predictions in JSON, "
        f"{shuffled:.0f} bytes as columns; the counts of all are {total.num_rows} rows, {total.nbytes // 1000} kB.",
    ]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sentences", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--engine", nargs="+", default=["processes"], choices=("processes", "spark", "ray"))
    args = parser.parse_args()
    table = [
        "| sentences | engine | processes | s | s of all cores | MB of the largest process |",
        "|--:|---|--:|--:|--:|--:|",
    ]
    for sentences in args.sentences:
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder), sentences)
            said = set()
            for engine in args.engine:
                for jobs in (1, 2):
                    say(f"{sentences} sentences, {engine}, {jobs}")
                    seconds, cores, memory, printed = run(Path(folder), engine, jobs)
                    said.add(printed)
                    # What clusters start is not among the children that are waited for.
                    more = f"{cores:.1f} | {memory:.0f}" if engine == "processes" else "– | –"
                    table.append(f"| {sentences:,} | {engine} | {jobs} | {seconds:.1f} | {more} |")
            assert len(said) == 1, said
    emit("\n".join([*table, "", *stages()]) + "\n")


if __name__ == "__main__":
    main()
