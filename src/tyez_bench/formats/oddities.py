"""What is odd about spans that are sound: it is said with the score, and changes nothing."""

from collections.abc import Sequence

from tyez_bench.formats.record import Record
from tyez_bench.model import Document, PredictedEntity

# The length up to which a text may well be one name.
_NAME = 10


def touching(records: Sequence[Record]) -> int:
    """How many groups of a pipeline touch one of the same label, where most do: a name is a group for each token."""
    found, spans = sum(record.touching for record in records), sum(len(record.spans) for record in records)
    return found if 2 * found > spans else 0


def has_white_edge(document: Document, entity: PredictedEntity) -> bool:
    """Whether an entity begins or ends with white space."""
    return document.text[entity.start].isspace() or document.text[entity.end - 1].isspace()


def whole_texts(records: Sequence[Record]) -> int:
    """How many spans are the whole text of their record, where most are: a sentence was taken for one token."""
    spans = [(record.text, span) for record in records if record.text is not None for span in record.spans]
    whole = sum(len(text) > _NAME and (span.start, span.end) == (0, len(text)) for text, span in spans)
    return whole if 2 * whole > len(spans) else 0
