"""Level 2: where a span begins and ends, and the characters of the text."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from tyez_bench.checks.rule import Check, Finding
from tyez_bench.checks.rules.structure import ids_of_spans
from tyez_bench.checks.texts import VALUES, Text
from tyez_bench.model.documents import Entity
from tyez_bench.model.labels import LabelSet

_PAIRS = {
    "（": "）",
    "(": ")",
    "《": "》",
    "〈": "〉",
    "“": "”",
    "‘": "’",
    "「": "」",
    "『": "』",
    "【": "】",
    "[": "]",
    "〔": "〕",
}
_CLOSING = {closing: opening for opening, closing in _PAIRS.items()}
_MARKS = set("，。、；：！？,;:!?…—–-·.．~～/|｜*#=+<>")
_SIGNS = re.compile(r"[-−+＋]?[0-9０-９]")
_NAME_ENDS_SO = re.compile(r"[A-Za-z][!.]$")
_LATIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿĀ-ſＡ-Ｚａ-ｚ]")
_DIGIT = re.compile(r"[0-9０-９]")
_THOUSANDS = re.compile(r"[0-9]{3}(?![0-9])")
_SENTENCE_END = re.compile(r"[。！？!?\n]")
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\ufff9-\ufffb]"
)
_LOST = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")


def whitespace_at_an_edge(text: Text, labels: LabelSet) -> Iterator[Finding]:
    """S106."""
    for entity in text.document.entities:
        if entity.text != entity.text.strip():
            side = "begins" if entity.text[0].isspace() else "ends"
            yield text.of("S106", entity, f"{entity.type} {entity.text!r} {side} with white space")


def punctuation_at_an_edge(text: Text, labels: LabelSet) -> Iterator[Finding]:
    """S107."""
    for entity in text.document.entities:
        reason = punctuation(entity.text)
        if reason is not None:
            yield text.of("S107", entity, f"{entity.type} {entity.text!r} {reason}")


def punctuation(surface: str) -> str | None:
    """What is wrong with the punctuation at the edges of a surface, in words; None where nothing is."""
    first, last = surface[0], surface[-1]
    if (first in _MARKS and not _SIGNS.match(surface)) or first in _CLOSING:
        return f"begins with {first!r}"
    if (last in _MARKS and not _NAME_ENDS_SO.search(surface)) or last in _PAIRS:
        return f"ends with {last!r}"
    if not any(character in _PAIRS or character in _CLOSING for character in surface):
        return None
    waiting: list[tuple[str, int]] = []
    for at, character in enumerate(surface):
        if character in _PAIRS:
            waiting.append((character, at))
        elif character in _CLOSING:
            if not waiting or waiting[-1][0] != _CLOSING[character]:
                return f"has {character!r} without {_CLOSING[character]!r}"
            _, opened = waiting.pop()
            if opened == 0 and at == len(surface) - 1:
                return f"stands in {first!r} and {last!r}"
    return f"has {waiting[0][0]!r} without {_PAIRS[waiting[0][0]]!r}" if waiting else None


def edge_inside_a_word(text: Text, labels: LabelSet) -> Iterator[Finding]:
    """S108."""
    whole = text.document.text
    for entity in text.document.entities:
        what = cut(whole, entity)
        if what is not None:
            yield text.of("S108", entity, f"an edge of {entity.type} {entity.text!r} cuts {what}")


def cut(whole: str, entity: Entity) -> str | None:
    """What one of the edges of an entity cuts: a Latin word, a number in digits, a character."""
    return edge_cuts(whole, entity.start) or edge_cuts(whole, entity.end)


def edge_cuts(text: str, at: int) -> str | None:
    """What an edge before the character at ``at`` cuts."""
    if not 0 < at < len(text):
        return None
    one, other = text[at - 1], text[at]
    if "\u4e00" <= one <= "\u9fff" and "\u4e00" <= other <= "\u9fff":
        # Most edges are between two Chinese characters, which are no part of such things.
        return None
    if other >= "\u0300" and (unicodedata.combining(other) or other in "\u200d\ufe0f" or one == "\u200d"):
        return "a character from the mark on it"
    if _LATIN.match(one) and _LATIN.match(other):
        return "a word"
    if _DIGIT.match(one) and _DIGIT.match(other):
        return "a number"
    if one in ".．" and at > 1 and _DIGIT.match(text[at - 2]) and _DIGIT.match(other):
        return "a number"
    if one == "," and at > 1 and _DIGIT.match(text[at - 2]) and _THOUSANDS.match(text, at):
        return "a number"
    if other in ".．" and at + 1 < len(text) and _DIGIT.match(one) and _DIGIT.match(text[at + 1]):
        return "a number"
    return None


def sentence_inside(text: Text, labels: LabelSet) -> Iterator[Finding]:
    """S110."""
    for entity in text.document.entities:
        match = _SENTENCE_END.search(entity.text, 1, len(entity.text) - 1)
        # Inside of quotation marks or brackets a name may hold anything.
        if match and not any(opening in entity.text[: match.start()] for opening in _PAIRS):
            what = "a line break" if match[0] == "\n" else f"{match[0]!r}"
            yield text.of("S110", entity, f"{entity.type} {entity.text!r} goes on across {what}")


def wrong_ids(text: Text, labels: LabelSet) -> Iterator[Finding]:
    """S112."""
    return ids_of_spans(text)


def nesting_of_values(text: Text, labels: LabelSet) -> Iterator[Finding]:
    """S113."""
    by_id = {entity.id: entity for entity in text.document.entities}
    for entity in text.document.entities:
        outer = by_id.get(entity.parent or "")
        if outer is not None and labels.kind(outer.type) in VALUES:
            yield text.of("S113", entity, f"{entity.type} {entity.text!r} stands inside {outer.type} {outer.text!r}")


def lost_characters(text: Text, labels: LabelSet) -> Iterator[Finding]:
    """C201."""
    yield from _characters(text, "C201", _LOST, "stands for one that was lost")


def invisible_characters(text: Text, labels: LabelSet) -> Iterator[Finding]:
    """C202."""
    yield from _characters(text, "C202", _INVISIBLE, "can't be seen")


def _characters(text: Text, code: str, pattern: re.Pattern[str], what: str) -> Iterator[Finding]:
    """One finding a text and character, at its first place."""
    seen: dict[str, re.Match[str]] = {}
    times: Counter[str] = Counter()
    for match in pattern.finditer(text.document.text):
        times[match[0]] += 1
        seen.setdefault(match[0], match)
    for character, first in seen.items():
        often = f", {times[character]} times, first here" if times[character] > 1 else ""
        yield text.finding(code, f"U+{ord(character):04X} {what}{often}", first.start(), first.end())


def not_composed(text: Text, labels: LabelSet) -> Iterator[Finding]:
    """C203."""
    whole = text.document.text
    if not unicodedata.is_normalized("NFC", whole):
        at = next(
            (i for i in range(len(whole)) if not unicodedata.is_normalized("NFC", whole[max(0, i - 1) : i + 1])), 0
        )
        yield text.finding("C203", "the text is not in Unicode's form NFC, first here", at, at + 1)


def mixed_digits(text: Text, labels: LabelSet) -> Iterator[Finding]:
    """C204."""
    for entity in text.document.entities:
        if re.search("[0-9]", entity.text) and re.search("[０-９]", entity.text):
            yield text.of("C204", entity, f"{entity.type} {entity.text!r} mixes full-width and half-width digits")


CHECKS = (
    Check(("S106",), whitespace_at_an_edge),
    Check(("S107",), punctuation_at_an_edge),
    Check(("S108",), edge_inside_a_word),
    Check(("S110",), sentence_inside),
    Check(("S112",), wrong_ids),
    Check(("S113",), nesting_of_values),
    Check(("C201",), lost_characters),
    Check(("C202",), invisible_characters),
    Check(("C203",), not_composed),
    Check(("C204",), mixed_digits),
)
