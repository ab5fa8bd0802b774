"""Level 3: places and their codes."""

import re
from collections.abc import Iterator

from tyez_bench.checks.rule import Check, Finding
from tyez_bench.checks.texts import Set
from tyez_bench.files.toml import word_lists
from tyez_bench.model.documents import Entity
from tyez_bench.model.labels import Kind
from tyez_bench.zh.areas import EDITION, areas

_WORDS = word_lists("tyez_bench.checks", "areas")
_CLASS = re.compile(_WORDS.any("classes"))
_SHORTEST, _LONGEST = 3, 15
_OTHER_WORD = re.compile(_WORDS.followed("another-word"))


def code_of_another_area(texts: Set) -> Iterator[Finding]:
    """P301 and P302. Codes of another edition than the table's are not looked at."""
    known = areas()
    for text, entity in texts.entities():
        if entity.code is None or text.document.code_edition not in (None, EDITION):
            continue
        if entity.code not in known.names:
            yield text.of("P302", entity, f"{entity.text!r} has the code {entity.code}, which {EDITION} does not have")
        elif not known.fits(entity.code, entity.text):
            name = known.names[entity.code]
            expected = ", ".join(known.codes.get(entity.text, ())) or "none"
            yield text.of(
                "P301", entity, f"{entity.text!r} has the code {entity.code} of {name}; codes of that name: {expected}"
            )


def code_missing(texts: Set) -> Iterator[Finding]:
    """P303."""
    if not any(entity.code for _, entity in texts.entities()):
        return
    known = areas().codes
    for text, entity in texts.entities():
        if (
            texts.kind(entity) is not Kind.PLACE
            or entity.code is not None
            or text.document.code_edition not in (None, EDITION)
        ):
            continue
        codes = known.get(entity.text, ())
        if len(codes) == 1 and _CLASS.match(entity.text[-1]):
            yield text.of("P303", entity, f"{entity.text!r} has no code, though others have; {EDITION} has {codes[0]}")


def unmarked_area(texts: Set) -> Iterator[Finding]:
    """P304."""
    if not texts.marks(Kind.PLACE):
        return
    for text in texts.texts:
        whole = text.document.text
        for start, end in _areas_in(whole):
            # Whole entities inside, and one around: whoever marked them had the area before their eyes.
            near = [e for e in text.near(start, end) if e.start < end and start < e.end]
            name = whole[start:end]
            if not near:
                # X602 and X603 say more about names that are known from elsewhere.
                if not any(whole[start:stop] in texts.by_surface for stop in range(start + 2, end + 1)):
                    yield text.finding("P304", f"{name!r} is an administrative area, and is not marked", start, end)
            elif len(near) == 1 and name not in texts.by_surface and _in_part(whole, near[0], start, end):
                yield text.of("P304", near[0], f"{near[0].type} {near[0].text!r} is a part of the area {name!r}")


def _areas_in(whole: str) -> Iterator[tuple[int, int]]:
    """Where full names of areas stand, the longest that end at a character."""
    known, last = areas().codes, 0
    for match in _CLASS.finditer(whole):
        end = match.end()
        for start in range(max(last, end - _LONGEST), end - _SHORTEST + 1):
            if whole[start:end] in known:
                last = end
                yield start, end
                break


def _in_part(whole: str, entity: Entity, start: int, end: int) -> bool:
    """Whether an edge of a PLACE cuts the name of an area, and is no other word's (太原|市民, 万柏林|区域)."""
    # Of a single character L303 speaks.
    if entity.type != "PLACE" or len(entity.text) == 1 or [start, end] in [list(pair) for pair in entity.alternatives]:
        return False
    if start < entity.start < end <= entity.end:
        return True
    if not (entity.start <= start and entity.start < entity.end < end):
        return False
    return entity.end < end - 1 or _OTHER_WORD.match(whole, entity.end) is None


CHECKS = (
    Check(("P301", "P302"), code_of_another_area),
    Check(("P303",), code_missing),
    Check(("P304",), unmarked_area),
)
