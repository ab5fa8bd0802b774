"""A program or a Python function as a system; a model run over a gold set; and the spans that any of them answers."""

import contextlib
import importlib
import json
import os
import shlex
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from tyez_bench.gold.gold import Gold, load
from tyez_bench.io.formats.hf_pipeline import spans_of
from tyez_bench.io.label_maps import LabelMap
from tyez_bench.io.read import ReadOptions, read_records
from tyez_bench.io.record import Record
from tyez_bench.io.source import Source
from tyez_bench.model.errors import InputError, TyezBenchError, UsageError
from tyez_bench.model.hints import public
from tyez_bench.model.spans import Span
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.score import score
from tyez_bench.scoring.settings import Settings
from tyez_bench.systems.models import file_sha256
from tyez_bench.systems.system import Passage, RunOptions, System, passages, span_record


def command(argument: str, gold: Gold, options: RunOptions) -> System:
    """A program as a system: ``cmd:COMMAND LINE`` gets a text a line on its standard input, and answers a line of JSON.

    An answer is a list of spans, or an object with them under ``entities``; a span is ``{"start", "end", "label"}`` (or
    ``type``) or ``[start, end, label]``, half-open code points into the line. The program is started once, without a
    shell, and may read everything before it answers. Sentences are what it is given, since a text of several lines is
    no line.

    Raises UsageError for a line that is no command.
    """
    try:
        words = shlex.split(argument)
    except ValueError as error:
        raise UsageError(f"cmd:{argument}: is not a command line: {error}") from None

    def predict(given: Sequence[Passage]) -> Iterator[Mapping[str, Any]]:
        for passage in given:
            if "\n" in passage.text or "\r" in passage.text:
                raise UsageError(f"{passage.id!r} has a line break, but cmd: passes one text per line")
        if given:
            yield from _run(words, given)

    # A program that was changed is another one, as far as its files are named.
    files = {word: file_sha256(word) for word in words if os.path.isfile(word)}
    settings = {"command": words, "files": files} if files else {"command": words}
    return System(predict=predict, by=options.by or "sentence", settings=settings)


def _run(words: list[str], given: Sequence[Passage]) -> Iterator[Mapping[str, Any]]:
    # What it says on standard error goes to a file: a full pipe would stop it.
    with tempfile.TemporaryFile() as said:
        try:
            program = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said)
        except OSError as error:
            raise UsageError(f"cmd: {words[0]}: can't be started: {error.strerror}") from None
        writer = threading.Thread(target=_give, args=(program.stdin, [p.text for p in given]), daemon=True)
        writer.start()
        try:
            assert program.stdout is not None
            number = 0
            last: Mapping[str, Any] | None = None
            for number, line in enumerate(program.stdout, 1):
                if number > len(given):
                    raise InputError(f"cmd: {words[0]}: answered with more lines than the {len(given)} it was given")
                if last is not None:
                    yield last
                last = _record(line, number, given[number - 1])
            code = program.wait()
            if code != 0 or number < len(given):
                how = f"ended with exit code {code}" if code else "ended"
                raise InputError(
                    f"cmd: {words[0]}: {how} after {number} of {len(given)} answers, expected one per line{_last(said)}"
                )
            # Only now: a program that fails at its end has failed, and is not to pass when it is run again.
            if last is not None:
                yield last
        finally:
            program.kill()
            program.wait()
            writer.join()
            if program.stdout is not None:
                program.stdout.close()


def _give(pipe: IO[bytes] | None, texts: Sequence[str]) -> None:
    # A program that ends early closes its end; what it answered tells.
    if pipe is not None:
        with contextlib.suppress(OSError), pipe:
            for text in texts:
                pipe.write(text.encode("utf-8", "surrogatepass") + b"\n")


def _record(line: bytes, number: int, passage: Passage) -> Mapping[str, Any]:
    try:
        answer = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"answer {number} of the command, for {passage.id!r}, is not JSON: {error}") from None
    if isinstance(answer, dict):
        answer = answer.get("entities")
    if not isinstance(answer, list):
        raise InputError(f"answer {number} of the command, for {passage.id!r}: expected a list of spans, or entities")
    return span_record(passage, spans_in(answer, passage.text, passage.id))


def _last(said: IO[bytes]) -> str:
    said.seek(0)
    lines = said.read().decode("utf-8", "replace").strip().splitlines()
    return f": {lines[-1]}" if lines else ""


def function(argument: str, gold: Gold, options: RunOptions) -> System:
    """A Python function from a text to spans, by the name of its module: ``py:package.module:function``.

    Modules of the current directory are found. Raises UsageError for what is no function.
    """
    call = _function(argument)

    def predict(given: Sequence[Passage]) -> Iterator[Mapping[str, Any]]:
        for passage in given:
            try:
                # What it prints is no part of the command's output.
                with contextlib.redirect_stdout(sys.stderr):
                    found = spans_in(call(passage.text), passage.text, passage.id)
            except TyezBenchError:
                raise
            except (Exception, SystemExit) as error:
                reason = f"{argument} failed: {type(error).__name__}: {error}"
                raise InputError(f"{passage.id!r}: {reason}") from error
            yield span_record(passage, found)

    path = getattr(sys.modules.get(argument.partition(":")[0]), "__file__", None)
    # A module that was changed is another one; what it imports is not looked at.
    settings = {"sha256": file_sha256(path)} if path and os.path.isfile(path) else {}
    return System(predict=predict, by=options.by or "document", settings=settings)


def _function(argument: str) -> Callable[[str], Any]:
    module, colon, name = argument.partition(":")
    if not (module and colon and name):
        raise UsageError(f"py:{argument}: expected py:MODULE:FUNCTION")
    here = os.getcwd()
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            found: Any = importlib.import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
    except (Exception, SystemExit) as error:
        raise UsageError(f"py:{argument}: can't be imported: {type(error).__name__}: {error}") from None
    if not callable(found):
        raise UsageError(f"py:{argument}: is {type(found).__name__}, expected a function from a text to spans")
    function: Callable[[str], Any] = found
    return function


def spans_in(answer: Any, text: str, id_: str) -> list[Span]:
    """The spans of an answer: a spaCy Doc, items of a Hugging Face pipeline, or (start, end, label) in any form.

    Offsets are half-open code points into ``text``. Raises InputError, with the passage's id, for anything else.
    """
    found = _read(answer, text, id_)
    for span in found:
        try:
            f"{span.label}{span.text}".encode()
        except UnicodeEncodeError:
            said = f"({span.start}, {span.end}, {span.label!r}) has half of a surrogate pair"
            raise InputError(f"{id_!r}: {said}, which is not a character") from None
    return found


def _read(answer: Any, text: str, id_: str) -> list[Span]:
    if hasattr(answer, "ents"):
        return [Span(span.start_char, span.end_char, span.label_, span.text) for span in answer.ents]
    if not isinstance(answer, Iterable) or isinstance(answer, str | bytes | Mapping):
        raise InputError(f"{id_!r}: expected spans from the model, got {type(answer).__name__}")
    found = list(answer)
    if any(isinstance(item, Mapping) and ("entity" in item or "entity_group" in item) for item in found):
        return spans_of(found, text, id_)
    return [_span(item, id_) for item in found]


def _span(item: Any, id_: str) -> Span:
    start: Any
    end: Any
    if isinstance(item, Mapping):
        start, end, surface = item.get("start"), item.get("end"), item.get("text")
        label = item.get("label", item.get("type"))
    elif isinstance(item, tuple | list) and len(item) == 3:
        (start, end, label), surface = item, None
    else:
        start, end = getattr(item, "start", None), getattr(item, "end", None)
        label = getattr(item, "label", None) or getattr(item, "type", None)
        surface = getattr(item, "text", None)
    try:
        whole = [int(offset.__index__()) for offset in (start, end)]
    except AttributeError:
        raise InputError(f"{id_!r}: {item!r} is not a span: expected (start, end, label)") from None
    if not isinstance(label, str) or not 0 <= whole[0] < whole[1]:
        raise InputError(f"{id_!r}: {item!r} is not a span: expected (start, end, label), start before end")
    return Span(whole[0], whole[1], str(label), surface if isinstance(surface, str) else None)


Model = Callable[[str], Any]


@public
def evaluate(
    model: Model,
    gold: Gold | None = None,
    *,
    by: str = "document",
    labels: str | Path | LabelMap | None = None,
    ignore_labels: Iterable[str] = (),
    system: str | None = None,
    settings: Settings | None = None,
) -> Report:
    """Run a model over the texts of a gold set, and score what it finds.

    Args:
        model: a function from a text to spans, a spaCy ``Language``, or a Hugging Face token-classification pipeline.
            Spans are (start, end, label), or objects or dictionaries with these; offsets are half-open code points
            into the text that it was given.
        gold: the gold set; None: the built-in one.
        by: what it is given at a time, a ``document`` or a ``sentence`` (for models of limited length).
        labels: the label map that leads from its labels to the gold's, by name, as a file or as a map; None: detected.
        ignore_labels: labels of the model that are out of scope, beside those of the map.
        system: what the system is called; None: the name of the model.
        settings: what counts, and how intervals are drawn; None: those of the headline.

    Returns:
        The report.

    Raises:
        InputError: what goes wrong in the model, with the document, and what does not fit its text.
        UsageError: labels that no map knows, an unknown name.

    Example:
        >>> import tyez_bench
        >>> def model(text):
        ...     return [(at, at + 2, "PLACE") for at in range(len(text)) if text.startswith("太原", at)]
        >>> tyez_bench.evaluate(model)["strict", "PLACE"]
        <strict PLACE: P 0.073, R 0.033, F1 0.045 [0.000–0.103]; TP 3, FP 38, FN 88>
    """
    settings = settings or Settings()
    gold = load() if gold is None else gold
    records = [Record(None, id=p.id, spans=tuple(_answer(model, p.text, p.id))) for p in passages(gold, by)]
    flat = settings.layer == "outermost"
    how = ReadOptions(labels=labels, ignore_labels=frozenset(ignore_labels), flat=flat)
    predictions = read_records(records, Source(_name(model), b""), gold, how, format="native")
    return score(gold, predictions, system=system or _name(model), settings=settings)


def _name(model: Model) -> str:
    meta = getattr(model, "meta", None)
    if isinstance(meta, Mapping) and meta.get("name"):
        return str(meta["name"])
    return str(getattr(model, "__name__", type(model).__name__))


def _answer(model: Model, text: str, id_: str) -> list[Span]:
    try:
        return spans_in(model(text), text, id_)
    except InputError:
        raise
    except Exception as error:
        raise InputError(f"{id_!r}: the model failed: {type(error).__name__}: {error}") from error
