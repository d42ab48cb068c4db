"""Rules on symbols in formulas that are typed as in text: dots, primes, commands cut in two."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.finding import Edit, Finding, Level
from sphinx_mmbook.core.pages.prose import NOT_TEXT
from sphinx_mmbook.core.references import formula_faults as judging
from sphinx_mmbook.core.references.equations import place_in
from sphinx_mmbook.core.references.formula_words import of_dash, spelt_names
from sphinx_mmbook.core.rules.pages.formulas import ENOUGH, readable_formulas, typed_minus
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.pages.elements import Element
    from sphinx_mmbook.core.pages.page import Page
    from sphinx_mmbook.core.references.formula_words import SpeltName

#: Text within a formula, where dots and apostrophes are those of text.
_TEXT = re.compile(r"\\(?:text\w*|mbox|hbox|operatorname|tag|label|ce|ch|pu)\*?\s*\{[^{}]*\}")
_TYPED = re.compile(
    r"(?<![.\w])\.\.\.(?!\.)|(?:(?<=[A-Za-z_])|(?<=[_={]\d))\.\.\.(?!\.)|[…–—]|(?<=[\w)}])[’´]"
    r"|\\ (?:times|cdot|leq|geq|frac|sum|infty|alpha|beta)(?![A-Za-z])"
    r"|\\inf(?=\s*[)\]])|\^\{(?:th|st|nd|rd)\}"
)
#: One of these is in each formula that has what is looked for.
_SIGNS = ("...", "…", "–", "—", "’", "´", "\\ ", "\\inf", "^{th}", "^{st}", "^{nd}", "^{rd}")
_GREEK = (
    "alpha|beta|gamma|delta|epsilon|zeta|eta|theta|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|phi|chi|psi"
    "|omega|varepsilon"
)
#: A command that stands for a number, rather than for a relation or a space.
_OPERAND = (
    r"\\(?!(?:in|[lg]eq?|sim|approx|to|neq?|mid|right\w*|end|q?quad|text|rangle|cdot|times|subset"
    r"|c[ua]p)(?![A-Za-z])|[^A-Za-z])"
)
#: Between such operands it may also be a convolution.
_STAR = re.compile(
    rf"(?:(?<=[)}}\]])|(?<=_[^\W_])) ?\*(?!\*) ?(?=[A-Za-z0-9(\[]|{_OPERAND})"
    rf"|(?<=[^\W_]) ?\*(?!\*) ?(?=\(|{_OPERAND})"
)
#: What a formula with the fault has, the fault, what to write, and what is wrong with it.
_FORMS = (
    ("*", re.compile(r"(?<=\d)\s?\*\s?(?=[\w\\(])|(?<=[^\W_]|[)}])\s?\*\s?(?=\d)"), r" \\cdot ",
     "is a star, not a product"),
    ("1e^", re.compile(r"(?<![\d.])1e\^"), "10^", "is a power of Euler's number"),
    ("e-", re.compile(r"(?<![A-Za-z\d.])(\d{1,3}(?:\.\d{1,4})?)e-(\d{1,2})(?![\w.])"),
     r"\1 \\cdot 10^{-\2}", "is a product and a difference"),
    ("*", _STAR, r" \\cdot ", "is a star, not a product"),
    ("^", re.compile(r"\^(-\d+|\d{2,})(?![}\w])"), r"^{\1}", "raises its first character alone"),
    ("", re.compile(r"(?<!skip\.\d)(?<=\d)(?:\s|\\ |~)?"
                    r"((?:km|kg|cm|mm|[GM]B|[kMG]?Hz|dB)(?:/[a-z]{1,3}|\s?\\cdot\s?[sh](?=\^))?)"
                    r"(?![A-Za-z_({}\]]|(?<![sh])\^)"),
     r"\\,\\mathrm{\1}", "is a product of letters"),
    ("\\in", re.compile(r"\\in\s?\{([^{}\\]{0,20},[^{}]{0,60})\}"), r"\\in \\{\1\\}",
     "is printed without braces"),
    ("{", re.compile(r"^\s*\{(?!\d{1,3}(?:,\d{3})+\})([^{}\\]{1,20},[^{}]{1,60})\}\s*$"),
     r"\\{\1\\}", "is printed without braces"),
    ("\\rightarrow", re.compile(r"\\rightarrow\s?\{([^{}\\]{1,20},[^{}]{1,60})\}"),
     r"\\rightarrow \\{\1\\}", "is printed without braces"),
    ("= {", re.compile(r"(?<![<>!:])=\s\{([^{}\\]{1,20},[^{}]{1,60})\}"), r"= \\{\1\\}",
     "is printed without braces"),
    ("l)", re.compile(r"\\([bB]igg?)l\)"), r"\\\1r)", "opens where a bracket ends"),
    (",", re.compile(r"(?:(?<=^)|(?<=[=<>≈~$])|(?<=[=<>≈] )|(?<=approx )|(?<=[lg]eq )|(?<=sim ))"
                     r"(\d{1,3}),(\d{3})(?![\d,.)\]}]|,? ?\\?[\d.])"),
     r"\1{,}\2", "is printed with a gap after the comma"),
    ("\\cdots", re.compile(r",\s?\\cdots(?=\s?,)"), r", \\dots", "has dots too high for a list"),
    ("x", re.compile(r"(?<![\w.}])(\d{1,4})\s?x\s?(\d{1,4})(?![\w.])"), r"\1 \\times \2",
     "has the letter x for a times sign"),
    ("[0", re.compile(r"\[0\s?-\s?1\]"), "[0, 1]", "has a minus for the comma of an interval"),
    ("<<", re.compile(r"(?<!<)<<(?!<)"), r"\\ll", "is two characters"),
    ("\\big", re.compile(r"(?<=[\w)}])\s*\\big(cup|cap|oplus|otimes)"
                         r"(?![a-z]|\s*\\?(?:limits)?[_^])"), r"\\\1", "comes before sets"),
    ("\\text{", re.compile(r"(?<!quad)(?<=[\w)\]}])(?<!\\.)(?<!ed\})(?<!ses\})(?<!\(\})\s*\\text\{"
                           r"(if|for|where|and|or|with|when|such that|satisf\w+)\b(?=[^{}]*\})"),
     r"\\text{ \1", "has no space before it"),
    ("<=", re.compile(r"<="), r"\\leq", "is two characters"),
    (">=", re.compile(r">="), r"\\geq", "is two characters"),
    ("->", re.compile(r"(?<![-<])->"), r"\\to", "is a minus and a greater-than sign"),
    ("\\bf{", re.compile(r"\\bf\{([A-Za-z]+)\}"), r"\\mathbf{\1}", "goes on after its braces"),
    ("\\rm{", re.compile(r"\\rm\{([A-Za-z]+)\}"), r"\\mathrm{\1}", "goes on after its braces"),
    ("_", re.compile(r"(?<=[A-Za-z}])_(?=\s?[=<>])"), "", "is an index without anything in it"),
    ("\\mathbf", re.compile(rf"(?<!\\boldsymbol\{{)(?<!\\bm\{{)\\mathbf\s?\{{\\({_GREEK})\}}"),
     r"\\boldsymbol{\\\1}", "is not bold"),
    ("\\mathcal", re.compile(r"\\mathcal\s?(?:\{l\}|l(?![A-Za-z]))"), r"\\ell",
     "has no small letters"),
    (":", re.compile(r":\s+=(?!=)"), ":=", "is two characters"),
    ("-", re.compile(r"(?<![A-Za-z\\])([A-Za-z])\s?-\s?values?(?![A-Za-z])"), r"\\text{\1-value}",
     "is a minus and a product of letters"),
    ("O", re.compile(r"(?<![A-Za-z\\{])([CNS]O_(?:[2x]|\{[2x]\})|[HN]_(?:2|\{2\})O)(?![\w^(])"
                     r"(?![^{}]*\})"),
     r"\\mathrm{\1}", "is a product of letters"),
    ("/", re.compile(r"(?<![A-Za-z])([Pp]r?)\(([A-Za-z](?:_\w)?) ?/ ?([A-Za-z](?:_\w)?)\)"),
     r"\1(\2 \\mid \3)", "is the probability of a quotient"),
    ("s.", re.compile(r"(?<![A-Za-z\\.])s\.\s?t\.(?![A-Za-z])"), r"\\text{s.t.}",
     "is a product of letters"),
)  # fmt: skip
#: The same for what a reader sees on a second look.
_NOTES = (
    ("||", re.compile(r"(?<![|\\])\|\|(?!\|)"), r"\\|", "is two bars side by side"),
    *((sign, re.compile(rf"\\((?:wide)?{sign[:-1]})\{{\s?([A-Za-z]|\\[a-zA-Z]+)"
                        r"_(\w|\{[^{}]*\}|\\[a-z]+)\s?\}"), r"\\\1{\2}_\3",
       "is set over the index, too") for sign in ("hat{", "tilde{", "bar{")),
    ("\\mathcal", re.compile(r"\\mathcal\s?\{([a-km-z])\}"), r"\\mathrm{\1}",
     "has no small letters"),
    ("dots", re.compile(r"(?<=[={])\s?([01])\s*\\[lc]?dots\s*([A-Za-z])(?![A-Za-z])"),
     r"\1, \\dots, \2", "has no commas around its dots"),
    ("−", re.compile("−"), "-", "is a sign of text"),
    ("^{'", re.compile(r"\^\{'\}"), "'", "is raised twice"),
    ("\\\\\\\\", re.compile(r"\\\\\\\\"), r"\\\\", "ends the line twice"),
    ("\\ ", re.compile(r"\\ ([=+<>])|([=+<>]) ?\\ (?! )"), r"\1\2",
     "has a space that TeX sets itself"),
    ("\\text{", re.compile(r"(?<![_^]\{)\\text\{(log|exp|ln|max|min|sin|cos|tanh|det|lim)\}"),
     r"\\\1", "is a word of a text, not an operator"),
    ("\\text{", re.compile(r"\\text\{(logit|expit|softmax|softplus|sigmoid|diag|rank)\}"
                          r"(?=\s?(?:[(\[]|\\left))"), r"\\operatorname{\1}",
     "is a word of a text, not an operator"),
    ("frac", re.compile(r"(?<!\\left)(?<!\\left )(?<!\\[bB]ig)(?<!\\[bB]ig[lg])(?<!\\[bB]iggl)"
                        r"([(\[])\s*-?\\d?frac(?![A-Za-z])"), r"\\left\1",
     "has a bracket too small for it"),
)  # fmt: skip
_ROWS = (*_FORMS, *_NOTES)
#: Two numbers alone, as of the pixels of an image.
_SIZE = re.compile(r"[\d.]+\s?\*\s?[\d.]+")


def _forms(page: Page, element: Element, bare: str) -> Iterator[Finding]:
    """Yield what is typed as in a program or as text, and is printed as something else."""
    for row in _ROWS:
        sign, pattern, written, fault = row
        tex = element.body if sign == "\\text{" else bare
        if sign not in tex or (pattern is _STAR and "onvol" in page.prose.vocabulary):
            continue
        if sign == "frac" and not element.level:  # in a line all is small
            continue
        if match := pattern.search(tex):
            new = match.expand(written).strip()
            new = r"\times" if sign == "*" and _SIZE.fullmatch(tex.strip()) else new
            advice = f"write '{new}'" if new else "delete it"
            message = f"'{match[0].strip()}' in this formula {fault}; {advice}"
            level: Level = "info" if row in _NOTES else "warning"
            yield Finding(place_in(page, element, match.start()), "formula-sign", message, level)


@rule("warning")
def formula_sign(book: Book) -> Iterator[Finding]:
    r"""A symbol of a formula is typed as in text.

    Bad: ``$1, ..., n$``, ``$s’$`` with a curly apostrophe, ``$3 \ times 3$``,
    ``$4^{th}$``, ``$[0, \inf)$``, ``$100 * x$``, ``$1e-3$``, ``$10km$``, ``$\in {1, 2}$``,
    ``$\mathbf{\beta}$``, ``$x^-1$``, ``$y_i * x$``; ``64x64 pixels``, ``2x faster``; as notes
    ``$||x||$``, ``$\hat{y_i}$``, and small parentheses around a displayed fraction

    Good: ``$1, \dots, n$``, ``$s'$``, ``$3 \times 3$``, ``$4^{\text{th}}$``, ``$[0, \infty)$``;
    ``64×64 pixels``

    Why: TeX sets three dots too close and the curly apostrophe as a letter; a command with a
    space after its backslash is printed as its letters.
    """
    for page in book.pages.values():
        clean: set[tuple[str, int]] = set()
        for element in readable_formulas(page):
            if (element.body, element.level) not in clean and "**" not in element.body:
                faults = [*_signs_of(page, element)]
                yield from faults
                clean |= set() if faults else {(element.body, element.level)}
        yield from _letter_x(page)
        yield from typed_minus(page)


def _signs_of(page: Page, element: Element) -> Iterator[Finding]:
    """Yield the signs of text in a formula; what has none has none wherever it is on a page."""
    bare = _TEXT.sub(lambda match: " " * len(match[0]), element.body)
    yield from _forms(page, element, bare)
    yield from _parentheses(element)
    if not any(sign in element.body for sign in _SIGNS):
        return
    edits: dict[tuple[str, str], list[Edit]] = {}
    for match in islice(_TYPED.finditer(bare), ENOUGH):
        old, at = match[0], place_in(page, element, match.start())
        new = _meant(old, bare[match.end() : match.end() + 1])
        plain = page.has_text(element.at.right(-1), f"${element.body}$")
        new, advice = of_dash(match, plain) if old in "–—" else (new, f"write '{new.strip()}'")
        edits.setdefault((old, advice), []).append(Edit(at, old, new))
    for (old, advice), same in edits.items():
        sure = all(edit.new and page.has_text(edit.at, old) for edit in same)
        message = f"'{old}' in this formula is a text character; {advice}"
        yield found(same[0].at, message, *(same if sure else ()))


#: Intervals, cases, and the numbers of parts, which have parentheses of their own.
_OTHER_ENDS = re.compile(
    r"\\(?:begin\{(?:array|.?matrix)|mbox|lparen|rparen|[{}])|(?:^|\\\\|quad|&)\s*[a-z\d]{1,3}\)"
)


def _parentheses(element: Element) -> Iterator[Finding]:
    """Yield a displayed formula with a parenthesis too few; intervals and cases have some."""
    body = element.body
    surplus = body.count("(") - body.count(")") if body.count("[") == body.count("]") else 0
    if element.level and abs(surplus) == 1 and not _OTHER_ENDS.search(body):
        sign, other = ("(", ")") if surplus > 0 else (")", "(")
        message = f"a '{sign}' of this formula has no '{other}'; add it, or delete the other"
        yield found(element.at, message)


_NAME = re.compile(r"(?<![\\A-Za-z])(?:[A-Za-z]{2}|[A-Z] [A-Z]|[a-z] [a-z] [a-z])")


@rule("warning")
def formula_name(book: Book) -> Iterator[Finding]:
    r"""A name in a formula is typed as letters.

    Bad: ``$log(x)$``, ``$softmax(x)$``, ``$d_{model}$``

    Good: ``$\log(x)$``, ``$\operatorname{softmax}(x)$``, ``$d_{\text{model}}$``

    Why: TeX sets it as a product, *l o g*, in slanted letters with gaps between them.
    """
    for page in book.pages.values():
        judged = [
            element
            for element in readable_formulas(page)
            if _NAME.search(element.body)
            and not judging.defines(element.body)
            and "$" not in element.body  # broken: formula-invalid speaks of it
            and "\\footnote" not in element.body  # a text, see formula-command
        ]
        told = spelt_names([element.body for element in judged], page.prose.words)
        for element, some in zip(judged, told, strict=True):
            yield from _names(page, element, some[:ENOUGH])


def _names(page: Page, element: Element, some: list[SpeltName]) -> Iterator[Finding]:
    """Yield the names that a formula sets as products, each with all its places."""
    for name, new in {spelt.name: spelt.new.strip() for spelt in some}.items():
        same = [spelt for spelt in some if spelt.name == name]
        edits = [Edit(place_in(page, element, one.offset), name, one.new) for one in same]
        message = f"'{name}' in this formula is set as a product of letters; write '{new}'"
        sure = all(page.has_text(edit.at, name) for edit in edits)
        yield found(edits[0].at, message, *(edits if sure else ()))


#: Amounts with the letter between them: "64x64 pixels".
_LETTER_X = re.compile(
    r"(\d(?<![\w/.#-].)(?!(?<=0)x)\d{0,3}(?:\.\d)?)( ?)[xX] ?(\d{1,4})(?!\w|\.\d|[/-]\w)"
)
_TIMES = re.compile(r"\d(?<![\w/.,#-].)\d{0,3}(?:\.\d{1,3})?x(?![\w-])(?<!\b0x)")


def _letter_x(page: Page) -> Iterator[Finding]:
    """Yield the letter between two numbers of a text, where the sign for "times" is meant."""
    text, words = page.prose.text, page.prose.words
    if not ("x" in words or "X" in words or "x" in page.prose.figures.lower()):
        return
    for match in chain(_LETTER_X.finditer(text), _TIMES.finditer(text)):
        at, old = page.prose.at(match.start()), match[0]
        if page.prose.element(match.start()).name or not page.has_text(at, old):
            continue
        if match.re.pattern == _LETTER_X.pattern:
            new = f"{match[1]}{match[2]}×{match[2]}{match[3]}"
            yield found(at, f"'{old}' has the letter x; write '{new}'", Edit(at, old, new))
        else:
            message = f"'{old}' has the letter x; write '{old[:-1]}×', or '{old[:-1]} times'"
            yield Finding(at, "formula-sign", message, "info")


_LETTER = re.compile(r"[ (\n]([B-HJ-Zb-z])(?:(?= ?[=<>≤≥] ?[\d.-])|(?=[ ,.;)\n]|-th\b))(?! ?\()")
#: A letter after a word, and no initial, unit, panel or factor: "of K values", "modality m".
_AFTER_WORD = re.compile(
    r"(?:^|[\s(*-])(?!(?i:panel|figure|table|per|part|either|section|appendix|model)\s)"
    r"(?:[a-z]+\s[A-Za-z]|[A-Z][a-z]+\s[a-z])\Z"
)
_RELATION = re.compile(r" ?[=<>≤≥]|-th\b")
#: A formula that goes on as text: "$\\alpha$ = 0.05".
_CUT = re.compile(rf"{NOT_TEXT} ?([=<>≤≥≈]) ?([−-]?\d[\d.,]*(?<=\d)%?)")
_IN_TEX = {"≤": "\\leq", "≥": "\\geq", "≈": "\\approx"}
#: Letters that are names: of programs, axes, players.
_NAMES = re.compile(
    r" ?(?:ax[ie]s|ray|package|language|code|programming|script|function|library|software|studio"
    r"|(?:(?:test|label|coordinate|cell|phase|moment)s?|(?<=[a-zF] )values?)\b"
    r"|\.\s?(?:[\da-z]|[A-Z]\.)|\)"
    r"|(?:and|or|to) [A-Z]\b|[A-Z][a-z.]|[\d=<>≤≥+–/-]|'s\b|[,;] [B-HJ-Z]\b)"
)
_VARIABLE = re.compile(r"\s*([A-Za-z])(?![A-Za-z'])")
#: Letters before what is counted: "K experts".
_COUNTED = re.compile(r"[KMN] (?!(?:as|is|was|has|does|this|cells|phases)\b)[a-z]{2,}s\b")


@rule("info")
def variable_typed(book: Book) -> Iterator[Finding]:
    """A variable is written in the text as a letter, often with a formula of it on the same page.

    Bad: ``of $K = 5$ models, all K models``, ``where n = 20``, ``modality m``

    Good: ``all $K$ models``, ``where $n = 20$``, ``at $\\alpha = 0.05$``

    Why: it is upright here and slanted there, and the reader asks whether the two are one.
    """
    for page in book.pages.values():
        known, told = _variables(page), set[str]()
        words, usual = page.prose.words, _USUAL if known or page.prose.is_english else set[str]()
        alone = {one for one in known | usual if one in words or f"{one}-th" in words}
        for match in _LETTER.finditer(page.prose.text) if alone else ():
            letter, start = match[1], match.start(1)
            shown = letter in told or page.prose.element(start).name
            if letter not in alone or shown or not _means_one(match, known):
                continue
            told.add(letter)
            also = ", and a formula elsewhere on this page" * (letter in known)
            message = f"'{letter}' is a variable{also}; write '${letter}$' each time"
            yield found(page.prose.at(start), message)
        yield from _in_italics(page, told)
        yield from _cut_formulas(page)
        for match in _SAID.finditer(page.prose.text) if page.prose.is_english else ():
            at = page.prose.at(match.start(1))
            if match[1] not in told and page.has_text(at, match[1]):
                told.add(match[1])
                yield found(at, f"'{match[1]}' is a variable; write '${match[1]}$' each time")


#: Letters that are variables without any formula; large ones, before what is counted.
_USUAL = frozenset("hjkmnqtzKMN")


def _variables(page: Page) -> set[str]:
    """Return the letters with which formulas in lines begin, and the small ones of any formula."""
    known: set[str] = set()
    for element in page.of("math"):
        begins = None if element.level else _VARIABLE.match(element.body)
        known.update(begins.groups() if begins else ())
        known.update(letter for letter in _LONE.findall(element.body) if letter >= "i")
    return known


def _means_one(match: re.Match[str], known: set[str]) -> bool:
    """Whether a letter that stands alone in the text is a variable."""
    letter, text, start, after = match[1], match.string, match.start(1), match.end()
    before = text[max(0, start - 30) : start]
    if (before.endswith("(") and text[after] == ")") or "\\" in before:
        return False
    if re.search(r"\b[A-Z](?: \([^()]*\))? (?:and|or) \Z", before):
        return False
    if letter in known and _RELATION.match(text, after):
        return True
    other = letter.islower() or _COUNTED.match(text, start)
    usual = letter not in "RC" if letter in known else other
    return bool(usual and _AFTER_WORD.search(before + letter) and not _NAMES.match(text, after))


#: What is said of a letter: "where D is the dimension".
_SAID = re.compile(
    r"ere ([B-HJ-Zb-z])(?<=[Hhw]ere .) (?:denotes?|represents?|stands for|is an?|is the|are the)\b"
)


def _in_italics(page: Page, told: set[str]) -> Iterator[Finding]:
    """Yield the other letters in italics that are variables of a formula elsewhere on the page."""
    if not _ITALIC.search(page.source.text):
        return
    known = {*chain(*(_LONE.findall(element.body) for element in page.of("math")))} - told
    for element in page.of("text"):
        letter, at = element.text, element.at
        if letter in known and _ITALIC.match(page.line(at), max(at.column - 2, 0)):
            known.discard(letter)
            message = f"'{letter}' is in italics here, and a formula elsewhere on this page"
            yield found(at, f"{message}; write '${letter}$' each time")


#: A letter in italics but for articles, names, axes and values of tests; one in a formula.
_ITALIC = re.compile(r"\*(?<![*\w]\*)(?![aAICRSpxy])[A-Za-z]\*(?![*\w])")
_LONE = re.compile(r"(?<![\\A-Za-z])[A-Za-z](?![A-Za-z])")


def _cut_formulas(page: Page) -> Iterator[Finding]:
    """Yield the formulas of which a part is after them as text."""
    cut = _CUT.finditer(page.prose.text) if page.prose.text.find(NOT_TEXT) >= 0 else ()
    for match in cut:
        element = page.prose.element(match.start())
        if element.kind == "math" and not element.level and "\n" not in element.body:
            number = match[2].replace("−", "-").replace("%", r"\%").replace(",", "{,}")
            new = f"${element.body.strip()} {_IN_TEX.get(match[1], match[1])} {number}$"
            message = f"this formula goes on after its '$' with '{match[1]} {match[2]}'"
            yield found(element.at, f"{message}; write '{new}'")


def _meant(old: str, after: str) -> str:
    """Return what stands for a sign in a formula, with a space if a letter follows."""
    if old in ("’", "´", "\\inf"):
        return "'" if old != "\\inf" else "\\infty"
    if old[0] == "^":
        return f"^{{\\text{old[1:]}}}"
    new = "\\" + old[2:] if old[0] == "\\" else "\\dots"
    return new + " " * after.isalpha()
