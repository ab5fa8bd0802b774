"""How the tags of a file are spelt: ``B-ORG``, ``B_ORG``, ``ORG-B``, ``ORG_B``, ``b-ORG``, or a bare ``B``.

A file has one spelling. The first of those below that fits all of its tags is taken, and they are read as if spelt
``B-ORG``. Labels may have hyphens and underscores of their own, and stay as they are, small letters too.

- ``B-ORG``: the usual one.
- ``B_ORG``: an underscore behind the prefix.
- ``ORG-B`` and ``ORG_B``: the prefix behind the label (seqeval's ``suffix``).
- ``b-ORG`` and ``b_ORG``: prefixes, and the ``o`` of no entity, in small letters.
- ``B``: no label at all. All entities have the one label ``_``; a label map gives it another.

Numbers are no tags: their names are elsewhere, and have to be put in their place. Nor are the marks of BERT's
tokenizer (``[CLS]``, ``[SEP]``, ``X``).
"""

from collections.abc import Iterable, Set
from typing import NamedTuple

from tyez_bench.formats.encodings import OUTSIDE, PREFIXES

NAMELESS = "_"
"""The label of tags that have none."""
MARKS = ("[CLS]", "[SEP]", "[PAD]")
"""What BERT's tokenizers put around a text."""
_PIECE = "X"
NO_TAGS = frozenset((*MARKS, _PIECE))
"""What stands in the place of a tag and is none."""


class Spelling(NamedTuple):
    """What parts the prefix from the label, whether it is ``behind`` it, and whether it may be a ``small`` letter.

    Without a separator tags are prefixes alone.
    """

    separator: str
    behind: bool = False
    small: bool = False

    def usual(self, tag: str) -> str | None:
        """The tag as it is usually spelt; None where it is none of this spelling."""
        if tag == OUTSIDE or (self.small and tag == OUTSIDE.lower()):
            return OUTSIDE
        if not self.separator:
            prefix, label = tag, NAMELESS
        elif self.behind:
            label, _, prefix = tag.rpartition(self.separator)
        else:
            prefix, _, label = tag.partition(self.separator)
        if self.small:
            prefix = prefix.upper()
        return f"{prefix}-{label}" if prefix in PREFIXES and label else None


USUAL = Spelling("-")
SPELLINGS = (
    USUAL,
    Spelling("_"),
    Spelling("-", behind=True),
    Spelling("_", behind=True),
    Spelling("-", small=True),
    Spelling("_", small=True),
    Spelling("", small=True),
)


def spelling_of(tags: Iterable[str]) -> Spelling | None:
    """The spelling of all these tags; None when no one fits them.

    >>> spelling_of(["B_ORG", "O"])
    Spelling(separator='_', behind=False, small=False)
    """
    distinct = set(tags)
    return next((one for one in SPELLINGS if all(one.usual(tag) is not None for tag in distinct)), None)


def nearest(tags: Iterable[str]) -> Spelling:
    """The spelling that fits most of these tags, for files in which some tag is none."""
    distinct = set(tags)
    return max(SPELLINGS, key=lambda one: sum(one.usual(tag) is not None for tag in distinct - {OUTSIDE}))


def usual_tags(tags: Set[str], encoding: str | None) -> dict[str, str]:
    """How each tag of a file is usually spelt; what is no tag stays as it is."""
    if encoding == "io":
        # Labels may stand alone: a letter is one of them.
        fitting = (one for one in SPELLINGS if one.separator and all(one.usual(tag) is not None for tag in tags))
        spelling = next(fitting, USUAL)
    else:
        spelling = nearest(tags)
    return {tag: spelling.usual(tag) or tag for tag in tags}


def odd(tag: str) -> str:
    """What is wrong with a tag that is none, in words."""
    if tag in MARKS:
        return f"{tag!r} is a mark of BERT's tokenizer, no part of a text: expected its line left out"
    if tag == _PIECE:
        return f"{tag!r} is no tag but stands at the further pieces of a word: expected whole words, or a tag at each"
    if tag.isascii() and tag.isdigit():
        return f"{tag!r} is no tag but a number: expected names of tags such as B-LABEL and O, not label numbers"
    return f"{tag!r} is no tag such as B-LABEL or O"
