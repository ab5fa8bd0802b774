"""Check a gold set: each finding with rule, file, line and reason; what is not marked; and the rules explained."""

import argparse
import gc
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from tyez_bench.checks.engine import UNMARKED, CheckResult
from tyez_bench.checks.project import check_project, open_project
from tyez_bench.checks.rule import Finding, Level, known_rules, matching
from tyez_bench.checks.rules.release import LIMIT, Running
from tyez_bench.cli.llm_options import above_zero
from tyez_bench.cli.options import add_reading, of_project, positive
from tyez_bench.cli.output import add_output, emit, emit_json, note, output_path, writes
from tyez_bench.files.in_use import check_outputs
from tyez_bench.files.jsonl import write_all
from tyez_bench.model.errors import UsageError

FORMATS = ("text", "concise", "json", "jsonl", "github", "sarif", "junit", "markdown")


def add_selection(parser: argparse.ArgumentParser, accepted: Callable[[str], Path] = Path) -> None:
    """Arguments that say what is checked, and by which rules; ``accepted`` is the type of that file's argument."""
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="gold sets (default: the project's)")
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="configuration (default: the nearest pyproject.toml)"
    )
    parser.add_argument(
        "--accepted", type=accepted, metavar="FILE", help="file of accepted findings (default: the configured one)"
    )
    add_reading(parser, "the files", label_set=True, without=("overlaps", "align"))
    parser.add_argument("--level", type=int, choices=list(map(int, Level)), default=6, help="the highest level")
    for name, what in (("select", "only these rules"), ("ignore", "not these rules")):
        parser.add_argument(
            f"--{name}",
            type=_codes,
            action="extend",
            default=[],
            metavar="CODES",
            help=f"{what}: codes, X or X6, names",
        )
    parser.add_argument("--base", metavar="REV", help="git revision to compare releases and accepted findings with")


def _codes(text: str) -> list[str]:
    codes = [part.strip() for part in text.split(",") if part.strip()]
    if not codes:
        # No code at all would stand for every rule.
        raise argparse.ArgumentTypeError(f"expected codes or names of rules, got {text!r}")
    return codes


def add_builtin(parser: argparse.ArgumentParser) -> None:
    """The argument that asks for the built-in gold."""
    parser.add_argument("--builtin", action="store_true", help="check the built-in gold set instead of a project")


@writes
def _target(text: str) -> tuple[str, Path]:
    form, _, path = text.partition("=")
    if form not in FORMATS or not path:
        raise argparse.ArgumentTypeError(f"{text!r} is not FORM=FILE with a form of {', '.join(FORMATS)}")
    return form, output_path(path)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_selection(parser)
    add_builtin(parser)
    add_output(parser, FORMATS)
    parser.add_argument(
        "--write",
        type=_target,
        action="append",
        default=[],
        metavar="FORM=FILE",
        help="also write the results to a file in another format; may be repeated",
    )
    parser.add_argument("--statistics", action="store_true", help="count the findings by rule")
    parser.add_argument("--show-accepted", action="store_true", help="also print the accepted findings")
    parser.add_argument("--warnings-ok", action="store_true", help="exit 0 if there are only warnings")
    parser.add_argument(
        "--jobs", type=positive, default=1, metavar="N", help="number of processes, where the system can fork"
    )
    release = parser.add_argument_group(
        "commands of the project", "those set as figures and rebuild in the configuration"
    )
    release.add_argument("--run", action="store_true", help="run them (default: list them as not run)")
    release.add_argument(
        "--run-limit", type=above_zero, metavar="SECONDS", help=f"time limit for each command (default: {LIMIT:g})"
    )


def outcome_of(
    args: argparse.Namespace, *, everything: bool = False, running: Running | None = None, jobs: int = 1
) -> CheckResult:
    """Check what the arguments say, and say what is to be said of the question."""
    project = open_project(
        args.paths,
        config=args.config,
        accepted=args.accepted,
        base=args.base,
        builtin=args.builtin,
        running=running,
        otherwise="; --builtin checks the built-in gold",
        reading=of_project(args),
    )
    outcome = check_project(
        project, level=Level(args.level), select=args.select, ignore=args.ignore, everything=everything, jobs=jobs
    )
    for line in outcome.notes:
        note(line)
    return outcome


def run(args: argparse.Namespace) -> int:
    """Check once, write and print."""
    # What is read stays until the end: looking for garbage in it again and again would take half of the time.
    gc.disable()
    if args.run_limit is not None and not args.run:
        raise UsageError("--run-limit applies to the commands of --run: expected --run")
    # Told before the work begins.
    answer = [args.answer_file] if args.answer_file not in (None, Path("-")) else []
    check_outputs(*(path for _, path in args.write), *answer)
    running = Running(note, args.run_limit or LIMIT) if args.run else None
    outcome = outcome_of(args, running=running, jobs=args.jobs)
    rendered = partial(_rendered, outcome, statistics=args.statistics, accepted=args.show_accepted)
    write_all((path, rendered(form).encode("utf-8", "backslashreplace")) for form, path in args.write)
    emit(rendered(args.output_format), args.output_format)
    # Records that nothing was said of are no good news, either.
    return int(outcome.errors > 0 or (outcome.warnings > 0 and not args.warnings_ok) or outcome.in_silence)


def _rendered(outcome: CheckResult, form: str, *, statistics: bool = False, accepted: bool = False) -> str:
    from tyez_bench import __version__
    from tyez_bench.report import findings_json
    from tyez_bench.report.tables import findings

    people = {"text": findings.in_full, "concise": findings.concise, "markdown": findings.markdown}
    if form in people:
        return people[form](outcome, statistics=statistics, accepted=accepted)
    records = {"json": findings_json.as_json, "jsonl": findings_json.as_jsonl}
    if form in records:
        return records[form](outcome, accepted=accepted)
    if form == "sarif":
        return findings_json.sarif(outcome, __version__)
    return {"github": findings_json.github, "junit": findings_json.junit}[form](outcome)


def add_suggest_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of suggest."""
    add_selection(parser)
    add_builtin(parser)
    add_output(parser, ("text", "concise", "json", "jsonl", "markdown"))


def run_suggest(args: argparse.Namespace) -> int:
    """List what looks like a name, an amount or a date and is not marked. For people to decide; nothing is written."""
    if args.select or args.ignore:
        raise UsageError("suggest has its own rules; check --select takes any")
    args.select, args.level = list(UNMARKED), min(args.level, int(Level.OCCURRENCES))
    outcome = outcome_of(args, everything=True)
    # A list of what to do has each place.
    places = (place for finding in outcome.findings for place in finding.each())
    outcome = replace(outcome, findings=tuple(sorted(places, key=Finding.sort_key)))
    emit(_rendered(outcome, args.output_format), args.output_format)
    return 0


def add_explain_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of explain."""
    parser.add_argument("codes", nargs="*", metavar="CODE", help="codes, prefixes of codes (X, X6), or names")
    parser.add_argument("--all", action="store_true", help="every rule")
    add_output(parser, ("text", "json", "markdown"))


def run_explain(args: argparse.Namespace) -> int:
    """Print rules, those that were retired, too: what each asks for, why, examples, how to fix it."""
    if args.all == bool(args.codes):
        raise UsageError("expected the code of a rule, or --all")
    wanted = set(known_rules()) if args.all else matching(args.codes)
    chosen = [rule for code, rule in known_rules().items() if code in wanted]
    if args.output_format == "json":
        import msgspec

        from tyez_bench.checks.measured import measured

        more = ({"measured": measured().get(rule.code, ()), "page": rule.page} for rule in chosen)
        emit_json(
            [msgspec.to_builtins(rule) | msgspec.to_builtins(one) for rule, one in zip(chosen, more, strict=True)]
        )
        return 0
    from tyez_bench.report.tables.findings import rules_markdown, rules_text

    emit(rules_markdown(chosen) if args.output_format == "markdown" else rules_text(chosen), args.output_format)
    return 0
