"""How tags are spelt: each spelling is read as the usual one, and what fits none is left to be refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tyez_bench.io.encodings import NAMELESS, decode, detect, encode, odd, spelling_of, usual_tags

LABELS = st.sampled_from(["PER", "GPE-LOC", "work_of_art", "地点"])


@pytest.mark.parametrize(
    ("tags", "usual"),
    [
        ("B-PER I-PER O", "B-PER I-PER O"),
        ("B_PER I_PER O", "B-PER I-PER O"),
        ("B_GPE_LOC O", "B-GPE_LOC O"),
        ("PER-B PER-I O", "B-PER I-PER O"),
        ("GPE-LOC-B GPE-LOC-E O", "B-GPE-LOC E-GPE-LOC O"),
        ("PER_S O", "S-PER O"),
        ("b-per i-per o", "B-per I-per O"),
        ("b_per o", "B-per O"),
        ("B I O", "B-_ I-_ O"),
        ("b i o", "B-_ I-_ O"),
        ("B-work_of_art I-work_of_art", "B-work_of_art I-work_of_art"),
        ("W-PER M-PER O", "W-PER M-PER O"),
    ],
)
def test_spellings(tags: str, usual: str) -> None:
    assert spelling_of(tags.split()) is not None
    assert [usual_tags(set(tags.split()), None)[tag] for tag in tags.split()] == usual.split()


@pytest.mark.parametrize("tags", ["PER O", "B- O", "-PER O", "1 2 0", "B-PER B_PER O", "NR", "[CLS] O", "b-PER PER-B"])
def test_what_no_spelling_fits(tags: str) -> None:
    assert spelling_of(tags.split()) is None


def test_a_tag_that_is_none_stays_as_it_is() -> None:
    assert usual_tags({"B_PER", "I_PER", "O", "PER"}, None) == {
        "B_PER": "B-PER",
        "I_PER": "I-PER",
        "O": "O",
        "PER": "PER",
    }


def test_labels_of_io_may_be_letters() -> None:
    assert usual_tags({"B", "S", "O"}, "io") == {"B": "B", "S": "S", "O": "O"}
    assert usual_tags({"I_PER", "O"}, "io") == {"I_PER": "I-PER", "O": "O"}


@given(
    st.lists(st.tuples(st.integers(1, 3), LABELS, st.booleans()), min_size=1, max_size=6),
    st.sampled_from(["bio", "bioes", "bmes", "bmewo", "bilou"]),
    st.sampled_from(["{0}_{1}", "{1}-{0}", "{1}_{0}", "{2}-{1}", "{2}_{1}", "{0}-{1}"]),
)
def test_chunks_are_the_same_in_every_spelling(parts: list[tuple[int, str, bool]], encoding: str, form: str) -> None:
    chunks, length = [], 1
    for size, label, _ in parts:
        chunks.append((length, length + size, label))
        length += size
    tags = encode(length, chunks, encoding)
    spelt = [tag if tag == "O" else form.format(tag[0], tag[2:], tag[0].lower()) for tag in tags]
    usual = usual_tags(set(spelt), None)
    assert [usual[tag] for tag in spelt] == tags
    assert detect(usual.values()) in (encoding, "bio", "bioes", "bmes")
    assert decode([usual[tag] for tag in spelt], encoding) == (chunks, 0)


def test_what_is_wrong_is_said() -> None:
    assert "special token of BERT's tokenizer" in odd("[CLS]")
    assert "later pieces of a word" in odd("X")
    assert "tag names such as" in odd("12")
    assert odd("PER") == "'PER' is not a tag such as B-LABEL or O"
    assert NAMELESS == "_"
