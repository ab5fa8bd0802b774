"""What a NER system is to the runner; where a model comes from; which label map reads its labels."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from tyez_bench.files.in_use import note_read
from tyez_bench.gold.gold import Gold
from tyez_bench.io.label_maps import another_map, choose, load_map, shown
from tyez_bench.model.errors import InputError, TyezBenchError, UsageError, first_line
from tyez_bench.model.spans import Span
from tyez_bench.systems.llm.options import Asking

UNITS = ("document", "sentence")


class Passage(Struct, frozen=True):
    """A text that a system is given: a document, or one of its sentences.

    ``document`` is the id of the document that it is from, for systems that must not have seen that one.
    """

    id: str
    document: str
    text: str


class Options(Struct, frozen=True, kw_only=True):
    """What a user may tell a system; each looks at what concerns it.

    ``by``: whether it is given documents or sentences (None: as suits it). ``labels``: label map of its labels (None:
    as the registry says, else as its label set tells). ``segmenter`` is for spaCy pipelines and GLiNER, ``llm`` for
    language models. ``lessons`` is the gold that those which learn are trained on (None: the one that is predicted,
    each document left out), and ``origins`` has, by id, the document of it that a document is made from.
    """

    by: str | None = None
    batch_size: int = 8
    device: str = "cpu"
    labels: str | None = None
    segmenter: str | None = None
    seed: int = 20220809
    llm: Asking = Asking()
    lessons: Gold | None = None
    origins: Mapping[str, str] = {}


# A text to spans with the system's own labels.
Tagger = Callable[[str], list[Span]]
# Passages to one record each, in their order: JSON objects of a predictions format, with the passage's id.
Predict = Callable[[Sequence[Passage]], Iterable[Mapping[str, Any]]]
# All records of a run to what is told of it beside the predictions.
Facts = Callable[[Sequence[Mapping[str, Any]]], Mapping[str, Any]]


class System(Struct, frozen=True, kw_only=True):
    """A system that is ready to run.

    ``settings`` is all that decides what it predicts and can be written as JSON: an interrupted run goes on only with
    the same ones. ``labels`` names the label map (None: detected from the labels). ``format`` is that of the records.
    ``facts`` makes what the facts of a run have beyond the usual, from all its records.
    ``name`` is the system's in facts and tables (None: as it was asked for), without the paths of a machine.
    """

    predict: Predict
    by: str = "document"
    labels: str | None = None
    format: str = "native"
    name: str | None = None
    settings: Mapping[str, Any] = {}
    facts: Facts | None = None


def passages(gold: Gold, by: str) -> list[Passage]:
    """The texts of a gold set: its documents, or their sentences (a document without any is one passage).

    Raises UsageError for another unit.
    """
    if by not in UNITS:
        raise UsageError(f"by {by!r} is neither of {', '.join(UNITS)}")
    if by == "document":
        return [Passage(document.id, document.id, document.text) for document in gold]
    found = []
    for document in gold:
        if not document.sentences:
            found.append(Passage(document.id, document.id, document.text))
        for sentence in document.sentences:
            found.append(Passage(sentence.id, document.id, document.text[sentence.start : sentence.end]))
    return found


def span_record(passage: Passage, spans: Iterable[Span]) -> dict[str, Any]:
    """Spans of a passage as a native record, in their order in the text."""
    ordered = sorted(spans, key=lambda span: (span.start, -span.end, span.label))
    return {
        "id": passage.id,
        "entities": [
            {"start": s.start, "end": s.end, "type": s.label, **({} if s.text is None else {"text": s.text})}
            for s in ordered
        ],
    }


def tagging(tag: Tagger) -> Predict:
    """A tagger of texts as the function that the runner calls; whatever goes wrong in it names the passage."""

    def predict(given: Sequence[Passage]) -> Iterator[Mapping[str, Any]]:
        for passage in given:
            try:
                found = tag(passage.text)
            except Exception as error:
                reason = f"the system failed: {type(error).__name__}: {error}"
                raise InputError(f"{passage.id!r}: {reason}") from error
            yield span_record(passage, found)

    return predict


def map_for(
    labels: Iterable[str], asked: str | None, model: str, gold: Gold, *, usual: str | None = None
) -> str | None:
    """The name of the label map: the one asked for, or the ``usual`` one if it knows them all, or whichever does.

    None where the labels are the gold's own, or some of them are. Raises UsageError when a label is unknown to the map,
    or when maps that know them all read them differently.
    """
    known = sorted(set(labels))
    if not known:
        raise UsageError(f"{model}: has no labels")
    # Texts without any entity are there to be marked: with the labels of the set.
    there = gold.present or gold.labels.names
    if asked is None:
        try:
            name = choose(known, gold.labels, closed=not gold.open_labels, present=there, usual=usual).name
        except UsageError as error:
            raise UsageError(f"{model}: {error}") from None
        return None if name == gold.labels.name else name
    unknown = load_map(asked).unknown(known)
    if unknown:
        raise UsageError(f"{model}: {asked} lacks {shown(unknown)}{another_map()}")
    # As it was asked for: a file of one's own is found by its path.
    return asked


class Origin(Struct, frozen=True):
    """A model as it was asked for; ``folder`` is None for a name, which the library resolves."""

    family: str
    name: str
    folder: Path | None = None

    @property
    def asked(self) -> str:
        """What the user wrote."""
        return f"{self.family}:{self.name if self.folder is None else self.folder}"

    @property
    def system(self) -> str:
        """The system's name in facts and tables: of a directory its last part, wherever it stands."""
        return f"{self.family}:{self.name}"

    def settings(self) -> dict[str, str]:
        """What tells this model from another: its name, and of a directory the SHA-256 of its files."""
        return {"model": self.name} | ({} if self.folder is None else {"sha256": fingerprint(self.folder)})

    def not_loaded(self, error: BaseException) -> TyezBenchError:
        """What is said when its library can't load it."""
        if self.folder is None:
            return UsageError(f"{self.asked}: no such directory, and no such model is available: {first_line(error)}")
        return InputError(f"{self.asked}: can't be loaded: {type(error).__name__}: {first_line(error)}")


def origin(family: str, argument: str) -> Origin:
    """The model that an argument names. Raises UsageError for a path where there is no directory."""
    path = Path(argument).expanduser()
    if path.is_dir():
        return Origin(family, path.resolve().name, path)
    if path.exists():
        raise UsageError(f"{family}:{argument}: is a file, expected the directory of a model")
    if path.is_absolute() or argument.startswith((".", "~")) or argument.count("/") > 1 or "\\" in argument:
        raise UsageError(f"{family}:{argument}: no such directory")
    return Origin(family, argument)


def fingerprint(folder: Path) -> str:
    """SHA-256 of the files of a directory and of their places in it; hidden ones are passed over."""
    found = []
    for path in folder.rglob("*"):
        place = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") for part in place.parts):
            found.append(f"{place.as_posix()}\0{file_sha256(path)}\n")
    return hashlib.sha256("".join(sorted(found)).encode()).hexdigest()


def file_sha256(path: str | Path) -> str:
    """SHA-256 of a file of any size. Raises UsageError for one that can't be read."""
    try:
        with open(path, "rb") as file:
            note_read(file.fileno(), path)
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UsageError(f"{path}: can't be read: {error.strerror}") from None
