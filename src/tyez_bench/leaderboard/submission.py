"""A submission: ``NAME.yaml`` describes a system, ``NAME.jsonl`` beside it has its predictions.

``tyez-bench run`` writes ``NAME.json`` too, with the versions, settings and texts of the run; where it is there, it
must be about the texts of the gold that is scored.
"""

import datetime
import json
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct, structs

from tyez_bench.files.jsonl import convert, encode_lines, read_text, sha256
from tyez_bench.gold.gold import Gold
from tyez_bench.io.align.offsets import offsets_of
from tyez_bench.io.read import FileOptions, Predictions, read_predictions
from tyez_bench.io.record import Options
from tyez_bench.model.errors import InputError, MissingExtraError, UsageError, counted, first_line, one_line

Words = Annotated[str, Meta(min_length=1, pattern=r"\S")]
# Lines of a table hold so much.
Title = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^\S(.*\S)?$")]


class SystemKind(StrEnum):
    """What a system is; each kind has a table of its own."""

    PACKAGE = "package"
    """Trained or written by others, before or without the page."""
    COMBINED = "combined"
    """Several of these put together."""
    LANGUAGE_MODEL = "language-model"
    """A language model that was asked."""
    OWN = "own"
    """A model of one's own that was not made with the page."""
    TRAINED_ON_GOLD = "trained-on-gold"
    """Trained on the page's other documents, each document left out in its turn."""
    PAGE_KNOWN = "page-known"
    """Made with the page known."""


class Contamination(StrEnum):
    """Whether the page, or its labels, can have been in what the system was made of."""

    NONE_KNOWN = "none-known"
    POSSIBLE = "possible"
    TEXT = "text"
    LABELS = "labels"


class Submission(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What must be known of a system beside its predictions.

    ``offsets``: what those of its predictions count, as ``--offsets``; None: code points, half-open, from 0.
    ``repeats``: whether its command gives the same bytes on any machine, offline; CI then runs it again.
    """

    system: Title
    what: Words
    kind: SystemKind
    training: Words
    contamination: Contamination
    contamination_note: Words
    labels: Words
    command: Words
    made: datetime.date
    by: Words
    url: str | None = None
    parameters: str | None = None
    hardware: str | None = None
    notes: str | None = None
    runs: tuple[str, ...] = ()
    offsets: str | None = None
    repeats: bool = False


class Entry(Struct, frozen=True):
    """A submission with its predictions, those of its further runs, and the facts that the runner wrote (if it did)."""

    name: str
    submission: Submission
    predictions: Predictions
    runs: tuple[Predictions, ...]
    facts: dict[str, Any]

    @property
    def command(self) -> str:
        """The command that scores the predictions, from the directory that they are in."""
        offsets = "" if self.submission.offsets is None else f" --offsets {_word(self.submission.offsets)}"
        return f"tyez-bench score {_word(f'{self.name}.jsonl')} --labels {_word(self.submission.labels)}{offsets}"


def read_description(path: Path) -> Submission:
    """The description of a system. Raises InputError with the line or the field, MissingExtraError without PyYAML."""
    try:
        import yaml
    except ImportError:
        raise MissingExtraError("pyyaml", "submit") from None
    text = read_text(path)
    try:
        found = yaml.load(text, _loader(yaml))
    except RecursionError:
        raise InputError("not valid YAML: nested too deeply", path=path) from None
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or first_line(error)
        raise InputError(f"not valid YAML: {reason}", path=path, line=None if mark is None else mark.line + 1) from None
    if not isinstance(found, dict):
        expected = ", ".join(structs.asdict(_EXAMPLE))
        raise InputError(f"expected fields ({expected}), got {type(found).__name__}", path=path)
    return convert(found, Submission, path=path)


def _loader(yaml: Any) -> Any:
    """A loader of plain YAML that refuses a key given twice."""

    class Loader(yaml.SafeLoader):  # type: ignore[misc]
        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            seen: list[Any] = []
            for key, _ in node.value:
                if key.value in seen:
                    reason = f"the key {key.value!r} occurs twice"
                    raise yaml.constructor.ConstructorError(problem=reason, problem_mark=key.start_mark)
                seen.append(key.value)
            return super().construct_mapping(node, deep=deep)

    return Loader


def read_entry(path: Path, gold: Gold) -> Entry:
    """A submission by the path of its description. Raises InputError, UsageError, MissingExtraError."""
    submission = read_description(path)
    if len({*submission.runs, f"{path.stem}.jsonl"}) <= len(submission.runs) or any(
        Path(name).name != name for name in submission.runs
    ):
        raise InputError("runs: expected the names of other files beside it, each once", path=path)
    facts = read_facts(path.with_suffix(".json"))
    files = [path.with_suffix(".jsonl"), *(path.parent / name for name in submission.runs)]
    how = file_options(submission, path)
    first, *others = [
        read_predictions(file, gold, labels=how.labels, format=facts.get("format"), options=how.options)
        for file in files
    ]
    return Entry(path.stem, submission, first, tuple(others), facts)


class _RunFacts(Struct):
    seconds: float | None = None


class _TextFacts(Struct):
    sha256: str | None = None


class _Facts(Struct):
    """What is taken from the facts of a run, and what it must be."""

    system: str | None = None
    labels: str | None = None
    format: str | None = None
    packages: dict[str, str] | None = None
    run: _RunFacts | None = None
    texts: _TextFacts | None = None


def read_facts(path: Path) -> dict[str, Any]:
    """What ``tyez-bench run`` wrote beside predictions; nothing where it did not. Raises InputError."""
    if not path.is_file():
        return {}
    try:
        found: dict[str, Any] = json.loads(read_text(path))
        msgspec.convert(found, _Facts)
    except msgspec.ValidationError as error:
        raise InputError(f"is not the record of a run: {error}", path=path) from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"not valid JSON: {first_line(error)}", path=path) from None
    return found


def file_options(submission: Submission, path: Path) -> FileOptions:
    """How the predictions beside a description are read. Raises InputError for offsets of no known unit."""
    options = Options(offsets=submission.offsets)
    try:
        offsets_of(options)
    except UsageError as error:
        raise InputError(str(error), path=path) from None
    own = submission.labels.endswith(".toml")
    return FileOptions(labels=str(path.parent / submission.labels) if own else submission.labels, options=options)


def problems(entry: Entry, gold: Gold) -> Iterator[str]:
    """Why a submission that can be read does not belong in the table, a sentence each."""
    for number, predictions in enumerate((entry.predictions, *entry.runs), 1):
        which = f"run {number}: " if entry.runs else ""
        missing = [document.id for document in gold if document.id not in predictions]
        if missing:
            yield f"{which}has no predictions for {', '.join(missing)}: a document without entities has a record, too"
        sentences = predictions.reading.missing_sentences
        if sentences:
            lacks = counted(sentences, "sentence")
            yield f"{which}has no predictions for {lacks}: one without entities has a record, too"
    yield from _unfilled(entry.submission)
    texts = entry.facts.get("texts")
    known = sha256(encode_lines({"id": document.id, "text": document.text} for document in gold))
    if texts is not None and texts.get("sha256") != known:
        yield f"was made on texts other than those of {gold.name} {gold.version or ''}".rstrip()
    if (
        entry.submission.kind is SystemKind.TRAINED_ON_GOLD
        and entry.submission.contamination is not Contamination.LABELS
    ):
        yield "is trained on the gold: its contamination is 'labels'"
    if entry.submission.made > datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=1):
        yield f"was made on {entry.submission.made}, which is in the future"


_EXAMPLE = Submission(
    system="NAME",
    what="what it is, with versions",
    kind=SystemKind.OWN,
    training="what it was trained on, or made of",
    contamination=Contamination.POSSIBLE,
    contamination_note="why: dates of its data, whether the page or this repository can be in them",
    labels="tyez",
    command="the command that made the predictions",
    made=datetime.date(2026, 1, 1),
    by="who",
)


_LANGUAGE_MODEL = "the model as the endpoint calls it, the prompt, its language, shots and answer form"
_ENDPOINT = "--base-url URL …"


def _unfilled(submission: Submission) -> Iterator[str]:
    """The fields that still say what the template asks for."""
    for field, asked in structs.asdict(_EXAMPLE).items():
        # What is chosen from a list, a label map and a day may be the template's.
        if type(asked) is not str or field == "labels":
            continue
        said = getattr(submission, field).strip()
        if said in (asked, _LANGUAGE_MODEL) or (field == "command" and _ENDPOINT in said):
            yield f"{field}: still says {said!r}, which the template asks to fill in"


def template(name: str, facts: dict[str, Any], made: datetime.date) -> str:
    """A description to fill in, with what the runner's facts tell."""
    out = _word(f"{name}.jsonl")
    packages = ", ".join(f"{package} {version}" for package, version in (facts.get("packages") or {}).items())
    system = facts.get("system")
    known = {
        "system": (system or name)[:60],
        "what": packages or _EXAMPLE.what,
        "labels": facts.get("labels") or _EXAMPLE.labels,
        "command": f"tyez-bench run {_quoted(system)} --output {out}" if system else _EXAMPLE.command,
        "made": made.isoformat(),
    }
    if "llm" in facts:
        known |= {
            "kind": SystemKind.LANGUAGE_MODEL,
            "what": _LANGUAGE_MODEL,
            "command": f"tyez-bench run {_quoted(system or 'llm:NAME')} {_ENDPOINT} --output {out}",
        }
    # A comment ends with its line, and nothing that YAML refuses may stand in it.
    lines = [one_line(f"# {name}.yaml: beside {name}.jsonl; checked by tyez-bench submit --check {name}.yaml")]
    choices = {"kind": SystemKind, "contamination": Contamination}
    for field, value in msgspec.to_builtins(_EXAMPLE).items():
        if not value:
            continue
        comment = f"  # {', '.join(choices[field])}" if field in choices else ""
        # Both write escapes as YAML reads them between double quotes.
        lines.append(f"{field}: {one_line(json.dumps(known.get(field, value), ensure_ascii=False))}{comment}")
    return "\n".join(lines) + "\n"


def _quoted(word: object) -> str:
    """A word of a shell's command between single quotes."""
    return "'" + str(word).replace("'", "'\"'\"'") + "'"


def _word(word: str) -> str:
    """The same, without quotes where it needs none."""
    return word if re.fullmatch(r"[\w./:=@%+-]+", word) else _quoted(word)
