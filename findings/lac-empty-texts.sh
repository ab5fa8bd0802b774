#!/usr/bin/env bash
# LAC 2.1.2 (Baidu): `run` of a list takes the empty texts out of the caller's own list, and puts their empty outputs back
# from the last to the first, each at its old place: of two empty texts side by side the second one's goes behind the next
# text. The outputs are as many as the texts were, and in another order: whoever zips texts and outputs gives one text
# another one's names, without an error.
# Seen: for ["", "", "李雷在北京工作"] the names of the third text stand second, and the list that was given has one text.
# LAC asks for paddle.fluid, which Paddle calls paddle.base since 2.6: the old name is put back here, and nothing else.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q setuptools==80.9.0 wheel==0.45.1 paddlepaddle==2.6.2 numpy==1.26.4
"$work/venv/bin/pip" install -q --no-build-isolation --no-deps LAC==2.1.2
cd "$work"
venv/bin/python -W ignore - 2>"$work/log" <<'PY' || { cat "$work/log"; exit 1; }
import sys

import paddle.base

paddle.fluid = sys.modules["paddle.fluid"] = paddle.base
sys.modules["paddle.fluid.core"] = paddle.base.core
from LAC import LAC

lac = LAC(mode="lac")
texts = ["", "", "李雷在北京工作"]
outputs = lac.run(texts)
print(outputs, texts)
full = [["李雷", "在", "北京", "工作"], ["PER", "p", "LOC", "v"]]
assert outputs == [[[], []], full, [[], []]], outputs
assert texts == ["李雷在北京工作"], texts
PY
