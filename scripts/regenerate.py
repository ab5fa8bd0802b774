"""Write what is generated, or compare it: data/, pages of the documentation, figures in documents, predictions.

python scripts/regenerate.py                  write all but what takes minutes
python scripts/regenerate.py NAME …           write these; a family (docs) stands for all of it (docs/rules, …)
python scripts/regenerate.py --all            write all that repeats on any machine
python scripts/regenerate.py --check …        compare, write nothing, exit 1 when a file differs
python scripts/regenerate.py --details NAME   print the cases behind the figures, and write nothing
python scripts/regenerate.py --list           what there is, from what it is made, and what does not always run
"""

import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import partial
from itertools import zip_longest
from pathlib import Path

from generated import (
    areas,
    check_reading,
    commands,
    corruptions,
    data,
    figures,
    formats,
    leaderboard,
    lexicon,
    noise,
    predictions,
    records,
    rules,
    statistics,
    stress_cases,
    stress_reading,
    transcripts,
)
from generated.maker import ROOT, Maker, When
from tyez_bench.cli.output import emit, say
from tyez_bench.cli.parser import Parser
from tyez_bench.files.jsonl import write_atomic
from tyez_bench.model.errors import TyezBenchError, UsageError, cut

# Of the first line that differs: characters before the difference, and in all.
BEFORE, EXCERPT = 20, 80
GOLD = ("data/gold.jsonl",)
PREDICTIONS = ("data/predictions/*.jsonl*", "data/predictions/*.yaml")
SCORED = (*GOLD, "data/passes/*", "annotations/*", *PREDICTIONS)


def table() -> tuple[Maker, ...]:
    """All that is generated, in the order in which one is made from the other. Raises InputError."""
    return (
        Maker("areas", "src/tyez_bench/zh/gb2260-2007.tsv, of the package GB2260", (), areas.make),
        Maker("lexicon", "src/tyez_bench/zh/lexicon.txt.gz and traditional.tsv, of jieba and OpenCC", (), lexicon.make),
        Maker("data", "annotations/gold.jsonl, data/ (but data/predictions)", data.SOURCES, data.make),
        *predictions.makers(),
        Maker("docs/gold-format", "docs/gold-format.md", GOLD, records.make),
        Maker("docs/formats", "docs/formats.md, docs/fields.schema.json", (), formats.make),
        Maker("docs/measured", "src/tyez_bench/checks/measured.json", ("annotations/check/*",), check_reading.make),
        Maker("docs/rules", "docs/rules.md", ("annotations/check/*",), rules.make),
        Maker("docs/statistics", "docs/statistics.md, docs/pictures/", GOLD, statistics.make),
        Maker(
            "docs/leaderboard",
            "docs/leaderboard.md, docs/pictures/leaderboard.svg",
            (*GOLD, *PREDICTIONS),
            leaderboard.make,
        ),
        Maker("docs/stress-cases", "docs/stress-cases.md", GOLD, stress_cases.make),
        Maker("docs/cli", "docs/cli/", (), commands.make),
        Maker(
            "docs/transcripts",
            "what commands print in docs/quickstart.md, docs/faq.md",
            transcripts.SOURCES,
            transcripts.make,
        ),
        Maker("figures/readme", "figures in README.md", SCORED, partial(figures.make, "readme")),
        Maker(
            "figures/datasheet",
            "figures in DATASHEET.md",
            SCORED,
            partial(figures.make, "datasheet"),
            problems=figures.problems,
        ),
        Maker("figures/conventions", "figures in docs/conventions.md", SCORED, partial(figures.make, "conventions")),
        Maker(
            "figures/stress",
            "figures in docs/stress.md",
            ("annotations/stress/*",),
            partial(figures.make, "stress"),
            problems=stress_reading.problems,
        ),
        Maker(
            "figures/check",
            "figures in docs/check.md",
            ("tests/rules/*", "annotations/check/*"),
            partial(figures.make, "check"),
            problems=check_reading.problems,
            details=noise.details,
        ),
        Maker(
            "corruptions",
            "docs/corruptions.md",
            ("annotations/*", "data/gold.jsonl", "data/passes/*", "data/check.toml"),
            corruptions.make,
            details=corruptions.details,
            when=When.ALL,
            why="checks the project anew for each of some 500 corruptions",
        ),
    )


def choose(makers: Sequence[Maker], names: Sequence[str], *, everything: bool = False) -> list[Maker]:
    """The makers of these names and families, in the order of the table. Raises UsageError for an unknown name.

    Without names: those that always run; with ``everything`` those that take minutes, too.
    """
    if names and everything:
        raise UsageError("--all takes no names")
    known = {name for maker in makers for name in (maker.name, maker.family)}
    for name in names:
        if name not in known:
            near = get_close_matches(name, sorted(known), 1)
            meant = f"did you mean {near[0]}? " if near else ""
            raise UsageError(f"unknown name {cut(name)!r}; {meant}--list shows all names")
    if not names:
        return [maker for maker in makers if maker.when <= (When.ALL if everything else When.ALWAYS)]
    return [
        maker for maker in makers if maker.name in names or (maker.family in names and maker.when is not When.NAMED)
    ]


def compare(chosen: Sequence[Maker]) -> int:
    """Compare every file with what is generated and write nothing. Returns the exit code."""
    stale = []
    code = 0
    for maker in chosen:
        files = (maker.compare or maker.make)()
        differing = [f"{shown(path)}: {what}" for path, made in files.items() if (what := difference(path, made))]
        if report([*differing, *maker.problems()]):
            code = 1
        else:
            emit(f"{maker.name}: {len(files)} file{'' if len(files) == 1 else 's'} as generated\n")
        if differing:
            stale.append(maker.name)
    if stale:
        report([f"to write what is generated: python scripts/regenerate.py {' '.join(stale)}"])
    return code


def write(makers: Sequence[Maker], chosen: Sequence[Maker]) -> int:
    """Write every file that differs from what is generated. Returns the exit code: 1 for problems that stay.

    What is made from a file that a later maker wrote is made once more: data/ has copies of documents whose figures
    come from data/.
    """
    written: dict[Path, int] = {}

    def outdated(number: int, maker: Maker) -> list[Path]:
        return [path for path, by in written.items() if by > number and maker.uses(path)]

    def write_one(number: int, maker: Maker) -> None:
        for path, content in maker.make().items():
            if difference(path, content):
                path.parent.mkdir(parents=True, exist_ok=True)
                write_atomic(path, content)
                written[path] = number
                emit(f"wrote {shown(path)}\n")

    for number, maker in enumerate(chosen):
        write_one(number, maker)
    for number, maker in enumerate(chosen):
        if outdated(number, maker):
            write_one(number, maker)
    for maker in makers:
        if maker not in chosen and (paths := outdated(-1, maker)):
            say(f"{maker.name} is made from {shown(paths[0])}, which has changed: regenerate it, too")
    return report([line for maker in chosen for line in maker.problems()])


def difference(path: Path, content: bytes) -> str | None:
    """In what a file differs from its content as generated, in one line; None where it does not."""
    if not path.is_file():
        return "is missing"
    found = path.read_bytes()
    if found == content:
        return None
    try:
        old, new = (part.decode("utf-8").split("\n") for part in (found, content))
    except UnicodeDecodeError:
        return f"has {len(found)} bytes that differ from the {len(content)} that are generated"
    gone, more = Counter(old) - Counter(new), Counter(new) - Counter(old)
    lines = enumerate(zip_longest(old, new), 1)
    number, (was, now) = next((number, pair) for number, pair in lines if pair[0] != pair[1])
    pairs = enumerate(zip_longest(was or "", now or ""))
    at = max(0, next((place for place, pair in pairs if pair[0] != pair[1]), 0) - BEFORE)
    sides = ("no line" if line is None else repr(line[at : at + EXCERPT]) for line in (was, now))
    return f"-{gone.total()} +{more.total()} lines, first at line {number}: {' → '.join(sides)}"


def report(lines: Sequence[str]) -> int:
    """Print what is wrong, a line each. Returns the exit code."""
    for line in lines:
        say(line)
    return int(bool(lines))


def detail(makers: Sequence[Maker], chosen: Sequence[Maker]) -> int:
    """Print the cases behind figures. Raises UsageError where none of the chosen has any."""
    found = [maker.details for maker in chosen if maker.details]
    if not found:
        raise UsageError(f"no details; there are of {', '.join(maker.name for maker in makers if maker.details)}")
    for details in found:
        for line in details():
            emit(f"{line}\n")
    return 0


def listed(makers: Sequence[Maker]) -> Iterator[str]:
    """The table as text."""
    for maker in makers:
        yield f"{maker.name}: {maker.makes}"
        yield f"    from {', '.join((*maker.sources, 'the code'))}"
        if maker.when:
            runs = "with --all or when named" if maker.when is When.ALL else "only by its own name"
            yield f"    runs {runs}: {maker.why}"


def shown(path: Path) -> str:
    """A path as people are told it: from the root of the project."""
    return path.relative_to(ROOT).as_posix()


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = Parser(prog="regenerate", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="what to generate (default: all but what takes minutes)"
    )
    parser.add_argument("--all", action="store_true", help="what takes minutes, too")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--check", action="store_true", help="compare, write nothing, and exit with 1 on a difference")
    how.add_argument("--details", action="store_true", help="print the cases behind figures, and write nothing")
    how.add_argument("--list", action="store_true", help="print all names with what they make and from what")
    args = parser.parse_args(argv)
    try:
        makers = table()
        chosen = choose(makers, args.names, everything=args.all)
        if args.list:
            emit("".join(f"{line}\n" for line in listed(chosen if args.names else makers)))
            return 0
        if args.details:
            return detail(makers, chosen)
        return compare(chosen) if args.check else write(makers, chosen)
    except TyezBenchError as error:
        say(f"regenerate: {error}")
        return error.exit_code
    except subprocess.CalledProcessError as error:
        say(f"regenerate: exit code {error.returncode} of {shlex.join(error.cmd)}")
        return TyezBenchError.exit_code


if __name__ == "__main__":
    sys.exit(main())
