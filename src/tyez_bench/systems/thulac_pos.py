"""THULAC's joint segmenter and tagger (model_c, in the package)."""

import contextlib
import io
import warnings

from tyez_bench.model import PredictedEntity
from tyez_bench.systems import Tagger
from tyez_bench.systems.label_maps import THULAC
from tyez_bench.systems.words import words_to_entities


def load() -> Tagger:
    """Load THULAC's model and return its tagger."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        # It prints "Model loaded succeed" and leaves its model files to the garbage collector.
        warnings.simplefilter("ignore")
        import thulac

        model = thulac.thulac(seg_only=False)

    def tag(text: str) -> list[PredictedEntity]:
        return words_to_entities(text, ((word, tag) for word, tag in model.cut(text)), THULAC)

    return tag
