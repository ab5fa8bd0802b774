"""Elements of HTML as text: whatever is not an element already is escaped."""

import unicodedata
from collections.abc import Iterable
from html import escape

_VOID = frozenset({"input", "line", "link", "meta", "rect", "circle"})

# Characters that can't be seen, that move others about, or that no file may hold: controls, formats, surrogates.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


class Html(str):
    """Text that is HTML already. Only this module makes any from plain text."""

    __slots__ = ()


def shown(text: str) -> str:
    """``text`` as a page can show it: what can't be seen, or reorders what can, is written as its code point.

    A control character, a mark of direction or a lone surrogate becomes ``⟨U+202E⟩``; all else stays.
    """
    if text.isprintable():
        return text
    return "".join(f"⟨U+{ord(c):04X}⟩" if _unseen(c) else c for c in text)


def _unseen(c: str) -> bool:
    # The last two code points of every plane, and 32 others, are no characters.
    code = ord(c)
    return unicodedata.category(c) in _UNSEEN or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def escaped(text: str) -> Html:
    """Plain text as HTML; HTML as it is."""
    return text if isinstance(text, Html) else Html(escape(shown(text)))


def joined(parts: Iterable[str], between: str = "") -> Html:
    """Parts, plain text among them escaped, one behind the other."""
    return Html(escaped(between).join(escaped(part) for part in parts))


def element(tag: str, /, *children: str, **attributes: str | int | bool | None) -> Html:
    """An element. ``data_start=3`` is the attribute ``data-start="3"``, ``class_`` is ``class``.

    An attribute that is None or False is left out, one that is True has no value.
    """
    opening = [tag]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        word = key.rstrip("_").replace("_", "-")
        opening.append(word if value is True else f'{word}="{escaped(str(value))}"')
    if tag in _VOID:
        return Html(f"<{' '.join(opening)}>")
    return Html(f"<{' '.join(opening)}>{joined(children)}</{tag}>")


def drawing(tag: str, /, **attributes: str | int | bool | None) -> Html:
    """An empty element of SVG, which in HTML closes itself."""
    return Html(element(tag, **attributes).removesuffix(">") + "/>")
