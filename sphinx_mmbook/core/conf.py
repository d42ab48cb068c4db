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
        tree = ast.parse((book / "conf.py").read_bytes())
    except FileNotFoundError:
        return Conf()
    except SyntaxError as error:
        message = f"this is no valid Python: {error.msg}; nothing can be built until it is mended"
        at = Location("conf.py", error.lineno or 1, error.offset or 0)
        return Conf(findings=(Finding(at, "conf", message),))
    except (OSError, ValueError, RecursionError) as error:
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
    parts = []
    for pattern in patterns:
        text = re.escape(pattern.strip("/"))
        text = text.replace(r"\*\*/", "(?:.*/)?").replace(r"\*\*", ".*")
        parts.append(text.replace(r"\*", "[^/]*").replace(r"\?", "[^/]"))
    return re.compile(f"(?:{'|'.join(parts)})(?:/.*)?")
