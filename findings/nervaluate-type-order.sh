#!/usr/bin/env bash
# nervaluate 1.2.1: its scheme ent_type pairs one prediction after the other. Of a gold span cut in two, the first piece
# takes the gold span though its type is wrong, and the second, of the right type, is spurious. Seen: gold ORG 0-5,
# predictions LOC 0-2 and ORG 3-5: correct 0, incorrect 1, spurious 1; without the first piece: correct 1. One false
# prediction more makes a right one false. Strict, exact and partial of flat spans do not depend on it.
# Exits non-zero when that changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet nervaluate==1.2.1
"$folder/venv/bin/python" - <<'PYTHON'
from nervaluate.evaluator import Evaluator

GOLD = [{"label": "ORG", "start": 0, "end": 5}]
WRONG = {"label": "LOC", "start": 0, "end": 2}
RIGHT = {"label": "ORG", "start": 3, "end": 5}


def counts(predictions: list[dict]) -> tuple[int, int, int]:
    found = Evaluator([GOLD], [predictions], tags=["ORG", "LOC"], loader="dict").evaluate()["overall"]["ent_type"]
    return found.correct, found.incorrect, found.spurious


print("correct, incorrect, spurious:", counts([WRONG, RIGHT]), "and without the first:", counts([RIGHT]))
assert counts([WRONG, RIGHT]) == (0, 1, 1)
assert counts([RIGHT]) == (1, 0, 0)
PYTHON
