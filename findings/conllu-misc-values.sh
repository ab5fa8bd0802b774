#!/usr/bin/env bash
# conllu 6.0.0: a value in MISC or FEATS ends at its second equals sign, and of a key that stands there twice the last
# one is kept; neither is an error. CoNLL-U allows an equals sign in a value.
#   1  x  _  _  _  _  _  _  _  NE=B-a=b|Ref=u?v=1     ->  {'NE': 'B-a', 'Ref': 'u?v'}
#   1  x  _  _  _  _  _  _  _  NE=B-PER|NE=B-ORG      ->  {'NE': 'B-ORG'}
# A form with two blanks in it is split there, and the columns behind it are shifted:
#   1  a␣␣b  lemma …                                  ->  form 'a', lemma 'b'
# Exits with 1 if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check conllu==6.0.0
"$folder/venv/bin/python" - <<'PYTHON'
import conllu

rest = "\t".join("_" * 6)
(one,) = conllu.parse(f"1\tx\t_\t{rest}\tNE=B-a=b|Ref=u?v=1\n\n")
print(one[0]["misc"])
assert one[0]["misc"] == {"NE": "B-a", "Ref": "u?v"}
(two,) = conllu.parse(f"1\tx\t_\t{rest}\tNE=B-PER|NE=B-ORG\n\n")
print(two[0]["misc"])
assert two[0]["misc"] == {"NE": "B-ORG"}
(three,) = conllu.parse(f"1\ta  b\tlemma\t{rest}\tNE=O\n\n")
print(three[0]["form"], three[0]["lemma"])
assert (three[0]["form"], three[0]["lemma"]) == ("a", "b")
PYTHON
