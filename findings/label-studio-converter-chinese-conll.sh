#!/usr/bin/env bash
# label-studio-converter 0.0.59, Converter.convert(…, "CONLL2003"): tokens are those of NLTK's TreebankWordTokenizer, and a
# token has the tag of the first region that touches it. Chinese has no blanks: a clause is one token, full stops inside it
# included, and every region but the first is gone without a warning.
# And ids: in JSON-MIN the task's number replaces the `id` in the task's data, in CSV the data's `id` replaces the number.
# Seen: of two regions one line `太原市政府昨天开会。李明到了北京。 -X- _ B-ORG`; JSON-MIN id 7, CSV id d1.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q label-studio-converter==0.0.59 nltk==3.10.4
cd "$work"
venv/bin/python - <<'PY'
import csv
import json

from label_studio_converter import Converter

text = "太原市政府昨天开会。李明到了北京。"
regions = [(0, 5, "ORG"), (14, 16, "LOC")]
result = [
    {
        "id": str(start),
        "from_name": "label",
        "to_name": "text",
        "type": "labels",
        "value": {"start": start, "end": end, "text": text[start:end], "labels": [label]},
    }
    for start, end, label in regions
]
task = {"id": 7, "data": {"id": "d1", "text": text}, "annotations": [{"id": 1, "result": result}]}
with open("tasks.json", "w", encoding="utf-8") as file:
    json.dump([task], file)
config = (
    '<View><Labels name="label" toName="text"><Label value="ORG"/><Label value="LOC"/></Labels>'
    '<Text name="text" value="$text"/></View>'
)
for form in ("CONLL2003", "JSON_MIN", "CSV"):
    Converter(config, project_dir=None, download_resources=False).convert("tasks.json", form, form, is_dir=False)
with open("CONLL2003/result.conll", encoding="utf-8") as file:
    columns = file.read()
with open("JSON_MIN/result.json", encoding="utf-8") as file:
    (minimal,) = json.load(file)
with open("CSV/result.csv", encoding="utf-8", newline="") as file:
    (row,) = csv.DictReader(file, delimiter="\t" if "\t" in open("CSV/result.csv", encoding="utf-8").readline() else ",")
print(columns, minimal["id"], row["id"])
assert columns == f"-DOCSTART- -X- O\n{text} -X- _ B-ORG\n\n", columns
assert len(minimal["label"]) == 2
assert (minimal["id"], row["id"]) == (7, "d1")
PY
