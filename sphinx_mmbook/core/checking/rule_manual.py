"""The manual's page on rules, made from the rules themselves.

``python -m sphinx_mmbook.core.checking.rule_manual > docs/rules.md`` writes it; a test compares.
"""

from __future__ import annotations

import re
from itertools import groupby

from sphinx_mmbook.core.checking.upstream import Upstream, warnings
from sphinx_mmbook.core.rules.registry import Rule, all_rules

INTRO = """\
# Rules of `mmbook check`

Made from the rules themselves; do not edit. `mmbook check --explain RULE` prints the same.

A book changes levels in `conf.py`: `mmbook_rules = {"label-unused": "off"}`. An error fails a build
with `-W`; a warning is a note there, unless `mmbook_rules` says "warning" of it or only a build can
find it. A comment
`<!-- mmbook: ignore label-unused -->` silences a rule for the block after it, in a bibliography
`% mmbook: ignore bib-year` for the entry after it; `ignore-file` does so for the file.
"""

UPSTREAM = """\
## Warnings of Sphinx, docutils, MyST-Parser and MyST-NB

Where a rule has said the same at the same place, the build does not repeat it in other words.
What it does print has our advice after it. Such a warning is silenced by its type, in
`suppress_warnings`.

| warning | with the words | said by | what to do |
| --- | --- | --- | --- |"""


def rules_page() -> str:
    """Return the page as Markdown: a table of all rules, then each with its examples."""
    rules = all_rules()
    parts = [INTRO, "| rule | level | in the build | what |", "| --- | --- | --- | --- |"]
    parts += [_row(rule) for rule in rules]
    for group, members in groupby(rules, key=lambda rule: rule.group):
        parts.append(f"\n## {group.replace('_', ' ').capitalize()}\n")
        for rule in members:
            parts.append(f"### {rule.slug}\n\nLevel: {rule.level}.\n\n{_markdown(rule.help)}\n")
    return "\n".join([*parts, UPSTREAM, *map(_upstream, warnings())]) + "\n"


def _row(rule: Rule) -> str:
    build = "stops it" if rule.rejects else "yes" if rule.build else ""
    build = "only there" if rule.only_build else build
    summary = _markdown(rule.summary).replace("|", "\\|")
    return f"| [`{rule.slug}`](#{rule.slug}) | {rule.level} | {build} | {summary} |"


def _upstream(one: Upstream) -> str:
    rules = ", ".join(f"`{rule}`" for rule in one.rules)
    return f"| `{one.type}` | {one.words} | {rules} | {one.advice.replace('|', chr(92) + '|')} |"


def _markdown(text: str) -> str:
    """Return a docstring with its code as Markdown writes it, also code with backticks inside."""

    def code(match: re.Match[str]) -> str:
        inner = match[1].strip()
        return f"`` {inner} ``" if "`" in inner else f"`{inner}`"

    return re.sub(r"(?<!`)``(?!`)(.+?)``(?!`)", code, text)


if __name__ == "__main__":
    print(rules_page(), end="")
