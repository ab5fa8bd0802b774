"""spaCy pipelines as systems: a small ``ner`` that the test trains, rules, spans with categories, and their words."""

import json
import random
import shutil
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.lang.zh import ChineseTokenizer
from spacy.language import Language
from spacy.training import Example
from thinc.api import fix_random_seed

import tyez_bench
from tyez_bench.cli import main
from tyez_bench.model.errors import InputError, MissingExtraError, UsageError
from tyez_bench.systems import load_system, request
from tyez_bench.systems.models import fingerprint, origin
from tyez_bench.systems.runner import journal_of, run
from tyez_bench.systems.system import Passage, RunOptions, batches

CITIES = ("长沙市", "武汉市", "成都市")
COMPANIES = ("远山集团", "东湖公司")
# No sentence of the page; 𠮷 and 😀 are beyond the Basic Multilingual Plane.
TEXT = "😀𠮷 昨日,长沙市的远山集团\n与 成都市的\u3000东湖公司签约。"
NAMES = [("GPE", "长沙市"), ("ORG", "远山集团"), ("GPE", "成都市"), ("ORG", "东湖公司")]


def sentences() -> list[tuple[str, list[tuple[int, int, str]]]]:
    """Invented sentences with the spans of their names."""
    found = []
    for city in CITIES:
        for company in COMPANIES:
            for text in (f"昨日,{city}的{company}签约。", f"{company}与 {city}的人谈", "无人 到场。😀"):
                spans = [(text.find(city), "GPE", city), (text.find(company), "ORG", company)]
                found.append((text, [(at, at + len(name), label) for at, label, name in spans if at >= 0]))
    return found


def trained(nlp: Language) -> Language:
    """The pipeline, trained on the sentences until it knows the names."""
    examples = [Example.from_dict(nlp.make_doc(text), {"entities": spans}) for text, spans in sentences()]
    fix_random_seed(1)
    nlp.initialize(lambda: examples)
    for _ in range(30):
        random.Random(1).shuffle(examples)
        for batch in batches(examples, 6):
            nlp.update(batch)
    return nlp


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Chinese pipeline with a trained ``ner`` on characters, as it is saved."""
    nlp = spacy.blank("zh")
    nlp.add_pipe("ner")
    path = tmp_path_factory.mktemp("spacy") / "names"
    trained(nlp).to_disk(path)
    return path


def saved(tmp_path: Path, lang: str, add: Callable[[Language], Any]) -> Path:
    """A pipeline without a model, saved."""
    nlp = spacy.blank(lang)
    add(nlp)
    nlp.to_disk(tmp_path / "other")
    return tmp_path / "other"


def rules(*patterns: tuple[str, str]) -> Callable[[Language], Any]:
    """What adds an entity ruler with names and their labels."""

    def add(nlp: Language) -> None:
        found = [{"label": label, "pattern": [{"ORTH": c} for c in name]} for label, name in patterns]
        nlp.add_pipe("entity_ruler").add_patterns(found)  # type: ignore[attr-defined]

    return add


def answer(path: Path, *, text: str = TEXT, **told: Any) -> list[tuple[str, str]]:
    """Label and text of what a pipeline finds, after checking that its offsets say the same."""
    system = load_system(request(f"spacy:{path}"), tyez_bench.load(), RunOptions(**told))
    (record,) = system.predict([Passage("a", "a", text)])
    assert all(text[e["start"] : e["end"]] == e["text"] for e in record["entities"])
    return [(e["type"], e["text"]) for e in record["entities"]]


def test_a_trained_pipeline_finds_names_at_their_code_points(folder: Path) -> None:
    assert answer(folder) == NAMES


def test_passages_come_back_in_order_whatever_the_batches(folder: Path) -> None:
    given = [Passage(f"p{n}", "a", text) for n, text in enumerate(["", TEXT, " ", "\n", TEXT[3:], ""])]
    records = {}
    for size in (1, 4, 100):
        system = load_system(request(f"spacy:{folder}"), tyez_bench.load(), RunOptions(batch_size=size))
        records[size] = list(system.predict(given))
    assert records[1] == records[4] == records[100]
    assert [record["id"] for record in records[1]] == [passage.id for passage in given]
    assert [len(record["entities"]) for record in records[1]] == [0, 4, 0, 0, 4, 0]


def test_it_is_run_written_and_scored(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "names.jsonl"
    assert main(["run", f"spacy:{folder}", "--output", str(out), "--score"]) == 0
    printed = capsys.readouterr()
    assert "labels:ontonotes5" in printed.out
    assert printed.err.startswith("spacy:names: 8 documents in ")
    assert printed.err.count("\n") == 1
    assert [json.loads(line)["id"] for line in out.read_text("utf-8").splitlines()] == [
        document.id for document in tyez_bench.load()
    ]
    written = out.with_suffix(".json").read_text("utf-8")
    facts = json.loads(written)
    assert facts["system"] == "spacy:names"
    assert facts["packages"] == {"spacy": version("spacy")}
    assert facts["labels"] == "ontonotes5"
    assert facts["settings"] == {"model": "names", "sha256": fingerprint(folder), "version": "0.0.0"}
    # The paths of a machine are nobody's business.
    assert str(tmp_path.parent) not in written


def test_a_run_goes_on_only_with_the_same_model(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = tmp_path / "names"
    shutil.copytree(folder, model)
    whole, cut = tmp_path / "whole.jsonl", tmp_path / "cut.jsonl"
    command = ["run", f"spacy:{model}", "--by", "sentence", "--batch-size", "4", "--output"]
    assert main([*command, str(whole)]) == 0
    system = load_system(request(f"spacy:{model}"), tyez_bench.load(), RunOptions(by="sentence", batch_size=4))

    def stop(done: int, total: int) -> None:
        if done == 30:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(request(f"spacy:{model}"), system, tyez_bench.load(), journal=journal_of(cut), progress=stop)
    # The same model in another place is the same.
    moved = tmp_path / "moved" / "names"
    moved.parent.mkdir()
    model.rename(moved)
    (moved / "meta.json").write_text((moved / "meta.json").read_text("utf-8") + "\n", "utf-8")
    command[1] = f"spacy:{moved}"
    capsys.readouterr()
    assert main([*command, str(cut)]) == 2
    assert "is of a run with another settings" in capsys.readouterr().err
    (moved / "meta.json").write_bytes((folder / "meta.json").read_bytes())
    assert main([*command, str(cut)]) == 0
    assert cut.read_bytes() == whole.read_bytes()


def test_hidden_files_are_no_part_of_a_model(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "names")
    (tmp_path / "names" / ".git").mkdir()
    (tmp_path / "names" / ".git" / "HEAD").write_text("x", "utf-8")
    assert fingerprint(tmp_path / "names") == fingerprint(folder)
    (tmp_path / "names" / "vocab" / "new").write_text("", "utf-8")
    assert fingerprint(tmp_path / "names") != fingerprint(folder)


def test_an_entity_ruler_and_a_label_map_of_ones_own(tmp_path: Path) -> None:
    path = saved(tmp_path, "zh", rules(("CITY", "长沙市")))
    with pytest.raises(UsageError) as caught:
        answer(path)
    assert str(caught.value) == (
        f"spacy:{path}: unknown label 'CITY', expected PLACE, ORG, MONEY, DATE (the gold's label set tyez); "
        "no label map fits; pass labels=FILE to map them; pass ignore_labels=['CITY'] to leave it out"
    )
    with pytest.raises(UsageError, match=r"other: msra lacks CITY; choose another map with labels=NAME\|FILE"):
        answer(path, labels="msra")
    own = tmp_path / "own.toml"
    own.write_text('[labels]\nCITY = "PLACE"\n', "utf-8")
    assert answer(path, labels=str(own)) == [("CITY", "长沙市")]


def test_labels_that_two_maps_read_differently_want_one_named(tmp_path: Path) -> None:
    path = saved(tmp_path, "zh", rules(("ns", "长沙市"), ("t", "今天")))
    with pytest.raises(UsageError, match=r"spacy:.*fit several label maps.*choose one with labels=NAME"):
        answer(path)


def test_maps_that_read_the_labels_alike_are_no_choice(tmp_path: Path) -> None:
    path = saved(tmp_path, "zh", rules(("LOC", "长沙市"), ("PER", "某人"), ("ORG", "公司")))
    assert answer(path) == [("LOC", "长沙市"), ("ORG", "公司")]
    assert answer(path, labels="msra") == [("LOC", "长沙市"), ("ORG", "公司")]


def test_spans_with_categories_where_there_are_no_entities(tmp_path: Path) -> None:
    def add(nlp: Language) -> None:
        patterns = [
            {"label": label, "pattern": [{"ORTH": c} for c in name]}
            for label, name in (("GPE", "长沙"), ("GPE", "长沙市"), ("ORG", "市的远"), ("ORG", "远山集团"))
        ]
        ruler = nlp.add_pipe("span_ruler", config={"spans_key": "names"})
        ruler.add_patterns(patterns)  # type: ignore[attr-defined]

    # Of those that overlap the longest, then the first.
    assert answer(saved(tmp_path, "zh", add)) == [("GPE", "长沙市"), ("ORG", "远山集团")]


@pytest.mark.parametrize("add", [lambda nlp: None, lambda nlp: nlp.add_pipe("sentencizer")], ids=["empty", "other"])
def test_a_pipeline_that_finds_nothing_is_refused(tmp_path: Path, add: Callable[[Language], Any]) -> None:
    with pytest.raises(UsageError, match=r"has no component that finds entities \(ner, entity_ruler, spancat\): "):
        answer(saved(tmp_path, "zh", add))


def test_a_pipeline_without_labels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has no labels"):
        answer(saved(tmp_path, "zh", rules()))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "zh_no_such_pipeline",
            "spacy:zh_no_such_pipeline: no such pipeline is installed, and no such directory exists; "
            "to install one of spaCy's: python -m spacy download zh_no_such_pipeline",
        ),
        ("./absent", "spacy:./absent: no such directory"),
        ("/absent", "spacy:/absent: no such directory"),
    ],
)
def test_what_is_not_there(name: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", f"spacy:{name}", "--score"]) == 2
    assert capsys.readouterr().err == f"tyez-bench: {said}\n"


def test_files_and_directories_that_are_no_pipeline(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(UsageError, match="file: is a file, expected the directory of a model"):
        answer(tmp_path / "file")
    with pytest.raises(InputError, match="can't be loaded: OSError"):
        answer(tmp_path)


def test_words_of_jieba_are_those_that_the_components_see(tmp_path: Path) -> None:
    path = saved(tmp_path, "zh", rules(("GPE", "长沙市")))
    assert answer(path, segmenter="char") == answer(path) == [("GPE", "长沙市")]
    # One word of jieba's, and no longer three of one character.
    assert answer(path, segmenter="jieba") == []


def test_words_of_pkuseg_with_a_model(folder: Path, pkuseg_model: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has no pkuseg model of its own; segmenter='pkuseg:MODEL' names one"):
        answer(folder, segmenter="pkuseg")
    named = load_system(request(f"spacy:{folder}"), tyez_bench.load(), RunOptions(segmenter=f"pkuseg:{pkuseg_model}"))
    assert named.settings["segmenter"] == {"words": "pkuseg", "model": "model", "sha256": fingerprint(pkuseg_model)}
    # A pipeline may bring its model along, and cut its words in another way all the same.
    nlp = spacy.load(folder)
    own = ChineseTokenizer(nlp.vocab, segmenter="pkuseg")  # type: ignore[arg-type]
    own.initialize(pkuseg_model=str(pkuseg_model))
    nlp.tokenizer = own
    nlp.to_disk(tmp_path / "own")
    texts = [Passage("a", "a", TEXT)]
    brought = load_system(request(f"spacy:{tmp_path / 'own'}"), tyez_bench.load(), RunOptions(segmenter="pkuseg"))
    assert list(brought.predict(texts)) == list(named.predict(texts))
    assert answer(tmp_path / "own", segmenter="char") == NAMES
    assert answer(tmp_path / "own") == answer(tmp_path / "own", segmenter="pkuseg") != NAMES


def test_segmenters_that_do_not_suit(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="unknown segmenter 'thulac', expected one of: char, jieba, pkuseg"):
        answer(folder, segmenter="thulac")
    with pytest.raises(UsageError, match="unknown segmenter 'jieba:x'"):
        answer(folder, segmenter="jieba:x")
    english = saved(tmp_path, "en", rules(("GPE", "x")))
    with pytest.raises(UsageError, match="segmenters are for Chinese pipelines, but this one's language is 'en'"):
        answer(english, segmenter="char")
    monkeypatch.setattr("tyez_bench.systems.adapters.spacy.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"spacy-pkuseg is not installed.*pip install .spacy-pkuseg>=1"):
        answer(folder, segmenter="pkuseg:mixed")


@pytest.mark.parametrize(
    ("device", "said"),
    [
        ("gpu", "unknown device 'gpu', expected cpu, cuda, cuda:NUMBER or mps"),
        ("cuda:x", "unknown device 'cuda:x'"),
        ("cuda:0", "device 'cuda:0': spaCy can't use it: "),
    ],
)
def test_devices_that_are_not_there(folder: Path, device: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", f"spacy:{folder}", "--device", device, "--score"]) == 2
    assert capsys.readouterr().err.startswith(f"tyez-bench: {said}")


def test_a_pipeline_that_fails_is_named_with_its_texts(folder: Path) -> None:
    system = load_system(request(f"spacy:{folder}"), tyez_bench.load(), RunOptions(batch_size=2))
    long = Passage("long", "a", "长" * 1_000_001)
    given = [Passage("a", "a", TEXT), Passage("b", "b", TEXT), Passage("c", "c", TEXT), long]
    answers = iter(system.predict(given))
    assert [next(answers)["id"], next(answers)["id"]] == ["a", "b"]
    with pytest.raises(InputError, match=r"'c' to 'long': the pipeline failed: ValueError: \[E088\]"):
        next(answers)


def test_a_pipeline_that_changes_the_text_is_refused(tmp_path: Path) -> None:
    @Language.component("tyez_test_other_text", assigns=["doc.ents"])
    def other(doc: Any) -> Any:
        return spacy.blank("zh")(doc.text.strip())

    path = saved(tmp_path, "zh", lambda nlp: (rules(("GPE", "长沙市"))(nlp), nlp.add_pipe("tyez_test_other_text")))
    with pytest.raises(InputError, match="'a': the pipeline changed the text"):
        answer(path, text=" 长沙市")


def test_a_pipeline_is_put_together_with_rules(folder: Path) -> None:
    system = load_system(request(f"rules+spacy:{folder}"), tyez_bench.load(), RunOptions())
    assert (system.name, system.labels) == ("rules+spacy:names", "tyez")
    text = f"2021年3月5日,{TEXT}"
    (record,) = system.predict([Passage("a", "a", text)])
    assert [(e["type"], e["text"]) for e in record["entities"]] == [
        ("DATE", "2021年3月5日"),
        ("DATE", "昨日"),
        ("PLACE", "长沙市"),
        ("ORG", "远山集团"),
        ("PLACE", "成都市"),
        ("ORG", "东湖公司"),
    ]


def test_origins_are_told_without_the_machine(tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    assert origin("hf", str(tmp_path / "m")).system == "hf:m"
    assert origin("hf", "owner/name").settings() == {"model": "owner/name"}
    with pytest.raises(UsageError, match="hf:a/b/c: no such directory"):
        origin("hf", "a/b/c")
