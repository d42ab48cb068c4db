"""JSON Schemas for editors: a person's file, and the front matter of a page."""

from __future__ import annotations

from typing import Any

from sphinx_mmbook.core.pages.stub import OURS
from sphinx_mmbook.core.people.chapter_metadata import STATUSES
from sphinx_mmbook.core.people.people import FIELDS, ROLES

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TEXT = {"type": "string"}
_TEXTS = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}


def _plain(help_text: str) -> str:
    return help_text.replace("`", "")


def person_schema() -> dict[str, Any]:
    """Return the schema of ``people/*.yml``."""
    kinds: dict[str, Any] = {
        "name": {**_TEXT, "minLength": 1},
        "orcid": {**_TEXT, "pattern": r"^(https?://orcid\.org/)?\d{4}-\d{4}-\d{4}-\d{3}[\dXx]$"},
        "affiliation": _TEXTS,
        "affiliations": _TEXTS,
    }
    return {
        "$schema": _DIALECT,
        "title": "A person of the book",
        "type": "object",
        "properties": {
            name: {**kinds.get(name, _TEXT), "description": _plain(text)}
            for name, text in FIELDS.items()
        },
        "required": ["name"],
        "additionalProperties": False,
    }


def page_schema() -> dict[str, Any]:
    """Return the schema of a page's front matter; other tools' fields are allowed."""
    person = {name: value for name, value in person_schema().items() if name != "$schema"}
    credit = {"anyOf": [{**_TEXT, "minLength": 1}, person]}
    credited = {"anyOf": [*credit["anyOf"], {"type": "array", "items": credit}]}
    kinds: dict[str, Any] = {
        **dict.fromkeys((*ROLES, *(role.removesuffix("s") for role in ROLES)), credited),
        "status": {"enum": list(STATUSES)},
        "keywords": _TEXTS,
        **dict.fromkeys(("degree", "abstract", "label"), _TEXT),
    }
    return {
        "$schema": _DIALECT,
        "title": "Front matter of a page",
        "type": "object",
        "properties": {
            "title": {**_TEXT, "description": "title of the page"},
            **{name: {**kinds.get(name, {}), "description": _plain(OURS[name])} for name in OURS},
        },
    }
