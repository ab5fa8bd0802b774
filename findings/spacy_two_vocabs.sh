#!/usr/bin/env bash
# spaCy 3.8.18: an Example whose reference was made in another Vocab than the prediction is taken without a word, and
# get_aligned_ner() works or fails by the name of the label: with ORG it gives tags, as ORG is among the symbols that
# every StringStore knows; with PLACE it ends with ValueError E084 (label not in StringStore). So data with the usual
# labels go through training and "spacy debug data", and the same data with a label of one's own stop.
# Seen: ['B-ORG', 'L-ORG'] and E084. Exits with 1 if that changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet spacy==3.8.18
"$work/venv/bin/python" - <<'END'
import spacy
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.vocab import Vocab

nlp = spacy.blank("zh")


def aligned(label):
    reference = Doc(Vocab(), words=["太", "钢"], spaces=[False, False])
    reference.ents = [Span(reference, 0, 2, label=label)]
    return Example(nlp.make_doc("太钢"), reference).get_aligned_ner()


found = aligned("ORG")
print(found)
assert found == ["B-ORG", "L-ORG"], found
try:
    aligned("PLACE")
except ValueError as error:
    print(error)
    assert "E084" in str(error)
else:
    raise SystemExit("no error for PLACE")
END
