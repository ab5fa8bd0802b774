#!/usr/bin/env bash
# spaCy 3.8.18, `spacy convert -c conll`: tags of BIOES and BMES are taken without an error or a warning, and make false
# entities. A chunk goes on only at I and L; E and M begin a new one. A name of three characters, in BIOES: two entities
# (太原 and 市); in BMES: three. In BIO: one. (IOB1 and BILOU are read rightly.)
# Seen: BIO 1 ['太 原 市'] · BIOES 2 ['太 原', '市'] · BMES 3 ['太', '原', '市'], each with exit code 0.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q spacy==3.8.18 numpy==2.4.6
cd "$work"
printf '太\tB-LOC\n原\tI-LOC\n市\tI-LOC\n在\tO\n\n' >bio.conll
printf '太\tB-LOC\n原\tI-LOC\n市\tE-LOC\n在\tO\n\n' >bioes.conll
printf '太\tB-LOC\n原\tM-LOC\n市\tE-LOC\n在\tO\n\n' >bmes.conll
for name in bio bioes bmes; do
    venv/bin/python -m spacy convert "$name.conll" . -c conll -l zh >/dev/null
done
venv/bin/python - <<'PY'
import spacy
from spacy.tokens import DocBin

vocab = spacy.blank("xx").vocab
found = {
    name: [e.text for doc in DocBin().from_disk(f"{name}.spacy").get_docs(vocab) for e in doc.ents]
    for name in ("bio", "bioes", "bmes")
}
print(found)
assert found == {"bio": ["太 原 市"], "bioes": ["太 原", "市"], "bmes": ["太", "原", "市"]}, found
PY
