"""How time and memory of streamed scoring grow with the sentences: the cost law of docs/speed.md.

python scripts/growth.py                    100,000 and a million sentences by one and two processes, and the stages
python scripts/growth.py --sentences N …    these numbers of sentences; ten million need 7 GB of disk
python scripts/growth.py --jobs N …         by these numbers of processes

A sentence has 50 characters and five entities (scripts/made_up.py). Each run is a process of its own; the clock runs
from the call of score_stream to the last interval. What it takes to write the files is printed apart.
"""

import json
import pickle
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

from tyez_bench.cli.output import emit, say
from tyez_bench.cli.parser import Parser
from tyez_bench.files.inputs import without_collection
from tyez_bench.gold.label_sets import BUILT_IN, load_label_set
from tyez_bench.io.plain import line_by_line
from tyez_bench.scoring.plain import Scoring
from tyez_bench.scoring.plain_chunks import Rules, count_bytes
from tyez_bench.scoring.settings import Settings

# Sentences that the stages are timed with, one after the other.
STAGED = 100_000
# Bits a second of a network, and cores of a machine, on paper.
NETWORK, CORES, MACHINES = 10e9, 32, 100

COLUMNS = (
    "sentences",
    "processes",
    "s",
    "sentences a second",
    "µs of all cores a sentence",
    "MB",
    "bytes a sentence above the start",
    "MB of another process",
    "to write the files, s",
)

_RUN = """
import json, resource, sys, time
from pathlib import Path
from tyez_bench import score_stream
def of(who):
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
folder, jobs = Path(sys.argv[1]), int(sys.argv[2])
_, before = of(resource.RUSAGE_SELF)
begin = time.perf_counter()
report = score_stream(folder / "gold.jsonl", folder / "predictions.jsonl", jobs=jobs)
interval = report.intervals()["micro"]["f1"]
seconds = time.perf_counter() - begin
(own, memory), (others, each) = of(resource.RUSAGE_SELF), of(resource.RUSAGE_CHILDREN)
said = [report.f1, interval.low, interval.high, report.gold.fingerprint]
print(json.dumps({"s": seconds, "cores": own + others, "MB": memory, "before": before, "each": each, "said": said}))
"""


def written(folder: Path, sentences: int) -> float:
    """Write the files, and say how long that took."""
    begin = time.perf_counter()
    subprocess.run(
        [sys.executable, str(Path(__file__).with_name("made_up.py")), str(folder), str(sentences)], check=True
    )
    return time.perf_counter() - begin


def run(folder: Path, jobs: int) -> dict[str, Any]:
    """Seconds, seconds of all cores, and MB of the first process, before and at most, and of the largest other one."""
    done = subprocess.run([sys.executable, "-c", _RUN, str(folder), str(jobs)], check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def stages(folder: Path) -> dict[str, float]:
    """Microseconds of a core for each sentence by stage, with the files of ``STAGED`` sentences.

    All but ``count`` is what the first of several processes does by itself.
    """
    labels = tuple(sorted(load_label_set(BUILT_IN).names))
    rules = Rules(Settings(), None, names=False, labels=labels)
    scoring = Scoring(rules)
    found = dict.fromkeys(("read", "hand over", "count", "take back", "add up"), 0.0)
    with (
        (folder / "gold.jsonl").open("rb") as gold,
        (folder / "predictions.jsonl").open("rb") as predictions,
        without_collection(),
    ):
        begin = time.process_time()
        for lines in line_by_line(gold, predictions, whole=False):
            times = [begin, time.process_time()]
            # Each is packed on one side and unpacked on the other.
            sent: tuple[bytes, bytes] = pickle.loads(pickle.dumps(lines))
            times.append(time.process_time())
            counted = count_bytes(*sent, rules)
            times.append(time.process_time())
            counted = pickle.loads(pickle.dumps(counted))
            times.append(time.process_time())
            scoring.add(counted)
            begin = time.process_time()
            for name, (one, other) in zip(found, pairwise([*times, begin]), strict=True):
                found[name] += other - one
    return {name: seconds / STAGED * 1e6 for name, seconds in found.items()}


def main() -> None:
    """Print the tables."""
    parser = Parser(prog="growth", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sentences", type=int, nargs="+", default=[100_000, 1_000_000], metavar="N")
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2], metavar="N")
    args = parser.parse_args()
    rows = [f"| {' | '.join(COLUMNS)} |", f"|{'--:|' * len(COLUMNS)}"]
    ratios: list[str] = []
    for sentences in args.sentences:
        with tempfile.TemporaryDirectory(prefix="tyez-bench-") as name:
            say(f"{sentences:,} sentences are written")
            writing = written(Path(name), sentences)
            seconds: dict[int, float] = {}
            said = []
            for jobs in args.jobs:
                say(f"{sentences:,} sentences, {jobs}")
                found = run(Path(name), jobs)
                seconds[jobs] = found["s"]
                said.append(found["said"])
                cells = (
                    f"{sentences:,}",
                    f"{jobs}",
                    f"{found['s']:.2f}",
                    f"{sentences / found['s']:,.0f}",
                    f"{found['cores'] / sentences * 1e6:.1f}",
                    f"{found['MB']:.0f}",
                    f"{(found['MB'] - found['before']) * 2**20 / sentences:.0f}",
                    f"{found['each']:.0f}" if jobs > 1 else "–",
                    f"{writing:.1f}",
                )
                rows.append(f"| {' | '.join(cells)} |")
            assert all(one == said[0] for one in said), said
            first, *others = args.jobs
            ratios += [f"{sentences:,}: {seconds[first] / seconds[j]:.2f} × by {j} processes" for j in others]
    with tempfile.TemporaryDirectory(prefix="tyez-bench-") as name:
        written(Path(name), STAGED)
        size = sum(path.stat().st_size for path in Path(name).iterdir()) / STAGED
        of_stages = stages(Path(name))
    emit("\n".join([*rows, "", "; ".join(ratios) + ".", "", *on_paper(of_stages, size)]) + "\n")


def on_paper(of_stages: dict[str, float], size: float) -> list[str]:
    """The stages, and what follows from them for more processes and for many machines."""
    count = of_stages["count"]
    alone = sum(of_stages.values()) - count
    lines = ["| stage | µs of a core a sentence |", "|---|--:|"]
    lines += [f"| {name} | {found:.2f} |" for name, found in of_stages.items()]
    lines += ["", f"A sentence is {size:.0f} bytes of both files.", ""]
    lines += [
        f"| sentences | one machine of {CORES} cores: what its first process does | {MACHINES} machines: count "
        f"| {MACHINES} machines: from storage at 10 Gbit/s each |",
        "|--:|--:|--:|--:|",
    ]
    for power in (7, 9, 11):
        number = 10**power
        cells = (
            alone * number,
            (count + alone) * number / (CORES * MACHINES),
            size * 8e6 * number / NETWORK / MACHINES,
        )
        lines.append(f"| 10^{power} | {' | '.join(_seconds(micro / 1e6) for micro in cells)} |")
    return lines


def _seconds(number: float) -> str:
    for size, unit in ((3600, "h"), (60, "min")):
        if number >= 2 * size:
            return f"{number / size:.3g} {unit}"
    return f"{number:.2g} s"


if __name__ == "__main__":
    main()
