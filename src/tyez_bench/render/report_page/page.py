"""The page: everything that was found out about some systems, in one file without a reference to any other."""

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path

from tyez_bench.colours import rules
from tyez_bench.corpus.gold import Gold
from tyez_bench.render.other_sheets import error_sheets
from tyez_bench.render.report_page.documents import article
from tyez_bench.render.report_page.filters import filters, legend
from tyez_bench.render.report_page.grid import grid
from tyez_bench.render.report_page.heat import Stressed, heat
from tyez_bench.render.report_page.html import Html, element
from tyez_bench.render.report_page.marks import LETTERS, Result, check_shown, colours_of, marks_of
from tyez_bench.render.report_page.plots import plot
from tyez_bench.render.report_page.series import error_groups, score_groups, type_groups
from tyez_bench.render.report_page.tables import table
from tyez_bench.render.score_sheets import gold_line, missing_line, report_sheets, several_sheet

_FOLDER = Path(__file__).parent
Section = tuple[str, str, list[Html]]


def report_page(gold: Gold, results: Sequence[Result], stress: Sequence[Stressed] = ()) -> bytes:
    """The report of one system or several as HTML, in UTF-8: the same results give the same bytes.

    ``stress`` are systems on the stress suite, not necessarily the same ones.

    Raises UsageError for more systems than can be told apart, and for systems that were not scored alike by position.
    """
    reports = [result.report for result in results]
    check_shown(results)
    sections: list[Section] = [
        ("scores", "Scores", _scores(results)),
        ("types", "By type", _types(results)),
        ("errors", "Errors", _errors(gold, results)),
        *([("stress", "Stress suite", heat(stress))] if stress else []),
        ("documents", "Documents", _documents(results)),
        ("figures", "Every figure", _figures(results)),
    ]
    main = element(
        "main",
        *(
            element("section", element("h2", title, id=name), *parts, aria_labelledby=name)
            for name, title, parts in sections
        ),
        id="main",
        tabindex=-1,
    )
    skip = element("a", "Skip to the scores", href="#main", class_="skip")
    parts = (skip, _header(gold, results, sections), main, _footer())
    script = (_FOLDER / "script.js").read_text("utf-8")
    style = (_FOLDER / "style.css").read_text("utf-8") + rules(colours_of(results).values()) + grid(parts)
    systems = ", ".join(report.system for report in reports)
    head = _head(f"{systems}: report on {gold.name}", style, script)
    page = element("html", head, element("body", *parts, element("script", Html(script))), lang="en")
    return f"<!DOCTYPE html>\n{page}\n".encode()


def _head(title: str, style: str, script: str) -> Html:
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    )
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        element("style", Html(style)),
    )


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def _header(gold: Gold, results: Sequence[Result], sections: Sequence[Section]) -> Html:
    links = [element("li", element("a", title, href=f"#{name}")) for name, title, _ in sections]
    systems = [
        element("li", element("b", letter, class_="letter"), f" {result.report.system}")
        for letter, result in zip(LETTERS, results, strict=False)
    ]
    return element(
        "header",
        element("h1", f"Report on {gold.name}"),
        element("ul", *systems, class_="systems", aria_label="systems"),
        element("p", gold_line(results[0].report), class_="facts"),
        element("nav", element("ul", *links), aria_label="sections"),
        element("button", "Theme: automatic", type="button", id="theme", hidden=True),
    )


def _footer() -> Html:
    from tyez_bench import __version__

    return element(
        "footer",
        element("p", f"Made by tyez-bench {__version__}. The page needs no network and has no parts elsewhere."),
    )


def _scores(results: Sequence[Result]) -> list[Html]:
    reports = [result.report for result in results]
    name = "Strict micro F1 with its 95 % interval"
    if any(bar.second for group in score_groups(results) for bar in group.bars):
        name += f": thick, drawn by {reports[0].unit_word(reports[0].settings.unit)}; thin, by name"
    sheet = several_sheet(reports) if len(reports) > 1 else report_sheets(reports[0])[0]
    return [plot(score_groups(results), name, dots=True), table(sheet)]


def _types(results: Sequence[Result]) -> list[Html]:
    return [plot(type_groups(results), "Strict F1 by type, with its 95 % interval")]


def _errors(gold: Gold, results: Sequence[Result]) -> list[Html]:
    cards = []
    for letter, result in zip(LETTERS, results, strict=False):
        kinds, confusion = error_sheets(result.report, result.diagnosis, gold, 0)
        heading = element("h3", element("b", letter, class_="letter"), f" {result.report.system}")
        cards.append(element("div", heading, table(kinds), table(confusion, shaded=True), class_="card"))
    name = "Errors by kind, and the strict micro F1 that the system would have without them"
    groups = error_groups(results)
    drawn = plot(groups, name, axis=False) if groups else element("p", "There are no errors.")
    return [drawn, element("div", *cards, class_="cards")]


def _documents(results: Sequence[Result]) -> list[Html]:
    systems = [result.report.system for result in results]
    found = list(marks_of(results))
    links = [
        element("li", element("a", document.title or document.id, href=f"#d{number}", lang="zh"))
        for number, (document, _) in enumerate(found, 1)
    ]
    labels = results[0].report.gold.labels
    types = labels.order({mark.type for _, marks in found for mark in marks})
    colours = colours_of(results)
    missing = [element("p", line) for line in map(missing_line, (result.report for result in results)) if line]
    return [
        legend(len(systems), {type_: colours[type_] for type_ in types}),
        *missing,
        element("nav", element("ul", *links), aria_label="documents"),
        filters(systems, types),
        *(article(document, marks, number, systems) for number, (document, marks) in enumerate(found, 1)),
    ]


def _figures(results: Sequence[Result]) -> list[Html]:
    parts = []
    for letter, result in zip(LETTERS, results, strict=False):
        parts.append(element("h3", element("b", letter, class_="letter"), f" {result.report.system}"))
        parts.extend(map(table, report_sheets(result.report)))
    return parts
