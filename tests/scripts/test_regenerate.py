"""scripts/regenerate.py: one table of what is generated, written and compared in one place."""

import gzip
import json
import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import regenerate
from generated import areas, blocks, figures, maker, predictions
from generated.maker import Maker, When
from tyez_bench.model.errors import InputError, UsageError

ROOT = Path(__file__).parents[2]
NAMES = [maker.name for maker in regenerate.table()]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Another root, for makers of the test's own."""
    for module in (regenerate, maker):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    return tmp_path


def use(monkeypatch: pytest.MonkeyPatch, *makers: Maker) -> None:
    """Put a table in the place of the real one."""
    monkeypatch.setattr(regenerate, "table", lambda: makers)


def gives(path: Path, content: bytes = b"new\n") -> Callable[[], Mapping[Path, bytes]]:
    """The function of a maker of one file."""
    return lambda: {path: content}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["fgures"], "unknown name 'fgures'; did you mean figures? --list shows all names"),
        (["docs", "zzz", "--check"], "unknown name 'zzz'; --list shows all names"),
        (["docs/"], "unknown name 'docs/'; did you mean docs? --list shows all names"),
        (["--all", "docs"], "--all takes no names"),
        (["--details", "docs/rules"], "no details; there are of figures/check, corruptions"),
        (["--chekc"], "unrecognized arguments: --chekc (see regenerate --help)"),
        (["--check", "--list"], "argument --list: not allowed with argument --check (see regenerate --help)"),
    ],
)
def test_wrong_use_is_one_line(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        code: object = regenerate.main(arguments)
    except SystemExit as end:
        code = end.code
    assert code == 2
    assert capsys.readouterr() == ("", f"regenerate: {message}\n")


def test_a_changed_byte_is_found_and_nothing_is_written(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By a real maker, on a copy of its file."""
    good = areas.TARGET.read_bytes()
    target = root / "areas.tsv"
    target.write_bytes(good.replace("太原市".encode(), "大原市".encode(), 1))
    monkeypatch.setattr(areas, "TARGET", target)
    before = target.stat()
    assert regenerate.main(["areas", "--check"]) == 1
    assert capsys.readouterr() == (
        "",
        "areas.tsv: -1 +1 lines, first at line 239: '140100\\t大原市' → '140100\\t太原市'\n"
        "to write what is generated: python scripts/regenerate.py areas\n",
    )
    assert [path.name for path in root.iterdir()] == ["areas.tsv"]
    assert (target.stat().st_mtime_ns, target.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert regenerate.main(["areas"]) == 0
    assert capsys.readouterr() == ("wrote areas.tsv\n", "")
    assert target.read_bytes() == good
    assert regenerate.main(["areas", "--check"]) == 0
    assert capsys.readouterr() == ("areas: 1 file as generated\n", "")
    # What is as it should be is left alone.
    before = target.stat()
    assert regenerate.main(["areas"]) == 0
    assert (target.stat().st_mtime_ns, target.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


@pytest.mark.parametrize(
    ("found", "made", "difference"),
    [
        (None, b"a", "is missing"),
        (b"a\nb\n", b"a\nb\n", None),
        (b"a\nb\n", b"a\nc\n", "-1 +1 lines, first at line 2: 'b' → 'c'"),
        (b"a\n", b"a\nb\n", "-0 +1 lines, first at line 2: '' → 'b'"),
        (b"a\nb", b"a", "-1 +0 lines, first at line 2: 'b' → no line"),
        (b"a\nb\n", b"b\na\n", "-0 +0 lines, first at line 1: 'a' → 'b'"),
        (b"a\r\n", b"a\n", "-1 +1 lines, first at line 1: 'a\\r' → 'a'"),
        (b"x" * 500 + b"1", b"x" * 500 + b"2", f"-1 +1 lines, first at line 1: '{'x' * 20}1' → '{'x' * 20}2'"),
        (b"\xff", b"\xfe\x00", "has 1 bytes that differ from the 2 that are generated"),
    ],
)
def test_differences_in_one_line(found: bytes | None, made: bytes, difference: str | None, tmp_path: Path) -> None:
    path = tmp_path / "file"
    if found is not None:
        path.write_bytes(found)
    assert regenerate.difference(path, made) == difference


def test_what_is_made_from_a_file_that_a_later_maker_wrote_is_made_once_more(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A copy of a document whose figure comes from the data, as data/DATASHEET.md is."""
    (root / "data").mkdir()
    (root / "page.md").write_text("old", "utf-8")
    (root / "number").write_text("7", "utf-8")

    def data() -> Mapping[Path, bytes]:
        copy, number = (root / "page.md").read_bytes(), (root / "number").read_bytes()
        return {root / "data" / "page.md": copy, root / "data" / "number": number}

    def page() -> Mapping[Path, bytes]:
        return {root / "page.md": b"figure " + (root / "data" / "number").read_bytes()}

    use(monkeypatch, Maker("data", "", ("page.md", "number"), data), Maker("page", "", ("data/number",), page))
    assert regenerate.main([]) == 0
    out, err = capsys.readouterr()
    assert out == "wrote data/page.md\nwrote data/number\nwrote page.md\nwrote data/page.md\n"
    assert err == ""
    assert (root / "data" / "page.md").read_bytes() == b"figure 7"
    assert regenerate.main(["--check"]) == 0
    # By its name alone: what is outdated by it is named.
    (root / "page.md").write_text("old", "utf-8")
    capsys.readouterr()
    assert regenerate.main(["page"]) == 0
    outdated = "data is made from page.md, which has changed: regenerate it, too\n"
    assert capsys.readouterr() == ("wrote page.md\n", outdated)


def test_problems_that_no_regenerating_fixes(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "a").write_bytes(b"new\n")
    use(monkeypatch, Maker("a", "", (), gives(root / "a"), problems=lambda: ["a:1: 5 is no figure"]))
    for arguments in ([], ["--check"]):
        assert regenerate.main(arguments) == 1
        assert capsys.readouterr() == ("", "a:1: 5 is no figure\n")


def test_a_check_takes_the_cheaper_way_and_an_error_is_one_line(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> Mapping[Path, bytes]:
        raise InputError("is broken", path="some.toml", line=3)

    def failing() -> Mapping[Path, bytes]:
        raise subprocess.CalledProcessError(3, ["tyez-bench", "run", "a b"])

    (root / "a").write_bytes(b"new\n")
    use(monkeypatch, Maker("a", "", (), broken, compare=gives(root / "a")), Maker("b", "", (), failing))
    assert regenerate.main(["a", "--check"]) == 0
    assert capsys.readouterr() == ("a: 1 file as generated\n", "")
    assert regenerate.main(["a"]) == 2
    assert capsys.readouterr() == ("", "regenerate: some.toml:3: is broken\n")
    assert regenerate.main(["b"]) == 2
    assert capsys.readouterr() == ("", "regenerate: exit code 3 of tyez-bench run 'a b'\n")


def test_what_runs_without_a_name_by_a_family_and_with_all() -> None:
    makers = [
        Maker("a", "", (), dict),
        Maker("f/one", "", (), dict),
        Maker("f/slow", "", (), dict, when=When.ALL),
        Maker("f/rare", "", (), dict, when=When.NAMED),
    ]

    def chosen(*names: str, everything: bool = False) -> list[str]:
        return [maker.name for maker in regenerate.choose(makers, names, everything=everything)]

    assert chosen() == ["a", "f/one"]
    assert chosen(everything=True) == ["a", "f/one", "f/slow"]
    assert chosen("f") == ["f/one", "f/slow"]
    assert chosen("f/rare") == ["f/rare"]
    # In the order of the table, each once.
    assert chosen("f", "a", "f/one", "f/rare") == ["a", "f/one", "f/slow", "f/rare"]
    with pytest.raises(UsageError, match="unknown name 'f/'"):
        chosen("f/")


def test_the_table() -> None:
    assert len(set(NAMES)) == len(NAMES)
    slow = {maker.name: maker.why for maker in regenerate.table() if maker.when}
    described = {path.stem for path in (ROOT / "data" / "predictions").glob("*.yaml")}
    assert slow.keys() == {"corruptions", *(f"predictions/{name}" for name in described)}
    assert all(slow.values())
    # One is made from the other: areas, gold and data, predictions, pages, figures.
    families = list(dict.fromkeys(name.partition("/")[0] for name in NAMES))
    assert families == ["areas", "lexicon", "data", "predictions", "docs", "figures", "corruptions"]


def test_the_data_are_made_again_after_the_figures_and_with_the_predictions() -> None:
    makers = {maker.name: maker for maker in regenerate.table()}
    (sheet,) = [path for path in figures.DOCUMENTS.values() if path.name == "DATASHEET.md"]
    assert makers["data"].uses(sheet)
    assert makers["data"].uses(ROOT / "data" / "predictions" / "stress" / "jieba.jsonl.gz")
    assert not makers["docs/leaderboard"].uses(sheet)


def test_what_says_that_it_is_generated_is_in_the_table() -> None:
    made = " ".join(maker.makes for maker in regenerate.table())
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    generated = [p for p in pages if re.search(r"^(Generated|Written) by `python scripts", p.read_text("utf-8"), re.M)]
    assert len(generated) >= 6
    assert [page.name for page in generated if f"docs/{page.name}" not in made] == []
    with_figures = {page for page in pages if figures.BLOCK.search(page.read_text("utf-8"))}
    assert with_figures <= set(figures.DOCUMENTS.values())


COMMAND = re.compile(r"scripts/(\w+\.py)((?:`? [\w/.+-]+)*)")


def test_every_command_in_the_documents_is_one_that_there_is() -> None:
    """Paths of scripts, and names of what is generated, in documents, configuration and CI."""
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("annotations/**/*.md"), ROOT / ".ci" / "run"]
    seen = []
    for page in pages:
        if page.name == "CHANGELOG.md":
            continue
        for script, rest in COMMAND.findall(page.read_text("utf-8")):
            assert (ROOT / "scripts" / script).is_file(), f"{page.name}: {script}"
            # Behind the code span the sentence goes on.
            words = [] if rest.startswith("`") else rest.partition("`")[0].split()
            if script == "regenerate.py":
                names = [word for word in words if not word.startswith("-")]
                regenerate.choose(regenerate.table(), names)
                seen += names
    assert {"data", "docs", "figures", "predictions", "corruptions"} <= set(seen)


def test_the_stages_of_the_check_of_a_change() -> None:
    command = ["bash", str(ROOT / ".ci" / "run")]
    done = subprocess.run([*command, "--list"], capture_output=True, encoding="utf-8", check=True)
    names = [line.partition(":")[0] for line in done.stdout.splitlines()]
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert len(names) == len(set(names)) > 10
    assert all(f"\n{name}() {{\n" in script for name in names)
    # Everything that is generated is compared.
    families = {name.partition("/")[0] for name in NAMES}
    compared = {word for line in re.findall(r"regenerate\.py --check (.*)", script) for word in line.split()}
    assert families <= compared
    done = subprocess.run([*command, "lint", "lnt"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(".ci/run: unknown stage 'lnt'; there are: ")


def test_of_predictions_only_what_counts_is_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    committed, out = tmp_path / "committed", tmp_path / "out"
    for folder in (committed, out):
        (folder / "stress").mkdir(parents=True)
    monkeypatch.setattr(predictions, "FOLDER", committed)

    def now(file: str, old: bytes | None, new: bytes) -> bytes:
        (committed / file).unlink(missing_ok=True)
        if old is not None:
            (committed / file).write_bytes(old)
        (out / file.removesuffix(".gz")).write_bytes(new)
        return predictions.now(out, file)

    old, other_time, other_facts = (
        json.dumps(facts).encode()
        for facts in ({"run": {"s": 1}, "v": 1}, {"run": {"s": 2}, "v": 1}, {"run": {"s": 1}, "v": 2})
    )
    assert now("a.json", old, other_time) == old
    assert now("a.json", old, other_facts) == other_facts
    assert now("a.json", None, old) == old
    assert now("a.jsonl", b"old", b"new") == b"new"
    packed = gzip.compress(b"same" * 50, compresslevel=1, mtime=5)
    assert now("stress/a.jsonl.gz", packed, b"same" * 50) == packed
    assert gzip.decompress(now("stress/a.jsonl.gz", packed, b"new")) == b"new"
    assert gzip.decompress(now("stress/a.jsonl.gz", None, b"new")) == b"new"


def test_figures_are_put_into_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "FIGURES", {"table": lambda: "| 1 |\n"})
    monkeypatch.setattr(blocks, "facts", lambda: {"n": "8"})
    text = "a\n<!-- figures: table -->\nold\n<!-- end -->\nIt has <!--=n-->7<!--=--> of them.\n"
    fresh = text.replace("old", "| 1 |").replace("7", "8")
    assert figures.refreshed(text, Path("page.md")) == fresh
    assert figures.refreshed(fresh, Path("page.md")) == fresh
    for wrong, line in ((text.replace("=n-", "=m-"), 5), (text.replace(": table", ": other"), 2)):
        with pytest.raises(InputError, match=rf"^page\.md:{line}: there is no figure '(m|other)'$"):
            figures.refreshed(wrong, Path("page.md"))


def test_a_number_that_is_no_figure_is_found() -> None:
    text = "1. As of August 2022 `7` in [here](a5.md)\n<!--=n-->8<!--=-->, 9.5 and 10\n```\n11\n```\n"
    assert list(figures.bare_numbers(text)) == [(2, "9.5"), (2, "10")]
