"""One request at a time to an OpenAI-compatible endpoint: retries, rate limit, and a key that is told to nobody else.

The standard library does it: one POST with a time limit. Redirects are not followed, so that the key goes to the host
that was named and to no other; and the key is struck out of whatever the endpoint says.
"""

import contextlib
import http.client
import json
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from msgspec import Struct

from tyez_bench.files.jsonl import encode
from tyez_bench.model.errors import EndpointError, counted
from tyez_bench.model.hints import advice

Clock = Callable[[], float]
Sleep = Callable[[float], None]

# Worth another try; every other status of an error is not.
_PASSING = {408, 409, 429}
# An endpoint that wants a longer pause is left alone: the run goes on from its journal.
_LONGEST_PAUSE = 600.0
# More bytes than any answer has.
_LARGEST = 16 * 1024 * 1024
# Shorter ones are what local endpoints take in place of a key ("none", "EMPTY"), and words of any text.
_SHORTEST_KEY = 8


class Completion(Struct, frozen=True, kw_only=True):
    """An answer as the endpoint gave it; None is what it did not tell. ``at`` is when it was asked, UTC."""

    content: str
    refusal: str | None = None
    finish: str | None = None
    model: str | None = None
    fingerprint: str | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    at: str | None = None


class _PassingError(Exception):
    """Something that may be gone at the next try; ``pause`` is how many seconds the endpoint asks for."""

    def __init__(self, reason: str, pause: float = 0.0):
        super().__init__(reason)
        self.pause = pause


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


class _Watched:
    """What opens connections, and has them all, so that a clock can close them."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[http.client.HTTPConnection] = []

    def do_open(self, kind: Any, request: Any, **more: Any) -> Any:
        def connect(host: str, **how: Any) -> http.client.HTTPConnection:
            found: http.client.HTTPConnection = kind(host, **how)
            self.opened.append(found)
            return found

        return super().do_open(connect, request, **more)  # type: ignore[misc]

    def close(self) -> None:
        for connection in self.opened:
            with contextlib.suppress(OSError, AttributeError):
                connection.sock.shutdown(socket.SHUT_RDWR)


class _Plain(_Watched, urllib.request.HTTPHandler):  # type: ignore[misc]
    pass


class _Secure(_Watched, urllib.request.HTTPSHandler):  # type: ignore[misc]
    pass


@contextlib.contextmanager
def _opened(request: urllib.request.Request, timeout: float) -> Iterator[Any]:
    """The response, whose connection is closed when the time is over, wherever it is by then.

    Without encryption no proxy is asked: it would read the key.
    """
    handler = _Secure() if request.type == "https" else _Plain()
    proxies = () if request.type == "https" else (urllib.request.ProxyHandler({}),)
    clock = threading.Timer(timeout, handler.close)
    clock.daemon = True
    clock.start()
    try:
        with urllib.request.build_opener(_NoRedirect, handler, *proxies).open(request, timeout=timeout) as response:
            yield response
    finally:
        clock.cancel()


def writable(text: str) -> str:
    """The text without halves of surrogate pairs, which JSON lets through and UTF-8 can't write."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def asker(
    url: str,
    key: str | None,
    *,
    timeout: float,
    retries: int,
    rate: float | None = None,
    clock: Clock = time.monotonic,
    sleep: Sleep = time.sleep,
) -> Callable[[Mapping[str, Any]], Completion]:
    """A function that sends a body to ``url``/chat/completions and gives what comes back.

    It tries again, ``retries`` times, what may pass by itself, and sends no more than ``rate`` requests a minute. It
    raises EndpointError, in one line and without the key.
    """
    free_at: float | None = None

    def wait_for_turn() -> None:
        nonlocal free_at
        if rate is not None:
            now = clock()
            if free_at is not None and free_at > now:
                sleep(free_at - now)
                now = free_at
            free_at = now + 60 / rate

    def ask(body: Mapping[str, Any]) -> Completion:
        for tried in range(1, retries + 2):
            wait_for_turn()
            try:
                return _ask_once(url, key, body, timeout)
            except EndpointError as error:
                raise EndpointError(_struck(str(error), key)) from None
            except _PassingError as error:
                reason, pause = _struck(str(error), key), max(error.pause, min(2.0 ** (tried - 1), 60.0))
                if tried > retries:
                    tries = counted(tried, "try", "tries")
                    raise EndpointError(f"{url}: {reason} ({tries})") from None
                if pause > _LONGEST_PAUSE:
                    raise EndpointError(f"{url}: {reason}; it asks for a pause of {pause:.0f} seconds") from None
            sleep(pause)
        raise AssertionError("the last try returns or raises")

    return ask


def _ask_once(url: str, key: str | None, body: Mapping[str, Any], timeout: float) -> Completion:
    request = urllib.request.Request(f"{url}/chat/completions", encode(body), method="POST")
    request.add_header("Content-Type", "application/json")
    request.add_header("Accept", "application/json")
    if key is not None:
        request.add_unredirected_header("Authorization", f"Bearer {key}")
    at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    deadline = time.monotonic() + timeout
    try:
        with _opened(request, timeout) as response:
            data = _whole(response, deadline)
            return _completion(data, response.headers.get("Content-Type"), at, key)
    except urllib.error.HTTPError as error:
        with error:
            raise _refusal(error, url, key, deadline) from None
    except TimeoutError:
        raise _PassingError(f"no whole answer within {timeout:g} seconds") from None
    except urllib.error.URLError as error:
        if isinstance(error.reason, TimeoutError) or time.monotonic() >= deadline:
            raise _PassingError(f"no whole answer within {timeout:g} seconds") from None
        raise _PassingError(f"can't be reached: {error.reason}") from None
    except UnicodeError:
        raise EndpointError(f"{url}: the host name is not valid") from None
    except (OSError, http.client.HTTPException) as error:
        if time.monotonic() >= deadline:
            raise _PassingError(f"no whole answer within {timeout:g} seconds") from None
        raise _PassingError(f"the connection broke: {type(error).__name__}: {error}") from None


def _whole(response: Any, deadline: float) -> bytes:
    """The body, within the time and the size that are left; a trickle is no answer."""
    parts: list[bytes] = []
    size = 0
    while part := response.read1(65536):
        parts.append(part)
        size += len(part)
        if size > _LARGEST:
            raise EndpointError(f"the endpoint's answer has more than {_LARGEST} bytes")
        if time.monotonic() > deadline:
            raise TimeoutError
    if time.monotonic() >= deadline:
        # What the clock has closed looks like an end.
        raise TimeoutError
    if response.length:
        raise http.client.IncompleteRead(b"", response.length)
    return b"".join(parts)


def _refusal(
    error: urllib.error.HTTPError, url: str, key: str | None, deadline: float
) -> EndpointError | _PassingError:
    """What a status that is an error means: to be tried again, or the end."""
    if 300 <= error.code < 400:
        how = advice("give the right {base_url}", base_url=None)
        return EndpointError(f"{url}: redirects (HTTP {error.code}), which is not followed{how}")
    try:
        said = _message(_whole(error, deadline), key)
    except (OSError, http.client.HTTPException, EndpointError):
        said = ""
    reason = _struck(f"HTTP {error.code} {error.reason}", key) + (f": {said}" if said else "")
    if error.code in _PASSING or error.code >= 500:
        return _PassingError(reason, _pause(error.headers.get("Retry-After")))
    if error.code == 401 and key is None:
        reason += "; there is no key in the environment"
    return EndpointError(f"{url}: {reason}")


def _pause(retry_after: str | None) -> float:
    """The seconds of a Retry-After header, a number or a date; 0 without one that can be read."""
    if retry_after is None:
        return 0.0
    try:
        return max(0.0, float(retry_after))
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(retry_after)
        return max(0.0, (until - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return 0.0


def _message(data: bytes, key: str | None) -> str:
    """What an endpoint says is wrong: the message of its JSON, or the first line of what it sent."""
    text = data.decode("utf-8", "replace")
    try:
        found = json.loads(text)
        while isinstance(found, dict):
            found = next((found[name] for name in ("error", "message", "detail") if found.get(name)), None)
        text = text if found is None else str(found)
    except (ValueError, RecursionError):
        pass
    line = next((line.strip() for line in _struck(text, key).splitlines() if line.strip()), "")
    return line if len(line) <= 300 else f"{line[:299]}…"


def _completion(data: bytes, kind: str | None, at: str, key: str | None) -> Completion:
    """The answer in a body. What is no answer at all, though the status says so, is worth another try."""
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        raise _PassingError(f"the body is not JSON ({kind or 'of no content type'}): {_message(data, key)}") from None
    try:
        choice = body["choices"][0]
        message = choice["message"]
        content = message.get("content")
    except (TypeError, KeyError, IndexError, AttributeError):
        raise _PassingError(f"the body has no answer in it: {_message(data, key)}") from None
    if isinstance(content, list):
        content = "".join(part["text"] for part in content if isinstance(part, dict) and _text(part.get("text")))
    usage = body.get("usage") if isinstance(body.get("usage"), dict) else {}

    def told(value: Any) -> str | None:
        return None if _text(value) is None else _struck(writable(value), key)

    return Completion(
        content=told(content) or "",
        refusal=told(message.get("refusal")),
        finish=told(choice.get("finish_reason")),
        model=told(body.get("model")),
        fingerprint=told(body.get("system_fingerprint")),
        tokens_in=_count(usage.get("prompt_tokens")),
        tokens_out=_count(usage.get("completion_tokens")),
        at=at,
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _struck(text: str, key: str | None) -> str:
    return text if key is None or len(key) < _SHORTEST_KEY else text.replace(key, "[key]")
