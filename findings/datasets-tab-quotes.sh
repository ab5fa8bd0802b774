#!/usr/bin/env bash
# datasets 5.2.0, load_dataset("csv", sep="\t"): the usual way to read tokens and tags as a table. A token " opens a quoted
# field, which goes on over tabs and line ends to the next ": the rows between are one cell, without an error.
# quoting=csv.QUOTE_NONE reads them.
# Seen: of 5 lines 3 rows, of which one token is '\tO\n太\tB-LOC\n' (or the like); with QUOTE_NONE 5 rows.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q datasets==5.2.0
cd "$work"
printf '在\tO\n"\tO\n太\tB-LOC\n"\tO\n开\tO\n' >a.tsv
HF_HOME="$work" HF_DATASETS_OFFLINE=1 venv/bin/python - <<'PY'
import csv

import datasets

names = ["token", "tag"]
plain = list(datasets.load_dataset("csv", data_files="a.tsv", sep="\t", column_names=names, split="train"))
right = list(
    datasets.load_dataset(
        "csv", data_files="a.tsv", sep="\t", column_names=names, quoting=csv.QUOTE_NONE, split="train"
    )
)
print(plain)
assert len(right) == 5, right
assert len(plain) == 3, plain
assert not any(row["tag"] == "B-LOC" for row in plain)
PY
