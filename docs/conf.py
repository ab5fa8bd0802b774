"""How the site of the documentation is built: ``sphinx-build -W --keep-going -c docs . build/site``."""

import builtins
import inspect
import re
import sys
from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec
from docutils.nodes import Element, Node
from sphinx.addnodes import desc_signature, pending_xref
from sphinx.application import Sphinx
from sphinx.domains.python import PyObject
from sphinx.environment import BuildEnvironment
from sphinx.ext.napoleon import Config, GoogleDocstring
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "src"))

import tyez_bench  # noqa: E402

project = "tyez-bench"
release = version = tyez_bench.__version__
author = "The tyez-bench authors"
copyright = "The tyez-bench authors. Code MIT, annotations CC BY 4.0"

# The source is the repository: pages link to the guidelines, the datasheet and the card as they do on disk.
root_doc = "docs/index"
include_patterns = [
    "docs/**",
    "annotations/GUIDELINES.md",
    "data/README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "DATASHEET.md",
    "LICENSE-TEXT.md",
]
exclude_patterns = [".*", "build", "dist", "findings", "scripts", "src", "tests"]

extensions = ["myst_nb", "sphinx.ext.autodoc"]
# Python's own types, and those of packages that are not described here, lead nowhere.
nitpicky = True
nitpick_ignore_regex = [("py:.*", r"(?!tyez_bench)\w+\..*"), ("py:.*", "|".join(dir(builtins)))]

myst_heading_anchors = 6
# The notebook is run by a test, which compares what it gives with what is stored in it.
nb_execution_mode = "off"

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
NAPOLEON = Config(napoleon_use_ivar=True)
add_module_names = False
python_use_unqualified_type_names = True
maximum_signature_line_length = 88

html_theme = "furo"
html_title = f"tyez-bench {release}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {"top_of_page_buttons": []}


def docstring(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """The sections of a docstring as fields."""
    if what == "class" and issubclass(obj, msgspec.Struct) and "Attributes:" not in lines:
        _fields_of_a_struct(obj, lines)
    _returns_in_words(lines)
    # Of an attribute napoleon would take the words before a colon for its type.
    kind = "method" if what in ("attribute", "property") else what
    lines[:] = GoogleDocstring(lines, NAPOLEON, app, kind, name, obj, options).lines()


def signature(app: Sphinx, what: str, name: str, obj: Any, options: Any, args: str | None, gives: str | None) -> Any:
    """A default that is made anew each time is written so that Sphinx can read it."""
    return (args.replace("<factory>", "..."), gives) if args and "<factory>" in args else None


def _fields_of_a_struct(struct: type[msgspec.Struct], lines: list[str]) -> None:
    """The fields of a struct are described where they are declared: a page has them as attributes."""
    hints = get_type_hints(struct, include_extras=True)
    said = {field: _description(hints[field]) for field in struct.__struct_fields__}
    block = [f"    {field}: {words}." for field, words in said.items() if words]
    if block:
        at = next((i for i, line in enumerate(lines) if line == "Example:"), len(lines))
        lines[at:at] = ["Attributes:", *block, ""]


def _description(hint: Any) -> str | None:
    found = (one.description for one in get_args(hint) if isinstance(one, msgspec.Meta) and one.description)
    return next(found, None)


def _returns_in_words(lines: list[str]) -> None:
    """What is returned is said in words, and its type stands in the signature: a colon in it is no type."""
    if "Returns:" not in lines:
        return
    at = lines.index("Returns:")
    end = next((i for i in range(at + 1, len(lines)) if lines[i] and not lines[i].startswith(" ")), len(lines))
    body = inspect.cleandoc("\n".join(lines[at + 1 : end])).splitlines()
    lines[at:end] = [f":returns: {body[0]}", *(f"    {line}" if line else "" for line in body[1:]), ""]


def as_beside_it(app: Sphinx, docname: str, source: list[str]) -> None:
    """The card stands in the published directory, which has copies of some documents, and a header for the hub."""
    if docname == "data/README":
        text = source[0].split("---\n", 2)[2]
        source[0] = re.sub(r"\]\((DATASHEET|LICENSE-TEXT)\.md", r"](../\1.md", text)


def by_last_name(app: Sphinx, env: BuildEnvironment, node: pending_xref, shown: Element) -> Node | None:
    """Lead names from where they are defined, which may move, to where they are public."""
    if node.get("refdomain") != "py":
        return None
    *_, last = node["reftarget"].rsplit(".")
    found = [(name, one) for name, one in env.domains.python_domain.objects.items() if name.rsplit(".")[-1] == last]
    if len(found) == 1 and app.builder:
        name, one = found[0]
        return make_refnode(app.builder, node["refdoc"], one.docname, one.node_id, shown, name)
    # A signature may name a type that is described nowhere; words that promise a page may not.
    return shown if any(isinstance(up, desc_signature) for up in _ancestors(node)) else None


def _ancestors(node: Node | None) -> list[Node]:
    found = []
    while node is not None:
        found.append(node)
        node = node.parent
    return found


class TypesOf(SphinxDirective):
    """``.. types-of:: compare`` describes the classes that public names return or have as fields, each in one place.

    They are no public names themselves: nobody makes one, and where they are defined may change.
    """

    required_arguments = 1
    optional_arguments = 20

    def run(self) -> list[Node]:
        """The descriptions, in the order of the fields."""
        found: dict[type, None] = {}
        for name in self.arguments:
            public = getattr(tyez_bench, name)
            hints = get_type_hints(public)
            for hint in hints.values() if isinstance(public, type) else [hints["return"]]:
                _collect(hint, found)
        places = self.env.app.types_described
        here = self.get_location()
        own = [cls for cls in found if places.setdefault(cls, here) == here]
        if not own:
            raise self.error(f"{' '.join(self.arguments)}: all of their types are described elsewhere")
        text = "".join(f".. autoclass:: {cls.__module__}.{cls.__qualname__}\n   :members:\n\n" for cls in own)
        return self.parse_text_to_nodes(text)


def _collect(hint: Any, found: dict[type, None]) -> None:
    """The classes of this package in a type, and in the types of their fields, that are no public names."""
    for part in get_args(hint):
        _collect(part, found)
    if not isinstance(hint, type) or not hint.__module__.startswith("tyez_bench.") or hint in found:
        return
    if hint.__name__ not in tyez_bench.__all__:
        found[hint] = None
        for field in get_type_hints(hint).values():
            _collect(field, found)


def to_the_first_page(app: Sphinx, error: Exception | None) -> None:
    """The top of the site leads to its first page."""
    if error is None and app.builder.format == "html":
        page = f'<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url={root_doc}.html">\n'
        (Path(app.outdir) / "index.html").write_text(page, "utf-8")


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.types_described = {}
    app.add_directive("types-of", TypesOf)
    app.connect("autodoc-process-docstring", docstring)
    app.connect("autodoc-process-signature", signature)
    next(field for field in PyObject.doc_field_types if field.name == "variable").label = "Attributes"
    app.connect("source-read", as_beside_it)
    app.connect("missing-reference", by_last_name)
    app.connect("build-finished", to_the_first_page)
