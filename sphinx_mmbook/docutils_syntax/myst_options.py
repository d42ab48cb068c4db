"""Which options and settings MyST-Parser and MyST-NB refuse, by their own readers of them."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from docutils.parsers.rst import directives
from myst_nb.core.config import NbParserConfig, Section
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.options import TokenizeError, options_to_tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

MYST = frozenset(field.name for field in fields(MdParserConfig))
MYST_NB = frozenset(field.name for field in fields(NbParserConfig))

#: What MyST-NB reads the options of a cell's pictures with.
_OF_IMAGES: dict[str, Callable[[Any], object]] = {
    "classes": directives.class_option, "scale": directives.percentage,
    "height": directives.length_or_unitless,
    "width": directives.length_or_percentage_or_unitless,
    "align": lambda text: directives.choice(text, ("left", "center", "right")),
}  # fmt: skip
#: What a cell can say of its pictures and of their figure.
_NAMES = {
    "image": [*_OF_IMAGES, "alt"],
    "figure": ["caption", "caption_before", "name", "classes", "align"],
}


def line_at_fault(text: str) -> int | None:
    """Return the line because of which no option of the block is read; lines count from 0."""
    lines = text.split("\n")
    try:
        tokens, _ = options_to_tokens(text)
    except TokenizeError as error:
        line: int = (error.context_mark or error.problem_mark).line
        if error.problem == "expected ':' after key" and not error.problem_mark.column:
            # It has looked for the colon up to the next text.
            return max((n for n in range(min(line, len(lines))) if lines[n].strip()), default=line)
        return line
    return next((key.start.line for key, _ in tokens if not key.value), None)


def refused(name: str, value: object) -> str:
    """Say why MyST-Parser or MyST-NB refuses a value of a setting, named as in ``conf.py``.

    Nothing if they take it, or have no such setting.
    """
    is_myst, key = name.startswith("myst_"), name.partition("_")[2]
    config: type[Any] = MdParserConfig if is_myst else NbParserConfig
    if key not in (MYST if is_myst else MYST_NB):
        return ""
    try:
        config(**{key: value})
    except Exception as error:  # whatever its checks raise
        return _in_words(str(error)).rstrip(".")
    return ""


_KINDS = {
    "dict": "a mapping", "str": "a text", "int": "a number", "float": "a number",
    "bool": "True or False", "list": "a list", "tuple": "a list", "set": "a list",
}  # fmt: skip


def _in_words(text: str) -> str:
    """Return what MyST-Parser says, without Python's types: "'x' must be a mapping (got [])"."""
    name, _, types = text.partition(" must be of type ")
    types, _, value = types.partition(" (got ")
    kinds = dict.fromkeys(_KINDS.get(one, one) for one in re.findall(r"'(\w+)'", types))
    value = value.rpartition(" that is a <class ")[0]
    return f"{name} must be {' or '.join(kinds)} (got {value})" if kinds else text


def refused_by_myst(settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield which of MyST's settings a front matter cannot set so, and why."""
    for field in fields(MdParserConfig):
        name, value = field.name, settings.get(field.name)
        if field.metadata.get("global_only") and name in settings:
            yield name, "it is one for the whole book, in conf.py"
        elif name == "heading_anchors" and name in settings and value is None:
            yield name, "it has no value"  # MyST-Parser takes it, and fails at the first heading
        elif name in settings and (why := refused(f"myst_{name}", value)):
            yield name, why


def refused_by_myst_nb(
    settings: Mapping[str, Any], *, of_cell: bool = False
) -> Iterator[tuple[str, str]]:
    """Yield the same of MyST-NB's settings, of a page or of one cell."""
    for field in fields(NbParserConfig):
        known = not of_cell or Section.cell_lvl in field.metadata.get("sections", ())
        name = field.metadata.get("cell_key", field.name) if of_cell else field.name
        if known and name in settings and name != "output_folder":
            why = refused(f"nb_{field.name}", settings[name])
            yield from [(name, why)] if why else ()
    for part, known_names in _NAMES.items() if of_cell else ():
        said = settings.get(part)
        for name in sorted(map(str, said.keys() - known_names if isinstance(said, dict) else ())):
            yield f"{part}.{name}", f"it is none of {', '.join(known_names)}"
    image = settings.get("image") if of_cell else None
    image = image if isinstance(image, dict) else {}
    for name in sorted(image.keys() & _OF_IMAGES):
        try:
            _OF_IMAGES[name](image[name])
        except Exception as error:  # as MyST-NB, when it shows the picture
            yield f"image.{name}", str(error).rstrip(".")
