"""Run the systems whose predictions are committed (data/predictions/*.yaml), each in a process of its own.

On the page and on the stress suite, whose predictions are packed (data/predictions/stress/NAME.jsonl.gz).

python scripts/run_systems.py                   write data/predictions/NAME.jsonl and NAME.json, and those of the suite
python scripts/run_systems.py --check           exit 1 when a system does not predict what is committed, to the byte
python scripts/run_systems.py --check jieba     these alone

Without names, --check runs those whose description says that they repeat on any machine.
"""

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tyez_bench.errors import TyezBenchError
from tyez_bench.jsonl import encode_lines, write_atomic
from tyez_bench.leaderboard.submission import read_description
from tyez_bench.stress.suite import suite
from tyez_bench.systems import request
from tyez_bench.systems.combined import combine
from tyez_bench.systems.system import System, passages

FOLDER = Path(__file__).parent.parent / "data" / "predictions"


def run(name: str, out: Path, *, quick: bool) -> None:
    """Run the command of a description, in a directory, and the same system on the suite. Raises CalledProcessError.

    ``quick``: for a system that is put together, the committed predictions of its parts are, without running them.
    """
    command = read_description(FOLDER / f"{name}.yaml").command.split()
    if command[:2] != ["tyez-bench", "run"] or command[-2:] != ["--out", f"{name}.jsonl"]:
        raise SystemExit(f"{name}.yaml: expected a command tyez-bench run … --out {name}.jsonl")
    tool = [sys.executable, "-m", "tyez_bench"]
    subprocess.run([*tool, *command[1:]], cwd=out, check=True)
    (out / "stress").mkdir(exist_ok=True)
    if quick and "+" in name:
        (out / "stress" / f"{name}.jsonl").write_bytes(put_together(name))
        return
    told = [*tool, "stress", *command[2:-2], "--out", f"stress/{name}.jsonl"]
    subprocess.run(told, cwd=out, check=True, stdout=subprocess.DEVNULL)


def put_together(name: str) -> bytes:
    """The predictions of a combined system for the suite, from those of its parts that are committed."""

    def part(system: str) -> tuple[str | None, System]:
        lines = gzip.decompress((FOLDER / "stress" / f"{system}.jsonl.gz").read_bytes()).splitlines()
        records = {record["id"]: record for record in map(json.loads, lines)}
        return request(system).labels, System(predict=lambda given: [records[passage.id] for passage in given])

    combined = combine(name, [part(system) for system in name.split("+")])
    return encode_lines(list(combined.predict(passages(suite().gold, combined.by))))


def files(name: str, *, quick: bool) -> list[str]:
    """What is committed of a system, and compared."""
    found = [f"{name}.jsonl", f"{name}.json", f"stress/{name}.jsonl.gz", f"stress/{name}.json"]
    # What was not run has no facts.
    return found[:3] if quick and "+" in name else found


def made(out: Path, file: str) -> bytes:
    """A file as a run has made it; of packed ones, what is in them: another zlib packs otherwise."""
    return (out / file.removesuffix(".gz")).read_bytes()


def differing(out: Path, file: str) -> bool:
    """Whether a file is not what is committed."""
    if not (FOLDER / file).is_file():
        return True
    committed = (FOLDER / file).read_bytes()
    if file.endswith(".json"):
        return facts(made(out, file)) != facts(committed)
    return made(out, file) != (gzip.decompress(committed) if file.endswith(".gz") else committed)


def facts(data: bytes) -> dict[str, Any]:
    """What decides the predictions: the facts without the time and memory of the run."""
    found: dict[str, Any] = json.loads(data)
    found.pop("run", None)
    return found


def main() -> int:
    """Write or compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", help="the systems (default: all)")
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    args = parser.parse_args()
    stale = []
    names = args.names or [
        path.stem for path in sorted(FOLDER.glob("*.yaml")) if not args.check or read_description(path).repeats
    ]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        for name in names:
            try:
                run(name, out, quick=args.check)
            except TyezBenchError as error:
                print(error, file=sys.stderr)
                return error.exit_code
            except subprocess.CalledProcessError as error:
                return int(error.returncode)
            changed = [file for file in files(name, quick=args.check) if differing(out, file)]
            if args.check:
                stale += changed
                continue
            (FOLDER / "stress").mkdir(exist_ok=True)
            for file in changed:
                data = made(out, file)
                write_atomic(FOLDER / file, gzip.compress(data, mtime=0) if file.endswith(".gz") else data)
    if args.check:
        print(f"run again: {', '.join(names)}")
    for path_name in stale:
        print(f"data/predictions/{path_name} is not what the system predicts", file=sys.stderr)
    return int(bool(stale))


if __name__ == "__main__":
    sys.exit(main())
