"""Requests to a real server in a thread: what is tried again, what stops, and where the key goes."""

import contextlib
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from fake_endpoint import Endpoint, Reply, closed_port, endpoint, said

from tyez_bench.model.errors import EndpointError
from tyez_bench.systems.llm.endpoint import Completion, asker

KEY = "sk-very-secret-0123456789"
BODY = {"model": "m", "messages": [{"role": "user", "content": "太原"}]}


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def clock(self) -> float:
        """What it shows."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Move it, and keep by how much."""
        self.slept.append(seconds)
        self.now += seconds


def ask(
    at: Endpoint | str, given: Time | None = None, *, key: str | None = KEY, timeout: float = 5, retries: int = 3
) -> Completion:
    """One request, without real pauses."""
    given = given or Time()
    url = at if isinstance(at, str) else at.url
    return asker(url, key, timeout=timeout, retries=retries, clock=given.clock, sleep=given.sleep)(BODY)


def refusal(replies: Sequence[Reply], **how: Any) -> tuple[str, int]:
    """What the error says, and how many requests were sent."""
    with endpoint(replies) as at, pytest.raises(EndpointError) as caught:
        ask(at, **how)
    message = str(caught.value)
    assert message.startswith(f"{at.url}: ")
    return message.removeprefix(f"{at.url}: "), len(at.sent)


def test_an_answer_with_all_that_the_endpoint_tells() -> None:
    usage = {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}
    body = {"model": "m-2026-01-01", "system_fingerprint": "fp_1", "usage": usage}
    before = datetime.now(UTC) - timedelta(seconds=1)
    with endpoint([said("<PLACE>太原</PLACE>", body=body)]) as at:
        found = ask(at)
    assert at.sent[0].path == "/v1/chat/completions"
    assert at.sent[0].body == BODY
    assert found.at is not None
    assert found.at.endswith("Z")
    assert before <= datetime.fromisoformat(found.at) <= datetime.now(UTC)
    assert found == Completion(
        content="<PLACE>太原</PLACE>",
        refusal=None,
        finish="stop",
        model="m-2026-01-01",
        fingerprint="fp_1",
        tokens_in=7,
        tokens_out=3,
        at=found.at,
    )


@pytest.mark.parametrize("usage", [None, [], {}, {"prompt_tokens": None, "completion_tokens": "3"}])
def test_what_is_not_told_is_none(usage: Any) -> None:
    with endpoint([said(None, finish=None, body={"usage": usage})]) as at:
        found = ask(at)
    assert (found.content, found.finish, found.model, found.fingerprint) == ("", None, None, None)
    assert (found.tokens_in, found.tokens_out) == (None, None)


def test_a_content_of_parts() -> None:
    parts: Any = [{"type": "text", "text": "太"}, {"type": "image"}, {"type": "text", "text": "原"}]
    with endpoint([said(parts)]) as at:
        assert ask(at).content == "太原"


def test_half_a_surrogate_pair_can_not_be_kept() -> None:
    with endpoint([said("太\ud83d原\U00020bb7")]) as at:
        assert ask(at).content == "太\ufffd原\U00020bb7"


def test_what_may_pass_is_tried_again_ever_later() -> None:
    time = Time()
    again = [Reply(b"", status) for status in (500, 408, 409, 502, 503, 529)]
    with endpoint([*again, said("好")]) as at:
        assert ask(at, time, retries=6).content == "好"
    assert time.slept == [1, 2, 4, 8, 16, 32]
    assert len(at.sent) == 7


def test_a_pause_that_is_asked_for_is_kept() -> None:
    time = Time()
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    replies = [Reply(b"", 429, {"Retry-After": wanted}) for wanted in ("7.5", "0", soon, "-3", "soon", "nan")]
    with endpoint([*replies, said("好")]) as at:
        assert ask(at, time, retries=6).content == "好"
    assert time.slept[:2] == [7.5, 2]
    assert 90 < time.slept[2] <= 100
    assert time.slept[3:] == [8, 16, 32]


def test_a_pause_of_hours_ends_the_run() -> None:
    reply = Reply(b'{"error": {"message": "quota"}}', 429, {"Retry-After": "7200"})
    assert refusal([reply]) == ("HTTP 429 Too Many Requests: quota; it asks for a pause of 7200 seconds", 1)


def test_retries_have_an_end() -> None:
    time = Time()
    assert refusal([Reply(b"out of order\nmore", 500, kind="text/plain")], given=time, retries=2) == (
        "HTTP 500 Internal Server Error: out of order (3 tries)",
        3,
    )
    assert time.slept == [1, 2]


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (Reply(b'{"error": {"message": "no such model"}}', 404), "HTTP 404 Not Found: no such model"),
        (Reply(b'{"error": "bad"}', 400), "HTTP 400 Bad Request: bad"),
        (Reply(b'{"detail": [{"msg": "x"}]}', 422), "HTTP 422 Unprocessable Entity: [{'msg': 'x'}]"),
        (Reply(b'{"message": "who are you?"}', 401), "HTTP 401 Unauthorized: who are you?"),
        (Reply(b"", 403), "HTTP 403 Forbidden"),
        (Reply(b"\xff\n", 400), "HTTP 400 Bad Request: \ufffd"),
        (Reply(b"[" * 100_000, 400), f"HTTP 400 Bad Request: {'[' * 299}…"),
    ],
)
def test_other_errors_stop_at_once(reply: Reply, says: str) -> None:
    assert refusal([reply]) == (says, 1)


def test_where_a_key_is_missing_it_is_said() -> None:
    assert refusal([Reply(b"", 401)], key=None) == ("HTTP 401 Unauthorized; there is no key in the environment", 1)


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (
            Reply(b"<html>\n<title>Login</title>", kind="text/html"),
            "the body is not JSON (text/html): <html> (2 tries)",
        ),
        (Reply(b'{"choices": [{"mess'), 'the body is not JSON (application/json): {"choices": [{"mess (2 tries)'),
        (Reply(b""), "the body is not JSON (application/json):  (2 tries)"),
        (Reply(b'{"error": {"message": "overloaded"}}'), "the response has no answer: overloaded (2 tries)"),
        (Reply(b'{"choices": []}'), 'the response has no answer: {"choices": []} (2 tries)'),
        (Reply(b'{"choices": [{"message": null}]}'), 'has no answer: {"choices": [{"message": null}]} (2 tries)'),
        (Reply(b"[1]"), "the response has no answer: [1] (2 tries)"),
    ],
)
def test_a_body_that_is_no_answer(reply: Reply, says: str) -> None:
    message, sent = refusal([reply], retries=1)
    assert message.endswith(says)
    assert sent == 2


def test_a_body_of_another_content_type_is_read_when_it_is_an_answer() -> None:
    with endpoint([said("好")._replace(kind="text/plain")]) as at:
        assert ask(at).content == "好"


def test_a_body_that_is_cut_is_asked_for_again() -> None:
    with endpoint([said("好")._replace(missing=10), said("好")]) as at:
        assert ask(at).content == "好"
    assert len(at.sent) == 2


@pytest.mark.parametrize("slow", [said("好")._replace(after=0.4), said("好")._replace(trickles=True)])
def test_a_time_limit_is_for_the_whole_answer(slow: Reply) -> None:
    message, sent = refusal([slow], timeout=0.1, retries=0)
    assert message == "no whole answer within 0.1 seconds (1 try)"
    assert sent == 1


def test_nobody_listens() -> None:
    time, url = Time(), closed_port()
    with pytest.raises(EndpointError, match=rf"^{re.escape(url)}: can't be reached: .*refused.* \(3 tries\)$"):
        ask(url, time, retries=2)
    assert time.slept == [1, 2]


def test_a_host_that_is_none() -> None:
    with pytest.raises(EndpointError, match=r"^http://a\.\.b/v1: the host name is not valid$"):
        ask("http://a..b/v1")


def test_a_long_answer_is_an_answer_and_an_endless_one_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tyez_bench.systems.llm.endpoint._LARGEST", 100_000)
    with endpoint([said("a" * 90_000), said("a" * 100_000)]) as at:
        assert len(ask(at).content) == 90_000
        with pytest.raises(EndpointError, match="the endpoint's answer has more than 100000 bytes"):
            ask(at)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    """The key goes to the host that was named and to no other."""
    with endpoint([said("好")]) as other:
        message, sent = refusal([Reply(b"", status, {"Location": f"{other.url}/chat/completions"})])
        assert message == f"redirects (HTTP {status}), which is not followed; give the right base_url="
        assert sent == 1
        assert other.sent == []


def test_the_key_is_sent_as_a_header_only() -> None:
    with endpoint([said("好")]) as at:
        ask(at)
        ask(at, key=None)
    assert at.sent[0].headers["Authorization"] == f"Bearer {KEY}"
    assert "Authorization" not in at.sent[1].headers
    assert KEY not in json.dumps(at.sent[0].body)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(json.dumps({"error": {"message": f"Incorrect API key provided: {KEY}."}}).encode(), 401),
        Reply(f"you said {KEY}".encode(), 500, kind="text/plain"),
        Reply(f"{'x' * 290}{KEY}".encode(), 400, kind="text/plain"),
        Reply(f"you said {KEY}".encode(), kind="text/plain"),
        Reply(json.dumps({"error": f"you said {KEY}"}).encode()),
    ],
)
def test_an_endpoint_that_repeats_the_key_is_not_repeated(reply: Reply) -> None:
    with endpoint([reply]) as at, pytest.raises(EndpointError) as caught:
        ask(at, retries=0)
    error: BaseException | None = caught.value
    while error is not None:
        assert KEY[:10] not in str(error)
        error = error.__context__


def test_a_key_in_an_answer_is_struck_out() -> None:
    escaped = json.dumps({"choices": [{"message": {"content": KEY}}], "model": KEY}).replace("sk-", "\\u0073k-")
    with endpoint([Reply(escaped.encode()), said("none of them")]) as at:
        found = ask(at)
        assert (found.content, found.model) == ("[key]", "[key]")
        # What local endpoints take in place of a key is a word like any other.
        assert ask(at, key="none").content == "none of them"


def test_the_rate_is_kept_between_requests_and_between_tries() -> None:
    time = Time()
    with endpoint([said("好"), said("好"), Reply(b"", 500), said("好")]) as at:
        send = asker(at.url, None, timeout=5, retries=3, rate=30, clock=time.clock, sleep=time.sleep)
        send(BODY)
        send(BODY)
        time.now += 5
        # The pause of a second before the next try is part of the two that the rate asks for.
        send(BODY)
    assert time.slept == [2.0, 1.0, 1.0]


@contextlib.contextmanager
def raw_server(reply: Callable[[socket.socket, bytes], None]) -> Iterator[str]:
    """A server that says what no library would let it say; the base URL."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    with connection, contextlib.suppress(OSError):
                        reply(connection, connection.recv(65536))

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1"


def test_a_status_line_that_repeats_the_key_is_not_repeated() -> None:
    def echo(connection: socket.socket, asked: bytes) -> None:
        header = next(line for line in asked.split(b"\r\n") if line.lower().startswith(b"authorization:"))
        connection.sendall(header.partition(b": ")[2] + b" 200\r\n\r\n")

    with raw_server(echo) as url, pytest.raises(EndpointError) as caught:
        ask(url, retries=1)
    assert KEY not in str(caught.value)
    assert "[key]" in str(caught.value)


@pytest.mark.parametrize("first", [b"HTTP/1.1 200 OK\r\n", b""], ids=["headers", "100 Continue"])
def test_a_time_limit_is_for_the_headers_too(first: bytes) -> None:
    """Each line comes in time, and the whole never does."""

    def trickle(connection: socket.socket, asked: bytes) -> None:
        connection.sendall(first)
        line = b"X-More: yes\r\n" if first else b"HTTP/1.1 100 Continue\r\n\r\n"
        for _ in range(200):
            connection.sendall(line)
            time.sleep(0.05)

    with raw_server(trickle) as url, pytest.raises(EndpointError, match=r"no whole answer within 0\.4 seconds"):
        ask(url, timeout=0.4, retries=0)


def test_without_encryption_no_proxy_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with endpoint([said("a proxy's")]) as proxy, endpoint([said("its own")]) as at:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        assert ask(at).content == "its own"
        assert proxy.sent == []


def test_an_encrypted_request_goes_through_the_proxy_of_the_environment_without_the_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[bytes] = []

    def refuse(connection: socket.socket, data: bytes) -> None:
        asked.append(data)
        connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with raw_server(refuse) as proxy:
        monkeypatch.setenv("https_proxy", proxy)
        with pytest.raises(EndpointError, match=r"^https://a\.example/v1: the connection broke: ProxyError: 403 Forb"):
            ask("https://a.example/v1", retries=0)
    assert asked[0].startswith(b"CONNECT a.example:443 HTTP/1.1\r\n")
    assert KEY.encode() not in asked[0]


@pytest.mark.parametrize(
    ("proxy", "says"),
    [
        ("socks5://127.0.0.1:1", "Using SOCKS proxy, but the 'socksio' package is not installed."),
        ("other://me:word@127.0.0.1:1", "Unknown scheme for proxy URL URL('other://me:[secure]@127.0.0.1:1')"),
        ("http://127.0.0.1:word", "Invalid port: 'word'"),
    ],
)
def test_a_proxy_that_can_not_be_used_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, proxy: str, says: str
) -> None:
    """Only where one is asked at all: httpx looks at every proxy of the environment, also at those for others."""
    monkeypatch.setenv("all_proxy", proxy)
    with pytest.raises(EndpointError) as caught:
        ask("https://a.example/v1")
    found = f"https://a.example/v1: a proxy of the environment can't be used: {says}"
    assert str(caught.value).startswith(found)
    assert "\n" not in str(caught.value)
    with endpoint([said("好")]) as at:
        assert ask(at).content == "好"


def test_no_answer_is_compressed() -> None:
    """By itself httpx asks for it, and a part is looked at when it is unpacked: one of 64 kB may then have 64 MB."""
    with endpoint([said("好")]) as at:
        ask(at)
    assert at.sent[0].headers["Accept-Encoding"] == "identity"
