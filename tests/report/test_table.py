"""A table in every form: what is aligned, escaped and bold."""

import pytest

from tyez_bench.report.table import render, table

SCORES = table(
    "a_b: strict",
    ("", "P", "95 %"),
    [("太原|市", "0.100", "–"), ("A--B", "0.25", "0.1–0.4"), ("micro", "−1", "")],
    ["gold: #1"],
)


def test_text_is_as_wide_as_a_terminal_shows_it() -> None:
    lines = render([SCORES]).split("\n")
    assert render([SCORES, SCORES]) == f"{render([SCORES])}\n{render([SCORES])}"
    assert lines == [
        "a_b: strict",
        "               P      95 %",
        " ─────────────────────────",
        " 太原|市   0.100         –",
        " A--B       0.25   0.1–0.4",
        " micro        −1",
        "gold: #1",
        "",
    ]


def test_on_a_terminal_header_and_total_are_bold(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = render([SCORES])
    assert "\x1b" not in plain
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    drawn = render([SCORES])
    assert drawn.replace("\x1b[1m", "").replace("\x1b[0m", "") == plain
    bold = [line for line in drawn.split("\n") if line.startswith("\x1b[1m") and line.endswith("\x1b[0m")]
    assert len(bold) == drawn.count("\x1b[1m") == 2
    monkeypatch.setenv("TERM", "dumb")
    assert render([SCORES]) == plain


def test_a_long_row_is_not_wrapped() -> None:
    assert len(render([table("", ("name", "n"), [("文" * 400, "1")])]).split("\n")) == 4


def test_markdown_has_a_cell_a_name() -> None:
    assert render([SCORES], "markdown").split("\n") == [
        "**a_b: strict**",
        "",
        "|  | P | 95 % |",
        "|:--|--:|--:|",
        "| 太原\\|市 | 0.100 | – |",
        "| A--B | 0.25 | 0.1–0.4 |",
        "| micro | −1 |  |",
        "",
        "- gold: `#1`",
        "",
    ]


def test_latex_takes_no_character_for_another() -> None:
    rows = [("[2pt] 50 %", "x_1"), ("*", "∅ & −1")]
    assert render([table("t", ("", "P"), rows, ["a--b"])], "latex").split("\n") == [
        "% t",
        r"\begin{tabular}{lr}",
        r"\toprule",
        r" & P \\",
        r"\midrule",
        r"{}[2pt] 50 \% & x\_1 \\",
        r"{}* & $\emptyset$ \& $-$1 \\",
        r"\bottomrule",
        r"\end{tabular}",
        r"\par\footnotesize a-{}-b",
        "",
    ]
