"""One request at a time to an OpenAI-compatible endpoint: retries, rate limit, and a key that is told to nobody else.

httpx sends the requests. Redirects are not followed, so that the key goes to the host that was named and to no other;
and the key is struck out of whatever the endpoint says.
"""

import contextlib
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from tyez_bench.files.jsonl import encode
from tyez_bench.model.errors import EndpointError, counted, first_line
from tyez_bench.model.hints import advice

if TYPE_CHECKING:
    import httpx

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
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Callable[[Mapping[str, Any]], Completion]:
    """A function that sends a body to ``url``/chat/completions and gives what comes back.

    It tries again, ``retries`` times, what may pass by itself, and sends no more than ``rate`` requests a minute. It
    raises EndpointError, in one line and without the key.
    """
    free_at = float("-inf")

    def wait_for_turn() -> None:
        nonlocal free_at
        if rate is not None:
            now = clock()
            if free_at > now:
                sleep(free_at - now)
            free_at = max(free_at, now) + 60 / rate

    def ask(body: Mapping[str, Any]) -> Completion:
        for tried in range(1, retries + 2):
            wait_for_turn()
            try:
                return _ask_once(url, key, body, timeout)
            except EndpointError as error:
                raise EndpointError(_struck(f"{url}: {error}", key)) from None
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
    """What comes back from one request. Raises EndpointError, without the URL, and _PassingError."""
    import httpx

    # Compressed, a small body could become a large one.
    headers = {"Content-Type": "application/json", "Accept": "application/json", "Accept-Encoding": "identity"}
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    try:
        with (
            _client(url, timeout) as client,
            _within(timeout) as trace,
            client.stream(
                "POST", f"{url}/chat/completions", content=encode(body), headers=headers, extensions={"trace": trace}
            ) as response,
        ):
            data = _body(response)
    except (TimeoutError, httpx.TimeoutException):
        raise _PassingError(f"no whole answer within {timeout:g} seconds") from None
    except (UnicodeError, httpx.InvalidURL):
        raise EndpointError("the host name is not valid") from None
    except httpx.ConnectError as error:
        raise _PassingError(f"can't be reached: {error}") from None
    except (httpx.HTTPError, OSError) as error:
        raise _PassingError(f"the connection broke: {type(error).__name__}: {error}") from None
    if not response.is_success:
        raise _refusal(response, data, key)
    return _completion(data, response.headers.get("Content-Type"), at, key)


def _client(url: str, timeout: float) -> "httpx.Client":
    """A client for one request. Raises EndpointError for proxies that the environment names and httpx can't use.

    The certificates are those of the system, or of SSL_CERT_FILE; httpx would take its own. Without encryption no proxy
    is asked: it would read the key.
    """
    import httpx

    try:
        return httpx.Client(timeout=timeout, verify=ssl.create_default_context(), trust_env=url.startswith("https:"))
    except (ImportError, ValueError, httpx.InvalidURL) as error:
        raise EndpointError(f"a proxy of the environment can't be used: {first_line(error)}") from None


@contextlib.contextmanager
def _within(seconds: float) -> Iterator[Callable[[str, Mapping[str, Any]], None]]:
    """A time limit for all that is done inside; httpx's own are for one read each, which a trickle keeps for ever.

    What it gives is told by httpx of every connection, so that they are closed when the time is over. Raises
    TimeoutError then, whatever that looks like.
    """
    opened: list[socket.socket] = []
    over = threading.Event()

    def trace(event: str, about: Mapping[str, Any]) -> None:
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            opened.append(about["return_value"].get_extra_info("socket"))
            if over.is_set():
                raise TimeoutError

    def close() -> None:
        over.set()
        for connection in opened:
            with contextlib.suppress(OSError):
                # Not that of an encrypted one, which is in use by the other thread.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)

    clock = threading.Timer(seconds, close)
    clock.daemon = True
    clock.start()
    try:
        yield trace
    except Exception:
        if not over.is_set():
            raise
    finally:
        clock.cancel()
    if over.is_set():
        raise TimeoutError


def _body(response: "httpx.Response") -> bytes:
    """The body, if it is not larger than any answer."""
    parts: list[bytes] = []
    size = 0
    for part in response.iter_bytes():
        parts.append(part)
        size += len(part)
        if size > _LARGEST:
            raise EndpointError(f"the endpoint's answer has more than {_LARGEST} bytes")
    return b"".join(parts)


def _refusal(response: "httpx.Response", data: bytes, key: str | None) -> EndpointError | _PassingError:
    """What a status that is an error means: to be tried again, or the end."""
    status = response.status_code
    if 300 <= status < 400:
        how = advice("give the right {base_url}", base_url=None)
        return EndpointError(f"redirects (HTTP {status}), which is not followed{how}")
    said = _message(data, key)
    reason = _struck(f"HTTP {status} {response.reason_phrase}", key) + (f": {said}" if said else "")
    if status in _PASSING or status >= 500:
        return _PassingError(reason, _pause(response.headers.get("Retry-After")))
    if status == 401 and key is None:
        reason += "; there is no key in the environment"
    return EndpointError(reason)


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
        raise _PassingError(f"the body is not JSON ({kind or 'no content type'}): {_message(data, key)}") from None
    try:
        choice = body["choices"][0]
        message = choice["message"]
        content = message.get("content")
    except (TypeError, KeyError, IndexError, AttributeError):
        raise _PassingError(f"the response has no answer: {_message(data, key)}") from None
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
