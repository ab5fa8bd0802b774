"""Records of JSON or Parquet, read by a field map of your own: ``--fields FILE``.

The file is TOML, of the same form as the maps that come with the package (below).
"""

from collections.abc import Iterator

from tyez_bench.io.field_maps import load_field_map
from tyez_bench.io.formats import mapped
from tyez_bench.io.record import Options, Record
from tyez_bench.io.source import Source
from tyez_bench.model.errors import UsageError
from tyez_bench.model.hints import advice


def sniff(source: Source) -> bool:
    """Never: the map has to be named."""
    return False


def read(source: Source, options: Options) -> Iterator[Record]:
    """The records by the map that the options name. Raises InputError, UsageError without a map."""
    if options.fields is None:
        raise UsageError("the format fields needs a field map" + advice("{fields} names it", fields="FILE"))
    if source.is_directory:
        raise source.error("is a directory, expected a file of JSON or Parquet")
    yield from mapped.read(load_field_map(options.fields), source, options)


def annotators(source: Source, options: Options) -> list[tuple[str, ...]]:
    """By record, who made it. Raises InputError."""
    return [] if options.fields is None else mapped.annotators(load_field_map(options.fields), source)
