"""The kinds of corruptions by name."""

from collections.abc import Callable

from generated.corrupt import attributes, entities, files
from generated.corrupt.state import Corruption


def with_(function: Callable[..., str | None], *arguments: object) -> Corruption:
    """A corruption with its arguments."""
    return lambda state, rng: function(state, rng, *arguments)


KINDS: dict[str, Corruption] = {
    "entity left out, outermost": with_(entities.dropped, True),
    "entity left out, nested": with_(entities.dropped, False),
    "start one to the left": with_(entities.shifted, "start", -1),
    "start one to the right": with_(entities.shifted, "start", 1),
    "end one to the left": with_(entities.shifted, "end", -1),
    "end one to the right": with_(entities.shifted, "end", 1),
    "offsets shifted, surface kept": entities.offsets_alone,
    "another type": attributes.retyped,
    "a word marked that is no name": entities.invented,
    "wrong amount": attributes.amount,
    "wrong date": attributes.date,
    "value left out": with_(attributes.attribute_gone, "value"),
    "code of another area": attributes.other_code,
    "code left out": with_(attributes.attribute_gone, "code"),
    "another status": attributes.other_status,
    "another role": attributes.other_role,
    "another rule": attributes.other_rule,
    "alternative left out": with_(attributes.attribute_gone, "alternatives"),
    "alternative elsewhere": entities.bad_alternative,
    "entity twice": entities.twice,
    "crossing entity": entities.crossing,
    "wrong parent": entities.wrong_parent,
    "slip in a label": attributes.label_slip,
    "UTF-16 offsets": files.utf16,
    "text: a character less": with_(files.text_changed, "a character less"),
    "text: a zero-width space more": with_(files.text_changed, "a zero-width space more"),
    "text: U+FFFD": with_(files.text_changed, "U+FFFD"),
    "document left out": files.document_gone,
    "document twice": files.document_twice,
    "copy annotated otherwise": files.copied_otherwise,
    "entry of the log left out": files.log_entry_gone,
    "pass changed": files.pass_changed,
    "a line cut short": with_(files.lines_changed, "a line cut short"),
    "bytes of another encoding": with_(files.lines_changed, "bytes"),
}
