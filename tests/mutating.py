"""Chapters with the slips that students make, judged by the check and built: both say the same.

    python tests/mutating.py SEED COUNT       prints each chapter of which only one of them complains
    python tests/mutating.py SEED COUNT conf  the same of slips in conf.py, each in a book of its own

The chapters stand in ``fixtures/mutated/``, one folder for each kind; each has labels and keys of
its own, so that no slip in one is another's. Hundreds of them share a build. Cards and tabs are drawn
where ``sphinx-design`` is installed.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from conftest import CONF, HERE, Book
from sphinx_mmbook.cli import main as check
from sphinx_mmbook.core.book.book import load_book
from sphinx_mmbook.core.book.settings import BookSettings
from sphinx_mmbook.core.book.vocabulary import vocabulary_for
from sphinx_mmbook.core.checking.judge import judge
from sphinx_mmbook.core.escapes import visible

MUTATED = HERE / "fixtures" / "mutated"
SUFFIXES = (".md", ".rst", ".cells", ".bib", ".yml", ".txt", ".ipynb")
#: Kind of chapter -> its files.
DESIGN = ["design"] * 4 if find_spec("sphinx_design") else []
KINDS = {
    folder.name: {
        str(file.relative_to(folder)): file.read_text("utf-8")
        for file in sorted(folder.rglob("*.*"))
    }
    for folder in sorted(MUTATED.iterdir())
    if DESIGN or folder.name != "design"
}
#: Of so many chapters of a portion, this one is of that kind.
OFTEN = [
    "page", "page", "page", "rich", "rich", "rich", "rich", "cells", "cells", "notebook", "plain",
    "pair", "pair", "bib", "part", "credits", "lab", "lab", "lab", "plainer", "plainer", "plainer",
    "credits", "bib", "bib", "json", "page", "rich", "lab", "student", "student", "student", "student", "student", "student", "thesis", "thesis",
    "team", "team", "wide", "wide", "wide", "wide", "wide", "wide", "widerst", "widerst", "widerst", "workbook", "workbook", "workbook", *DESIGN,
]  # fmt: skip
#: What a slip puts somewhere, and what it takes for something else.
PIECES = ("_", "*", "**", "`", "$", "$$", "{", "}", "[", "]", "(", ")", "\\", "#", "<", ">", ":", "|", "~", "^", "&", "%",
          "```", ":::", "---", "\n", "\n\n", "  ", "\t", "{numref}`gone`", "{ref}`gone`", "{cite:p}`gone`", "[@gone]", "\\ref{x}",
          "![](gone.png)", "[x](gone.md)", "[^x]", "<br>", "<div>", "@fig-x", "TODO", "'", '"', ",", "{{ x }}", "- ", "> ", "1. ",
          "    ", "{doc}`gone`", "{term}`gone`", "{download}`gone.py`", ":::{note}\n", "```{figure} gone.png\n```\n",
          "<!--", "-->", "</div>", "<details>", "&nbsp;", "\u200b", "\ufeff", "\u2028", "\x0c", "\r", "~~~\n", "~~~{note}\n", "::: {note}\n", "````\n", "::::::\n", "C:\\data\\x", "[^note]", "[^1]",
          "\n- x\n\n  | a | b |\n  |---|---|\n  | 1 | 2 |\n\n", "\n> :::{tip}\n> x\n> :::\n\n", "&x ", "*x", "!!str ", "{numref}`fig-ID`", "{ref}`sec-ID`", "{term}`lossID`",
          "\n\n[x]: https://example.org\n[X]: gone.md\n\n", "\n```{glue:figure} x\nText.\n```\n", "{eval}`x`", "{glue:text}`x:.2f`", "![A](<a b.png>)", "\n```{image} a b.png\n```\n", "\n\n| a | b |\n|---|---|\n\n", "{#x-ID}", "\n{#y-ID .wide}\n", "{% x %}",
          "\n```{raw} markdown\nx\n```\n", "\n:::{math}\n:label: eq-ID\n\na\n:::\n", "\n> [!NOTE]\n> x\n", "\n1. x\n\n   :::{note}\n   x\n:::\n", "[x]{#sec-ID}", "\n(new-ID)=\n", "\n(new-ID)=\n\n(more-ID)=\n", "{ref}`new-ID`", "{numref}`new-ID`", "{eq}`sec-ID`", "{numref}`sec-ID`", "{ref}`fig-ID`",
          "`x`{l=gone}", "[](#sec-ID)", "[](#new-ID)", "<project:#sec-ID>", "<inv:#x>", "<path:gone.py>", "{any}`gone`", "{py:func}`x`", "\n```{py:function} f(x)\n```\n", "\n<details>\n<summary>x</summary>\n\n", "\n\\newpage\n", "\\textbf{x}", "\n```{code-cell} python\nx = 1\n```\n", "\n```python title=\"x\"\nx\n```\n",
          "\n```{figure} ../../loss.png\n:name: fig-ID\n```\n", "\n:::{table}\n\n| a |\n|---|\n| 1 |\n:::\n", "\n+++\n", "\n+++ {\"a\": 1}\n", "\n+++ {a\n", "\n===\n", "\n---\n", "\n:::{tip} x\n:class: x\n:::\n", "\n::: {.callout-note}\nx\n:::\n", "$$a$$ (eq-ID)", "\n$$\\label{eq-ID} a$$\n", "\n\\begin{align}\na \\label{eq-ID}\n\\end{align}\n",
          "\n- [ ] x\n", "\nTerm\n: x\n", "\n:Field: x\n", "\n```{contents}\n```\n", "\n```{sidebar} x\nx\n```\n", "\n```{toctree}\n../../index\n```\n", "\n```{bibliography}\n```\n", "{cite:p}`keyID, gone`", "{cite}`keyID`", "{footcite}`keyID`", "\n```{include} gone.txt\n```\n", "\n    x\n", "<a id='sec-ID'></a>", "<img src='../../loss.png'>", "<img src='a b.png'>")  # fmt: skip
WORDS = (
    ("figure", "figur"), ("note", "notes"), ("numref", "numreff"), ("cite:t", "citet"), (":name:", ":lable:"), (":name:", "name:"),
    (":alt:", ":alt"), ("80%", "80 percent"), ("loss.png", "los.png"), ("{eq}", "{ref}"), ("{numref}", "{eq}"), ("keyID", "KeyID"),
    ("keyID", "key ID"), ("-ID", "_ID"), ("status: draft", "status: done"), ("title: Chapter", "title: A: chapter"),
    ("title:", "titel:"), ("```\n", "``\n"), (":::\n", "::\n"), ("```{", "``` {"), ("|-------|------|\n", ""), ("  - b\n", ""),
    ("\\frac{b}{2}", "\\frac{b}{2"), ("\\frac", "\\frca"), ("## The", "##The"), ("### More", "##### More"), ("## The", "# The"),
    ("(sec-ID)=", "(sec-ID)"), ("[^note]: A", "A"), (" [^note]", ""), ("header-rows: 1", "header-rows: 2"), ("header-rows: 1", "header-rows: x"),
    ("../../index.md", "../index.md"), ("(#fig-ID)", "(#fig-x)"), ("$$ (eq-ID)", "$$"), ("{code-block} python", "{code-block} pyhton"),
    ("> A", ">A"), ("- two", "-two"), ("---\ntitle", "\n---\ntitle"), ("$x$", "$ x$"), ("`eq-ID`", "`eq-ID"), (":width:", ":widht:"),
    ("one   | 0.1", "one   | 0.1 | 2"), ("{figure} ../../loss.png", "{figure}"), ("{table} Losses", "{table}"), ("* - a", "- a"),
    # Cells, notebooks, front matter
    ("file_format: mystnb\n", ""), ("kernelspec: {name: python3}", "kernelspec: python3"), ("#| ", "#|"), ("#| ", "# | "), ("#| label", "#| lable"),
    ("#| fig-cap", "#| fig-capt"), ("fig-width: 80%", "fig-width: wide"), ("fig-cap: The", "fig-cap: A: the"), ("[hide-input]", "hide-input"),
    ("[hide-input]", "[hide-input"), (":tags:", ":tag:"), ("{code-cell} python", "{code-cell}"), ("{code-cell}", "{code_cell}"), ("{code-cell} python", "{python}"),
    (":caption:", ":captoin:"), ("label: fig-ID", "label: fig ID"), ("label: fig-ID", "label: fig_ID"), ("mystnb:", "mystnb"), ("number_source_lines", "number_lines"),
    ("authors: [", "authors: "), ("ann-ID", "ann-x"), ("Ann Example", ""), ("name:", "nmae:"), ("-1825-", "-1852-"), ("degree:", "degre:"), ("CC-BY-4.0", "CC-BY-5"),
    ("name: Cy Jones", "- name: Cy Jones"), ("    orcid", "   orcid"), ("  orcid", "\torcid"), ("supervisors:", "supervisor:"), ("keywords: a, b", "keywords: a: b"), ("final", "finished"),
    ("substitutions", "substitution"), ("abstract: |\n", "abstract:\n"), ("{{ word }}", "{{ wrod }}"),
    # Toctrees, other pages
    ("one\n", "oen\n"), ("Two <two>", "Two <two"), ("more/*", "mroe/*"), (":glob:", ":golb:"), (":glob:\n", ""), (":maxdepth: 2", ":maxdepth: two"), ("second\n", "secnod\n"),
    ("second.md", "second"), ("{doc}`one`", "{doc}`oen`"), ("```{toctree}\n", "```{toctree}\n\n"), ("two-ID", "tow-ID"), ("wordID", "wrodID"), ("sec-ID)=", "sec)="),
    ("index.md#sec-ID", "index.md#sec-x"), (":name: fig-ID", ":name: figID"), (":caption: Chapters", ":caption:"),
    # Bibliographies
    ("@article", "@artcle"), ("author =", "athor ="), ("Yi and {van", "Yi, {van"), ("},\n", "}\n"), ("},\n", ",\n"), ("{The", "The"), ("year = 2020", "year = twenty"), ("month = jan", "month = january"),
    ("= pub", "= pup"), ("bookID", "keyID"), ("{\\\"U}", "\\\"U"), ("1--2", "1-2"), ("pages =", "pages"), ("@misc{webID", "@misc{"), ("and Smith", "und Smith"), ("https://", "htps://"),
    # Directives within others, tables, lists, LaTeX
    ("::::{", ":::{"), ("::::\n", ":::\n"), ("   :::", ":::"), ("   ```", "```"), ("code.py", "cod.py"), ("part.txt", "prat.txt"), (":lines: 1-2", ":lines: 8-9"), (":lines: 1-2", ":lines: a"),
    (":header: a, b", ":header: a"), (":widths: 1, 2", ":widths: 1"), ("3, 4", "3"), ("\\end{align}", ""), ("\\begin{align}", "\\begin{algin}"), ("\\\\\nc", "\nc"), ("|-----:|", "|"), ("{abbr}", "{abr}"),
    ("{raw} html", "{raw}"), ("{raw} html", "{raw} htlm"), ("lossID\n  ", "lossID\n"), ("Term\n:", "Term\n\n:"), ("[^long]:", "[^log]:"), ("[^long]:", "[^long]"), (":class: tip", ":class: 1"), ("<!-- a", "<- a"),
    (":width: 200px", ":width: 200 pixel"), ("{csv-table} Numbers", "{csv-table}"), ("{download}", "{downlod}"), ("<sec-ID>", "<sec-ID"), ("{pmatrix} 1", "{pmatrx} 1"), (" & 2", " 2"), ("{image}", "{imag}"),
    # sphinx-design
    (":columns: 6", ":columns: 13"), (":columns: 6", ":columns: 6 6"), ("{grid} 1 2 2 3", "{grid} 1 2"), ("{grid} 1 2 2 3", "{grid}"), ("{grid-item-card}", "{card}"), ("{grid-item}", "{grid-itme}"), ("{grid-item}", "{tab-item}"), (":gutter: 2", ":gutter: 8"),
    (":margin: 0", ":margin: wide"), (":link-type: ref", ":link-type: url"), (":link-type: ref", ":link-type: label"), (":link-type: ref\n", ""), (":link-type: doc", ":link-type: ref"), ("{button-ref} sec-ID", "{button-ref}"), ("{button-ref} sec-ID", "{button-ref} sec-x"),
    (":color: primary", ":color: blue"), (":child-align: center", ":child-align: middle"), ("{tab-set}", "{tabs}"), ("{tab-item} Python", "{tab-item}"), ("{tab-item} R", "{card} R"), (":sync: py", ":sync:"), (":icon: light-bulb", ":icon: bulb"), (":animate: fade-in", ":animate: fade"),
    ("{octicon}`report`", "{octicon}`reprot`"), ("{bdg-ref-info}`sec-ID`", "{bdg-ref-info}`sec-x`"), (":shadow: md", ":shadow: xl"), (":width: 75%", ":width: 80%"), ("{card-carousel} 2", "{card-carousel}"), (":open:", ":open: true"), (":::::{grid}", "::::{grid}"),
    # Lists of terms and tasks, boxes in boxes, attributes, HTML, formulas, tables with blocks in them
    ("::::::{note}", ":::{note}"), ("::::::\n", ":::::\n"), (":::::{admonition}", "::::{admonition}"), ("````{hint}", "```{hint}"), ("````\n", "```\n"), ('"admonition note"', '"admonition"'), ('<p class="title">', '<p class="title'), ("- [ ]", "- []"), ("- [x]", "- [X"),
    ("{.wide #par-ID}", "{.wide #par ID}"), ("{.wide #par-ID}", "{.wide #par-ID"), ("{width=50%}", "{width=wide}"), ("{l=python}", "{l=pyhton}"), ("{.mark}", "{mark}"), ("{.mark}", "{#sec-ID}"), ("$$c$$", "$$c$"), ("\\$5", "$5"), ("$$\nd", "$$\n\nd"), ("$$ (eq-ID)", "$$ (eq ID)"), ("$$ (eq-ID)", "$$(eq-ID)"),
    ("{gather*}", "{gather}"), (":nowrap:", ":nowrap: x"), ("lossID\nmodelID", "lossID\n\nmodelID"), ("<modelID>", "<modleID>"), ("\nriskID\n", "\n  riskID\n"), ("riskID\n  ", "riskID\n\n  "), ("* - ", "- "), ("  - ", "    - "), (":widths: 30 70", ":widths: 30 70 1"), (":columns: 2", ":columns: two"), ("{line-block}", "{lineblock}"),
    ("{versionadded} 1.2", "{versionadded}"), ("{only} html", "{only} htm l"), ("{only} html", "{only}"), (":emphasize-lines: 1", ":emphasize-lines: 5"), (": Its meaning", ":Its meaning"), (":Field:", ":Field"), ("{{ boxed }}", "{{ boxed }} x"), ("{{ link }}", "{{ lnik }}"), ('link: "', "link: "), ("boxed: |", "boxed: >"), ("par <par-ID>", "par-ID"),
    ("affiliations: [", "affiliations: "), ("numbering: true", "numbering: yes please"), ("license: {", "license: ["), ("tags: [", "tags: "), ("smartquotes", "smartquote"), ("fieldlist, ", ""), ("deflist, ", ""), ("html_admonition, ", ""), ("attrs_block, ", ""), ("colon_fence, ", ""), ("[substitution, ", "["), ("{hlist}", "{hist}"), ("box <box-ID>", "box-ID"),
    ("| A line", "|A line"), ("#. inner", "1. inner"), ("-a  ", "-a"), (":sorted:", ":sort:"), ("|word|", "|wrod|"), ("replace::", "replace:"), ("__ https", "_ https"), ("[#note]_", "[#nte]_"), ("[CitID]_", "[Cit2ID]_"), ("=====  =====", "===== ====="), ("+-------+", "+------+"), ("| 1     |", "| 1    |"), ("   ----", "   --"), ("(a)", "(b)"), ("::\n\n   y", "::\n\n  y"),
    # Notebooks with pasted pictures, outputs and raw cells
    ('"figure"', '"figur"'), ('"caption": "Of', '"captoin": "Of'), ('"80%"', '"80 percent"'), ('"center"', '"middle"'), ('"raw"', '"rwa"'), ('"text/html"', "5"), ('"stream"', '"straem"'), ('"own-ID"', '"own ID"'), ("../../loss.png", "attachment:pic.png"), ('"mystnb"', '"render"'), ("false", '"no"'), ('{"source_hidden": true}', "[]"),
    ('"nbformat_minor": 5', '"nbformat_minor": 4'), ('"two-ID"', '"one-ID"'), ('["intro"]', '["a b"]'), ('"text/plain"', '"text/plian"'), ("'off'", "off"), ('"image/png"', '"image/jpg"'), ('"attachments"', '"attachment"'), ('"display_data"', '"execute_result"'),
    # YAML as people write it
    ("title: ", "title: &a "), ("title: ", "title: !!str "), ("title: ", "title: *a "), ("title: ", "title:\t"), ("title: ", "title: |\n  "), ("title: ", "title: >-\n  "), ("title: ", "title: \u201c"),
    ("title: ", "title: '"), ("title: ", "title: 2024 # "), ("title: ", "title: null # "), ("title: ", "title: [a, b] # "), ("title: ", "title: {a: b} # "), ("title: ", "Title: "), ("title: ", "title : "), ("title: ", "title:"),
    ("status: draft", "status: draft\nstatus: draft"), ("status: draft", "status: draft\ndate: 2024-13-45"), ("status: draft", "status: draft\ndate: yesterday"), ("status: draft", "<<: {status: draft}"), ("status: draft", "? status"),
    ("date: 2024-05-01", "date: 01.05.2024"), ("date: 2024-05-01", "date: 2024-05-01T25:00:00"), ("date: 2024-05-01", "date: [2024]"), ("email: ", "email: @"), ("email: ann@", "email: ann at "), ("affiliation: ", "affiliation: {name: "),
    ("affiliation: ", "affiliation: &x "), ("affiliation: LMU", "affiliation: [LMU]  # LMU"), ("url: https", "url: 'https"), ("name: Ann", "name: [Ann]  # Ann"), ("name: Ann", "name: 7  # Ann"), ("name: Ann", "name: |\n  Ann"), ("orcid: ", "orcid: https://orcid.org/"),
    # Bibliographies, more
    ("@string{", "@comment{"), ("@string{pub = ", "@string{pub "), ("@book{", "@book("), ("year = {2006}", "crossref = {gone}"), ("year = {2006}", "crossref = {keyID}"), ("year = {2006}", "year = 2006 # pub"), ("title = ", "TITLE = "), ("title = {", "title = {{"),
    ("doi = {", "doi = {https://doi.org/"), ("doi = {", "doi = \""), ("{cite:p}`", "{cite:p}` "), ("`bookID,", "`bookID;"), ("`bookID,", "`bookID, "), ("@misc{", "@Misc {"), ("@misc", "@online"), ("month = jan", "month = {jan"), ("journal", "journal = {x},\n  journal"),
    # Fences, options, paths
    ("```", "~~~"), ("```", "````"), ("```", "`````"), (":::", "::::"), (":::", "::: "), (":::{", "::: {"), ("```{", "~~~{"), (":name:", ":NAME:"), (":alt:", ":Alt:"), (":name: ", ":name: \u201c"), (":alt: ", ":alt: \"A"), (":width: 80%", ":width: '80%'"), (":width: 80%", ":width: 80 %"),
    (":name: ", ":name:\u00a0"), (":name: ", ":name:\t"), ("{note}", "{Note}"), ("{figure}", "{FIGURE}"), ("../../loss.png", "..\\..\\loss.png"), ("../../loss.png", "/loss.png"), ("../../loss.png", "../../Loss.png"), ("../../loss.png", "C:\\loss.png"), ("../../loss.png", "<../../loss.png>"),
    ("code.py", "./code.py"), ("code.py", ".\\code.py"), ("code.py", "Code.py"), ("part.txt", "./part.txt"), ("part.txt", "Part.txt"), ("../../index.md", "..\\..\\index.md"), ("loss falls", "loss[^note] falls"), ("loss falls", "loss [^new] falls"), ("The loss", "The loss [^x]"), ("-->", ""), ("<!--", "<!-- <!--"),
    # Notebooks
    ('"source"', '"sorce"'), ('"code"', '"kode"'), ('"code"', '"raw"'), ('"nbformat": 4', '"nbformat": 3'), ('"nbformat": 4', '"nbformat": "4"'), ('"nbformat_minor": 4', '"nbformat_minor": 5'), ('"outputs": [],', ""), ('"outputs": []', '"outputs": [{}]'), ('"metadata": {}', '"metadata": []'), ('"metadata": {}', '"metadata": null'),
    ('"execution_count": null', '"execution_count": "x"'), ("},\n", "}\n"), ("null", "NaN"), ('"name": "python3"', '"name": 3'), ('"name": "python3"', '"name": "julia-9"'), ('"language": "python"', '"language": null'), ('"cells"', '"cels"'), ('"metadata": {}', '"metadata": {"tags": "hide-input"}'), ('"metadata": {}', '"metadata": {"tags": ["hide-input"], "label": "fig-ID"}'),
    # What a whole chapter has
    ("affiliation: [", "affiliation: {"), ("- ann-ID", "- ann-x"), ("- ann-ID", "ann-ID"), ("enable_extensions: [", "enable_extensions: "), ("substitution, ", ""), ("deflist", "deflists"), ("colon_fence, ", ""), ("attrs_inline, ", ""), ("note: |\n", "note:\n"),
    ("{{ note }}", "{{note|upper}}"), ("{{ word }}", "{{ word"), ("heading_anchors: 2", "heading_anchors: two"), ("depends: [", "depends: "), ("label: sec", "label: sec_"), ("orphan: false", "orphan: true"), ("keywords:\n", "keywords: x\n"), ("-- Box", "--Box"),
    ("{epigraph}", "{epigraf}"), ("{numref}`fig", "{fig}`fig"), ("- [ ]", "-[ ]"), (":class: note", ":class: note, wide"), ("name: fig", "nmae: fig"), ("alt: |", "alt:"), ("align: center", "align: middle"), (":align: left", ":align: middle"), ("\\| gain", "| gain"),
    (":stub-columns: 1", ":stub-columns: 3"), (":widths: 30 70", ":widths: 30, 70, 10"), (":widths: 30 70", ":widths: wide"), ("  -\n", ""), (": First", ":First"), ("[^two-words]:", "[^two words]:"), ("[^one]", "[^ one]"), ("    > A", "  > A"), ("\\end{aligned}", "\\end{align}"),
    ("$$ (eq", "$$(eq"), ("$$ (eq-ID)", "$$ {#eq-ID}"), ("\\label{eq-three-ID}", "\\label{eq-four-ID}"), ("\\label{eq-three-ID}", "\\label{}"), ("\\text{else}", "\\text{else"), (":emphasize-lines: 1,2", ":emphasize-lines: 1-x"), (":emphasize-lines: 1,2", ":emphasize-lines: 9"),
    (":linenos:", ":lineno:"), ("{number}", "{nr}"), ("{number}", "%d"), ("single: ", "singel: "), ("pair: word; index", "pair: word"), ("{index} single", "{index}\n:name: x y\n\nsingle"), ("- b\n   *", "-b\n   *"), ("     - b", "    - b"), (":math:`d`", ":math:`d"),
    ("{width=50%}", "{width=50 %}"), ("{width=50%}", "{width: 50%}"), ("{.drop", "{drop"), ("#para", "# para"), ("[words]{", "[words] {"), ("{.mark}", "{mark}"), ('alt="A line."', "alt=A line."), ("<img src", "<img scr"), ("<img src", "<img width src"), ("<img src", "<img align=middle src"), ("{container}", "{div}"), ("{container} wide", "{.wide}"), ("{rubric} Not a heading", "{rubric}"),
    ("{only} html", "{only} htm l"), ("{only} html", "{only}"), ("{seealso}", "{see}"), ("***", "**"), ("> It", ">It"), ("&e=f", "&e=f g"), ("self\n", "slef\n"), ("More <more>", "More<more>"), ("self\n", "self <index>\n"), ("https://example.org\n", "Site <https://example.org>\n"),
    ("#sec-part", "#a-part"), ("more.md", "more"), ("more.md", "more.html"), ("{bibliography}", "{bibliography}\n:style: x"), ("{bibliography}", "{bibliography}\n:filter: x"), ("authors:\n  - name: Grace", "authors:\n  - nam: Grace"), ("authors:\n  - name: Grace", "- name: Grace"),
    ("crossref = {conf", "crossref = {cof"), ("crossref = {conf", "crossref = {part"), ("@comment{", "@comment "), ("@preamble{", "@preamble"), ("j # {", "j {"), ("jan # ", "jan"), ("j # ", "jj # "), ("and others", "et al."), ("M\\\"uller", "M\\\"{u}ller"), ("{\\'\\i}", "{\\'\\i"),
    ("{\\&}", "&"), ("Doe, Jr., Jane", "Doe, Jr., Jane, X"), ("date = {2021-05-03}", "date = {May 2021}"), ("#y}", "#y"), ("{cite:alp}", "{cite:apl}"), ("{cite:ts}", "{cite:s}"), ("partID,phdID", "partID phdID"), ("`keyID` ({", "`keyID` ({{"), ("5\\%", "5%"), ('"Lin', '"Lin "x"'),
    # reStructuredText
    (":ref:", ":reff:"), (":ref:`", ":ref: `"), (":cite:t:", ":citet:"), (".. figure::", ".. figur::"), (".. figure::", ".. figure:"), (".. figure::", "..figure::"), ("=====\n", "==\n"), ("   :name:", "  :name:"),
    ("   :alt:", "   :atl:"), (".. _sec-ID:", ".. sec-ID:"), ("``code``", "``code`"), ("   The", "The"), ("     - b\n", ""), ("::\n", ":\n"), ("[#note]_", "[#nte]_"), ("`sec-ID`", "`sec-x`"), (":math:", ":maht:"),
)  # fmt: skip


def put(text: str, chance: random.Random) -> str:
    """Put a piece somewhere."""
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(PIECES) + text[at:]


def exchange(text: str, chance: random.Random) -> str:
    """Write something in the place of what is right."""
    old, new = chance.choice([pair for pair in WORDS if pair[0] in text] or [("\n", "\n\n")])
    places = [match.start() for match in re.finditer(re.escape(old), text)]
    if not places:
        return text
    at = chance.choice(places)
    return text[:at] + new + text[at + len(old) :]


def drop(text: str, chance: random.Random) -> str:
    """Leave out a line."""
    lines = text.split("\n")
    del lines[chance.randrange(len(lines))]
    return "\n".join(lines)


def take(text: str, chance: random.Random) -> str:
    """Leave out some characters."""
    at = chance.randrange(len(text) + 1)
    return text[:at] + text[at + chance.choice((1, 1, 2, 5)) :]


def indent(text: str, chance: random.Random) -> str:
    """Indent a line."""
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    lines[at] = chance.choice((" ", "    ")) + lines[at]
    return "\n".join(lines)


def swap(text: str, chance: random.Random) -> str:
    """Exchange two lines."""
    lines = text.split("\n")
    at = chance.randrange(max(1, len(lines) - 1))
    lines[at : at + 2] = lines[at : at + 2][::-1]
    return "\n".join(lines)


def twice(text: str, chance: random.Random) -> str:
    """Write a paragraph, or a block, a second time."""
    parts = text.split("\n\n")
    at = chance.randrange(len(parts))
    return "\n\n".join([*parts[: at + 1], *parts[at:]])


def forget(text: str, chance: random.Random) -> str:
    """Leave out a paragraph, or a block."""
    parts = text.split("\n\n")
    del parts[chance.randrange(len(parts))]
    return "\n\n".join(parts)


def move(text: str, chance: random.Random) -> str:
    """Move a paragraph, or a block, to another place."""
    parts = text.split("\n\n")
    part = parts.pop(chance.randrange(len(parts)))
    parts.insert(chance.randrange(len(parts) + 1), part)
    return "\n\n".join(parts)


def paste(text: str, chance: random.Random) -> str:
    """Paste a paragraph, or a block, of another chapter."""
    others = [files[name] for files in KINDS.values() for name in files if name.startswith("index")]
    parts = text.split("\n\n")
    parts.insert(
        chance.randrange(len(parts) + 1), chance.choice(chance.choice(others).split("\n\n"))
    )
    return "\n\n".join(parts)


def join(text: str, chance: random.Random) -> str:
    """Write a line behind the one before it."""
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    return "\n".join(lines[:at]) + chance.choice(("", " ")) + "\n".join(lines[at:])


def outdent(text: str, chance: random.Random) -> str:
    """Take the blanks before a line out."""
    lines = text.split("\n")
    at = chance.choice([at for at, line in enumerate(lines) if line[:1] == " "] or [0])
    lines[at] = lines[at].lstrip()
    return "\n".join(lines)


def retype(text: str, chance: random.Random) -> str:
    """Write a sign as a word processor does, in the other case, or twice."""
    signs = [at for at, sign in enumerate(text) if sign in chance.choice(("-'\"`", " ", SIGNS))]
    at = chance.choice(signs or [0])
    sign = text[at : at + 1]
    other = chance.choice([*LOOKS.get(sign, ""), sign * 2, sign.swapcase() + sign[1:]])
    return text[:at] + other + text[at + 1 :]


def convert(text: str, chance: random.Random) -> str:
    """Save the file as another editor or system does."""
    blanks = [match.start() for match in re.finditer(" ", text)] or [0]
    at = chance.choice(blanks)
    return chance.choice(
        (
            "\ufeff" + text,
            text.replace("\n", "\r\n"),
            text.replace("\n", "\r"),
            text.replace("\n", "\r\n", chance.randrange(1, 9)),
            text.replace("\n", "  \n"),
            text.replace("    ", "\t"),
            re.sub("^  +", "\t", text, flags=re.MULTILINE),
            text.rstrip("\n"),
            text + "\n\n\n",
            "\n" + text,
            text[:at] + chance.choice("\u00a0\u200b\u2028\u3000\x0b\x0c\x1c\x85") + text[at + 1 :],
            text.replace("'", "\u2019").replace('"', "\u201d"),
        )
    )


#: Signs that mark something up, and what word processors make of some.
SIGNS = "`*_{}[]()<>:|#$-=."
LOOKS = {
    "-": "\u2013\u2014",
    "'": "\u2019\u2018",
    '"': "\u201c\u201d",
    "`": "'\u00b4",
    " ": "\t\u00a0",
    "*": "\u2022",
}

WAYS: tuple[Callable[[str, random.Random], str], ...] = (
    put, put, exchange, exchange, exchange, exchange, drop, take, indent, swap, twice, forget, move, paste, join,
    outdent, retype, retype, retype, convert, exchange, exchange,
)  # fmt: skip


def mutated(seed: str) -> tuple[str, dict[str, str]]:
    """Return a kind of chapter and its files, with one or two slips in one of them."""
    chance = random.Random(seed)
    kind = chance.choice(OFTEN)
    files = dict(KINDS[kind])
    names = [name for name in files if name.endswith(SUFFIXES) and is_judged(kind, name)]
    name = chance.choice(names)
    for _ in range(chance.choice((1, 1, 1, 2))):
        files[name] = chance.choice(WAYS)(files[name], chance)
    return kind, files


def is_judged(kind: str, name: str) -> bool:
    """Whether slips are made in a file: in bibliographies, where more than one entry stands."""
    return kind in ("bib", "thesis") or not name.endswith(".bib")


def notebook_of(text: str) -> str:
    """Return a notebook of a text whose cells are divided."""
    cells: list[dict[str, object]] = []
    for part in re.split(r"^(?=%%% )|^\+\+\+\n", text, flags=re.MULTILINE):
        kind, _, rest = part.partition("\n") if part.startswith("%%% ") else ("", "", part)
        cell: dict[str, object] = {"metadata": {}, "source": rest.strip("\n")}
        code = {"cell_type": "code", "outputs": [], "execution_count": None}
        cells.append(cell | (code if "code" in kind else {"cell_type": "markdown"}))
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    metadata = kernel | {"language_info": {"name": "python", "pygments_lexer": "python"}}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4})


def files_of(name: str, files: dict[str, str]) -> dict[str, str]:
    """Return a chapter's files by their paths in the book, with labels and keys of its own."""
    found = {}
    for file, text in files.items():
        path = f"people/ann-{name}.yml" if file == "person.yml" else f"chapters/{name}/{file}"
        own = text.replace("ID", name)
        if file.endswith(".cells"):
            path, own = path.replace(".cells", ".ipynb"), notebook_of(own)
        found[path] = own
    return found


@dataclass
class Judged:
    """What the check finds in a chapter at error level, and of what the build warns."""

    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def untold(self) -> list[str]:
        """Return the errors that the build does not tell: the same words at the same place."""
        told = {" ".join(line.split()) for line in self.warnings}
        # In what is included, docutils counts no columns.
        bare = {error: re.sub(r"^(\S+\.txt:\d+):\d+:", r"\1:", error) for error in self.errors}
        return [error for error in self.errors if not {error, bare[error]} & told]

    def one_sided(self) -> bool:
        """Whether only one of the two complains, or the build leaves an error out."""
        warned = any(not is_known(line) for line in self.warnings)
        return bool(self.errors) != warned or bool(self.untold())


#: What a build would stop for.
LABELS = ("label-underscore", "label-collision")
LAX = "mmbook_rules = {'label-underscore': 'warning', 'label-collision': 'warning'}\n"
SETTINGS = (
    LAX
    + "extensions = ['sphinx_mmbook', 'sphinx_design']\n" * bool(DESIGN)
    + "nb_execution_mode = 'off'\nmyst_enable_extensions = ['substitution', 'dollarmath', "
    "'colon_fence', 'amsmath', 'attrs_block', 'attrs_inline', 'deflist', 'tasklist', 'html_image']\n"
)
INDEX = "# Book\n\n```{toctree}\n:numbered:\n:glob:\n\nchapters/*/index\n```\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
_WARNS = re.compile(r"(?:WARNING|ERROR|CRITICAL): ")


def judged_and_built(folder: Path, chapters: dict[str, dict[str, str]]) -> dict[str, Judged]:
    """Return of each chapter what check and build say; what both say of no chapter under ""."""
    book = Book(folder)
    files: dict[str, str | bytes] = {"conf.py": CONF + SETTINGS, "index.md": INDEX, "loss.png": PNG}
    for name, texts in chapters.items():
        files |= files_of(name, texts)
    book.write(files)
    found: defaultdict[str, Judged] = defaultdict(Judged)
    for finding in judge(load_book(folder)):
        if finding.level == "error" or finding.rule in LABELS:
            at = finding.location
            place = f"{at.path}:{at.line or 1}" + f":{at.column}" * bool(at.column)
            cell = f"cell {at.cell}, line {at.line}: " * bool(at.cell)
            text = f"{place}: WARNING: {cell}{visible(finding.message)} [mmbook.{finding.rule}]"
            found[chapter_of(at.path)].errors.append(" ".join(text.split()))
    for line in warnings_of(book.build(builder="dummy").err, folder):
        found[chapter_of(line)].warnings.append(line)
    return found


def warnings_of(err: str, folder: Path) -> Iterator[str]:
    """Yield the warnings of a build; docutils quotes the block below its message.

    Other ends of lines, such as U+2028, stand in what a message quotes.
    """
    for line in err.split("\n"):
        if _WARNS.search(line) or "Traceback" in line or "Error:" in line:
            yield line.removeprefix(f"{folder}/")


def chapter_of(path: str) -> str:
    """Return to which chapter a file belongs."""
    match = re.search(r"chapters/(\d+)/|people/ann-(\d+)\.yml", path)
    return (match[1] or match[2]) if match else ""


def disagreements(seed: str, count: int) -> list[str]:
    """Return what only one of the two says, of so many chapters."""
    made = {f"{number:04}": mutated(f"{seed}-{number}") for number in range(count)}
    with TemporaryDirectory() as folder:
        book = Path(folder) / "book"
        found = judged_and_built(book, {name: files for name, (_, files) in made.items()})
        kinds = {name: kind for name, (kind, _) in made.items()}
        return [
            "\n  ".join([f"{seed} {name} {kinds.get(name, '')}", *one.errors, *one.warnings])
            for name, one in sorted(found.items())
            if one.one_sided()
        ]


#: A conf.py with what students and supervisors change in it.
OWN_CONF = """\
project = "Test book"
author = "The seminar"
copyright = "2024, The seminar"
language = "en"
extensions = ["sphinx_mmbook", "sphinx.ext.todo"]
html_theme = "basic"
exclude_patterns = ["drafts/*", "notes.md"]
myst_enable_extensions = ["dollarmath", "colon_fence"]
mmbook_rules = {"label-unused": "off", "heading-skip": "error"}
mmbook_macros = {"R": r"\\mathbb{R}"}
suppress_warnings = ["mmbook.label-missing"]
numfig = True
nb_execution_mode = "off"
latex_elements = {"preamble": r"\\newcommand{\\risk}{R}"}
html_theme_options = {}
"""
OF_CONF = (
    ("sphinx_mmbook", "sphinx_mmbok"), ("sphinx.ext.todo", "sphinx.ext.tood"), ('"sphinx_mmbook", ', ""), ("extensions", "extension"), ('"en"', '"xx"'), ('"en"', "en"),
    ('"en"', "None"), ("label-unused", "label-unsued"), ('"off"', '"of"'), ('"off"', "None"), ('"error"', '"eror"'), ('{"R"', '{"R1"'), ("R}", "R"), ("dollarmath", "dolarmath"), ('"basic"', '"basics"'),
    ("True", "true"), ('"off"\n', '"of"\n'), ("mmbook_rules", "mmbook_rule"), ("mmbook_rules", "mmbok_rules"), ("html_theme ", "html_them "), ("numfig = True", "numfig = 'yes'"), ("copyright = \"2024, The seminar\"", "copyright = 2024"), ("html_theme_options = {}", "html_theme_options = []"), ("preamble", "preambel"), ("html_theme_options", "html_theme_option"), ("exclude_patterns", "exclude_pattern"), ("mmbook_macros", "mmbook_macro"), ('["drafts/*", "notes.md"]', '"drafts/*"'), ('["drafts/*"', '["**"'), ("]", ""), ("}", ""), ('"', ""),
)  # fmt: skip


#: Settings of which a build alone knows what they name: templates, modules, pages, versions of
#: extensions, and two of which Sphinx itself takes what it dies of later.
OF_BUILDS = (
    "html_additional_pages", "html_sidebars", "html_theme", "include_patterns", "needs_extensions",
    "template_bridge", "gettext_additional_targets", "translation_progress_classes",
)  # fmt: skip
ANY_VALUES = (
    "5", "-1", "True", "None", "''", "'x'", "'a.b'", "[]", "{}", "['x']", "('x', 'y')",
    "{'x': 'y'}", "{'x': ['y']}",
)  # fmt: skip


def set_any(text: str, chance: random.Random) -> str:
    """Give a setting, of Sphinx or another, a value that may be of another kind."""
    known = vocabulary_for(HERE, BookSettings()).settings
    names = [name for name in known if "." not in name and name not in OF_BUILDS]
    return f"{text}{chance.choice(names)} = {chance.choice(ANY_VALUES)}\n"


def conf_disagreements(seed: str, count: int) -> list[str]:
    """Return what only one of the two says, of so many slips in ``conf.py``."""
    told = []
    page = "# Book\n\nIn $\\R$ and $\\risk$.\n\n```{todo}\nWrite.\n```\n"
    for number in range(count):
        chance = random.Random(f"{seed}-{number}")
        text = chance.choice((put, drop, take, indent, set_any, set_any, set_any))(OWN_CONF, chance)
        if chance.random() < 0.4:
            pairs = [pair for pair in OF_CONF if pair[0] in OWN_CONF]
            text = OWN_CONF.replace(*chance.choice(pairs), 1)
        with TemporaryDirectory() as folder:
            book = Book(Path(folder) / "book")
            book.write({"conf.py": text, "index.md": page, "drafts/a.md": "{ref}`x`\n"})
            with redirect_stdout(StringIO()) as out, redirect_stderr(out):
                status = check(["check", str(book.folder)])
            errors = [line for line in out.getvalue().splitlines() if "error" in line]
            built = book.build("-W", builder="dummy")
            if bool(status) != bool(built.status):
                changed = [line for line in text.split("\n") if line not in OWN_CONF.split("\n")]
                told.append(
                    "\n  ".join([f"{seed} {number}", *changed, *errors, *built.warnings[:4]])
                )
    return told


#: Words of warnings that the check does not give at error level, and why.
KNOWN: dict[str, str] = {
    "for builder 'dummy'": "this builder alone, of these tests, can show nothing but text",
    "Unrecognised material-": "two thousand names in files of 1.5 MB that are sphinx-design's own",
    "Substitution error:": "what an expression makes of its values, {{ n / 0 }}; the check runs none",
    "duplicate object description": "Python's modules and classes decide which f() is meant",
    "duplicate function description": "the same of JavaScript",
    "Duplicate C declaration": "the same of C and C++",
    "duplicate description of": "directives and roles that a chapter describes are programs' names",
    "unsupported theme option": "which options there are, the theme's version decides",
}


def is_known(line: str) -> bool:
    """Whether a warning is one of those that may remain on one side."""
    return any(words in line for words in KNOWN)


def main() -> None:
    """Print the disagreements, in portions that share a build."""
    seed, count, *what = sys.argv[1:]
    find, portion = (conf_disagreements, 20) if what else (disagreements, 200)
    for start in range(0, int(count), portion):
        print(*find(f"{seed}-{start}", min(portion, int(count) - start)), sep="\n", flush=True)


if __name__ == "__main__":
    main()
