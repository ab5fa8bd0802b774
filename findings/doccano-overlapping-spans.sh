#!/usr/bin/env bash
# doccano 1.8.4, import of JSONL into a project for sequence labeling: unless the project allows overlapping spans (off by
# default), spans that overlap are dropped, not refused, and the import reports no error. Of spans with one start the first in
# the file stays, not the longer; a span that begins inside a kept one goes.
# Seen: of [0,3,LOC] and [0,5,ORG], in this order, (0, 3, LOC) is kept; errors [].
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
# What its own requirements leave open, and later releases break.
"$work/venv/bin/pip" install -q doccano==1.8.4 'marshmallow<4' 'numpy<2' 'setuptools<81'
cd "$work"
printf '%s\n' '{"text": "太原市政府", "label": [[0, 3, "LOC"], [0, 5, "ORG"]]}' >a.jsonl
DATABASE_URL="sqlite:///$work/db.sqlite3" DJANGO_SETTINGS_MODULE=config.settings.development \
    venv/bin/python -W ignore - <<'PY'
import sys

import backend

sys.path.insert(0, next(iter(backend.__path__)))
import django

django.setup()
from data_import.datasets import load_dataset
from data_import.pipeline.catalog import JSONL
from data_import.pipeline.readers import FileName
from django.contrib.auth import get_user_model
from django.core.management import call_command
from labels.models import Span
from projects.models import SequenceLabelingProject

call_command("migrate", verbosity=0)
user = get_user_model().objects.create(username="user")
project = SequenceLabelingProject.objects.create(name="p", project_type="SequenceLabeling", created_by=user)
dataset = load_dataset("SequenceLabeling", JSONL, [FileName("a.jsonl", "a.jsonl", "a.jsonl")], project, encoding="utf_8")
dataset.save(user)
found = [(span.start_offset, span.end_offset, span.label.text) for span in Span.objects.all()]
print(found, dataset.errors)
assert found == [(0, 3, "LOC")], found
assert dataset.errors == []
PY
