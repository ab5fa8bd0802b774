"""What a language model is asked, where and how; and where the key comes from."""

import ipaddress
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from tyez_bench.model.errors import UsageError
from tyez_bench.model.hints import advice

LEVELS = ("names", "definitions", "guidelines")
LANGUAGES = ("zh", "en")
ANSWERS = ("tags", "json")
PARAPHRASES = (1, 2, 3)
# The first of these that is set has the key.
KEYS = ("TYEZ_API_KEY", "OPENAI_API_KEY")
# What is decided elsewhere, or would make the answer another thing than one message.
_TAKEN = ("model", "messages", "stream", "n", "temperature", "max_tokens", "tools", "functions")


class Asking(Struct, frozen=True, kw_only=True):
    """How a language model is asked.

    ``insecure``: a key may go unencrypted to another machine.
    ``paraphrase`` is the number of the frame that the prompt stands in, ``shots`` how many examples go before the text,
    ``run`` the number of this one of several equal runs. ``temperature`` and ``max_tokens`` are not sent when None;
    ``parameters`` are sent as they are. ``rate`` is in requests a minute, ``timeout`` in seconds for a whole answer;
    prices are for a million tokens.
    """

    base_url: str | None = None
    insecure: bool = False
    level: str = "definitions"
    language: str = "zh"
    paraphrase: int = 1
    shots: int = 0
    answer: str = "tags"
    run: int = 1
    temperature: float | None = 0.0
    max_tokens: int | None = None
    parameters: Mapping[str, Any] = {}
    rate: float | None = None
    timeout: float = 120.0
    retries: int = 5
    cache: Path | None = None
    price_in: float | None = None
    price_out: float | None = None

    def __post_init__(self) -> None:
        for name, value, allowed in (
            ("prompt", self.level, LEVELS),
            ("language", self.language, LANGUAGES),
            ("answer", self.answer, ANSWERS),
            ("paraphrase", self.paraphrase, PARAPHRASES),
        ):
            if value not in allowed:
                raise UsageError(f"unknown {name} {value!r}, expected one of: {', '.join(map(str, allowed))}")
        taken = next((name for name in self.parameters if name in _TAKEN), None)
        if taken is not None:
            raise UsageError(f"the parameter {taken!r} can't be set: other options decide it")

    def body(self, model: str, messages: list[dict[str, str]]) -> dict[str, Any]:
        """The body of a request."""
        found: dict[str, Any] = {"model": model, "messages": messages, **self.parameters}
        if self.temperature is not None:
            found["temperature"] = self.temperature
        if self.max_tokens is not None:
            found["max_tokens"] = self.max_tokens
        return found


def endpoint_url(base_url: str | None) -> str:
    """The base URL without a slash at its end. Raises UsageError, which never repeats what may be a secret."""
    if not base_url:
        raise UsageError(
            f"a language model needs an OpenAI-compatible endpoint{advice('{base_url} names it', base_url='URL')}"
        )
    try:
        parts = urlsplit(base_url)
        hostname = parts.hostname
        _ = parts.port
    except ValueError:
        raise UsageError("--base-url is not a URL") from None
    if "@" in parts.netloc:
        raise UsageError(f"--base-url has a user name or a password in it; a key comes from {' or '.join(KEYS)} only")
    if parts.scheme not in ("http", "https") or not hostname:
        raise UsageError("--base-url: expected http://HOST/… or https://HOST/…")
    if parts.query or parts.fragment:
        raise UsageError("--base-url: expected no query and no fragment after the path")
    if not base_url.isascii() or not base_url.isprintable() or " " in base_url:
        raise UsageError("--base-url: expected plain ASCII without spaces")
    return base_url.rstrip("/")


def key(url: str, *, insecure: bool = False) -> str | None:
    """The key from the environment; None where there is none, as for a local endpoint.

    Raises UsageError for what is no key, and for one that would go to another machine unencrypted.
    """
    for name in KEYS:
        found = os.environ.get(name, "").strip()
        if found:
            if not found.isascii() or not found.isprintable() or " " in found:
                raise UsageError(f"{name}: expected printable ASCII without spaces")
            if not insecure and urlsplit(url).scheme == "http" and not _is_this_machine(urlsplit(url).hostname or ""):
                way = "expected https://…, or --insecure where the network is yours"
                raise UsageError(f"the key in {name} would go unencrypted to {urlsplit(url).hostname}: {way}")
            return found
    return None


def _is_this_machine(host: str) -> bool:
    """Whether a host is the loopback by its name or its address; nothing is looked up."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
