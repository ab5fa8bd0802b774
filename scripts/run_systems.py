"""Run the systems whose predictions are committed (data/predictions/*.yaml), each in a process of its own.

python scripts/run_systems.py                   write data/predictions/NAME.jsonl and NAME.json
python scripts/run_systems.py --check           exit 1 when a system does not predict what is committed, to the byte
python scripts/run_systems.py --check jieba     these alone

Without names, --check runs those whose description says that they repeat on any machine.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tyez_bench.errors import TyezBenchError
from tyez_bench.jsonl import write_atomic
from tyez_bench.leaderboard.submission import read_description

FOLDER = Path(__file__).parent.parent / "data" / "predictions"


def run(name: str, out: Path) -> None:
    """Run the command of a description, in a directory. Raises CalledProcessError."""
    command = read_description(FOLDER / f"{name}.yaml").command.split()
    if command[:2] != ["tyez-bench", "run"] or command[-2:] != ["--out", f"{name}.jsonl"]:
        raise SystemExit(f"{name}.yaml: expected a command tyez-bench run … --out {name}.jsonl")
    subprocess.run([sys.executable, "-m", "tyez_bench", *command[1:]], cwd=out, check=True)


def facts(path: Path) -> dict[str, Any]:
    """What decides the predictions: the facts without the time and memory of the run."""
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    found.pop("run", None)
    return found


def differing(name: str, out: Path) -> list[str]:
    """The files that are not what is committed."""
    wrong = []
    if (out / f"{name}.jsonl").read_bytes() != (FOLDER / f"{name}.jsonl").read_bytes():
        wrong.append(f"{name}.jsonl")
    if facts(out / f"{name}.json") != facts(FOLDER / f"{name}.json"):
        wrong.append(f"{name}.json")
    return wrong


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
                run(name, out)
            except TyezBenchError as error:
                print(error, file=sys.stderr)
                return error.exit_code
            except subprocess.CalledProcessError as error:
                return int(error.returncode)
            if args.check:
                stale += differing(name, out)
            else:
                for path in (out / f"{name}.jsonl", out / f"{name}.json"):
                    write_atomic(FOLDER / path.name, path.read_bytes())
    if args.check:
        print(f"run again: {', '.join(names)}")
    for path_name in stale:
        print(f"data/predictions/{path_name} is not what the system predicts", file=sys.stderr)
    return int(bool(stale))


if __name__ == "__main__":
    sys.exit(main())
