"""The page: everything that was found out about some systems, in one file without a reference to any other."""

import base64
import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from tyez_bench.gold.gold import Gold
from tyez_bench.model.display import rules
from tyez_bench.model.errors import counted
from tyez_bench.report.html.answer import PairTests, answer, pair_tests, why
from tyez_bench.report.html.elements import Html, element, filled, fold, html_table, joined
from tyez_bench.report.html.marks import LETTERS, Result, check_shown, colours_of
from tyez_bench.report.html.plots import Stressed, error_groups, heat, plot, type_groups
from tyez_bench.report.html.shown import drawn, sentences_of, shown_documents
from tyez_bench.report.table import Table
from tyez_bench.report.tables.comparisons import error_tables
from tyez_bench.report.tables.scores import gold_line, report_tables
from tyez_bench.scoring.comparison import NUMBER
from tyez_bench.scoring.settings import SEED

_FOLDER = Path(__file__).parent
Section = tuple[str, str, list[Html]]

# By default a page is no larger, in bytes, and shows no more sentences: more are read by nobody.
LARGEST = 3_000_000
MOST = 500

# More types, or kinds of errors, are folded, and fewer are in sight where that would be more bars than these.
_GROUPS, _BARS = 12, 96
# Still more types are in the tables alone.
_MOST_TYPES = 60
# Of so many systems the matrices of confusion are in sight.
_IN_SIGHT = 3
# Labels of a matrix of confusion that is shown whole.
_LABELS = 24


def report_page(
    gold: Gold,
    results: Sequence[Result],
    stress: Sequence[Stressed] = (),
    *,
    tests: PairTests | None = None,
    sample: int | None = None,
) -> bytes:
    """The report of one system or several as HTML, in UTF-8: the same results give the same bytes.

    ``stress`` are systems on the stress suite, not necessarily the same ones. ``tests`` compare every pair of the
    systems, by default with 10,000 draws. ``sample`` is how many sentences are shown, drawn with the seed of the
    results' settings; by default 500 at most, and fewer where the page would have more than 3 MB.

    Raises UsageError for more systems than can be told apart, and for systems that were not scored alike by position.
    """
    check_shown(results)
    reports = [result.report for result in results]
    tests = pair_tests(reports, NUMBER, SEED) if tests is None else tests
    sections: list[Section] = [
        ("answer", "The score" if len(results) == 1 else "Which system is better", answer(results, tests)),
        ("why", "Why", why(results)),
        ("types", "By type", _types(results)),
        ("errors", "Errors", _errors(gold, results)),
        *([("stress", "Stress suite", heat(stress))] if stress else []),
        ("documents", "Documents", []),
        ("figures", "Every figure", _figures(results)),
    ]
    sentences = sentences_of(results)
    number = min(MOST if sample is None else sample, sentences.total)
    order = drawn(sentences, number, reports[0].settings.seed)
    while True:
        documents = shown_documents(results, sentences, order[:number])
        page = _page(gold, results, [(*one[:2], one[2] or documents) for one in sections])
        if sample is not None or number <= 1 or len(page) < LARGEST:
            return page
        # What the sentences take is not all of the page, so that this comes near, and never to a stand.
        number = max(1, min(number - 1, int(number * LARGEST / len(page))))


# The names of so many systems stand at the top; those of more are folded.
_NAMED = 8


def _page(gold: Gold, results: Sequence[Result], sections: Sequence[Section]) -> bytes:
    from tyez_bench import __version__

    main = joined(
        element("section", element("h2", title, id=name), *parts, aria_labelledby=name)
        for name, title, parts in sections
    )
    script = (_FOLDER / "script.js").read_text("utf-8")
    style = (_FOLDER / "style.css").read_text("utf-8") + rules(colours_of(results).values()) + _grid(main)
    systems = [result.report.system for result in results]
    items = [
        element("li", element("b", letter, class_="letter"), f" {system}")
        for letter, system in zip(LETTERS, systems, strict=False)
    ]
    named = element("ul", *items, class_="systems", aria_label="systems")
    page = filled(
        "page.html",
        style=Html(style),
        style_hash=_hash(style),
        script=Html(script),
        script_hash=_hash(script),
        systems=", ".join(systems),
        gold=gold.name,
        # The answer is on the first screen, of a phone, too.
        named=named if len(systems) <= _NAMED else fold(counted(len(systems), "system"), named),
        about=gold_line(results[0].report),
        links=joined(element("li", element("a", title, href=f"#{name}")) for name, title, _ in sections),
        main=main,
        version=__version__,
    )
    return f"<!DOCTYPE html>\n{page}\n".encode()


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def _types(results: Sequence[Result]) -> list[Html]:
    groups, first = type_groups(results), _in_sight(results)
    name = "Strict F1 by type, with its 95 % interval"
    parts = [plot(groups[:first], name)]
    if rest := groups[first:_MOST_TYPES]:
        parts.append(fold(counted(len(rest), "more type"), plot(rest, name)))
    if left := len(groups[_MOST_TYPES:]):
        parts.append(element("p", f"{counted(left, 'more type')}: in the tables of “Every figure”", class_="facts"))
    return parts


def _in_sight(results: Sequence[Result]) -> int:
    return min(_GROUPS, _BARS // len(results))


def _errors(gold: Gold, results: Sequence[Result]) -> list[Html]:
    tables, matrices = [], []
    for letter, result in zip(LETTERS, results, strict=False):
        kinds, confusion = error_tables(result.report, result.diagnosis, gold, 0)
        called = replace(_narrowed(confusion), title=f"{letter} {result.report.system}: {confusion.title}")
        matrices.append(html_table(called, shaded=True))
        tables.append(html_table(kinds))
    name = "Errors by kind, and the strict micro F1 that the system would have without them"
    groups, first = error_groups(results), _in_sight(results)
    drawings = [plot(groups[:first], name, axis=False) if groups else element("p", "There are no errors.")]
    if rest := groups[first:]:
        drawings.append(fold(counted(len(rest), "more kind"), plot(rest, name, axis=False)))
    confused = element("div", *matrices, class_="cards")
    return [
        *drawings,
        confused if len(results) <= _IN_SIGHT else fold("Confusion matrices", confused),
        fold("Errors by kind as tables", element("div", *tables, class_="cards")),
    ]


def _narrowed(matrix: Table) -> Table:
    """A matrix of confusion with the labels that are confused most, where it has more than can be looked at."""
    names = matrix.header[1:]
    if len(names) <= _LABELS:
        return matrix
    cells = [[int(cell) for cell in row[1:]] for row in matrix.rows]
    wrong = [sum(cells[n]) + sum(row[n] for row in cells) - 2 * cells[n][n] for n in range(len(names))]
    # What has no partner is the last, and stays.
    most = sorted(range(len(names) - 1), key=lambda n: -wrong[n])[: _LABELS - 1]
    kept = [*sorted(most), len(names) - 1]
    note = f"the {len(most)} labels with most errors of {len(names) - 1}; tyez-bench score --errors prints all of them"
    rows = tuple((names[n], *(matrix.rows[n][1 + other] for other in kept)) for n in kept)
    return replace(matrix, header=("", *(names[n] for n in kept)), rows=rows, notes=(*matrix.notes, note))


def _figures(results: Sequence[Result]) -> list[Html]:
    return [
        fold(
            joined([element("b", letter, class_="letter"), f" {result.report.system}"]),
            *map(html_table, report_tables(result.report)),
            heading="h3",
        )
        for letter, result in zip(LETTERS, results, strict=False)
    ]


# The policy of the page forbids attributes of style, so that places are classes.
_CLASSES = re.compile(r' class="([^"]*)"')
_RULES = {"x": "grid-column-start:{0}", "w": "grid-column-end:span {0}", "y": "grid-row-start:{0}"}


def _grid(page: str) -> str:
    """Rules for the classes that occur: x and w the first column and their number, y the lane, h the lanes around."""
    found = {name for classes in _CLASSES.findall(page) for name in classes.split(" ")}
    rules = []
    for name in sorted(found, key=lambda name: (name[:1], [int(digits) for digits in re.findall("[0-9]+", name)])):
        if re.fullmatch("[xwy][0-9]+", name):
            rules.append(f".{name}{{{_RULES[name[0]].format(name[1:])}}}")
        if sides := re.fullmatch("h([0-9]+)-([0-9]+)", name):
            above, below = map(int, sides.groups())
            rules.append(f".{name}{{--above:{above};--below:{below}}}")
            rules.append(f".{name}>.lanes{{grid-template-rows:{_rows(above)}1fr{_rows(below)}}}")
    return "\n".join(rules) + "\n"


def _rows(number: int) -> str:
    return f" repeat({number},var(--lane)) " if number else " "
