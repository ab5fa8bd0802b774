"""The corpus for spaCy: its examples, and a training run from a config that reads it."""

import io
import json
from pathlib import Path

import pytest
import spacy
from confection import Config
from spacy.cli.debug_data import debug_data
from spacy.training.initialize import init_nlp
from spacy.training.loop import train
from spacy.util import registry

import tyez_bench
from tyez_bench.integrations.spacy import make_corpus
from tyez_bench.model.errors import UsageError

CONFIG = """
[corpora]

[corpora.train]
@readers = "tyez_bench.Corpus.v1"
gold = null
documents = null
exclude = ["yangqu", "gujiao"]
by = "sentence"

[corpora.dev]
@readers = "tyez_bench.Corpus.v1"
gold = null
documents = ["yangqu", "gujiao"]
exclude = null
by = "sentence"

[nlp]
lang = "zh"
pipeline = ["tok2vec", "ner"]

[nlp.tokenizer]
@tokenizers = "spacy.zh.ChineseTokenizer"
segmenter = "char"

[components]

[components.tok2vec]
factory = "tok2vec"

[components.tok2vec.model]
@architectures = "spacy.HashEmbedCNN.v2"
pretrained_vectors = null
width = 32
depth = 1
embed_size = 500
window_size = 1
maxout_pieces = 2
subword_features = false

[components.ner]
factory = "ner"

[components.ner.model]
@architectures = "spacy.TransitionBasedParser.v2"
state_type = "ner"
extra_state_tokens = false
hidden_width = 16
maxout_pieces = 2
use_upper = true

[components.ner.model.tok2vec]
@architectures = "spacy.Tok2VecListener.v1"
width = 32

[components.ner.scorer]
@scorers = "tyez_bench.ner_scorer.v1"
optional_key = "optional"

[training]
train_corpus = "corpora.train"
dev_corpus = "corpora.dev"
max_steps = 150
eval_frequency = 75
seed = 1

[training.score_weights]
ents_f = 1.0
"""


def test_a_pipeline_is_trained_and_evaluated_from_a_config(tmp_path: Path) -> None:
    base = spacy.blank("zh").config
    nlp = init_nlp(Config(base).merge(Config().from_str(CONFIG)))
    trained, _ = train(nlp, tmp_path, stdout=io.StringIO(), stderr=io.StringIO())
    loaded = spacy.load(tmp_path / "model-best")
    assert loaded.meta["performance"]["ents_f"] > 0
    # What it was scored on is scored here by our own scorer, through another door.
    dev = make_corpus(documents=["yangqu", "gujiao"])
    scores = loaded.evaluate(list(dev(loaded)))
    assert scores["ents_f"] == pytest.approx(loaded.meta["performance"]["ents_f"])
    gold = tyez_bench.load()
    part = tyez_bench.Gold(gold.name, None, gold.fingerprint, tuple(d for d in gold if d.id in ("yangqu", "gujiao")))
    assert tyez_bench.evaluate(loaded, part, by="sentence").f1 == pytest.approx(scores["ents_f"])
    assert set(trained.get_pipe("ner").labels) == {"PLACE", "ORG", "MONEY", "DATE"}  # type: ignore[attr-defined]


@pytest.mark.parametrize("segmenter", ["char", "jieba"])
def test_the_reference_holds_every_entity_whatever_the_tokens(segmenter: str, gold: tyez_bench.Gold) -> None:
    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"segmenter": segmenter}}})
    examples = list(registry.readers.get("tyez_bench.Corpus.v1")(by="document")(nlp))
    assert [e.reference.text for e in examples] == [e.predicted.text for e in examples] == [d.text for d in gold]
    for example, document in zip(examples, gold, strict=True):
        found = {(e.start_char, e.end_char, e.label_) for e in example.reference.ents}
        assert found == {(e.start, e.end, str(e.type)) for e in document.outermost() if e.required}
        # Tokens of optional entities have no annotation: neither inside nor outside.
        missing = {token.idx for token in example.reference if token.ent_iob_ == ""}
        optional = {at for e in document.outermost() if not e.required for at in range(e.start, e.end)}
        assert missing == {at for at in optional if not document.text[at].isspace()}
        assert len(example.reference.spans["optional"]) == sum(not e.required for e in document.outermost())


def test_perfect_predictions_score_one_and_optional_ones_are_ignored(gold: tyez_bench.Gold) -> None:
    nlp = spacy.blank("zh")
    scorer = registry.scorers.get("tyez_bench.ner_scorer.v1")(optional_key="optional")
    examples = list(make_corpus()(nlp))
    for example in examples:
        spans = [*example.reference.ents, *example.reference.spans["optional"]]
        example.predicted.ents = tuple(
            span
            for one in spans
            if (span := example.predicted.char_span(one.start_char, one.end_char, one.label_)) is not None
        )
    scores = scorer(examples)
    assert (scores["ents_p"], scores["ents_r"]) == (1, 1)
    # spaCy's own scorer, too, takes tokens without annotation for neither right nor wrong.
    assert spacy.scorer.get_ner_prf(examples)["ents_f"] == 1
    assert sum(len(e.reference.ents) for e in examples) == sum(e.required for d in gold for e in d.outermost())


def test_documents_by_name(tmp_path: Path) -> None:
    nlp = spacy.blank("zh")
    assert len(list(make_corpus(documents=["series", "gujiao"], exclude=["gujiao"])(nlp))) == 1
    with pytest.raises(UsageError, match="the gold tyez has no document 'taiyuan'"):
        list(make_corpus(exclude=["taiyuan"])(nlp))
    own = tmp_path / "own.jsonl"
    own.write_text('{"id": "a", "text": "太原市", "entities": [{"start": 0, "end": 3, "type": "PLACE"}]}\n', "utf-8")
    (example,) = make_corpus(gold=own)(nlp)
    assert [(e.text, e.label_) for e in example.reference.ents] == [("太原市", "PLACE")]
    with pytest.raises(tyez_bench.InputError, match="no such file"):
        list(make_corpus(gold=tmp_path / "none.jsonl")(nlp))


def own_gold(path: Path) -> list[str]:
    """Write a gold set of as many documents as ``debug data`` wants; the ids of those that alone have PLACE."""
    ids = []
    with path.open("w", encoding="utf-8") as file:
        for number in range(320):
            for id_, name, label in ((f"p{number}", "太原市", "PLACE"), (f"o{number}", "太钢", "ORG")):
                text = f"第{number}号{name}"
                span = {"start": len(text) - len(name), "end": len(text), "type": label}
                file.write(json.dumps({"id": id_, "text": text, "entities": [span]}) + "\n")
            ids.append(f"p{number}")
    return ids


def test_spacy_debugs_the_data_of_a_config(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``spacy debug data`` makes spans in the pipeline's vocabulary, of labels that training does not have, too."""
    gold = tmp_path / "own.jsonl"
    ids = own_gold(gold)
    config = Config(spacy.blank("zh").config).merge(Config().from_str(CONFIG))
    config["corpora"]["train"] |= {"gold": str(gold), "exclude": ids}
    config["corpora"]["dev"] |= {"gold": str(gold), "documents": ids}
    path = tmp_path / "config.cfg"
    config.to_disk(path)
    # It exits with 1 for errors in the data.
    debug_data(path, no_format=True, silent=False)
    out = capsys.readouterr().out
    assert "Corpus is loadable" in out
    assert "320 training docs\n320 evaluation docs" in out
    assert "Named Entity Recognition\n1 label(s)" in out


@pytest.mark.parametrize("segmenter", ["char", "jieba"])
def test_examples_can_be_aligned_before_the_pipeline_knows_a_label(segmenter: str, gold: tyez_bench.Gold) -> None:
    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"segmenter": segmenter}}})
    # The others are symbols of spaCy's.
    assert "PLACE" not in nlp.vocab.strings
    for example, document in zip(make_corpus(by="document")(nlp), gold, strict=True):
        assert example.reference.vocab is nlp.vocab is example.predicted.vocab
        tags = example.get_aligned_ner()
        assert len(tags) == len(example.predicted)
        assert {tag.partition("-")[2] for tag in tags if tag and "-" in tag} <= {str(e.type) for e in document.entities}
        assert sum(tag is not None and tag[0] in "BU" for tag in tags) > 0
        spans, _ = example.get_aligned_ents_and_ner()
        assert all(span.doc.vocab is nlp.vocab for span in spans)


def test_documents_without_text_are_left_out_as_by_spacy(tmp_path: Path) -> None:
    own = tmp_path / "own.jsonl"
    own.write_text('{"id": "a", "text": ""}\n{"id": "b", "text": "太原市"}\n', "utf-8")
    assert [e.reference.text for e in make_corpus(gold=own, by="document")(spacy.blank("zh"))] == ["太原市"]
