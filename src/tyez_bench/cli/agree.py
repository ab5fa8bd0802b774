"""Agreement of passes, span by span; by default of the two that the gold was made from."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

from tyez_bench.agreement import Agreement, agreement, character_labels
from tyez_bench.alpha import EXTRA, alpha, installed
from tyez_bench.checks.read import is_gold, load_texts
from tyez_bench.cli.output import emit, emit_json
from tyez_bench.cli.reports import share
from tyez_bench.cli.score import typed_share
from tyez_bench.corpus.gold import Gold, data_dir, load
from tyez_bench.corpus.inline import with_entities
from tyez_bench.disagreements import Disagreement, disagreements
from tyez_bench.errors import InputError, UsageError, one_line
from tyez_bench.formats.read import read_predictions
from tyez_bench.jsonl import read_bytes
from tyez_bench.model import Document, Entity, Prediction
from tyez_bench.render.agreement_sheets import agreement_sheets, disagreement_sheet, several_sheets
from tyez_bench.render.sheet import Sheet
from tyez_bench.scoring.measures import f1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("passes", nargs="*", type=Path, metavar="PASS", help="two passes or more, in any format")
    parser.add_argument("--output", choices=("text", "json", "markdown"), default="text", help="form of the output")
    parser.add_argument("--json", action="store_const", const="json", dest="output", help="the same as --output json")
    parser.add_argument(
        "--disagreements",
        type=int,
        nargs="?",
        const=0,
        metavar="N",
        help="list the places they differ on, or the first N",
    )
    parser.add_argument("--attributes", action="store_true", help="list differing values, roles and the like, too")
    parser.add_argument(
        "--min-f1", type=share, metavar="F", help="exit 1 unless F1 of every pair is at least F (0 to 1)"
    )
    parser.add_argument(
        "--min-f1-type",
        type=typed_share,
        action="append",
        default=[],
        metavar="TYPE=F",
        help="exit 1 unless F1 of this type is at least F for every pair; may be repeated",
    )


def run(args: argparse.Namespace) -> int:
    """Compare, print, and compare with the thresholds."""
    paths = args.passes or [data_dir() / "passes" / name for name in ("A.jsonl", "B.jsonl")]
    if len(paths) < 2:
        raise UsageError(f"expected two passes or more, got {len(paths)}")
    if args.disagreements is not None and args.disagreements < 0:
        raise UsageError(f"--disagreements {args.disagreements}: expected a number from 0")
    passes = _named(_passes(paths), paths)
    pairs = [agreement(one, other) for one, other in combinations(passes, 2)]
    value = alpha([character_labels(_ordered(found, passes[0])) for found in passes]) if installed() else None
    missing = None if installed() else f"needs pip install 'tyez-bench[{EXTRA}]'"
    listed = None if args.disagreements is None else list(disagreements(passes, attributes=args.attributes))
    if args.output == "json":
        emit_json(_data(pairs, value, listed))
    else:
        sheets = (
            agreement_sheets(pairs[0], value, missing) if len(pairs) == 1 else several_sheets(pairs, value, missing)
        )
        if listed is not None:
            sheets.append(disagreement_sheet(listed, passes, args.disagreements))
        emit(_drawn(sheets, args.output), args.output)
    limits = [("micro", args.min_f1)] if args.min_f1 is not None else []
    failed = _under(pairs, [*limits, *args.min_f1_type])
    for message in failed:
        print(one_line(message), file=sys.stderr)
    return int(bool(failed))


def _drawn(sheets: list[Sheet], output: str) -> str:
    if output == "markdown":
        from tyez_bench.render.markup import markdown

        return markdown(sheets)
    from tyez_bench.render.text import render

    return render(sheets)


def _data(pairs: list[Agreement], value: float | None, listed: list[Disagreement] | None) -> dict[str, Any]:
    found: dict[str, Any] = pairs[0].to_dict() if len(pairs) == 1 else {"pairs": [pair.to_dict() for pair in pairs]}
    found["alpha_characters"] = value
    if listed is not None:
        from msgspec import to_builtins

        found["disagreements"] = to_builtins(listed)
    return found


def _under(pairs: list[Agreement], limits: list[tuple[str, float]]) -> list[str]:
    """What is under a threshold: F1 of boundary and type, on all layers."""
    messages = []
    for pair in pairs:
        for row, least in limits:
            value = f1(pair.exact["all"][row])
            if value is None or value < least:
                shown = "–" if value is None else value
                messages.append(f"{pair.a}, {pair.b}: {row} F1 {shown} is under {least}")
    return messages


def _passes(paths: Sequence[Path]) -> list[Gold]:
    """The passes: gold sets as they are; other formats on the texts of the first gold set, or on their own."""
    own = [not path.is_dir() and is_gold(read_bytes(path)) for path in paths]
    base = next((load(path) for path, gold in zip(paths, own, strict=True) if gold), None)
    return [_pass(path, gold, base) for path, gold in zip(paths, own, strict=True)]


def _pass(path: Path, gold: bool, base: Gold | None) -> Gold:
    if gold:
        return load(path)
    if base is not None:
        found = read_predictions(path, base, flat=False)
        return Gold(path.stem, None, "", tuple(_marked(document, found.get(document.id), path) for document in base))
    loaded = load_texts(path, str(path))
    first = loaded.reason
    if first is not None:
        raise InputError(first.message, path=first.path, line=first.line)
    return Gold(path.stem, None, "", tuple(text.document for text in loaded.texts))


def _marked(document: Document, prediction: Prediction | None, path: Path) -> Document:
    """A document with the entities of a prediction in the place of its own."""
    entities = [
        Entity(
            id=f"{document.id}:{e.start}-{e.end}",
            start=e.start,
            end=e.end,
            text=document.text[e.start : e.end],
            type=e.type,
            value=e.value,
        )
        for e in (() if prediction is None else prediction.entities)
    ]
    try:
        return with_entities(document, entities)
    except ValueError as error:
        raise InputError(f"{document.id}: {error}", path=path) from None


def _named(passes: list[Gold], paths: Sequence[Path]) -> list[Gold]:
    """Passes by their files' names, or by their paths where names are the same."""
    names = [found.name for found in passes]
    if len(set(names)) == len(names):
        return passes
    return [replace(found, name=str(path)) for found, path in zip(passes, paths, strict=True)]


def _ordered(found: Gold, first: Gold) -> list[Document]:
    return [found[document.id] for document in first]
