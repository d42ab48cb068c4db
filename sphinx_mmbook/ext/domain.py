"""The domain: all that a build remembers of a book, as frozen plain data keyed by docname."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from sphinx.domains import Domain

if TYPE_CHECKING:
    from collections.abc import Set

    from sphinx.environment import BuildEnvironment

#: Every table maps a docname to frozen plain data, so purge is a pop and merge a loop.
TABLES = ("facts", "credits")


class BookDomain(Domain):
    """State of the extension. Written only by ``note_*``; no nodes, nothing that is not plain."""

    name = "mmbook"
    label = "Seminar book"
    data_version = 1
    initial_data: ClassVar[dict[str, Any]] = {name: {} for name in TABLES}

    def clear_doc(self, docname: str) -> None:
        """Forget all of a page that is read again or gone."""
        for table in TABLES:
            self.data[table].pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over what a parallel reader found on its pages."""
        for table in TABLES:
            mine, theirs = self.data[table], otherdata[table]
            mine.update({name: theirs[name] for name in docnames if name in theirs})


def book_domain(env: BuildEnvironment) -> BookDomain:
    """Return the domain of this build."""
    return cast("BookDomain", env.get_domain("mmbook"))
