"""The figures in the documents, each printed by a command, between <!-- figures: NAME --> and <!-- end -->.

python scripts/check_figures.py            compare, exit 1 when a document differs
python scripts/check_figures.py --write    write them into the documents
python scripts/check_figures.py --print    print them
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import tyez_bench
from tyez_bench.corpus.gold import data_dir
from tyez_bench.errors import TyezBenchError
from tyez_bench.formats.read import read_predictions
from tyez_bench.jsonl import write_atomic
from tyez_bench.render.other_sheets import agreement_sheets, comparison_sheet, power_sheet
from tyez_bench.render.score_sheets import several_sheet
from tyez_bench.render.text import render
from tyez_bench.scoring.comparison import NUMBER, compare
from tyez_bench.systems import SYSTEMS

ROOT = Path(__file__).parent.parent
DOCUMENTS = (ROOT / "README.md", ROOT / "DATASHEET.md")
BLOCK = re.compile(r"(<!-- figures: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def reports(names: Iterable[str]) -> list[tyez_bench.Report]:
    """The committed predictions of these systems, scored."""
    gold = tyez_bench.load()
    folder = ROOT / "data" / "predictions"
    return [
        tyez_bench.score(
            gold, read_predictions(folder / f"{name}.jsonl", gold, labels=SYSTEMS[name].labels), system=name
        )
        for name in names
    ]


def scores() -> str:
    """As ``tyez-bench run --score`` prints it."""
    return _fenced(render([several_sheet(reports(SYSTEMS))]))


def comparisons() -> str:
    """As ``tyez-bench compare data/predictions/*.jsonl`` prints it: in the order of the file names."""
    scored = reports(sorted(SYSTEMS))
    return _fenced(render([comparison_sheet(compare(scored), scored, NUMBER)]))


def power() -> str:
    """As ``tyez-bench power`` prints it."""
    scored = reports(sorted(SYSTEMS))
    return _fenced(render([power_sheet(compare(scored), scored, NUMBER)]))


def agree() -> str:
    """As ``tyez-bench agree`` prints it."""
    passes = [tyez_bench.load(data_dir() / "passes" / f"{name}.jsonl") for name in "AB"]
    return _fenced(render(agreement_sheets(tyez_bench.agreement(*passes))))


def counts() -> str:
    """Size of the set, and its entities by type, layer and status."""
    gold = tyez_bench.load()
    entities = [entity for _, entity in gold.entities()]
    by_kind = Counter((e.type, e.outermost, e.required) for e in entities)
    rows = [
        "| | outermost, required | outermost, optional | nested, required | nested, optional | all |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    kinds = [(True, True), (True, False), (False, True), (False, False)]
    for label in tyez_bench.Label:
        cells = [by_kind[label, *kind] for kind in kinds]
        rows.append(_table_row(label, cells))
    totals = [sum(by_kind[label, *kind] for label in tyez_bench.Label) for kind in kinds]
    rows.append(_table_row("**all**", totals))
    characters = sum(len(d.text) - d.text.count("\n") for d in gold)
    sentences = sum(len(d.sentences) for d in gold)
    codes = sum(e.code is not None for e in entities)
    flat = [e for e in entities if e.outermost and e.required]
    places = [e for e in flat if e.type == "PLACE"]
    name, times = Counter(e.text for e in places).most_common(1)[0]
    names = {(e.type, e.text) for e in flat}
    actors = sum(e.role is tyez_bench.Role.ACTOR for e in entities)
    locations = sum(e.role is tyez_bench.Role.LOCATION for e in entities)
    facts = (
        f"Gold {gold.name} {gold.version}, sha256 `{gold.fingerprint}`: {len(gold)} documents, {sentences} sentences, "
        f"{characters} characters. The {len(flat)} required outermost entities have "
        f"{len(names)} different names or expressions; {name} alone makes up {times} of the {len(places)} PLACE "
        f"mentions. {sum(bool(e.alternatives) for e in entities)} entities have an alternative boundary, "
        f"{actors} places are actors and {locations} locations, {codes} carry a code."
    )
    return f"{facts}\n\n" + "\n".join(rows) + "\n"


FIGURES: dict[str, Callable[[], str]] = {
    "scores": scores,
    "compare": comparisons,
    "power": power,
    "agree": agree,
    "counts": counts,
}


def _table_row(name: str, cells: list[int]) -> str:
    return f"| {name} | " + " | ".join(map(str, [*cells, sum(cells)])) + " |"


def _fenced(text: str) -> str:
    lines = [line.rstrip() for line in text.strip("\n").splitlines()]
    return "```\n" + "\n".join(lines) + "\n```\n"


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="write the figures into the documents")
    parser.add_argument("--print", action="store_true", dest="show", help="print the figures")
    args = parser.parse_args()
    try:
        figures = {name: make() for name, make in FIGURES.items()}
    except TyezBenchError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    if args.show:
        print("\n".join(figures.values()))
        return 0
    stale = 0
    for path in DOCUMENTS:
        text = path.read_text("utf-8")
        fresh = BLOCK.sub(lambda found: found[1] + figures[found[2]] + found[3], text)
        if fresh == text:
            continue
        if args.write:
            write_atomic(path, fresh.encode("utf-8"))
        else:
            stale += 1
            print(f"{path.name}: its figures are not what the commands print", file=sys.stderr)
    return int(stale > 0)


if __name__ == "__main__":
    sys.exit(main())
