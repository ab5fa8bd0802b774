"""CoNLL-U with names in MISC."""

import pytest

from tyez_bench.io.formats import conllu
from tyez_bench.io.record import Options, Record
from tyez_bench.io.source import Source
from tyez_bench.model.errors import InputError


def parse(text: str, **options: str | int) -> list[Record]:
    return list(conllu.read(Source("p.conllu", text.encode()), Options(**options)))  # type: ignore[arg-type]


def spans(record: Record) -> list[tuple[int, int, str]]:
    return [(span.start, span.end, span.label) for span in record.spans]


def rows(*words: tuple[str, str, str]) -> str:
    return "".join(f"{id_}\t{form}\t_\tX\t_\t_\t_\t_\t_\t{misc}\n" for id_, form, misc in words)


def test_the_text_is_what_the_comment_says() -> None:
    text = "# sent_id = s1\n# text = 太原市 签约。\n" + rows(
        ("1", "太原市", "NE=S-GPE"), ("2", "签约", "SpaceAfter=No|NE=O"), ("3", "。", "SpaceAfter=No")
    )
    (record,) = parse(text)
    assert (record.line, record.id, record.text, spans(record)) == (3, "s1", "太原市 签约。", [(0, 3, "GPE")])


def test_blanks_but_for_those_that_are_not() -> None:
    words = rows(("1", "在", "SpaceAfter=No|ner=O"), ("2", "New", "ner=B-LOC"), ("3", "York", "ner=E-LOC"))
    (record,) = parse(words)
    assert (record.text, spans(record)) == ("在New York", [(1, 9, "LOC")])
    assert parse(words, join="none")[0].text == "在NewYork"
    (bare,) = parse(rows(("1", "太原", "NE=B-LOC"), ("2", "人", "NE=O")))
    assert bare.text == "太原人"


def test_ranges_and_empty_nodes() -> None:
    text = rows(
        ("1-2", "太原人", "_"), ("1", "太原", "NE=B-LOC"), ("2", "人", "NE=O"), ("2.1", "了", "_"), ("3", "。", "_")
    )
    (record,) = parse(text)
    assert (record.text, spans(record)) == ("太原人。", [(0, 3, "LOC")])


def test_labels_may_have_signs() -> None:
    """The library conllu cuts a value at its second equals sign."""
    assert spans(parse(rows(("1", "太", "NE=B-a=b")))[0]) == [(0, 1, "a=b")]


def test_the_key() -> None:
    two = rows(("1", "太", "NE=B-X|NER=B-Y"))
    with pytest.raises(InputError, match="several keys of MISC have tags: NE, NER; choose one with column=KEY"):
        parse(two)
    assert spans(parse(two, column="NER")[0]) == [(0, 1, "Y")]
    assert spans(parse(rows(("1", "太", "NamedEntity=B_X|Gloss=B-Z")))[0]) == [(0, 1, "X")]
    assert spans(parse(rows(("1", "太", "mine=B-X")))[0]) == [(0, 1, "X")]
    assert spans(parse(rows(("1", "太", "NE=O")))[0]) == []


@pytest.mark.parametrize(
    ("text", "options", "says"),
    [
        (rows(("1", "太", "SpaceAfter=No")), {}, r"no key of MISC has tags such as NE=B-PER \(its keys: SpaceAfter\)"),
        (rows(("1", "太", "Entity=(e1-person-1-")), {}, "no key of MISC has tags"),
        (rows(("1", "太", "NE=B-X")), {"column": "NER"}, "MISC has no key 'NER'"),
        (rows(("1", "太", "NE=B-X")), {"column": 10}, "choose it with column=KEY"),
        (rows(("1", "太", "NE=B-X|NE=O")), {}, "p.conllu:1: MISC has two values for 'NE': B-X and O"),
        (rows(("1", "太", "NE=B-X"), ("2", "原", "NE=I-Y")), {}, "p.conllu:2: I-Y after B-X is illegal in bio"),
        (
            "# text = 太元\n" + rows(("1", "太", "NE=B-X"), ("2", "原", "NE=O")),
            {},
            "p.conllu:3: the token '原' is not",
        ),
        (rows(("1", "太", "NE=O"), ("1.1", "原", "NE=B-X")), {}, "p.conllu:2: the empty node 1.1"),
        ("1\t太\tNE=O\n", {}, "p.conllu:1: has 3 columns, expected the 10"),
    ],
)
def test_what_is_one_line(text: str, options: dict[str, str | int], says: str) -> None:
    with pytest.raises(InputError, match=says):
        parse(text, **options)


def test_a_bad_sentence_leaves_the_others() -> None:
    text = rows(("1", "太", "NE=B-X")) + "\n" + rows(("1", "原", "NE=I-X")) + "\n" + rows(("1", "市", "NE=O"))
    found = list(conllu.read_each(Source("p", text.encode()), Options()))
    assert [one.text if isinstance(one, Record) else one.line for one in found] == ["太", 3, "市"]
