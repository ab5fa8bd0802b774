"""Time the scorer against others on made-up spans, and the consistency check; docs/speed.md has what this prints.

python scripts/benchmark.py                 the cases of docs/speed.md, each in processes of its own
python scripts/benchmark.py NAME …          these cases
python scripts/benchmark.py --list          the names of all cases
python scripts/benchmark.py --sentences N   the files of files, decoded, stream and check with N sentences
python scripts/benchmark.py --against DIR   the same work by the build in another checkout, too, and what is aimed at

The corpus is 20,000 sentences of 50 characters with 100,000 gold entities of four types, one in ten of which the
predictions miss, move or mistype. Each tool gets plain Python objects of the shape that it takes, made before the
clock starts; it stops when the figures of each type are there. The file of check has five entities a sentence.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from timed import CASES, Case, Result
from tyez_bench.cli.output import emit, say
from tyez_bench.cli.parser import Parser

# Not in the table of docs/speed.md.
BY_NAME = ("check", "check-2", "check-document")
PEERS = ("loop", "seqscore", "nervaluate", "seqeval", "decoded")
# The other build has no limit for what all overlaps: minutes, and gigabytes.
ALONE = (*PEERS, "tangle")


@dataclass(frozen=True)
class Aim:
    """What a case is to reach: a ratio to another one or to the other build, or so many seconds or megabytes."""

    case: str
    faster: float | None = None
    than: str = "build"
    at_most: float | None = None
    megabytes: float | None = None
    seconds: float | None = None
    bytes_a_sentence: float | None = None


AIMS = (
    Aim("schemes", faster=3, than="seqscore"),
    Aim("schemes", faster=30, than="nervaluate"),
    Aim("schemes", at_most=1.4, than="loop"),
    Aim("files", faster=8),
    Aim("files", at_most=2.5, than="decoded"),
    Aim("files-2", faster=13),
    Aim("files-command", faster=8),
    Aim("files-command", megabytes=200),
    Aim("stream-2", faster=12),
    Aim("stream-2", bytes_a_sentence=100),
    Aim("intervals", faster=5),
    Aim("compare", faster=30),
    Aim("crowd", faster=100),
    Aim("tangle", seconds=2),
    Aim("tangle", megabytes=300),
    Aim("diff", faster=40),
    Aim("labels", faster=8),
    Aim("labels", megabytes=150),
    # 0.18 s to 0.08 s, and 0.30 s to 0.24 s, on the machine where they were set.
    Aim("help", faster=2.25),
    Aim("check", faster=3),
    Aim("check", megabytes=369),
    Aim("check-2", faster=5),
    Aim("check-document", seconds=5),
    Aim("command", faster=1.25),
)


def main() -> int:
    """Run cases in processes of their own and print the medians."""
    parser = Parser(prog="benchmark", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"cases (default: all but {', '.join(BY_NAME)})")
    parser.add_argument("--sentences", type=int, metavar="N", help="of the files of files, decoded, stream and check")
    parser.add_argument("--against", type=Path, metavar="DIR", help="a checkout of another version")
    parser.add_argument("--list", action="store_true", help="print the names of all cases")
    args = parser.parse_args()
    cases = {name: case.with_sentences(args.sentences) for name, case in CASES.items()}
    unknown = [name for name in args.names if name not in cases]
    if unknown:
        say(f"benchmark: unknown case {unknown[0]!r}; there are {', '.join(cases)}")
        return 2
    if args.against is not None and not (args.against / "src" / "tyez_bench").is_dir():
        say(f"benchmark: {args.against}: no src/tyez_bench there, expected a checkout")
        return 2
    if args.list:
        emit("".join(f"{name}: {case.title.format(case.sentences)}\n" for name, case in cases.items()))
    else:
        chosen = {name: cases[name] for name in args.names or [name for name in cases if name not in BY_NAME]}
        here, there = run(chosen, args.against)
        emit(table(chosen, here))
        if there:
            emit(f"\n{aims(chosen, here, there)}")
    return 0


Results = dict[str, list[Result]]


def run(cases: dict[str, Case], other: Path | None) -> tuple[Results, Results]:
    """The results of each case here, and in another checkout."""
    here: Results = {name: [] for name in cases}
    there: Results = {name: [] for name in cases if name not in ALONE} if other is not None else {}
    # By turns, so that what else the machine does falls on all.
    for turn in range(max(case.runs for case in cases.values())):
        for name, case in cases.items():
            if turn < case.runs:
                here[name].append(_run(name, case, None))
                # Once is enough for what takes minutes there.
                if name in there and (turn == 0 or median(map(_seconds, there[name])) < 10):
                    there[name].append(_run(name, case, other))
    return here, there


def table(cases: dict[str, Case], here: Results) -> str:
    """A row a case."""
    lines = ["| case | median s | runs | peak MB | strict F1 |", "|---|--:|---|--:|--:|"]
    for name, case in cases.items():
        seconds, f1 = [_seconds(one) for one in here[name]], here[name][0]["f1"]
        cells = (f"{median(seconds):.3f}", " ".join(f"{one:.3f}" for one in seconds), f"{_memory(here[name]):.0f}")
        figure = "" if f1 is None else f"{f1:.15f}"
        lines.append(f"| {case.title.format(case.sentences)} | {' | '.join(cells)} | {figure} |")
    return "\n".join(lines) + "\n"


def aims(cases: dict[str, Case], here: Results, there: Results) -> str:
    """A row for each aim that can be told from the results."""
    lines = ["| case | the other build | this build | aim | reached |", "|---|--:|--:|---|---|"]
    for aim in AIMS:
        if aim.case not in here or aim.than not in ("build", *here):
            continue
        own, old = here[aim.case], there.get(aim.case)
        case = cases[aim.case]
        if aim.megabytes is not None or aim.bytes_a_sentence is not None:
            cells = [f"{_memory(old):.0f} MB" if old else "", f"{_memory(own):.0f} MB", *_memory_aim(aim, case, own)]
        else:
            cells = [_shown(old) if old else "", _shown(own), *_time_aim(aim, cases, here, there)]
        lines.append(f"| {case.title.format(case.sentences)} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _memory_aim(aim: Aim, case: Case, own: list[Result]) -> tuple[str, str]:
    """What is aimed at, and what was reached."""
    if aim.megabytes is not None:
        return f"{aim.megabytes:g} MB", _whether(_memory(own) <= aim.megabytes)
    assert aim.bytes_a_sentence is not None
    more = max((one["memory"] or 0) - (one["before"] or 0) for one in own) * 2**20 / case.sentences
    return f"{aim.bytes_a_sentence:g} bytes a sentence", f"{_whether(more <= aim.bytes_a_sentence)}: {more:.0f}"


def _time_aim(aim: Aim, cases: dict[str, Case], here: Results, there: Results) -> tuple[str, str]:
    """What is aimed at, and what was reached."""
    own = median(map(_seconds, here[aim.case]))
    if aim.seconds is not None:
        return f"{aim.seconds:g} s", _whether(own <= aim.seconds)
    other = there[aim.case] if aim.than == "build" else here[aim.than]
    what = "the other build" if aim.than == "build" else cases[aim.than].title
    if aim.faster is not None:
        times = median(map(_seconds, other)) / own
        return f"{aim.faster:g} × faster than {what}", f"{_whether(times >= aim.faster)}: {times:.1f} ×"
    assert aim.at_most is not None
    times = own / median(map(_seconds, other))
    return f"{aim.at_most:g} × the time of {what}", f"{_whether(times <= aim.at_most)}: {times:.2f} ×"


def _whether(reached: bool) -> str:
    return "yes" if reached else "no"


def _seconds(result: Result) -> float:
    return result["seconds"] or 0.0


def _memory(results: list[Result]) -> float:
    return max(one["memory"] or 0.0 for one in results)


def _shown(results: list[Result]) -> str:
    return f"{median(map(_seconds, results)):.3f} s"


def _run(name: str, case: Case, other: Path | None) -> Result:
    paths = {} if other is None else {"PYTHONPATH": str(other.resolve() / "src")}
    with tempfile.NamedTemporaryFile() as file:
        line = [sys.executable, str(Path(__file__).with_name("timed.py")), name, str(case.sentences), file.name]
        subprocess.run(line, check=True, env=os.environ | paths)
        result: Result = json.load(file)
    return result


if __name__ == "__main__":
    sys.exit(main())
