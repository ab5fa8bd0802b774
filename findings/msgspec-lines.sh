#!/usr/bin/env bash
# msgspec 0.22.0: Decoder.decode_lines, of which the documentation says that it decodes newline-delimited JSON, does not
# look at lines. It takes values as they follow one another: several in a line, one over several lines, none in an empty
# line. So a file in which two records share a line and the next one is spread over two has as many records as lines, and
# a count of both shows nothing; json.loads, line by line, refuses three of its lines.
# Seen: {"a":1}{"b":2}, {"c": and 3} on three lines are three objects.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q msgspec==0.22.0
cd "$work"
venv/bin/python - <<'PY'
import json

import msgspec

decoder = msgspec.json.Decoder(dict)
lines = b'{"a":1}{"b":2}\n{"c":\n3}'
found = decoder.decode_lines(lines)
print(found, decoder.decode_lines(b'{"a":1}\n\n{"b":2}'))
assert found == [{"a": 1}, {"b": 2}, {"c": 3}], found
assert len(found) == lines.count(b"\n") + 1
assert decoder.decode_lines(b'{"a":1}\n\n{"b":2}') == [{"a": 1}, {"b": 2}]
refused = 0
for line in lines.split(b"\n"):
    try:
        json.loads(line)
    except ValueError:
        refused += 1
assert refused == 3, refused
PY
