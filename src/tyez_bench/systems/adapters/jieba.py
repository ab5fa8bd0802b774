"""jieba's part-of-speech tagger (dictionary and HMM, both in the package)."""

import logging
import warnings

from tyez_bench.gold.gold import Gold
from tyez_bench.model.spans import Span
from tyez_bench.systems.system import Options, System, tagging
from tyez_bench.systems.token_tags import words_to_spans

# Names of all kinds, abbreviations, and words of time; what becomes of each is for the label map.
TAGS = ("nr", "nrfg", "nrt", "ns", "nt", "nz", "j", "t")


def load(argument: str, gold: Gold, options: Options) -> System:
    """Load jieba's dictionary and return the system."""
    with warnings.catch_warnings():
        # jieba 0.42.1 has invalid escapes, unclosed files and pkg_resources in its own code.
        warnings.simplefilter("ignore")
        import jieba
        import jieba.posseg

        jieba.setLogLevel(logging.WARNING)
        jieba.initialize()

    def tag(text: str) -> list[Span]:
        return words_to_spans(text, ((pair.word, pair.flag) for pair in jieba.posseg.cut(text)), TAGS)

    return System(predict=tagging(tag), by=options.by or "document")
