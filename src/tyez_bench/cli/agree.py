"""Agreement of passes, span by span; by default of the two that the gold was made from."""

import argparse
import contextlib
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import msgspec

from tyez_bench.checks.labelled import Base, Labelled, built_in, read_annotators, read_labelled
from tyez_bench.checks.read import check_readable
from tyez_bench.cli.options import TEXTS, add_gold, add_reading, check_one_stdin, load_texts, reading_of
from tyez_bench.cli.output import add_output, emit_json, note, print_tables, say
from tyez_bench.cli.score import add_thresholds
from tyez_bench.gold.gold import Gold, data_dir
from tyez_bench.io.detect import is_gold
from tyez_bench.io.gold import NATIVE
from tyez_bench.io.gold_documents import WithoutTextsError
from tyez_bench.io.label_maps import shown as label_names
from tyez_bench.io.read import FileOptions
from tyez_bench.io.source import open_source
from tyez_bench.model.errors import InputError, UsageError
from tyez_bench.model.hints import how_to_install
from tyez_bench.report.reading import file_lines
from tyez_bench.report.tables.gold import agreement_tables, disagreement_table, several_tables
from tyez_bench.scoring.agreement import (
    EXTRA,
    Agreement,
    Disagreement,
    agreement,
    alpha,
    disagreements,
    installed,
    labels_of_all,
)
from tyez_bench.scoring.common import together
from tyez_bench.scoring.from_files import labels_beside
from tyez_bench.scoring.schemes import f1
from tyez_bench.scoring.scores import MICRO


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "passes",
        nargs="*",
        type=Path,
        metavar="PASS",
        help="two passes or more, in any format; or one file with several annotators (Label Studio, Prodigy, --fields)",
    )
    add_reading(parser, "the passes", label_set=True)
    add_gold(parser, help=TEXTS, label_set=False)
    add_output(parser, ("text", "json", "markdown"))
    parser.add_argument(
        "--disagreements", type=int, nargs="?", const=0, metavar="N", help="list the differences, or the first N"
    )
    parser.add_argument("--attributes", action="store_true", help="also list different values, roles and the like")
    add_thresholds(parser, "F1 of every pair is at least F", "F1 of this type is at least F for every pair")


def run(args: argparse.Namespace) -> int:
    """Compare, print, and compare with the thresholds."""
    if args.disagreements is not None and args.disagreements < 0:
        raise UsageError(f"--disagreements {args.disagreements}: expected a number from 0")
    if len(args.passes) == 1 and args.annotator is None:
        (path,) = args.passes
        found = read_annotators(path, str(path), reading_of(args))
        if found:
            files = list(found.values())
            passes = [Gold(who, None, "", one.documents, one.labels, one.open_labels) for who, one in found.items()]
            return _compare(args, passes, files)
    paths = args.passes or [data_dir() / "passes" / name for name in ("A.jsonl", "B.jsonl")]
    if len(paths) < 2:
        raise UsageError(f"expected two passes or more, or a file with several annotators, got {len(paths)}")
    files = _passes(args, paths)
    passes = _named([_gold(path, found) for path, found in zip(paths, files, strict=True)], paths)
    return _compare(args, passes, files)


def _compare(args: argparse.Namespace, passes: list[Gold], files: Sequence[Labelled]) -> int:
    """Compare passes that are read, print, and compare with the thresholds."""
    known = passes[0].labels.with_more(label for found in passes for label in found.labels.names)
    for row, _ in args.min_f1_type:
        if row not in (*known.names, MICRO):
            raise UsageError(
                f"--min-f1-type {row}: is not a label of the passes, expected one of {label_names(known.names)}"
            )
    common = together(passes)
    pairs = _pairs(passes, common.passes)
    value = alpha(labels_of_all(common.passes)) if installed() else None
    missing = None if installed() else f"needs {how_to_install(['krippendorff'], EXTRA)}"
    listed = None if args.disagreements is None else list(disagreements(passes, attributes=args.attributes))
    if args.output_format == "json":
        read = {found.name: file.to_dict() for found, file in zip(passes, files, strict=True)}
        emit_json({**_data(pairs, value, listed), "reading": read})
    else:
        tables = (
            agreement_tables(pairs[0], value, missing) if len(pairs) == 1 else several_tables(pairs, value, missing)
        )
        named = zip(passes, files, strict=True)
        notes = [line for one, file in named for line in file_lines(one.name, file, empty=True)]
        tables[-1] = msgspec.structs.replace(tables[-1], notes=(*tables[-1].notes, *notes))
        if listed is not None:
            tables.append(disagreement_table(listed, passes, common.reference, args.disagreements))
        print_tables(tables, args.output_format)
    limits = [(MICRO, args.min_f1)] if args.min_f1 is not None else []
    failed = _under(pairs, [*limits, *args.min_f1_type])
    for message in failed:
        say(message)
    return int(bool(failed))


def _pairs(passes: Sequence[Gold], common: Sequence[Gold]) -> list[Agreement]:
    """The agreement of each two passes that have documents in common; of two, whatever they have."""
    if len(passes) == 2:
        return [agreement(*passes)]
    found = []
    for one, other in combinations(range(len(passes)), 2):
        if any(document.id in common[other] for document in common[one]):
            found.append(agreement(passes[one], passes[other]))
        else:
            note(f"{passes[one].name} and {passes[other].name} have no document in common")
    if not found:
        raise InputError(f"no two of {', '.join(one.name for one in passes)} have a document in common")
    return found


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
            value = f1(pair.exact["all"][row]) if row in pair.exact["all"] else None
            if value is None or value < least:
                shown = "–" if value is None else value
                messages.append(f"{pair.a}, {pair.b}: {row} F1 {shown} is below {least}")
    return messages


def _passes(args: argparse.Namespace, paths: Sequence[Path]) -> list[Labelled]:
    """The passes: gold sets as they are, others on the texts of the first gold set, or on their own."""
    check_one_stdin(args.gold, *paths)
    for path in paths:
        check_readable(path, str(path))
    told = reading_of(args)
    hows = [msgspec.structs.replace(told, labels=told.labels or labels_beside(str(path))) for path in paths]
    gold = [told.format in (None, NATIVE) and is_gold(open_source(path)) for path in paths]
    found: dict[int, Labelled] = {}
    for number, path in enumerate(paths):
        if gold[number]:
            found[number] = read_labelled(path, str(path), hows[number])
    first = next(iter(found), None)
    base = None if first is None else _base(found[first], paths[first])
    base = load_texts(args) or base
    rest = [number for number in range(len(paths)) if number not in found]
    for number in rest if base is None else ():
        with contextlib.suppress(WithoutTextsError):
            found[number] = read_labelled(paths[number], str(paths[number]), hows[number])
            base = base or _base(found[number], paths[number])
    for number in rest:
        if number not in found:
            found[number] = _read(paths[number], hows[number], base or built_in(), own=args.gold is None)
    return [found[number] for number in range(len(paths))]


def _read(path: Path, how: FileOptions, base: Base, *, own: bool) -> Labelled:
    """A pass on the texts of another one; where they are not the same, and it has its ``own``, on these.

    Not all passes are of the same texts. Raises what is wrong on the other's where it has none, or these do no better.
    """
    try:
        return read_labelled(path, str(path), how, base)
    except InputError as error:
        if not own:
            raise
        try:
            return read_labelled(path, str(path), how)
        except (InputError, UsageError):
            raise error from None


def _base(found: Labelled, path: Path) -> Base:
    return Base(Gold(path.stem, None, "", found.documents, found.labels), str(path))


def _gold(path: Path, found: Labelled) -> Gold:
    return Gold(path.stem, None, "", found.documents, found.labels, found.open_labels)


def _named(passes: list[Gold], paths: Sequence[Path]) -> list[Gold]:
    """Passes by their files' names, or by their paths where names are the same."""
    names = [found.name for found in passes]
    if len(set(names)) == len(names):
        return passes
    return [replace(found, name=str(path)) for found, path in zip(passes, paths, strict=True)]
