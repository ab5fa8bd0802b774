"""A gold set and predictions that try to be more than text, in every place where a user's words reach the page."""

import json
from pathlib import Path

# Each of these would be seen if it were not text: an element, a dialog, a broken script, a turned line.
MARKUP = "<img src=x onerror=alert(1)><script>alert(2)</script></script></style><!--"
QUOTES = "\"'><b id=injected>`{{7*7}}${1}&amp;&#0;"
ODD = "\u202e\u2066\x1b[31m\u0000\u2028\ufeff\U000e0041"

# The file name of a system; a name has no room for a slash.
NAME = "<img src=x onerror=alert(3)>\"'&\u202e"
ID = f"<i id=injected>{QUOTES}"
TEXT = f"太原{MARKUP}\n市委{QUOTES}{ODD}\r\t末"


def files(folder: Path) -> tuple[Path, Path]:
    """The gold and the predictions, written to a folder."""
    gold = folder / "<u>gold&.jsonl"
    span = {"start": 0, "end": 2 + len(MARKUP), "type": "PLACE"}
    entities = [
        {**span, "rule": f"</button>{MARKUP}", "code": "140100", "role": "actor"},
        {"start": 0, "end": 2, "type": "PLACE", "rule": QUOTES},
        {"start": TEXT.index(QUOTES), "end": len(TEXT) - 1, "type": "ORG", "status": "optional", "rule": ODD},
    ]
    record = {"id": ID, "text": TEXT, "title": f"{MARKUP}{ODD}", "entities": entities}
    gold.write_text(json.dumps(record) + "\n", "utf-8")
    predictions = folder / f"{NAME}.jsonl"
    found = [
        {"start": 1, "end": 12, "type": "ORG"},
        {"start": TEXT.index("市委"), "end": len(TEXT), "type": "PLACE"},
        {"start": 12, "end": 20, "type": "evil<script>alert(4)</script>"},
    ]
    unlocated = [{"text": f"{MARKUP}{QUOTES}{ODD}", "type": "ORG"}] * 2
    predictions.write_text(json.dumps({"id": ID, "entities": found, "unlocated": unlocated}) + "\n", "utf-8")
    return gold, predictions


def arguments(folder: Path) -> list[str]:
    """What the command is told, besides where to write."""
    gold, predictions = files(folder)
    labels = folder / "<s>map.toml"
    labels.write_text('title = "own"\nsource = "own"\n[labels]\nPLACE = "PLACE"\nORG = "ORG"\n', "utf-8")
    ignored = "evil<script>alert(4)</script>"
    return [str(predictions), "--gold", str(gold), "--labels", str(labels), "--ignore-labels", ignored]
