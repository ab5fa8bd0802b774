"""Where a date is longer than its entity."""

import re

from tyez_bench.checks.subject import DATES, Set, Text
from tyez_bench.model import Entity

_ARABIC = "0-9０-９"
_CHINESE = "〇零○一二两三四五六七八九十廿卅"
_DIGIT = f"[{_ARABIC}{_CHINESE}]"
# The end and the beginning of a part of the year, unless they begin another word (初步, 初中, 底层).
_EDGE = "(?:初(?![步级次期始中一二三冬夏秋春心衷])|末(?![位端尾班日])|底(?![层下部气线色蕴]))"
_BEHIND = (
    # 周五天气, 初一日出 and 双十一日均 have no unit behind a number.
    (
        re.compile(f"(?:[{_ARABIC}]|(?<![周期拜初双{_CHINESE}])[{_CHINESE}]+)$"),
        re.compile("(?:年(?!会)|月份?|日(?!均)|号|个月|天(?![然气空下])|周|季度|世纪|年代)"),
    ),
    (re.compile("年$"), re.compile(f"(?:{_DIGIT}{{1,3}}月|上半年|下半年|年[初中底末]|[第]?[一二三四1-4]季度|{_EDGE})")),
    (re.compile("(?:[0-9０-９一二三四五六七八九]0|[０零十])年$"), re.compile("代(?![表价理码言谢替])")),
    (re.compile("(?:今年|去年|明年|前年|后年|上年)$"), re.compile(f"(?:上半年|下半年|{_EDGE}|年[初中底末])")),
    (re.compile("月份?$"), re.compile(f"(?:{_DIGIT}{{1,3}}[日号]|[上中下]旬|{_EDGE}|份(?![额子量]))")),
    (re.compile("月[上中下]$"), re.compile("旬")),
    (re.compile("[上下]半$"), re.compile("年")),
    (re.compile("[一二三四]季$"), re.compile("度")),
    (re.compile("世纪$"), re.compile("[0-9０-９一二三四五六七八九][0０十]年代")),
    (re.compile("季度$"), re.compile(_EDGE)),
)
_TIME_OF_DAY = (re.compile("[日号]$"), re.compile("(?:上午|中午|下午|晚上|凌晨|清晨|早上|傍晚|深夜)"))
_WITH_TIMES = (*_BEHIND, _TIME_OF_DAY)
_BEFORE = (
    (
        re.compile(f"{_DIGIT}{{2,4}}年$|(?:今|去|明|前|后)年$"),
        re.compile(f"{_DIGIT}{{1,3}}月|[上下]半年|[第]?[一二三四1-4]季度"),
    ),
    (re.compile(f"{_DIGIT}{{1,3}}月$"), re.compile(f"{_DIGIT}{{1,3}}[日号]|[上中下]旬")),
    (re.compile(f"{_DIGIT}$"), re.compile("[年月日号]")),
    # 十|二月, 三十|一日, 二〇|二一年; 之一|九月 and 统一|二〇二一年 are none. Digits on both sides are S108's.
    (re.compile("[十廿卅]$"), re.compile("[一二三四五六七八九][年月日号]")),
    (
        re.compile("(?:[一二][九〇零○]|(?<![〇零○一二三四五六七八九])二)$"),
        re.compile("[〇零○一二三四五六七八九]{2}年|[〇零○][〇零○一二三四五六七八九]{2}年"),
    ),
)
# What such a beginning ends with.
_LAST_BEFORE = frozenset("年月0123456789０１２３４５６７８９〇零○一二两三四五六七八九十廿卅")


def continued(text: Text, entity: Entity, texts: Set, *, times: bool) -> str | None:
    """How a date goes on behind its entity, or began before it; None where the entity is all of it.

    ``times``: whether a time of the day is part of a date. What S108 sees, digits on both sides, is left to it.
    """
    whole = text.document.text
    for end, following in _WITH_TIMES if times else _BEHIND:
        match = following.match(whole, entity.end)
        if match is not None and end.search(entity.text):
            return f"goes on: {match[0]!r} stands behind it"
    before = whole[max(0, entity.start - 6) : entity.start]
    if before[-1:] not in _LAST_BEFORE:
        return None
    for preceding, beginning in _BEFORE:
        found = preceding.search(before)
        if found is not None and beginning.match(entity.text):
            # Of two dates side by side the first goes on.
            if any(
                other.end == entity.start and texts.kind(other) in DATES
                for other in text.near(entity.start, entity.end)
            ):
                return None
            return f"begins before: {found[0]!r} stands before it"
    return None
