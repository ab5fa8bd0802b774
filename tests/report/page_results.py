"""Results of systems in memory, and their page."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import html_tree
import msgspec
from html_tree import Node

import tyez_bench
from tyez_bench.gold.gold import Gold
from tyez_bench.model.documents import PredictedEntity, Prediction, Unlocated
from tyez_bench.report.html.marks import Result
from tyez_bench.report.html.page import report_page
from tyez_bench.scoring.counting import case
from tyez_bench.scoring.diagnosis import diagnose_cases
from tyez_bench.scoring.settings import Settings

PREDICTIONS = Path(__file__).parents[2] / "data" / "predictions"
COMMITTED = [PREDICTIONS / f"{name}.jsonl" for name in ("jieba", "jionlp", "thulac")]


def result(gold: Gold, predictions: Mapping[str, Prediction], **settings: str) -> Result:
    """A system's result from predictions in memory."""
    report = tyez_bench.score(gold, predictions, settings=Settings(draws=20, **settings))  # type: ignore[arg-type]
    nothing = Prediction(id="", entities=())
    cases = [case(document, predictions.get(document.id, nothing), report.settings) for document in gold]
    return Result(report, cases, diagnose_cases(report, cases))


def page(gold: Gold, *results: Result) -> Node:
    """The page of some results, read."""
    return html_tree.read(report_page(gold, results))


OWN = (
    '{"id": "a", "text": "太原市委今年投资1亿元以上", "entities": ['
    '{"start": 0, "end": 4, "type": "ORG", "rule": "O1"}, {"start": 0, "end": 3, "type": "PLACE", "code": "140100"},'
    '{"start": 4, "end": 6, "type": "DATE", "status": "optional", "value": {"type": "DATE", "value": "2022"}},'
    '{"start": 8, "end": 11, "type": "MONEY", "alternatives": [[8, 13]],'
    ' "value": {"amount": "100000000", "currency": "CNY", "modifier": "MORE_THAN"}}]}\n'
)


def own_gold(folder: Path) -> Gold:
    """A gold set of one's own, with a nested span, an optional one, an alternative, and values."""
    path = folder / "own.jsonl"
    path.write_text(OWN, "utf-8")
    return tyez_bench.load(path)


def found(*spans: tuple[int, int, str], unlocated: Sequence[tuple[str, str]] = ()) -> dict[str, Prediction]:
    """Predictions for the document of one's own gold."""
    entities = [{"start": start, "end": end, "type": type_} for start, end, type_ in spans]
    mentions = [{"text": text, "type": type_} for text, type_ in unlocated]
    return {
        "a": Prediction(
            id="a",
            entities=msgspec.convert(entities, tuple[PredictedEntity, ...]),
            unlocated=msgspec.convert(mentions, tuple[Unlocated, ...]),
        )
    }


def spans(articles: Sequence[Node]) -> list[Counter[tuple[str, int, int, str]]]:
    """By document: the lane, offsets and type of each mark that has a place."""
    return [
        Counter(
            (
                str(mark.attributes["data-lane"]),
                int(str(mark.attributes["data-start"])),
                int(str(mark.attributes["data-end"])),
                str(mark.attributes["data-type"]),
            )
            for mark in article.find("button", type="button")
            if "data-start" in mark.attributes
        )
        for article in articles
    ]
