"""Words around an amount or a date that say how exactly it is meant."""

import re

from tyez_bench.values import Modifier

_A, _L, _M = Modifier.APPROX, Modifier.LESS_THAN, Modifier.MORE_THAN
_EL, _EM = Modifier.EQUAL_OR_LESS, Modifier.EQUAL_OR_MORE
BEFORE = {
    **dict.fromkeys(("大约", "约为", "约", "大概", "差不多", "近似"), _A),
    **dict.fromkeys(("将近", "接近", "近", "不到", "不足"), _L),
    **dict.fromkeys(("超过", "超", "逾", "多于", "突破"), _M),
    **dict.fromkeys(("不超过", "不超", "至多", "最多", "不高于", "不多于"), _EL),
    **dict.fromkeys(("至少", "不低于", "不少于", "最少", "上"), _EM),
}
BEHIND = {
    **dict.fromkeys(("左右", "上下", "前后"), _A),
    **dict.fromkeys(("以下", "以内", "之内"), _EL),
    **dict.fromkeys(("以上", "及以上"), _EM),
}
# The longest first: 不超过 is not 超过.
_BEFORE = re.compile(f"({'|'.join(sorted(BEFORE, key=len, reverse=True))})(?:人民币)?$")
_LEADING = re.compile(f"({'|'.join(sorted(BEFORE, key=len, reverse=True))})")
_BEHIND = re.compile(f"({'|'.join(sorted(BEHIND, key=len, reverse=True))})")
# 上 is the end of 以上, 加上 and others, unless a magnitude follows.
_MAGNITUDES = "百千万亿"


def modifier(text: str, start: int, end: int) -> Modifier | None:
    """What the words right in front of a span, or right behind it, say."""
    before = _BEFORE.search(text, max(0, start - 6), start)
    if before is not None and not (before[1] == "上" and text[start : start + 1] not in _MAGNITUDES):
        return BEFORE[before[1]]
    behind = _BEHIND.match(text, end)
    return None if behind is None else BEHIND[behind[1]]


def stripped(text: str, start: int, end: int) -> tuple[int, int, Modifier | None]:
    """A span without such words at its own edges, and what they say."""
    found = None
    leading = _LEADING.match(text, start, end)
    alone = leading is None or leading.end() == end
    if leading is not None and not alone and (leading[1] != "上" or text[leading.end()] in _MAGNITUDES):
        start, found = leading.end(), BEFORE[leading[1]]
    for word, meaning in BEHIND.items():
        if text.endswith(word, start, end) and end - len(word) > start:
            return start, end - len(word), found or meaning
    return start, end, found
