"""Warnings of Sphinx, docutils, MyST-Parser and MyST-NB in a page, and what an author does then.

Most of these faults are found by rules of ours, in the author's words and with the place: then the
other's warning would only repeat it. What remains is printed with our advice behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

#: Of each: type of the warning ("docutils": those without subtype, "sphinx": those without any),
#: words that its text has;
#: "=" and the rules that say the same at the same place (with a star: anywhere on
#: the page); "~" if the reader loses nothing, so that it is a note and fails no build; then our
#: advice.
TABLE = """
myst.directive_unknown = directive-unknown chunk-syntax div-syntax
correct the name of the directive, or name the extension that has it in conf.py

myst.role_unknown = role-unknown
correct the name of the role, or name the extension that has it in conf.py

myst.directive_option Invalid options format = option-unknown*
write a blank behind the colon of each option

myst.directive_option = option-comment option-unknown option-value result-option bibliography-option
correct the option; 'mmbook check' knows which there are

myst.directive_parse = directive-body
a directive has a body that it cannot have; move the text out of it

myst.directive_comments = option-comment
write no '#' among the options of a directive

docutils unknown option = option-unknown
correct the name of the option

docutils argument = directive-argument restructured-grammar
write on the first line of the directive what it needs, and no more

docutils Error with CSV data = table-body
correct the quotes in the cells

docutils widths do not match = table-body
write a number for each column

docutils requires content = directive-body table-body
write the cells of the table, or delete it

docutils Content block expected = directive-body
write the text of the directive, or delete it

docutils Error parsing content block = table-body directive-body
a {table} holds one table, a {list-table} one list whose rows have as many cells each

docutils glossary = glossary-form*
write an empty line before each term, and two blanks before its text

sphinx duplicate term = glossary-form
explain each term once

docutils nvalid option block = option-unknown restructured-grammar
write a blank behind the colon of each option, and an empty line behind the last

docutils nvalid = option-value directive-argument
correct the value

docutils Problems with = include-missing
correct the path of the file

docutils ot found or reading it failed = include-missing
correct the path of the file

docutils ile not found = include-missing
correct the path of the file

docutils Unknown target name = footnote-undefined restructured-grammar
write a line '[^1]: …' with the text of the footnote

docutils may not begin with a transition = front-matter-late* line-misplaced restructured-grammar
take the '---' out, or write text before it

docutils Transition at the start = front-matter-late* line-misplaced restructured-grammar
take the '---' out, or write text before it

docutils Transition at the end = line-misplaced* restructured-grammar
take the '---' out, or write text after it

docutils may not end with a transition = line-misplaced* restructured-grammar
take the '---' out, or write text after it

docutils ransitions = line-misplaced* restructured-grammar
take one '---' out

docutils Too many autonumbered footnote references = footnote-undefined restructured-grammar
write a line '[^1]: …' with the text of the footnote

docutils Insufficient data supplied = table-body option-comment
write fewer heading rows, or more others

docutils Duplicate explicit target name = label-collision restructured-grammar
give one of the two another label

myst.header = front-matter-late* heading-skip*
see 'mmbook check --explain heading-skip'

myst.topmatter = front-matter front-matter-myst*
write the front matter between two lines '---', as 'title: …'

myst.xref_missing = reference-undefined path-local link-dead reference-left-out
correct the target of the link; write '#label' for a label

myst.xref_ambiguous = label-collision
give one of the two another label

myst.iref_missing
correct the target of the link

myst.duplicate_def
define each '[name]: address' once

myst.footnote = footnote-undefined
write a line '[^1]: …' with the text of the footnote

ref.footnote = footnote-undefined restructured-grammar
refer to the footnote, or delete it

myst.strikethrough
the PDF shows no text that is struck out; delete the text

myst.html = html-dropped html-unknown
write Markdown in place of the HTML

myst.attribute
correct what stands in '{…}'

myst.substitution = substitution-unknown
define the name in 'myst_substitutions' of conf.py

ref.ref = reference-undefined reference-kind reference-left-out
correct the label

ref.numref = reference-undefined reference-kind reference-left-out
correct the label, or give what it names a caption

ref.equation = label-collision
give one of the two another label

ref.eq = reference-undefined reference-kind reference-left-out
correct the label

ref.doc = link-dead
correct the name of the page

ref.term = term-unknown
correct the term, or add it to a {glossary}

ref.any = reference-undefined
correct the label

ref.python
correct the name

std.term
define each term once

sphinx unknown role name = role-unknown
correct the name of the role

sphinx unknown directive name = directive-unknown
correct the name of the directive

sphinx duplicate label = label-collision
give one of the two another label

sphinx Any number is not assigned = reference-kind reference-left-out chapter-left-out*
name the page in a toctree, or refer to it with {ref}

sphinx Failed to create a cross reference = reference-kind
refer to it with {ref}, or give it a caption

toc.no_title = title-missing
write '# Title' at the top of that page

toc.not_readable = link-dead
correct the name of the page, or write it

toc.excluded = link-dead reference-left-out
take the page out of exclude_patterns, or out of the toctree

toc.not_included = chapter-left-out
see 'mmbook check --explain chapter-left-out'

empty_glob = link-dead
correct the pattern, or delete it

toc.empty_glob = link-dead
correct the pattern, or delete it

toc.circular
a page must not list a page that lists it

toc.secnum = link-dead
list each page once

toc.duplicate_entry = link-dead
list each page once

docutils Figure caption must be = directive-body
write the caption as a paragraph that begins at the margin

docutils no lines pulled = include-missing
write lines that the file has

sphinx line number spec is out of range = include-missing
write lines that the file has

docutils invalid line number spec = option-value
write the lines as '1-5, 8'

image.not_readable = option-unknown image-missing image-case path-local image-broken
correct the path of the image

download.not_readable = link-dead path-local
correct the path of the file

misc.highlighting_failure Lexing ~
the code is not coloured throughout; name its language behind the fence, or 'text'

misc.highlighting_failure ~
correct the name of the language, or write 'text'

app.add_node
an extension of the book is at fault; report it there

docutils No source code lexer found ~
name the language of the kernel in the notebook's metadata

mystnb.mime_type
let the cell show a picture or text

docutils Unknown interpreted text role = role-unknown
correct the name of the role

docutils Unknown directive type = directive-unknown
correct the name of the directive

docutils = restructured-grammar*
see 'mmbook check --explain restructured-grammar'
"""
#: What a warning speaks of: in quotes, or in Sphinx's words without any.
_QUOTED = re.compile(r"['\"‘“]([^'\"‘’“”\n]+)['\"’”]|(?:duplicate label |not assigned: )([^\s,]+)")
#: The line that a warning names may be the first of the block in which ours stands.
NEAR = 4


@dataclass(frozen=True)
class Upstream:
    """A kind of warning, and the ``rules`` that say the same."""

    type: str
    words: str
    rules: tuple[str, ...]
    advice: str
    anywhere: tuple[str, ...] = ()
    is_note: bool = False


@cache
def warnings() -> tuple[Upstream, ...]:
    """Return all kinds of warnings, in the order of the table."""
    return tuple(_read())


def _read() -> Iterator[Upstream]:
    for block in TABLE.strip().split("\n\n"):
        head, _, advice = block.partition("\n")
        named, _, listed = head.removesuffix("~").partition("=")
        warning_type, _, words = named.strip().partition(" ")
        rules = tuple(listed.replace("*", "").split())
        anywhere = tuple(rule[:-1] for rule in listed.split() if rule.endswith("*"))
        text = " ".join(advice.split())
        yield Upstream(warning_type, words.strip(), rules, text, anywhere, head.endswith("~"))


@cache
def warned_of() -> frozenset[str]:
    """Return the rules on faults of which others warn, too."""
    return frozenset(rule for one in warnings() for rule in one.rules)


def kind_of(warning_type: str, message: str) -> Upstream | None:
    """Return what kind of warning this is, ``None`` if we say nothing of it."""
    return next(
        (one for one in warnings() if one.type == warning_type and one.words in message), None
    )


def is_said(kind: Upstream, message: str, line: int, ours: Iterable[tuple[int, str, str]]) -> bool:
    """Whether findings of the same page, as line, rule and message, say the same already."""
    spoken = (one or other for one, other in _QUOTED.findall(message))
    quoted = [word for word in spoken if len(word) > 1]
    for at, rule, text in ours:
        near = not line or line <= at <= line + NEAR or rule in kind.anywhere
        if rule in kind.rules and (near or any(word in text for word in quoted)):
            return True
    return False
