#!/usr/bin/env bash
# annotations-evaluate 0.1.0, nested report: an entity has one parent, the smallest entity around it; of several of the
# same boundary the one whose label sorts first. Gold: A and B on the same characters, C inside. The prediction has B and
# C, both exactly right, nested as in the gold; still the edge B–C is a wrong attachment, and structure F1 is 0. With the
# labels A and B exchanged in the prediction F1 is 1: the figure depends on how the labels are called.
# Output seen: "B and C: wrong_attachment 1, f1 0.0" and "A and C: wrong_attachment 0, f1 1.0".
# Exits non-zero when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet annotations-evaluate==0.1.0
"$folder/venv/bin/python" - <<'PYTHON'
from annotations_evaluate import evaluate

gold = [{"label": label, "start": 0, "end": 9} for label in "AB"] + [{"label": "C", "start": 2, "end": 4}]
seen = {}
for label in "BA":
    spans = [{"label": label, "start": 0, "end": 9}, {"label": "C", "start": 2, "end": 4}]
    found = evaluate([{"document_id": "d", "gold": gold, "prediction": {"spans": spans}}]).structure
    seen[label] = (found.wrong_attachment, found.f1)
    print(f"{label} and C: wrong_attachment {found.wrong_attachment}, f1 {found.f1}")
assert seen == {"B": (1, 0.0), "A": (0, 1.0)}, seen
PYTHON
