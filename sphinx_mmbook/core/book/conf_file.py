"""What a book's ``conf.py`` says, read and never run: only plain values count."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sphinx_mmbook.core.finding import Finding, Location

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

#: A conf.py is some lines; what is larger is read as if it said nothing.
MAX_BYTES = 256 * 1024
#: So many folders of any depth a pattern may stand for; with each, matching takes far longer.
MAX_DEPTHS = 3
#: What no book has as chapters: output of builds, checkpoints of notebooks, read-me files.
EXCLUDED = ("_build", "**/.ipynb_checkpoints", "README.md", "**/README.md")


@dataclass(frozen=True)
class Conf:
    """The plain values that ``conf.py`` assigns at its top level; ``findings`` if it has none."""

    values: Mapping[str, object] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def rules(self) -> dict[str, str]:
        """Levels of rules, ``mmbook_rules``."""
        value = self.values.get("mmbook_rules")
        return {str(k): str(v) for k, v in value.items()} if isinstance(value, dict) else {}

    @property
    def suppressed(self) -> tuple[str, ...]:
        """The types of warnings that Sphinx does not show, ``suppress_warnings``."""
        value = self.values.get("suppress_warnings")
        return tuple(map(str, value)) if isinstance(value, list | tuple) else ()

    @property
    def language(self) -> str:
        """The book's language."""
        return str(self.values.get("language", "en"))

    @property
    def excluded(self) -> tuple[str, ...]:
        """Patterns of what is no part of the book."""
        own: list[str] = []
        for name in ("exclude_patterns", "templates_path", "html_static_path", "html_extra_path"):
            value = self.values.get(name)
            own += [str(item) for item in value] if isinstance(value, list | tuple) else []
        return (*EXCLUDED, *own)

    @property
    def bibliographies(self) -> tuple[str, ...]:
        """The ``.bib`` files that ``bibtex_bibfiles`` names, perhaps out of the book."""
        value = self.values.get("bibtex_bibfiles")
        names = map(str, value) if isinstance(value, list | tuple) else ()
        return tuple(name for name in names if name.lower().endswith(".bib"))

    def texts(self) -> set[str]:
        """Return all texts in the values: names of files that conf.py uses are among them."""
        found: set[str] = set()
        todo: list[object] = list(self.values.values())
        while todo:
            item = todo.pop()
            if isinstance(item, str):
                found.add(item)
            elif isinstance(item, dict):
                todo += [*item.keys(), *item.values()]
            elif isinstance(item, list | tuple | set):
                todo += item
        return found


def read_conf(book: Path) -> Conf:
    """Read ``conf.py`` of a book; values that are computed there are left out."""
    try:
        data = (book / "conf.py").read_bytes()
        tree = ast.parse(data if len(data) <= MAX_BYTES else b"")
    except FileNotFoundError:
        return Conf()
    except SyntaxError as error:
        message = f"this is no valid Python: {error.msg}; nothing can be built until it is mended"
        at = Location("conf.py", error.lineno or 1, error.offset or 0)
        return Conf(findings=(Finding(at, "conf", message),))
    except (OSError, ValueError, RecursionError, MemoryError) as error:
        message = f"this file cannot be read: {getattr(error, 'strerror', '') or error}"
        return Conf(findings=(Finding(Location("conf.py"), "conf", message),))
    values: dict[str, object] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            try:
                values[node.targets[0].id] = ast.literal_eval(node.value)
            except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
                continue
    return Conf(values)


def excluder(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Return what matches excluded paths, as Sphinx's ``exclude_patterns`` do.

    A pattern matches a path or a folder above it: ``**`` any folders, ``*`` and ``?`` no slash.
    """
    parts = filter(None, map(_expression, patterns))
    return re.compile(f"(?:{'|'.join(parts)})(?:/.*)?")


def _expression(pattern: str) -> str:
    """Return a pattern as a regular expression; empty if it is too complex to be meant."""
    pieces = re.split(r"((?:\*\*/)+|\*\*)", pattern.strip("/"))
    if len(pieces) > 2 * MAX_DEPTHS + 1:
        return ""
    pieces[1::2] = [".*" if piece == "**" else "(?:.*/)?" for piece in pieces[1::2]]
    pieces[::2] = ["/".join(map(_stars, piece.split("/"))) for piece in pieces[::2]]
    return "".join(pieces)


def _stars(name: str) -> str:
    """Return the expression for a name with ``*`` and ``?``, in which no star is tried twice."""
    first, *texts = (re.escape(text).replace(r"\?", "[^/]") for text in name.split("*"))
    # As fnmatch does: the first place of a text is as good as any later one, but at the end.
    middle = "".join(f"(?>[^/]*?{text})" for text in texts[:-1])
    return first + middle + (f"[^/]*{texts[-1]}" if texts else "")
