#!/usr/bin/env bash
# nervaluate 1.2.1: min_overlap_percentage is compared with a percentage in binary floating point, so that spans which
# share exactly the percentage asked for may count as not overlapping. Of a gold entity of 100 characters a prediction
# has the first 29; with min_overlap_percentage=29 the pair is no overlap (29 / 100 * 100.0 is 28.999999999999996),
# with 28 it is. 55 of 100 at 55 is an overlap (55.00000000000001).
# Output seen: "29 of 100 at 29 %: correct 0, missed 1" and "55 of 100 at 55 %: correct 1, missed 0".
# Exits non-zero when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet nervaluate==1.2.1
"$folder/venv/bin/python" - <<'PYTHON'
from nervaluate.evaluator import Evaluator

seen = {}
for percent in (29, 55):
    gold = [[{"label": "A", "start": 0, "end": 99}]]
    predicted = [[{"label": "A", "start": 0, "end": percent - 1}]]
    evaluator = Evaluator(gold, predicted, tags=["A"], loader="dict", min_overlap_percentage=percent)
    found = evaluator.evaluate()["overall"]["ent_type"]
    seen[percent] = (found.correct, found.missed)
    print(f"{percent} of 100 at {percent} %: correct {found.correct}, missed {found.missed}")
assert seen == {29: (0, 1), 55: (1, 0)}, seen
PYTHON
