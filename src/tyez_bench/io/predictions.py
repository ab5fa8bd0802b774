"""Predictions as they were read: by document, with the label map and what was counted on the way."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from tyez_bench.io.label_maps import LabelMap
from tyez_bench.model.documents import Prediction
from tyez_bench.model.errors import counted, one_line


@dataclass(frozen=True, slots=True)
class ReadingNotes:
    """How a file was read, to be printed with the score.

    ``keyed_by`` says by what the records were placed (document, sentence, page, text, position). ``out_of_scope``
    counts the labels that were ignored; ``dropped`` the spans that lost to an overlapping one under a rule asked for;
    ``moved`` and ``lost`` what aligning did; ``edits`` the differences of a model's copies; ``unlocated`` what is not
    in the text; ``repaired`` the tags that a named repair changed; ``places`` the tokens read without their place in
    the word; ``broken_tags`` the tags of a model's answer that mark nothing, because they lack a counterpart or a text;
    ``offsets`` its names whose own offsets were passed over; ``unread`` the answers that are empty, broken or no copy
    of the text, and name nothing, ``unread_kinds`` how many of each; ``whole_texts`` the names that are all of their
    record's text, where most are; ``rejected`` the records that an annotator set aside; ``white_edges`` the spans that
    begin or end with white space; ``touching`` the groups of a pipeline that touch one of the same label, where most
    do. ``missing_sentences`` counts those that no record stands for. ``unit`` is what the offsets count, if not code
    points; ``rivals`` are columns, from 1, with different tags of the same labels, of which the last was read;
    ``misread`` is another reading under which many more spans would fit the gold (see formats/misread.py).
    """

    format: str
    keyed_by: str
    records: int
    out_of_scope: dict[str, int] = field(default_factory=dict)
    dropped: int = 0
    moved: int = 0
    lost: int = 0
    edits: int = 0
    unlocated: int = 0
    repaired: int = 0
    places: int = 0
    broken_tags: int = 0
    offsets: int = 0
    unread: int = 0
    unread_kinds: dict[str, int] = field(default_factory=dict)
    rejected: int = 0
    white_edges: int = 0
    touching: int = 0
    whole_texts: int = 0
    missing_sentences: int = 0
    unit: str | None = None
    rivals: tuple[int, ...] = ()
    misread: dict[str, Any] = field(default_factory=dict)

    @property
    def notes(self) -> dict[str, Any]:
        """What was left out or changed on the way, by the names above, as far as there was any."""
        return {name: value for name, value in asdict(self).items() if value and name not in ("format", "records")}


@dataclass(frozen=True, repr=False)
class Predictions(Mapping[str, Prediction]):
    """Predictions by document id, with the label map and how they were read.

    ``asked`` holds what the reading was told to do, by the names of the command line's options, and the format.
    """

    by_document: Mapping[str, Prediction]
    label_map: LabelMap
    reading: ReadingNotes
    asked: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Prediction:
        return self.by_document[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_document)

    def __len__(self) -> int:
        return len(self.by_document)

    def __repr__(self) -> str:
        return one_line(
            f"<Predictions: {counted(len(self), 'document')}, {self.reading.format}, labels {self.label_map.name}>"
        )
