"""A report as its users see it: by scheme and type, in the interpreter, in a notebook, as data and as a frame."""

import json
import sys
from html.parser import HTMLParser

import pytest

import tyez_bench
from tyez_bench.cli import main
from tyez_bench.scoring.bootstrap import Interval
from tyez_bench.scoring.report import CSV_HEADER
from tyez_bench.scoring.scores import MICRO

GOLD = [[(0, 2, "PER"), (3, 5, "ORG")], [(0, 4, "ORG")], [(1, 2, "PER")]]
PREDICTED = [[(0, 2, "PER"), (3, 4, "ORG")], [(0, 4, "ORG"), (5, 6, "LOC")], []]


@pytest.fixture
def report() -> tyez_bench.Report:
    """Four gold spans, four predictions, two of which are right."""
    return tyez_bench.score_spans(GOLD, PREDICTED, system="mine")


def test_figures_of_the_headline_are_strict_and_micro(report: tyez_bench.Report) -> None:
    assert (report.precision, report.recall, report.f1) == (0.5, 0.5, 0.5)
    assert report.precision == report["strict"].precision == report.figures()["precision"]
    nothing = tyez_bench.score_spans(GOLD, [[], [], []])
    assert (nothing.precision, nothing.recall, nothing.f1) == (None, 0.0, 0.0)


def test_a_type_under_a_scheme(report: tyez_bench.Report) -> None:
    org = report["strict", "ORG"]
    assert (org.scheme, org.row) == ("strict", "ORG")
    assert (org.tp, org.fp, org.fn, org.gold, org.predicted) == (1, 1, 1, 2, 2)
    assert (org.precision, org.recall, org.f1) == (0.5, 0.5, 0.5)
    assert report["partial", "ORG"].tp == 1.5
    assert report["strict", "PER"].outcome == report.outcome("PER")
    assert report["characters"].outcome is None


def test_all_types_under_a_scheme_hold_those_of_each(report: tyez_bench.Report) -> None:
    for scheme in report.schemes:
        total = report[scheme]
        assert total.row == MICRO
        assert list(total) == list(report.types) == list(total.types)
        assert all(total[type_] == report[scheme, type_] for type_ in total)
        assert total.counts == report.counts(scheme=scheme)
        assert sum(one.tp for one in total.types.values()) == total.tp
    assert report["strict", MICRO].types == {}


def test_intervals_are_those_of_the_report_and_where_there_is_none_it_says_why(report: tyez_bench.Report) -> None:
    assert isinstance(report["strict"].interval, Interval)
    assert report["strict"].intervals == report.intervals()[MICRO]
    assert report["strict", "PER"].interval == report["strict"].types["PER"].intervals["f1"]
    assert report["strict", "LOC"].interval is None
    assert report["strict", "LOC"].reasons == report.without_interval()["LOC"]
    assert "one sentence alone" in report["strict", "LOC"].reasons["f1"]


def test_a_row_is_drawn_alone_as_with_the_others(report: tyez_bench.Report) -> None:
    for scheme in report.schemes:
        every = report.intervals(scheme)
        for row in (MICRO, *report.types):
            alone = tyez_bench.score_spans(GOLD, PREDICTED)
            assert alone[scheme, row].intervals == every[row]
    named = [tyez_bench.score_files(None, "data/predictions/jionlp.jsonl") for _ in range(2)]
    assert named[0].by_name == named[1].intervals(unit="name")[MICRO]["f1"] is not None


def test_a_label_of_the_gold_that_nobody_has() -> None:
    gold = tyez_bench.Gold("g", None, "", (tyez_bench.Document(id="a", text="太原"),))
    found = tyez_bench.score(gold, {})["strict", "ORG"]
    assert (found.tp, found.fp, found.fn, found.f1, found.interval) == (0, 0, 0, None, None)
    assert found.reasons["f1"] == "undefined: neither the gold nor the predictions have any"


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("lenient", "unknown scheme 'lenient', expected one of strict, tolerant, exact"),
        (("strict", "X"), "'X' is not a type that counts, expected LOC, ORG, PER"),
        (0, r"0: expected a scheme, or a scheme and a type, as report\['strict', 'ORG'\]"),
        (("strict", "ORG", "f1"), "expected a scheme, or a scheme and a type"),
    ],
)
def test_what_it_has_not_is_refused(report: tyez_bench.Report, key: object, says: str) -> None:
    with pytest.raises(tyez_bench.UsageError, match=says):
        report[key]  # type: ignore[index]
    with pytest.raises(tyez_bench.UsageError, match="'X' is not a type of the row micro, expected LOC, ORG, PER"):
        report["strict"]["X"]


def test_by_text_there_is_one_scheme() -> None:
    document = tyez_bench.Document(id="a", text="太原")
    settings = tyez_bench.Settings(matching="set")
    found = tyez_bench.score(tyez_bench.Gold("g", None, "", (document,)), {}, settings=settings)
    with pytest.raises(tyez_bench.UsageError, match=r"unknown scheme 'exact', expected one of strict$"):
        found.counts(scheme="exact")


def test_the_interpreter_shows_a_table(report: tyez_bench.Report) -> None:
    assert repr(report).splitlines() == [
        "Report of mine on spans: strict, 3 units",
        "            P       R      F1          95 %   TP   FP   FN",
        "LOC     0.000       –   0.000             –    0    1    0",
        "ORG     0.500   0.500   0.500   0.000–1.000    1    1    1",
        "PER     1.000   0.500   0.667   0.000–1.000    1    0    1",
        "micro   0.500   0.500   0.500   0.000–0.667    2    2    2",
    ]
    assert repr(report["partial", "ORG"]).startswith("<partial ORG: P 0.750, R 0.750, F1 0.750 [")


def test_wide_labels_stand_in_their_column_and_hostile_ones_do_nothing() -> None:
    found = repr(tyez_bench.score_spans([[(0, 1, "地名"), (2, 3, "\x1b[2J\n")]], [[]], system="a\nb")).splitlines()
    assert len(found) == 5
    assert found[0] == "Report of a\\nb on spans: strict, 1 unit"
    assert all(line.isprintable() for line in found)
    (wide,) = [line for line in found if line.startswith("地名")]
    assert len(wide) == len(found[-1]) - 2


class Cells(HTMLParser):
    """The texts of a table."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag."""
        assert attrs == []
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.texts.append(data)


def test_a_notebook_shows_the_same_table() -> None:
    report = tyez_bench.score_spans([[(0, 1, "<b>A</b>")]], [[]], system="<script>x</script>")
    cells = Cells()
    cells.feed(report._repr_html_())
    assert set(cells.tags) == {"table", "caption", "thead", "tbody", "tr", "th", "td"}
    assert cells.texts[0] == "Report of <script>x</script> on spans: strict, 1 unit"
    assert cells.texts[-8:] == ["micro", "–", "0.000", "0.000", "–", "0", "0", "1"]
    assert "<b>A</b>" in cells.texts


def test_data_are_what_the_command_prints(capsys: pytest.CaptureFixture[str], gold: tyez_bench.Gold) -> None:
    path = str(tyez_bench.gold.gold.data_dir() / "predictions" / "jionlp.jsonl")
    found = tyez_bench.score(gold, tyez_bench.read_predictions(path, gold), system="jionlp")
    for more, counts in (([], False), (["--counts"], True)):
        assert main(["score", path, "--json", *more]) == 0
        assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(found.to_dict(counts=counts)))
    assert found.to_dict()["scores"]["DATE"] == found["strict", "DATE"].to_dict()


def test_a_frame_has_a_row_for_each_scheme_and_type(report: tyez_bench.Report) -> None:
    frame = report.to_frame()
    assert list(frame.columns) == CSV_HEADER[:-1]
    assert frame.attrs["signature"] == report.to_dict()["signature"]
    assert len(frame) == len(report.schemes) * (len(report.types) + 1)
    row = frame[(frame.scheme == "strict") & (frame.row == "ORG")].iloc[0]
    assert (row.f1, row.tp, row.gold, row.f1_low) == (0.5, 1, 2, report["strict", "ORG"].intervals["f1"].low)  # type: ignore[union-attr]
    assert frame["f1"].dtype == "float64"
    # Where nothing is defined the column is of the same type.
    empty = tyez_bench.score_spans([[]], [[]]).to_frame()
    assert empty["f1"].dtype == "float64"
    assert empty["f1"].isna().all()


def test_without_pandas_there_is_no_frame(report: tyez_bench.Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(tyez_bench.MissingExtraError, match=r"^pandas is not installed; it comes with: pip install"):
        report.to_frame()
