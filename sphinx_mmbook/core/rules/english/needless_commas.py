"""A rule on commas that English does not have, and German has: before "that", after a subject."""

from __future__ import annotations

from itertools import chain, pairwise
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.english.clauses import FINITE
from sphinx_mmbook.core.english.word_classes import word_classes
from sphinx_mmbook.core.finding import Edit, Finding
from sphinx_mmbook.core.pages.prose import NOT_TEXT
from sphinx_mmbook.core.rules.english.commas import LONGEST, begin_of
from sphinx_mmbook.core.rules.english.spelling import is_plain, places
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.pages.page import Page


#: What says or thinks something, before "that"; what does so at a distance from another comma.
_SAYS = re.compile(
    r"(?<!\w)(?:(?<!In )fact|argues?|says?|is|means|claims?|show(?:s|ed)?|noted?|found|assume"
    r"|mention|know|(?:could|can|may|might) be)\Z"
)
_IT_SAYS = re.compile(
    r"(?<![,(] )(?<!\w)[Ii]t (?:is|was|(?:can|must|should|has to|has|will|could) be(?:en)?)"
    r" (?:[a-z]+ly |also |then )?(?:assumed|seen|shown|concluded|observed|found|stated|noted"
    r"|expected|argued|known|noticed|demonstrated|proven|mentioned|suggested|ensured|assured|said"
    r"|clear|obvious|evident|important|likely|possible|apparent|noteworthy|believed)\Z"
)
_RELATIVE = re.compile(
    r", that (?:are|has|have|can|will|was|were|could|allows?|uses?|consists?|contains?"
    r"|makes?|means|(?:(?:show|need|provide|require|represent|describe|determine|aim|take)s?)"
    r"(?= (?:the|an?|to|how|all|both|more) ))(?= (?!,))"
)
_ASKED = re.compile(
    r"(?:decide|determine|predict|understand|understanding|clear|unclear|ask"
    r"|define|specify|explain|learn|investigate|examine)\Z"
)
_BOTH = re.compile(
    r"both, (?!(?:which|but|so|as|because|where|while|or|with|it|we|they|in|and|of)(?!\w))"
    r"(?=[^.,;:\n]{3,60} and )"
)


#: A verb after a comma, in a sentence that is neither a question nor a list.
_VERB = re.compile(
    r", (is|are|was|were|has|have|can|will|would|could|should|must|may|might|does)(?![\w,])"
    r"(?![^.?\n]{0,200}\?)(?![^.,\n]{0,80}, (?:and|or) )"
    rf"(?![^.,\n]{{0,80}} and {FINITE}(?!\w))"
)
#: After these no sentence begins.
_SHORT = ("i.e. ", "e.g. ", "al. ", "cf. ", "vs. ", "resp. ")
_NO_SUBJECT = (
    rf"(?!\b(?:{FINITE}|if|when|where|whether|while|because|however|although|though|let|given|denotes?"
    r"|assume|suppose|see|such as|e\.g|i\.e)\b)"
)
_THAT = "(?!\\b(?:that|which|who|whose)\\b)"
#: A subject, perhaps after what opens a sentence, perhaps with a clause after it.
_SUBJECT = re.compile(
    r"(?:(?:(?:In|For|On|At|With|By|From|After|During|Under|Within|Among|As|Similar to|Compared to"
    r"|Due to|According to|Based on) [^,.;:()\n]{1,80}|However|Therefore|Moreover|Furthermore|Also"
    r"|Second|Then|Here|Overall|[A-Z][a-z]+ly), (?=(?:the|this|these|our|its|their|each|all) ))?"
    r"(?:(?P<the>(?:[Tt]he|[Tt]hese|[Tt]his|[Oo]ur|[Ii]ts|[Tt]heir|[Ee]ach|[Aa]ll|[Mm]ost|An?|Some"
    r"|Many|Several|Such|Another|Any|Both|Every) )|(?P<first>[A-Z][a-z]+) )"
    rf"(?:{_NO_SUBJECT}{_THAT}[^.,:;!?()\n]){{1,90}}"
    rf"(?:(?<= )(?P<clause>that|which|who) (?:{_NO_SUBJECT}[^.,:;!?()\n]){{0,30}}"
    rf"(?:{FINITE} )?(?:{_NO_SUBJECT}{_THAT}[^.,:;!?()\n]){{3,80}})?"
)
#: What begins an indirect question.
_ASKS = ("what", "how", "whether", "why", "which")
_WHICH = re.compile(r", (?!which)|, which [a-z]+s (?:are|is|was|were|have|has|can|will|to)(?!\w)")
#: What begins a sentence, and what follows it right away.
_NO_COMMA = ("Note that", "Recall that", "Assume that", "Suppose that", "Let", "Where", "Suppose")
_SUBJECT_NEXT = re.compile(rf", (?:we|it|the|this|these|there|an?|{NOT_TEXT})(?![\w,-])")
_OPENS = re.compile(r"(?:\A|[\n.!?:] ?)\Z")


@rule("warning")
def comma_surplus(book: Book) -> Iterator[Finding]:
    """There is a comma where none belongs: before "that" and questions, after "both" and a subject.

    Bad: ``we argue, that it falls``, ``both, the loss and the gain``, ``a loss, that can fall``,
    ``The loss of the model, is small.``

    Good: ``we argue that it falls``, ``both the loss and the gain``, ``a loss that can fall``

    Why: German has a comma there, English has none; with one, the reader waits for another.
    """
    for page in book.english:
        text, words = page.prose.text, page.prose.vocabulary
        yield from _parted(page)
        for word in _NO_COMMA:
            for start in places(text, f"{word}, ") if f"{word.split()[0]}\n" in words else ():
                comma = start + len(word)
                plain = is_plain(page, comma, ", ")
                if plain and _SUBJECT_NEXT.match(text, comma) and _OPENS.search(text[:start][-3:]):
                    at = page.prose.at(comma)
                    message = f"no comma belongs after '{word}'; delete it"
                    yield found(at, message, Edit(at, ", ", " "))
        signs = [f", {word} " for word in page.prose.words.keys() & {*_ASKS, "that"}]
        signs += ["both, "] if "both" in words else []
        for start in chain.from_iterable(places(text, sign) for sign in signs):
            comma = text.index(",", start)
            says = _IT_SAYS.search(text, max(0, start - 50), start)
            if (_aside(text, comma) and not says) or not is_plain(page, comma, ", "):
                continue
            at = page.prose.at(comma)
            if text.startswith("both", start) and _BOTH.match(text, start):
                yield found(at, "no comma belongs after 'both'; delete it", Edit(at, ", ", " "))
            elif not text.startswith((", that", "both"), start):
                if _ASKED.search(text, max(0, start - 13), start) and _WHICH.match(text, start):
                    message = f"no comma belongs before '{text[start + 2 :].split()[0]}'; delete it"
                    yield found(at, message, Edit(at, ", ", " "))
            elif says or _SAYS.search(text, max(0, start - 10), start):
                yield found(at, "no comma belongs before 'that'; delete it", Edit(at, ", ", " "))
            elif _RELATIVE.match(text, start) and not _opens(text, start):
                advice = "delete it, or write 'which'"
                yield found(at, f"no comma belongs before 'that'; {advice}")


def _parted(page: Page) -> Iterator[Finding]:
    """Yield the commas between a subject and its verb."""
    text = page.prose.flat
    for match in _VERB.finditer(text):
        start = begin_of(text, match.start())
        begins = start != match.start() - LONGEST and not text.endswith(_SHORT, 0, start)
        if begins and (whose := _subject(text[start : match.start()])):
            at, message = page.prose.at(match.start()), "no comma belongs between a subject and"
            message += f" its verb '{match[1]}'; delete it"
            if is_plain(page, match.start(), ", "):
                if named := _NAMED.search(whose[0]):
                    message = f"this comma ends what no comma begins; write one before '{named[0]}'"
                    yield found(at, message)
                elif whose["clause"]:
                    yield found(at, f"{message}, or write one before '{whose['clause']}' as well")
                else:
                    yield found(at, message, Edit(at, ", ", " "))


#: What says how else something is called.
_NAMED = re.compile(r"\b(?:(?:also|often|sometimes|better|commonly) )?(?:known as|called|named)\b")


def _subject(words: str) -> re.Match[str] | None:
    """Return a match if words are a subject and nothing else: they begin a sentence."""
    match, kinds = _SUBJECT.fullmatch(words), word_classes()
    if (
        match is None
        or any(
            before != "to"
            and {*kinds.get(word, "n")} <= {*"vz"}  # "Experts tend to, are, and have"
            for before, word in pairwise(words[: match.start("clause")].split())
        )
    ):
        return None
    first = {*kinds.get(match["first"].lower(), "")} if match["first"] else {"p"}
    return match if first & {*"pg"} and not first & {*"vjr"} else None


def _aside(text: str, end: int) -> bool:
    """Whether something between commas may end there: "is, as we know, that", "We ask, what is"."""
    before = re.split(r"[.!?:;]\s|\n\n|[()]", text[max(0, end - _REACH) : end])[-1]
    aside = (
        "," in before
        or text.startswith(", that is,", end)
        or before.strip() in ("That is", "that is")
    )
    return aside or bool(_CLEFT.search(before) or _QUESTION.match(text, end))


#: "If it falls, that can help": the sentence begins after the comma.
_CLAUSE = re.compile(
    r"(?:\A|\n\n|[.!?:][ \n]{1,2})(?:For (?:example|instance)"
    r"|If|When|Whenever|Since|As|Because|While|Unless|Although|Though|Once"
    r"|After|Before|[A-Z][a-z]+ly)(?!\w)[^.!?]*\Z"
    r"|(?:\A|\n\n|[.!?:][ \n])"
    r"(?:[A-Z]\w*|In (?:most|all|some|many|this|these|such|other)[ \w]{0,25})\Z"
)
#: "In the first case, that means more work": what opens a sentence, and its only comma.
_OPENED = re.compile(r"(?:\A|\n\n|[.!?:][ \n])(?:In|On|At|With|For) [^.,;:!?]{1,60}\Z")
_LAST = re.compile(r", that (?:is|was|has|can|could|means|makes|allows)\b[^.,;]*[.;!]")


def _opens(text: str, comma: int) -> bool:
    """Whether what ends at a comma opens a sentence, of which "that" is the subject."""
    before = text[max(0, comma - LONGEST) : comma]
    last = _LAST.match(text, comma) and _OPENED.search(before)
    return bool(last or _CLAUSE.search(before))


#: "It is the fact that it falls, that helps": the comma may stay.
_CLEFT = re.compile(r"\b(?:[Ii]t(?:'s|’s| is| was) the|(?:the|this) fact that)\b")
#: A remark in a sentence is no longer; and a question up to its end.
_REACH, _QUESTION = 90, re.compile(r"[^.\n]{0,200}\?")
