"""What the consistency check catches: single corruptions of the gold, by kind (docs/corruptions.md).

A corruption is caught when the check has a finding that the gold as it is does not have. The second share is without
the families A and V, and without entries of accepted findings that went stale: what remains on a gold set without
passes and releases.
"""

import json
import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from shutil import copytree

from msgspec.structs import replace

from generated.corrupt.kinds import KINDS
from generated.corrupt.state import Corruption, Record, State
from generated.maker import DOCS, ROOT, Files
from tyez_bench.checks.config import read_config
from tyez_bench.checks.fix import canonical
from tyez_bench.checks.project import Project, check_project
from tyez_bench.files.jsonl import encode
from tyez_bench.report.table import render, table

SEED = 20220809
# Corruptions of each kind.
NUMBER = 15
PAGE = """# What the consistency check catches

Written by `python scripts/regenerate.py corruptions`: the share of single, seeded corruptions of this gold set that
give a finding which the intact gold doesn't have. Offsets, surface and id stay consistent in a corruption unless
its kind says otherwise. The second share excludes the families A (passes and log) and V (releases), the comparison
with the page (F006) and stale entries of accepted findings: it applies to a gold set without passes and releases.
The commands of V804 and V805, which rebuild everything, are not run. The rules listed catch a kind without A and V,
the most frequent first.

Without passes or a released version the check can't catch changes to a role, an alternative boundary, a missing
document, an entry of the log, and unmarked names that occur once.

"""


def make() -> Files:
    """The page with the table."""
    return {DOCS / "corruptions.md": (PAGE + _table(_all())).encode("utf-8")}


def details() -> Iterator[str]:
    """Those that were not caught without A and V."""
    for one in _all():
        if not one.alone:
            yield f"{one.kind}: {one.what}" + ("" if one.codes else "  (not at all)")


@cache
def _all() -> list["Try"]:
    return list(tries(NUMBER))


@dataclass(frozen=True)
class Try:
    """A corruption, and what caught it: the codes of the new findings, with and without the project's families."""

    kind: str
    what: str
    codes: tuple[str, ...]

    @property
    def alone(self) -> tuple[str, ...]:
        """The codes that a gold set without passes, releases and accepted findings has, too."""
        return tuple(code for code in self.codes if code[0] not in "ABV" and code != "F006")


class Bench:
    """A copy of the project, in which one corruption at a time is made and checked."""

    def __init__(self, folder: Path):
        for name in ("annotations", "data"):
            copytree(ROOT / name, folder / name)
        for name in ("CHANGELOG.md", "pyproject.toml"):
            (folder / name).write_bytes((ROOT / name).read_bytes())
        self.folder = folder
        config = read_config(folder / "pyproject.toml")
        assert config.release is not None
        # The commands would rebuild everything, and catch everything: what the rules see is asked here.
        quick = replace(config.release, figures=(), rebuild=())
        self.project = Project(replace(config, release=quick), folder)
        self.gold = folder / "annotations" / "gold.jsonl"
        self.log = folder / "annotations" / "adjudication.jsonl"
        self.passes = {name: folder / "data" / "passes" / f"{name}.jsonl" for name in "AB"}
        self.clean = {path: path.read_bytes() for path in (self.gold, self.log, *self.passes.values())}
        self.known = self.found()

    def state(self) -> State:
        """The project as it is."""
        read = {path: [json.loads(line) for line in data.splitlines()] for path, data in self.clean.items()}
        return State(read[self.gold], {name: read[path] for name, path in self.passes.items()}, read[self.log])

    def found(self) -> set[tuple[str, str]]:
        """Codes and fingerprints of what stands."""
        return {(finding.code, finding.fingerprint) for finding in check_project(self.project).findings}

    def try_(self, kind: str, corruption: Corruption, rng: random.Random) -> Try | None:
        """Corrupt, check, and put everything back."""
        state = self.state()
        what = corruption(state, rng)
        if what is None:
            return None
        lines = b"".join(canonical(record) + b"\n" for record in state.gold)
        files = {self.gold: lines if state.raw is None else state.raw}
        files[self.log] = b"".join(encode(entry) + b"\n" for entry in state.log)
        files |= {self.passes[name]: b"".join(map(_line, found)) for name, found in state.passes.items()}
        for path, data in files.items():
            path.write_bytes(data)
        new = self.found() - self.known
        for path, data in self.clean.items():
            path.write_bytes(data)
        return Try(kind, what, tuple(sorted({code for code, _ in new})))


def _line(record: Record) -> bytes:
    return encode(record) + b"\n"


def tries(number: int, kinds: list[str] | None = None) -> Iterator[Try]:
    """So many corruptions of each kind, seeded by the kind's name."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder).resolve())
        for kind in kinds or list(KINDS):
            rng = random.Random(f"{SEED} {kind}")
            for _ in range(number):
                done = bench.try_(kind, KINDS[kind], rng)
                if done is not None:
                    yield done


def _table(found: list[Try]) -> str:
    """Shares by kind, with the rules that caught most."""

    def share(tried: list[Try], alone: bool) -> str:
        caught = sum(bool(one.alone if alone else one.codes) for one in tried)
        return f"{caught} ({100 * caught / len(tried):.0f} %)"

    rows = []
    for kind in dict.fromkeys(one.kind for one in found):
        tried = [one for one in found if one.kind == kind]
        codes = [code for one in tried for code in one.alone]
        most = ", ".join(sorted(set(codes), key=lambda code: (-codes.count(code), code))[:4]) or "–"
        rows.append((kind, most, str(len(tried)), share(tried, False), share(tried, True)))
    rows.append(("all", "", str(len(found)), share(found, False), share(found, True)))
    header = ("corruption", "rules, without A and V", "tried", "caught", "caught without A and V")
    return render([table("", header, rows, words=2)], "markdown")
