"""A gold set of somebody else's, in the form and with the labels that it has, through every command.

One set of five names in two sentences, written in six forms; one system that is right about three of them, takes a
person for a company, misses a scene and names one place too many. Figures are by hand.
"""

import gzip
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path
from typing import Any, cast

import pytest

import tyez_bench
from tyez_bench.cli import main
from tyez_bench.io.gold import load
from tyez_bench.scoring.from_files import labels_beside
from tyez_bench.scoring.settings import parse_signature

FIRST = "王小明在海州开了蓝鲸公司"
SECOND = "海州的望月亭归李雪"
# Start, end, label by sentence.
GOLD = [
    (FIRST, [(0, 3, "人名"), (4, 6, "地 名"), (8, 12, "co.com")]),
    (SECOND, [(0, 2, "地 名"), (3, 6, "scene"), (7, 9, "人名")]),
]
SYSTEM = [
    (FIRST, [(0, 3, "人名"), (4, 6, "地 名"), (8, 12, "co.com")]),
    (SECOND, [(0, 2, "地 名"), (3, 6, "地 名"), (7, 9, "co.com")]),
]
# By label: true positives, false positives, false negatives.
COUNTS = {"人名": (1, 0, 1), "地 名": (2, 1, 0), "co.com": (1, 1, 0), "scene": (0, 0, 1)}
LABELS = tuple(COUNTS)
Spans = list[tuple[int, int, str]]
Texts = list[tuple[str, Spans]]


def columns(texts: Texts, *, numbered: bool = False) -> str:
    """Columns of characters, a tag behind each; numbered ones as UNER's, with a text of their own."""
    lines = []
    for text, spans in texts:
        tags = ["O"] * len(text)
        for start, end, label in spans:
            tags[start:end] = [f"B-{label}", *[f"I-{label}"] * (end - start - 1)]
        lines += [f"# text = {text}"] if numbered else []
        for number, (character, tag) in enumerate(zip(text, tags, strict=True), 1):
            lines.append(f"{number}\t{character}\t{tag}\t-\t-" if numbered else f"{character}\t{tag}")
        lines.append("")
    return "\n".join(lines) + "\n"


def cluener(texts: Texts) -> str:
    """CLUENER: by label and surface, with inclusive ends."""
    found = []
    for text, spans in texts:
        label: dict[str, dict[str, list[list[int]]]] = {}
        for start, end, name in spans:
            label.setdefault(name, {}).setdefault(text[start:end], []).append([start, end - 1])
        found.append(json.dumps({"text": text, "label": label}, ensure_ascii=False))
    return "\n".join(found) + "\n"


def label_studio(texts: Texts) -> str:
    """Label Studio's export, one annotation a task."""
    tasks = []
    for number, (text, spans) in enumerate(texts, 1):
        result = [
            {
                "from_name": "label",
                "to_name": "text",
                "type": "labels",
                "value": {"start": start, "end": end, "text": text[start:end], "labels": [name]},
            }
            for start, end, name in spans
        ]
        tasks.append({"id": number, "data": {"text": text}, "annotations": [{"id": number, "result": result}]})
    return json.dumps(tasks, ensure_ascii=False)


def doccano(texts: Texts) -> str:
    """Doccano's JSON Lines without ids."""
    lines = [{"text": text, "label": [list(span) for span in spans]} for text, spans in texts]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def docbin(texts: Texts) -> bytes:
    """A DocBin of characters."""
    spacy = pytest.importorskip("spacy")
    from spacy.tokens import Doc, DocBin, Span

    docs = []
    vocab = spacy.blank("xx").vocab
    for text, spans in texts:
        doc = Doc(vocab, words=list(text), spaces=[False] * len(text))
        doc.set_ents([Span(doc, start, end, label=name) for start, end, name in spans], default="outside")
        docs.append(doc)
    data: bytes = DocBin(docs=docs).to_bytes()
    return data


def brat(folder: Path, texts: Texts) -> None:
    """A directory of brat: labels without blanks, as brat has them."""
    folder.mkdir()
    for number, (text, spans) in enumerate(texts):
        rows = [f"T{n}\t{name} {start} {end}\t{text[start:end]}\n" for n, (start, end, name) in enumerate(spans, 1)]
        (folder / f"d{number}.txt").write_text(text, "utf-8")
        (folder / f"d{number}.ann").write_text("".join(rows), "utf-8")


def without_blanks(texts: Texts) -> Texts:
    """The same with a label that brat can hold."""
    return [(text, [(start, end, name.replace(" ", "")) for start, end, name in spans]) for text, spans in texts]


def put(folder: Path, name: str, content: str | bytes) -> str:
    """A file with this content."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return str(path)


WRITERS: dict[str, tuple[str, Callable[[Texts], str | bytes]]] = {
    "conll": ("x.conll", columns),
    "cluener": ("x.json", cluener),
    "uner": ("x.iob2", lambda texts: columns(texts, numbered=True)),
    "label-studio": ("x.json", label_studio),
    "doccano": ("x.jsonl", doccano),
    "docbin": ("x.spacy", docbin),
}


@pytest.fixture(params=[*WRITERS, "brat"])
def pair(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str, dict[str, tuple[int, int, int]]]:
    """Gold and predictions in one form, and the counts by label."""
    form: str = request.param
    if form == "brat":
        for name, texts in (("gold", GOLD), ("system", SYSTEM)):
            brat(tmp_path / name, without_blanks(texts))
        counts = {name.replace(" ", ""): found for name, found in COUNTS.items()}
        return str(tmp_path / "gold"), str(tmp_path / "system"), counts
    file, write = WRITERS[form]
    gold = put(tmp_path, file.replace("x", "gold"), write(GOLD))
    return gold, put(tmp_path, file.replace("x", "system"), write(SYSTEM)), COUNTS


def out(capsys: pytest.CaptureFixture[str], *argv: str, code: int = 0) -> str:
    """What a command prints."""
    capsys.readouterr()
    assert main(list(argv)) == code, capsys.readouterr().err
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    """The one line of a command that is refused."""
    capsys.readouterr()
    assert main(list(argv)) == 2
    found = capsys.readouterr()
    assert found.out == ""
    assert found.err.startswith("tyez-bench: ")
    assert found.err.count("\n") == 1
    return found.err


# --- every command, every form, their own labels


def test_scored_with_its_own_labels(
    pair: tuple[str, str, dict[str, tuple[int, int, int]]], capsys: pytest.CaptureFixture[str]
) -> None:
    gold, system, counts = pair
    data = json.loads(out(capsys, "score", "--gold", gold, system, "--draws", "20", "--json"))
    rows = data["scores"]
    assert {name: (rows[name]["tp"], rows[name]["fp"], rows[name]["fn"]) for name in counts} == counts
    assert rows.keys() == {*counts, "micro"}
    micro = rows["micro"]
    assert (micro["tp"], micro["fp"], micro["fn"]) == (4, 2, 2)
    assert micro["f1"] == pytest.approx(2 / 3)
    assert data["only_predicted"] == {}
    assert data["gold"]["label_set"]["name"] == "by-frequency"
    # Two of a label go before one, then the order of the alphabet.
    names = [name for name in ("人名", "地 名", "地名", "co.com", "scene") if name in counts]
    assert data["types"] == [*names[:2], "co.com", "scene"]
    text = out(capsys, "score", "--gold", gold, system, "--draws", "20", "--errors")
    for name in counts:
        assert re.search(rf"^ {re.escape(name)} +[01–]", text, re.MULTILINE)
    assert "DATE" not in text
    for output in ("markdown", "latex", "csv"):
        table = out(capsys, "score", "--gold", gold, system, "--draws", "20", "--output-format", output)
        assert all(name in table for name in counts)


def test_the_other_commands(
    pair: tuple[str, str, dict[str, tuple[int, int, int]]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold, system, counts = pair
    (compared,) = json.loads(out(capsys, "compare", "--gold", gold, system, gold, "--draws", "20", "--json"))["pairs"]
    assert compared["difference"] == pytest.approx(1 / 3)
    # With a single differing sentence there is nothing to tell, and no figure.
    assert json.loads(out(capsys, "power", "--gold", gold, system, gold, "--draws", "20", "--json"))["pairs"]
    info = json.loads(out(capsys, "info", "--gold", gold, "--json"))
    assert {name: sum(row.values()) for name, row in info["entities"].items()} == {
        name: tp + fn for name, (tp, _, fn) in counts.items() if tp + fn
    }
    found = json.loads(out(capsys, "ceiling", "char", "--gold", gold, "--json"))[0]
    assert (found["gold"], found["ceiling"]) == ({name: tp + fn for name, (tp, _, fn) in counts.items()}, 1)
    page = tmp_path / "page.html"
    out(capsys, "report", "--gold", gold, system, "--draws", "20", "--html", str(page))
    html = page.read_text("utf-8")
    assert all(name in html for name in counts)
    # A label is no class of the page's style: it may hold a blank.
    assert 'class="m label-' in html
    assert not re.search(r'class="m (?!label-|kind-)', html)
    differences = json.loads(out(capsys, "diff", gold, system, "--output-format", "json"))["entities"]
    assert sorted((one["old"]["type"], one["new"]["type"]) for one in differences) == sorted(
        [("scene", next(name for name in counts if name.startswith("地"))), ("人名", "co.com")]
    )
    agreed = json.loads(out(capsys, "agree", gold, system, "--json"))
    assert agreed["exact_f1"]["outermost"]["micro"] == pytest.approx(2 / 3)
    assert agreed["exact_f1"]["outermost"]["co.com"] == pytest.approx(2 / 3)
    assert agreed["boundary_f1"]["outermost"]["micro"] == 1
    out(capsys, "check", gold, "--output-format", "json")


@pytest.mark.parametrize("target", ["conll", "cluener", "doccano", "label-studio", "inline", "gold"])
def test_converted_and_back(
    pair: tuple[str, str, dict[str, tuple[int, int, int]]],
    target: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    gold, _, _ = pair
    blank = any(" " in name for name in load(gold).labels.names)
    made = tmp_path / "made"
    argv = ("export", "--gold", gold, "--output-format", target, "--output", str(made))
    if target in ("inline", "conll") and blank:
        # Nothing of it is written.
        assert "地 名" in refused(capsys, *argv)
        assert not made.exists()
        return
    out(capsys, *argv)
    before, after = load(gold), load(made)
    assert [d.text for d in after] == [d.text for d in before]
    assert [[(e.start, e.end, e.type) for e in d.entities] for d in after] == [
        [(e.start, e.end, e.type) for e in d.entities] for d in before
    ]


# --- one set, one fingerprint


def test_one_set_has_one_fingerprint_in_every_form_without_ids(tmp_path: Path) -> None:
    found = {
        form: load(put(tmp_path, f"{form}-{file}", write(GOLD))).fingerprint
        for form, (file, write) in WRITERS.items()
        if form != "label-studio"
    }
    assert len(set(found.values())) == 1, found
    packed = tmp_path / "packed.gz"
    packed.write_bytes(gzip.compress(doccano(GOLD).encode("utf-8")))
    assert load(packed).fingerprint == found["conll"]
    # Whatever it is called; but not with another label.
    other = [(FIRST, [(0, 3, "PER")]), (SECOND, [])]
    assert load(put(tmp_path, "o.conll", columns(other))).fingerprint != found["conll"]


def test_the_signature_of_a_foreign_gold_is_repeated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold, system = put(tmp_path, "own.conll", columns(GOLD)), put(tmp_path, "p.conll", columns(SYSTEM))
    how = ("--gold-format", "conll", "--gold-encoding", "bio", "--gold-ignore-labels", "scene", "--draws", "20")
    first = json.loads(out(capsys, "score", "--gold", gold, system, *how, "--json"))
    line = first["signature"]
    assert "|gold-reading:format=conll,ignored=scene,encoding=bio|labelset:by-frequency#" in line
    assert first["gold"]["out_of_scope"] == {"scene": 1}
    again = json.loads(out(capsys, "score", "--gold", gold, system, "--signature", line, "--json"))
    assert again["signature"] == line
    assert again["scores"] == first["scores"]
    # The same set in another form, read so that it is the same; the difference is said.
    lines = put(tmp_path, "own.jsonl", doccano(GOLD))
    capsys.readouterr()
    assert main(["score", "--gold", lines, system, "--signature", line, "--gold-ignore-labels", "scene"]) == 0
    assert "the same gold by its fingerprint" in capsys.readouterr().err
    other = put(tmp_path, "other.conll", columns(GOLD[:1]))
    part = put(tmp_path, "part.conll", columns(SYSTEM[:1]))
    assert "does not repeat the signature: gold: own#" in refused(
        capsys, "score", "--gold", other, part, "--signature", line
    )
    said = refused(capsys, "score", "--gold", gold, system, "--signature", line, "--input-format", "conll")
    assert "--input-format can't be combined with --signature" in said


def test_a_label_set_of_ones_own_is_repeated_with_its_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold, system = put(tmp_path, "own.conll", columns(GOLD)), put(tmp_path, "p.conll", columns(SYSTEM))
    toml = "".join(f'"{name}" = {{}}\n' for name in reversed(LABELS))
    labels = put(tmp_path, "mine.toml", f"[labels]\n{toml}")
    argv = ("score", "--gold", gold, system, "--draws", "20", "--json")
    first = json.loads(out(capsys, *argv, "--label-set", labels))
    assert first["types"] == list(reversed(LABELS))
    assert "|labelset:mine#" in first["signature"]
    again = json.loads(out(capsys, *argv[:-3], "--json", "--signature", first["signature"], "--label-set", labels))
    assert again["signature"] == first["signature"]
    assert "labelset: mine#" in refused(capsys, *argv[:-3], "--signature", first["signature"])


def test_labels_with_the_signs_of_a_signature(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = ["a+b", "c|d", "e,f", 'g"h', "100%"]
    gold = [(FIRST, [(at, at + 1, name) for at, name in enumerate(names)])]
    path, system = put(tmp_path, "g.jsonl", doccano(gold)), put(tmp_path, "p.jsonl", doccano(gold))
    argv = ("score", "--gold", path, system, "--json")
    first = json.loads(out(capsys, *argv, "--draws", "20", "--gold-ignore-labels", "a+b", "--ignore-labels", "a+b"))
    assert set(first["types"]) == set(names[1:])
    assert parse_signature(first["signature"]).ignored == "a%2Bb"
    assert json.loads(out(capsys, *argv, "--signature", first["signature"]))["scores"] == first["scores"]


# --- the ways in


def test_the_standard_input_and_a_packed_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = columns(GOLD).encode("utf-8")
    system = put(tmp_path, "p.conll", columns(SYSTEM))
    for given in (data, gzip.compress(data)):
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(io.BytesIO(given)))
        found = json.loads(out(capsys, "score", "--gold", "-", system, "--draws", "20", "--json"))
        assert found["scores"]["micro"]["tp"] == 4
        assert found["gold"]["name"] == "stdin"
    assert "- occurs twice" in refused(capsys, "score", "--gold", "-", "-")
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(io.BytesIO(b"")))
    assert "is empty, expected a gold set" in refused(capsys, "info", "--gold", "-")


def test_a_published_directory(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    built_in = tyez_bench.load()
    record = {"id": "d", "text": FIRST, "entities": [{"start": 0, "end": 3, "type": "人名"}]}
    put(tmp_path, "gold.jsonl", json.dumps(record, ensure_ascii=False) + "\n")
    assert load(tmp_path).labels.names == ("人名",)
    assert json.loads(out(capsys, "info", "--gold", str(tmp_path), "--json"))["documents"] == 1
    from tyez_bench.gold.gold import data_dir

    assert load(data_dir()).fingerprint == built_in.fingerprint
    assert load(data_dir()).version == built_in.version


@pytest.mark.parametrize(
    "command",
    [
        ("score", "p.conll"),
        ("info",),
        ("ceiling", "char"),
        ("export", "--output-format", "gold"),
        ("run", "rules", "--score"),
    ],
)
def test_how_a_gold_is_read_is_said_of_one_of_ones_own(
    command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(capsys, *command, "--gold-encoding", "bio")
    assert "--gold-encoding applies to your own gold set: expected --gold FILE" in said
    assert "--label-set applies to your own gold set" in refused(capsys, *command, "--label-set", "msra")


def test_advice_on_the_gold_names_the_options_of_the_gold(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = put(tmp_path, "g.conll", "王 I-PER\n小 I-PER\n\n")
    system = put(tmp_path, "p.conll", columns(SYSTEM))
    said = refused(capsys, "score", "--gold", broken, system)
    assert "--gold-repair conlleval|discard" in said
    assert " --repair" not in said
    found = out(capsys, "score", "--gold", broken, broken, "--gold-encoding", "iob1", "--encoding", "iob1", "--json")
    assert json.loads(found)["scores"]["PER"]["tp"] == 1


def test_what_was_repaired_in_a_gold_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = put(tmp_path, "g.conll", "王 I-PER\n小 I-PER\n在 O\n\n")
    for command in (("info",), ("export", "--output-format", "gold"), ("ceiling", "char")):
        capsys.readouterr()
        assert main([*command, "--gold", broken, "--gold-repair", "conlleval"]) == 0
        assert capsys.readouterr().err.splitlines()[0] == "gold g: 1 tag repaired"
    text = out(capsys, "score", "--gold", broken, broken, "--gold-repair", "conlleval", "--repair", "conlleval")
    assert re.search(r"^gold: g, .*, 1 tag repaired, 1 document;", text, re.MULTILINE)
    assert "\ng: 1 tag repaired" in out(
        capsys, "agree", broken, put(tmp_path, "h.conll", "王 B-PER\n小 I-PER\n在 O\n\n"), "--repair", "conlleval"
    )


# --- labels of one side


def test_what_only_predictions_have_is_marked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = put(tmp_path, "g.conll", columns(GOLD))
    mine = [(FIRST, [(0, 3, "人名"), (4, 6, "FOO")]), (SECOND, [(0, 2, "FOO"), (7, 9, "人名")])]
    system = put(tmp_path, "p.conll", columns(mine))
    argv = ("score", "--gold", gold, system, "--draws", "20")
    data = json.loads(out(capsys, *argv, "--json"))
    assert data["only_predicted"] == {"FOO": 2}
    assert (data["scores"]["FOO"]["fp"], data["scores"]["micro"]["fp"]) == (2, 2)
    assert data["types"][-1] == "FOO"
    for output, mark in (("text", "FOO *"), ("markdown", r"FOO \*"), ("latex", "FOO *")):
        table = out(capsys, *argv, "--output-format", output)
        assert mark in table
        assert "only predicted, no label of the gold: FOO 2" in table
    rows = [line.split(",") for line in out(capsys, *argv, "--output-format", "csv").splitlines()]
    at = rows[0].index("only_predicted")
    assert {row[2]: row[at] for row in rows[1:]} == {
        **dict.fromkeys((*LABELS, "micro"), "False"),
        "FOO": "True",
    }
    several = out(capsys, "score", "--gold", gold, system, gold, "--draws", "20")
    assert "F1 FOO *" in several
    assert "only predicted, no label of the gold: p: FOO 2" in several
    # Where somebody said which labels there are, it is an error.
    toml = "".join(f'"{name}" = {{}}\n' for name in LABELS)
    labels = put(tmp_path, "mine.toml", f"[labels]\n{toml}")
    assert "unknown label 'FOO', expected 人名, 地 名, co.com, scene" in refused(capsys, *argv, "--label-set", labels)


def test_maps_that_read_alike_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = put(tmp_path, "g.conll", columns([(FIRST, [(4, 6, "PLACE"), (8, 12, "ORG")])]))
    system = put(tmp_path, "p.conll", columns([(FIRST, [(4, 6, "LOC"), (8, 12, "ORG"), (0, 3, "PER")])]))
    argv = ("score", "--gold", gold, "--label-set", "tyez", system, "--draws", "20")
    text = out(capsys, *argv)
    chosen = re.search(r"labels: (\w+)#\w+, which can express PLACE, ORG; read alike by (.+)", text)
    assert chosen is not None
    assert {chosen[1], *chosen[2].split(", ")} >= {"conll03", "msra"}
    data = json.loads(out(capsys, *argv, "--json"))
    assert data["reading"]["maps_alike"] == chosen[2].split(", ")
    assert data["scores"]["micro"]["tp"] == 2


def test_a_threshold_of_a_label_that_there_is_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold, system = put(tmp_path, "g.conll", columns(GOLD)), put(tmp_path, "p.conll", columns(SYSTEM))
    said = refused(capsys, "score", "--gold", gold, system, "--draws", "20", "--min-f1-type", "PLACE=0.5")
    assert "PLACE: is not a label of the gold, expected one of 人名, 地 名, co.com, scene" in said
    out(capsys, "score", "--gold", gold, system, "--draws", "20", "--min-f1-type", "地 名=0.8")
    out(capsys, "score", "--gold", gold, system, "--draws", "20", "--min-f1-type", "地 名=0.81", code=1)
    said = refused(capsys, "agree", gold, system, "--min-f1-type", "PLACE=0.5")
    assert "PLACE: " in said
    assert "expected one of" in said


def test_a_record_beside_predictions_counts_where_it_leads_to_the_gold(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = [(FIRST, [(0, 3, "PER"), (4, 6, "LOC"), (8, 12, "ORG")])]
    gold, system = put(tmp_path, "g.conll", columns(texts)), put(tmp_path, "p.conll", columns(texts))
    put(tmp_path, "p.json", '{"system": "x", "labels": "msra"}')
    assert labels_beside(system) == "msra"
    assert labels_beside(system, load(gold)) is None
    found = json.loads(out(capsys, "score", "--gold", gold, system, "--draws", "20", "--json"))
    assert {name: found["scores"][name]["tp"] for name in ("PER", "LOC", "ORG")} == {"PER": 1, "LOC": 1, "ORG": 1}


def test_a_system_whose_labels_are_not_the_golds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = put(tmp_path, "g.conll", columns(GOLD))
    said = refused(capsys, "run", "rules", "--score", "--gold", gold)
    assert "the label map" in said
    way = "; pass --labels FILE with your own map of MONEY, DATE to these\n"
    assert said.endswith(f"expected 人名, 地 名, co.com, scene{way}")
    own = put(tmp_path, "own.toml", '[labels]\nMONEY = "scene"\nDATE = "co.com"\n')
    assert "micro" in out(capsys, "run", "rules", "--score", "--gold", gold, "--labels", own)
    # Each part has a map of its own, and no other can be named.
    said = refused(capsys, "run", "jieba+rules", "--score", "--gold", gold)
    assert said.endswith("expected 人名, 地 名, co.com, scene\n")


# --- what stands in the way


def test_what_overlaps_is_dropped_and_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    twice = [(FIRST, [(0, 3, "人名"), (0, 3, "人名"), (8, 10, "蓝")]), (SECOND, [])]
    gold, system = put(tmp_path, "g.jsonl", doccano(twice)), put(tmp_path, "p.conll", columns(SYSTEM))
    said = refused(capsys, "score", "--gold", gold, system)
    assert "g.jsonl:1: " in said
    assert "occurs twice" in said
    capsys.readouterr()
    assert main(["score", "--gold", gold, "--gold-overlaps", "keep-first", system, "--draws", "20", "--json"]) == 0
    found = capsys.readouterr()
    assert json.loads(found.out)["gold"]["dropped"] == 1
    assert found.err == "gold g: 1 overlapping entities dropped\n"


def test_crossing_and_doubled_spans_are_counted_where_they_are_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    crossing: Texts = [(FIRST, [(0, 4, "甲"), (3, 6, "乙"), (8, 12, "甲"), (8, 12, "乙")])]
    gold = put(tmp_path, "g.jsonl", doccano(crossing))
    made = tmp_path / "made"
    for form, what in (("conll", "overlap"), ("docbin", "overlap"), ("inline", "cross")):
        write = ("export", "--gold", gold, "--output-format", form, "--output", str(made), "--force")
        said = refused(capsys, *write)
        held = f": 甲 0–4 and 乙 3–6 {what}: {form} can't represent {2 if what == 'overlap' else 1} of the "
        assert f"{held}4 entities, because they {what} another; pass --gold-overlaps keep-longest to" in said
        assert main([*write, "--gold-overlaps", "keep-longest"]) == 0
        found = capsys.readouterr().err
        assert "gold g: 2 overlapping entities dropped\n2 entities written" in found
    made = tmp_path / "made.jsonl"
    out(capsys, "export", "--gold", gold, "--output-format", "doccano", "--layer", "all", "--output", str(made))
    before, after = (
        [(e.start, e.end, e.type) for document in load(path) for e in document.entities] for path in (gold, made)
    )
    assert before == after
    assert len(after) == 4
    capsys.readouterr()
    assert main(["export", "--gold", gold, "--output-format", "native", "--layer", "all"]) == 0
    assert "not in the file: 1 texts (only their ids are written)" in capsys.readouterr().err


def test_predictions_are_no_gold(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bare = put(tmp_path, "p.jsonl", '{"id": "a", "entities": [{"start": 0, "end": 1, "type": "PER"}]}\n')
    assert "without texts are not a gold set" in refused(capsys, "info", "--gold", bare)


def fields(command: str) -> Any:
    """The options of a command."""
    import argparse

    from tyez_bench.cli.commands import functions

    parser = argparse.ArgumentParser()
    functions(command).add_arguments(parser)
    return parser._option_string_actions


READING = {
    *("labels", "ignore-labels", "encoding", "repair", "column", "token-column", "join", "spans-key", "fields"),
    *("annotator", "offsets", "trust", "overlaps", "align"),
}


def test_the_reading_options_are_the_same_everywhere() -> None:
    gold = {"--gold-format", *(f"--gold-{name}" for name in READING)}
    files = {"--input-format", *(f"--{name}" for name in READING)}
    for command in ("score", "report", "compare", "power", "run", "export", "info", "ceiling", "submit"):
        assert gold | {"--gold", "--label-set"} <= fields(command).keys(), command
    for command in ("score", "report", "compare", "power", "stress", "diff", "agree"):
        assert files <= fields(command).keys(), command
    # What stands there twice and offsets of other units are findings.
    for command in ("check", "accept", "suggest"):
        assert files - {"--overlaps", "--align"} <= fields(command).keys(), command
    for command in ("diff", "agree"):
        assert gold | {"--gold", "--label-set"} <= fields(command).keys(), command


def test_the_annotators_of_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Both annotated the first text, each one more; the others count for nobody."""

    def annotation(spans: Spans, text: str, who: str) -> dict[str, Any]:
        task = json.loads(label_studio([(text, spans)]))[0]
        return {**task["annotations"][0], "completed_by": {"email": who}}

    a, b = "a@x.org", "b@x.org"
    tasks = [
        {
            "id": 1,
            "data": {"text": FIRST},
            "annotations": [
                annotation([(0, 3, "人名"), (4, 6, "地 名")], FIRST, a),
                annotation([(0, 3, "人名"), (4, 7, "地 名")], FIRST, b),
            ],
        },
        {"id": 2, "data": {"text": SECOND}, "annotations": [annotation([(0, 2, "地 名")], SECOND, a)]},
    ]
    path = put(tmp_path, "ls.json", json.dumps(tasks))
    assert main(["agree", path, "--json"]) == 0
    found = capsys.readouterr()
    data = json.loads(found.out)
    assert (data["a"], data["b"]) == (a, b)
    assert data["exact_f1"]["all"] == {"人名": 1.0, "地 名": 0.0, "micro": 0.5}
    assert data["documents"]["left_out"] == {"a": 1, "b": 0}
    line = f"left out, as only one pass has them: 1 document of {a} and 0 of {b}"
    assert line in out(capsys, "agree", path)
    assert "left out, as only one pass has them: 1 document" in out(capsys, "agree", path, "-f", "markdown")
    alone = put(tmp_path, "one.json", json.dumps(tasks[1:]))
    assert "expected two passes or more" in refused(capsys, "agree", alone)
    apart = [tasks[1], {**tasks[0], "annotations": [tasks[0]["annotations"][1]]}]  # type: ignore[index]
    said = refused(capsys, "agree", put(tmp_path, "apart.json", json.dumps(apart)))
    assert "no text was annotated by two of a@x.org, b@x.org" in said


def test_the_annotators_of_a_file_of_prodigys(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def record(text: str, who: str, *spans: tuple[int, int, str]) -> dict[str, Any]:
        found = [{"start": start, "end": end, "label": name} for start, end, name in spans]
        return {"text": text, "spans": found, "answer": "accept", "_annotator_id": who}

    records = [
        record(FIRST, "a", (0, 3, "人名"), (4, 6, "地 名")),
        record(SECOND, "a"),
        record(FIRST, "b", (0, 3, "人名"), (4, 7, "地 名")),
    ]
    path = put(tmp_path, "p.jsonl", "".join(json.dumps(one) + "\n" for one in records))
    assert main(["agree", path, "--json"]) == 0
    found = capsys.readouterr()
    assert json.loads(found.out)["exact_f1"]["all"] == {"人名": 1.0, "地 名": 0.0, "micro": 0.5}
    assert json.loads(found.out)["documents"]["left_out"] == {"a": 1, "b": 0}
    said = refused(capsys, "score", "--gold", path, path, "--annotator", "b")
    assert f"{path}:3: its text was annotated by a and b, expected one annotator; pass --gold-annotator NAME" in said
    data = json.loads(out(capsys, "score", "--gold", path, path, "--gold-annotator", "a", "--annotator", "b", "--json"))
    assert [data["scores"]["micro"][name] for name in ("tp", "fp", "fn")] == [1, 1, 1]


def test_offsets_of_a_gold_that_count_another_unit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts: Texts = [("😀太原和大同", [(2, 4, "地名"), (5, 7, "地名")])]
    gold = put(tmp_path, "g.json", label_studio(texts))
    right = put(tmp_path, "p.json", label_studio([("😀太原和大同", [(1, 3, "地名"), (4, 6, "地名")])]))
    tasks = json.loads(Path(gold).read_text("utf-8"))
    for region in tasks[0]["annotations"][0]["result"]:
        value = region["value"]
        value["text"] = texts[0][0][value["start"] - 1 : value["end"] - 1]
    Path(gold).write_text(json.dumps(tasks, ensure_ascii=False), "utf-8")
    said = refused(capsys, "score", "--gold", gold, right)
    assert (
        "UTF-16 code units instead of code points?); pass --gold-align to convert them; pass --gold-offsets utf-16"
        in said
    )
    assert "pass --gold-trust offsets to take" in said
    text = out(capsys, "score", "--gold", gold, right, "--gold-align", "--draws", "20")
    assert re.search(r"^gold: g, .*, 2 spans moved by alignment, 1 document;", text, re.MULTILINE)
    signature = next(line for line in text.splitlines() if line.startswith("signature: ")).removeprefix("signature: ")
    assert "|gold-reading:align=yes|" in signature
    again = json.loads(out(capsys, "score", "--gold", gold, right, "--signature", signature, "--json"))
    assert again["scores"]["micro"]["f1"] == 1.0
    assert again["gold"]["fingerprint"] == json.loads(out(capsys, "info", "--gold", right, "--json"))["fingerprint"]
    assert "no differences" in out(capsys, "diff", gold, right, "--align")
    assert json.loads(out(capsys, "agree", gold, right, "--align", "--json"))["exact_f1"]["all"]["micro"] == 1.0


def test_passes_with_other_ids_are_paired_by_their_texts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Label Studio numbers its tasks; columns have no ids, and one more text is not the others'."""
    one, other = put(tmp_path, "a.json", label_studio(GOLD)), put(tmp_path, "b.conll", columns(SYSTEM))
    for pair in ((one, other), (other, one)):
        assert json.loads(out(capsys, "agree", *pair, "--json"))["exact_f1"]["all"]["micro"] == pytest.approx(2 / 3)
    more = put(tmp_path, "c.conll", columns([*SYSTEM, ("晋祠好", [])]))
    data = json.loads(out(capsys, "agree", one, more, "--json"))
    assert (data["exact_f1"]["all"]["micro"], data["documents"]["left_out"]) == (pytest.approx(2 / 3), {"a": 0, "b": 1})
    apart = put(tmp_path, "d.conll", columns([("晋祠好", [])]))
    assert "a and d have no document in common" in refused(capsys, "agree", one, apart)


def test_a_version_may_be_the_standard_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = put(tmp_path, "a.conll", columns(GOLD)), put(tmp_path, "b.conll", columns(SYSTEM))
    expected = json.loads(out(capsys, "diff", one, other, "--output-format", "json"))["entities"]
    for argv, piped in (((one, "-"), other), (("-", other), one)):
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(io.BytesIO(Path(piped).read_bytes())))
        assert json.loads(out(capsys, "diff", *argv, "--output-format", "json"))["entities"] == expected
    assert "- occurs twice" in refused(capsys, "diff", "-", "-")


def test_a_nested_gold_as_its_own_prediction(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = put(tmp_path, "g.jsonl", doccano([(FIRST, [(0, 4, "甲"), (0, 2, "乙")])]))
    assert "; pass --layer all to count both\n" in refused(capsys, "score", "--gold", gold, gold)
    found = json.loads(out(capsys, "score", "--gold", gold, gold, "--layer", "all", "--json"))
    assert found["scores"]["micro"]["tp"] == 2


def test_a_label_called_as_the_row_of_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = put(tmp_path, "g.conll", columns([(FIRST, [(0, 3, "micro"), (4, 6, "LOC")])]))
    said = refused(capsys, "score", "--gold", gold, gold)
    assert "a label is called 'micro', as the row of all labels together is; --gold-labels FILE" in said
    refused(capsys, "agree", gold, gold)
    toml = put(tmp_path, "names.toml", '[labels]\nmicro = "MICRO"\nLOC = "LOC"\n')
    argv = ("score", "--gold", gold, "--gold-labels", toml, gold, "--labels", toml, "--draws", "10", "--json")
    found = json.loads(out(capsys, *argv))
    assert (found["scores"]["MICRO"]["tp"], found["scores"]["micro"]["tp"]) == (1, 2)


def test_what_is_trained_on_a_gold_set_has_its_labels(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("sklearn")
    texts: Texts = [
        ("王小明在海州", [(0, 3, "PER"), (4, 6, "城市")]),
        ("李雪在海州", [(0, 2, "PER"), (3, 5, "城市")]),
        ("王小明在蓝鲸", [(0, 3, "PER")]),
    ]
    gold = put(tmp_path, "g.jsonl", doccano(texts))
    path = tmp_path / "p.jsonl"
    text = out(capsys, "run", "perceptron", "--score", "--gold", gold, "--output", str(path))
    assert re.search(r"^ PER +\d", text, re.MULTILINE)
    assert re.search(r"^ 城市 +\d", text, re.MULTILINE)
    # What was written is read in the same way.
    assert json.loads((tmp_path / "p.json").read_text("utf-8"))["labels"] == "as-they-are"
    found = json.loads(out(capsys, "score", "--gold", gold, str(path), "--draws", "10", "--json"))
    assert {name for name in found["scores"] if found["scores"][name]["gold"]} == {"PER", "城市", "micro"}


# --- labels that happen to be ours


def test_a_gold_whose_labels_are_all_ours_keeps_the_labels_of_predictions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """ORG and DATE are labels of many sets: LOC is not called PLACE for them, PER not set aside, DATE not left out."""
    texts: Texts = [(FIRST, [(4, 6, "DATE"), (8, 12, "ORG")]), (SECOND, [(3, 6, "ORG")])]
    given: Texts = [(FIRST, [(0, 3, "PER"), (8, 12, "ORG")]), (SECOND, [(0, 2, "LOC"), (3, 6, "MONEY")])]
    gold, system = put(tmp_path, "g.conll", columns(texts)), put(tmp_path, "p.conll", columns(given))
    data = json.loads(out(capsys, "score", "--gold", gold, system, "--draws", "20", "--json"))
    rows = {
        name: (row["tp"], row["fp"], row["fn"])
        for name, row in data["scores"].items()
        if name in (*data["types"], "micro")
    }
    assert rows == {
        "ORG": (1, 0, 1),
        "MONEY": (0, 1, 0),
        "DATE": (0, 0, 1),
        "LOC": (0, 1, 0),
        "PER": (0, 1, 0),
        "micro": (1, 3, 2),
    }
    assert data["only_predicted"] == {"MONEY": 1, "LOC": 1, "PER": 1}
    again = json.loads(out(capsys, "score", "--gold", gold, system, "--signature", data["signature"], "--json"))
    assert again == data
    assert "out_of_scope" not in data["reading"] or not data["reading"]["out_of_scope"]
    table = out(capsys, "compare", "--gold", gold, system, gold, "--draws", "20")
    assert "over ORG, DATE, LOC *, MONEY *, PER *" in table
    closed = json.loads(out(capsys, "score", "--gold", gold, gold, "--label-set", "tyez", "--draws", "20", "--json"))
    assert closed["only_predicted"] == {}


def test_labels_that_do_not_meet_are_said_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One and the same type under two names is no hit: whoever reads the figure must see that there are two names."""
    texts: Texts = [(FIRST, [(0, 3, "PERSON"), (4, 6, "GPE"), (8, 12, "ORG")])]
    given: Texts = [(FIRST, [(0, 3, "PER"), (4, 6, "LOC"), (8, 12, "ORG")])]
    gold, system = put(tmp_path, "g.conll", columns(texts)), put(tmp_path, "p.conll", columns(given))
    expected = "LOC 1, PER 1; never predicted: PERSON, GPE; --labels FILE reads one as the other\n"
    assert expected in out(capsys, "score", "--gold", gold, system, "--draws", "20")
    assert "never predicted" not in out(capsys, "score", "--gold", gold, gold, "--draws", "20")


def test_labels_that_differ_in_capitals_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = put(tmp_path, "g.conll", "王 B-per\n在 O\n京 B-place\n\n")
    system = put(tmp_path, "p.conll", "王 B-PER\n在 O\n京 B-PLACE\n\n")
    said = refused(capsys, "score", "--gold", gold, system)
    assert (
        "unknown labels PER, PLACE, expected per, place (the gold's label set by-frequency), which differ only in"
        in said
    )
    assert "capitals" not in refused(
        capsys, "score", "--gold", gold, put(tmp_path, "q.conll", "王 B-PER\n在 B-X\n京 O\n\n")
    )


def test_a_label_that_the_golds_set_lacks_can_be_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = put(tmp_path, "g.conll", "王 B-PER\n在 O\n京 B-LOC\n\n")
    own = put(tmp_path, "own.toml", "[labels]\nPER = {}\n")
    said = refused(capsys, "info", "--gold", gold, "--label-set", own)
    assert said.endswith(
        "unknown label 'LOC', expected PER (label set own); pass --gold-ignore-labels LOC to leave it out\n"
    )
    found = out(capsys, "info", "--gold", gold, "--label-set", own, "--gold-ignore-labels", "LOC", "--json")
    assert "PER" in found
    assert "LOC" not in found


@pytest.mark.parametrize("format", ["conll", "inline", "brat"])
def test_a_label_that_a_format_cannot_hold_can_be_renamed(
    format: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold, made = put(tmp_path, "g.jsonl", doccano([(FIRST, [(0, 3, "人 名")])])), tmp_path / "made"
    asked = ("export", "--gold", gold, "--output-format", format, "--output", str(made))
    said = refused(capsys, *asked)
    assert "the label '人 名' can't" in said
    assert "pass --gold-labels FILE to rename it" in said
    names = put(tmp_path, "names.toml", '[labels]\n"人 名" = "人名"\n')
    out(capsys, *asked, "--gold-labels", names)
    assert [e.type for _, e in load(made).entities()] == ["人名"]


@pytest.mark.parametrize("native", [True, False])
def test_an_entity_that_stands_twice_can_be_dropped(
    native: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the native form of a gold set as in any other, and the refusal says so."""
    spans: Spans = [(0, 3, "人名"), (1, 3, "地名"), (0, 3, "人名"), (4, 6, "地名")]
    entities = [{"start": start, "end": end, "type": label} for start, end, label in spans]
    own = json.dumps({"id": "a", "text": FIRST, "entities": entities}) + "\n"
    gold = put(tmp_path, "g.jsonl", own if native else doccano([(FIRST, spans)]))
    said = refused(capsys, "info", "--gold", gold)
    assert "人名 0–3 '王小明' occurs twice; pass --gold-overlaps keep-one to drop one of them" in said
    for rule, left in (("keep-one", [*spans[:2], spans[3]]), ("keep-first", [spans[0], spans[3]])):
        found = load(gold, overlaps=cast("Any", rule))
        assert [(e.start, e.end, e.type) for _, e in found.entities()] == left
        assert found.dropped == len(spans) - len(left)


def test_ids_that_were_made_up_stay_so_when_they_are_written_down(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A gold set without ids has the fingerprint that its exports have, which write the ids that it was given."""
    gold = put(tmp_path, "g.conll", columns([*GOLD, GOLD[0]]).replace("地 名", "地名"))
    for format in ("docbin", "cluener", "gold"):
        made = tmp_path / f"made.{format}"
        out(capsys, "export", "--gold", gold, "--output-format", format, "--output", str(made))
        assert load(made).fingerprint == load(gold).fingerprint, format


def test_a_gold_set_of_no_entities_in_any_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its rows are what predictions have; labels of a set of ours that nobody named are none of it."""
    for form, (file, write) in WRITERS.items():
        gold = put(tmp_path, f"{form}-gold-{file}", write([(FIRST, [])]))
        system = put(tmp_path, f"{form}-{file}", write([(FIRST, [(0, 3, "PER"), (4, 6, "LOC")])]))
        format = load(system).format
        argv = ("score", "--gold", gold, "--gold-format", format, system, "--draws", "20", "--json")
        rows = json.loads(out(capsys, *argv))["scores"]
        counts = {label: (row["tp"], row["fp"], row["fn"]) for label, row in rows.items()}
        assert counts == {"LOC": (0, 1, 0), "PER": (0, 1, 0), "micro": (0, 2, 0)}, form
        # With the built-in set by name, persons are out of scope.
        told = json.loads(out(capsys, *argv, "--label-set", "tyez"))
        assert (told["scores"]["PLACE"]["fp"], told["scores"]["micro"]["fp"]) == (1, 1), form
    # So it is in our own schema, of which the built-in labels are a part.
    own = put(tmp_path, "own.jsonl", json.dumps({"id": "a", "text": FIRST}) + "\n")
    system = put(tmp_path, "p.conll", columns([(FIRST, [(0, 3, "PER"), (4, 6, "LOC")])]))
    rows = json.loads(out(capsys, "score", "--gold", own, system, "--draws", "20", "--json"))["scores"]
    assert (rows["PLACE"]["fp"], rows["micro"]["fp"]) == (1, 1)


def test_messages_name_the_place_of_a_text_without_an_id(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The id that was made of the text stands in no file."""
    monkeypatch.chdir(tmp_path)
    put(tmp_path, "g.conll", columns([(FIRST, [(0, 3, "人名")]), (SECOND, [(0, 2, "地名")])]))
    put(tmp_path, "p.conll", columns([(FIRST, [(0, 3, "人名")])]))
    assert f"p: no predictions for g.conll:{len(FIRST) + 2}: counted" in out(
        capsys, "score", "--gold", "g.conll", "p.conll"
    )
    said = refused(capsys, "info", "--gold", "g.conll", "--label-set", "cluener")
    assert said.startswith("tyez-bench: g.conll:1: 人名 0–3 '王小明': unknown label '人名', expected address")
    put(tmp_path, "other.conll", columns([(FIRST, [(4, 6, "地名")])]))
    assert main(["check", "g.conll", "other.conll"]) == 1
    found = capsys.readouterr().out
    assert "is not marked; in the same text, g.conll:1, it is 人名" in found
    assert "the same text is in g.conll:1\n" in found
    # An id of the file's own is what it was.
    put(tmp_path, "named.conll", "# id = a\n" + columns([(FIRST, [(0, 3, "人名")])]))
    assert main(["check", "named.conll", "other.conll"]) == 1
    assert "the same text is in named.conll, as 'a'\n" in capsys.readouterr().out


def test_files_without_ids_that_have_a_text_in_common_are_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each file made up the same id; of two ids that were given alike one is a mistake."""
    monkeypatch.chdir(tmp_path)
    for name, label in (("old", "地名"), ("new", "LOC")):
        folder = tmp_path / name
        folder.mkdir()
        put(folder, "a.conll", columns([(FIRST, [(0, 3, "人名")])]))
        put(folder, "b.conll", columns([(FIRST, [(4, 6, label)])]))
    put(tmp_path, "pyproject.toml", '[tool.tyez-bench.check]\npaths = ["a.conll", "b.conll"]\n')
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for file in ("a.conll", "b.conll"):
        (tmp_path / file).write_bytes((tmp_path / "old" / file).read_bytes())
    for command in (["init", "-q"], ["add", "a.conll", "b.conll"], ["commit", "-q", "-m", "old"]):
        subprocess.run([*git, *command], check=True)
    (tmp_path / "b.conll").write_bytes((tmp_path / "new" / "b.conll").read_bytes())
    found = json.loads(out(capsys, "diff", "HEAD", "--output-format", "json"))
    assert [(one["kind"], one["old"]["type"], one["new"]["type"]) for one in found["entities"]] == [
        ("relabelled", "地名", "LOC")
    ]
    for file in ("a.conll", "b.conll"):
        put(tmp_path, file, "# id = x\n" + (tmp_path / "old" / file).read_text("utf-8"))
    assert "document id 'x' occurs twice" in refused(capsys, "diff", "HEAD")


def test_check_reads_what_only_the_own_schema_has_without_ids(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = {"text": FIRST, "entities": [{"start": 0, "end": 3, "type": "人名", "status": "optionl"}]}
    path = put(tmp_path, "g.jsonl", json.dumps(record) + "\n")
    assert main(["check", path]) == 1
    assert "Invalid enum value 'optionl'" in capsys.readouterr().out
