"""What sphinxcontrib-bibtex never promised: the classes behind its roles, directives and domains.

Read in sphinxcontrib-bibtex 2.6.3 and 2.7. Its documentation names roles and settings only.
"""

from __future__ import annotations

from sphinxcontrib.bibtex.directives import BibliographyDirective
from sphinxcontrib.bibtex.domain import BibtexDomain
from sphinxcontrib.bibtex.foot_domain import BibtexFootDomain
from sphinxcontrib.bibtex.foot_roles import FootCiteRole

#: The domain of ``{cite}``: other extensions ask for it by its class, and read its entries.
CiteDomain = BibtexDomain
#: The domain of ``{footcite:p}`` and its relatives, whose roles are made with the class.
FootnoteDomain = BibtexFootDomain
#: The role that makes a footnote of a work.
FootnoteRole = FootCiteRole
#: Options of ``{bibliography}``, which other books have and a book of ours ignores.
BIBLIOGRAPHY_OPTIONS = BibliographyDirective.option_spec
