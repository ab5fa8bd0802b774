"""What cuts texts into words, by name: ``char``, ``jieba``, ``thulac``, ``spacy:NAME``, ``pkuseg:MODEL``.

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
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tyez_bench.errors import InputError, MissingExtraError, UsageError
from tyez_bench.views.words import Segmenter

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
            "is no directory of a pkuseg model (features.msgpack, weights.npz), "
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
