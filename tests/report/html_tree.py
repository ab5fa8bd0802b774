"""A page read strictly: every element closed in order, every attribute once, every id once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br"}


@dataclass
class Node:
    """An element, or the root."""

    name: str
    attributes: dict[str, str | None]
    children: list["Node | str"] = field(default_factory=list)

    def walk(self) -> Iterator["Node"]:
        """Itself and every element within, in order."""
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    def find(self, name: str = "", /, **attributes: str) -> list["Node"]:
        """Elements of a name with these attributes; for ``class_`` one of its words."""
        return [
            node
            for node in self.walk()
            if node.name == (name or node.name)
            and all(
                value in node.classes if key == "class_" else node.attributes.get(key.replace("_", "-")) == value
                for key, value in attributes.items()
            )
        ]

    @property
    def classes(self) -> list[str]:
        """The words of its class."""
        return (self.attributes.get("class") or "").split()

    def text(self, without: tuple[str, ...] = ()) -> str:
        """The text within, but for elements of these classes."""
        return "".join(
            child if isinstance(child, str) else child.text(without)
            for child in self.children
            if isinstance(child, str) or not set(without) & set(child.classes)
        )


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute twice: {attrs}"
        node = Node(tag, dict(attrs))
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Node(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].name == tag, f"{tag} closes {self.open[-1].name}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


def read(page: bytes) -> Node:
    """The tree of a page. Fails unless it is well-formed and valid UTF-8."""
    text = page.decode("utf-8")
    assert text.startswith("<!DOCTYPE html>\n")
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == [reader.root], "something is left open"
    ids = [node.attributes["id"] for node in reader.root.walk() if "id" in node.attributes]
    assert len(set(ids)) == len(ids), "an id occurs twice"
    return reader.root
