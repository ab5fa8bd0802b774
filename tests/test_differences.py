"""Differences between versions: by hand, mirrored, balanced, and on the command line with a repository."""

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks_run import git
from tyez_bench.cli import main
from tyez_bench.corpus.gold import Gold
from tyez_bench.corpus.inline import with_entities
from tyez_bench.differences import differences
from tyez_bench.errors import UsageError
from tyez_bench.model import Document, Entity, Label, Status
from tyez_bench.revisions import read_at, resolve

TEXT = "太原市万柏林区发改局投资三亿元"
OLD = (
    '{"id":"a","text":"太原市和太钢","entities":[{"start":0,"end":3,"type":"PLACE"},'
    '{"start":4,"end":6,"type":"ORG"}]}\n'
)


def gold(text: str, *spans: tuple[int, int, str], id_: str = "a", optional: bool = False) -> Gold:
    """A gold set of one document."""
    status = Status.OPTIONAL if optional else Status.REQUIRED
    entities = [
        Entity(id=f"{id_}:{s}-{e}", start=s, end=e, text=text[s:e], type=Label(t), status=status) for s, e, t in spans
    ]
    return Gold("g", None, "", (with_entities(Document(id=id_, text=text), entities),))


def kinds(old: Gold, new: Gold) -> list[tuple[str, str, str]]:
    """Kind, and surfaces before and after."""
    found = differences(old, new).entities
    return [(one.kind, one.old.text if one.old else "", one.new.text if one.new else "") for one in found]


def test_each_kind_by_hand() -> None:
    old = gold(TEXT, (0, 3, "PLACE"), (3, 7, "PLACE"), (3, 10, "ORG"), (12, 15, "MONEY"))
    assert kinds(old, old) == []
    assert kinds(old, gold(TEXT, (0, 3, "PLACE"), (3, 7, "PLACE"), (3, 10, "ORG"))) == [("removed", "三亿元", "")]
    assert kinds(gold(TEXT, (0, 3, "PLACE")), gold(TEXT, (0, 3, "ORG"))) == [("relabelled", "太原市", "太原市")]
    assert kinds(gold(TEXT, (0, 3, "PLACE")), gold(TEXT, (0, 2, "PLACE"))) == [("moved", "太原市", "太原")]
    assert kinds(gold(TEXT, (0, 3, "PLACE")), gold(TEXT, (3, 7, "PLACE"))) == [
        ("removed", "太原市", ""),
        ("added", "", "万柏林区"),
    ]
    one = differences(gold(TEXT, (0, 3, "PLACE")), gold(TEXT, (0, 3, "PLACE"), optional=True)).entities
    assert [(d.kind, d.changed) for d in one] == [("changed", ("status",))]
    # A name around another one changes the inner one's parent, and that follows from the boundaries.
    assert kinds(gold(TEXT, (3, 7, "PLACE")), gold(TEXT, (3, 7, "PLACE"), (3, 10, "ORG"))) == [
        ("added", "", "万柏林区发改局")
    ]


def test_what_only_shifted_is_the_same() -> None:
    old = gold("太原市和太钢", (0, 3, "PLACE"), (4, 6, "ORG"))
    new = gold("在太原市和一汽", (1, 4, "PLACE"), (5, 7, "ORG"))
    found = differences(old, new)
    assert found.rewritten == ("a",)
    assert kinds(old, new) == [("removed", "太钢", ""), ("added", "", "一汽")]


def test_documents_come_and_go() -> None:
    found = differences(gold(TEXT, (0, 3, "PLACE")), gold(TEXT, (0, 3, "PLACE"), id_="b"))
    assert (found.added, found.removed) == (("b",), ("a",))
    assert Counter(one.kind for one in found.entities) == {"added": 1, "removed": 1}


spans = st.lists(st.tuples(st.integers(0, 13), st.integers(1, 4), st.sampled_from(["PLACE", "ORG"])), max_size=6).map(
    lambda found: _nested([(s, min(s + n, len(TEXT)), t) for s, n, t in found])
)


def _nested(found: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Without what crosses, and one for the same boundaries."""
    kept: list[tuple[int, int, str]] = []
    for start, end, type_ in found:
        if all((s, e) != (start, end) and not (s < start < e < end or start < s < end < e) for s, e, _ in kept):
            kept.append((start, end, type_))
    return kept


@given(spans, spans)
def test_it_is_mirrored_and_balanced(one: list[tuple[int, int, str]], other: list[tuple[int, int, str]]) -> None:
    old, new = gold(TEXT, *one), gold(TEXT, *other)
    there, back = differences(old, new), differences(new, old)
    mirrored = {"added": "removed", "removed": "added"}
    assert Counter(mirrored.get(d.kind, d.kind) for d in back.entities) == Counter(d.kind for d in there.entities)
    assert bool(there) == (set(one) != set(other))
    for label in ("PLACE", "ORG"):
        count = sum(t == label for _, _, t in one)
        for d in there.entities:
            count += (d.new is not None and d.new.type == label) - (d.old is not None and d.old.type == label)
        assert count == sum(t == label for _, _, t in other)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a gold file at HEAD, changed since."""
    (tmp_path / "gold.jsonl").write_text(OLD, "utf-8")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "one")
    (tmp_path / "gold.jsonl").write_text(OLD.replace('"end":6,"type":"ORG"', '"end":6,"type":"PLACE"'), "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_command(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for argv in (["HEAD", "--path", "gold.jsonl"], ["HEAD:gold.jsonl", "gold.jsonl"]):
        assert main(["diff", *argv]) == 0
        out = capsys.readouterr().out
        assert "~ a:4 relabelled: ORG 太钢 → PLACE 太钢  太原市和⟦太钢⟧" in out
        assert main(["diff", *argv, "--exit-code"]) == 1
        capsys.readouterr()
    assert main(["diff", "gold.jsonl", "gold.jsonl", "--exit-code"]) == 0
    assert capsys.readouterr().out.startswith("no differences")
    assert main(["diff", "HEAD:gold.jsonl", "gold.jsonl", "--output", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["counts"] == {"ORG → PLACE": {"added": 0, "removed": 0, "relabelled": 1, "moved": 0, "changed": 0}}
    assert main(["diff", "HEAD:gold.jsonl", "gold.jsonl", "--output", "markdown"]) == 0
    assert "| ORG → PLACE | 0 | 0 | 1 | 0 | 0 |" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["nix", "nix:gold.jsonl", "HEAD:nix.jsonl", ":gold.jsonl", "nix/x:y"])
def test_what_is_neither_a_file_nor_a_revision(name: str, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", name, "gold.jsonl"]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)


def test_revisions(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert read_at("HEAD", repository / "gold.jsonl") == OLD.encode()
    assert read_at("HEAD", repository / "new.jsonl") is None
    assert resolve("--help", repository) is None
    with pytest.raises(UsageError, match="no revision"):
        read_at("nix", repository / "gold.jsonl")
    with pytest.raises(UsageError, match="no git repository"):
        resolve("HEAD", tmp_path_factory.mktemp("outside"))
