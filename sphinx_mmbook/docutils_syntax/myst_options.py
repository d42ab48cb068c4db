"""Which options and settings MyST-Parser and MyST-NB refuse, by their own readers of them."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from docutils.parsers.rst import directives
from myst_nb.core.config import NbParserConfig, Section
from myst_parser.config.main import MdParserConfig, merge_file_level
from myst_parser.parsers.options import TokenizeError, options_to_tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

MYST = frozenset(field.name for field in fields(MdParserConfig))
MYST_NB = frozenset(field.name for field in fields(NbParserConfig)) | {"output_folder"}

#: What MyST-NB reads the options of a cell's pictures with.
_OF_IMAGES: dict[str, Callable[[Any], object]] = {
    "classes": directives.class_option, "scale": directives.percentage,
    "height": directives.length_or_unitless,
    "width": directives.length_or_percentage_or_unitless,
    "align": lambda text: directives.choice(text, ("left", "center", "right")),
}  # fmt: skip


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


def refused_in_conf(name: str, value: object) -> str:
    """Say why MyST-Parser or MyST-NB refuses a setting of ``conf.py``, if it does."""
    config: type[Any] = MdParserConfig if name.startswith("myst_") else NbParserConfig
    try:
        config(**{name.partition("_")[2]: value})
    except TypeError as error:
        return "" if "unexpected keyword" in str(error) else str(error).rstrip(".")
    except Exception as error:  # whatever its checks raise
        return str(error).rstrip(".")
    return ""


def refused_by_myst(settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield which of MyST's settings a front matter cannot set so, and what MyST-Parser says."""
    for name in settings.keys() & MYST:
        told: list[str] = []
        own = {"myst": {name: settings[name]}}
        merge_file_level(MdParserConfig(), own, lambda _, text, told=told: told.append(text))
        if name == "heading_anchors" and settings[name] is None:
            told.append("it has no value")  # MyST-Parser takes it, and fails at the first heading
        yield from ((name, text.rstrip(".")) for text in told)


def refused_by_myst_nb(
    settings: Mapping[str, Any], *, of_cell: bool = False
) -> Iterator[tuple[str, str]]:
    """Yield the same of MyST-NB's settings, of a page or of one cell."""
    for field in fields(NbParserConfig):
        known = not of_cell or Section.cell_lvl in field.metadata.get("sections", ())
        name = field.metadata.get("cell_key", field.name) if of_cell else field.name
        if known and name in settings and name != "output_folder":
            try:
                NbParserConfig(**{field.name: settings[name]})
            except Exception as error:  # whatever its checks raise
                yield name, str(error).rstrip(".")
    image = settings.get("image") if of_cell else None
    image = image if isinstance(image, dict) else {}
    for name in sorted(image.keys() & _OF_IMAGES):
        try:
            _OF_IMAGES[name](image[name])
        except Exception as error:  # as MyST-NB, when it shows the picture
            yield f"image.{name}", str(error).rstrip(".")
