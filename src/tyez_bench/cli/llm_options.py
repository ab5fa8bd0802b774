"""The arguments of ``run`` that tell how a language model is asked, and the runs that they ask for."""

import argparse
import json
import math
from typing import Any

from tyez_bench.cli.options import natural, positive
from tyez_bench.cli.output import output_path
from tyez_bench.systems.llm.options import ANSWERS, KEYS, LANGUAGES, LEVELS, PARAPHRASES, Asking


def add_llm_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare them."""
    default = Asking()
    asked = parser.add_argument_group(
        "language models (llm:MODEL)", f"The key comes from the environment only: {', else '.join(KEYS)}."
    )
    asked.add_argument("--base-url", metavar="URL", help="URL of an OpenAI-compatible endpoint, such as http://HOST/v1")
    asked.add_argument(
        "--insecure", action="store_true", help="allow sending a key over unencrypted http to another machine"
    )
    asked.add_argument("--prompt", choices=LEVELS, default=default.level, help="how detailed the prompt is")
    asked.add_argument("--language", choices=LANGUAGES, default=default.language, help="language of the prompt")
    asked.add_argument("--shots", type=natural, default=0, metavar="N", help="examples from other documents")
    asked.add_argument("--answer", choices=ANSWERS, default=default.answer, help="form of the answer")
    asked.add_argument("--runs", type=positive, default=1, metavar="N", help="identical runs, each with its own file")
    asked.add_argument(
        "--paraphrases",
        type=paraphrases,
        default=(default.paraphrase,),
        metavar="N,N|all",
        help=f"wordings of the prompt, any of {', '.join(map(str, PARAPHRASES))}",
    )
    asked.add_argument(
        "--temperature",
        type=temperature,
        default=0.0,
        metavar="T|none",
        help="sampling temperature; none: the endpoint's default",
    )
    asked.add_argument(
        "--max-tokens", type=positive, metavar="N", help="maximum tokens of an answer (default: not sent)"
    )
    asked.add_argument(
        "--parameter",
        type=parameter,
        action="append",
        default=[],
        metavar="NAME=JSON",
        help="additional field of the request body, such as reasoning_effort=low; may be repeated",
    )
    asked.add_argument("--rate", type=above_zero, metavar="N", help="maximum requests per minute (default: no limit)")
    asked.add_argument(
        "--timeout", type=above_zero, default=default.timeout, metavar="SECONDS", help="time limit for an answer"
    )
    asked.add_argument(
        "--retries", type=natural, default=default.retries, metavar="N", help="retries after a failed request"
    )
    asked.add_argument(
        "--cache", type=output_path, metavar="DIR", help="cache answers, so that no request is sent twice"
    )
    asked.add_argument("--price-in", type=price, metavar="P", help="price per million prompt tokens")
    asked.add_argument("--price-out", type=price, metavar="P", help="price per million answer tokens")


def given_llm_arguments(args: argparse.Namespace) -> list[str]:
    """The options of this group that are not as they are when nothing is said."""
    parser = argparse.ArgumentParser()
    add_llm_arguments(parser)
    return [
        action.option_strings[0]
        for action in parser._actions
        if action.dest != "help" and getattr(args, action.dest) != action.default
    ]


def asking(args: argparse.Namespace) -> list[tuple[str, Asking]]:
    """Each run that is asked for, with what its files' names have at their end (nothing when it is the only one)."""
    found = []
    for paraphrase in args.paraphrases:
        for run in range(1, args.runs + 1):
            end = f".p{paraphrase}" if len(args.paraphrases) > 1 else ""
            end += f".run{run}" if args.runs > 1 else ""
            found.append((end, _asking(args, paraphrase, run)))
    return found


def _asking(args: argparse.Namespace, paraphrase: int, run: int) -> Asking:
    decided = {"level": args.prompt, "paraphrase": paraphrase, "run": run, "parameters": dict(args.parameter)}
    named = {name: getattr(args, name) for name in Asking.__struct_fields__ if name not in decided}
    return Asking(**named, **decided)


def paraphrases(text: str) -> tuple[int, ...]:
    """Numbers of paraphrases, each once, or all of them."""
    if text == "all":
        return PARAPHRASES
    found = tuple(dict.fromkeys(positive(part) for part in text.split(",")))
    if not set(found) <= set(PARAPHRASES):
        raise argparse.ArgumentTypeError(f"expected numbers of {', '.join(map(str, PARAPHRASES))}, or all")
    return found


def parameter(text: str) -> tuple[str, Any]:
    """A name and a value: JSON, or else the word itself."""
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError("expected NAME=VALUE")
    try:
        return name, json.loads(value, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return name, value


def _no_number(text: str) -> Any:
    raise ValueError(text)


def temperature(text: str) -> float | None:
    """A number from 0, or none for what the endpoint does by itself."""
    return None if text == "none" else price(text)


def price(text: str) -> float:
    """A number from 0."""
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not 0 <= found < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0")
    return found


def above_zero(text: str) -> float:
    """A number above 0."""
    if price(text) == 0:
        raise argparse.ArgumentTypeError("expected a number above 0")
    return price(text)
