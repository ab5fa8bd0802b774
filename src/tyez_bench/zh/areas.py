"""The codes of GB/T 2260 and the names that go with them, full, short and abbreviated.

The table is that of the 2007 edition, as the package GB2260 has it (``scripts/regenerate.py areas``).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

EDITION = "GB/T 2260-2007"

# Rows that group areas and are the name of none.
_GROUPS = re.compile("市辖区|市辖县|县|市|(省|自治区)直辖(县级)?行政(区划|单位)")
_CLASSES = (
    *("特别行政区", "自治区", "自治州", "自治县", "自治旗", "地区", "特区", "新区", "矿区"),
    *("省", "市", "区", "县", "盟", "旗", "州"),
)
_PEOPLES = (
    *(
        "各族",
        "联合",
        "土家族",
        "维吾尔",
        "哈萨克族",
        "哈萨克",
        "柯尔克孜族",
        "柯尔克孜",
        "塔吉克族",
        "塔吉克",
        "达斡尔族",
        "鄂温克族",
    ),
    *(
        "鄂伦春",
        "拉祜族",
        "布朗族",
        "傈僳族",
        "景颇族",
        "朝鲜族",
        "布依族",
        "仡佬族",
        "保安族",
        "撒拉族",
        "东乡族",
        "裕固族",
    ),
    *(
        "锡伯族",
        "锡伯",
        "哈尼族",
        "纳西族",
        "普米族",
        "仫佬族",
        "毛南族",
        "蒙古族",
        "蒙古",
        "独龙族",
        "羌族",
        "侗族",
        "瑶族",
    ),
    *("苗族", "彝族", "白族", "傣族", "壮族", "回族", "藏族", "满族", "黎族", "畲族", "土族", "佤族", "怒族", "水族"),
)
# The first is the one in official use.
_ABBREVIATIONS = {
    "110000": "京",
    "120000": "津",
    "130000": "冀",
    "140000": "晋",
    "150000": "蒙",
    "210000": "辽",
    "220000": "吉",
    "230000": "黑",
    "310000": "沪申",
    "320000": "苏",
    "330000": "浙",
    "340000": "皖",
    "350000": "闽",
    "360000": "赣",
    "370000": "鲁",
    "410000": "豫",
    "420000": "鄂",
    "430000": "湘",
    "440000": "粤",
    "450000": "桂",
    "460000": "琼",
    "500000": "渝",
    "510000": "川蜀",
    "520000": "贵黔",
    "530000": "云滇",
    "540000": "藏",
    "610000": "陕秦",
    "620000": "甘陇",
    "630000": "青",
    "640000": "宁",
    "650000": "新",
    "710000": "台",
    "810000": "港",
    "820000": "澳",
}


@dataclass(frozen=True)
class Areas:
    """An edition: the full name by code, and every code by full or short name."""

    names: Mapping[str, str]
    codes: Mapping[str, tuple[str, ...]]

    def called(self, code: str) -> tuple[str, ...]:
        """What the area with this code is called; nothing for an unknown code."""
        full = self.names.get(code)
        if full is None:
            return ()
        short = short_name(full)
        return (full, *([short] if short != full else []), *_ABBREVIATIONS.get(code, ""))

    def fits(self, code: str, surface: str) -> bool:
        """Whether a surface is a name of the area with this code, alone or behind the names of areas around it."""
        for name in self.called(code):
            if surface == name:
                return True
            if surface.endswith(name):
                around = {outer for part in (2, 4) for outer in self.called(code[:part].ljust(6, "0"))}
                rest = surface.removesuffix(name)
                if re.fullmatch("|".join(f"(?:{re.escape(outer)})" for outer in around) + "|", rest) is not None:
                    return True
                both = [one + other for one in around for other in around]
                if rest in both:
                    return True
        return False


def short_name(full: str) -> str:
    """A name without its class and the peoples in it (太原市 → 太原); the full one where one character would remain."""
    short = next((full.removesuffix(name) for name in _CLASSES if full.endswith(name)), full)
    shorter = re.sub(f"(?:{'|'.join(_PEOPLES)})+$", "", short)
    if len(shorter) > 1:
        short = shorter
    return short if len(short) > 1 else full


@cache
def areas() -> Areas:
    """The table of the edition of 2007."""
    names: dict[str, str] = {}
    codes: dict[str, tuple[str, ...]] = {}
    for line in files("tyez_bench.zh").joinpath("gb2260-2007.tsv").read_text("utf-8").splitlines():
        code, _, name = line.partition("\t")
        if _GROUPS.fullmatch(name):
            continue
        names[code] = name
        for form in {name, short_name(name)}:
            codes[form] = (*codes.get(form, ()), code)
    return Areas(names, codes)
