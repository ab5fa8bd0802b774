"""Outputs read by the parsers of others, and what must not be found in them."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from xml.etree import ElementTree

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tyez_bench.model.errors import LONGEST

# What the runners of builds obey.
_BUILD = re.compile(r"##\w*\[")
# What GitHub makes of text after Markdown is read, and so even of what was escaped.
_GITHUB = re.compile(r"@[A-Za-z0-9]|(?<![A-Za-z0-9])(?:#|GH-)[0-9]|/\w*#[0-9]|https?://|www\.|\$[^$]+\$|:[a-z]+:")


def check_lines(text: str, *, commands: int = 0) -> list[str]:
    """Lines that a terminal and a log show and do nothing with, but for so many commands of our own."""
    lines = text.split("\n")
    obeyed = [line for line in lines if line.lstrip().startswith("::")]
    assert len(obeyed) == commands, obeyed
    for line in lines:
        unseen = [c for c in line if not c.isprintable() and c != "\u3000"]
        assert not unseen, (unseen, line)
        assert not _BUILD.search(line), line
    return lines


def check_errors(text: str) -> None:
    """What is said beside the answer: short lines."""
    assert all(len(line) <= LONGEST for line in check_lines(text))


def plain(text: str) -> list[str]:
    """Text for people, as words between the gaps of its columns."""
    return [word for line in check_lines(text) for word in (line, *re.split(r"   +", line.strip(" ")))]


def markdown(text: str) -> list[str]:
    """What a page shows in its cells and paragraphs. There are tables, lists, bold titles, and what is folded."""
    check_lines(text)
    parser = MarkdownIt("commonmark", {"linkify": True, "html": True}).enable(["table", "strikethrough", "linkify"])
    assert parser.linkify is not None
    # GitHub makes no links of a.b.
    parser.linkify.set({"fuzzy_link": False, "fuzzy_email": True})
    tokens = parser.parse(text)
    blocks = {token.type for token in tokens}
    assert not blocks - _BLOCKS, blocks - _BLOCKS
    for token in tokens:
        if token.type == "html_block":
            assert re.fullmatch(r"<details><summary>\d+ entities</summary>|</details>", token.content.strip())
    return [_shown(token) for token in tokens if token.type == "inline"]


_BLOCKS = {
    *(f"{name}_{end}" for name in ("table", "thead", "tbody", "tr", "th", "td") for end in ("open", "close")),
    *(f"{name}_{end}" for name in ("paragraph", "bullet_list", "list_item", "heading") for end in ("open", "close")),
    *("inline", "html_block"),
}


def _shown(inline: Token) -> str:
    children = inline.children or []
    kinds = {token.type for token in children}
    assert not kinds - {"text", "text_special", "code_inline", "strong_open", "strong_close"}, (kinds, inline.content)
    # A title is bold as a whole, and nothing else is.
    strong = [number for number, token in enumerate(children) if token.type.startswith("strong")]
    assert strong in ([], [0, len(children) - 1], [0, len(children) - 2], [1, len(children) - 2]), inline.content
    for text in "".join(t.content if t.type != "code_inline" else "\n" for t in children).split("\n"):
        assert not _GITHUB.search(text), (_GITHUB.search(text), inline.content)
    return "".join(token.content for token in children)


_LATEX_WORDS = {
    r"\textbackslash{}": "\\",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    r"\textless{}": "<",
    r"\textgreater{}": ">",
    r"\textbar{}": "|",
    r"\textasciigrave{}": "`",
    r"\dots{}": "…",
    r"$\emptyset$": "∅",
    "$-$": "−",
    "-{}": "-",
    "--": "–",
    **{f"\\{c}": c for c in "&%$#_{}"},
}
_LATEX = re.compile("|".join(map(re.escape, _LATEX_WORDS)))


def latex(text: str) -> list[str]:
    """The cells and notes of LaTeX: as many cells in each row as there are columns, and no command that is not ours."""
    found, columns = [], 0
    for line in check_lines(text):
        begins = re.fullmatch(r"\\begin\{tabular\}\{([lr]+)\}", line)
        if begins:
            columns = len(begins[1])
        elif line.startswith(r"\par\footnotesize "):
            found.append(_latex_text(line.removeprefix(r"\par\footnotesize ")))
        elif line.endswith(r" \\"):
            assert not line.lstrip().startswith(("[", "*")), line
            cells = re.split(r"(?<!\\) ?& ?", line.removesuffix(r" \\").removeprefix("{}"))
            assert len(cells) == columns, line
            found += map(_latex_text, cells)
        else:
            assert not line or line.startswith("% ") or line in _LATEX_LINES, line
    return found


_LATEX_LINES = {r"\toprule", r"\midrule", r"\bottomrule", r"\end{tabular}"}


def _latex_text(text: str) -> str:
    assert not re.search(r"[\\&%$#_{}~^]", _LATEX.sub("", text)), text
    return _LATEX.sub(lambda found: _LATEX_WORDS[found[0]], text)


def comma_separated(text: str) -> list[str]:
    """The texts of CSV: nothing that a spreadsheet calculates, and in every row as many fields as in the first."""
    check_lines(text)
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert len({len(row) for row in rows}) == 1
    texts = [field for row in rows for field in row if not re.fullmatch(r"-?[0-9.]+(e-?[0-9]+)?", field)]
    assert not [field for field in texts if field[:1] in tuple("=+-@\t\r＝＋－＠")]
    return [field[1:] if re.match(r"'+[-=+@＝＋－＠]", field) else field for field in texts]


def junit(text: str) -> list[str]:
    """The lines of what failed, and the names of the suites."""
    check_lines(text)
    found = list(ElementTree.fromstring(text).iter())
    return [
        *(word for one in found for word in (one.text or "").splitlines()),
        *(word for one in found for word in one.attrib.values()),
    ]


def sarif(text: str) -> list[str]:
    """The messages: without a link in any of them."""
    (run,) = json.loads(text)["runs"]
    found = [result["message"]["text"] for result in run["results"]]
    for message in found:
        check_errors(message)
        assert not re.search(r"(?<!\\)\]\(", message)
    return found


def github(text: str) -> list[str]:
    """The messages of workflow commands: each line but the last is one, and has its properties and no others."""
    *lines, last, end = text.split("\n")
    check_lines(text, commands=len(lines))
    check_errors(f"{last}\n{end}")
    found = []
    for line in lines:
        parts = re.fullmatch(r"::(?:error|warning) (file=[^,:]*(?:,line=\d+)?,title=[^,:]*)::(.*)", line)
        assert parts, line
        assert not re.search("%(?!25|0A|0D|3A|2C)", f"{parts[1]}{parts[2]}")
        found.append(parts[2].replace("%25", "%"))
    return found


def json_words(text: str) -> list[str]:
    """Every text in JSON, or in lines of it; keys, too."""
    check_lines(text)
    try:
        values = [json.loads(text)]
    except ValueError:
        values = [json.loads(line) for line in text.splitlines()]
    return list(_texts(values))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        yield from _texts(list(value.values()))
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def description(text: str) -> list[str]:
    """The values of a description in YAML."""
    check_lines(text)
    return [str(value) for value in yaml.safe_load(text).values()]


def elements(text: str) -> list[tuple[str, dict[str, str | None]]]:
    """The elements of a page, each with its attributes."""
    found: list[tuple[str, dict[str, str | None]]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, dict(attrs)))

    Reader().feed(text)
    return found


READERS: dict[str, Callable[[str], list[str]]] = {
    "text": plain,
    "concise": plain,
    "markdown": markdown,
    "latex": latex,
    "csv": comma_separated,
    "json": json_words,
    "jsonl": json_words,
    "sarif": sarif,
    "junit": junit,
    "github": github,
    "yaml": description,
}
