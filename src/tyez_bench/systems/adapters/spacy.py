"""Any spaCy pipeline that finds entities: one that is installed, by name, or one in a directory.

``doc.ents`` is what it finds; of a pipeline that only has spans with categories (``spancat``, ``span_ruler``) the spans
of their groups, of which the longest and then the first is kept where several overlap. The whole text goes through the
whole pipeline.
"""

from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from itertools import chain
from typing import TYPE_CHECKING, Any

from tyez_bench.gold.gold import Gold
from tyez_bench.io.export.words import load_segmenter, pkuseg_pipeline
from tyez_bench.model.errors import InputError, MissingExtraError, UsageError, first_line
from tyez_bench.model.hints import advice
from tyez_bench.model.spans import Span
from tyez_bench.systems.models import Origin, map_for, origin, quiet, unwarned
from tyez_bench.systems.system import Passage, RunOptions, System, batches, span_record

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

SEGMENTERS = ("char", "jieba", "pkuseg", "pkuseg:MODEL")


def load(argument: str, gold: Gold, options: RunOptions) -> System:
    """Load the pipeline. Raises UsageError, InputError and MissingExtraError for what it lacks."""
    where = origin("spacy", argument)
    _use(options.device)
    nlp = _load(where)
    groups = _groups(nlp, where)
    labels = map_for(_labels(nlp, groups), options.labels, where.asked, gold)
    settings: dict[str, Any] = where.settings()
    if nlp.meta.get("version"):
        settings["version"] = nlp.meta["version"]
    if groups:
        settings["spans"] = groups
    if options.segmenter is not None:
        settings["segmenter"] = _cut_with(nlp, options.segmenter, where)
    if options.device != "cpu":
        settings["device"] = options.device

    def predict(given: Sequence[Passage]) -> Iterator[Mapping[str, Any]]:
        for batch in batches(given, options.batch_size):
            for passage, doc in zip(batch, _docs(nlp, batch, options.batch_size), strict=True):
                yield span_record(passage, _spans(doc, passage, groups))

    return System(predict=predict, by=options.by or "document", labels=labels, name=where.system, settings=settings)


def _use(device: str) -> None:
    """Make spaCy use a device; it has one for the whole process. Raises UsageError."""
    kind, _, number = device.partition(":")
    if device == "cpu":
        return
    if kind not in ("cuda", "mps") or (number and not number.isdecimal()):
        raise UsageError(f"unknown device {device!r}, expected cpu, cuda, cuda:NUMBER or mps")
    from thinc.api import require_gpu

    try:
        require_gpu(int(number or 0))
    # Whatever the libraries below say of a device that is not there.
    except Exception as error:
        raise UsageError(f"device {device!r}: spaCy can't use it: {first_line(error)}") from None


def _load(where: Origin) -> "Language":
    import spacy

    if where.folder is None and not spacy.util.is_package(where.name):
        raise UsageError(
            f"{where.asked}: no such pipeline is installed, and no such directory exists; "
            f"to install one of spaCy's: python -m spacy download {where.name}"
        )
    try:
        with quiet():
            return spacy.load(where.folder or where.name)
    except ImportError as error:
        for package, extra in (("pkuseg", "pkuseg"), ("jieba", "systems")):
            if package in str(error).lower():
                raise MissingExtraError(package.replace("pkuseg", "spacy-pkuseg"), extra) from None
        raise where.not_loaded(error) from None
    # A config or a file that is broken surfaces as an error of any kind.
    except Exception as error:
        raise where.not_loaded(error) from None


def _components(nlp: "Language", what: str) -> list[str]:
    return [name for name in nlp.pipe_names if what in nlp.get_pipe_meta(name).assigns]


def _groups(nlp: "Language", where: Origin) -> list[str]:
    """The groups of ``doc.spans`` that are read; none when the pipeline has ``doc.ents``. Raises UsageError."""
    if _components(nlp, "doc.ents"):
        return []
    keys = [getattr(nlp.get_pipe(name), "key", None) for name in _components(nlp, "doc.spans") if _of(nlp, name)]
    if not any(keys):
        has = ", ".join(nlp.pipe_names) or "none at all"
        raise UsageError(f"{where.asked}: has no component that finds entities (ner, entity_ruler, spancat): {has}")
    return sorted({key for key in keys if key})


def _of(nlp: "Language", name: str) -> list[str]:
    """The labels of a component; a span finder has none."""
    return [label for label in nlp.pipe_labels.get(name, []) if label]


def _labels(nlp: "Language", groups: list[str]) -> list[str]:
    names = _components(nlp, "doc.spans" if groups else "doc.ents")
    return list(chain.from_iterable(_of(nlp, name) for name in names))


def _cut_with(nlp: "Language", segmenter: str, where: Origin) -> dict[str, str]:
    """Have a Chinese pipeline cut its words in another way; what tells this way. Raises UsageError."""
    from spacy.lang.zh import ChineseTokenizer, Segmenter

    kind, _, model = segmenter.partition(":")
    if kind not in ("char", "jieba", "pkuseg") or (model and kind != "pkuseg"):
        raise UsageError(f"unknown segmenter {segmenter!r}, expected one of: {', '.join(SEGMENTERS)}")
    own = nlp.tokenizer
    if not isinstance(own, ChineseTokenizer):
        raise UsageError(
            f"{where.asked}: segmenters are for Chinese pipelines, but this one's language is {nlp.lang!r}"
        )
    if kind == "jieba":
        # Loaded here first it says nothing on standard error.
        load_segmenter("jieba")
    found = ChineseTokenizer(nlp.vocab, segmenter=Segmenter(kind))
    if kind == "pkuseg":
        found.pkuseg_seg = _pkuseg(model) if model else own.pkuseg_seg
        if found.pkuseg_seg is None:
            raise UsageError(
                f"{where.asked}: has no pkuseg model of its own"
                + advice("{segmenter} names one", segmenter="pkuseg:MODEL")
            )
    nlp.tokenizer = found
    return {"words": kind} | (origin("pkuseg", model).settings() if model else {})


def _pkuseg(model: str) -> Any:
    if find_spec("spacy_pkuseg") is None:
        raise MissingExtraError("spacy-pkuseg", "pkuseg")
    return pkuseg_pipeline(model).tokenizer.pkuseg_seg  # type: ignore[union-attr]


def _docs(nlp: "Language", batch: list[Passage], size: int) -> list["Doc"]:
    try:
        with unwarned():
            return list(nlp.pipe([passage.text for passage in batch], batch_size=size))
    except Exception as error:
        which = " to ".join(dict.fromkeys(repr(passage.id) for passage in (batch[0], batch[-1])))
        raise InputError(f"{which}: the pipeline failed: {type(error).__name__}: {first_line(error)}") from error


def _spans(doc: "Doc", passage: Passage, groups: list[str]) -> list[Span]:
    from spacy.util import filter_spans

    if doc.text != passage.text:
        raise InputError(f"{passage.id!r}: the pipeline changed the text, so its offsets are meaningless")
    found = doc.ents
    if groups:
        found = tuple(filter_spans(chain.from_iterable(doc.spans.get(key, ()) for key in groups)))
    return [Span(span.start_char, span.end_char, span.label_, span.text) for span in found]
