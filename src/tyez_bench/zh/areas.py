"""The codes of GB/T 2260 and the names that go with them, full, short and abbreviated.

The table is that of the 2007 edition, as the package GB2260 has it (``scripts/regenerate.py areas``).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tyez_bench.files.toml import word_lists

EDITION = "GB/T 2260-2007"

_WORDS = word_lists("tyez_bench.zh", "areas")
# Rows that group areas and are the name of none.
_GROUPS = re.compile(_WORDS.any("groups"))
_CLASS = re.compile(rf"{_WORDS.any('classes')}\Z")
_PEOPLES = re.compile(f"{_WORDS.any('peoples')}+$")
_ABBREVIATIONS = _WORDS.by_key("abbreviations")


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
        return (full, *([short] if short != full else []), *_ABBREVIATIONS.get(code, ()))

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
    short = _CLASS.sub("", full)
    shorter = _PEOPLES.sub("", short)
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
