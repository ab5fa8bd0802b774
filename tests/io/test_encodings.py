"""Encodings of chunks: round trips, equality with seqeval's two readings, and the two repairs."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from seqeval.metrics import f1_score, precision_score, recall_score
from seqeval.metrics.sequence_labeling import get_entities
from seqeval.scheme import BILOU, IOB1, IOB2, IOBES, Tokens

from tyez_bench.io.encodings import ENCODINGS, Chunk, TagError, decode, detect, encode, is_tag
from tyez_bench.model.errors import UsageError

# As seqeval knows them; bmes is bioes in its letters.
SCHEMES = {"bio": IOB2, "iob1": IOB1, "bioes": IOBES, "bilou": BILOU}
PREFIXES = {"bio": "BI", "iob1": "BI", "bioes": "BIES", "bmes": "BMES", "bmewo": "BMEW", "bilou": "BILU"}
CANONICAL = str.maketrans("MLUW", "IESS")
LABELS = ("X", "Y", "GPE-LOC")


def sequences(encoding: str) -> st.SearchStrategy[list[str]]:
    """Tags of an encoding in any order, legal or not."""
    tags = ["O"] + [f"{prefix}-{label}" for prefix in PREFIXES[encoding] for label in LABELS]
    return st.lists(st.sampled_from(tags), max_size=8)


any_sequence = st.sampled_from(list(PREFIXES)).flatmap(lambda e: st.tuples(st.just(e), sequences(e)))


@st.composite
def chunkings(draw: st.DrawFn) -> tuple[int, list[Chunk]]:
    """A number of tokens and chunks that do not overlap."""
    cuts = sorted(draw(st.sets(st.integers(0, 20), max_size=10)))
    pairs = [(start, end) for start, end in pairwise(cuts) if draw(st.booleans())]
    chunks = [(start, end, draw(st.sampled_from(LABELS))) for start, end in pairs]
    return (cuts[-1] if cuts else 0) + draw(st.integers(0, 2)), chunks


def lenient(tags: list[str]) -> list[Chunk]:
    """The chunks as seqeval's default reads them."""
    canonical = [tag[:1].translate(CANONICAL) + tag[1:] for tag in tags]
    return [(start, end + 1, label) for label, start, end in get_entities(canonical)]


def strict(tags: list[str], encoding: str) -> list[Chunk]:
    """The chunks as seqeval's strict mode reads them."""
    return [(entity.start, entity.end, entity.tag) for entity in Tokens(tags, SCHEMES[encoding]).entities]


@given(chunkings(), st.sampled_from(list(PREFIXES)))
def test_what_is_encoded_is_decoded(case: tuple[int, list[Chunk]], encoding: str) -> None:
    length, chunks = case
    tags = encode(length, chunks, encoding)
    assert len(tags) == length
    for repair in (None, "conlleval", "discard"):
        assert decode(tags, encoding, repair) == (chunks, 0)


@given(any_sequence)
def test_conlleval_reads_as_seqeval_does_by_default(case: tuple[str, list[str]]) -> None:
    encoding, tags = case
    assert decode(tags, encoding, "conlleval")[0] == lenient(tags)


@given(any_sequence)
def test_a_sequence_is_refused_unless_it_is_what_its_chunks_are_written_as(case: tuple[str, list[str]]) -> None:
    encoding, tags = case
    written = encode(len(tags), lenient(tags), encoding)
    repaired = decode(tags, encoding, "conlleval")[1]
    assert repaired == sum(tag != other for tag, other in zip(tags, written, strict=True))
    if repaired:
        with pytest.raises(TagError, match=f"illegal in {encoding}") as error:
            decode(tags, encoding)
        # All before the tag is legal so far: a prefix of a legal sequence.
        assert legal_so_far(tags[: error.value.index], encoding)
    else:
        assert decode(tags, encoding) == (lenient(tags), 0)


def legal_so_far(tags: list[str], encoding: str) -> bool:
    """Whether nothing but the end of the sequence can be wrong with it."""
    try:
        decode(tags, encoding)
    except TagError as error:
        return str(error).startswith("the sentence ends")
    return True


@given(st.sampled_from(sorted(SCHEMES)).flatmap(lambda e: st.tuples(st.just(e), sequences(e))))
def test_refused_is_exactly_what_the_strict_and_the_lenient_reading_differ_on(case: tuple[str, list[str]]) -> None:
    encoding, tags = case
    if strict(tags, encoding) == lenient(tags):
        assert decode(tags, encoding)[0] == strict(tags, encoding)
    else:
        with pytest.raises(TagError):
            decode(tags, encoding)


@given(st.sampled_from(["bio", "bioes", "bilou"]).flatmap(lambda e: st.tuples(st.just(e), sequences(e))))
def test_discard_keeps_what_the_strict_reading_finds(case: tuple[str, list[str]]) -> None:
    encoding, tags = case
    chunks, repaired = decode(tags, encoding, "discard")
    assert chunks == strict(tags, encoding)
    assert repaired == sum(a != b for a, b in zip(tags, encode(len(tags), chunks, encoding), strict=True))


@pytest.mark.parametrize(
    ("encoding", "tags", "conlleval", "discard"),
    [
        ("bio", "I-X I-X O B-X", ([(0, 2, "X"), (3, 4, "X")], 1), ([(3, 4, "X")], 2)),
        ("bio", "B-X I-Y I-X", ([(0, 1, "X"), (1, 2, "Y"), (2, 3, "X")], 2), ([(0, 1, "X")], 2)),
        ("bioes", "B-X I-X O S-X", ([(0, 2, "X"), (3, 4, "X")], 1), ([(3, 4, "X")], 2)),
        ("bioes", "B-X S-X E-X", ([(0, 1, "X"), (1, 2, "X"), (2, 3, "X")], 2), ([(1, 2, "X")], 2)),
        ("bmes", "M-X E-X B-X E-X", ([(0, 2, "X"), (2, 4, "X")], 1), ([(2, 4, "X")], 2)),
        ("bilou", "U-X U-X L-X", ([(0, 1, "X"), (1, 2, "X"), (2, 3, "X")], 1), ([(0, 1, "X"), (1, 2, "X")], 1)),
        ("iob1", "B-X I-X O I-X", ([(0, 2, "X"), (3, 4, "X")], 1), ([(3, 4, "X")], 2)),
        (
            "iob1",
            "I-X B-X B-X",
            ([(0, 1, "X"), (1, 2, "X"), (2, 3, "X")], 0),
            ([(0, 1, "X"), (1, 2, "X"), (2, 3, "X")], 0),
        ),
    ],
)
def test_repairs_by_hand(
    encoding: str, tags: str, conlleval: tuple[list[Chunk], int], discard: tuple[list[Chunk], int]
) -> None:
    assert decode(tags.split(), encoding, "conlleval") == conlleval
    assert decode(tags.split(), encoding, "discard") == discard


@pytest.mark.parametrize(
    ("encoding", "tags", "index", "message"),
    [
        ("bio", "B-X O I-X", 2, "I-X after O is illegal in bio, expected B-X first"),
        ("bio", "I-X", 0, "I-X at the beginning of the sentence is illegal in bio"),
        ("iob1", "I-Y B-X", 1, "B-X after I-Y is illegal in iob1"),
        ("bioes", "B-X I-Y", 1, "I-Y after B-X is illegal in bioes, expected I-X or E-X"),
        ("bioes", "O B-X", 1, "the sentence ends after B-X, which is illegal in bioes, expected I-X or E-X"),
        ("bmes", "E-X", 0, "E-X at the beginning of the sentence is illegal in bmes, expected B-X first"),
        ("bilou", "B-X U-X", 1, "U-X after B-X is illegal in bilou, expected I-X or L-X"),
    ],
)
def test_what_is_illegal_is_named(encoding: str, tags: str, index: int, message: str) -> None:
    with pytest.raises(TagError) as error:
        decode(tags.split(), encoding)
    assert str(error.value).startswith(message)
    assert "; pass repair='conlleval' or 'discard'" in str(error.value)
    assert ("; pass encoding='iob1'" in str(error.value)) == (encoding == "bio")
    assert error.value.index == index


@pytest.mark.parametrize(
    "tag", ["X", "", "B", "B-", "-X", "o", "b-X", "BI-X", "O-X", "B_X", "E-X", "M-X", " B-X", "Ｂ-X"]
)
@pytest.mark.parametrize("repair", [None, "conlleval", "discard"])
def test_malformed_tags_are_refused_under_every_repair(tag: str, repair: str | None) -> None:
    with pytest.raises(TagError, match="is not a tag of the encoding bio, expected O, B-LABEL, I-LABEL") as error:
        decode(["O", tag], "bio", repair)
    assert error.value.index == 1


def test_labels_may_have_hyphens() -> None:
    assert decode(["B-GPE-LOC", "I-GPE-LOC"], "bio") == ([(0, 2, "GPE-LOC")], 0)
    assert decode(["B--"], "bio") == ([(0, 1, "-")], 0)


@pytest.mark.parametrize(
    ("tags", "encoding"),
    [
        ("", "bio"),
        ("O O", "bio"),
        ("B-X I-X", "bio"),
        ("B-X E-X", "bioes"),
        ("S-X", "bioes"),
        ("B-X M-X E-X", "bmes"),
        ("U-X", "bilou"),
        ("B-X L-X", "bilou"),
        ("E S M", "bio"),
    ],
)
def test_detection(tags: str, encoding: str) -> None:
    assert detect(tags.split()) == encoding


def test_is_tag() -> None:
    assert all(is_tag(tag) for tag in ("O", "B-X", "U-GPE-LOC", "M--"))
    assert not any(is_tag(tag) for tag in ("", "B", "B-", "NR", "X-Y", "o", "BB-X"))


@pytest.mark.parametrize(
    ("chunks", "message"),
    [
        ([(0, 2, "X"), (1, 3, "Y")], "X 0–2 and Y 1–3 overlap"),
        ([(0, 3, "X"), (1, 2, "Y")], "X 0–3 and Y 1–2 overlap"),
        ([(1, 1, "X")], "X 1–1 is empty"),
        ([(2, 1, "X")], "X 2–1 is empty"),
        ([(-1, 1, "X")], "outside the tokens"),
        ([(2, 4, "X")], "outside the tokens"),
        ([(0, 1, "")], "empty label"),
    ],
)
def test_what_has_no_encoding(chunks: list[Chunk], message: str) -> None:
    for encoding in ENCODINGS:
        with pytest.raises(ValueError, match=message):
            encode(3, chunks, encoding)


def test_unknown_names() -> None:
    with pytest.raises(
        UsageError, match="unknown encoding 'iob2', expected one of: bio, iob1, bioes, bmes, bmewo, bilou, io"
    ):
        decode([], "iob2")
    with pytest.raises(UsageError, match="unknown repair 'fix', expected one of: conlleval, discard"):
        decode([], "bio", "fix")


def test_the_figures_of_the_conll_2000_sample() -> None:
    """Lenient 371 of 539 and 459, F 74.35; strict 322 of 455 and 459, F .704595: rebuilt from what makes them up."""
    found, cut, missed = ["B-NP", "I-NP", "O"], ["I-NP", "I-NP", "O"], ["O", "O", "O"]
    pairs = [(found, found)] * 322 + [(found, cut)] * 49 + [(found, missed)] * 88
    pairs += [(missed, found)] * 133 + [(missed, cut)] * 35
    gold, predicted = [list(pair[0]) for pair in pairs], [list(pair[1]) for pair in pairs]
    for repair, mode, counts, f1 in (
        ("conlleval", None, (371, 539, 459), 0.7434869739),
        ("discard", "strict", (322, 455, 459), 0.7045951860),
    ):
        one = {(n, chunk) for n, tags in enumerate(gold) for chunk in decode(tags, "bio", repair)[0]}
        other = {(n, chunk) for n, tags in enumerate(predicted) for chunk in decode(tags, "bio", repair)[0]}
        correct = len(one & other)
        assert (correct, len(other), len(one)) == counts
        assert 2 * correct / (len(one) + len(other)) == pytest.approx(f1)
        arguments = {"mode": mode, "scheme": IOB2}
        assert f1_score(gold, predicted, **arguments) == pytest.approx(f1)
        assert precision_score(gold, predicted, **arguments) == pytest.approx(correct / len(other))
        assert recall_score(gold, predicted, **arguments) == pytest.approx(correct / len(one))
