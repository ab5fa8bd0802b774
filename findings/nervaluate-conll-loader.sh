#!/usr/bin/env bash
# nervaluate 1.2.1, loader="conll": the tag is the second column, not the last; and of the prefix only B counts inside an
# entity, so that BIOES is read in part without an error: an S directly behind an entity of its type is joined to it, and an S
# anywhere else is refused ("Invalid tag format: S-LOC").
# Seen: `中 B-LOC / 国 E-LOC / 俄 S-LOC` (two entities, written with tabs) is one entity 0–2; with four columns `太 NR B-NP B-LOC` is
# refused (Invalid tag format: NR).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q nervaluate==1.2.1
cd "$work"
venv/bin/python - <<'PY'
from nervaluate.loaders import ConllLoader

(entities,) = ConllLoader().load("中\tB-LOC\n国\tE-LOC\n俄\tS-LOC\n")
print(entities)
assert [(e.label, e.start, e.end) for e in entities] == [("LOC", 0, 2)], entities
for text in ("俄\tS-LOC\n", "太\tNR\tB-NP\tB-LOC\n"):
    try:
        ConllLoader().load(text)
    except ValueError as error:
        print(error)
        assert "Invalid tag format" in str(error)
    else:
        raise SystemExit("was read")
PY
