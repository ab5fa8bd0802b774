"""The spaCy scorer: registered, used from a training config, and by hand."""

from typing import Any

import pytest
import spacy
from confection import Config
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import registry

import tyez_bench.integrations.spacy as spacy_scorer
from tyez_bench.model.errors import InputError

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
    """The reference's tokens can't hold 北京市: the prediction is false, and shares two characters with 北京."""
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


def test_spacys_own_scorer_widens_a_name_that_cuts_a_token() -> None:
    """北京 is right for it where the reference has 北京市 as one token; by characters it is not."""
    nlp = spacy.blank("zh")
    example = Example(doc(nlp, (0, 2, "PLACE")), doc(nlp, (0, 3, "PLACE"), words=["北京市", "长江", "大桥"]))
    assert spacy.scorer.get_ner_prf([example])["ents_f"] == 1
    scores = spacy_scorer.make_ner_scorer()([example])
    assert (scores["ents_f"], scores["ents_partial_f"]) == (0, 0.5)


def partly(nlp: spacy.language.Language, known: set[int], *spans: tuple[int, int, str]) -> Doc:
    """A reference that says what its entities and the tokens ``known`` are, and of the others nothing."""
    made = Doc(nlp.vocab, list(TEXT), spaces=[False] * len(TEXT))
    outside = [Span(made, i, i + 1) for i in sorted(known - {i for s, e, _ in spans for i in range(s, e)})]
    made.set_ents([Span(made, s, e, label=t) for s, e, t in spans], outside=outside, default="missing")
    return made


def test_predictions_on_tokens_without_annotation_are_left_out() -> None:
    """Tokens 3 to 6 are unknown; a prediction that reaches into them is neither right nor wrong, as in spaCy."""
    nlp = spacy.blank("zh")
    reference = partly(nlp, {0, 1, 2}, (0, 2, "PLACE"))
    for predicted, expected in (
        ([(0, 2, "PLACE"), (3, 5, "ORG")], (1, 1, 1, 1)),
        ([(0, 2, "PLACE"), (2, 3, "ORG")], (0.5, 1, 2 / 3, 0)),
        ([(0, 2, "PLACE"), (2, 4, "ORG"), (5, 7, "ORG")], (1, 1, 1, 2)),
        ([(0, 7, "PLACE")], (None, 0, 0, 1)),
    ):
        scores = spacy_scorer.make_ner_scorer()([Example(doc(nlp, *predicted), reference)])
        told = tuple(scores[key] for key in ("ents_p", "ents_r", "ents_f", "ents_unannotated"))
        assert told == (*map(pytest.approx, expected[:1]), *expected[1:])


def test_optional_spans_are_annotation() -> None:
    """Their tokens have no tags, as the corpus reader makes them: another type there is wrong, as it is elsewhere."""
    nlp = spacy.blank("zh")
    reference = partly(nlp, {0, 1, 2}, (0, 2, "PLACE"))
    reference.spans["optional"] = [Span(reference, 3, 5, "ORG")]
    for predicted, expected in (([(3, 5, "ORG")], (None, 0)), ([(3, 5, "DATE")], (0, 0)), ([(5, 7, "ORG")], (None, 1))):
        scores = spacy_scorer.make_ner_scorer("optional")([Example(doc(nlp, *predicted), reference)])
        assert (scores["ents_p"], scores["ents_unannotated"]) == expected


spans = st.lists(st.tuples(st.integers(0, 6), st.integers(1, 3), st.sampled_from(["PLACE", "ORG"])), max_size=4)


def flat(drawn: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Those of the drawn spans that overlap none before them and end in the text."""
    found: list[tuple[int, int, str]] = []
    for start, length, type_ in drawn:
        if start + length <= len(TEXT) and all(start + length <= s or e <= start for s, e, _ in found):
            found.append((start, start + length, type_))
    return found


@settings(max_examples=100, deadline=None, derandomize=True)
@given(gold=spans, predicted=spans, known=st.sets(st.integers(0, 6)))
def test_equals_spacys_figures_where_annotation_is_missing(gold: Any, predicted: Any, known: set[int]) -> None:
    nlp = spacy.blank("zh")
    examples = [Example(doc(nlp, *flat(predicted)), partly(nlp, known, *flat(gold)))]
    ours, theirs = spacy_scorer.make_ner_scorer()(examples), spacy.scorer.get_ner_prf(examples)
    for key in ("ents_p", "ents_r", "ents_f"):
        # What is undefined is 0 there.
        assert (ours[key] or 0) == pytest.approx(theirs[key] or 0)


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
