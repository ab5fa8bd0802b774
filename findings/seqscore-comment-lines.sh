#!/usr/bin/env bash
# seqscore 0.9.0, --allow-comment-lines: every line before a sentence that begins with # is a comment, a token with its tag
# too. A sentence that begins with the token # loses it, and with it a name of that one token, without a word.
# Seen: `seqscore count` on a file with "#<tab>B-LOC" first: one mention LOC without the option, none with it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q seqscore==0.9.0
cd "$work"
printf '#\tB-LOC\n在\tO\n\n太\tB-ORG\n原\tI-ORG\n\n' >a.conll
venv/bin/seqscore count --labels BIO a.conll | tee plain
venv/bin/seqscore count --labels BIO --allow-comment-lines a.conll | tee comments
grep -q 'LOC' plain
! grep -q 'LOC' comments
grep -q 'ORG' comments
