"""What sphinxcontrib-bibtex never promised: the classes behind its roles, directives and domains.

Read in sphinxcontrib-bibtex 2.6.3 and 2.7. Its documentation names roles and settings only.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pybtex.database import BibliographyData
from sphinxcontrib.bibtex.bibfile import BibData, BibFile, get_mtime, parse_bibdata
from sphinxcontrib.bibtex.directives import BibliographyDirective
from sphinxcontrib.bibtex.domain import BibtexDomain
from sphinxcontrib.bibtex.foot_domain import BibtexFootDomain
from sphinxcontrib.bibtex.foot_roles import FootCiteRole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

#: The domain of ``{cite}``: other extensions ask for it by its class, and read its entries.
CiteDomain = BibtexDomain
#: The domain of ``{footcite:p}`` and its relatives, whose roles are made with the class.
FootnoteDomain = BibtexFootDomain
#: The role that makes a footnote of a work.
FootnoteRole = FootCiteRole
#: Options of ``{bibliography}``, which other books have and a book of ours ignores.
BIBLIOGRAPHY_OPTIONS = BibliographyDirective.option_spec


class Unparsed(BibliographyData):  # type: ignore[misc]
    """The entries of files that are parsed when somebody asks for the first of them."""

    def __init__(self, files: list[Path], encoding: str) -> None:
        self.files, self.encoding = files, encoding

    def __getattr__(self, name: str) -> Any:
        """Parse the files."""
        if not name.startswith("__"):
            self.__dict__ |= vars(parse_bibdata(self.files, self.encoding).data)
        return self.__getattribute__(name)

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what is remembered: not the entries."""
        return Unparsed, (self.files, self.encoding)


def leave_unparsed(app: Sphinx) -> None:
    """Have sphinxcontrib-bibtex parse its files when it needs an entry, and not before.

    It parses them unless what it remembers is of the same files with the same times.
    """
    files = [Path(app.confdir, name).resolve() for name in app.config.bibtex_bibfiles]
    encoding = app.config.bibtex_encoding
    known = {file: BibFile(get_mtime(file), {}) for file in files}
    app.env.get_domain("cite").data["bibdata"] = BibData(encoding, known, Unparsed(files, encoding))


def parsed_entries(env: BuildEnvironment) -> Mapping[str, Any]:
    """Return the entries of all files; they are parsed now if they are not."""
    return env.get_domain("cite").data["bibdata"].data.entries  # type: ignore[no-any-return]
