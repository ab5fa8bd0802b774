"""How noisy the rules are, and what they find: clean news sentences, and mistakes made by hand.

The sentences of tests/rules/clean_news.jsonl were annotated by reading: what is found in them is noise, or at least is
right as it stands. Each mistake of tests/rules/slips.jsonl is put beside them by itself, and names the rule that must
find it.
"""

import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from generated.maker import ROOT
from tyez_bench.checks.config import Config
from tyez_bench.checks.engine import Plan, chosen, run
from tyez_bench.checks.read import Loaded, load_file
from tyez_bench.checks.rule import Finding, Level, rules
from tyez_bench.files.jsonl import encode
from tyez_bench.report.table import render, table

CLEAN = ROOT / "tests" / "rules" / "clean_news.jsonl"
SLIPS = ROOT / "tests" / "rules" / "slips.jsonl"
PLAN = Plan(level=Level.OCCURRENCES, codes=chosen((), ()))


@dataclass(frozen=True)
class Slip:
    """A mistake: its kind, the rule that must find it, and the codes of what it adds to the findings."""

    kind: str
    code: str
    text: str
    found: tuple[str, ...]


def loaded(lines: bytes) -> Loaded:
    """Lines of gold as the check reads them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gold.jsonl"
        path.write_bytes(lines)
        return load_file(path, path.name, Config())


def findings(gold: Loaded, config: Config | None = None) -> list[Finding]:
    """What the rules about single sets find in gold."""
    return run([gold], config or Config(), PLAN).findings


def in_clean_news(config: Config | None = None) -> list[Finding]:
    """What is found in the clean sentences."""
    return findings(loaded(CLEAN.read_bytes()), config)


def beside(clean: Loaded, other: Loaded) -> Loaded:
    """The sentences of two files as those of one, without a second reading of the first."""
    return replace(
        clean,
        texts=(*clean.texts, *other.texts),
        findings=(*clean.findings, *other.findings),
        records=clean.records + other.records,
        ids=(*clean.ids, *other.ids),
        refused={**clean.refused, **other.refused},
        labels=clean.labels + other.labels,
    )


def slips() -> Iterator[Slip]:
    """Every mistake, each judged by itself among the clean sentences."""
    clean = loaded(CLEAN.read_bytes())
    known = Counter((finding.code, finding.fingerprint) for finding in findings(clean))
    for line in SLIPS.read_bytes().splitlines():
        slip: dict[str, Any] = json.loads(line)
        record = {"id": "slip", "text": slip["text"], "entities": slip["entities"]}
        both = beside(clean, loaded(encode(record) + b"\n"))
        new = Counter((f.code, f.fingerprint) for f in findings(both)) - known
        codes = tuple(code for (code, _), number in new.items() for _ in range(number))
        yield Slip(slip["kind"], slip["code"], slip["text"], codes)


def tables(noise: list[Finding], tried: list[Slip]) -> str:
    """The two tables of the page."""
    codes = Counter(finding.code for finding in noise)
    rows = [(f"{code} {rules()[code].name}", str(number)) for code, number in sorted(codes.items())]
    rows.append(("all", str(len(noise))))
    records = [json.loads(line) for line in CLEAN.read_bytes().splitlines()]
    entities = sum(len(record["entities"]) for record in records)
    first = render(
        [table("", ("rule", f"findings in {len(records)} sentences, {entities} entities"), rows)], "markdown"
    )
    mistakes = []
    for kind in (*dict.fromkeys(slip.kind for slip in tried), "all"):
        of_kind = [slip for slip in tried if kind in (slip.kind, "all")]
        found = sum(slip.code in slip.found for slip in of_kind)
        some = sum(bool(slip.found) for slip in of_kind)
        one = sum(len(slip.found) == 1 for slip in of_kind)
        mistakes.append((kind, *(str(number) for number in (len(of_kind), found, some, one))))
    header = ("mistake", "tried", "by its rule", "by any rule", "by one finding alone")
    return first + "\n" + render([table("", header, mistakes)], "markdown")


def details() -> Iterator[str]:
    """What is found in the clean sentences, and the mistakes with another outcome than theirs."""
    for finding in in_clean_news():
        yield f"{finding.document} {finding.code} {finding.message}"
    for slip in slips():
        if slip.found != (slip.code,):
            yield f"{slip.code} {slip.kind}: {slip.text} {', '.join(slip.found) or 'nothing'}"
