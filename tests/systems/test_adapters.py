"""The adapters: words to spans, places without offsets, and the real packages on sentences that are not the page's."""

import pytest

import tyez_bench
from tyez_bench.io.label_maps import load_map
from tyez_bench.model.errors import InputError, MissingExtraError, UsageError
from tyez_bench.model.spans import Span
from tyez_bench.systems import SYSTEMS, Family, load_system, request, versions
from tyez_bench.systems.adapters.jionlp import locate, location_names
from tyez_bench.systems.system import Options, Passage, passages, tagging
from tyez_bench.systems.token_tags import words_to_spans

TEXT = "2021年3月5日,北京市的华为公司投资约3.5亿元。\n 次日 and 上海。"


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
    return request.param, answer(request.param)


def answer(name: str) -> list[tuple[str, str]]:
    """Label and text of what a system finds in TEXT, after checking that its offsets say the same."""
    system = load_system(request(name), tyez_bench.load(), Options())
    (record,) = system.predict([Passage("a", "a", TEXT)])
    assert record["id"] == "a"
    assert all(TEXT[e["start"] : e["end"]] == e["text"] for e in record["entities"])
    return [(e["type"], e["text"]) for e in record["entities"]]


def test_real_systems_find_what_they_are_known_to_find(found: tuple[str, list[tuple[str, str]]]) -> None:
    name, entities = found
    assert ("ns", "北京市") in entities
    assert ("ns", "上海") in entities
    expected = {
        "jieba": [("nt", "华为公司")],
        "thulac": [("t", "2021年"), ("t", "3月"), ("t", "5日")],
    }[name]
    assert {label for label, _ in entities} <= load_map(SYSTEMS[name].labels or "").labels.keys()
    assert [entity for entity in entities if entity in expected] == expected


def test_rules_find_amounts_and_calendar_dates() -> None:
    assert answer("rules") == [("DATE", "2021年3月5日"), ("MONEY", "3.5亿元")]


def test_records_are_sorted_and_have_the_id_of_their_passage(gold: tyez_bench.Gold) -> None:
    def last_and_first(text: str) -> list[Span]:
        size = len(text)
        return [Span(size - 1, size, "nt"), Span(0, 1, "nt")]

    given = passages(gold, "sentence")
    records = list(tagging(last_and_first)(given))
    assert [record["id"] for record in records] == [passage.id for passage in given]
    assert all(record["entities"][0]["start"] == 0 for record in records)


def test_passages_are_the_texts_of_documents_and_sentences(gold: tyez_bench.Gold) -> None:
    assert [(p.id, p.document, p.text) for p in passages(gold, "document")] == [(d.id, d.id, d.text) for d in gold]
    sentences = passages(gold, "sentence")
    assert len(sentences) == sum(len(d.sentences) for d in gold)
    for passage in sentences:
        assert passage.text in gold[passage.document].text
        assert passage.id.startswith(f"{passage.document}.s")
    with pytest.raises(UsageError, match="by 'word' is neither of document, sentence"):
        passages(gold, "word")


def test_a_system_that_fails_is_named_with_the_passage(gold: tyez_bench.Gold) -> None:
    def fail(text: str) -> list[Span]:
        raise RuntimeError(f"no\n{text[:2]}")

    with pytest.raises(InputError, match=r"'series': the system failed: RuntimeError: no\\n·太"):
        list(tagging(fail)(passages(gold, "document")))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("x", "unknown system 'x', expected one of: jieba, thulac, jionlp, "),
        ("jieba+x", "unknown system 'x'"),
        ("jieba:model", "'jieba:model': expected jieba"),
        ("jieba:", "'jieba:': expected jieba"),
        ("cmd", "'cmd': expected cmd:COMMAND LINE"),
        ("py: ", "'py: ': expected py:MODULE:FUNCTION"),
    ],
)
def test_names_that_stand_for_no_system(name: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        request(name)
    assert str(caught.value).startswith(said)


def test_a_command_line_may_hold_signs_that_mean_something_in_names() -> None:
    assert request("cmd:tagger --a+b c:d").parts == (("cmd", "tagger --a+b c:d"),)


def test_missing_packages_are_named_with_what_installs_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SYSTEMS, "absent", Family("absent", "no system", ("no-such-package",), labels="tyez"))
    with pytest.raises(MissingExtraError, match=r"no-such-package is not installed.*: pip install 'jieba==0\.42\.1'"):
        versions(request("absent"))
    with pytest.raises(MissingExtraError, match="no-such-package"):
        load_system(request("jieba+absent"), tyez_bench.load(), Options())


def test_what_decides_nothing_is_needed_and_not_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupted run of a language model goes on with another version of httpx."""
    asked = request("llm:m")
    assert versions(asked).keys() == {"rapidfuzz"}
    monkeypatch.setitem(SYSTEMS, "llm", SYSTEMS["llm"]._replace(others=("no-such-package",)))
    with pytest.raises(MissingExtraError, match="no-such-package is not installed; it comes with: pip install "):
        versions(asked)
