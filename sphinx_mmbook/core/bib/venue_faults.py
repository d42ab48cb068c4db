"""Where a work appeared: names of journals, conferences and publishers that are printed wrong.

They are printed as their entry spells them, and what Google Scholar exports has small letters:
"Nature communications", "MIT press".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.bib.latex_text import plain_text

if TYPE_CHECKING:
    from sphinx_mmbook.core.bib.entry import BibEntry

#: Bodies and conferences, whose names are capitals.
_CAPITALS = "IEEE ACM SIAM AAAI JMLR SIGKDD SIGMOD SIGIR SIGGRAPH SIGPLAN BMC BMJ CVPR EMNLP"
_BODIES = {name.lower(): name for name in _CAPITALS.split()}
_IN_NAME = re.compile(r"(?<![\w./@'’-])[A-Za-z]+(?![\w@'’]|\.\w)")
#: Words that stay small in an English name.
_SMALL = re.compile(
    r"an?|and|as|at|by|for|from|in|into|of|on|or|the|to|with|via|its|their|between|under|upon|over|"
    r"per|versus|vs|about|based"
)
#: What shows another language, or what is more or less than the name of a journal.
_OTHER = re.compile(
    r"\b(?:de|la|les|et|du|des|der|die|das|und|für|fur|el|y|van|voor|en|e|di|arxiv|version|one|"
    r"npj|npg|manuscript|blog|working paper|preprint|handbook|encyclopedia|repository|"
    r"package|submitted)\b"
    r"|^review of the|: an? |[äöüßéèáóíçñ?=@;*]|\w\.\w|(?-i:[a-z]/[a-z])|\.\.\.| I{2,}\b|, \d{4}",
    re.IGNORECASE,
)
#: Of these words, the name of a journal or a conference has one.
_JOURNAL = re.compile(
    r"\b(?:journal|letters|reviews?|annals|bulletin|transactions|communications|reports|quarterly|"
    r"magazine|advances|trends|seminars|frontiers|perspectives|current|nature|proceedings|archives|"
    r"symposia|methods|biology|genetics|genomics|medicine|sciences?|psychology|neuroscience|physics"
    r"|statistics|policy|chemistry|systems|computing|epidemiology|engineering|biotechnology|open|"
    r"geography|metabolism|cells?|ecology|economics|learning|research|lancet|computation|BMC|notices|"
    r"processing|networks|computers|mathematics|linguistics|robotics|automation|informatics|"
    r"heuristics|bioinformatics|immunology|toxicology)\b",
    re.IGNORECASE,
)
_MEETING = re.compile(
    r"\b(?:conference (?:on|of)|meeting (?:on|of)|workshop on|advances in neural)\b", re.IGNORECASE
)
_CONFERENCE = re.compile(
    r"\b(?:Conference|Workshop|Symposium)\b|\bProceedings of SIGGRAPH\b"
    r"|^(?:CVPR|ICCV|ECCV|ICML|ICLR|NeurIPS|NIPS|ACL|EMNLP|NAACL|KDD|AAAI|IJCAI|SIGIR)$",
    re.IGNORECASE,
)
_ALONE = ("nature", "science", "cell", "neuron")
_PRESS = re.compile(r"\b(?:press|publishing|publishers)\b")


def journal_fault(journal: str) -> str:
    """Say that the name of a journal has small letters, if it has."""
    text = plain_text(journal)
    if text in _ALONE:
        return _is_name(text, text.capitalize())
    return _small(text) if _JOURNAL.search(text) else ""


def booktitle_fault(booktitle: str) -> str:
    """Say that the name of a conference has small letters, if it has."""
    text = plain_text(booktitle)
    return _small(text.partition(": ")[0]) if _MEETING.search(text) else ""


def _small(text: str) -> str:
    if _OTHER.search(text) or len(text.split()) > 16:
        return ""
    return _is_name(text, _IN_NAME.sub(lambda match: _capital(match[0], match.start()), text))


def _capital(word: str, at: int) -> str:
    if body := _BODIES.get(word.lower()):
        return body
    small = word.islower() and (not at or not _SMALL.fullmatch(word))
    return word.capitalize() if small else word


def _is_name(text: str, name: str) -> str:
    return f"'{text}' is a name, printed as typed; write '{name}'" if name != text else ""


def publisher_fault(publisher: str) -> str:
    """Say what is wrong with the name of a publisher, if anything is."""
    text = plain_text(publisher)
    if text.count("[") != text.count("]"):
        return f"'{text}' has half a pair of brackets; write the name alone"
    if "journals-info" in text:
        return f"'{text}' has an address in it; write the name alone"
    new = re.sub(r"(?<=\w)\. (?=(?:org|com|net)\b)", ".", text)
    if _PRESS.search(new):
        new = _IN_NAME.sub(lambda match: _capital(match[0], match.start()), new)
    return _is_name(text, _BODIES.get(new.lower(), new) if new.istitle() else new)


#: The place as Google Scholar has it after a publisher's name, without a comma between the two.
_PLACE = re.compile(
    r"[^,]+(?<!of)(?<!and)(?<!&) (?:(?:UK|US) [A-Z][a-z]+|Sage [A-Z]{2}: .+"
    r"|[A-Z][a-z]+, [A-Z]{2}(?:,? USA)?|[A-Z][a-z]+,? USA)"
)


def place_fault(publisher: str) -> str:
    """Say that a publisher's name ends with its place, if it does."""
    text = plain_text(publisher)
    if not _PLACE.fullmatch(text):
        return ""
    return f"'{text}' ends with the place; write the name alone, and the place in 'address'"


#: Publishers of books; others stand after data and web pages.
_PUBLISHES = re.compile(
    r"\b(?:(?:Academic|University|MIT|CRC) Press|Springer|John Wiley|Routledge|Addison-Wesley"
    r"|Pearson|Prentice|McGraw-Hill|O'Reilly)\b"
)
_MEETING_ALONE = re.compile(r"(?:[A-Z&][\w-]* ){1,8}(?:Symposium|Conference|Congress)(?:[ -]\w+)?")
_RANGE = re.compile(r"(?<!\d)(\d{1,9}) ?[-–]{1,3} ?(\d{1,9})")


def misplaced(entry: BibEntry) -> tuple[str, str]:
    """Return a field that holds what belongs in another, and what is wrong; empty if none does."""
    journal, number = plain_text(entry.get("journal")), plain_text(entry.get("number"))
    title = plain_text(entry.get("title"))
    venue = next(filter(entry.get, ("booktitle", "journal")), "") if entry.type == "manual" else ""
    if venue:
        advice = "make the entry '@article', '@inproceedings' or '@incollection'"
        return venue, f"'{plain_text(entry.get(venue))}' prints no '@manual'; {advice}"
    if journal and re.fullmatch(r"[\W\d]+", journal):
        return "journal", f"'{journal}' is not the name of a journal; write that"
    if "arXiv preprint" in journal and entry.get("volume").isdigit():
        return "volume", "a preprint has neither volume nor number; delete them"
    pages = _RANGE.fullmatch(number) if "report" not in entry.type else None
    if pages and int(pages[2]) - int(pages[1]) > 2 and not _RANGE.search(entry.get("pages")):
        return "number", f"'{number}' are pages; write them in 'pages'"
    if len(journal) > 15 and len(title) > 15 and journal.lower().startswith(title.lower()):
        return "journal", "this repeats the title; write the name of the journal"
    if entry.type == "book" and number.isdigit() and not entry.get("series"):
        return "number", f"a book has a number in a series only; delete '{number}', or add 'series'"
    if entry.type == "misc" and _PUBLISHES.search(entry.get("publisher")):
        advice = "make it '@book', or '@incollection' for a part of one"
        return "publisher", f"a work that a publisher printed is not '@misc'; {advice}"
    meeting = not entry.get("booktitle") and _MEETING_ALONE.fullmatch(title)
    if entry.type == "inproceedings" and (meeting or title.startswith("Proceedings of ")):
        return "title", "this is the title of the proceedings; write that of the paper"
    return "", ""


def conference_fault(entry: BibEntry) -> str:
    """Say that the journal of an article is a conference, if it is; some are numbered serials."""
    journal = plain_text(entry.get("journal"))
    numbered = entry.get("volume") or entry.get("number")
    if entry.type != "article" or numbered or not _CONFERENCE.search(journal):
        return ""
    return f"'{journal}' is a conference; make the entry @inproceedings and the field 'booktitle'"
