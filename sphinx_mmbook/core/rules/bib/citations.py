"""Rules on citations in the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.bib.cite import key_spans, malformed, other_capitals, parse_targets
from sphinx_mmbook.core.finding import Edit, Finding
from sphinx_mmbook.core.pages.prose import NOT_TEXT
from sphinx_mmbook.core.rules.bib.cited_names import are_nouns, in_sentence
from sphinx_mmbook.core.rules.registry import found, rule
from sphinx_mmbook.core.suggestions import Nearest, quoted_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.book.facts import BookFacts
    from sphinx_mmbook.core.references.citation_groups import CitationGroup
    from sphinx_mmbook.core.references.citations import Citation
    from sphinx_mmbook.core.references.other_syntax import ForeignCitation

#: So many unknown keys get a suggestion; where more are unknown, a whole file is missing.
HINTS = 100
#: Roles whose citation is part of the sentence, and what they are in parentheses.
_TEXTUAL = {"t": "p", "ts": "ps", "ct": "p", "cts": "ps"}
#: What may stand before a work in parentheses, so that a citation can take it in.
_PREFIX = re.compile(r"(?:[\w.:’'-]+,?\s+){0,7}[\w.:’'-]+,?|", re.UNICODE)
#: After these words a name must follow, so it is part of the sentence.
_NAMES = re.compile(
    r"\b(?:by|from|in|of|to|on|upon|as|than|with|like|unlike|between|following|see|and|or|because"
    r"|that|since|while|whereas|although|von|durch|nach|bei|siehe|auf|mit|als|wie|und|oder|dass"
    r"|weil|da)\s+$",
    re.IGNORECASE,
)
#: What leads to a work, so that no sign belongs between them.
_LEADS = re.compile(
    r"\b(?:see|also|cf\.?|e\.g\.?|i\.e\.?|from|in|by|of|on|to|with|as|for|example|instance|and|or"
    r"|after|following|per|via|than|at|like|compare|vgl\.?|siehe|z\.\s?B\.?|nach|aus|von|bei)\Z|[:;,]\Z",
    re.IGNORECASE,
)
_LOCATOR = re.compile(
    r",\s*((?:pp?|ss?|ch|chap|kap|sec|abschn|fig|abb|tab|eq|gl|appendix|figure|table|section|chapter|pages?)\b.*)",
    re.IGNORECASE,
)


@rule("error", build=True)
def cite_unknown(book: BookFacts) -> Iterator[Finding]:
    """A citation names a key that no bibliography of the book has.

    Bad: ``{cite:p}`lin2041```, where the key is ``lin2014``

    Good: ``{cite:p}`lin2014```

    Why: the reader sees the key with a question mark, and the work is in no list.
    """
    library = book.library
    unknown = [
        key for key in book.cited if key not in library.entries and not library.other_case(key)
    ]
    for number, key in enumerate(sorted(unknown)):
        message = library.unknown(key, hint=number < HINTS)
        for citation in book.cited[key]:
            yield found(citation.at, message)


@rule("error", build=True)
def cite_case(book: BookFacts) -> Iterator[Finding]:
    """A citation spells a key with other capitals than its bibliography.

    Bad: ``{cite:p}`Lin2014```, where the key is ``lin2014``

    Good: ``{cite:p}`lin2014```

    Why: keys are compared letter by letter; the citation finds nothing.
    """
    for key, citations in book.cited.items():
        known = book.library.other_case(key)
        if known and key not in book.library.entries:
            for citation in citations:
                edits = [Edit(at, key, known) for at in citation.locations_of(key)]
                yield found(citation.at, other_capitals(key, known), *edits)


@rule("error", build=True)
def cite_malformed(book: BookFacts) -> Iterator[Finding]:
    """The text of a citation is not a list of keys.

    Bad: ``{cite:p}`lin 2014```, ``{cite:p}`lin2014; chen2015```

    Good: ``{cite:p}`lin2014,chen2015```, ``{cite:p}`{see}lin2014{p. 5}```

    Why: nobody can tell which works are meant; the page shows the text as it is.
    """
    for citation in book.citations():
        if not citation.spans:
            yield found(citation.at, malformed(citation.text))


#: A key in brackets, that may be unknown; but no reference of Quarto's, such as ``[@fig-loss]``.
_ALONE = re.compile(r"\[-?@ ?(?!(?:fig|tbl|sec|eq|lst|thm)-)[^\s@]+\]")
_NAMED = re.compile(
    r"\[(?:[A-Z][a-zA-Z-]{2,}(?:19|20)\d\d[a-z]?|[a-z]{3,}(?:19|20)\d\d[a-z]{4,})@?\]"
    r"|@(?!(?:fig|tbl|tab|sec|eq|lst|thm)[-_])[A-Za-z][\w-]*(?:(?:19|20)\d\d|(?<=[A-Z]{3})_)\w*"
    r"|@[a-z]{3,}_[a-z]{3,}\d\d[a-z]?"
)


@rule("error", build=True)
def cite_pandoc(book: BookFacts) -> Iterator[Finding]:
    """A citation in pandoc's syntax, which R Markdown and Quarto have.

    Bad: ``[@lin2014; see @chen2015, p. 3]``, ``@lin2014``, ``[lin2014]``

    Good: ``{cite:p}`lin2014,{see}chen2015{p. 3}```, ``{cite:t}`lin2014```

    Why: MyST prints it as it stands. A word such as ``@lin`` counts only if it is a
    key; ``@lin2014`` looks like one.
    """
    entries = book.library.entries
    nearest = Nearest(entries)
    for item in _foreign_citations(book, "pandoc", "bare", "key"):
        known = any(key in entries for key in item.keys)
        alone = item.syntax == "pandoc" and _ALONE.fullmatch(item.text)
        if alone and not known and item.keys[0].startswith("http"):
            message = f"'{_short(item.text)}' cites an address, and is printed as it stands"
            yield found(item.at, f"{message}; add the work to a .bib file, and write its key")
            continue
        if not known and not alone:
            # Shorter words after an '@' resemble keys by chance.
            near = [nearest.to(key, 0.85) for key in item.keys if re.search(r"\d|.{6}", key)]
            close = near and all(near) and len(near) == len(item.keys)
            named = _NAMED.fullmatch(item.text) and not item.is_account
            if named or (close and item.syntax != "key"):
                message = f"'{_short(item.text)}' cites keys that no bibliography has"
                add = "; add the work to the chapter's .bib file"
                hint = f"; did you mean {quoted_list(near)}?" if close else add
                yield found(item.at, f"{message}{hint}")
        if known or alone:
            kind = "t" if item.syntax == "bare" else "p"
            yield _foreign_finding(item, "pandoc's syntax" if item.syntax != "key" else "", kind)


@rule("error", build=True)
def cite_latex(book: BookFacts) -> Iterator[Finding]:
    r"""A citation by a command of LaTeX.

    Bad: ``\citep{lin2014}``, ``\citet[p. 3]{lin2014}``

    Good: ``{cite:p}`lin2014```, ``{cite:t}`lin2014{p. 3}```

    Why: MyST prints it as it stands. ``\cite`` becomes ``{cite:p}``.
    """
    for item in _foreign_citations(book, "latex"):
        yield _foreign_finding(item, "LaTeX's syntax", "p")


def _foreign_citations(book: BookFacts, *kinds: str) -> list[ForeignCitation]:
    pages = (book.pages[name] for name in sorted(book.pages))
    found = (item for facts in pages for item in facts.foreign_citations if item.syntax in kinds)
    entries = book.library.entries
    return [
        in_sentence(item, entry) if item.before and (entry := entries.get(item.keys[0])) else item
        for item in found
    ]


def _foreign_finding(item: ForeignCitation, syntax: str, kind: str) -> Finding:
    message = f"'{_short(item.text)}' is {syntax or 'not a citation yet'} and would be printed"
    if item.repair:
        edit = Edit(item.at, item.text, item.repair)
        return found(item.at, f"{message}; write {_short(item.repair)}", edit)
    if item.advice:
        return found(item.at, f"{message}; {item.advice}")
    keys = ",".join(item.keys)
    if NOT_TEXT in item.text and kind == "p":
        # A role, code or a link among the words: no prefix of a citation can hold it.
        advice = f"write the words in parentheses, with {{cite:alp}}`{keys}` among them"
        return found(item.at, f"{message}; {advice}")
    advice = f"write {{cite:{kind}}}`{keys}`, where a key may have {{see}} before it"
    return found(item.at, f"{message}; {advice} and {{p. 3}} after it")


def _short(text: str) -> str:
    text = " ".join(text.replace(NOT_TEXT, "…").split())
    return text if len(text) <= 60 else text[:59] + "…"


@rule("warning")
def cite_parentheses(book: Book) -> Iterator[Finding]:
    """A textual citation is in parentheses of its own, or a citation in brackets.

    Bad: ``(see {cite:t}`lin2014`)``, printed as "(see Lin et al. (2014))"; ``[{cite:p}`lin2014`]``

    Good: ``{cite:p}`{see}lin2014```, printed as "(see Lin et al., 2014)"

    Why: two pairs of parentheses, one in the other, around a year.
    """
    for group in book.citations_joined_by(r"\s*(?:[,;]|,?\s*(?:and|&|und))?\s*"):
        styles = {citation.style for citation in group.citations}
        around, text = group.around(), group.positions.text
        closed = text[group.start - 1 : group.start] == "[" and text[group.end : group.end + 2]
        if closed and re.match(r"\](?![(\[:{])", closed) and (works := _together(group)):
            at, old, new = group.at(-1), f"[{group.text}]", f"{{cite:p}}`{works}`"
            message = f"the brackets around '{_short(group.text)}' are printed, too; write {new}"
            yield found(at, message, Edit(at, old, new))
        if around is None or not styles & {*_TEXTUAL, "p", "ps"} or group.footnotes:
            continue
        before, after = (text.strip() for text in around)
        locator = _LOCATOR.fullmatch(after)
        if not _PREFIX.fullmatch(before) or (after and not locator) or _OF_AUTHORS.search(before):
            continue
        whole = f"({around[0]}{group.text}{around[1]})"
        # "(LASSO {cite:p}`lasso`)": the words do not belong to the work.
        pre = before if not before or _LEADS.search(before) else f"{before};"
        works = _together(group, pre, locator[1].strip() if locator else "")
        fix: tuple[Edit, ...] = ()
        advice = "write {cite:p} without the parentheses"
        if not before and not after and _is_subject(group, len(around[0]) + 1):
            # "proposed by (Lin et al. (2014))" lacks the name, not the parentheses.
            fix = (Edit(group.at(-1 - len(around[0])), whole, group.text),)
            advice = f"write {_short(group.text)}"
        elif works and styles <= {*_TEXTUAL, "p", "ps"}:
            full = styles & {"ts", "cts", "ps"}
            new = f"{{cite:{'ps' if full else 'p'}}}`{works}`"
            fix = (Edit(group.at(-1 - len(around[0])), whole, new),)
            advice = f"write {_short(new)}"
        message = f"'{_short(whole)}' prints parentheses in parentheses; {advice}"
        yield found(group.citations[0].at, message, *fix)


#: Authors and a year, of which cite-name-twice speaks.
_OF_AUTHORS = re.compile(r"\b(?:al\.?|[A-Z]\w+),? (?:19|20)\d\d,?\Z|\bal\.\Z")
#: What a sentence goes on with after its subject: a word that is not a conjunction.
_VERB = re.compile(
    r"\)\s+(?!(?:and|or|but|in|on|at|for|with|as|to|by|of|from"
    r"|und|oder|aber|im?|an|für|mit|als|zu|von)\b)[a-zäöü]{3,}"
)

_END = re.compile(r"[a-zäöüß\d)][.!?]")


def _is_subject(group: CitationGroup, reach: int) -> bool:
    """Whether the sentence lacks the name in parentheses: it begins so, or needs one."""
    before = group.before(reach)
    after = group.positions.text[group.end : group.end + 40]
    said = before.rstrip()
    gap = before[len(said) :]
    begins = not said or "\n\n" in gap or (gap and _END.fullmatch(said[-2:]))
    return bool(_NAMES.search(before) or (begins and _VERB.match(after)))


def _together(group: CitationGroup, before: str = "", after: str = "") -> str:
    """Return the works of all citations as one, with a prefix and a locator; empty if impossible.

    What has a prefix or locator already cannot get another one.
    """
    texts = [" ".join(citation.text.split()) for citation in group.citations]
    if not all(key_spans(text) for text in texts) or re.search(r"[{}`]", before + after):
        return ""
    first, last = parse_targets(texts[0])[0], parse_targets(texts[-1])[-1]
    if (before and first.pre) or (after and last.post):
        return ""
    works = re.sub(r"(\{[^{}]*+\})|(?<!\s)\s*+,\s*", lambda match: match[1] or ",", ",".join(texts))
    return (f"{{{before}}}" if before else "") + works + (f"{{{after}}}" if after else "")


@rule("warning")
def cite_adjacent(book: Book) -> Iterator[Finding]:
    """Citations in parentheses follow each other.

    Bad: ``{cite:p}`lin2014` {cite:p}`chen2015```, printed as "(Lin, 2014) (Chen, 2015)"

    Good: ``{cite:p}`lin2014,chen2015```, printed as "(Lin, 2014; Chen, 2015)"

    Why: works that support one statement share one pair of parentheses.
    """
    for group in book.citation_groups:
        styles = {citation.style for citation in group.citations}
        if len(group.citations) < 2 or not styles <= {"p", "ps"} or group.footnotes:
            continue
        works = "" if are_nouns(group) else _together(group)
        if works and len(styles) == 1:
            new = f"{{cite:{styles.pop()}}}`{works}`"
            message = f"{len(group.citations)} citations in a row are one; write {_short(new)}"
            yield found(group.citations[0].at, message, Edit(group.at(0), group.text, new))


@rule("warning")
def cite_repeated(book: Book) -> Iterator[Finding]:
    """One citation names the same work twice.

    Bad: ``{cite:p}`lin2014,chen2015,lin2014```

    Good: ``{cite:p}`lin2014,chen2015```

    Why: the reader finds the same work twice in one pair of parentheses.
    """
    for citation in book.facts.citations():
        if "," not in citation.text:
            continue
        plain = _plain_keys(citation)
        for key in [key for number, key in enumerate(plain) if key in plain[:number]]:
            message = f"this citation names '{key}' twice; remove one"
            new = ",".join(dict.fromkeys(plain))
            whole = len(plain) == len(key_spans(citation.text))
            fix = (Edit(citation.location(0), citation.text, new),) if whole else ()
            yield found(citation.at, message, *fix)
            break


def _plain_keys(citation: Citation) -> list[str]:
    """Return the keys without prefix and locator: those with one may appear twice."""
    if not key_spans(citation.text):
        return []
    targets = parse_targets(citation.text)
    return [target.key for target in targets if not target.pre and not target.post]


@rule("info")
def cite_heading(book: Book) -> Iterator[Finding]:
    """A citation is in a heading.

    Bad: ``## CLIP {cite:p}`radford2021```

    Good: ``## CLIP``, and the citation in the first sentence below

    Why: headings are repeated in menus, tables of contents and the bookmarks of the PDF.
    """
    for docname in sorted(book.pages):
        headings = {item.at.row for item in book.pages[docname].of("heading")}
        for citation in book.facts.pages[docname].citations:
            if citation.at.row in headings:
                yield found(citation.at, "a citation in a heading; move it into the text below")
