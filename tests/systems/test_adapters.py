"""The adapters: words to spans, places without offsets, and the real packages on sentences that are not the page's."""

from pathlib import Path

import pytest

import tyez_bench
from tyez_bench.files.jsonl import encode_lines
from tyez_bench.gold.gold import data_dir
from tyez_bench.io.label_maps import load_map
from tyez_bench.model.errors import InputError, MissingExtraError, UsageError
from tyez_bench.systems import SYSTEMS, Family, load_system, request, versions
from tyez_bench.systems.adapters.rule_based import locate, location_names
from tyez_bench.systems.adapters.word_taggers import LAC, words_to_spans
from tyez_bench.systems.system import Passage, RunOptions, System, passages

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
    system = load_system(request(name), tyez_bench.load(), RunOptions())
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
        load_system(request("jieba+absent"), tyez_bench.load(), RunOptions())


def test_what_decides_nothing_is_needed_and_not_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupted run of a language model goes on with another version of httpx."""
    asked = request("llm:m")
    assert versions(asked).keys() == {"rapidfuzz"}
    monkeypatch.setitem(SYSTEMS, "llm", SYSTEMS["llm"]._replace(others=("no-such-package",)))
    with pytest.raises(MissingExtraError, match="no-such-package is not installed; it comes with: pip install "):
        versions(asked)


@pytest.fixture(scope="module")
def lac() -> System:
    return load_system(request("lac"), tyez_bench.load(), RunOptions())


def lac_finds(lac: System, text: str) -> list[tuple[str, str]]:
    """Label and text of what it finds, after checking that its offsets say the same."""
    (record,) = lac.predict([Passage("a", "a", text)])
    assert all(text[e["start"] : e["end"]] == e["text"] for e in record["entities"])
    return [(e["type"], e["text"]) for e in record["entities"]]


def test_names_of_every_kind(lac: System) -> None:
    text = "李雷在上海交通大学附近的黄浦区工作,6月3日的售价是3999元。"
    assert lac_finds(lac, text) == [("PER", "李雷"), ("ORG", "上海交通大学"), ("LOC", "黄浦区"), ("TIME", "6月3日")]


def test_white_space_is_not_shown_to_it(lac: System) -> None:
    """Nor is what stands on either side of a line feed, which it would take into a name."""
    assert lac_finds(lac, "小米公司在北京发布\nXiaomi 14") == [("ORG", "小米公司"), ("LOC", "北京"), ("nz", "Xiaomi")]
    assert lac_finds(lac, "北京\n小米公司") == [("LOC", "北京"), ("ORG", "小米公司")]
    assert lac_finds(lac, " \n\u3000李 雷\t在 上海。 \n\n") == [("PER", "李 雷"), ("LOC", "上海")]
    assert lac_finds(lac, " \n ") == []


def test_what_it_gives_is_not_joined(lac: System) -> None:
    assert lac_finds(lac, "2022-08-09在山西太原上演") == [("LOC", "山西"), ("LOC", "太原")]


def test_the_labels_are_those_of_the_map(lac: System) -> None:
    read = load_map(SYSTEMS["lac"].labels or "").labels
    assert {tag: read[tag] for tag in LAC if read[tag]} == {"LOC": "PLACE", "ORG": "ORG", "TIME": "DATE"}


def test_the_page_as_it_is_committed(lac: System, gold: tyez_bench.Gold) -> None:
    """On any processor: its closest decision on the page is far wider than the last digits of a sum."""
    made = encode_lines(list(lac.predict(passages(gold, lac.by))))
    assert made == Path(data_dir() / "predictions" / "lac.jsonl").read_bytes()
