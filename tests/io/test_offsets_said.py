"""What the offsets of a file count, as whoever reads it says: every format in every unit, on both sides."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import tyez_bench
from tyez_bench.cli import main
from tyez_bench.io.align.offsets import parse
from tyez_bench.io.align.texts import WORDS, code_points_at
from tyez_bench.io.detect import detect_format
from tyez_bench.io.gold import load_source
from tyez_bench.io.read import ReadOptions, read_source
from tyez_bench.io.record import Options, Sample
from tyez_bench.io.registry import FORMATS, load_format, with_offsets
from tyez_bench.io.source import Source
from tyez_bench.model.documents import PredictedEntity, Prediction
from tyez_bench.model.errors import InputError, UsageError
from tyez_bench.model.hints import CommandLine, asked_by

Span = tuple[int, int, str]
TEXT = "👨\u200d👩\u200d👧记者\r\n从太原市🎉获悉，\n大同市e\u0301签约。"
SPANS: list[Span] = [
    (TEXT.index(name), TEXT.index(name) + len(name), label)
    for name, label in (("记者", "ORG"), ("太原市", "PLACE"), ("🎉", "ORG"), ("大同市", "PLACE"))
]
UNITS = ("code-points", *WORDS.values())
SAID = [",".join([unit, *ends, *first]) for unit in UNITS for ends in ([], ["inclusive"]) for first in ([], ["from-1"])]


def line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"


def counted(said: str) -> list[Span]:
    """The spans as a tool writes them that counts so."""
    offsets = parse(said)
    back = {i: i for i in range(len(TEXT) + 1)}
    if offsets.unit in WORDS:
        back = {index: offset for offset, index in code_points_at(TEXT, offsets.unit).items()}
    return [(back[s] + offsets.first, back[e] + offsets.first - offsets.inclusive, label) for s, e, label in SPANS]


def surface(number: int) -> str:
    return TEXT[SPANS[number][0] : SPANS[number][1]]


def native(spans: list[Span]) -> bytes:
    return line({"id": "a", "text": TEXT, "entities": [{"start": s, "end": e, "type": t} for s, e, t in spans]})


def bare(spans: list[Span]) -> bytes:
    return line({"id": "a", "entities": [{"start": s, "end": e, "type": t} for s, e, t in spans]})


def hf(spans: list[Span]) -> bytes:
    items = [{"entity_group": t, "start": s, "end": e} for s, e, t in spans]
    return line({"id": "a", "text": TEXT, "entities": items})


def hf_bare(spans: list[Span]) -> bytes:
    return line([{"entity_group": t, "start": s, "end": e} for s, e, t in spans])


def doccano(spans: list[Span]) -> bytes:
    return line({"id": "a", "text": TEXT, "label": spans})


def label_studio(spans: list[Span]) -> bytes:
    regions = [
        {"type": "labels", "value": {"start": s, "end": e, "labels": [t], "text": surface(n)}}
        for n, (s, e, t) in enumerate(spans)
    ]
    return line([{"id": 1, "data": {"id": "a", "text": TEXT}, "annotations": [{"result": regions}]}])


def minimal(spans: list[Span]) -> bytes:
    regions = [{"start": s, "end": e, "labels": [t]} for s, e, t in spans]
    return line([{"id": "a", "text": TEXT, "annotation_id": 1, "label": regions}])


def prodigy(spans: list[Span]) -> bytes:
    found = [{"start": s, "end": e, "label": t} for s, e, t in spans]
    return line({"id": "a", "text": TEXT, "spans": found, "answer": "accept"})


def cmeee(spans: list[Span]) -> bytes:
    found = [{"start_idx": s, "end_idx": e, "type": t, "entity": surface(n)} for n, (s, e, t) in enumerate(spans)]
    return line([{"id": "a", "text": TEXT, "entities": found}])


def azure(spans: list[Span]) -> bytes:
    found = [{"text": surface(n), "category": t, "offset": s, "length": e - s} for n, (s, e, t) in enumerate(spans)]
    return line({"id": "a", "text": TEXT, "entities": found})


def cluener(spans: list[Span]) -> bytes:
    """Ends are last characters by definition."""
    label: dict[str, dict[str, Any]] = {}
    for number, (start, end, type_) in enumerate(spans):
        label.setdefault(type_, {})[surface(number)] = [[start, end - 1]]
    return line({"id": "a", "text": TEXT, "label": label})


WRITERS: dict[str, Callable[[list[Span]], bytes]] = {
    "native": native,
    "native-bare": bare,
    "hf": hf,
    "hf-bare": hf_bare,
    "doccano": doccano,
    "label-studio": label_studio,
    "label-studio-min": minimal,
    "prodigy": prodigy,
    "cmeee": cmeee,
    "azure": azure,
    "cluener": cluener,
}
GOLD = load_source(Source("g", native(SPANS)), "g")


def places(entities: Any) -> list[Span]:
    return sorted((e.start, e.end, e.type) for e in entities)


def fitting(name: str, said: str) -> bool:
    """Whether a format can hold it: lengths have no last character, and CLUENER's ends are what they are."""
    return "inclusive" not in said or name not in ("azure", "cluener")


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("name", WRITERS)
def test_every_format_in_every_unit(name: str, said: str) -> None:
    if not fitting(name, said):
        return
    source, options = Source("p", WRITERS[name](counted(said))), Options(offsets=said)
    assert places(read_source(source, GOLD, ReadOptions(options=options))["a"].entities) == SPANS
    if "bare" in name:
        return
    gold = load_source(source, "g", options=options)
    assert (places(gold[0].entities), gold.fingerprint) == (SPANS, GOLD.fingerprint)
    assert gold.reading.get("offsets", "code-points") == said.removeprefix("code-points,")


@pytest.mark.parametrize("said", SAID)
def test_brat_in_every_unit(tmp_path: Path, said: str) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT.encode())
    lines = [f"T{n}\t{t} {s} {e}\t{surface(n)}\n" for n, (s, e, t) in enumerate(counted(said))]
    (tmp_path / "a.ann").write_bytes("".join(lines).encode())
    source, options = Source(str(tmp_path), b"", is_directory=True), Options(offsets=said)
    assert places(read_source(source, GOLD, ReadOptions(options=options))["a"].entities) == SPANS
    assert places(load_source(source, "g", options=options)[0].entities) == SPANS


def test_a_span_of_brat_in_two_parts(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("🎉太原\n市好", "utf-8")
    (tmp_path / "a.ann").write_text("T1\tPLACE 2 4;5 6\t太原 市\n", "utf-8")
    source = Source(str(tmp_path), b"", is_directory=True)
    gold = load_source(source, "g", options=Options(offsets="utf-16"))
    assert places(gold[0].entities) == [(1, 5, "PLACE")]


def test_which_formats_have_offsets() -> None:
    assert set(FORMATS) - set(with_offsets()) == {
        *("conll", "conllu", "hipe", "hanlp", "ltp", "lac", "docbin", "inline", "llm"),
        *("tags", "gliner-train", "spert", "w2ner"),
    }


@pytest.mark.parametrize("name", sorted(set(FORMATS) - set(with_offsets())))
def test_a_format_without_offsets_refuses_it(name: str) -> None:
    how = ReadOptions(options=Options(offsets="utf-16"))
    with pytest.raises(
        UsageError, match=f"offsets were given as utf-16, but the format {name} has no offsets, or fixed ones"
    ):
        read_source(Source("p", b"x"), GOLD, how, format=name)
    with pytest.raises(UsageError, match=f"but the format {name} has no offsets, or fixed ones"):
        load_source(Source("p", b"x"), "g", format=name, options=how.options)


def test_what_a_format_says_itself_can_not_be_said(tmp_path: Path) -> None:
    for writer in (cluener, azure):
        with pytest.raises(UsageError, match=f"but the format {writer.__name__} defines its own ends"):
            read_source(Source("p", writer(SPANS)), GOLD, ReadOptions(options=Options(offsets="utf-16,inclusive")))
    tokens = line({"tokenized_text": ["太", "原"], "ner": [[0, 1, "PLACE"]]})
    tags = line({"tokens": ["太", "原"], "ner_tags": ["B-LOC", "I-LOC"]})
    for name, data, why in (
        ("gliner-train", tokens, 'already sets unit = "tokens"'),
        ("tags", tags, "reads tags: expected a format with offsets"),
        ("azure", azure(SPANS), "reads lengths, which have no ends"),
    ):
        with pytest.raises(UsageError, match=f"the field map {name} {why}"):
            load_source(Source("p", data), "g", options=Options(fields=name, offsets="inclusive"))
    own = tmp_path / "own.toml"
    form = 'text = ["text"]\nspans = ["label"]\n{}\n[span]\norder = ["start", "end", "label"]\n'
    for said, offsets in (('unit = "UTF-16 code units"', "utf-8"), ('ends = "inclusive"', "inclusive")):
        own.write_text(form.format(said), "utf-8")
        with pytest.raises(UsageError, match=f"the field map own already sets {said}"):
            load_source(Source("p", doccano(SPANS)), "g", options=Options(fields=str(own), offsets=offsets))
    # What the map does not say can be said beside it.
    given = Options(fields=str(own), offsets="utf-16")
    gold = load_source(Source("p", doccano(counted("utf-16,inclusive"))), "g", options=given)
    assert places(gold[0].entities) == SPANS


def test_ends_are_told_by_surfaces_or_said() -> None:
    told = Source("p", cmeee(counted("utf-16,inclusive")))
    assert places(load_source(told, "g", options=Options(offsets="utf-16"))[0].entities) == SPANS
    spans = [{"start_idx": s, "end_idx": e, "type": t} for s, e, t in counted("inclusive")]
    untold = Source("p", line([{"id": "a", "text": TEXT, "entities": spans}]))
    with pytest.raises(InputError, match="pass offsets='inclusive' if they are; set ends in a file for fields="):
        load_source(untold, "g")
    assert places(load_source(untold, "g", options=Options(offsets="inclusive"))[0].entities) == SPANS


@pytest.mark.parametrize(
    "text", ["", "utf16", "UTF-16", "utf-16,utf-8", "utf-16,utf-16", "utf-16,", "tokens", "utf-16 "]
)
def test_words_that_there_are_not(text: str) -> None:
    with pytest.raises(UsageError, match=f"offsets are '{text}', expected one of code-points, utf-16, utf-8, "):
        parse(text)
    with pytest.raises(UsageError, match="offsets are"):
        load_source(Source("g", native(SPANS)), "g", options=Options(offsets=text))


@pytest.mark.parametrize(
    ("said", "start", "end", "why"),
    [
        ("utf-16", 1, 3, "PLACE 1–3 has an edge inside a character if offsets count UTF-16 code units"),
        ("utf-16", 2, 6, "PLACE 2–6 is outside the text, which has 5 UTF-16 code units"),
        ("utf-8", 4, 6, "PLACE 4–6 has an edge inside a character if offsets count UTF-8 bytes"),
        ("utf-16,inclusive,from-1", 3, 6, "PLACE 3–6 is outside the text, which has 5 UTF-16 code units"),
        ("utf-16,from-1", 0, 3, "PLACE 0–3 is empty, reversed or negative, counted from 1"),
        ("inclusive", 2, 1, "PLACE 2–1 is empty, reversed or negative"),
        ("inclusive", 1, 4, "PLACE 1–4 is outside the text, which has 4 code points"),
        ("utf-16", 10**30, 10**31, "is outside the text, which has 5 UTF-16 code units"),
    ],
)
def test_what_is_nowhere_is_one_line(said: str, start: int, end: int, why: str, tmp_path: Path) -> None:
    text, options = "𠮷在太原", Options(offsets=said)
    gold = load_source(Source("g", line({"id": "a", "text": text, "entities": []})), "g")
    span = {"start": start, "end": end, "type": "PLACE"}
    task = {"data": {"text": text}, "annotations": [{"result": [{"value": {**span, "labels": ["PLACE"]}}]}]}
    for value in (
        {"id": "a", "text": text, "entities": [span]},
        {"id": "a", "text": text, "entities": [{"entity_group": "PLACE", "start": start, "end": end}]},
        {"text": text, "label": [[start, end, "PLACE"]]},
        task,
    ):
        with pytest.raises(InputError, match=rf"^p:1: .*{why}"):
            read_source(Source("p", line(value)), gold, ReadOptions(options=options))
        with pytest.raises(InputError, match=rf"^p:1: .*{why}"):
            load_source(Source("p", line(value)), "g", options=options)
    second = line({"id": "b", "text": "好", "label": []}) + line({"text": text, "label": [[start, end, "PLACE"]]})
    with pytest.raises(InputError, match=rf"^p:2: {why}|^p:2: PLACE .*{why}"):
        load_source(Source("p", second), "g", options=options)
    stated = why
    if said == "inclusive" and "outside" in why:
        # Without a unit the text of the gold is not needed for it, and tells what is outside.
        why = "PLACE 1–5 is outside the text"
    with pytest.raises(InputError, match=rf"^p:1: a: .*{why}"):
        read_source(
            Source("p", line({"id": "a", "entities": [span]})), gold, ReadOptions(options=options), format="native"
        )
    (tmp_path / "a.txt").write_text(text, "utf-8")
    (tmp_path / "a.ann").write_text(f"R1\tx Arg1:T1 Arg2:T1\nT1\tPLACE {start} {end}\tx\n", "utf-8")
    if end < 10**12:
        with pytest.raises(InputError, match=rf"a\.ann:2: T1: {stated}"):
            load_source(Source(str(tmp_path), b"", is_directory=True), "g", options=options)


def test_the_page_needs_a_text() -> None:
    gold = tyez_bench.load()
    source = Source("p", line({"id": "page", "entities": [{"start": 0, "end": 2, "type": "PLACE"}]}))
    with pytest.raises(InputError, match="page: offsets that count UTF-16 code units need the text, but the record"):
        read_source(source, gold, ReadOptions(options=Options(offsets="utf-16")))


def test_a_gold_set_with_other_places_keeps_them() -> None:
    parts = [{"id": "a.s1", "start": 0, "end": len(TEXT)}]
    record = json.loads(native(counted("utf-16")))
    with pytest.raises(InputError, match="g:1: has sentences, which are places in code points by the schema"):
        load_source(Source("g", line(record | {"sentences": parts})), "g", options=Options(offsets="utf-16"))
    entities = [{**record["entities"][0], "alternatives": [[1, 2]]}]
    with pytest.raises(InputError, match="g:1: has alternatives, which are places"):
        load_source(Source("g", line(record | {"entities": entities})), "g", options=Options(offsets="utf-16"))
    # As predictions, they have nothing but entities.
    found = read_source(
        Source("p", line(record | {"sentences": parts})), GOLD, ReadOptions(options=Options(offsets="utf-16"))
    )
    assert places(found["a"].entities) == SPANS


def test_advice_is_given_once_and_where_it_can_be_followed() -> None:
    task = json.loads(label_studio(SPANS))
    task[0]["annotations"][0]["result"][1]["value"]["end"] -= 1
    source = Source("p", line(task))
    with pytest.raises(InputError, match=r"offset inclusive\?\); pass offsets='inclusive'; pass trust="):
        read_source(source, GOLD, ReadOptions())
    with pytest.raises(InputError, match=r"offset inclusive\?\); pass trust"):
        read_source(source, GOLD, ReadOptions(options=Options(offsets="code-points")))
    with pytest.raises(InputError, match=r"offset inclusive\?\); pass trust"):
        load_source(source, "g", options=Options(offsets="code-points"))
    with (
        asked_by(CommandLine({"trust": "--gold-trust"})),
        pytest.raises(InputError, match=r"inclusive\?\); pass --gold-trust"),
    ):
        load_source(source, "g")
    # Predictions that are handed over have no reader that could be told.
    outside = Prediction(id="a", entities=(PredictedEntity(start=0, end=len(TEXT) + 2, type="PLACE"),))
    with pytest.raises(InputError, match=r"do the offsets count UTF-16 code units instead of code points\?\)$"):
        tyez_bench.score(GOLD, {"a": outside})


# --- by the commands


def put(folder: Path, name: str, data: bytes) -> str:
    (folder / name).write_bytes(data)
    return str(folder / name)


def test_both_sides_and_replay(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = put(tmp_path, "g.jsonl", doccano(counted("utf-8")))
    system = put(tmp_path, "p.json", label_studio(counted("utf-16,inclusive")))
    argv = [
        "score",
        "--gold",
        gold,
        "--gold-offsets",
        "utf-8",
        system,
        "--offsets",
        "inclusive,utf-16",
        "--draws",
        "20",
    ]
    assert main([*argv, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["headline"]["value"] == 1
    assert (data["reading"]["offsets"], data["reading"]["unit"]) == ("utf-16,inclusive", "UTF-16 code units")
    assert data["gold"]["reading"] == {"offsets": "utf-8"}
    signature = data["signature"]
    assert "|gold-reading:offsets=utf-8|" in signature
    assert "|offsets:utf-16,inclusive|" in signature
    again = ["score", "--gold", gold, system, "--signature", signature, "--json"]
    assert main(again) == 0
    assert json.loads(capsys.readouterr().out)["scores"] == data["scores"]
    assert main([*again, "--offsets", "utf-8"]) == 2
    assert "--offsets can't be combined with --signature" in capsys.readouterr().err
    assert main(["score", "--gold", gold, system, "--signature", signature.replace("utf-16,", "utf-17,")]) == 2
    assert "not a signature: offsets are 'utf-17,inclusive'" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main([*argv[:-4], "--offsets", "utf16"])
    assert "argument --offsets: offsets are 'utf16', expected one of code-points" in capsys.readouterr().err


def test_diff_agree_and_export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = (
        put(tmp_path, "a.jsonl", doccano(counted("graphemes"))),
        put(tmp_path, "b.jsonl", hf(counted("graphemes"))),
    )
    texts = put(tmp_path, "g.jsonl", native(counted("utf-16")))
    without = put(tmp_path, "c.jsonl", bare(counted("graphemes")))
    assert main(["agree", one, two, "--offsets", "graphemes", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["exact_f1"]["all"]["micro"] == 1
    assert main(["diff", without, without, "--offsets", "graphemes", "--gold", texts, "--gold-offsets", "utf-16"]) == 0
    capsys.readouterr()
    assert main(["export", "--gold", texts, "--gold-offsets", "utf-16", "--output-format", "doccano"]) == 0
    assert json.loads(capsys.readouterr().out)["label"] == [list(span) for span in SPANS]
    assert main(["info", "--gold", texts, "--offsets", "utf-16"]) == 0


def test_check_reads_them_by_option_and_by_configuration(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, data in (("d.jsonl", doccano(counted("utf-8"))), ("n.jsonl", native(counted("utf-8")))):
        put(tmp_path, name, data)
        assert main(["check", name, "--output-format", "concise", "--select", "S1"]) == 1
        said = capsys.readouterr().out
        assert "S101" in said
        assert "do the offsets count UTF-8 bytes instead of code points?); pass --offsets utf-8" in said
        assert main(["check", name, "--offsets", "utf-8", "--select", "S101,S107,F", "--output-format", "concise"]) == 0
        assert "no findings" in capsys.readouterr().out
        put(tmp_path, "check.toml", f'paths = ["{name}"]\noffsets = "utf-8"\n'.encode())
        assert main(["check", "--config", "check.toml", "--select", "S101,S107,F", "--output-format", "concise"]) == 0
        assert "no findings" in capsys.readouterr().out
        assert main(["check", "--config", "check.toml", "--offsets", "code-points", "--select", "S101"]) == 1
        assert "--offsets" not in capsys.readouterr().out
    assert main(["fix", "--config", "check.toml"]) == 2
    assert "the configuration sets offsets to utf-8, but only files in code points" in capsys.readouterr().err
    put(tmp_path, "check.toml", b'paths = ["n.jsonl"]\noffsets = "utf8"\n')
    assert main(["check", "--config", "check.toml"]) == 2
    assert "check.toml: offsets are 'utf8', expected one of code-points" in capsys.readouterr().err


def test_the_rule_about_units_names_the_option(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "👨\u200d👩\u200d👧记者从太原市获悉。"
    record = {"id": "a", "text": text, "entities": [{"start": 11, "end": 14, "type": "PLACE"}]}
    for data in (line(record), line({"id": "a", "text": text, "label": [[11, 14, "PLACE"]]})):
        argv = ["check", put(tmp_path, "p.jsonl", data), "--select", "S115", "--output-format", "concise"]
        assert main([*argv]) == 1
        assert "0 and 1 when converted; --offsets utf-16 reads them that way\n" in capsys.readouterr().out
        assert main([*argv, "--offsets", "utf-16"]) == 0
        capsys.readouterr()
        # It was said, and the rule still says what it sees.
        assert main([*argv, "--offsets", "code-points"]) == 1
        assert "0 and 1 when converted\n" in capsys.readouterr().out


def test_the_built_in_directory_counts_code_points() -> None:
    folder = Path(__file__).parents[2] / "data"
    assert tyez_bench.load(folder, options=Options(offsets="code-points")).version == tyez_bench.load().version
    with pytest.raises(InputError, match=r"gold\.jsonl:1: has sections, which are places in code points"):
        tyez_bench.load(folder, options=Options(offsets="utf-16"))


def test_check_goes_on_behind_a_record_that_can_not_be_converted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad: dict[str, Any] = {"id": "b", "text": "𠮷在太原", "label": [[1, 3, "PLACE"]]}
    for first, second in (
        (bad, doccano(counted("utf-16"))),
        (
            {"id": "b", "text": "𠮷在太原", "entities": [{"start": 1, "end": 3, "type": "PLACE"}]},
            native(counted("utf-16")),
        ),
    ):
        path = put(tmp_path, "p.jsonl", line(first) + second)
        argv = ["check", path, "--offsets", "utf-16", "--select", "F002,S1", "--output-format", "json"]
        assert main(argv) == 1
        found = json.loads(capsys.readouterr().out)
        assert [(one["code"], one["line"]) for one in found["findings"]] == [("F002", 1)]
        assert "PLACE 1–3 has an edge inside a character" in found["findings"][0]["message"]


def test_formats_are_told_apart_as_they_are_read() -> None:
    for writer in WRITERS.values():
        source = Source("p", writer(counted("utf-16,from-1") if writer is not azure else counted("utf-16")))
        assert detect_format(source, Options(offsets="utf-16,from-1")) in FORMATS


def test_what_is_written_counts_code_points() -> None:
    sample = Sample("a", TEXT, ())
    assert load_format("doccano").write([sample]) == line({"id": "a", "text": TEXT, "label": []})
