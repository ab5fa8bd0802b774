"""What is passed over at once when amounts and dates are looked for holds none, and what is taken at once is one."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from tyez_bench.io.align.texts import UNITS, code_points_at, spans_nowhere
from tyez_bench.zh import find
from tyez_bench.zh.amounts import CLEAR, NAMES

DATES = (
    *"0129０９〇零○一二两三四五六七八九十百千前上下本第每隔个半余多星期年月日号周季度天世纪代初末底中旬至到—-~～/.．",
    *(
        *find._BY_THEMSELVES,
        "2022年",
        "9日",
        "个月",
        "星期",
        "世纪",
        "年代",
        "90年代",
        "2022-08-09",
        "2022.8.9",
        "的",
        "了",
    ),
)
AMOUNTS = (
    *"0129０９一二两三九十百千万亿点.，,余多半几近约的至到—元块角毛分钱整 ",
    *NAMES,
    "人民币",
    "港币",
    "￥",
    "US$",
    "幣",
    "圓",
)


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.sampled_from(DATES), min_size=1, max_size=9).map("".join))
def test_a_date_is_found_whatever_is_asked_first(text: str) -> None:
    without = re.compile(find._DATE.pattern.replace(find._SOON, ""))
    found = [(match.span(), match.lastgroup) for match in find._DATE.finditer(text)]
    assert found == [(match.span(), match.lastgroup) for match in without.finditer(text)]


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.sampled_from(AMOUNTS), min_size=1, max_size=9).map("".join))
def test_each_amount_has_one_of_the_characters(text: str) -> None:
    for found in find.find_money(text):
        assert find.IN_EACH_AMOUNT.search(text, found.start, found.end)


@settings(max_examples=1500, deadline=None)
@given(
    st.from_regex(
        re.compile(f"[0-9０-９一二三九十]{{1,5}}([.,点][0-9]{{1,3}})?[百千]?[余多]?[万亿]?({'|'.join(NAMES)}|元)"),
        fullmatch=True,
    )
)
def test_an_amount_that_is_readable_at_a_glance_is_found_whole(text: str) -> None:
    if CLEAR.fullmatch(text) and len(text) > 2:
        # Behind something that is no part of it, it is looked for.
        assert [one[:2] for one in find.find_money(f"在{text}")] == [(1, len(text) + 1)]
        assert [one[:2] for one in find.find_money(text)] == [(0, len(text))]


@given(
    st.text("a太é\r\n𠮷\u0301\u200d👍🏽", max_size=6),
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=4),
)
def test_spans_that_are_nowhere_in_a_unit(text: str, spans: list[tuple[int, int]]) -> None:
    inside = [(start, end) for start, end in spans if max(start, end) <= len(text)]
    for unit in UNITS:
        places = code_points_at(text, unit)
        assert spans_nowhere(text, unit, inside) == sum(
            one not in places or other not in places for one, other in inside
        )
