"""Words that try to be more than text: in ids, texts, surfaces, labels, rules, reasons, and names of files."""

import json
from pathlib import Path

WORDS = (
    # For terminals and the logs of builds.
    *("\x1b[31mred\x1b]0;title\x07", "\x9b31mred", "a\u202eb", "\u2066a\u2069", "a\u2028b\u2029c\x85d"),
    *("a\rb", "a\n::error::b"),
    *("::error::x", " ::add-mask::x", "\u3000::group::x", "##[group]x", "a ##[add-mask]x"),
    *("##vso[task.debug]x", "%0A::error::x"),
    *("\ufeffa\u200bb\U000e0041c", "\ufffe", "\x00\x08\x7f"),
    # For Markdown, and what GitHub makes of it.
    *("`a`", "``", "a`", "a|b", "\\|", "a\\", "~~a~~", "~a~", "@user", "太@user。", "@org/team", "&lt;b&gt;"),
    *("&copy", "#123", "GH-1", "a/b#1"),
    *("<script>alert(1)</script>", "<b id=x>", "<!-- a", "<https://a.example>", "https://a.example/b"),
    *("见https://a.example。",),
    *("www.a.example", "me@a.example", "mailto:me@a.example", "[a](https://a.example)", "![a](b)", "**a**"),
    *("__a__", "_a", "*a*", ":smile:"),
    *("# a", "- a", "+ a", "1. a", "1) a", "> a", "---", "===", "    a", "[ ] a", "$a$", "$a b$", "$$a$$"),
    *("---|---", "a\\|b`c@d|e"),
    # For LaTeX.
    *("[a]", "*", "\\", "\\\\[1em]", "\\input{a}", "%", "a & b", "{", "}", "^^M", "~", "_", "--", "?`", "<<"),
    # For spreadsheets.
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1", "'=1+1", "'a", "＝1+1", '"', "a,b", "a;b"),
    # For YAML, rich and shells.
    *("a: b", "'a'", '"a"', "!!python/name:os.system", "[red]a[/red]", "[/]", "$(touch a)", "{{7*7}}"),
)  # fmt: skip

# Words that are no more than text, and stay as they are wherever they are read.
PLAIN = ("太原市　公司", "P&G", "doc_1_a", "-0.5", "AT&T, 5 % #", "C#", "1.6.0", "12:30:45", "a-b", "(a)")

# A name of a file has no room for a slash and no null; it has some of all kinds.
NAME = (
    "::error::\x1b[31m\u202e\n##[group]x|`a` ~~a~~ @user #12 www.a.example [a](b) "
    "<b> &lt; =1 $a$ \\ % _a_ [red] :smile: '\""
)
FORMULA = "=1+1"


def gold(folder: Path, name: str, words: tuple[str, ...], *, type_: str = "ORG") -> Path:
    """A gold set with a document for each word, which is its id, its title, a name in its text, and a rule."""
    records = []
    for word in words:
        text = f"太原{word}。太原{word}。"
        span = {"start": 2, "end": 2 + len(word), "type": type_, "rule": word}
        # Twice in the text and marked once, which the check objects to.
        records.append({"id": word, "title": word, "text": text, "entities": [span]})
    path = folder / f"{name}.jsonl"
    path.write_bytes("".join(json.dumps(record) + "\n" for record in records).encode())
    return path


def predictions(folder: Path, name: str, words: tuple[str, ...]) -> Path:
    """Predictions that are wrong in each document, by the borders and by the type."""
    path = folder / f"{name}.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number, word in enumerate(words):
            span = {"start": 1, "end": 2 + len(word), "type": ("ORG", "PLACE")[number % 2]}
            file.write(json.dumps({"id": word, "entities": [span]}) + "\n")
    return path
