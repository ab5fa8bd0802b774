"""For those who read what the check finds in a set: a sample, the findings with their sentences, and the figures.

python scripts/reading.py draw FILE… --seed N --output SAMPLE.jsonl     draw from all findings in your copy of a set
python scripts/reading.py show SAMPLE.jsonl FILE…                       print each finding with its sentence and marks
python scripts/reading.py verify SAMPLE.jsonl FILE…                     how many of the findings are still found
python scripts/reading.py tables                                        what was judged, by rule, with intervals

Samples have no text of the set; docs/check.md says what the judgements mean and where they are kept. A configuration
around the files is not read: the findings are those that anybody gets.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import tyez_bench
from generated import check_reading
from generated.check_reading import SAMPLE, Drawn, Head, Reading, read_reading, read_sample
from tyez_bench.checks.config import Config
from tyez_bench.checks.engine import CheckResult
from tyez_bench.checks.project import Project, check_project
from tyez_bench.checks.read import load_file
from tyez_bench.checks.rule import Finding, Where
from tyez_bench.checks.texts import Text, TextKey, inside
from tyez_bench.cli.options import add_reading, of_project, positive
from tyez_bench.cli.output import emit, say
from tyez_bench.cli.parser import Parser
from tyez_bench.files.jsonl import encode_lines, read_bytes, sha256, write_atomic
from tyez_bench.model.errors import TyezBenchError, UsageError, counted, one_line
from tyez_bench.report.table import Table, render, table

# How much of a text without the end of a sentence stands on either side of a finding.
AROUND = 120
# How many places that a finding names beside its own are shown.
RELATED = 8
# How many characters of a text in a row, beside the words that a finding is about, a reason may not have.
QUOTED = 8
END = "。！？!?\n"


@dataclass(frozen=True)
class Copy:
    """A user's copy of a set: its files by name, with what the check finds in them."""

    files: dict[str, Path]
    config: Config
    outcome: CheckResult

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding, in the order of a report."""
        return self.outcome.findings

    def texts(self) -> dict[TextKey, Text]:
        """The sound texts with their marks."""
        loaded = (load_file(path, name, self.config) for name, path in self.files.items())
        return {text.key: text for file in loaded for text in file.texts}


def copy_of(args: argparse.Namespace) -> Copy:
    """Check the files that the arguments name, without any configuration. Raises UsageError, InputError."""
    files = {path.name: path for path in args.files}
    if len(files) < len(args.files):
        raise UsageError("two files have one name: a sample tells files by their names")
    config = Config(**of_project(args))
    # Findings call files by their names: a sample is the same wherever the files lie.
    outcome = check_project(Named(config, Path.cwd(), tuple(args.files)))
    return Copy(files, config, outcome)


@dataclass(frozen=True)
class Named(Project):
    """Files that findings call by their names alone."""

    def files(self) -> list[tuple[Path, str]]:
        """The files."""
        return [(path, path.name) for path in self.paths]


def place(finding: Finding) -> str:
    """What tells a finding from others, without a word of the set."""
    parts = (finding.path, finding.line, finding.document, finding.code, finding.start, finding.end)
    return sha256("\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass"))[:12]


def draw(args: argparse.Namespace) -> None:
    """Write a simple random sample of all findings, in an order of chance."""
    copy = copy_of(args)
    if not copy.findings:
        raise UsageError("the check finds nothing in these files: there is nothing to draw from")
    chance = random.Random(args.seed)
    mixed = sorted(copy.findings, key=lambda finding: chance.random())
    head = Head(
        set=args.set or "+".join(path.stem for path in args.files),
        purpose="mending" if args.mending else "measuring",
        version=tyez_bench.__version__,
        seed=args.seed,
        files={name: sha256(read_bytes(path)) for name, path in copy.files.items()},
        records=copy.outcome.records,
        entities=copy.outcome.entities,
        findings=dict(sorted(Counter(finding.code for finding in mixed).items())),
        others=sorted(map(place, mixed[args.number :])),
    )
    drawn = [_drawn(number, finding) for number, finding in enumerate(mixed[: args.number], 1)]
    args.output.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(args.output, encode_lines([head, *drawn]))
    emit(f"{len(drawn)} of {counted(len(mixed), 'finding')}\n")


def _drawn(number: int, finding: Finding) -> Drawn:
    return Drawn(
        number=number,
        file=finding.path,
        document=finding.document,
        line=finding.line,
        code=finding.code,
        start=finding.start,
        end=finding.end,
        fingerprint=finding.fingerprint,
        place=place(finding),
    )


def check_files(copy: Copy, head: Head) -> None:
    """Raise UsageError where the files are not those of a sample."""
    for name, known in head.files.items():
        if name not in copy.files:
            raise UsageError(f"{name}: not given, but the sample is of it")
        found = sha256(read_bytes(copy.files[name]))
        if found != known:
            raise UsageError(f"{name}: is another version than that of the sample (SHA-256 {found}, expected {known})")
    for name in copy.files.keys() - head.files.keys():
        raise UsageError(f"{name}: the sample is not of this file, expected {', '.join(head.files)}")


def show(args: argparse.Namespace) -> None:
    """Print the findings of a sample, each with its sentence."""
    head, drawn = read_sample(args.sample)
    copy = copy_of(args)
    check_files(copy, head)
    texts = copy.texts()
    found: dict[str, list[Finding]] = {}
    for finding in copy.findings:
        found.setdefault(place(finding), []).append(finding)
    first, last = args.numbers
    for one in drawn:
        same = found.get(one.place, [])
        # Of several findings at one place each is drawn at most once.
        known = next((f for f in same if f.fingerprint == one.fingerprint), same[0] if same else None)
        if known is not None:
            same.remove(known)
        if first <= one.number <= last:
            emit("\n".join(_shown(one, known, texts, copy)) + "\n\n")


def _shown(one: Drawn, finding: Finding | None, texts: dict[TextKey, Text], copy: Copy) -> Iterator[str]:
    where = f"{one.file}:{one.line} {one.document}"
    yield f"=== {one.number}  {one.code}  {where}" + ("" if one.start is None else f":{one.start}-{one.end}")
    yield "no longer found" if finding is None else one_line(finding.message)
    key = (one.file, one.line, one.document or "")
    if one.start is not None and one.end is not None:
        yield f"  {sentence(texts.get(key), copy.outcome.texts.get(key, ''), one.start, one.end)}"
    elif key in copy.outcome.texts:
        yield f"  {sentence(texts.get(key), copy.outcome.texts[key], 0, 0)}"
    others = () if finding is None else (*finding.related, *(other.where() for other in finding.more))
    for other in others[:RELATED]:
        yield f"  see {other.path}:{other.line} {other.document}:{other.start}-{other.end} {other.label or 'unmarked'}"
        whole = copy.outcome.texts.get(_key(other), "")
        yield f"      {sentence(texts.get(_key(other)), whole, other.start, other.end)}"
    if len(others) > RELATED:
        yield f"  and {len(others) - RELATED} more places"


def _key(where: Where) -> TextKey:
    return where.path, where.line, where.document


def sentence(text: Text | None, whole: str, start: int, end: int) -> str:
    """The sentence around a span with its marks, ⟦TYPE|…⟧; the span between ▶ and ◀. An empty one is not shown."""
    start, end = inside(whole, start, end)
    begin = max(start - AROUND, max(whole.rfind(mark, 0, start) + 1 for mark in END))
    stop = min([len(whole), end + AROUND, *(at + 1 for mark in END if (at := whole.find(mark, end)) >= 0)])
    marks: dict[int, list[str]] = {}
    for entity in () if text is None else text.document.entities:
        if begin <= entity.start and entity.end <= stop:
            # What ends at a place stands in front of what begins there.
            marks.setdefault(entity.start, []).append(f"⟦{entity.type}{'' if entity.required else '?'}|")
            marks.setdefault(entity.end, []).insert(0, "⟧")
    if start < end:
        marks.setdefault(end, []).insert(0, "◀")
        marks.setdefault(start, []).append("▶")
    parts = ("".join(marks.get(at, ())) + whole[at : at + 1] for at in range(begin, stop))
    return one_line(("".join(parts) + "".join(marks.get(stop, ()))).strip("\n").replace("\n", "⏎"))


def verify(args: argparse.Namespace) -> None:
    """Compare a sample with what is found today."""
    head, drawn = read_sample(args.sample)
    if not args.files:
        emit(f"{head.set}: without a copy of {', '.join(head.files)} nobody can tell what of it is still found\n")
        return
    copy = copy_of(args)
    check_files(copy, head)
    reading = read_reading(args.sample.parent) if args.sample.name == SAMPLE else None
    emit(render(compared(head, drawn, copy.findings, reading)))
    if reading is not None:
        for line in quoting(reading, copy):
            say(line)


def compared(
    head: Head, drawn: Sequence[Drawn], findings: Sequence[Finding], reading: Reading | None
) -> Iterator[Table]:
    """How many findings of a sample stay and are gone, by rule and by judgement; how many are new."""
    now = Counter(map(place, findings))
    left = now.copy()
    stays = []
    for one in drawn:
        stays.append(left[one.place] > 0)
        left[one.place] -= 1
    others = Counter(head.others)
    kept = (Counter(one.place for one in drawn) + others) & now
    then = Counter(one.place for one in drawn) + others
    new: Counter[str] = Counter()
    for finding in findings:
        if then[place(finding)] > 0:
            then[place(finding)] -= 1
        else:
            new[finding.code] += 1
    codes = sorted({*(one.code for one in drawn), *new})
    rows = [
        _stay(code, [s for one, s in zip(drawn, stays, strict=True) if one.code == code], new[code]) for code in codes
    ]
    rows.append(_stay("all", stays, new.total()))
    total = sum(head.findings.values())
    note = f"of all {counted(total, 'finding')} then, {kept.total()} stay; there are {len(findings)} now"
    yield table(
        f"the sample of {head.set} and today's findings", ("rule", "drawn", "stay", "gone", "new"), rows, [note]
    )
    if reading is not None and reading.judged:
        verdicts = {one.number: verdict for one, verdict in reading.judged}
        judged = []
        for name in check_reading.JUDGEMENTS:
            own = [s for one, s in zip(drawn, stays, strict=True) if verdicts.get(one.number) == name]
            judged.append((name, str(len(own)), str(sum(own)), str(len(own) - sum(own))))
        yield table("by judgement", ("judgement", "drawn", "stay", "gone"), judged)


def _stay(name: str, stays: Sequence[bool], new: int) -> tuple[str, ...]:
    return name, str(len(stays)), str(sum(stays)), str(len(stays) - sum(stays)), str(new)


def quoting(reading: Reading, copy: Copy) -> Iterator[str]:
    """The reasons that have more of a text than the words that the finding is about."""
    for name, found in (*reading.readers.items(), ("decided", reading.decided)):
        for judged in found.values():
            one = reading.drawn[judged.number - 1]
            whole = copy.outcome.texts.get((one.file, one.line, one.document or ""), "")
            surface = "" if one.start is None else whole[one.start : one.end]
            rest = judged.reason.replace(surface, "\0") if surface else judged.reason
            runs = (rest[at : at + QUOTED] for at in range(len(rest) - QUOTED + 1))
            if any(run in whole for run in runs):
                yield f"{name}: the reason of number {judged.number} quotes the text, expected no more than the surface"


def print_tables(args: argparse.Namespace) -> None:
    """Print what was judged, and say what is not in order."""
    found = check_reading.readings(args.folder)
    if not found:
        raise UsageError(f"{args.folder}: has no SET/{SAMPLE}")
    emit(render(check_reading.tables(found)))
    for line in check_reading.problems(args.folder):
        say(line)


def _numbers(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    try:
        return int(first), int(last or first)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a number or a range such as 1-50, got {text!r}") from None


def _add_files(parser: argparse.ArgumentParser, number: str = "+") -> None:
    parser.add_argument("files", nargs=number, type=Path, metavar="FILE", help="a file of your copy of the set")
    add_reading(parser, "the files", label_set=True, without=("overlaps", "align"))


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = Parser(prog="reading", description=(__doc__ or "").partition("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    drawing = commands.add_parser("draw", help="draw a sample of all findings")
    _add_files(drawing)
    drawing.add_argument("--seed", type=int, required=True, metavar="N", help="what the drawing starts from")
    drawing.add_argument("--number", type=positive, default=150, metavar="N", help="how many findings (default: 150)")
    drawing.add_argument("--output", type=Path, required=True, metavar="SAMPLE", help="where to write the sample")
    drawing.add_argument("--set", metavar="NAME", help="what the set is called (default: by its files)")
    drawing.add_argument("--mending", action="store_true", help="it is read to change rules, and measures none")
    for name, what in (("show", "print its findings with their sentences"), ("verify", "what is still found of it")):
        of_sample = commands.add_parser(name, help=what)
        of_sample.add_argument("sample", type=Path, metavar="SAMPLE", help="the sample")
        _add_files(of_sample, "+" if name == "show" else "*")
        if name == "show":
            every = (1, sys.maxsize)
            of_sample.add_argument("--numbers", type=_numbers, default=every, metavar="A-B", help="only these findings")
    printing = commands.add_parser("tables", help="print what was judged")
    printing.add_argument("folder", nargs="?", type=Path, default=check_reading.FOLDER, metavar="DIR", help="the sets")
    args = parser.parse_args(argv)
    try:
        {"draw": draw, "show": show, "verify": verify, "tables": print_tables}[args.command](args)
    except TyezBenchError as error:
        say(f"reading: {error}")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
