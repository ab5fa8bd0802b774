"""The adapters: words to spans, places without offsets, and the real packages on sentences that are not the page's."""

import pytest

import tyez_bench
from tyez_bench.errors import InputError, MissingExtraError, UsageError
from tyez_bench.formats.label_maps import load_map
from tyez_bench.formats.record import RawSpan
from tyez_bench.systems import SYSTEMS, System, predict, tagger, versions
from tyez_bench.systems.jionlp_extractors import locate, location_names
from tyez_bench.systems.words import words_to_spans

TEXT = "2021年3月5日,北京市的华为公司投资约3.5亿元。\n 次日 and 上海。"


def surfaces(spans: list[RawSpan], text: str = TEXT) -> list[tuple[str, str]]:
    """Label and text of each span, after checking that its offsets say the same."""
    assert all(text[s.start : s.end] == s.text for s in spans)
    return [(s.label, s.text or "") for s in spans]


def test_words_become_spans_across_white_space() -> None:
    words = [("北京", "ns"), ("\n", "x"), ("很", "d"), ("大", "a"), ("京", "ns")]
    found = words_to_spans("北京\n很 大京", words, {"ns"})
    assert [(s.start, s.end) for s in found] == [(0, 2), (6, 7)]


def test_words_that_are_not_the_text_are_refused() -> None:
    with pytest.raises(InputError, match="the segmenter's word '津' is not in the text at 1: '京'"):
        words_to_spans("北京", [("北", "x"), ("津", "x")], set())


def test_names_of_a_recognised_location() -> None:
    recognised = {
        "domestic": [[{"province": "湖南省", "city": "长沙市", "county": None}, 1]],
        "foreign": [[{"country": "美国", "city": None}, 2]],
        "others": {"尚家村": 1},
    }
    assert location_names(recognised) == {"湖南省", "湖南", "长沙市", "长沙", "美国", "尚家村"}
    assert location_names({"domestic": None, "foreign": None, "others": None}) == set()


def test_names_are_located_longest_first_left_to_right() -> None:
    assert list(locate("长沙市和长沙、湖南长沙市", {"长沙市", "长沙", "湖南"})) == [(0, 3), (4, 6), (7, 9), (9, 12)]


@pytest.fixture(scope="module", params=["jieba", "thulac"])
def found(request: pytest.FixtureRequest) -> tuple[str, list[tuple[str, str]]]:
    """A real system's answer. JioNLP takes twenty seconds to load: .ci/run has it predict the page, byte for byte."""
    return request.param, surfaces(tagger(request.param)(TEXT))


def test_real_systems_find_what_they_are_known_to_find(found: tuple[str, list[tuple[str, str]]]) -> None:
    name, entities = found
    assert ("ns", "北京市") in entities
    assert ("ns", "上海") in entities
    expected = {
        "jieba": [("nt", "华为公司")],
        "thulac": [("t", "2021年"), ("t", "3月"), ("t", "5日")],
    }[name]
    assert {label for label, _ in entities} <= load_map(SYSTEMS[name].labels).labels.keys()
    assert [entity for entity in entities if entity in expected] == expected


def test_predicting_gives_every_document_a_sorted_flat_record(gold: tyez_bench.Gold) -> None:
    def last_and_first(text: str) -> list[RawSpan]:
        size = len(text)
        return [RawSpan(size - 1, size, "nt"), RawSpan(0, 1, "nt")]

    samples = predict(last_and_first, gold)
    assert [s.id for s in samples] == [d.id for d in gold]
    assert all(s.spans[0].start == 0 for s in samples)


def test_a_system_that_fails_is_named_with_the_document(gold: tyez_bench.Gold) -> None:
    def fail(text: str) -> list[RawSpan]:
        raise RuntimeError(f"no\n{text[:2]}")

    with pytest.raises(InputError, match=r"document 'series': the system failed: RuntimeError: no\\n·太"):
        predict(fail, gold)


def test_unknown_systems_and_missing_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="unknown system 'x', expected one of: jieba, thulac, jionlp"):
        tagger("x")
    monkeypatch.setitem(SYSTEMS, "absent", System("tyez_bench.systems.absent", ("no-such-package",), "tyez"))
    for ask in (tagger, versions):
        with pytest.raises(MissingExtraError, match=r"no-such-package is not installed.*tyez-bench\[systems\]"):
            ask("absent")
