#!/usr/bin/env bash
# jieba 0.42.1: the tag nr of its dictionary, documented as names of people, stands at common words, too. The most
# frequent word with it is 明白 (to understand); among the first ten are 文明 (civilisation), 武功, 小姐, 和尚, 王朝 and
# 阳光. And words that look like names have other tags: 查理 (Charlie) is v, a verb. So whoever takes nr for PER, as
# most label maps for jieba do, finds persons in ordinary sentences.
# Seen: 他明白了 and 文明社会 each give a word tagged nr; the most frequent words of two characters with the tag are 明白,
# 武功, 文明, 小姐, 小龙, 和尚, 宝玉, 王朝, 阳光 and 陆军.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q setuptools==80.9.0 jieba==0.42.1
cd "$work"
venv/bin/python - 2>/dev/null <<'PY'
import os

import jieba
import jieba.posseg

path = os.path.join(os.path.dirname(jieba.__file__), "dict.txt")
with open(path, encoding="utf-8") as file:
    rows = [line.split() for line in file]
people = sorted((row for row in rows if row[2] == "nr"), key=lambda row: -int(row[1]))
first = [row[0] for row in people if len(row[0]) == 2][:10]
print(len(people), "words tagged nr; the most frequent of two characters:", *first)
assert first[0] == "明白", first
assert {"文明", "武功", "小姐", "和尚", "王朝", "阳光"} <= set(first), first
for text, word in (("他明白了", "明白"), ("文明社会", "文明")):
    found = {pair.word: pair.flag for pair in jieba.posseg.cut(text)}
    print(text, found)
    assert found[word] == "nr", found
assert dict((row[0], row[2]) for row in rows)["查理"] == "v"
PY
