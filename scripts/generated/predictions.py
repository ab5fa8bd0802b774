"""The committed predictions, by running the systems again (data/predictions/*.yaml), each in a process of its own.

On the page (NAME.jsonl, and NAME.json with the facts of the run) and on the stress suite, whose predictions are packed
(stress/NAME.jsonl.gz). What differs in time and memory of the run alone, or in how it is packed, is not written anew.
"""

import gzip
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from generated.maker import DATA, Files, Maker, When
from tyez_bench.files.jsonl import encode_lines
from tyez_bench.leaderboard.submission import read_description
from tyez_bench.model.errors import InputError
from tyez_bench.stress.suite import suite
from tyez_bench.systems import request
from tyez_bench.systems.system import System, combine, passages

FOLDER = DATA / "predictions"
SOURCES = ("data/gold.jsonl", "data/predictions/*.yaml")


def makers() -> Iterator[Maker]:
    """A maker for each description. Raises InputError for one that can't be read."""
    for path in sorted(FOLDER.glob("*.yaml")):
        name, repeats = path.stem, read_description(path).repeats
        yield Maker(
            f"predictions/{name}",
            f"data/predictions/{{,stress/}}{name}.*",
            SOURCES,
            partial(make, name),
            compare=partial(make, name, quick=True),
            when=When.ALL if repeats else When.NAMED,
            why="runs the system on the page and the stress suite"
            if repeats
            else "the system does not give the same bytes on any machine, or needs what is not installed everywhere",
        )


def make(name: str, *, quick: bool = False) -> Files:
    """What a system gives now. Raises InputError, and CalledProcessError where the system fails.

    ``quick``: for a system that is put together, the committed predictions of its parts are, without running them.
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        run(name, out, quick=quick)
        return {FOLDER / file: now(out, file) for file in files(name, quick=quick)}


def run(name: str, out: Path, *, quick: bool) -> None:
    """Run the command of a description, in a directory, and the same system on the suite."""
    path = FOLDER / f"{name}.yaml"
    command = read_description(path).command.split()
    # Descriptions of before 1.8 have the old name.
    written = any(command[-2:] == [option, f"{name}.jsonl"] for option in ("--output", "--out"))
    if command[:2] != ["tyez-bench", "run"] or not written:
        raise InputError(f"expected a command tyez-bench run … --output {name}.jsonl", path=path)
    tool = [sys.executable, "-m", "tyez_bench"]
    subprocess.run([*tool, *command[1:]], cwd=out, check=True)
    (out / "stress").mkdir(exist_ok=True)
    if quick and "+" in name:
        (out / "stress" / f"{name}.jsonl").write_bytes(put_together(name))
        return
    on_stress = [*tool, "stress", *command[2:-2], "--output", f"stress/{name}.jsonl"]
    subprocess.run(on_stress, cwd=out, check=True, stdout=subprocess.DEVNULL)


def put_together(name: str) -> bytes:
    """The predictions of a combined system for the suite, from those of its parts that are committed."""

    def part(system: str) -> tuple[str | None, System]:
        lines = gzip.decompress((FOLDER / "stress" / f"{system}.jsonl.gz").read_bytes()).splitlines()
        records = {record["id"]: record for record in map(json.loads, lines)}
        return request(system).labels, System(predict=lambda given: [records[passage.id] for passage in given])

    combined = combine(name, [part(system) for system in name.split("+")])
    return encode_lines(list(combined.predict(passages(suite().gold, combined.by))))


def files(name: str, *, quick: bool) -> list[str]:
    """What is committed of a system."""
    found = [f"{name}.jsonl", f"{name}.json", f"stress/{name}.jsonl.gz", f"stress/{name}.json"]
    # What was not run has no facts.
    return found[:3] if quick and "+" in name else found


def now(out: Path, file: str) -> bytes:
    """A file as the run in ``out`` gives it; as it is committed, where nothing that counts differs."""
    data = (out / file.removesuffix(".gz")).read_bytes()
    committed = (FOLDER / file).read_bytes() if (FOLDER / file).is_file() else None
    if file.endswith(".json"):
        return committed if committed is not None and facts(committed) == facts(data) else data
    if file.endswith(".gz"):
        # Another zlib packs otherwise.
        same = committed is not None and gzip.decompress(committed) == data
        return committed if committed is not None and same else gzip.compress(data, mtime=0)
    return data


def facts(data: bytes) -> dict[str, Any]:
    """What decides the predictions: the facts without the time and memory of the run."""
    found: dict[str, Any] = json.loads(data)
    found.pop("run", None)
    return found
