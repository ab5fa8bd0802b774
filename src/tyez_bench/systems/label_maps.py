"""How the systems' own labels are read as ours. Written before any output was compared with the gold.

Both taggers use the tag letters of the PKU corpus: ns place names, nt names of organisations (THULAC: ni), t time
words. Neither has a label for money. nz (other proper names) mixes brands, products and more, and is left out.
"""

from tyez_bench.model import Label

JIEBA = {"ns": Label.PLACE, "nt": Label.ORG, "t": Label.DATE}

# THULAC's names: ns place, ni organisation, t time.
THULAC = {"ns": Label.PLACE, "ni": Label.ORG, "t": Label.DATE}

# JioNLP has one extractor a type. Of its time types, time_point, time_span, time_delta (durations) and
# time_period (sets) are all dates here: the gold decides which are optional.
JIONLP = {"money": Label.MONEY, "time": Label.DATE, "location": Label.PLACE}
