"""Differences between versions: by hand, mirrored, balanced, and on the command line with a repository."""

import contextlib
import json
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks_run import CLEAN, git, refused
from tyez_bench.cli import main
from tyez_bench.files.git import read_at, resolve
from tyez_bench.gold.derived import with_entities
from tyez_bench.gold.gold import Gold, read_gold
from tyez_bench.model.documents import Document, Entity, Status
from tyez_bench.model.errors import UsageError
from tyez_bench.report.tables.gold import diff_markdown, diff_text
from tyez_bench.scoring import edited
from tyez_bench.scoring.diff import differences

TEXT = "太原市万柏林区发改局投资三亿元"
OLD = (
    '{"id":"a","text":"太原市和太钢","entities":[{"start":0,"end":3,"type":"PLACE"},'
    '{"start":4,"end":6,"type":"ORG"}]}\n'
)


def gold(text: str, *spans: tuple[int, int, str], id_: str = "a", optional: bool = False) -> Gold:
    """A gold set of one document."""
    status = Status.OPTIONAL if optional else Status.REQUIRED
    entities = [Entity(id=f"{id_}:{s}-{e}", start=s, end=e, text=text[s:e], type=t, status=status) for s, e, t in spans]
    return Gold("g", None, "", (with_entities(Document(id=id_, text=text), entities),))


def gold_of(*records: dict[str, object]) -> Gold:
    """A gold set of these records."""
    return read_gold("".join(json.dumps(record) + "\n" for record in records).encode(), "g")


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
    found = differences(gold(TEXT, (0, 3, "PLACE")), gold("上海市开会", (0, 3, "PLACE"), id_="b"))
    assert (found.added, found.removed) == (("b",), ("a",))
    assert Counter(one.kind for one in found.entities) == {"added": 1, "removed": 1}


def test_a_document_by_another_id_is_the_same() -> None:
    sentences = [{"id": "a.s1", "start": 0, "end": len(TEXT)}]
    old = gold_of({"id": "a", "text": TEXT, "sentences": sentences})
    new = gold_of({"id": "b", "text": TEXT, "sentences": [{**sentences[0], "id": "b.s1"}]})
    found = differences(old, new)
    assert bool(found)
    assert (found.renamed, found.added, found.removed, found.edited) == ((("a", "b"),), (), (), ())
    moved = differences(gold(TEXT, (0, 3, "PLACE")), gold(TEXT, (0, 2, "PLACE"), id_="b"))
    assert [(one.kind, one.document) for one in moved.entities] == [("moved", "b")]
    gone = differences(gold(TEXT, (0, 3, "PLACE")), gold(TEXT, id_="b"))
    assert "- b:0 removed: PLACE 太原市" in diff_text(gone, gold(TEXT, (0, 3, "PLACE")), gold(TEXT, id_="b"))
    # One text twice: each is paired once.
    twice = gold_of({"id": "a", "text": TEXT}, {"id": "b", "text": TEXT})
    found = differences(twice, gold_of({"id": "c", "text": TEXT}))
    assert (found.renamed, found.removed) == ((("a", "c"),), ("b",))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "太原"),
        ("byline", "记者"),
        ("district", {"name": "太原市", "code": "140100"}),
        ("date", {"value": "2022-08", "reference": "2022-08", "basis": "8月"}),
        ("code_edition", "GB/T 2260-2007"),
        ("sections", [{"role": "body", "start": 0, "end": 4}]),
        ("sentences", [{"id": "a.s1", "start": 0, "end": 4}]),
        ("provenance", [[0, 7, 4]]),
    ],
)
def test_what_else_is_said_of_a_document(name: str, value: object) -> None:
    old, new = gold_of({"id": "a", "text": TEXT}), gold_of({"id": "a", "text": TEXT, name: value})
    for found in (differences(old, new), differences(new, old)):
        assert bool(found)
        assert [(one.document, one.changed) for one in found.edited] == [("a", (name,))]
        assert found.to_dict()["documents"]["edited"] == [{"document": "a", "changed": (name,)}]
        assert f"document a: {name} changed" in diff_text(found, old, new)
        assert f"document a: {name} changed" in diff_markdown(found, old, new).replace("\\_", "_")
    assert not differences(new, new)


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
    assert main(["diff", "HEAD:gold.jsonl", "gold.jsonl", "--output-format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["counts"] == {"ORG → PLACE": {"added": 0, "removed": 0, "relabelled": 1, "moved": 0, "changed": 0}}
    assert main(["diff", "HEAD:gold.jsonl", "gold.jsonl", "--output-format", "markdown"]) == 0
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
    with pytest.raises(UsageError, match="unknown git revision"):
        read_at("nix", repository / "gold.jsonl")
    with pytest.raises(UsageError, match="not in a git repository"):
        resolve("HEAD", tmp_path_factory.mktemp("outside"))


def test_the_configured_files_are_those_of_bare_revisions(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "HEAD"]) == 2
    assert "expected --path FILE" in capsys.readouterr().err
    (repository / "pyproject.toml").write_text(
        '[tool.tyez-bench.check]\npaths = ["gold.jsonl", "more.jsonl"]\n', "utf-8"
    )
    (repository / "more.jsonl").write_text(OLD.replace('"a"', '"b"'), "utf-8")
    (repository / "below").mkdir()
    for folder in (repository, repository / "below"):
        with contextlib.chdir(folder):
            assert main(["diff", "HEAD", "--output-format", "json"]) == 0
        data = json.loads(capsys.readouterr().out)
        assert data["documents"]["added"] == ["b"]
        assert [one["kind"] for one in data["entities"]] == ["relabelled", "added", "added"]


def test_what_was_not_there_yet_is_new(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "new.jsonl").write_text(OLD, "utf-8")
    for argv in (["HEAD:new.jsonl", "new.jsonl"], ["HEAD", "--path", "new.jsonl"]):
        assert main(["diff", *argv, "--output-format", "json"]) == 0
        data = json.loads(capsys.readouterr().out)
        assert data["documents"]["added"] == ["a"]
        assert [one["kind"] for one in data["entities"]] == ["added", "added"]


def test_other_formats(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "doccano.jsonl").write_text('{"id":1,"text":"太钢","label":[[0,2,"ORG"]]}\n', "utf-8")
    (repository / "brat").mkdir()
    (repository / "brat" / "1.txt").write_text("太钢", "utf-8")
    (repository / "brat" / "1.ann").write_text("T1\tORG 0 2\t太钢\n", "utf-8")
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "--message", "two")
    (repository / "doccano.jsonl").write_text('{"id":1,"text":"太钢","label":[[0,2,"PLACE"]]}\n', "utf-8")
    (repository / "brat" / "1.ann").write_text("", "utf-8")
    assert main(["diff", "HEAD:doccano.jsonl", "doccano.jsonl"]) == 0
    assert "~ 1:0 relabelled: ORG 太钢 → PLACE 太钢" in capsys.readouterr().out
    assert main(["diff", "HEAD:brat", "brat"]) == 0
    assert "- 1:0 removed: ORG 太钢" in capsys.readouterr().out
    assert main(["diff", "HEAD:doccano.jsonl", "HEAD:brat", "--exit-code"]) == 0
    capsys.readouterr()
    (repository / "doccano.jsonl").write_text('{"id":1,"text":"太钢","label":[[0,9,"PLACE"]]}\n', "utf-8")
    assert main(["diff", "HEAD:doccano.jsonl", "doccano.jsonl"]) == 2
    assert capsys.readouterr().err.startswith("tyez-bench: doccano.jsonl:1: PLACE 0–9 is outside")
    (repository / "twice.jsonl").write_text(OLD + OLD, "utf-8")
    assert main(["diff", "gold.jsonl", "twice.jsonl"]) == 2
    assert "twice.jsonl:2: document id 'a' occurs twice" in capsys.readouterr().err


def test_a_long_text_with_one_change_is_carried_over_at_once() -> None:
    """What is the same from both ends is not matched: of a repetitive text that takes a time that grows with it."""
    text = "太钢和" * 12_000
    old = gold(text, (0, 2, "ORG"), (35_997, 35_999, "ORG"))
    new = gold(text[:18_000] + "与" + text[18_000:], (0, 2, "ORG"), (35_998, 36_000, "ORG"))
    with pytest.MonkeyPatch.context() as patched:
        sizes: list[int] = []
        matcher = SequenceMatcher

        def counting(junk: None, one: str, other: str, *, autojunk: bool) -> object:
            sizes.append(len(one) + len(other))
            return matcher(junk, one, other, autojunk=autojunk)

        patched.setattr(edited, "SequenceMatcher", counting)
        assert kinds(old, new) == []
    assert sizes == [1]


edges = st.text("太钢和", max_size=8)


@given(edges, edges, edges, edges)
def test_characters_that_are_the_same_at_both_ends_are_paired(head: str, one: str, other: str, tail: str) -> None:
    old, new = head + one + tail, head + other + tail
    places = edited.places(old, new)
    assert all(old[at] == new[there] for at, there in places.items())
    assert [places[at] for at in sorted(places)] == sorted(places.values())
    assert len(places) >= len(head) + len(tail)


@given(
    st.lists(st.text("太钢和。", max_size=30), max_size=4).map("".join),
    st.lists(st.text("太钢和。", max_size=30), max_size=4).map("".join),
)
def test_long_texts_are_matched_like_short_ones(old: str, new: str) -> None:
    """By sentences and by stretches: what is paired is equal, and in one order in both."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(edited, "_BY_CHARACTERS", 9)
        patched.setattr(edited, "_STRETCH", 3)
        edited.places.cache_clear()
        places = edited.places(old, new)
        edited.places.cache_clear()
    assert all(old[at] == new[there] for at, there in places.items())
    assert [places[at] for at in sorted(places)] == sorted(set(places.values()))


def test_a_long_text_without_sentences_that_is_edited_at_both_ends_and_within() -> None:
    """What lies between two edits is not replaced, and so no entity differs."""
    text = "".join(chr(0x4E00 + number * 7919 % 5000) for number in range(4_000))
    middle = len(text) // 2
    places = edited.places(text, f"新{text[:middle]}中{text[middle + 1 :]}末")
    assert len(places) == len(text) - 1
    assert middle not in places
    assert {there - at for at, there in places.items()} == {1}


def test_a_file_that_is_missing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.jsonl").write_text(CLEAN, "utf-8")
    missing = "tyez-bench: nosuch.jsonl: no such file, and no git revision of that name"
    for inside in (False, True):
        # Outside of any repository and project, and in both.
        if inside:
            (tmp_path / "pyproject.toml").write_text('[tool.tyez-bench.check]\npaths = ["a.jsonl"]\n', "utf-8")
            git(tmp_path, "init", "--quiet")
            git(tmp_path, "add", ".")
            git(tmp_path, "commit", "--quiet", "--message", "a")
        assert refused(capsys, "diff", "a.jsonl", "nosuch.jsonl") == missing
        assert refused(capsys, "diff", "nosuch.jsonl", "a.jsonl") == missing
        assert refused(capsys, "diff", "nosuch.jsonl") == missing
        assert refused(capsys, "diff", "nosuch.jsonl", "--path", "a.jsonl") == missing
    assert "nix:a.jsonl: is neither a file nor a git revision" in refused(capsys, "diff", "nix:a.jsonl", "a.jsonl")
    assert "nosuch.jsonl: is not there at the revision HEAD" in refused(capsys, "diff", "HEAD:nosuch.jsonl", "a.jsonl")


def test_long_texts_that_differ_throughout_are_matched_by_their_sentences() -> None:
    """By characters alone this would take the square of 60,000; what only shifted is found all the same."""
    sentences = [f"第{number}句说的是太原市的事。" for number in range(5_000)]
    old, new = "".join(sentences), "".join("新" + one if n % 3 else one for n, one in enumerate(sentences))
    places = edited.places(old, new)
    assert {old[a] == new[b] for a, b in places.items()} == {True}
    kept = "".join(one for n, one in enumerate(sentences) if n % 3 == 0)
    assert len(places) >= len(kept)
    assert sorted(places.values()) == [places[a] for a in sorted(places)]
    assert edited.places("甲" * 20_000 + "。", "乙" * 20_000) == {}
