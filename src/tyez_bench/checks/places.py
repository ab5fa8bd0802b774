"""Level 3: places and their codes."""

import re
from collections.abc import Iterator

from tyez_bench.checks.rule import Check, Finding
from tyez_bench.checks.subject import Set
from tyez_bench.places.areas import EDITION, areas

_CLASS = re.compile("[省市县区州盟旗]")
_SHORTEST, _LONGEST = 3, 15


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
        if entity.type != "PLACE" or entity.code is not None or text.document.code_edition not in (None, EDITION):
            continue
        codes = known.get(entity.text, ())
        if len(codes) == 1 and _CLASS.match(entity.text[-1]):
            yield text.of("P303", entity, f"{entity.text!r} has no code, though others have; {EDITION} has {codes[0]}")


def unmarked_area(texts: Set) -> Iterator[Finding]:
    """P304."""
    if not texts.marks("PLACE"):
        return
    known = areas().codes
    for text in texts.texts:
        whole, last = text.document.text, 0
        spans = [(e.start, e.end) for e in text.document.entities]
        for match in _CLASS.finditer(whole):
            end = match.end()
            for start in range(max(last, end - _LONGEST), end - _SHORTEST + 1):
                if whole[start:end] not in known:
                    continue
                last = end
                if not any(s < end and start < e for s, e in spans):
                    name = whole[start:end]
                    yield text.finding("P304", f"{name!r} is an administrative area, and is not marked", start, end)
                break


CHECKS = (
    Check(("P301", "P302"), code_of_another_area),
    Check(("P303",), code_missing),
    Check(("P304",), unmarked_area),
)
