"""The vocabulary of a book whose extensions no table knows, left where ``mmbook check`` looks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx_mmbook.core.book.vocabulary import CONF, NAME, is_shipped
from sphinx_mmbook.core.files.writing import write_whole
from sphinx_mmbook.ext.config import book_settings

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def keep_vocabulary(app: Sphinx, words: dict[str, dict[str, Any]]) -> None:
    """Write what is registered, if the book has extensions that the shipped table does not know."""
    named = sorted({*book_settings(app.config).extensions, CONF})
    if all(is_shipped(name) for name in named if name != CONF) and not app.config.setup:
        return
    versions = {name: one.version for name, one in sorted(app.extensions.items())}
    names = {kind: [*words[kind]] for kind in ("roles", "settings")}
    table = {"extensions": named, "versions": versions, **words, **names}
    file, text = Path(app.doctreedir) / NAME, json.dumps(table)
    if not file.is_file() or file.read_text("utf-8") != text:
        write_whole({file: text})
