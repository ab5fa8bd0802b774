"""HIPE's columns."""

import pytest

from tyez_bench.io.formats import hipe
from tyez_bench.io.record import Options, Record
from tyez_bench.io.source import Source
from tyez_bench.model.errors import InputError

HEADER = "TOKEN\tNE-COARSE-LIT\tNE-FINE-LIT\tNE-NESTED\tMISC\n"
FIRST = (
    "# hipe2022:document_id = d1\n# hipe2022:date = 1881-01-01\n"
    "Dr\tB-pers\tB-pers.ind\tO\tNoSpaceAfter\n.\tI-pers\tI-pers.ind\tO\t_\nMay\tI-pers\tI-pers.ind\tB-loc\tEndOfLine\n"
    "in\tO\tO\t_\t_\nBerlin\tB-loc\tB-loc.adm\tO\tNoSpaceAfter|LED0.00\n.\tO\tO\t_\tEndOfSentence\n"
)
SECOND = "# document_id = d2\nBerlinreise\tB-loc\tO\tO\tPartial-0:6\n"


def parse(text: str, **options: str | int) -> list[Record]:
    return list(hipe.read(Source("p.tsv", text.encode()), Options(**options)))  # type: ignore[arg-type]


def spans(record: Record) -> list[tuple[int, int, str]]:
    return [(span.start, span.end, span.label) for span in record.spans]


def test_documents() -> None:
    first, second = parse(HEADER + FIRST + "\n" + SECOND)
    assert (first.id, first.text, first.line) == ("d1", "Dr. May in Berlin.", 4)
    assert spans(first) == [(0, 7, "pers"), (11, 17, "loc")]
    assert (second.id, second.text, spans(second)) == ("d2", "Berlinreise", [(0, 6, "loc")])


def test_an_empty_line_behind_the_header() -> None:
    assert [record.id for record in parse(HEADER + "\n" + FIRST)] == ["d1"]


def test_columns_by_name() -> None:
    assert spans(parse(HEADER + FIRST, column="NE-FINE-LIT")[0]) == [(0, 7, "pers.ind"), (11, 17, "loc.adm")]
    assert spans(parse(HEADER + FIRST, column="NE-NESTED")[0]) == [(4, 7, "loc")]
    assert spans(parse(HEADER + FIRST, column=4)[0]) == [(4, 7, "loc")]


@pytest.mark.parametrize(
    ("text", "options", "says"),
    [
        (FIRST, {}, "p.tsv:1: lacks the header"),
        (HEADER + FIRST, {"column": "NE-FINE-COMP"}, "has no column 'NE-FINE-COMP': the columns are TOKEN"),
        (HEADER + "Berlin\t_\t_\t_\t_\n", {}, "the column NE-COARSE-LIT has no tags"),
        (HEADER + "Berlin\tI-loc\tO\tO\t_\n", {}, "p.tsv:2: I-loc at the beginning of the sentence is illegal"),
        (HEADER + "Berlin\tB-loc\tO\tO\tPartial-0:9\n", {}, "p.tsv:2: Partial-0:9 is outside the token 'Berlin'"),
        (HEADER + "Berlin\tB-loc\n", {}, "p.tsv:2: has 2 columns, expected 5"),
        (
            HEADER + FIRST + SECOND,
            {},
            r"p.tsv:10: the id 'd2' is inside the tokens of the id 'd1' \(line 2\), expected an empty line before it",
        ),
    ],
)
def test_what_is_one_line(text: str, options: dict[str, str | int], says: str) -> None:
    with pytest.raises(InputError, match=says):
        parse(text, **options)
