#!/usr/bin/env bash
# evaluate 0.4.6 (datasets 5.2.0, numpy 2.4.6): a metric with two forms of input, lists of strings or lists of dicts.
# evaluate chooses the form by the first example alone. An empty list fits both, so the first form is taken, and the
# dicts that follow are turned into their str() without an error: the metric is handed the text
# "{'start': 0, 'end': 2}" where it was given a dict. With the two examples in the other order it gets the dicts.
# Seen: [[], ["{'start': 0, 'end': 2}"]] and [[{'end': 2, 'start': 0}], []] (keys in either order).
# Exits with 1 if that changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet evaluate==0.4.6 datasets==5.2.0 numpy==2.4.6
export HF_HOME="$work/hf" HF_MODULES_CACHE="$work/modules" HF_HUB_OFFLINE=1
mkdir "$work/metric"
cat >"$work/metric/two_forms.py" <<'END'
import datasets
import evaluate


class TwoForms(evaluate.Metric):
    def _info(self):
        tags = datasets.Sequence(datasets.Value("string"))
        span = [{"start": datasets.Value("int64"), "end": datasets.Value("int64")}]
        return evaluate.MetricInfo(
            description="What it is handed.",
            citation="",
            inputs_description="",
            features=[
                datasets.Features({"predictions": form, "references": form}) for form in (tags, span)
            ],
        )

    def _compute(self, predictions, references):
        return {"handed": predictions}
END
"$work/venv/bin/python" - "$work/metric/two_forms.py" <<'END'
import sys

import evaluate

metric = evaluate.load(sys.argv[1])
span = {"start": 0, "end": 2}
first_empty = metric.compute(predictions=[[], [span]], references=[[], [span]])["handed"]
last_empty = metric.compute(predictions=[[span], []], references=[[span], []])["handed"]
print(first_empty, last_empty)
assert first_empty == [[], ["{'start': 0, 'end': 2}"]], first_empty
assert last_empty == [[span], []], last_empty
END
