"""Gold sets too large for memory: documents one at a time."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tyez_bench.corpus.gold import complete, first_misfit
from tyez_bench.corpus.ids import canonical
from tyez_bench.errors import InputError
from tyez_bench.jsonl import convert, stream_records
from tyez_bench.labels import LabelSet
from tyez_bench.model import Document


@dataclass
class GoldStream:
    """The documents of a gold file in its order, to be read once. The fingerprint is known at the end."""

    path: Path
    labels: LabelSet
    _digest: Any = field(default_factory=hashlib.sha256, init=False, repr=False)

    @property
    def name(self) -> str:
        """The file's name without its suffixes."""
        return self.path.name.removesuffix(".gz").removesuffix(".jsonl")

    @property
    def fingerprint(self) -> str:
        """That of what was read so far, as of a gold set that was read at once."""
        return str(self._digest.hexdigest())

    def __iter__(self) -> Iterator[tuple[int, Document]]:
        """Yield line and document. Raises InputError; that no id occurs twice is for the reader to see."""
        for line, record in stream_records(self.path):
            document = convert(complete(record), Document, path=self.path, line=line)
            wrong = first_misfit(document, self.labels)
            if wrong is not None:
                raise InputError(wrong, path=self.path, line=line)
            self._digest.update(canonical(document))
            yield line, document
