"""A real HTTP server in a thread that answers as a test tells it, and keeps what it was sent."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import tyez_bench
from tyez_bench.io.record import Sample
from tyez_bench.model.spans import Span
from tyez_bench.systems.llm.prompts import answered_with, asked_with
from tyez_bench.systems.system import passages


class Reply(NamedTuple):
    """A response: status, headers, body, and how it comes (seconds before it; whether it trickles or is cut)."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = {}
    kind: str = "application/json"
    after: float = 0.0
    trickles: bool = False
    missing: int = 0


class Sent(NamedTuple):
    """What the endpoint was sent."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def text(self) -> str:
        """The text that is asked about."""
        return str(self.body["messages"][-1]["content"])


class Endpoint(NamedTuple):
    """A running endpoint: its base URL, and what it was sent, in order."""

    url: str
    sent: list[Sent]


Replies = Callable[[Sent], Reply]


def said(content: str | None, *, finish: str | None = "stop", **more: Any) -> Reply:
    """An answer as endpoints give it; ``more`` are members of its message, of its body under ``body``."""
    body = more.pop("body", {"model": "snapshot-1", "usage": {"prompt_tokens": 100, "completion_tokens": 10}})
    choice = {"message": {"role": "assistant", "content": content, **more}, "finish_reason": finish}
    return Reply(json.dumps({"choices": [choice], **body}).encode())


@contextmanager
def endpoint(replies: Replies | Sequence[Reply]) -> Iterator[Endpoint]:
    """An endpoint that answers by a function, or with replies in turn, the last one for good."""
    sent: list[Sent] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            size = int(self.headers["Content-Length"])
            one = Sent(self.path, dict(self.headers), json.loads(self.rfile.read(size)))
            sent.append(one)
            reply = replies(one) if callable(replies) else replies[min(len(sent), len(replies)) - 1]
            time.sleep(reply.after)
            self.send_response(reply.status)
            for name, value in {"Content-Type": reply.kind, **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body) + reply.missing))
            self.send_header("Connection", "close")
            self.end_headers()
            try:
                for at in range(0, len(reply.body), 5) if reply.trickles else ():
                    self.wfile.write(reply.body[at : at + 5])
                    time.sleep(0.02)
                if not reply.trickles:
                    self.wfile.write(reply.body)
            except OSError:
                # The client has gone away.
                pass

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.005})
    thread.start()
    try:
        yield Endpoint(f"http://127.0.0.1:{server.server_port}/v1", sent)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def closed_port() -> str:
    """A base URL where nobody listens."""
    with endpoint([]) as gone:
        return gone.url


def perfect(gold: tyez_bench.Gold, by: str, answer: str) -> dict[str, str]:
    """The answers without a fault, by the text that is asked about."""
    found = {}
    for passage in passages(gold, by):
        document = gold[passage.document]
        start = next((s.start for s in document.sentences if s.id == passage.id), 0)
        spans = [
            Span(e.start - start, e.end - start, str(e.type))
            for e in document.outermost()
            if e.required and start <= e.start < start + len(passage.text)
        ]
        sample = Sample(passage.id, passage.text, tuple(spans))
        found[asked_with(passage.text, answer)] = answered_with(sample, answer)
    return found
