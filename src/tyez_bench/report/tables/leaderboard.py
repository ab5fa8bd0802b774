"""The leaderboard as tables: scores, kinds of errors, and what makes each row again."""

import re
from collections import Counter
from collections.abc import Sequence

from tyez_bench.gold.gold import Gold
from tyez_bench.leaderboard.standings import Standing
from tyez_bench.model.errors import one_line
from tyez_bench.report.table import Table, bounds, cell, figure, paragraph, table
from tyez_bench.report.tables.comparisons import reason_notes
from tyez_bench.scoring.counts import Count
from tyez_bench.scoring.diagnosis import KINDS, DiagnosedError
from tyez_bench.scoring.schemes import f1
from tyez_bench.scoring.scores import MICRO
from tyez_bench.scoring.slices import SEEN, UNSEEN

# What Markdown takes for a link between < and >, and nothing else.
_URL = re.compile(r"https?://[\w./?&=%#:~+-]+")


def scores_table(title: str, standings: Sequence[Standing]) -> Table:
    """F1 over all four types with its interval and group, then over the system's own types, by measure and by type."""
    header = ("system", "all four", "95 %", "group", "own types", "95 % own", "tolerant", "boundary")
    types = standings[0].whole.types if standings else ()
    rows = []
    for one in standings:
        report = one.report
        per_type = [figure(report.figures(type_)["f1"]) if type_ in report.types else "–" for type_ in types]
        rows.append(
            (
                report.system,
                figure(one.whole.f1),
                bounds(one.whole["strict", MICRO].interval),
                one.group or "–",
                figure(report.f1),
                bounds(report["strict", MICRO].interval),
                figure(report.figures(scheme="tolerant")["f1"]),
                figure(report.figures(scheme="exact")["f1"]),
                *per_type,
                _seconds(one),
            )
        )
    notes = []
    for one in standings:
        if one.spread is not None:
            runs, of = 1 + len(one.runs), one.spread
            notes.append(f"{one.report.system}: {runs} runs, F1 {figure(of.mean)} ({figure(of.low)}–{figure(of.high)})")
    notes += reason_notes((one.report.system, one.whole["strict", MICRO].reasons.get("f1")) for one in standings)
    return table(title, (*header, *types, "s"), rows, notes)


def _seconds(one: Standing) -> str:
    seconds = (one.entry.facts.get("run") or {}).get("seconds")
    return f"{seconds:.1f}" if isinstance(seconds, int | float) else "–"


def errors_table(title: str, standings: Sequence[Standing]) -> Table:
    """How many errors of each kind, and F1 over the system's own types without the kind that costs it most."""
    rows = []
    for one in standings:
        kinds = one.diagnosis.kinds
        worst = max(kinds, key=lambda name: (kinds[name].fixed or 0.0, name))
        gain = f"{figure(kinds[worst].fixed)} without {worst}" if kinds[worst].errors else "–"
        rows.append((one.report.system, *(str(kinds[name].errors) for name in KINDS), gain))
    return table(title, ("system", *KINDS, "F1 at best"), rows)


def unseen_table(title: str, standings: Sequence[Standing]) -> Table:
    """Recall on names that another document has, too, and on those that none has, over the system's own types."""
    rows = []
    for one in standings:
        parts = {part.value: part for part in one.unseen}
        cells = []
        for value in (SEEN, UNSEEN):
            part = parts.get(value)
            cells += (
                ["–"] * 3
                if part is None
                else [figure(part.figures["recall"]), bounds(part.intervals["recall"]), str(part.support)]
            )
        rows.append((one.report.system, *cells))
    header = ("system", "R seen", "95 %", "spans", "R unseen", "95 %", "spans")
    reasons = [
        (f"{one.report.system} {part.value}", part.reasons.get("recall")) for one in standings for part in one.unseen
    ]
    return table(title, header, rows, reason_notes(reasons))


def facts_table(standings: Sequence[Standing]) -> Table:
    """What each system is, what it was made of, and whether it can know the page."""
    rows = []
    for one in standings:
        told = one.entry.submission
        rows.append(
            (
                one.report.system,
                told.what,
                told.training,
                f"{told.contamination}: {told.contamination_note}",
                ", ".join(one.report.types) or "–",
                told.made.isoformat(),
            )
        )
    return table("", ("system", "what", "made of", "can it know the page?", "types", "made"), rows, words=6)


def commands(standings: Sequence[Standing]) -> str:
    """For each system the commands that make its predictions and its row, and the signature, as Markdown."""
    parts = []
    for one in standings:
        told = one.entry.submission
        code = [*map(one_line, told.command.strip().split("\n")), one_line(one.entry.command)]
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", "\n".join(code))), default=0))
        lines = [f"### {cell(one.report.system)}", "", f"{fence}sh", *code, fence, ""]
        lines += [f"`{one.report.signature}`", ""]
        packages = one.entry.facts.get("packages") or {}
        if packages:
            lines += ["With " + ", ".join(cell(f"{name} {version}") for name, version in packages.items()) + ".", ""]
        about = (
            ("Predictions by", cell(told.by)),
            ("parameters:", told.parameters and cell(told.parameters)),
            ("hardware:", told.hardware and cell(told.hardware)),
            ("", f"<{told.url}>" if told.url and _URL.fullmatch(told.url) else None),
        )
        lines += ["; ".join(f"{name} {value}".strip() for name, value in about if value) + ".", ""]
        lines += [paragraph(told.notes), ""] if told.notes else []
        parts.append("\n".join(lines))
    return "\n".join(parts)


def coverage_table(standings: Sequence[Standing]) -> Table:
    """What of the gold each system can express at all, and what of its answers is set aside."""
    rows = []
    for one in standings:
        report = one.report
        counts, whole = report.counts(), one.whole.counts()
        outside = sum((report.notes.get("out_of_scope") or {}).values())
        rows.append(
            (
                report.system,
                ", ".join(report.types) or "–",
                f"{counts.gold} of {whole.gold}",
                str(counts.predicted),
                str(int(report.columns()[Count.IGNORED_PREDICTED])),
                figure(f1(report.required)),
                str(outside),
            )
        )
    header = ("system", "types", "gold spans", "predicted", "optional, ignored", "F1 if required", "out of scope")
    return table("", header, rows, words=2)


def slips_table(standings: Sequence[Standing], gold: Gold, number: int) -> Table:
    """The most frequent errors of each system, by what the gold and what the system has there."""
    rows = []
    for one in standings:
        times = Counter(_slip(error, gold) for error in one.diagnosis.errors)
        for (kind, wanted, given), count in sorted(times.items(), key=lambda item: (-item[1], item[0]))[:number]:
            rows.append((one.report.system, kind, wanted, given, str(count)))
    return table("", ("system", "error", "gold", "predicted", "times"), rows, words=4)


def _slip(error: DiagnosedError, gold: Gold) -> tuple[str, str, str]:
    text = gold[error.document].text
    wanted, given = (
        " + ".join(f"{span.type} {text[span.start : span.end]}" for span in side) or "–"
        for side in (error.gold, error.predicted)
    )
    return error.kind, wanted, given
