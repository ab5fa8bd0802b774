"""Sentences.

The rule: a sentence ends behind 。！？ (half-width !? too) and the closing quotes or brackets that follow, or at
the end of its section. Commas, semicolons, colons and …… don't end one.
"""

import re
from collections.abc import Iterator

_END = re.compile(r"[。！？!?]+[”’』」）)》】]*")


def split_sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the sentences of the section ``start``–``end`` as half-open offsets into ``text``.

    Together they cover the section: nothing is left out between them.
    """
    begin = start
    for match in _END.finditer(text, start, end):
        yield begin, match.end()
        begin = match.end()
    if begin < end:
        yield begin, end
