"""What a language model is asked with, and where the key may come from."""

import argparse
from pathlib import Path
from typing import Any

import pytest

from tyez_bench.cli.llm_options import add_llm_arguments, asking
from tyez_bench.model.errors import UsageError
from tyez_bench.systems.llm.options import Asking, endpoint_url, key


@pytest.mark.parametrize(
    ("url", "says"),
    [
        (None, "endpoint; base_url=URL names it"),
        ("", "endpoint; base_url=URL names it"),
        ("https://user:hunter2@host/v1", "has a user name or a password in it"),
        ("https://hunter2@host/v1", "has a user name or a password in it"),
        ("//hunter2@host", "has a user name or a password in it"),
        ("https://host/v1?key=hunter2", "expected no query"),
        ("https://host/v1#hunter2", "no fragment"),
        ("ftp://host/v1", "expected http://HOST"),
        ("host:8000/v1", "expected http://HOST"),
        ("http:///v1", "expected http://HOST"),
        ("http://host:hunter2/v1", "is not a URL"),
        ("http://[hunter2/v1", "is not a URL"),
        ("http://主机/v1", "expected plain ASCII"),
        ("http://host/a b", "expected plain ASCII"),
    ],
)
def test_urls_that_are_refused(url: str | None, says: str) -> None:
    """Without repeating what may be a secret."""
    with pytest.raises(UsageError, match=says) as caught:
        endpoint_url(url)
    assert "hunter2" not in str(caught.value)


def test_a_url_loses_its_last_slash() -> None:
    assert endpoint_url("https://host:8000/v1/") == "https://host:8000/v1"


HERE = "http://localhost:8000/v1"


def test_the_own_key_goes_before_the_usual_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TYEZ_API_KEY", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    assert key(HERE) is None
    monkeypatch.setenv("OPENAI_API_KEY", "usual")
    assert key(HERE) == "usual"
    monkeypatch.setenv("TYEZ_API_KEY", " own\n")
    assert key(HERE) == "own"
    monkeypatch.setenv("TYEZ_API_KEY", " ")
    assert key(HERE) == "usual"


@pytest.mark.parametrize("value", ["hunter2\r\nX-Other:1", "hunter2 3", "hunter2密"])
def test_a_key_that_is_none_is_not_repeated(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("TYEZ_API_KEY", value)
    with pytest.raises(UsageError, match=r"^TYEZ_API_KEY: expected printable ASCII without spaces$"):
        key(HERE)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"level": "all"}, "unknown prompt 'all', expected one of: names, definitions, guidelines"),
        ({"language": "fr"}, "unknown language 'fr'"),
        ({"answer": "offsets"}, "unknown answer 'offsets'"),
        ({"paraphrase": 4}, "unknown paraphrase 4, expected one of: 1, 2, 3"),
        ({"parameters": {"stream": True}}, "the parameter 'stream' can't be set"),
    ],
)
def test_options_that_there_are_not(options: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        Asking(**options)


def test_the_body_has_what_was_said_and_no_more() -> None:
    message = {"role": "user", "content": "太原"}
    assert Asking().body("m", [message]) == {"model": "m", "messages": [message], "temperature": 0.0}
    silent = Asking(temperature=None, max_tokens=9, parameters={"reasoning_effort": "low"})
    assert silent.body("m", []) == {"model": "m", "messages": [], "reasoning_effort": "low", "max_tokens": 9}


def parsed(*arguments: str) -> list[tuple[str, Asking]]:
    parser = argparse.ArgumentParser(exit_on_error=False)
    add_llm_arguments(parser)
    return asking(parser.parse_args(list(arguments)))


def test_the_arguments_are_those_of_the_library() -> None:
    assert parsed() == [("", Asking())]
    given = (
        "--base-url http://h --prompt names --language en --shots 2 --answer json --temperature none --max-tokens 5 "
    )
    given += (
        "--parameter a=1 --parameter b=low --rate 30 --timeout 9.5 --retries 0 --cache c --price-in 2 --price-out 8"
    )
    expected = Asking(
        base_url="http://h",
        level="names",
        language="en",
        shots=2,
        answer="json",
        temperature=None,
        max_tokens=5,
        parameters={"a": 1, "b": "low"},
        rate=30,
        timeout=9.5,
        retries=0,
        cache=Path("c"),
        price_in=2,
        price_out=8,
    )
    assert parsed(*given.split()) == [("", expected)]


def test_runs_and_paraphrases_are_files_of_their_own() -> None:
    ends = [(end, one.paraphrase, one.run) for end, one in parsed("--runs", "2", "--paraphrases", "3,1,3")]
    assert ends == [(".p3.run1", 3, 1), (".p3.run2", 3, 2), (".p1.run1", 1, 1), (".p1.run2", 1, 2)]
    assert [end for end, _ in parsed("--paraphrases", "all")] == [".p1", ".p2", ".p3"]
    assert [(end, one.paraphrase) for end, one in parsed("--paraphrases", "2")] == [("", 2)]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--runs", "0"),
        ("--paraphrases", "4"),
        ("--paraphrases", ""),
        ("--temperature", "-1"),
        ("--temperature", "nan"),
        ("--rate", "0"),
        ("--rate", "inf"),
        ("--timeout", "x"),
        ("--parameter", "=1"),
        ("--parameter", "a"),
    ],
)
def test_arguments_that_make_no_sense(arguments: tuple[str, str]) -> None:
    with pytest.raises(argparse.ArgumentError):
        parsed(*arguments)


@pytest.mark.parametrize(
    "url",
    [
        *("https://models.example.org/v1", "http://localhost/v1", "http://LOCALHOST:8000/v1"),
        *("http://127.0.0.1:8000/v1", "http://127.9.9.9/v1", "http://[::1]:8000/v1"),
    ],
)
def test_a_key_goes_encrypted_or_stays_on_this_machine(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("TYEZ_API_KEY", "hunter2-hunter2")
    assert key(endpoint_url(url)) == "hunter2-hunter2"


@pytest.mark.parametrize(
    "url",
    [
        *("http://models.example.org/v1", "HTTP://models.example.org/v1", "http://192.168.1.5:8000/v1"),
        *(
            "http://0.0.0.0/v1",
            "http://localhost.example.org/v1",
            "http://127.0.0.1.example.org",
            "http://[fe80::1]/v1",
        ),
    ],
)
def test_a_key_does_not_go_unencrypted_to_another_machine(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("TYEZ_API_KEY", "hunter2-hunter2")
    with pytest.raises(UsageError, match=r"^the key in TYEZ_API_KEY would go unencrypted to .*--insecure") as caught:
        key(endpoint_url(url))
    assert "hunter2" not in str(caught.value)
    assert key(endpoint_url(url), insecure=True) == "hunter2-hunter2"
    monkeypatch.delenv("TYEZ_API_KEY")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    # Without one there is nothing to be read on the way.
    assert key(endpoint_url(url)) is None
