"""What cuts texts into words, by name, and texts cut into them.

==================  ====================================================================================
char                every character by itself
jieba               jieba's default mode, with its own dictionary (extra systems)
thulac              THULAC's segmenter, with the model of its package (extra systems)
spacy:char          spaCy's Chinese tokenizer with one of its segmenters that need no model (extra spacy)
spacy:jieba         … (extras spacy and systems)
spacy:xx            spaCy's tokenizer for any language: white space and punctuation (extra spacy)
spacy:PIPELINE      the tokenizer of an installed pipeline, or of one in a directory (extra spacy)
pkuseg:MODEL        spaCy's Chinese tokenizer with spacy-pkuseg (extra pkuseg); MODEL is a directory, or one of
                    the names that spacy-pkuseg downloads on first use: spacy_ontonotes, mixed, news, web, …
==================  ====================================================================================
"""

import contextlib
import io
import logging
import sys
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from tyez_bench.model.errors import InputError, MissingExtraError, UsageError

Bounds = tuple[int, int]
Segmenter = Callable[[str], Iterable[str]]
"""From a text to its words in order; white space may be left out."""
T = TypeVar("T")

ON_MISALIGNED = ("error", "expand", "contract", "drop")


def place_words(text: str, words: Iterable[str]) -> list[Bounds]:
    """Where the words stand in the text; words of white space alone are left out.

    The words must be the text, in order; white space between them is stepped over. Raises InputError when they are not.
    """
    found = []
    position = 0
    for word in words:
        if not word.strip():
            continue
        start = position
        while not text.startswith(word, start) and start < len(text) and text[start].isspace():
            start += 1
        if not text.startswith(word, start):
            raise InputError(
                f"the segmenter's word {word!r} is not in the text at {position}: {text[position:][:12]!r}"
            )
        position = start + len(word)
        found.append((start, position))
    if text[position:].strip():
        raise InputError(f"the segmenter left out the end of the text: {text[position:][:12]!r}")
    return found


class Moved(NamedTuple, Generic[T]):
    """Something with an edge inside a word, and where it went; None: it was dropped."""

    item: T
    bounds: Bounds
    to: Bounds | None


def snap(
    spans: Iterable[tuple[Bounds, T]], words: Sequence[Bounds], how: str, *, nested: bool = False
) -> tuple[list[tuple[Bounds, T]], list[Moved[T]]]:
    """Spans with both edges on edges of words, in order, and what became of those that had one elsewhere.

    ``expand`` takes the words that the span shares a character with, ``contract`` those that lie in it, ``drop`` leaves
    it out. A span is dropped, too, when no word is left of it, or when another has the words: one that fits comes
    before one that was moved, then the first before the later. Spans that may be ``nested`` can share words, but not
    have the same boundary.
    """
    starts, ends = {start for start, _ in words}, {end for _, end in words}
    fitting: list[tuple[Bounds, T]] = []
    waiting: list[tuple[Bounds, T]] = []
    moved: list[Moved[T]] = []
    for bounds, item in spans:
        fits = bounds[0] in starts and bounds[1] in ends
        (fitting if fits else waiting).append((bounds, item))
    for bounds, item in waiting:
        to = _snapped(bounds, words, how) if how in ("expand", "contract") else None
        if to is not None and any(_collide(to, other, nested) for other, _ in fitting):
            to = None
        if to is not None:
            fitting.append((to, item))
        moved.append(Moved(item, bounds, to))
    return sorted(fitting, key=lambda found: found[0]), moved


def _snapped(bounds: Bounds, words: Sequence[Bounds], how: str) -> Bounds | None:
    starts, ends = [start for start, _ in words], [end for _, end in words]
    if how == "expand":
        first, behind = bisect_right(ends, bounds[0]), bisect_left(starts, bounds[1])
    else:
        first, behind = bisect_left(starts, bounds[0]), bisect_right(ends, bounds[1])
    return (starts[first], ends[behind - 1]) if first < behind else None


def _collide(one: Bounds, other: Bounds, nested: bool) -> bool:
    return one == other if nested else one[0] < other[1] and other[0] < one[1]


if TYPE_CHECKING:
    from spacy.language import Language

PKUSEG_MODELS = ("spacy_ontonotes", "medicine", "tourism", "web", "news", "mixed")
_BLANK = ("char", "jieba")


def load_segmenter(name: str) -> Segmenter:
    """Load what the name stands for. Raises UsageError, MissingExtraError; InputError for a model that won't load."""
    kind, _, model = name.partition(":")
    if kind not in SEGMENTERS:
        raise UsageError(f"unknown segmenter {name!r}, expected one of: {', '.join(FORMS)}")
    if kind in ("char", "jieba", "thulac") and model:
        raise UsageError(f"the segmenter {kind} takes no model, got {model!r}")
    return SEGMENTERS[kind](model)


def _char(_: str) -> Segmenter:
    return list


def _jieba(_: str) -> Segmenter:
    _need("jieba", "systems")
    with warnings.catch_warnings():
        # jieba 0.42.1 has invalid escapes, unclosed files and pkg_resources in its own code.
        warnings.simplefilter("ignore")
        import jieba

        jieba.setLogLevel(logging.WARNING)
        jieba.initialize()
    cut: Segmenter = jieba.lcut
    return cut


def _thulac(_: str) -> Segmenter:
    _need("thulac", "systems")
    model = _thulac_model()
    return lambda text: [word for word, _ in model.cut(text)]


@cache
def _thulac_model() -> Any:
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        # It prints "Model loaded succeed" and leaves its model files to the garbage collector.
        warnings.simplefilter("ignore")
        import thulac

        return thulac.thulac(seg_only=True)


def _spacy(name: str) -> Segmenter:
    _need("spacy", "spacy")
    import spacy

    if name == "jieba":
        _need("jieba", "systems")
    if name in _BLANK:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _words(spacy.blank("zh", config={"nlp": {"tokenizer": {"segmenter": name}}}))
    if name == "xx":
        return _words(spacy.blank("xx"))
    if not name:
        raise UsageError("spacy needs a name: spacy:char, spacy:jieba, spacy:xx or spacy:PIPELINE")
    try:
        return _words(spacy.load(name))
    except (OSError, ValueError, ImportError) as error:
        raise InputError(f"the spaCy pipeline {name!r} can't be loaded: {error}") from None


def _pkuseg(model: str) -> Segmenter:
    _need("spacy_pkuseg", "pkuseg")
    if not model:
        raise UsageError(f"pkuseg needs a model: pkuseg:DIRECTORY, or one of {', '.join(PKUSEG_MODELS)} to download")
    return _words(pkuseg_pipeline(model))


def pkuseg_pipeline(model: str) -> "Language":
    """A blank Chinese pipeline that cuts words with spacy-pkuseg and this model.

    ``model`` is a directory, or a name that spacy-pkuseg downloads to ``$PKUSEG_HOME`` (else ``~/.pkuseg``) on first
    use. Raises InputError when it can't be had.
    """
    import spacy

    if model not in PKUSEG_MODELS and not (Path(model) / "weights.npz").is_file():
        raise InputError(
            "is not a directory of a pkuseg model (features.msgpack, weights.npz), "
            f"nor one of the models to download: {', '.join(PKUSEG_MODELS)}",
            path=model,
        )
    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"segmenter": "pkuseg"}}})
    try:
        # The progress of a download is for people only.
        shown = sys.stderr if sys.stderr is not None and sys.stderr.isatty() else io.StringIO()
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(shown):
            nlp.tokenizer.initialize(pkuseg_model=model)  # type: ignore[union-attr]
    # Whatever goes wrong in a download or in unpacking a model.
    except Exception as error:
        raise InputError(f"the pkuseg model {model!r} can't be loaded: {type(error).__name__}: {error}") from None
    return nlp


def _words(nlp: "Language") -> Segmenter:
    return lambda text: [token.text for token in nlp.make_doc(text)]


def _need(package: str, extra: str) -> None:
    if find_spec(package) is None:
        raise MissingExtraError(package.replace("_", "-"), extra)


# By the name before the colon.
SEGMENTERS: dict[str, Callable[[str], Segmenter]] = {
    "char": _char,
    "jieba": _jieba,
    "thulac": _thulac,
    "spacy": _spacy,
    "pkuseg": _pkuseg,
}
FORMS = ("char", "jieba", "thulac", "spacy:NAME", "pkuseg:MODEL")
