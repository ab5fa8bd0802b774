"""Time the reading and the writing of files against another checkout; a table of docs/speed.md is of these.

python scripts/benchmark_files.py --against DIR          the formats of docs/speed.md; DIR is another checkout's src
python scripts/benchmark_files.py --against DIR NAME …   these formats
python scripts/benchmark_files.py --list                 the names of all
python scripts/benchmark_files.py --documents N          files of N documents

The documents are made-up sentences with five entities each, in files that both checkouts read. Reading is
``tyez_bench.read_predictions`` for a gold set of the same documents, writing ``tyez_bench.export``; the format is
detected but for a DocBin, where detection alone took versions before 1.9 minutes. Each run is a process of its own,
which has read or written a small file before. The two checkouts take turns, and what they find has to be the same.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import msgspec

from made_up import SENTENCES, sentences_with_entities

RUNS = 5
SMALL = 10
# What tells a process of its own which case to run.
_HERE = "--here"


class Case(NamedTuple):
    """What is read or written: its title, the file or directory, the format where it is not detected."""

    title: str
    file: str
    format: str | None = None
    writes: bool = False


CASES = {
    "conll": Case("CoNLL, read", "gold.conll"),
    "label-studio": Case("Label Studio JSON, read", "gold.json"),
    "brat": Case("brat, read", "brat"),
    "docbin": Case("DocBin, read", "gold.spacy", format="docbin"),
    "export-docbin": Case("DocBin, written", "gold.jsonl", format="docbin", writes=True),
}
# How the files of the cases are called, by their formats.
WRITTEN = {"conll": "gold.conll", "label-studio": "gold.json", "brat": "brat", "docbin": "gold.spacy"}


def write(folder: Path, documents: int) -> None:
    """Write the files of all cases."""
    import tyez_bench
    from tyez_bench.files.jsonl import encode_lines

    folder.mkdir()
    native = folder / "gold.jsonl"
    native.write_bytes(encode_lines(sentences_with_entities(documents)))
    gold = tyez_bench.load(native)
    for format, name in WRITTEN.items():
        data = tyez_bench.export(gold, format, by="document").data
        if not isinstance(data, Mapping):
            (folder / name).write_bytes(data)
            continue
        (folder / name).mkdir()
        for file, content in data.items():
            (folder / name / file).write_bytes(content)


def timed(case: Case, folder: Path) -> dict[str, Any]:
    """Seconds, and the fingerprint of what was read or written."""
    import tyez_bench

    def work(part: str) -> tuple[float, str]:
        gold = tyez_bench.load(folder / part / "gold.jsonl")
        path = folder / part / case.file
        if case.writes:
            begin = time.perf_counter()
            written = tyez_bench.export(gold, "docbin")
            seconds = time.perf_counter() - begin
            # Older versions name what they wrote otherwise.
            inner = zlib.decompress(written.data)  # type: ignore[arg-type]
            return seconds, sha256(inner).hexdigest()
        begin = time.perf_counter()
        found = tyez_bench.read_predictions(path, gold, format=case.format)
        seconds = time.perf_counter() - begin
        assert tyez_bench.score(gold, found).f1 == 1.0
        return seconds, sha256(msgspec.json.encode(list(found.values()))).hexdigest()

    work("small")
    seconds, fingerprint = work("large")
    return {"seconds": seconds, "fingerprint": fingerprint}


def _run(name: str, folder: Path, source: Path) -> dict[str, Any]:
    line = [sys.executable, __file__, _HERE, name, str(folder)]
    environment = os.environ | {"PYTHONPATH": str(source)}
    done = subprocess.run(line, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def rows(names: list[str], folder: Path, own: Path, other: Path) -> Iterator[str]:
    """A row of the table for each case."""
    results: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {name: ([], []) for name in names}
    # By turns, so that what else the machine does falls on all.
    for _ in range(RUNS):
        for name in names:
            for runs, source in zip(results[name], (own, other), strict=True):
                runs.append(_run(name, folder, source))
    for name, both in results.items():
        assert len({run["fingerprint"] for runs in both for run in runs}) == 1, f"{name}: read differently"
        here, there = ([run["seconds"] for run in runs] for runs in both)
        cells = [
            CASES[name].title,
            f"{median(here):.3f}",
            f"{median(there):.3f}",
            f"{median(there) / median(here):.1f}",
        ]
        cells += [" ".join(f"{one:.3f}" for one in runs) for runs in (here, there)]
        yield f"| {' | '.join(cells)} |\n"


def main() -> int:
    """Run the cases in processes of their own and print the medians."""
    if sys.argv[1:2] == [_HERE]:
        # With the other checkout's package, whose command line may be another.
        os.write(1, json.dumps(timed(CASES[sys.argv[2]], Path(sys.argv[3]))).encode())
        return 0
    from tyez_bench.cli.output import emit, say
    from tyez_bench.cli.parser import Parser

    parser = Parser(prog="benchmark_files", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="cases (default: all)")
    parser.add_argument("--against", type=Path, metavar="DIR", help="the src of another checkout")
    parser.add_argument("--documents", type=int, default=SENTENCES, metavar="N", help="of each file")
    parser.add_argument("--list", action="store_true", help="print the names of all cases")
    args = parser.parse_args()
    unknown = [name for name in args.names if name not in CASES]
    if unknown:
        say(f"benchmark_files: unknown case {unknown[0]!r}; there are {', '.join(CASES)}")
        return 2
    if args.list:
        emit("".join(f"{name}: {case.title}\n" for name, case in CASES.items()))
        return 0
    if args.against is None or not (args.against / "tyez_bench").is_dir():
        say("benchmark_files: --against DIR: expected the src of another checkout, with tyez_bench in it")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        for name, documents in (("small", SMALL), ("large", args.documents)):
            write(Path(folder) / name, documents)
        own = Path(__file__).parent.parent / "src"
        emit("| format | median s | before | times | runs | runs before |\n|---|--:|--:|--:|---|---|\n")
        for row in rows(args.names or list(CASES), Path(folder), own, args.against):
            emit(row)
    return 0


if __name__ == "__main__":
    sys.exit(main())
