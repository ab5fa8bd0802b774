#!/usr/bin/env bash
# pybrat 0.1.7: texts are opened with Python's translation of line ends, so that \r\n becomes one character, while the offsets
# in the .ann (brat counts the file's own characters) are kept. Behind every such line end entities are off by one more,
# without an error: `entity.mention` is right, and `text[entity.start:entity.end]` is not.
# Seen: mention 太原市, text at its offsets 原市.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q pybrat==0.1.7
cd "$work"
mkdir set
printf '开会。\r\n太原市' >set/a.txt
printf 'T1\tLOC 5 8\t太原市\n' >set/a.ann
venv/bin/python - <<'PY'
from pybrat.parser import BratParser

(example,) = BratParser().parse("set")
(entity,) = example.entities
found = entity.mention, example.text[entity.start : entity.end]
print(found)
assert found == ("太原市", "原市"), found
PY
