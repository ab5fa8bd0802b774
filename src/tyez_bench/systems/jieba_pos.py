"""jieba's part-of-speech tagger (dictionary and HMM, both in the package)."""

import logging
import warnings

from tyez_bench.model import PredictedEntity
from tyez_bench.systems import Tagger
from tyez_bench.systems.label_maps import JIEBA
from tyez_bench.systems.words import words_to_entities


def load() -> Tagger:
    """Load jieba's dictionary and return its tagger."""
    with warnings.catch_warnings():
        # jieba 0.42.1 has invalid escapes, unclosed files and pkg_resources in its own code.
        warnings.simplefilter("ignore")
        import jieba
        import jieba.posseg

        jieba.setLogLevel(logging.WARNING)
        jieba.initialize()

    def tag(text: str) -> list[PredictedEntity]:
        return words_to_entities(text, ((pair.word, pair.flag) for pair in jieba.posseg.cut(text)), JIEBA)

    return tag
