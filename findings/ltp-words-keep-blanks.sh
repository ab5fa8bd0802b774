#!/usr/bin/env bash
# ltp-extension 0.1.13 (the perceptrons of LTP 4): white space is no word and is not left out: it stays at the end of the word
# before it, so that a name made of words, as LTP makes it ("".join of the words of a tag), is longer than the name, and is
# not equal to the same name before a comma.
# Seen: words ['李雷 ', '在\n', '上海'] of "李雷 在\n上海", tags S-Nh, O, S-Ns. The models are trained here on two sentences
# without white space.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q ltp-extension==0.1.13
cd "$work"
venv/bin/python - <<'PY' >log
from pathlib import Path

from ltp_extension.perceptron import CWSTrainer, NERTrainer, POSTrainer

words = [("李雷", "nh", "S-Nh"), ("在", "p", "O"), ("上海", "ns", "S-Ns")]
labels = {"pos": ["nh", "p", "ns"], "ner": ["O", "S-Nh", "S-Ns"]}
for number, (task, kind) in enumerate((("cws", CWSTrainer), ("pos", POSTrainer), ("ner", NERTrainer)), 1):
    lines = [" ".join("/".join(word[:number]) for word in order) for order in (words, words[::-1])]
    Path(task).write_text("\n".join(lines * 20) + "\n", "utf-8")
    trainer = kind(labels[task]) if task in labels else kind()
    trainer.load_train_data(task)
    trainer.load_eval_data(task)
    trainer.epoch, trainer.eval_threads = 5, 1
    trainer.train().save(f"{task}.bin")
PY
venv/bin/python - <<'PY'
from ltp_extension.algorithms import get_entities
from ltp_extension.perceptron import CWSModel, NERModel, POSModel

words = CWSModel.load("cws.bin").predict("李雷 在\n上海")
tags = NERModel.load("ner.bin").predict(words, POSModel.load("pos.bin").predict(words))
names = [(tag, "".join(words[start : end + 1])) for tag, start, end in get_entities(tags)]
print(words, tags, names)
assert words == ["李雷 ", "在\n", "上海"], words
assert names == [("Nh", "李雷 "), ("Ns", "上海")], names
PY
