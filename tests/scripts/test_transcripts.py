"""scripts/generated/transcripts.py: what commands print, below the commands."""

import pytest

from generated import transcripts

PAGE = """Before.

<!-- file: own.conll -->
```text
太 B-LOC
原 I-LOC
```

```console
$ cat own.conll | head -1
old
$ tyez-bench score --gold own.conll nowhere.conll
```

After.
"""


def test_commands_are_run_again_in_a_folder_with_the_files() -> None:
    assert transcripts.rewritten(PAGE) == PAGE.replace(
        "old\n$ tyez-bench score --gold own.conll nowhere.conll\n",
        "太 B-LOC\n$ tyez-bench score --gold own.conll nowhere.conll\ntyez-bench: nowhere.conll: no such file\n",
    )


def test_what_is_right_stays() -> None:
    once = transcripts.rewritten(PAGE)
    assert transcripts.rewritten(once) == once


def test_a_command_that_there_is_not_is_no_transcript() -> None:
    with pytest.raises(RuntimeError, match="tyez-bunch"):
        transcripts.rewritten("```console\n$ tyez-bunch score\n```\n")


def test_the_pages_show_what_the_commands_print() -> None:
    assert [path.name for path, content in transcripts.make().items() if path.read_bytes() != content] == []
