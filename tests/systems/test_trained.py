"""Systems trained on the gold: no passage predicted was learned, and every machine and process learns the same."""

import hashlib
import itertools
import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tyez_bench
from tyez_bench.gold.gold import read_gold
from tyez_bench.model.errors import TyezBenchError, UsageError
from tyez_bench.model.spans import Span
from tyez_bench.systems import SYSTEMS, load_system, request
from tyez_bench.systems.runner import identity, run
from tyez_bench.systems.system import Passage, RunOptions, System, Tagger, passages
from tyez_bench.systems.trained.folds import Fold, Lesson, folds_of, leave_one_out, predicting
from tyez_bench.systems.trained.perceptron import FEATURES, BioesLabels, class_of, decode, features, train

MARK = re.compile(r"\[(.+?)/([A-Z]+)(\??)\]")
# Three documents of two sentences; a question mark behind the type makes an entity optional.
DOCUMENTS = {
    "b": ["他去了[北京市/PLACE]。", "花了[三万元/MONEY]。"],
    "a": ["她去了[上海市/PLACE]。", "[目前/DATE?]花了[五万元/MONEY]。"],
    "c": ["我去了[天津市/PLACE]。", "花了[八千元/MONEY]。"],
}


def gold_of(documents: Mapping[str, Sequence[str]]) -> tyez_bench.Gold:
    """A gold set of documents whose sentences have their entities marked."""
    lines = []
    for id_, marked in documents.items():
        text, sentences, entities = "", [], []
        for number, sentence in enumerate(marked, 1):
            begin, at = len(text), 0
            for mark in MARK.finditer(sentence):
                text += sentence[at : mark.start()]
                status = "optional" if mark[3] else "required"
                entities.append(
                    {"start": len(text), "end": len(text) + len(mark[1]), "type": mark[2], "status": status}
                )
                text, at = text + mark[1], mark.end()
            text += sentence[at:]
            sentences.append({"id": f"{id_}.s{number}", "start": begin, "end": len(text)})
        lines.append(json.dumps({"id": id_, "text": text, "sentences": sentences, "entities": entities}))
    return read_gold("\n".join(lines).encode(), "small")


@pytest.fixture(scope="module")
def small() -> tyez_bench.Gold:
    """A gold set that can be learned in no time."""
    return gold_of(DOCUMENTS)


def test_each_document_is_left_out_once_and_the_others_are_learned(small: tyez_bench.Gold) -> None:
    folds = leave_one_out(small, "sentence")
    assert [fold.left_out for fold in folds] == ["b", "a", "c"]
    assert [fold.documents for fold in folds] == [("a", "c"), ("b", "c"), ("b", "a")]
    found = [(lesson.text[s:e], type_) for lesson in folds[2].lessons for s, e, type_ in lesson.entities]
    assert found == [("北京市", "PLACE"), ("三万元", "MONEY"), ("上海市", "PLACE"), ("五万元", "MONEY")]
    # An optional entity is neither an entity nor none.
    assert [(lesson.text[s:e]) for lesson in folds[2].lessons for s, e in lesson.unknown] == ["目前"]


def test_documents_can_be_learned_whole(small: tyez_bench.Gold) -> None:
    (first, *_) = leave_one_out(small, "document")
    assert [lesson.text for lesson in first.lessons] == [small["a"].text, small["c"].text]
    assert [lesson.text[s:e] for lesson in first.lessons for s, e, _ in lesson.entities][1] == "五万元"


def test_only_the_outermost_layer_is_learned(gold: tyez_bench.Gold) -> None:
    for fold in leave_one_out(gold, "sentence"):
        learned = sum(e.outermost and e.required for d in gold if d.id != fold.left_out for e in d.entities)
        assert fold.facts["entities"] == learned


@pytest.mark.parametrize("by", ["sentence", "document"])
def test_no_text_that_is_predicted_is_learned(gold: tyez_bench.Gold, by: str) -> None:
    given = passages(gold, by)
    for fold in leave_one_out(gold, by):
        learned = {lesson.text for lesson in fold.lessons}
        assert learned == {passage.text for passage in given if passage.document != fold.left_out}
        assert learned.isdisjoint(passage.text for passage in given if passage.document == fold.left_out)
        assert not any(gold[fold.left_out].text in text for text in learned)


def test_the_same_text_elsewhere_is_not_learned_either() -> None:
    same = "他去了[北京市/PLACE]。"
    gold = gold_of(
        {**DOCUMENTS, "again": DOCUMENTS["b"], "more": ["对。", *DOCUMENTS["b"], "好。"], "part": [same, "他说。"]}
    )
    of_b = leave_one_out(gold, "sentence")[0]
    assert of_b.documents == ("a", "c", "part")
    assert of_b.alike == ("again", "more", "part.s1")
    assert "他去了北京市。" not in {lesson.text for lesson in of_b.lessons}
    assert of_b.facts["left_out_for_their_text"] == ["again", "more", "part.s1"]
    # The document that holds another's text whole is not learned from for that one, nor the other way round.
    assert {"b", "again"} <= set(leave_one_out(gold, "sentence")[4].alike)


def test_a_text_that_was_learned_is_not_predicted(small: tyez_bench.Gold) -> None:
    predict = load_system(request("perceptron"), small, RunOptions()).predict
    with pytest.raises(UsageError, match=r"'a\.s1': the text was used in training, so it can't be predicted"):
        list(predict([Passage("a.s1", "a", "我去了天津市。")]))
    with pytest.raises(UsageError, match="'d' is not a document of the gold that was trained on"):
        list(predict([Passage("d", "d", "我去了南京市。")]))


@pytest.mark.parametrize(
    ("documents", "said"),
    [
        ({"a": ["[北京/PLACE]"]}, "small: training needs two documents or more"),
        ({"a": ["北京"], "b": ["上海"]}, "small: nothing to learn from when 'a' is left out: no entities"),
        ({"a": ["[北京/PLACE]"], "b": ["上海"]}, "small: nothing to learn from when 'a' is left out: no entities"),
        ({"a": ["[北京/PLACE]"], "b": ["[北京/PLACE]"]}, "small: nothing to learn from when 'a' is left out"),
        ({"a": ["[北京/PLACE?]"], "b": ["[上海/PLACE?]"]}, "small: nothing to learn from when 'a' is left out"),
    ],
)
@pytest.mark.parametrize("name", ["perceptron", "spacy-ner"])
def test_a_gold_that_teaches_nothing_is_refused(documents: dict[str, list[str]], said: str, name: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_system(request(name), gold_of(documents), RunOptions())
    assert str(caught.value).startswith(said)


def test_empty_texts_teach_nothing_and_are_like_no_other() -> None:
    gold = gold_of({**DOCUMENTS, "empty": [], "blank": [" "]})
    assert [len(fold.lessons) for fold in leave_one_out(gold, "sentence")] == [4, 4, 4, 6, 6]
    found = run(request("perceptron"), load_system(request("perceptron"), gold, RunOptions()), gold)
    assert [json.loads(line)["entities"] for line in found.data.splitlines()[-2:]] == [[], []]


def test_a_model_is_trained_when_its_document_comes_and_no_sooner(small: tyez_bench.Gold, tmp_path: Path) -> None:
    trained: list[str] = []
    fails = True

    def trainer(fold: Fold) -> Tagger:
        trained.append(fold.left_out)

        def tag(text: str) -> list[Span]:
            if fails and text.startswith("目前"):
                raise RuntimeError("no light")
            return [Span(0, 1, "PLACE")]

        return tag

    system = System(predict=predicting(leave_one_out(small, "sentence"), trainer), by="sentence", labels="tyez")
    with pytest.raises(TyezBenchError, match=r"'a\.s2'.*no light; 3 of 6 are kept"):
        run(request("perceptron"), system, small, journal=tmp_path / "j")
    assert trained == ["b", "a"]
    fails = False
    run(request("perceptron"), system, small, journal=tmp_path / "j")
    # What is left is of two documents.
    assert trained == ["b", "a", "a", "c"]


def test_other_texts_are_predicted_by_a_model_of_all_and_what_is_made_from_a_document_by_one_without_it(
    small: tyez_bench.Gold,
) -> None:
    trained: list[str] = []

    def trainer(fold: Fold) -> Tagger:
        trained.append(f"{fold.left_out}: {' '.join(fold.documents)}")
        return lambda text: []

    options = RunOptions(lessons=small, origins={"of-a": "a", "of-b": "b", "again": "a"})
    others = gold_of({"of-a": ["新的。"], "other": ["别的。"], "of-b": ["旧的。"], "again": ["又来。"]})
    folds = folds_of(others, options, "sentence")
    system = System(predict=predicting(folds, trainer, options.origins), by="sentence", labels="tyez")
    run(request("perceptron"), system, others)
    assert trained == ["a: b c", "-: b a c", "b: a c"]


def test_all_that_decides_what_is_learned_is_recorded(small: tyez_bench.Gold) -> None:
    for name in ("perceptron", "spacy-ner"):
        asked = request(name)
        facts = identity(asked, load_system(asked, small, RunOptions(seed=3)), small)
        assert facts["by"] == "sentence"
        assert facts["labels"] == "tyez"
        assert set(SYSTEMS[name].packages) == facts["packages"].keys() >= {"scikit-learn"}
        settings = facts["settings"]
        assert settings["trained_on"] == {"gold": "small", "sha256": small.fingerprint}
        assert settings["seed"] == 3
        assert settings["split"] == "LeaveOneGroupOut by document"
        assert settings["folds"][1] == {"left_out": "a", "trained_on": ["b", "c"], "passages": 4, "entities": 4}
    assert settings["config"]["training"]["max_steps"] == 300


@pytest.mark.parametrize(
    ("characters", "expected"),
    [
        ("09０９", "digit"),
        ("〇一十百千两", "numeral"),
        ("年月日元亿万", "unit"),
        ("aZａＺ", "letter"),
        (" \n　", "space"),
        ("，。“”%.、￥", "mark"),
        ("太原é²𠮷", "other"),
    ],
)
def test_classes_of_characters(characters: str, expected: str) -> None:
    assert {class_of(character) for character in characters} == {expected}


def test_a_character_has_one_feature_of_each_kind_also_at_the_edges() -> None:
    rows = list(features("3万元"))
    assert [len(row) for row in rows] == [len(FEATURES)] * 3
    of_first = dict(zip(FEATURES, rows[0], strict=True))
    number = list(FEATURES).index("characters -1 +1")
    assert of_first["characters -1 +1"] == (number, "", "万")
    assert of_first["classes -2 -1 +0 +1 +2"][1:] == ("", "", "digit", "unit", "unit")  # type: ignore[index]
    # Features of different kinds are never equal.
    assert len({one for row in rows for one in row}) > len(FEATURES)
    assert len(set(rows[0])) == len(FEATURES)


def test_the_best_sequence_is_that_of_all_sequences_that_keep_the_rules() -> None:
    chance = random.Random(1)
    labels = BioesLabels.of(["DATE", "ORG"])
    size = len(labels.names)
    legal = re.compile(r"(O|S-(DATE|ORG)|B-DATE(I-DATE)*E-DATE|B-ORG(I-ORG)*E-ORG)*")
    for length in (1, 2, 3, 4):
        scores = np.array([[chance.randrange(-9, 9) for _ in range(size)] for _ in range(length)], np.int64)
        moves = np.array([[chance.randrange(-5, 5) for _ in range(size)] for _ in range(size)], np.int64)

        def worth(path: Sequence[int], scores: Any = scores, moves: Any = moves) -> int:
            steps = sum(moves[a, b] for a, b in itertools.pairwise(path))
            return int(sum(scores[place, number] for place, number in enumerate(path)) + steps)

        paths = itertools.product(range(size), repeat=length)
        kept = [path for path in paths if legal.fullmatch("".join(labels.names[number] for number in path))]
        found = decode(scores, moves, labels.rules).tolist()
        assert tuple(found) in kept
        assert worth(found) == max(map(worth, kept))


def lessons_of(gold: tyez_bench.Gold) -> list[Lesson]:
    """All that a gold set of one more document could teach."""
    (*_, last) = leave_one_out(gold_of({**DOCUMENTS, "none": ["无。"]}), "sentence")
    assert last.documents == tuple(document.id for document in gold)
    return list(last.lessons)


def test_what_was_learned_is_known(small: tyez_bench.Gold) -> None:
    lessons = lessons_of(small)
    model = train(lessons, seed=1)
    for lesson in lessons:
        found = {(span.start, span.end, span.label) for span in model.tag(lesson.text)}
        assert found - {(0, 2, "DATE")} == set(lesson.entities)
    assert [(span.label, span.text) for span in model.tag("她去了广州市。")] == [("PLACE", "广州市")]
    assert model.tag("") == []


def test_weights_are_the_sum_of_those_after_every_step(small: tyez_bench.Gold) -> None:
    """One epoch more adds the weights after each of its steps; a run of every length gives the weights in between."""
    lessons = lessons_of(small)[:1]
    sums = [train(lessons, seed=1, epochs=epochs).weights for epochs in range(1, 6)]
    after = [sums[0], *(later - sooner for sooner, later in itertools.pairwise(sums))]
    # Each difference is a state of the plain perceptron: from one to the next, one text was tagged.
    changes = [b - a for a, b in itertools.pairwise([np.zeros_like(after[0]), *after])]
    assert all(np.abs(change).max() <= len(lessons[0].text) for change in changes)
    assert np.array_equal(sum(after), sums[-1])
    assert sums[-1].dtype == np.int64
    assert not sums[-1][0].any()


def test_nothing_is_learned_where_nothing_is_said() -> None:
    said = Lesson("北京", ((0, 2, "PLACE"),))
    silent = Lesson("目前", (), ((0, 2),))
    with_it, without = train([said, silent], seed=1), train([said], seed=1)
    assert set(map(str, with_it.index)) > set(map(str, without.index))
    only_silent = [with_it.index[one] for row in features("目前") for one in row if one not in without.index]
    assert not with_it.weights[only_silent].any()


PERCEPTRON = """
import hashlib, sys
from tyez_bench.gold.gold import load
from tyez_bench.systems import load_system, request
from tyez_bench.systems.runner import run
from tyez_bench.systems.system import RunOptions
gold = load(sys.argv[1])
asked = request("perceptron")
print(hashlib.sha256(run(asked, load_system(asked, gold, RunOptions()), gold).data).hexdigest())
"""

# Enough for spaCy to learn four sentences.
STEPS = 100

SPACY = """
import hashlib, sys
from tyez_bench.gold.gold import load
from tyez_bench.systems.trained.folds import leave_one_out
from tyez_bench.systems.trained.spacy_ner import read_config, train
gold = load(sys.argv[1])
config = read_config()
config["training"]["max_steps"] = int(sys.argv[2])
nlp = train(leave_one_out(gold, "sentence")[0].lessons, config, seed=1)
print(hashlib.sha256(b"".join(nlp.get_pipe(name).model.to_bytes() for name in nlp.pipe_names)).hexdigest())
"""


def elsewhere(code: str, path: Path, hash_seed: str, threads: str) -> str:
    """What a program prints in another process, with other hashes and another number of threads."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS", "MKL_NUM_THREADS")
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, **dict.fromkeys(names, threads)}
    command = [sys.executable, "-W", "ignore", "-c", code, str(path), str(STEPS)]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout.strip()


@pytest.fixture(scope="module")
def path(small: tyez_bench.Gold, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small gold set as a file."""
    from tyez_bench.files.jsonl import encode_lines

    found = tmp_path_factory.mktemp("gold") / "small.jsonl"
    found.write_bytes(encode_lines(small))
    return found


def test_the_perceptron_predicts_the_same_in_every_process(small: tyez_bench.Gold, path: Path) -> None:
    asked = request("perceptron")
    data = run(asked, load_system(asked, small, RunOptions()), small).data
    assert b"PLACE" in data
    assert elsewhere(PERCEPTRON, path, "1", "1") == elsewhere(PERCEPTRON, path, "77", "2")
    assert elsewhere(PERCEPTRON, path, "5", "2") == hashlib.sha256(data).hexdigest()


def test_a_model_does_not_hang_on_those_before_it(small: tyez_bench.Gold) -> None:
    """The last document alone, as after an interruption, is predicted as it is among all."""
    whole = list(load_system(request("perceptron"), small, RunOptions()).predict(passages(small, "sentence")))
    last = passages(small, "sentence")[-2:]
    assert list(load_system(request("perceptron"), small, RunOptions()).predict(last)) == whole[-2:]


def chances() -> tuple[object, object]:
    """What the generators of the process draw next."""
    return random.getstate(), np.random.get_state(legacy=False)["state"]["key"].tolist()


def test_spacy_learns_the_same_in_every_process_and_leaves_chance_alone(small: tyez_bench.Gold, path: Path) -> None:
    from tyez_bench.systems.trained.spacy_ner import read_config, tagger, train

    config = read_config()
    config["training"]["max_steps"] = STEPS
    lessons = leave_one_out(small, "sentence")[0].lessons
    states = chances()
    nlp = train(lessons, config, seed=1)
    assert chances() == states
    weights = b"".join(nlp.get_pipe(name).model.to_bytes() for name in nlp.pipe_names)  # type: ignore[attr-defined]
    tag = tagger(nlp)
    whole = [lesson for lesson in lessons if not lesson.unknown]
    assert len(whole) == 3
    for lesson in whole:
        assert [(span.start, span.end, span.label) for span in tag(lesson.text)] == list(lesson.entities)
    assert elsewhere(SPACY, path, "77", "2") == hashlib.sha256(weights).hexdigest()


def test_what_is_optional_is_missing_for_spacy_and_edges_of_white_space_are_passed_over() -> None:
    import spacy

    from tyez_bench.systems.trained.spacy_ner import example

    nlp = spacy.blank("zh")
    found = example(nlp, Lesson("目前去 北京\n", ((3, 6, "PLACE"),), ((0, 2),)))
    assert [token.text for token in found.predicted] == ["目", "前", "去", "北", "京", "\n"]
    assert found.get_aligned_ner() == [None, None, "O", "B-PLACE", "L-PLACE", "O"]
