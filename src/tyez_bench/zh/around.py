"""Words around an amount or a date that say how exactly it is meant."""

import re
from typing import NamedTuple

from tyez_bench.model.values import Modifier

_A, _L, _M = Modifier.APPROX, Modifier.LESS_THAN, Modifier.MORE_THAN
_EL, _EM = Modifier.EQUAL_OR_LESS, Modifier.EQUAL_OR_MORE
# What compares, and what it says behind 不 or 未: not more than is less or equal.
_MORE = ("超过", "超出", "超", "逾", "多于", "突破", "高于", "大于")
_LESS = ("低于", "少于", "小于")
_NOT = ("不", "不得", "不能", "不应", "不会", "不可", "不宜", "不准", "不许", "未", "没有", "没")
COMPARING = frozenset((*_MORE, *_LESS, *(word + compared for word in _NOT for compared in (*_MORE, *_LESS))))
BEFORE = {
    **dict.fromkeys(("大约", "约为", "约合", "约", "大概", "差不多", "近似"), _A),
    **dict.fromkeys(("将近", "接近", "近", "不到", "不足", "不满", "未满", "不及", "未达到", *_LESS), _L),
    **dict.fromkeys(_MORE, _M),
    **dict.fromkeys(("至多", "最多", *(word + more for word in _NOT for more in _MORE)), _EL),
    **dict.fromkeys(("至少", "最少", "上", *(word + less for word in _NOT for less in _LESS)), _EM),
}
BEHIND = {
    **dict.fromkeys(("左右", "上下", "前后"), _A),
    **dict.fromkeys(("以下", "及以下", "(含)以下", "（含）以下", "以内", "之内"), _EL),
    **dict.fromkeys(("以上", "及以上", "(含)以上", "（含）以上"), _EM),
}
# Such a word is the end of another one behind these: 签约 says nothing of three hundred million, 折合约 does.
_OTHER_BEFORE = {
    "约": "[签节违履解纽特公集预制条邀契协失爽规盟婚誓租续毁守要缔隐简俭赴相如密北华里]|(?<![折综总共])合",
    "近": "[附最临靠就邻贴亲远走新相切挨左晚]",
    "超": "[赶反女英苏俄土葡荷沙]|(?<![其当之集])中",
    "上": "[以加线网身界史场世地路会台础晚早手海山陆车面体实际事度则本马赶遇追]",
}
# And the beginning of another one in front of these: 上下班, 以上述, 以下简称.
_OTHER_BEHIND = {"左右": "[两手岸]", "上下": "[班铺游级联车文]", "以上": "述", "以下": "简称"}


def _longest_first(words: dict[str, Modifier]) -> list[str]:
    return sorted(words, key=len, reverse=True)


def _guarded(word: str) -> str:
    other = next((other for end, other in _OTHER_BEHIND.items() if word.endswith(end)), None)
    return re.escape(word) + (f"(?!{other})" if other else "")


# The longest first: 不超过 is not 超过.
_WORDS = "|".join(_longest_first(BEFORE))
_BEFORE = re.compile(f"({_WORDS})(?:人民币)?$")
_LEADING = re.compile(f"({_WORDS})")
_BEHIND = re.compile(f"({'|'.join(map(_guarded, _longest_first(BEHIND)))})")
_OTHER = {word: re.compile(f"(?:{other})$") for word, other in _OTHER_BEFORE.items()}
_REACH = 8
# 上 is the end of a place, unless a magnitude follows: 上百万元.
_MAGNITUDES = "百千万亿"
_LIMITS = re.compile("(.+?)以上[至到]?(.+?)以下")


class Said(NamedTuple):
    """A word, what it says, and whether it stands behind."""

    word: str
    modifier: Modifier
    behind: bool


def said(text: str, start: int, end: int) -> Said | None:
    """What the words right in front of a span, or right behind it, say."""
    before = _BEFORE.search(text, max(0, start - _REACH), start)
    if before is not None and _counts(text, before, start):
        return Said(before[1], BEFORE[before[1]], behind=False)
    behind = _BEHIND.match(text, end)
    return None if behind is None else Said(behind[1], BEHIND[behind[1]], behind=True)


def stripped(text: str, start: int, end: int) -> tuple[int, int, Said | None]:
    """A span without such words at its own edges, and what they say."""
    found = None
    leading = _LEADING.match(text, start, end)
    if leading is not None and leading.end() < end and _counts(text, leading, leading.end()):
        start, found = leading.end(), Said(leading[1], BEFORE[leading[1]], behind=False)
    for word in _longest_first(BEHIND):
        if text.endswith(word, start, end) and end - len(word) > start:
            return start, end - len(word), found or Said(word, BEHIND[word], behind=True)
    return start, end, found


def _counts(text: str, match: re.Match[str], number: int) -> bool:
    """Whether a word in front of the number at ``number`` is itself, and not the end of another one."""
    word = match[1]
    if word == "上" and text[number : number + 1] not in _MAGNITUDES:
        return False
    other = _OTHER.get(word)
    return other is None or other.search(text, max(0, match.start() - 2), match.start()) is None


def limits(surface: str) -> tuple[str, str] | None:
    """The two ends of 1万元以上5万元以下, as statutes write a range; None for anything else."""
    match = _LIMITS.fullmatch(surface)
    return None if match is None else (match[1], match[2])
