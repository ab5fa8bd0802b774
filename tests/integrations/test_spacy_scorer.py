"""The spaCy scorer: registered, used from a training config, and by hand."""

import pytest
import spacy
from confection import Config
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import registry

import tyez_bench.integrations.spacy_scorer as spacy_scorer
from tyez_bench.errors import InputError

TEXT = "北京市长江大桥"
CONFIG = """
[nlp]
lang = "zh"
pipeline = ["ner"]

[nlp.tokenizer]
@tokenizers = "spacy.zh.ChineseTokenizer"
segmenter = "char"

[components]

[components.ner]
factory = "ner"

[components.ner.scorer]
@scorers = "tyez_bench.ner_scorer.v1"
"""


def doc(nlp: spacy.language.Language, *spans: tuple[int, int, str], words: list[str] | None = None) -> Doc:
    """A document with entities at these characters."""
    made = Doc(nlp.vocab, words or list(TEXT), spaces=[False] * len(words or TEXT))
    made.ents = tuple(span for s, e, t in spans if (span := made.char_span(s, e, label=t)) is not None)
    return made


def test_by_hand_and_where_the_tokens_are_others() -> None:
    """The reference's tokens can't hold 北京市; spaCy's own scorer of spans would leave the prediction out."""
    nlp = spacy.blank("zh")
    reference = doc(nlp, (0, 2, "PLACE"), words=["北京", "市长", "江大桥"])
    predicted = doc(nlp, (0, 3, "PLACE"))
    scores = spacy_scorer.make_ner_scorer()([Example(predicted, reference)])
    assert (scores["ents_p"], scores["ents_r"], scores["ents_f"]) == (0, 0, 0)
    assert scores["ents_partial_f"] == 0.5
    assert scores["ents_per_type"]["PLACE"] == {"p": 0, "r": 0, "f": 0}


def test_strict_equals_spacys_own_figures_on_its_own_tokens() -> None:
    nlp = spacy.blank("zh")
    examples = [
        Example(doc(nlp, (0, 2, "PLACE"), (3, 5, "ORG")), doc(nlp, (0, 2, "PLACE"), (3, 7, "PLACE"))),
        Example(doc(nlp, (5, 7, "ORG")), doc(nlp, (5, 7, "ORG"), (0, 3, "PLACE"))),
    ]
    ours = spacy_scorer.make_ner_scorer()(examples)
    theirs = spacy.scorer.get_ner_prf(examples)
    for key in ("ents_p", "ents_r", "ents_f"):
        assert ours[key] == pytest.approx(theirs[key])
    assert ours["ents_per_type"] == {t: pytest.approx(f) for t, f in theirs["ents_per_type"].items()}


def test_without_annotation_there_is_nothing_to_score() -> None:
    nlp = spacy.blank("zh")
    bare = Doc(nlp.vocab, list(TEXT), spaces=[False] * len(TEXT))
    scores = spacy_scorer.make_ner_scorer()([Example(doc(nlp, (0, 2, "PLACE")), bare)])
    assert (scores["ents_p"], scores["ents_r"], scores["ents_f"], scores["ents_per_type"]) == (None, None, None, {})


def test_optional_spans_are_neither_right_nor_wrong() -> None:
    nlp = spacy.blank("zh")
    reference = doc(nlp, (0, 2, "PLACE"))
    reference.spans["optional"] = [Span(reference, 3, 7, "ORG")]
    example = Example(doc(nlp, (0, 2, "PLACE"), (3, 7, "ORG")), reference)
    assert spacy_scorer.make_ner_scorer("optional")([example])["ents_f"] == 1
    assert spacy_scorer.make_ner_scorer()([example])["ents_p"] == 0.5


def test_a_training_config_uses_it() -> None:
    """Registered by its name; ``nlp.evaluate`` of a pipeline trained on two examples gives our figures."""
    assert registry.scorers.get("tyez_bench.ner_scorer.v1") is spacy_scorer.make_ner_scorer
    nlp = spacy.util.load_model_from_config(Config().from_str(CONFIG), auto_fill=True)
    reference = doc(nlp, (0, 2, "PLACE"), (3, 7, "PLACE"))
    examples = [Example(nlp.make_doc(TEXT), reference)]
    nlp.initialize(lambda: examples)
    for _ in range(40):
        nlp.update(examples)
    scores = nlp.evaluate([Example(nlp.make_doc(TEXT), reference)])
    assert scores["ents_f"] == 1
    assert scores["ents_characters_f"] == 1


def test_characters_of_different_texts_are_not_compared() -> None:
    """A reference made of words alone has a blank behind each: its characters are others."""
    nlp = spacy.blank("zh")
    right = Example(doc(nlp, (0, 3, "PLACE")), doc(nlp, (0, 3, "PLACE")))
    words = Example.from_dict(
        doc(nlp, (3, 5, "ORG")), {"words": ["北京市", "长江", "大桥"], "entities": ["O", "U-ORG", "O"]}
    )
    reason = (
        r"example 2: the text of the prediction is not that of the reference \(7 and 10 characters\): .* character 3 "
    )
    with pytest.raises(InputError, match=reason):
        spacy_scorer.score_examples([right, words])
    bare = Example(doc(nlp), Doc(nlp.vocab, ["别", "的"]))
    assert spacy_scorer.score_examples([right, bare])["ents_f"] == 1
