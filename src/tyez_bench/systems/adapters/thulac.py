"""THULAC's joint segmenter and tagger (model_c, in the package)."""

import contextlib
import io
import warnings

from tyez_bench.gold.gold import Gold
from tyez_bench.model.spans import Span
from tyez_bench.systems.system import Options, System, tagging
from tyez_bench.systems.token_tags import words_to_spans

# Names of all kinds, abbreviations, and words of time; what becomes of each is for the label map.
TAGS = ("np", "ns", "ni", "nz", "j", "t")


def load(argument: str, gold: Gold, options: Options) -> System:
    """Load THULAC's model and return the system."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        # It prints "Model loaded succeed" and leaves its model files to the garbage collector.
        warnings.simplefilter("ignore")
        import thulac

        model = thulac.thulac(seg_only=False)

    def tag(text: str) -> list[Span]:
        return words_to_spans(text, ((word, tag) for word, tag in model.cut(text)), TAGS)

    return System(predict=tagging(tag), by=options.by or "document")
