"""Import files into projects of a doccano of one's own, and print the spans of each as JSON.

Run by test_doccano_import.py, in a process of its own.

Arguments: a folder for its database, then the files. Each goes into a project for sequence labeling without and into
one with overlapping spans allowed.
"""

import json
import os
import sys
from pathlib import Path

import backend  # type: ignore[import-not-found]

FOLDER, *FILES = sys.argv[1:]
sys.path.insert(0, next(iter(backend.__path__)))
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.development"
os.environ["DATABASE_URL"] = f"sqlite:///{FOLDER}/db.sqlite3"

import django  # type: ignore[import-not-found]  # noqa: E402

django.setup()

from data_import.datasets import load_dataset  # type: ignore[import-not-found]  # noqa: E402
from data_import.pipeline.catalog import JSONL  # type: ignore[import-not-found]  # noqa: E402
from data_import.pipeline.readers import FileName  # type: ignore[import-not-found]  # noqa: E402
from django.contrib.auth import get_user_model  # type: ignore[import-not-found]  # noqa: E402
from django.core.management import call_command  # type: ignore[import-not-found]  # noqa: E402
from labels.models import Span  # type: ignore[import-not-found]  # noqa: E402
from projects.models import SequenceLabelingProject  # type: ignore[import-not-found]  # noqa: E402

call_command("migrate", verbosity=0)
user = get_user_model().objects.create(username="user")
found = []
for name in FILES:
    for overlapping in (False, True):
        project = SequenceLabelingProject.objects.create(
            name=name, project_type="SequenceLabeling", created_by=user, allow_overlapping=overlapping
        )
        file = FileName(name, Path(name).name, Path(name).name)
        dataset = load_dataset("SequenceLabeling", JSONL, [file], project, encoding="utf_8")
        dataset.save(user)
        spans = [
            [span.example.meta["id"], span.start_offset, span.end_offset, span.label.text, span.example.text]
            for span in Span.objects.filter(example__project=project)
        ]
        found.append(
            {"file": name, "overlapping": overlapping, "spans": spans, "errors": [str(e) for e in dataset.errors]}
        )
print(json.dumps(found))
