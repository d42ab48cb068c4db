"""Bibliographies that an earlier build has parsed, by what was in them.

As JSON, not as a pickle: whatever somebody puts into the folder of a build runs nothing.
"""

from __future__ import annotations

import json
from hashlib import blake2b

from sphinx_mmbook.core.bib.entry import BibEntry

Entries = tuple[BibEntry, ...]


class ParsedFiles:
    """The entries of ``.bib`` files without findings; ``text`` is what :meth:`text` has given.

    ``version`` is of the program that parses: another one may read the same file in another way.
    """

    def __init__(self, text: str = "", version: str = "") -> None:
        self.version = version
        #: By digest: what was known, and what has been asked for since.
        self._known: dict[str, list[list[object]]] = {}
        self._used: dict[str, list[list[object]]] = {}
        try:
            stored = json.loads(text or "{}")
            if stored.get("version") == version:
                self._known = dict(stored["files"])
        except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
            pass  # nothing is known

    def entries(self, path: str, data: bytes) -> Entries | None:
        """Return what a file with that content was parsed to; None if it never was."""
        digest = _digest(path, data)
        try:
            rows = self._known[digest]
            found = tuple(BibEntry(*row) for row in rows)  # type: ignore[arg-type]
        except (KeyError, TypeError):
            return None
        self._used[digest] = rows
        return found

    def note(self, path: str, data: bytes, entries: Entries) -> None:
        """Remember what a file was parsed to."""
        self._used[_digest(path, data)] = [
            [
                entry.key, entry.type, dict(entry.fields), entry.path, entry.line,
                dict(entry.lines), entry.broken, dict(entry.columns),
                dict(entry.typed),
            ]
            for entry in entries
        ]  # fmt: skip

    @property
    def is_changed(self) -> bool:
        """Whether other files were asked for than the ones that were known."""
        return self._used.keys() != self._known.keys()

    @property
    def state(self) -> str:
        """A text that is the same as long as all that was asked for is."""
        return " ".join((self.version, *sorted(self._used)))

    def text(self) -> str:
        """Return what was asked for, to be read again by the next build."""
        return json.dumps({"version": self.version, "files": self._used})


def _digest(path: str, data: bytes) -> str:
    return blake2b(path.encode("utf-8", "replace") + b"\0" + data, digest_size=16).hexdigest()
