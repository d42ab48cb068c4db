"""What an entry needs to be printed well, and what in its fields is printed wrong.

Which fields a type needs is from "BibTeXing" (Oren Patashnik, 1988, section 3.1).
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.bib.field_forms import SLIPS
from sphinx_mmbook.core.bib.latex_text import plain_text
from sphinx_mmbook.core.bib.names import split_names
from sphinx_mmbook.core.bib.reference_style import web_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.bib.entry import BibEntry

#: Type -> alternatives of the fields without which a citation cannot print author and year.
NEEDED = {
    "article": ("author", "title", "year"),
    "book": ("author editor", "title", "year"),
    "booklet": ("title",),
    "inbook": ("author editor", "title", "year"),
    "incollection": ("author", "title", "year"),
    "inproceedings": ("author", "title", "year"),
    "manual": ("title",),
    "mastersthesis": ("author", "title", "year"),
    "misc": ("title",),
    "phdthesis": ("author", "title", "year"),
    "proceedings": ("title", "year"),
    "techreport": ("author", "title", "year"),
    "unpublished": ("author", "title"),
}
#: Type -> the field that says where a work appeared, and what else says it as well.
PLACES = {
    "article": ("journal", "booktitle howpublished"),
    "book": ("publisher", "howpublished organization"),
    "incollection": ("booktitle", "journal"),
    "inproceedings": ("booktitle", "journal"),
    "mastersthesis": ("school", "institution publisher"),
    "phdthesis": ("school", "institution publisher"),
    "techreport": ("institution", "organization eprint howpublished"),
    "unpublished": ("note", "howpublished url eprint"),
}
#: Types that biblatex and others have beside those that are normalised.
OTHER_TYPES = frozenset(
    {"bibnote", "commentary", "jurisdiction", "legal", "legislation", "letter", "performance",
     "review", "set", "standard", "suppcollection", "xdata"}
)  # fmt: skip
#: Of these, the entry of a web page has one.
_WHO_OR_WHEN = (
    "author", "editor", "organization", "institution", "publisher", "howpublished", "note", "year",
    "date",
)  # fmt: skip
#: What else says where to look for it.
_WHERE = (
    "url", "doi", "eprint", "howpublished", "note", "publisher", "organization", "institution",
    "journal", "booktitle", "school", "series", "isbn", "pmid", "number", "type", "address",
)  # fmt: skip
#: Where articles have neither volume nor pages.
_NO_ISSUE = re.compile(
    r"rxiv|corr$|preprint|ssrn|blog|medium|news|times|press$|web|towards|guardian|working|in press"
    r"|proceedings|advances in|conference|science$",
    re.IGNORECASE,
)
#: Fields that are printed.
SHOWN = (
    "author", "editor", "title", "journal", "booktitle", "publisher", "school", "institution",
    "organization", "howpublished", "note", "series",
)  # fmt: skip

_YEAR = re.compile(
    r"(?:ca?\.|circa|around|um)?\s*\d{4}[a-z]?(?:\s*(?:[-–/]+|and|und|,)\s*\d{2,4})?\??"
    r"|\[\d{4}\](?:\s*\d{4})?|\d{4}\s*\[\d{4}\]|\d+\s*(?:BCE?|CE|AD)",
    re.IGNORECASE,
)
_DOI = re.compile(r"(?<![\d.])10\.\d{4,9}(?>(?:\.\d+)*)/\S*[^\s.,;]")
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,5}|#x[\da-fA-F]{2,5});|\\&amp;?|\{\\&\}amp")
_TAG = re.compile(
    r"</?(?:i|b|em|strong|sub|sup|span|italic|bold|p|br|title|mml:\w+)\b[^<>]*>", re.I
)
#: What LaTeX has for it.
_LATEX = {
    "sub": "textsubscript", "sup": "textsuperscript", "b": "textbf", "strong": "textbf",
    "bold": "textbf", "i": "emph", "em": "emph", "italic": "emph",
}  # fmt: skip
#: UTF-8 that was read as Latin-1 and written as UTF-8 again.
_TWICE = re.compile("Ã[\u0080-\u00bf\u2018-\u203a€™š›œžŸŠŽŒ]|â€[\u0080-\u00bf™œ“”˜\u009d]|\ufffd")
_SUFFIX = re.compile(r"(?:jr|sr|[ivx]+|ph\.?d|m\.?d|esq)\.?", re.IGNORECASE)
_LATE = re.compile(r"[JS]r\.?|I{2,3}|IV")
_ET_AL = re.compile(r"^(?!\{).*\bet\.? al\b|^et\.? al\b|^(?-i:Others|al\.?)$", re.I)
_PLACEHOLDER = re.compile(
    r"\W*(?:todo|tbd|tba|fixme|xxx+|x\.x\.|\?+|unknown(?: author| year)?|no (?:title|author|date)|"
    r"website|untitled(?: document)?|lorem ipsum.*|title|author|firstname lastname|last, first)\W*",
    re.IGNORECASE,
)


def missing(entry: BibEntry) -> Iterator[str]:
    """Yield the fields that a work needs and lacks, as a message names them."""
    body = entry.get("organization", "institution")
    for names in NEEDED.get(entry.type, ()):
        if not entry.get(*names.split()) and not (names.startswith("author") and body):
            yield names.replace(" ", " or ")


def lacking(entry: BibEntry, fields: list[str]) -> str:
    """Say which fields a work lacks, or what to write for the name that one of them has."""
    wanted = " ".join(fields).split()
    slip = next((slip for slip in SLIPS if slip in entry.fields and SLIPS[slip] in wanted), "")
    *first, last = " and ".join(fields).split(" and ")
    names = f"{', '.join(first)} and {last}" if first else last
    advice = f"write '{SLIPS[slip]}' for '{slip}'" if slip else f"add {'them' if first else 'it'}"
    if wanted[-1] in ("journal", "booktitle") and entry.get("eprint"):
        advice = "make a preprint @misc, or add where it appeared"
    return f"'{entry.key}' ({entry.type}) lacks {names}; {advice}"


def place_missing(entry: BibEntry) -> str:
    """Return the field that should say where a work appeared, if none does."""
    if entry.type == "misc" and not entry.get(*_WHO_OR_WHEN):
        return "author and year"
    if entry.type == "misc" and entry.get("author") and not entry.get("year", "date", "urldate"):
        return "" if re.search(r"\d{4}", entry.get("note", "howpublished")) else "year"
    field, others = PLACES.get(entry.type, ("", ""))
    if entry.type == "misc" and entry.get("author") and not entry.get(*_WHERE):
        return "url or howpublished"
    # A preprint in BibTeX's fields for one says where it is, in an address only to some.
    is_preprint = entry.type == "article" and "eprint" in entry.lines
    if field and not is_preprint and not entry.get(field, *others.split()):
        return field
    return _issue_missing(entry) if entry.type == "article" else ""


def _issue_missing(entry: BibEntry) -> str:
    """Return what is missing of the issue of a journal; some journals have no volumes."""
    if entry.get("eprint", "note", "pubstate") or _NO_ISSUE.search(entry.get("journal")):
        return ""
    if not entry.get("volume", "pages", "number", "issue", "date", "eid", "article-number"):
        return "volume and pages"
    volume = entry.get("volume")
    if volume and not entry.get("pages", "eid", "article-number"):
        return "pages or eid"
    links = ("doi", "url", "eid", "article-number", "date")
    return "volume" if not volume and (entry.get("number") or not entry.get(*links)) else ""


def year_fault(entry: BibEntry) -> str:
    """Say what is wrong with the year, if anything is."""
    year = plain_text(entry.get("year"))
    if year and re.search(r"\d", year) and not _YEAR.fullmatch(year):
        return f"'{year}' is not a year; write four digits, and the month in its own field"
    if not year and (date := entry.get("date")):
        return f"'{date}' is not a date; write year, month and day with hyphens: 2014-09-01"
    return ""


def doi_fault(entry: BibEntry) -> str:
    """Say what is wrong with the DOI, if anything is."""
    doi = entry.get("doi")
    if not doi or _DOI.fullmatch(doi) or re.fullmatch(r"10/[a-z0-9]{3,8}", doi):  # one in short
        return ""
    inner = _DOI.fullmatch(re.sub(r"\s", "", doi)) or _DOI.search(doi)
    advice = f"write '{inner[0]}'" if inner else "a DOI is '10.', four digits or more, a slash, …"
    if re.match(r"0\.\d{4,9}/", doi):
        advice = f"write '1{doi}'"
    return f"'{doi}' is not a DOI, so its link leads nowhere; {advice}"


def url_fault(entry: BibEntry) -> str:
    """Say what is wrong with the address, if it is shown at all: a DOI comes before it."""
    url = entry.get("url")
    if not url.startswith("file:") and (
        not url or entry.get("doi") or (entry.get("eprint") and entry.get("eprinttype") == "arxiv")
    ):
        return ""
    address = web_address(url)
    if address and not re.search(r"[\s\\]", address):
        return ""
    inside = {found.rstrip(".,;") for found in re.findall(r"https?://[^\s\[\]()<>{}\\]+", url)}
    if len(inside) == 1 and not _WITH_SPACE.fullmatch(url):
        return f"'{url}' is more than an address, so its link leads nowhere; write '{inside.pop()}'"
    if (found := re.search(r"https?://(?=\S)", url)) and re.search(r"\s", url[found.end() :]):
        advice = "delete it, write '%20' for it, or delete what is not part of the address"
        return f"'{url}' has a space in it, so its link leads nowhere; {advice}"
    advice = "write that, or delete this" if "://" in url else "begin it with https://"
    return f"'{url}' is not an address of a page; {advice}"


_WITH_SPACE = re.compile(r"\S+[/=_-] \S*[\d.]\S*|[^\s?]+\?[^\s=]+=\S* (?!accessed|last)[a-z ]+")


def names_fault(text: str) -> str:
    """Say what is wrong with a list of names, if anything is."""
    names = split_names(text) if "family=" not in text else []  # a form of BibLaTeX
    if fault := _publisher_or_twice(text, names):
        return fault
    for parts in names:
        words = [word for part in parts for word in part]
        if not words:
            return "an 'and' has no name on one side; leave it out" if len(names) > 1 else ""
        if any(_ET_AL.search(" ".join(part)) for part in parts):
            typed = words[0] if len(words) == 1 else "et al."
            return f"write 'and others' instead of '{typed}'"
        if advice := _initials(parts) or _body(parts, _one_body(text, names)):
            return advice
        among = any(len(other) > 1 or len(other[0]) > 1 for other in names)
        if len(parts) == 1 and among and _GIVEN.fullmatch(" ".join(words)):
            return f"'{words[0]}' alone is not a full name; write family and given name, {_BODY}"
        middle = " ".join(parts[1]) if len(parts) == 3 else ""
        if middle and _LATE.fullmatch(suffix := " ".join(parts[2])):
            right = ", ".join([" ".join(parts[0]), suffix, middle])
            return f"'{suffix}' follows the given name; write '{right}'"
        full = all(any(len(word.strip(".")) > 1 for word in part) for part in parts)
        titles = [" ".join(part) for part in parts[1:]]
        if len(parts) > 2 and "." in parts[0][0] and all(map(_TITLE.fullmatch, titles)):
            return f"'{', '.join(titles)}' is not a part of the name; leave it out"
        if any(word.endswith(";") and not _ENTITY.search(word) for word in words[:-1]):
            return f"'{_first(text)}': put 'and' between names, not semicolons"
        if len(parts) > 3 or (middle and not _SUFFIX.fullmatch(middle) and full):
            return f"'{_first(text)}': put 'and' between names, not commas"
    if len(names) == 1 and len(names[0]) == 2 and all(map(_whole_name, names[0])):
        return f"'{_first(text)}': put 'and' between names, not commas"
    alone = [" ".join(parts[0]) for parts in names if len(parts) == 1 == len(parts[0])]
    if len(alone) == len(names) > 1 and all(map(_ALONE.fullmatch, alone)):
        return f"'{_first(text)}': none of them has a given name; add it, {_BODY}"
    return ""


def _publisher_or_twice(text: str, names: list[list[list[str]]]) -> str:
    """Say that this is a publisher, or which name is there twice at once, as exports have it."""
    if _PUBLISHER.fullmatch(text):
        return f"'{text}' is a publisher; write it in 'publisher'"
    full = [tuple(map(" ".join, parts)) for parts in names]
    pairs = (one for one, next_ in pairwise(full) if one == next_ and len(one) > 1)
    twice = ", ".join(next((parts for parts in pairs if len(parts[1].strip(".")) > 2), ()))
    return f"'{twice}' appears twice; leave one out, unless these are two people" if twice else ""


def _whole_name(words: list[str]) -> bool:
    """Whether this looks like given and family name: a family name has a particle, or one word."""
    return len(words) > 1 and all(map(_WHOLE.fullmatch, words)) and len(words[0].strip(".")) > 1


_WHOLE = re.compile(r"[A-ZÀ-Ž][a-zß-ž]{2,}|[A-Z]\.")
#: What people write between names in place of "and".
_JOINS = frozenset({"&", r"\&", "und"})
#: What stands after a name and is not one: "O.B.E", "Ph.D.".
_TITLE = re.compile(r"[A-Z][A-Za-z]{0,2}(?:\.[A-Z][A-Za-z]{0,2})+\.?")
#: One word among people, such as a given name; names of bodies have capitals or braces.
_GIVEN = re.compile(r"[A-Z][a-zäöüßéèáóíç]{2,}")
_ALONE = re.compile(r"\{?[A-Z][a-zäöüßéèáóíç]+\}?")
_PUBLISHER = re.compile(r"[\w ]+ Press|Springer(?:-Verlag)?|Elsevier|Routledge|(?:John )?Wiley")
_BODY = "or put the name of an organization in braces"
_STUCK = re.compile(r"((?:[A-Z]\.){1,4})([A-Z][\w-]{2,})")
_INITIALS = re.compile(r"[A-Z]\.?(?:-?[A-Z]\.)*")


#: Words that no person is called, but a body.
_BODIES = re.compile(
    r"(?:Team|Group|Organi[sz]ation|Institute|University|Consortium|Foundation|Association|Agency|"
    r"Committee|Corporation|Commission|Council|Ministry|Nations|Bureau|Authority|Collaboration|"
    r"Laborator(?:y|ies)|Federation|Program(?:me)?|Department|College|Society|Initiative|Company|"
    r"[Cc]ontributors|[Dd]evelopers|GmbH|Division|Inc|Ltd|Limited|LLC|AG|Ministerio|Ministère|Instituto|"
    r"Universidad|Universität|Bundesamt|Institut|Commons|Documentation|Media|Labs|Networks?|Project"
    r"|Coalition|Alliance|Office|Centre|Center|Academy|Administration|Survey|Forum|Museum|Statistics|Education|Parliament|Government)\.?"
)


_FIRM = re.compile(r"(?:Inc|Ltd|LLC|GmbH|AG)\.?|[A-Z]{3,}")


def _one_body(text: str, names: list[list[list[str]]]) -> str:
    """Return the field if it is one name with an "and" in it: "Parliament and the Council"."""
    first, *others = ([word for part in parts for word in part] for parts in names)
    last = others[0] if len(others) == 1 and any(map(_BODIES.fullmatch, first)) else []
    goes_on = last and (last[0].islower() or any(map(_BODIES.fullmatch, last)) or "of" in first)
    return " ".join(text.split()).strip('"') if goes_on and last != first else ""


def _body(parts: list[list[str]], whole: str) -> str:
    """Say that a body would be printed like a person: "Organization, W. H."."""
    words = [word for part in reversed(parts) for word in part]
    if len(parts) > 2 or len(words) < 2 or re.search(r"[{}]|\\(?!&)", " ".join(words)):
        return ""
    # What begins or ends small is part of a name: "College of Foot and Ankle Surgeons".
    small_end = words[-1].islower() and not _BODIES.fullmatch(words[-1])
    if not any(map(_BODIES.fullmatch, words)) or words[0].islower() or small_end:
        return ""
    name = whole or " ".join(words if parts[0] != parts[-1] else parts[0])
    firm = _FIRM.fullmatch(" ".join(parts[-1])) or any(map(_BODIES.fullmatch, parts[-1]))
    if firm and parts[0] != parts[-1] and not whole:
        name = ", ".join(map(" ".join, parts))
    return f"'{name}' is printed like a person; put an organization's name in braces: '{{{name}}}'"


def _initials(parts: list[list[str]]) -> str:
    """Say that initials stick to the family name, or that a comma or an "and" is missing."""
    every = [word for part in parts for word in part]
    sign = next((word for word in every if word in _JOINS), "")
    if sign and (len(parts) > 1 or "." in every[every.index(sign) - 1]):
        return f"put 'and' between names, not '{sign}'"
    words = parts[0] if len(parts) == 1 else [""]
    if match := _STUCK.fullmatch(words[-1]):
        return (
            f"'{words[-1]}' is one word; write '{match[2]}, {match[1].replace('.', '. ').strip()}'"
        )
    family, initials = " ".join(words[:-1]), words[-1]
    plain = family.replace(" ", "").replace("-", "").isalpha() and len(words) == 2
    short = "." in initials or len(initials) == 1
    if plain and len(family) > 2 and short and _INITIALS.fullmatch(initials):
        right = f"{family}, {initials.rstrip('.')}."
        return f"'{family} {initials}' has the family name first; write '{right}'"
    return ""


def _first(text: str) -> str:
    return text if len(text) <= 50 else text[:49].rstrip() + "…"


def characters_fault(text: str) -> str:
    """Say what in a field would be printed wrong, if anything would."""
    if match := _ENTITY.search(text):
        return f"'{match[0]}' is HTML and printed as it stands; write the character"
    if match := _TAG.search(text):
        name = re.findall(r"\w+", match[0])[0].lower()
        advice = f"write '\\{_LATEX[name]}{{…}}'" if name in _LATEX else "delete it"
        return f"'{match[0]}' is HTML and printed as it stands; {advice}"
    if match := _TWICE.search(text):
        return f"'{match[0]}' is a character in a wrong encoding; write the right one"
    if re.fullmatch(r"[{ ]*\\[A-Za-z]+[ }]*", text) and not plain_text(text).strip():
        return f"'{text.strip('{ }')}' is a command that nothing defines; write the name itself"
    if len(re.findall(r"(?<!\\)\$", text)) % 2:
        return "a '$' alone begins a formula that does not end; write '\\$' for dollars"
    return ""


def placeholder_fault(text: str) -> str:
    """Say that a field holds what somebody wanted to replace, if it does."""
    found = len(text) < 60 and _PLACEHOLDER.fullmatch(text.strip("{} "))
    return f"'{text}' is a placeholder; write the real one" if found else ""


def capitals_fault(title: str) -> str:
    """Say that a title of some length is in capitals throughout, if it is."""
    words = re.findall(r"[^\W\d_]{2,}", re.sub(r"\\[a-zA-Z]+", "", title))
    loud = len(words) > 3 and all(word.isupper() for word in words)
    return f"'{_first(title)}' is in capitals throughout; write it plainly" if loud else ""


#: Words of which other styles make small ones, outside of braces.
_CAPITALS = re.compile(
    r"(?<![\w\\$])(?![IVXL]+\b)(?:[A-Z]{2,}|[A-Za-z]{0,30}[a-z][A-Z]|\d[A-Z])(?:\w|-(?!an?\b|the\b))*"
)
_INITIALS_TOGETHER = re.compile(r"(?:[A-Z][a-z]+ )?(?:[A-Z]{2,3}|(?:[A-Z]\.){2,4})")
_END = re.compile(r"[A-Za-z][a-z]{3}\}*\.\}*$")
_BARE = re.compile(r"(?<!\\)&(?!\w+;)")


def portability_faults(entry: BibEntry) -> Iterator[tuple[str, str]]:
    """Yield the fields that other programs print wrong, and how to write them."""
    title = entry.get("title")
    if _END.search(title):
        yield "title", f"'{_first(title)}' ends with a stop, which styles add; delete it"
    open_words = list(dict.fromkeys(_CAPITALS.findall(_without_braces(title))))
    if open_words and not title.isupper():
        some = ", ".join(f"'{{{word}}}'" for word in open_words[:3])
        yield "title", f"most styles of BibTeX print capitals in lower case; write {some}"
    for name in SHOWN:
        if "&" in entry.get(name) and _BARE.search(entry.get(name)):
            yield name, "LaTeX stumbles over a bare '&'; write '\\&'"
    if typed := entry.typed.get("doi"):
        yield "doi", f"'{typed}' is more than a DOI; write doi = {{{entry.get('doi')}}}"
    if (found := _DOI_IN_URL.search(entry.get("url"))) and not entry.get("doi"):
        yield "url", f"this is a DOI; write doi = {{{found[1]}}}"
    for person in (*entry.authors, *entry.editors):
        if _INITIALS_TOGETHER.fullmatch(person.given):
            letters = re.sub(r"([A-Z])(?![a-z])\.?", r"\1. ", person.given).strip()
            right = f"{person.family}, {letters}"
            text = f"'{person.family}, {person.given}' loses an initial in BibTeX; write '{right}'"
            yield "author" if person in entry.authors else "editor", text
            break


#: What stands before the DOI in the addresses of publishers.
_DOI_IN_URL = re.compile(
    r"(?:doi\.org|link\.springer\.com/(?:article|chapter|book|content/pdf)"
    r"|/doi(?:/(?:abs|full|pdf|epdf|book))?)/(10\.\d{4,9}/[^\s?#]+?)(?:\.pdf|/(?:abstract|full|pdf|epdf))?(?:[?#]\S*)?$"
)


def _without_braces(title: str) -> str:
    """Return what of a title is in no braces."""
    while (rest := re.sub(r"\{[^{}]*\}", "", title)) != title:
        title = rest
    return title
