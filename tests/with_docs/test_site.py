"""The site is built without a warning, loads nothing from elsewhere, and says so where a link leads nowhere."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

import tyez_bench

ROOT = Path(__file__).parents[2]
ELSEWHERE = re.compile(r"^\s*(?:https?:)?//", re.IGNORECASE)
# Where a style sheet or a script loads from; the address of a name space loads nothing.
IN_STYLES = re.compile(r"""url\(\s*['"]?([^'")]+)|@import\s+['"]([^'"]+)""", re.IGNORECASE)
IN_SCRIPTS = re.compile(
    r"""(?:fetch|import|importScripts|Worker|open|src\s*=|href\s*=)\s*\(?\s*(?:['"]GET['"]\s*,\s*)?['"`]((?:https?:)?//[^'"`]+)"""
)


class Loads(HTMLParser):
    """Collects what a page loads, by attributes and in its styles and scripts; links that are followed are none."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the addresses of an element."""
        self.inside = tag
        given = {name: value or "" for name, value in attrs}
        names = ["src", "srcset", "poster", "data"] + (["href"] if tag in ("link", "use", "image") else [])
        self.found += [given[name] for name in names if name in given]
        self.found += loads_of_styles(given.get("style", ""))

    def handle_data(self, data: str) -> None:
        """Look into styles and scripts."""
        self.found += {"style": loads_of_styles, "script": loads_of_scripts}.get(self.inside, lambda _: [])(data)

    def handle_endtag(self, tag: str) -> None:
        """What follows is text."""
        self.inside = ""


def loads_of_styles(text: str) -> list[str]:
    """What a style sheet loads."""
    return [one or other for one, other in IN_STYLES.findall(text)]


def loads_of_scripts(text: str) -> list[str]:
    """What a script loads by an address that stands in it."""
    return IN_SCRIPTS.findall(text)


def loads(path: Path) -> list[str]:
    """What a file of the site loads from other hosts."""
    text = path.read_text("utf-8")
    if path.suffix == ".html":
        page = Loads()
        page.feed(text)
        found = page.found
    else:
        found = loads_of_styles(text) if path.suffix in (".css", ".svg") else loads_of_scripts(text)
    return [address for address in found if ELSEWHERE.match(address)]


def build(source: Path, target: Path) -> subprocess.CompletedProcess[str]:
    """The site of a copy of the repository, by the command of CONTRIBUTING.md."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    (line,) = re.findall(r"sphinx-build (.*) -c docs \. build/site$", text, re.MULTILINE)
    command = [sys.executable, "-m", "sphinx", *line.split(), "-c", "docs", ".", str(target)]
    return subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("built") / "site"
    done = build(ROOT, target)
    assert (done.returncode, done.stderr) == (0, "")
    return target


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    paths = [path for path in site.rglob("*") if path.suffix in (".html", ".css", ".js", ".svg")]
    assert len(paths) > 60
    assert {path.name: found for path in paths if (found := loads(path))} == {}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", '<script src="https://a.example/x.js"></script>'),
        ("a.html", '<link rel="stylesheet" href="//a.example/x.css">'),
        ("a.html", '<p style="background: url(https://a.example/x.png)">'),
        ("a.html", "<style>@import 'https://a.example/x.css';</style>"),
        ("a.html", '<script>fetch("https://a.example/x.json")</script>'),
        ("a.css", "@font-face { src: url('https://a.example/x.woff2') }"),
        ("a.js", 'e.src="https://a.example/x.js"'),
        ("a.js", 'r.open("GET","https://a.example/x")'),
    ],
)
def test_a_load_from_elsewhere_is_seen(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    assert loads(tmp_path / name)


def test_a_link_is_no_load(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text('<a href="https://a.example/">a</a><img src="b.png">', "utf-8")
    assert loads(tmp_path / "a.html") == []


def described(site: Path) -> dict[str, str]:
    """What the pages of the library say of each name on the top level."""
    pages = "".join(path.read_text("utf-8") for path in sorted((site / "docs" / "api").glob("*.html")))
    parts = re.split(r'<dl class="py (?:class|exception|function)">', pages)[1:]
    names = [re.findall(r'<dt [^>]*id="([^"]+)"', part)[0] for part in parts]
    assert len(names) == len(set(names))
    return dict(zip(names, parts, strict=True))


def test_every_public_name_has_an_example(site: Path) -> None:
    found = described(site)
    names = {f"tyez_bench.{name}" for name in tyez_bench.__all__ if name != "__version__"}
    assert names - found.keys() == set()
    assert [name for name in sorted(names) if '<span class="gp">' not in found[name]] == []


def test_what_functions_return_is_described(site: Path) -> None:
    last = {name.rpartition(".")[2] for name in described(site)}
    assert {"Comparison", "Power", "Diagnosis", "Slice", "Interval", "Counts", "Structure"} <= last


def test_the_search_needs_no_server(site: Path) -> None:
    """A page from the disk may load scripts, and nothing else."""
    index = (site / "searchindex.js").read_text("utf-8")
    assert index.startswith("Search.setIndex(")
    assert "docs/quickstart" in index
    assert "searchindex.js" in (site / "search.html").read_text("utf-8")


def test_the_top_leads_to_the_first_page(site: Path) -> None:
    (target,) = re.findall(r"url=([^\"]+)", (site / "index.html").read_text("utf-8"))
    assert (site / target).is_file()


def broken(folder: Path) -> Iterator[tuple[Path, str, str]]:
    """Pages, what is added to each, and what the build must say of it."""
    yield folder / "docs" / "faq.md", "\n[a](nowhere.md)\n", "nowhere.md"
    yield folder / "docs" / "faq.md", "\n[a](scoring.md#nowhere)\n", "nowhere"
    yield folder / "docs" / "faq.md", "\n![a](nowhere.png)\n", "nowhere.png"
    yield folder / "docs" / "stray.md", "# A page that no page lists\n", "toctree"
    yield folder / "docs" / "api" / "score.md", "\n```{eval-rst}\n.. autofunction:: nowhere\n```\n", "nowhere"
    yield folder / "docs" / "api" / "score.md", "\n{py:func}`tyez_bench.nowhere`\n", "tyez_bench.nowhere"


def test_what_leads_nowhere_fails_the_build(tmp_path: Path) -> None:
    """All faults in one build: each is said."""
    source = tmp_path / "source"
    for name in ("docs", "annotations", "data", "src"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "predictions"))
    for path in ROOT.glob("*"):
        if path.is_file():
            shutil.copy(path, source)
    cases = list(broken(source))
    for path, text, _ in cases:
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
    done = build(source, tmp_path / "site")
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    for path, text, said in cases:
        # What can't be imported has no place in a page.
        where = "autodoc" if "autofunction" in text else str(path.relative_to(source))
        assert any(where in line and said in line for line in lines), (where, said, done.stderr)
