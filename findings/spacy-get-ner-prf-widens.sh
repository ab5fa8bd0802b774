#!/usr/bin/env bash
# spaCy 3.8.18: get_ner_prf, the default scorer of the component ner, widens a predicted entity to the whole tokens of the
# reference that it touches. The reference has 北京市 as one token and as the name; the prediction, on tokens of one
# character, is 北京. That is two of three characters, and counts as right: ents_f 1.0. Two predictions in one token of
# the reference, 北京 and 市, are one right and one wrong.
# Output seen: "北京: p 1.0 r 1.0" and "北京, 市: p 0.5 r 1.0".
# Exits non-zero when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet spacy==3.8.18
"$folder/venv/bin/python" - <<'PYTHON'
import spacy
from spacy.scorer import get_ner_prf
from spacy.tokens import Doc, Span
from spacy.training import Example

vocab = spacy.blank("xx").vocab
reference = Doc(vocab, ["北京市", "很", "大"], spaces=[False] * 3)
reference.ents = [Span(reference, 0, 1, label="PLACE")]
seen = {}
for spans in ([(0, 2)], [(0, 2), (2, 3)]):
    predicted = Doc(vocab, list("北京市很大"), spaces=[False] * 5)
    predicted.ents = [Span(predicted, start, end, label="PLACE") for start, end in spans]
    found = get_ner_prf([Example(predicted, reference)])
    name = ", ".join(span.text for span in predicted.ents)
    seen[name] = (found["ents_p"], found["ents_r"])
    print(f"{name}: p {found['ents_p']} r {found['ents_r']}")
assert seen == {"北京": (1.0, 1.0), "北京, 市": (0.5, 1.0)}, seen
PYTHON
