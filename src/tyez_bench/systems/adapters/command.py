"""A program as a system: ``cmd:COMMAND LINE`` gets a text a line on its standard input and answers a line of JSON each.

An answer is a list of spans, or an object with them under ``entities``; a span is ``{"start", "end", "label"}`` (or
``type``) or ``[start, end, label]``, half-open code points into the line. The program is started once, without a shell,
and may read everything before it answers. Sentences are what it is given, since a text of several lines is no line.
"""

import contextlib
import json
import os
import shlex
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

from tyez_bench.gold.gold import Gold
from tyez_bench.model.errors import InputError, UsageError
from tyez_bench.systems.spans import spans_in
from tyez_bench.systems.system import Options, Passage, System, file_sha256, span_record


def load(argument: str, gold: Gold, options: Options) -> System:
    """The program as a system; it is started when it is run. Raises UsageError for a line that is no command."""
    try:
        words = shlex.split(argument)
    except ValueError as error:
        raise UsageError(f"cmd:{argument}: is not a command line: {error}") from None

    def predict(given: Sequence[Passage]) -> Iterator[Mapping[str, Any]]:
        for passage in given:
            if "\n" in passage.text or "\r" in passage.text:
                raise UsageError(f"{passage.id!r} has a line break, and cmd: gives a program a text a line")
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
                    f"cmd: {words[0]}: {how} after {number} of {len(given)} answers, expected one a line{_last(said)}"
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
