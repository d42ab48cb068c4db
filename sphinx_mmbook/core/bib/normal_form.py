"""What biblatex writes, in the words of BibTeX, which are all that styles know."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.bib.parse import MONTHS

if TYPE_CHECKING:
    from sphinx_mmbook.core.bib.entry import BibEntry

#: Types of biblatex and the types of BibTeX that stand for them.
TYPES = {
    "online": "misc", "electronic": "misc", "www": "misc", "software": "misc", "dataset": "misc",
    "conference": "inproceedings", "collection": "book", "mvbook": "book", "mvcollection": "book",
    "mvproceedings": "proceedings", "reference": "book", "inreference": "incollection",
    "bookinbook": "inbook", "suppbook": "inbook", "periodical": "misc", "suppperiodical": "article",
    "report": "techreport", "thesis": "phdthesis", "patent": "misc", "artwork": "misc",
    "audio": "misc", "image": "misc", "video": "misc", "movie": "misc", "music": "misc",
    "preprint": "misc", "data": "misc",
}  # fmt: skip
#: Fields of biblatex and the fields of BibTeX that stand for them.
FIELDS = {
    "journaltitle": "journal", "location": "address", "annotation": "note", "file": "",
    "archiveprefix": "eprinttype", "primaryclass": "eprintclass",
}  # fmt: skip
#: Where a thesis or report of biblatex has its institution.
_INSTITUTION = {"phdthesis": "school", "mastersthesis": "school"}
_DATE = re.compile(r"\s*(-?\d{4})[?~%]?(?:-(\d{2}))?")


def normalise(entry: BibEntry) -> BibEntry:
    """Return ``entry`` in the types and fields of BibTeX; DOI and arXiv number without prefix."""
    kind = TYPES.get(entry.type, entry.type)
    fields = {FIELDS.get(name, name): value for name, value in entry.fields.items() if value}
    fields.pop("", None)
    if entry.type == "thesis" and re.match("ma", fields.get("type", ""), re.IGNORECASE):
        kind = "mastersthesis"
    wanted = _INSTITUTION.get(kind)
    if wanted and wanted not in fields and "institution" in fields:
        fields[wanted] = fields.pop("institution")
    _date(fields)
    _title(fields)
    typed = _doi(fields)
    _arxiv(fields)
    return replace(entry, type=kind, fields=fields, typed=typed)


def _date(fields: dict[str, str]) -> None:
    found = _DATE.match(fields.get("date", ""))
    if found:
        fields.setdefault("year", found[1])
        if found[2] and 1 <= int(found[2]) <= 12:
            fields.setdefault("month", MONTHS[int(found[2]) - 1])
        fields.pop("date")


def _title(fields: dict[str, str]) -> None:
    """Join title and subtitle, as BibTeX has no subtitles."""
    for name in ("", "book", "journal", "main"):
        subtitle = fields.pop(f"{name}subtitle", "")
        title = f"{name}title" if name != "journal" else "journal"
        if subtitle and title in fields:
            fields[title] = f"{fields[title]}: {subtitle}"


def _doi(fields: dict[str, str]) -> dict[str, str]:
    """Leave the number alone; return what stood there, if that was more: an address."""
    typed = fields.get("doi", "")
    if not typed:
        return {}
    number = re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", "", typed, flags=re.I)
    # Citavi writes an underscore as {\textunderscore }.
    bare = re.sub(r"\{?\\textunderscore\s*(?:\{\})?\}?", "_", number)
    fields["doi"] = re.sub(r"[\\{}]", "", bare)
    return {"doi": typed} if number != typed else {}


_ARXIV = re.compile(r"(?:arxiv\s*:\s*|arxiv\.org/(?:abs|pdf)/)([\w.-]+/\d{7}|\d{4}\.\d{4,5})", re.I)


def _arxiv(fields: dict[str, str]) -> None:
    """Find the arXiv number, wherever the exporters of the world put it, as ``eprint``."""
    if fields.get("eprinttype", "").lower() in ("arxiv", ""):
        bare = re.fullmatch(
            r"(?:arxiv:)?([\w.-]+/\d{7}|\d{4}\.\d{4,5})(?:v\d+)?", fields.get("eprint", ""), re.I
        )
        if bare:
            fields["eprint"], fields["eprinttype"] = bare[1], "arxiv"
            return
    for name in ("journal", "url", "note", "howpublished", "volume", "number"):
        found = _ARXIV.search(fields.get(name, ""))
        if found and "eprint" not in fields:
            fields["eprint"], fields["eprinttype"] = found[1], "arxiv"
            return
