r"""Fields of entries that hold more, less or other than what belongs in them.

Exporters, forms of publishers and hurried hands fill them: "149 - 165", "3rd ed.", "Wiley, New
York,". Styles print all of it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.bib.latex_text import plain_text
from sphinx_mmbook.core.finding import also_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx_mmbook.core.bib.entry import BibEntry

_BODIES = "publisher institution school organization"
_CITY = (
    "(?:New York(?: City)?|London|Berlin|Cambridge|Boston|Amsterdam|Chichester|Hoboken|Heidelberg|"
    "Paris|Oxford|Philadelphia|San Francisco|Thousand Oaks|Beverly Hills|Wien|Vienna|Dordrecht|"
    "Singapore|Wiesbaden|Stuttgart|Hamburg|Chicago|Basel|Boca Raton|Princeton|Washington|Tokyo|"
    "Baltimore)"
)
_REGION = r"(?:,? (?:[A-Z]{2}|[A-Z]\.[A-Z]\.|Germany|England|USA|UK))?"
_PARTICLE = r"[vV]an [dD]e[rn]?|van|[vV]on(?: [dD]er)?|[dD]e [lL]a|zu|ter"

#: Names of fields; signs of which a text with the fault has one in small letters, if there are any:
#: most texts have none, and looking for them is much faster than the expression; what shows the
#: fault; and what to say about it: ``{0}`` is all that was found.
ROWS: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    ("pages", (), r"(\d{1,7})(?: [-–—]{1,3} ?|[-–—]{1,3} )(\d{1,7})", "'{0}': write '{1}--{2}'"),
    ("pages", (), r"^(?:0|-{1,3}|n/?a|\?{1,3}|[xX]{1,4}--?[xX]{1,4})$",
     "'{0}' are not pages; write those, or nothing"),
    ("pages", (), r"^(?:pp?\.|pages?\b|S\.|Seiten?\b) ?\d",
     "styles add '{0:.2}'; write the numbers alone"),
    ("pages", (), r"^([\w:.]{1,12})(?:-{3,9}| (?:to|bis|until) )([\w:.]{1,12})$",
     "'{0}': write '{1}--{2}'"),
    ("pages", (), r"^\w[\w:.]{0,9}[-–—]{1,3}$", "'{0}' lacks the last page"),
    ("pages", (), r"^\d{1,4} ?(?:pages?|pp?\.?|S\.|Seiten)$",
     "'{0}' says how many there are; write which, or nothing"),
    ("pages", (), r"^(\d{1,7})[-–—]{1,3}\1$", "'{0}' is one page; write '{1}'"),
    ("pages", ("arxiv",), r"^(?i:arxiv)\b.*", "'{0}' is not a page; delete it"),
    ("note", ("isbn",), r"\bISBN:? ?\d{4}-\d{3}[\dXx]\b", "'{0}': write the number in 'issn'"),
    ("note", ("oclc:", "tex.", "place:", "publisher:", "eprint:", "accepted:", "name:", "title:",
              "number:"),
     (r"^(?:tex\.\w+|[pP]lace|[pP]ublisher|_eprint|Accepted|(?:Conference|Event) Name"
      r"|Publication Title|Number|OCLC): ?[^\n]{0,20}|^tex\.ids ?="),
     "'{0}' is what Zotero notes for itself; delete it, or write it in a field of its own"),
    ("note", ("isbn",), r"\bISBN\b[\dXx :-]*", "'{0}': write the number in 'isbn'"),
    ("volume number", (),
     r"^(?:[vV]ol(?:ume)?\b|[nN]o\b|[nN]umber\b|[iI]ssue\b|Band\b|Bd\b)\.? ?(\w{1,9})",
     "'{0}': styles add the word; write '{1}'"),
    ("number", ("-",), r"^(\d{1,3})-(?!\1$)(\d{1,3})$", "'{0}' is a range; write '{1}--{2}'"),
    ("number", (), r"^(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,7}\.?$",
     "'{0}' is a month; write it in 'month'"),
    ("howpublished", ("http", "www"), r"^(?:https?://|www\.)\S{1,300}$",
     "'{0}' is not a link there; write the address in 'url'"),
    ("volume", (), r"^\d{1,4} \d{1,3}$",
     "'{0}' is more than the volume; write the number in 'number'"),
    ("volume", ("(",), r"^(\d{1,4}) ?\((\w[\w–/-]{0,12})\)$",
     "'{0}' is more than the volume; write '{1}', and '{2}' in 'number'"),
    ("url", ("http",), r"^https?://\S+\s+https?://\S+", "two addresses; keep one"),
    ("url", ("scholar.google", "google.com/search"), r"^https?://(?:scholar|www)\.google\.\S{1,80}",
     "'{0}' is a search, and finds another work tomorrow; write the address of the work"),
    ("edition", (), r"^.{1,20}? ?\b(?:[eE]d(?:ition|n)?\b\.?|Auflage|Aufl\.)",
     "'{0}': styles add the word; write the number alone: '2' for '2nd edition'"),
    ("month", (), r"^[A-Z]{2}[a-z]{1,7}$|^(?:set|ene|abr|ago|dic|gen|mag|giu|lug|ott)$",
     "'{0}' is not a month; write its first three letters without braces: month = jan"),
    ("issn", (), r"^(?:97[89][- ]?)?(?:\d[- ]?){9}[\dX]$", "'{0}' is an ISBN; write it in 'isbn'"),
    ("isbn", (), r"^\d{4}-?\d{3}[\dXx]$", "'{0}' is an ISSN; write it in 'issn'"),
    ("urldate", (), r"^(?!\d{4}(?:-\d\d(?:-\d\d)?)?$).+",
     "'{0}' is not a date; write year, month and day with hyphens: 2014-09-01"),
    ("title", ("edition", " ed.", "printing"),
     (r"\b(?:\d+(?:st|nd|rd|th)|[fF]irst|[sS]econd|[tT]hird|[fF]ourth|[fF]ifth|"
      r"[rR]evised) (?:[eE]dition|[eE]d\.|printing)"),
     "'{0}' is the edition; write it in 'edition'"),
    ("title", (", vol", ", band"), r", (?:[vV]ol(?:ume|\.)|Band) \d{1,3} of\b",
     "'{0}': write the number in 'volume' and the series in 'series'"),
    ("title", ("isbn", " p", "(pp", "(vol", "(ed", " eds"),
     (r"\bISBN\b|\b\d{2,4} (?:pages|pp?\b)|\(pp\. ?\d|\((?:Vol\.|Eds?\.\))|\beds\.\)"),
     "'{0}' says more than the title; write each part in its own field"),
    ("title", ("springer", "wiley", "elsevier", " press"),
     (r"(?i:\b(?:springer(?:-verlag)?|john wiley(?: (?:and|&) sons)?|elsevier|crc press|"
      r"(?:oxford|cambridge) university press))\.?$"),
     "'{0}' is the publisher; write it in 'publisher'"),
    ("title", (". 1", ". 2", ".19", ".20"), r"(?<=[a-z])\. ?(?:19|20)\d\d\.?$",
     "'{0}': write the year in 'year'"),
    ("title", (".",), r"\d\.\d\. \d", "'{0}' has a space within a number; delete it"),
    ("title", ('" ',),
     r"^(?>(?:[^\x22A-Za-z]++|[A-Za-z]++(?!\x22))*)([A-Za-z]+\x22 [\w -]{2,40}\x22)",
     "'{1}': the space belongs before the quotes, not into them"),
    ("title", (":",), r"(?<![A-Za-z])[A-Za-z]*[a-z]{3}:[A-Z][a-z]{2,}",
     "'{0}' has no space after its colon"),
    ("title", ("*", "†", "‡", "§"), r"(?<=[a-z]{3})[*†‡§]$",
     "'{0}' is the mark of a footnote; delete it"),
    ("title", ("-a ", "-an ", "-the "), r"(?:[a-z]{5,30}|[A-Z]{4,9})-(?:an?|the) (?=[a-z]{2})",
     "'{0}' has a hyphen for a dash; write '---'"),
    ("title", (" —", "— "), r"\w{1,30} —(?=\w)|\w{1,30}(?<! )— (?=\w)",
     "'{0}': a dash has a space on both sides, or on none"),
    ("title journal booktitle", (" :", " ;", " ,"), r"(?<=[\w)]) [:;,](?= |$)",
     "a space before '{0}'; delete it"),
    ("title journal booktitle", (), r"[,:]$|(?<!&[gl]t);$", "'{0}' ends it; delete it"),
    ("title journal booktitle",
     tuple(f" {word} {word} " for word in ("the", "of", "and", "in", "for", "on", "to", "with")),
     r"(?i:\b(the|of|and|in|for|on|to|with|from|by) \1\b(?!-))", "'{0}': delete one of the words"),
    ("title", (" | ",), r" \| [^|]{1,60}$",
     "a bar parts the title from the name of a site or of a column; write the title alone"),
    ("title journal booktitle", (" - ",), r"(?<=[a-z)\d]) - (?=\w)(?!(?<=\d - )\d)",
     "a hyphen between spaces is used as a dash; write '--'"),
    ("journal", (".com", ".io", ".org", ".net"), r"^(?:[\w-]+\.)+(?:com|io|org|net)(?:/\S*)?$",
     "'{0}' is a site and no journal; make the entry @online, and write the address in 'url'"),
    (_BODIES, (".com", ".io", ".org", ".net", ".ai", ".edu", ".de"),
     r"^(?!openreview)(?:[a-z\d-]+\.)+(?:com|io|org|net|ai|edu|de)(?:/\S*)?$",
     "'{0}' is a site and no publisher; write the address of the page in 'url'"),
    ("journal", ("plos one",), r"^P[Ll][Oo][Ss] One$|^P[Ll][Oo][Ss] one$|^[pP]los ONE$",
     "'{0}': its name is 'PLOS ONE'"),
    ("journal", ("copyright",), r"(?i:copyright\b.{0,80})",
     "'{0}': write the name of the journal alone"),
    ("journal", (" | ",), r" \| [A-Z]{2,6}$", "'{0}' is this name in short; leave it out"),
    ("title", ("http",), r"https?://\S{1,80}", "'{0}': write the address in 'url'"),
    ("title", ("arxiv",), r"\barXiv(?: preprint|:\d{4})", "'{0}': write the number in 'eprint'"),
    ("title", ('"', "“", "``"), r"^(?:[\x22“]|``)[^\x22“”`]{1,200}(?:[\x22”]|'')$",
     "styles set quotes if they want any; leave them out"),
    ("title", ("! ", "? "), r"[!?] (?=[a-z]{3,})[^?!]{3,}",
     "'{0}' begins with a small letter after a mark that ends a sentence"),
    ("journal booktitle", (), r"^In:? (?=Proc|Adv|IEEE|ACM|Int|The|\d{4}|[A-Z])",
     "styles add '{0}'; leave it out"),
    ("booktitle journal", ("arxiv-", "arxiv: arxiv"),
     r"(?i:\barxiv:? ?)?(?i:\barxiv[:-] ?)(\d{4}\.\d{4,5})$", "'{0}': write 'arXiv:{1}'"),
    ("booktitle journal", ("arxiv",), r"\b(?:arxiv|Arxiv|ArXiv|ARXIV)\b",
     "'{0}': its name is 'arXiv'"),
    ("journal", (),
     (r"^(?:.{0,40}\b(?:University Press|CRC Press|MIT Press|Academic Press|Verlag|"
      r"Publishers)|(?:.{0,40}: ?)?(?:John )?Wiley(?: (?:&|and) Sons(?:,? (?:Ltd|"
      r"Inc)\.?)?)?|Springer(?:-Verlag)?|Elsevier|O'Reilly(?: Media.{0,9})?)$"),
     "'{0}' publishes journals or books; write the name of this one"),
    ("journal", (",", ":"),
     r"^[^:,]+(?:, [A-Z][a-z]+(?: [A-Z][a-z]+)?, [A-Z]{2}|: [A-Z][a-z]+, (?:Germany|USA|UK))$",
     "'{0}' is a publisher with its place; write them in 'publisher' and 'address'"),
    ("journal booktitle", (",",),
     r", ((?:[vV]ol(?:ume\b|\.)|[nN]o\.|[nN]umber|pp\.) ?\d{1,4})(?: *$|,)",
     "'{1}': write it in its own field"),
    ("journal booktitle", ("doi",), r"https?://(?:dx\. ?)?doi\. ?org/ ?(10\.\S{3,60})",
     "'{0}' is a DOI; write doi = {{{1}}}"),
    ("journal booktitle", ("http", "www"), r"(?:https?://|\bwww\.)\S{1,80}",
     "'{0}' is an address; write it in 'url'"),
    ("journal booktitle " + _BODIES, (),
     r" (?:(?:of|on|de|the|and|for|in|und|der)|(?:for|of) [A-QS-Z])$",
     "'{0}' at the end: the name is cut off"),
    ("journal", (),
     r"^(?i:unpublished|in press|submitted|under review|to appear|forthcoming)\b",
     "'{0}' is not a journal; make the entry @unpublished, and write this in 'note'"),
    ("booktitle", (),
     (r"^(?:Aaai|Acl|Aistats|Bmvc|Cikm|Cvpr|Eccv|Emnlp|Icassp|Iccv|Iclr|Icml|Ijcai|Kdd|Lrec|Miccai"
      r"|Naacl|Neurips|Nips|Sigir|Uai|Vldb)\b"),
     "'{0}' has lost its capitals; write the name of the conference"),
    ("booktitle", ("(poster", "(oral"), r" \((?:Poster|Oral)[^()]*\)$",
     "'{0}' does not belong to the name; leave it out"),
    ("journal publisher", (" engineering", " francis", " hall", " sons", "biology evolution"),
     r"\b(?:Taylor Francis|Chapman Hall|Wiley Sons|Science Engineering|Biology Evolution)\b",
     "'{0}' has lost its '&'; write '\\&'"),
    ("organization", (",",),
     r"^[A-Z][a-z]+(?: [A-Z][a-z]+)?, (?:[A-Z]{2}|Canada|Germany|USA|France|Italy|Spain)$",
     "'{0}' is the place; write it in 'address'"),
    (_BODIES, (), r"^(?:Temporary Publisher|[sS]\.? ?[nN]\.|[nN]/?[aA]|[uU]nknown|None)$",
     "'{0}' is not the name of a publisher; write that, or leave it out"),
    (_BODIES, (),
     (r"^(?:Google Books|ResearchGate|Academia\.edu|CUMINCAD|Semantic Scholar|CiteSeerX|"
      r"(?i:JSTOR|Citeseer|OnePetro|Wiley Online Library|ScienceDirect|SpringerLink|PubMed"
      r"|Project Euclid|Taylor & Francis Online))$"),
     "'{0}' is where the work was found; write who published it, or leave it out"),
    (_BODIES, ("[",), r"^\[.+\]$", "brackets around it, as JSTOR exports them; leave them out"),
    (_BODIES, ('"', "“"), r"[\x22“”]", "quotes belong to no name; leave them out"),
    (_BODIES, (":",),
     (r"^((?!.*?Press ?:)[A-Z][a-z.]{1,15}(?: [A-Z][a-z.]{1,15}){0,2}"
      r"(?:, [A-Z][A-Za-z.]{1,12})?) ?: "),
     "'{1}' is the place; write it in 'address'"),
    ("publisher", (",",), r", " + _CITY + _REGION + r"(?:[,.]$|$|(?=, ))",
     "'{0}' is the place; write it in 'address'"),
    (_BODIES, (), r"[A-Za-z]{1,30}[,;:]$", "'{0}' ends with punctuation; delete it"),
    (_BODIES, (), r"\d{1,5} [A-Z][\w ]{2,20}(?:Street|St\.|Road|Way|Box|Ave)",
     "'{0}' is an address; write the name alone"),
    (_BODIES, (), r"(?i:unpublished|retrieved (?:from|on|\w+ \d)|https?://)",
     "'{0}': write this in 'note' or 'url'"),
    ("author editor", (" by ", "contributions"),
     r"\b(?i:(?:written|provided|edited) by|with contributions|[fF]unctions? \w+ by)\b",
     "'{0}': write the names alone, with 'and' between"),
    ("author editor", (),
     (r"[A-ZÄÖÜ] (?<![\w'’}]..)(?!(?:van|von|de|den|der|del|di|da|dos|du|la|le|ter|ten|zu|"
      r"el|al|bin|ibn|and|af|dela)\b)[a-zäöüß]{3,}"), "'{0}' has a space within a name"),
    ("author editor", (".",),
     r"\b[A-Z]?[a-z]{3,15}\. ?\}+$|[A-Z][a-z]{4,15}\.(?=$| and )",
     "'{0}' ends with a stop; delete it"),
    ("author editor", (" van", " von", " zu", " ter", "de la"),
     r"(?:^|and )(?=[A-Z])([^,{}]{2,40}), ([A-Z][^,]{0,30}?) (" + _PARTICLE + r")(?= and |$)",
     "'{3}' belongs to the family name; write '{3} {1}, {2}'"),
    ("author editor", ("}, {",),
     r"\{([^{}]{2,30})\}, \{([A-Z][^{}]{0,30}?) (" + _PARTICLE + r"|[vV]an|[dD]e(?:lla)?)\}",
     "'{3}' belongs to the family name; write '{3} {1}, {2}'"),
    ("author editor", ("..",), r"\b[A-Z]\.\.", "'{0}' has two stops; write one"),
    ("author editor", ("{",), r"(?:^|and )\{?[A-Z][a-z]{2,} and \{[A-Z][a-z]{2,}(?: [A-Z]\.)+\}",
     "'{0}' is one person; put a comma between family and given name"),
    ("author editor", ("ph", "m"), r"(?:^|(?<= and ))(?:Ph|M)[.,]{0,2} ?D\.?(?=$| and )",
     "'{0}' is a degree and no person; leave it out"),
    ("author editor", ("{,", "{ ,"), r"\{ ?,[^{}]{0,40}\}",
     "'{0}' is not a name; write that, or leave it out"),
    ("author editor", ("{",),
     (r"(?<!, )\{(?:[A-Z]\. ?)+[A-Z][a-z]{2,}\}"
      r"|(?<![^ ])\{[A-Z][a-z]+ (?:[A-Z]\.? )+[A-Z][a-z]{2,}\}"
      r"|(?<![^ ])\{[A-Z][a-z]+ (?:[A-Z]\. )?[A-Z][a-z]+, (?=[^{}]*\b[A-Z]\. )[^{}]*\}"),
     "'{0}': braces make one family name of it; leave them out"),
    ("author editor", (),
     (r"(?:^|(?<= and ))(?!(?:van|von|den|der|del|dos|ter|ten|zur|bin|ibn|dela|della|degli|the|ben"
      r"|abu|vom|zum|others)\b)[a-z]{3,} [A-Z][a-z]+(?=$| and )"),
     "'{0}' begins with a small letter; write names as 'Ng, Andrew'"),
    ("author editor", ("jean-", "marie-", "hans-", "karl-", "pierre-", "anne-"),
     r"\b(?:Jean|Marie|Hans|Karl|Pierre|Anne)-[a-zé]{3,}",
     "'{0}': both parts of this name have a capital"),
    ("author editor", ("i, ", "iv, ", "jr, ", "sr, ", "jr., ", "sr., "),
     r"(?:^|(?<= and ))((?:I{2,3}|IV|[JS]r\.?)), ([A-Z][\w.]*(?: [A-Z]\.)*) ([A-Z]\w+)(?=$| and )",
     "'{0}': '{1}' is not a family name; write '{3}, {1}, {2}'"),
    ("author editor", (), r",$", "'{0}' ends the names; delete it"),
    ("author editor", tuple("0123456789"), r"(?<=[a-z])\d(?=[ ,]|$)",
     "'{0}' is the mark of a footnote; delete it"),
    ("author editor", (), r"^[a-z]{3,15}, [a-z]{3,15}(?: and |$)|^[A-Z]{4,}, [A-Z]{3,}(?: |$)",
     "'{0}': write the name of a person as 'Ng, Andrew', that of a body in braces"),
)  # fmt: skip


@cache
def _rows(name: str) -> tuple[tuple[tuple[str, ...], re.Pattern[str], str], ...]:
    """Return what shows a fault of a field, with the message."""
    return tuple((row[1], re.compile(row[2]), row[3]) for row in ROWS if name in row[0].split())


_FIELDS = frozenset(name for row in ROWS for name in row[0].split())
#: Fields that are one letter off, as typed.
SLIPS = {
    "authors": "author", "auhtor": "author", "autor": "author", "editors": "editor",
    "tilte": "title", "titel": "title", "titles": "title", "ournal": "journal",
    "jounal": "journal", "journals": "journal", "publsher": "publisher", "publishers": "publisher",
    "booktitel": "booktitle", "page": "pages", "vol": "volume", "yaer": "year", "years": "year",
    "jahr": "year", "verlag": "publisher", "instituion": "institution", "urls": "url",
    "place": "address",
}  # fmt: skip


def form_faults(entries: Iterable[BibEntry]) -> Iterator[tuple[BibEntry, str, str]]:
    """Yield each field that holds what does not belong in it, and what is wrong; once a field."""
    known: dict[tuple[str, str], str] = {}  # journals and publishers stand in many entries
    braced: list[BibEntry] = []
    entries = list(entries)
    for entry in entries:
        title = entry.fields.get("title", "")
        if title[:1] == "{" and " " in title and _WHOLE.fullmatch(title):
            braced.append(entry)
        for name in SLIPS.keys() & entry.fields.keys():
            yield entry, name, f"this field is unknown; write '{SLIPS[name]}'"
        for name in _FIELDS & entry.fields.keys():
            value = name, entry.fields[name]
            if value not in known:
                known[value] = _fault(*value)
            if known[value]:
                yield entry, name, known[value]
    yield from _braced(braced)
    yield from _mixed(entries)


def _mixed(entries: list[BibEntry]) -> Iterator[tuple[BibEntry, str, str]]:
    """Yield the first of what the entries of a file have in two forms, with the others' lines."""
    for path in dict.fromkeys(entry.path for entry in entries):
        here = [entry for entry in entries if entry.path == path]
        some = (entry for entry in here if _LONE_LETTER.search(entry.get("author")))
        open_ones = [entry for entry in some if _OPEN_INITIAL.search(entry.get("author"))]
        if open_ones and any(_INITIAL.search(entry.get("author")) for entry in here):
            name = _plain(_OPEN_INITIAL.findall(open_ones[0].get("author"))[0])
            also = also_in(entry.location_of("author") for entry in open_ones)
            message = f"'{name}' has an initial without stop, others here have it{also}; write it"
            yield open_ones[0], "author", message
        forms: dict[bool, list[BibEntry]] = {True: [], False: []}
        for entry in (entry for entry in here if ": " in entry.get("title")):
            if match := _AFTER_COLON.match(_plain(entry.get("title"))):
                forms[match[1].islower()].append(entry)
        few = forms[len(forms[True]) <= len(forms[False])]
        if few and len(forms[True]) + len(forms[False]) >= _TITLES:
            letter = "small" if few is forms[True] else "capital"
            also = also_in(entry.location_of("title") for entry in few)
            message = f"a {letter} letter follows its colon, unlike in other titles here{also}"
            yield few[0], "title", f"{message}; use one form throughout"


#: So many titles with a colon show which form is usual.
_TITLES = 4
_LONE_LETTER = re.compile(r"[a-z] [A-Z](?= |$|\})")
_OPEN_INITIAL = re.compile(
    r"(?:(?<= and )|^)\{?([^,{}]{2,30}\}?, \{?[^\W\d_]{2,} [A-Z])(?=\}?(?: and |$))"
)
_INITIAL = re.compile(r"\b[A-Z]\.")
_AFTER_COLON = re.compile(
    r"(?!.*\b(?:de|des|les|la|et|und|der|die|das)\b).*?[a-z\d)]: ([A-Z](?=[a-z ])|[a-z])"
)


def _braced(titles: list[BibEntry]) -> Iterator[tuple[BibEntry, str, str]]:
    """Yield the first title of each file in braces as a whole: so some programs export all."""
    for path in dict.fromkeys(entry.at.path for entry in titles):
        first, *others = (entry for entry in titles if entry.path == path)
        if len(others) > 1:
            message = f"braces are around it as a whole, as around {len(others)} others here; no"
            yield first, "title", f"{message} style can set its capitals: put them around names"


#: Several words between two braces that belong together.
_WHOLE = re.compile(r"\{(?:[^{}]|\{[^{}]*\})*\}")


def _fault(name: str, value: str) -> str:
    text = value if name in ("author", "editor", "howpublished") else _plain(value)
    if name in ("title", "journal", "booktitle") and text.count("(") != text.count(")"):
        return "half a pair of parentheses; add the other, or delete it"
    small = text.lower()
    for signs, pattern, message in _rows(name):
        if signs and not any(sign in small for sign in signs):
            continue
        if match := pattern.search(text):
            return message.format(match[0].strip(), *(group or "" for group in match.groups()))
    return _JUDGES[name](text) if name in _JUDGES else ""


def _plain(value: str) -> str:
    """Return a value as text; most have braces and no other LaTeX, which is read much faster."""
    return plain_text(value) if _LATEX.search(value) else value.translate(_BRACES).strip()


_LATEX = re.compile(r"[\\$~]|  ")
_BRACES = str.maketrans("", "", "{}")


def _backwards(pages: str) -> str:
    """Say that a range of pages ends before it begins, or is shortened: "594--587", "594--7"."""
    match = re.fullmatch(r"(\d{1,6})[-–]{1,2}(\d{1,6})", pages)
    if match and len(match[1]) == len(match[2]) and int(match[2]) < int(match[1]):
        return f"'{pages}' ends before it begins"
    missing = len(match[1]) - len(match[2]) if match else 0
    if match and missing > 0 and int(full := match[1][:missing] + match[2]) > int(match[1]):
        return f"'{pages}' is shortened; write '{match[1]}--{full}'"
    return ""


def _no_isbn(numbers: str) -> str:
    """Say that a number has too many or too few digits for an ISBN, or that they do not fit."""
    for part in re.split(r"[,;/(]|\band\b", numbers):
        digits = re.sub(r"[\s–-]", "", part)
        if not re.fullmatch(r"\d{9,13}[\dXx]", digits) or _fits(digits):
            continue
        if len(digits) in (10, 13):
            return f"the digits of '{part.strip()}' do not fit together; look it up"
        return f"'{part.strip()}' has {len(digits)} digits, an ISBN has 10 or 13; look it up"
    return ""


def _fits(digits: str) -> bool:
    """Whether the last digit of an ISBN is what the others make it."""
    values = [10 if digit in "Xx" else int(digit) for digit in digits]
    if len(values) == 10:
        return sum(value * (10 - at) for at, value in enumerate(values)) % 11 == 0
    weighed = sum(value * (3 if at % 2 else 1) for at, value in enumerate(values))
    return len(values) == 13 and weighed % 10 == 0


#: What tells a fault that no expression can.
_JUDGES = {"pages": _backwards, "isbn": _no_isbn}
