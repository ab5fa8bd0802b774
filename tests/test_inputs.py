"""Limits of what is read: plain, packed, from a pipe, a device or the standard input."""

import gzip
import os
import subprocess
import sys
import threading
import time
import zlib
from pathlib import Path

import pytest

import tyez_bench
from tyez_bench.cli import main, size
from tyez_bench.files import inputs
from tyez_bench.files.inputs import gunzip, inflate, lines, read_file, reading_at_most
from tyez_bench.files.toml import parse_toml
from tyez_bench.model.errors import InputError

RECORD = b'{"id":"d","entities":[]}\n'


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    path = tmp_path / "gold.jsonl"
    path.write_text('{"id":"d","text":"东风"}\n', "utf-8")
    return path


def test_a_file_of_just_the_limit_is_read_and_one_more_byte_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"x" * 2048)
    with reading_at_most(2048):
        assert read_file(path) == b"x" * 2048
    with (
        reading_at_most(2047),
        pytest.raises(InputError, match=r"more than 2047 bytes; tyez_bench\.reading_at_most\(SIZE\) reads more$"),
    ):
        read_file(path)


@pytest.mark.parametrize(("pack", "unpack"), [(gzip.compress, gunzip), (zlib.compress, inflate)])
def test_what_is_packed_may_not_unpack_beyond_the_limit(pack: object, unpack: object) -> None:
    assert callable(pack)
    assert callable(unpack)
    bomb = pack(b"0" * 5_000_000)
    with reading_at_most(5_000_000):
        assert len(unpack(bomb, "f")) == 5_000_000
    with reading_at_most(1 << 20), pytest.raises(InputError, match="f: unpacks to more than 1 MiB"):
        unpack(bomb, "f")


def test_a_packed_file_has_a_smaller_limit_than_a_plain_one(tmp_path: Path, gold: Path) -> None:
    """300 kB that unpack to 300 MB: refused in one line, and never all of it in memory."""
    path = tmp_path / "p.jsonl.gz"
    path.write_bytes(gzip.compress(b" " * 300_000_000, 9))
    code = "import resource; resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000,) * 2); import tyez_bench.cli as c; "
    code += f"raise SystemExit(c.main(['score', {str(path)!r}, '--gold', {str(gold)!r}]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"tyez-bench: {path}: unpacks to more than 256 MiB; --max-input SIZE (as 4G) reads more\n"


def test_a_line_that_is_read_alone_has_the_limit_and_the_file_has_not(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(RECORD * 100 + b"x" * 100)
    with reading_at_most(len(RECORD)):
        read = lines(path)
        assert [next(read) for _ in range(100)] == [(number, RECORD) for number in range(1, 101)]
        with pytest.raises(InputError, match=r"f:101: the line holds more than 25 bytes"):
            next(read)


def test_a_device_is_refused_and_a_pipe_is_read(tmp_path: Path, gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", "/dev/zero", "--gold", str(gold)]) == 2
    assert capsys.readouterr().err == ("tyez-bench: /dev/zero: is a device, expected a file or a pipe\n")
    command = f"{sys.executable} -m tyez_bench score <(printf '%s' '{RECORD.decode().strip()}') --gold {gold} --json"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert '"missing_documents": []' in done.stdout


# Writers of a named pipe: at once, late, in pieces with a pause before and between, and packed.
WRITERS = {
    "at once": "cat {data} > {pipe}",
    "late": "sleep 0.3; cat {data} > {pipe}",
    "with pauses": "{{ sleep 0.4; head -c 70000 {data}; sleep 0.2; tail -c +70001 {data}; }} > {pipe}",
    "packed": "gzip -c {data} > {pipe}",
}


@pytest.mark.parametrize("how", WRITERS)
def test_every_byte_of_a_named_pipe_is_read(how: str, tmp_path: Path) -> None:
    pipe, data = tmp_path / "pipe", tmp_path / "data"
    os.mkfifo(pipe)
    data.write_bytes(b"".join(b"%d\n" % number for number in range(40000)))
    command = WRITERS[how].format(data=data, pipe=pipe)
    for read in (read_file, lambda path: b"".join(line for _, line in lines(path))):
        with subprocess.Popen(["bash", "-c", command]) as writer:
            found = read(pipe)
            assert (gunzip(found, pipe) if found[:2] == inputs.GZIP else found) == data.read_bytes()
        assert writer.returncode == 0


def test_a_writer_may_be_silent_for_as_long_as_it_likes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "PATIENCE", 0)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    # Both ends, so that nobody has to wait for the other.
    end = os.open(pipe, os.O_RDWR)

    def write() -> None:
        os.write(end, RECORD)
        os.close(end)

    later = threading.Timer(0.2, write)
    later.start()
    assert read_file(pipe) == RECORD
    later.join()


def test_a_named_pipe_that_nobody_writes_to_is_waited_for_in_vain(
    tmp_path: Path, gold: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(inputs, "PATIENCE", 0.05)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for argv in (["score", str(pipe), "--gold", str(gold)], ["score", "p.jsonl", "--gold", str(pipe)]):
        assert main(argv) == 2
        err = capsys.readouterr().err
        assert err == f"tyez-bench: {pipe}: is a pipe that nobody writes to (waited 0.05 seconds)\n"


def test_a_pipe_of_the_shell_may_be_empty_and_late(gold: Path) -> None:
    """Nothing is waited for there: whoever writes has it open before it can be read."""
    record = RECORD.decode().strip()
    for inner, err in ((f"sleep 0.2; echo '{record}'", ""), ("true", "is empty, expected at least one record\n")):
        command = f"{sys.executable} -m tyez_bench score <({inner}) --gold {gold} --json --draws 10"
        start = time.monotonic()
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
        assert done.stderr.endswith(err)
        assert done.returncode == (2 if err else 0)
        assert time.monotonic() - start < inputs.PATIENCE


def test_an_endless_standard_input_is_refused(gold: Path) -> None:
    command = f"{sys.executable} -m tyez_bench score - --max-input 64K --gold {gold} </dev/zero"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "tyez-bench: <stdin>: holds more than 64 KiB; --max-input SIZE (as 4G) reads more\n"


@pytest.mark.parametrize("before", [True, False])
def test_the_option_stands_before_the_command_or_behind_it(
    gold: Path, before: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    option, command = ["--max-input", "10"], ["score", "p.jsonl", "--gold", str(gold)]
    assert main([*option, *command] if before else [*command, *option]) == 2
    assert "holds more than 10 bytes" in capsys.readouterr().err
    assert tyez_bench.load(gold)["d"].text == "东风"


def test_sizes() -> None:
    assert [size(text) for text in ("7", "2K", "500M", "4G", "1T")] == [7, 2048, 500 << 20, 4 << 30, 1 << 40]


@pytest.mark.parametrize("text", ["", "0", "-1", "1.5G", "G", "4g", "9" * 5000])
def test_what_is_no_size(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["score", "p.jsonl", f"--max-input={text}"])
    assert stop.value.code == 2
    assert "is not a size" in capsys.readouterr().err


def test_a_number_that_is_too_long_is_told_with_its_line() -> None:
    with pytest.raises(InputError, match=r"^f.toml:2: not valid TOML: a number has more than 4,300 digits$"):
        parse_toml(f"a = 1\nb = {'1' * 5000}\n", "f.toml")
    with pytest.raises(InputError, match=r"^f.toml: not valid TOML: nested too deeply$"):
        parse_toml("a = " + "[" * 100_000, "f.toml")
