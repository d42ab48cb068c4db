"""A chapter in which the check finds no error is built without a warning, and the other way round."""

from __future__ import annotations

from pathlib import Path

import pytest
from mutating import KINDS, disagreements, judged_and_built, notebook_of

FRONT = "---\ntitle: Chapter ID\n---\n\n"
CELL = FRONT.replace("ID\n", "ID\nfile_format: mystnb\nkernelspec: {name: python3}\n")
CELL += "```{code-cell} python\n%s\nx = 1\n```\n"
JSON = KINDS["json"]["index.ipynb"]
INCLUDES = notebook_of("# A\n\n```{include} part.txt\n```\n")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
#: Chapters of which only one of the two complained, by what was wrong in them.
ONCE: dict[str, dict[str, str]] = {
    "a pattern in a toctree names no page in a folder that fits": {
        "index.md": FRONT + "```{toctree}\n:glob:\n\nmore*\n```\n",
        "more/three.md": "# Three\n",
    },
    "an image in HTML has no file": {"index.md": FRONT + '<img scr="x.png">\n'},
    "a list of rows has more widths than columns": {
        "index.md": FRONT + "```{list-table}\n:widths: 3, 7, 1\n\n* - a\n  - b\n```\n"
    },
    "a table has more widths than columns": {
        "index.md": FRONT + "```{table} T\n:widths: 3 7 1\n\n| a | b |\n|---|---|\n| 1 | 2 |\n```\n"
    },
    "a block with a class, or without a name, refers to nothing": {
        "index.md": FRONT + ":::wide\n{ref}`gone`\n:::\n\n:::\n{numref}`gone`\n:::\n"
    },
    "a caption begins with a blank that is none": {
        "index.rst": "A\n=\n\n:numref:`fig-ID`\n\n.. figure:: ../../loss.png\n   :name: fig-ID\n\n\u00a0  Text.\n"
    },
    "a mark in what is for one output has no end": {
        "index.rst": "A\n=\n\n.. only:: html\n\n   Text.\n\n    .. raw:: html\n\n   <b>x</b>\n"
    },
    "lines across the page stand in a list, a quotation and a note": {
        "index.md": FRONT
        + "- a\n\n  ***\n\n> b\n>\n> ---\n>\n> c\n\n[^1]\n\n[^1]: d\n\n    ***\n\n    e\n"
    },
    "a line across the page stands in a box": {
        "index.md": FRONT + ":::{note}\nText.\n\n***\n\nMore.\n:::\n"
    },
    "a term in reStructuredText has no text": {
        "index.rst": "A\n=\n\n.. glossary::\n\n   one\n\n   two\n      Text.\n"
    },
    "a substitution has a reference, a citation and a role that nobody knows": {
        "index.md": "---\nmyst:\n  enable_extensions: [substitution]\n  substitutions:\n"
        "    a: See {ref}`x <gone>`, {cite:p}`gone` and {rol}`x`.\n---\n\n# A\n\n{{ a }} And {{ a }}.\n"
    },
    "the last row of a table in reStructuredText is less indented than its options": {
        "index.rst": "A\n=\n\n:numref:`csv-ID`\n\n.. csv-table:: T\n   :name: csv-ID\n\n   1, 2\n  3, 4\n"
    },
    "cells of a table have a footnote, a reference, a citation and a role that nobody knows": {
        "index.md": FRONT
        + "```{csv-table} T\n\n1[^1], {ref}`gone`\n{cite:p}`gone`, {rol}`x`\n```\n"
    },
    "an encoding has no such name": {
        "index.md": FRONT + "```{csv-table}\n:encoding: utf-9\n\n1, 2\n```\n"
    },
    "a delimiter is two signs": {"index.rst": "A\n=\n\n.. csv-table::\n   :delim: ab\n\n   1, 2\n"},
    "a switch of reStructuredText has a value": {
        "index.rst": "A\n=\n\n.. code-block:: python\n   :linenos: yes\n\n   x = 1\n"
    },
    "a figure has a negative height": {
        "index.md": FRONT + "```{figure} ../../loss.png\n:height: -3cm\n:alt: A\n\nB\n```\n"
    },
    "a block of code has not as many lines as are emphasized": {
        "index.md": FRONT + "```{code-block} python\n:emphasize-lines: 3\n\nx = 1\n```\n"
    },
    "a part of a file is taken that it does not have": {
        "index.md": FRONT + "```{literalinclude} code.py\n:pyobject: fit\n```\n",
        "code.py": "x = 1\n",
    },
    "a file is compared with one that is not there": {
        "index.md": FRONT + "```{literalinclude} code.py\n:diff: old.py\n```\n",
        "code.py": "x = 1\n",
    },
    "a table of text has fewer rows than heads": {
        "index.md": FRONT + "```{csv-table}\n:header-rows: 2\n\n1, 2\n3, 4\n```\n"
    },
    "a role of numbers is given words": {"index.md": FRONT + "See {rfc}`of mail`.\n"},
    "a role cannot be used as such": {"index.md": FRONT + "See {raw}`<b>`, {uri}`x:y`.\n"},
    "a role has nothing between its brackets": {"index.md": FRONT + "See {doc}`here <>`.\n"},
    "a page that is not a notebook shows what is glued": {"index.md": FRONT + "It is {glue}`x`.\n"},
    "nothing is called as a setting": {"index.md": FRONT + "Set {confval}`numfig`.\n"},
    "a topic stands in a list": {"index.md": FRONT + "- Text.\n\n  ```{topic} A\n  Text.\n  ```\n"},
    "an empty line parts two terms": {
        "index.md": FRONT + "```{glossary}\nlossID\n\nriskID\n  Rises.\n```\n"
    },
    "empty lines stand in a directive without a body": {
        "index.md": FRONT + "```{image} ../../loss.png\n:alt: A\n\n\n\n```\n"
    },
    "a numbered page has a numbered toctree": {
        "index.md": FRONT + "```{toctree}\n:numbered:\n\nmore\n```\n",
        "more.md": "# More\n",
    },
    "a line of blanks stands in a toctree": {
        "index.md": FRONT + "```{toctree}\nmore\n  \nself\n```\n",
        "more.md": "# More\n",
    },
    "a front matter is not read": {
        "index.md": FRONT.replace("ID", "ID\nmyst: {commonmark_only: true}") + "Text.\n"
    },
    "a citation of reStructuredText is not referred to": {
        "index.rst": "A\n=\n\nText.\n\n.. [CitID] Text.\n"
    },
    "an index entry is empty": {"index.rst": "A\n=\n\n.. index::\n\nText.\n"},
    "a length is on two lines": {
        "index.rst": "A\n=\n\n.. figure:: ../../loss.png\n   :width: 8\n     cm\n\n   Text.\n"
    },
    "an option has two colons before its name": {
        "index.md": FRONT + "```{list-table} T\n::header-rows: 1\n\n* - a\n* - b\n```\n"
    },
    "a caption among the options of a cell cites": {
        "index.md": CELL % ":label: fig-ID\n:caption: The {cite:p}`gone`\n"
    },
    "a caption cites below an empty line of a cell": {
        "index.md": CELL % ":tags: [hide-input]\n\n#| fig-cap: The {cite:p}`gone`.\n"
    },
    "a caption of a cell has a dead link": {"index.md": CELL % "#| fig-cap: The [x](gone.md)\n"},
    "a caption of a cell has a footnote": {"index.md": CELL % "#| fig-cap: The loss [^x].\n"},
    "a caption of a cell has no picture": {"index.md": CELL % "#| fig-cap: ![x](gone.png)\n"},
    "front matter begins on the line of its hyphens": {
        "index.md": "--- title: Second\n---\n\n# A\n"
    },
    "a glossary of reStructuredText has a term twice": {
        "index.rst": "A\n=\n" + 2 * "\n.. glossary::\n\n   lossID\n      Falls.\n"
    },
    "a blank stands behind a term": {
        "index.md": FRONT + "```{glossary}\nlossID \n  Falls.\n```\n\n{term}`lossID`\n"
    },
    "a line of blanks stands before a term": {
        "index.md": FRONT + "```{glossary}\nlossID\n  Falls.\n  \nriskID\n  Rises.\n```\n"
    },
    "a caption of a cell has an unknown role": {"index.md": CELL % "#| fig-cap: The {citet}`a`.\n"},
    # What nbformat's schema, MyST-NB or MyST does not take
    "a page with cells has no settings of MyST-NB": {
        "index.md": CELL.replace("file_f", "mystnb: off\nfile_f") % ""
    },
    "MyST-NB has no such setting": {
        "index.md": CELL.replace("file_f", "mystnb: {execution: off}\nfile_f") % ""
    },
    "a setting of MyST has a value of another type": {
        "index.md": FRONT.replace("ID", "ID\nmyst: {heading_anchors: x}") + "Text.\n"
    },
    "a page names the program that it was written with": {
        "index.md": FRONT.replace("ID", "ID\njupytext: true") + "Text.\n"
    },
    "a setting of MyST is empty": {
        "index.md": FRONT.replace("ID", "ID\nmyst: {heading_anchors: null}") + "## Text\n"
    },
    "a setting of a cell has a value of another type": {
        "index.md": CELL % "---\nmystnb: {number_source_lines: x}\n---\n"
    },
    "the language of a page with cells has no name": {
        "index.md": CELL.replace("file_f", "language_info: python\nfile_f") % ""
    },
    "a cell has a tag twice": {"index.md": CELL % ":tags: [a, a]\n"},
    "a tag of a cell has a comma": {"index.md": CELL % ":tags: ['a,b']\n"},
    "a cell is collapsed by a word": {"index.md": CELL % ":collapsed: x\n"},
    "a caption of a cell is a date": {"index.md": CELL % ":caption: 2024-01-01\n"},
    "words stand behind the line between two cells": {
        "index.md": CELL % "" + "\n+++ the end\n\nText.\n"
    },
    "a cell loads a file that is not there": {"index.md": CELL % ":load: gone.py\n"},
    "a cell of a notebook was run x times": {
        "index.ipynb": JSON.replace('"execution_count": null', '"execution_count": "x"')
    },
    "a cell of a notebook has no metadata": {
        "index.ipynb": JSON.replace('"metadata": {}', '"metadata": null')
    },
    "a notebook has no version": {"index.ipynb": JSON.replace('"nbformat": 4', '"nbformat": "x"')},
    "a cell of a notebook has its label in a list": {
        "index.ipynb": JSON.replace('"metadata": {},\n   "out', '"metadata": {"label": []}, "out')
    },
    "the metadata of a notebook have settings of MyST": {
        "index.ipynb": JSON.replace('"language_info"', '"myst": {"a": 1}, "language_info"')
    },
    "an option ends in two colons": {
        "index.md": FRONT + "```{toctree}\n:glob::\n\nmore/*\n```\n",
        "more/three.md": "# Three\n",
    },
    "the argument of a directive in reStructuredText has two lines": {
        "index.rst": "A\n=\n\n.. literalinclude:: code.py\n   more.py\n   :lines: 1\n",
        "code.py": "x = 1\n",
    },
    "the argument of a directive in reStructuredText stands below it": {
        "index.rst": "A\n=\n\n.. image::\n   gone.png\n   :alt: A line\n"
    },
    "a replacement in reStructuredText goes on below": {
        "index.rst": "A\n=\n\nA |x|.\n\n.. |x| replace:: a\n   b :ref:`gone`\n"
    },
    "text that is literal but for its roles": {
        "index.rst": "A\n=\n\n.. parsed-literal::\n\n   a :ref:`gone`\n"
    },
    "what looks like a directive within text that is literal but for its roles": {
        "index.rst": "A\n=\n\n.. parsed-literal::\n\n   a :ref:`gone`\n .. code-block:: python\n"
        "    :name: code-a\n    :caption: A\n\n    x = 1\n\nSee :numref:`code-a`.\n"
    },
    "an option is indented by a tab": {
        "index.rst": "A\n=\n\n.. literalinclude:: code.py\n \t :language: python\n   :lines: 1\n",
        "code.py": "x = 1\n",
    },
    "a box stands in another": {
        "index.md": FRONT + "::::{note}\n:::{sidebar} A\nText.\n:::\n::::\n"
    },
    "an entry of the index is half of a pair": {"index.md": FRONT + "```{index} pair: a\n```\n"},
    "a link names what is in no other documentation": {"index.md": FRONT + "[x](inv:python#x)\n"},
    "text that a notebook includes has another end of a line": {
        "index.ipynb": INCLUDES,
        "part.txt": "Text.\n\n```{include}\u2028more.txt\n```\n",
        "more.txt": "More.\n",
    },
    "text that a notebook includes has a dead link": {
        "index.ipynb": INCLUDES,
        "part.txt": "Text.\n\n[the part](#sec-part-ID)\n",
    },
    "cells of a table have dead links, no picture and an unknown substitution": {
        "index.md": FRONT
        + "```{csv-table} T\n:header: '[x](gone.md)', b\n\n[x](#gone), ![x](gone.png)\n1, {{ gone }}\n```\n"
    },
    "a toctree has its first page on its line": {
        "index.md": FRONT + "```{toctree} gone\nmore\n```\n",
        "more.md": "# More\n",
    },
    "the caption of a notebook's figure refers to nothing": {
        "index.ipynb": JSON.replace(
            '"metadata": {},\n   "out',
            '"metadata": {"mystnb": {"figure": {"caption": "A {ref}`gone`"}}}, "out',
        )
    },
    "the caption of a notebook's figure is a heading": {
        "index.ipynb": JSON.replace(
            '"metadata": {},\n   "out',
            '"metadata": {"mystnb": {"figure": {"caption": "# A"}}}, "out',
        )
    },
    "a picture of a notebook has no such width": {
        "index.ipynb": JSON.replace(
            '"metadata": {},\n   "out', '"metadata": {"mystnb": {"image": {"width": "wide"}}}, "out'
        )
    },
    "a cell of a notebook has MyST-NB's options under their old name": {
        "index.ipynb": JSON.replace('"metadata": {},\n   "out', '"metadata": {"render": {}}, "out')
    },
    "code is made a directive, which refers to nothing": {
        "index.md": FRONT.replace("ID", "ID\nmyst: {fence_as_directive: [note]}")
        + "```note\n{ref}`gone`\n```\n"
    },
    "a figure has three empty lines in place of a caption": {
        "index.md": FRONT + "```{figure} ../../loss.png\n:alt: A\n\n\n\n```\n"
    },
    "a section for one output has a label, and no title that is known": {
        "index.md": FRONT + "```{only} html\n(sec-ID)=\n## Part\n```\n\n{ref}`sec-ID`\n"
    },
    "a heading in a box has no number": {
        "index.md": FRONT + "```{note}\n(sec-ID)=\n## Part\n```\n\n{numref}`sec-ID`\n"
    },
    "a substitution has a dead link, and a box that is called wrong": {
        "index.md": "---\nmyst:\n  enable_extensions: [substitution]\n  substitutions:\n    a: '[x](#gone)'\n"
        "    b: |\n      ```{notes}\n      Text.\n      ```\n---\n\n# A\n\nOf {{ a }}.\n\n{{ b }}\n"
    },
    "a line divides footnotes alone": {
        "index.md": FRONT + "Text[^a].\n\n***\n\n[^a]: B\n\n    C\n\n[^b]: D[^b]\n"
    },
    "a caption of a cell goes on below, with a footnote and a picture": {
        "index.md": CELL % "#| fig-cap: >\n#|   The loss\n#|   of[^x] ![x](gone.png)\n"
    },
    "a caption among the options of a cell has a footnote": {
        "index.md": CELL % ":label: fig-ID\n:caption: The loss[^x]\n"
    },
    "a picture in a line has no such width": {
        "index.md": FRONT + "A ![line](../../loss.png){width=wide}.\n"
    },
    "a picture by reference has no such width": {
        "index.md": FRONT + "A ![line][x]{width=wide}.\n\n[x]: ../../loss.png\n"
    },
    # What is no file
    "a directive reads another host": {
        "index.md": FRONT + "```{literalinclude} https://example.org/a.py\n```\n"
    },
    "a directive reads what looks like an address": {
        "index.md": FRONT + "```{include} part.txt::: {note}\n```\n"
    },
    "an image looks like an address": {"index.md": FRONT + "![A loss](mailto:x)\n"},
    "a download is on a computer": {"index.md": FRONT + "{download}`~/x.py`\n"},
    "a page looks like an address": {"index.md": FRONT + "{doc}`https://example.org`\n"},
    "a line stands above a footnote that goes on at the margin": {
        "index.md": FRONT + "Text[^a] [^b].\n\n***\n\n[^a]: B\n\n[^b]: C\nmore\n"
    },
    "a substitution with a filter has a reference": {
        "index.md": "---\nmyst:\n  enable_extensions: [substitution]\n  substitutions:\n"
        "    a: See {ref}`x <gone>`.\n---\n\n# A\n\n{{ a|trim }}\n"
    },
    "a block in another of reStructuredText in Markdown has a label": {
        "index.md": FRONT
        + "```{eval-rst}\n.. note:: A\n\n .. figure:: ../../loss.png\n    :name: fig-ID\n"
        "    :alt: A\n\n    B\n```\n\n{numref}`fig-ID`\n"
    },
    "what explains a term in reStructuredText has a role without an end": {
        "index.rst": "A\n=\n\n.. glossary::\n\n   one\n   two\n      Text, with :term:`one\n\n   three\n      More.\n"
    },
    "the format of a raw cell is a list": {
        "index.ipynb": KINDS["workbook"]["index.ipynb"].replace(
            '{"raw_mimetype": "text/html"}', '{"format": ["a"]}'
        ),
        "references.bib": KINDS["workbook"]["references.bib"],
    },
    "the title of a box of HTML has no end": {
        "index.md": "---\nmyst:\n  enable_extensions: [html_admonition]\n---\n\n# A\n\n"
        '<div class="admonition">\n<p class="titleA</p>\nText.\n</div>\n'
    },
    "a picture of HTML has a width, a place and a class that it cannot have": {
        "index.md": "---\nmyst: {enable_extensions: [html_image]}\n---\n\n# A\n\n"
        '<img src="../../loss.png" alt="A" width="wide">\n\n'
        'A <img src="../../loss.png" alt="B" align=\'middle\' class="1">.\n'
    },
    "a picture of HTML has a width without a value": {
        "index.md": "---\nmyst: {enable_extensions: [html_image]}\n---\n\n# A\n\n"
        '<img width src="../../loss.png" alt="A">\n'
    },
    "a date stands outside of a definition": {"index.md": FRONT + "```{date}\n```\n"},
    "a date stands outside of a definition, in reStructuredText": {
        "index.rst": "A\n=\n\n.. date::\n"
    },
    "a setting is described twice": {
        "index.md": FRONT + 2 * "```{confval} rate-ID\nHow fast it learns.\n```\n\n"
    },
    "a substitution puts itself in": {
        "index.md": "---\nmyst:\n  enable_extensions: [substitution]\n  substitutions:\n"
        '    a: "{{ b }}"\n    b: "{{ a }}"\n---\n\n# A\n\nSee {{ a }}.\n'
    },
    "a substitution has no such part": {
        "index.md": "---\nmyst:\n  enable_extensions: [substitution]\n  substitutions:\n"
        "    a: Text\n    m: {b: c}\n---\n\n# A\n\nSee {{ a.x }} and {{ m.c }}.\n"
    },
    "the caption of a figure is the address of a link": {
        "index.md": FRONT + "```{figure} ../../loss.png\n:alt: A\n\n[x]: https://example.org\n```\n"
    },
    "links lead to labels of a figure and of words, within a block of reStructuredText in Markdown": {
        "index.md": FRONT
        + "```{eval-rst}\n.. note:: A _`two-ID`.\n\n   .. figure:: ../../loss.png\n      :name: fig-ID\n"
        "      :alt: A\n\n      B\n```\n\n[b](#two-ID), [c](#fig-ID)\n"
    },
    "a line of a formula has two labels": {
        "index.md": FRONT
        + "\\begin{gather}\na \\label{eq-a-ID} \\\nb \\label{eq-b-ID}\n\\end{gather}\n\n"
        "{eq}`eq-a-ID`, {eq}`eq-b-ID`\n"
    },
    "labels stand above a function that is described, and at the end of the page": {
        "index.md": FRONT
        + "(sec-a-ID)=\n```{py:function} f(x)\nText.\n```\n\n{ref}`sec-a-ID` {ref}`sec-b-ID`\n\n(sec-b-ID)=\n"
    },
    "the name of a picture in a directive has a blank": {
        "index.md": FRONT + "```{image} a b.svg\n:alt: A\n```\n",
        "a b.svg": SVG,
    },
    "an address is given twice, in the text and in a box": {
        "index.md": FRONT + "[x][a] [y][B]\n\n:::{note}\nText.\n\n[b]: https://example.org\n:::\n\n"
        "[a]: https://example.org\n[A]: https://example.org/a\n[b]: https://example.org/b\n"
    },
    "a page that is not a notebook shows a figure that is glued": {
        "index.md": FRONT + "```{glue:figure} x\nA loss.\n```\n"
    },
    "a blank stands behind an option in reStructuredText, and text right below it": {
        "index.rst": "A\n=\n\n.. glossary::\n   :sorted: \n   lossID\n      Falls.\n\n:term:`lossID`\n"
    },
}
#: Chapters of which one of the two complained, and nothing is wrong in them.
RIGHT: dict[str, dict[str, str]] = {
    "the title of a page with cells is a year": {
        "index.md": (CELL % "").replace("title: Chapter ID", "title: 2024")
    },
    "two chapters have one title, and labels": {
        "index.md": FRONT.replace("Chapter ID", "A title\nlabel: sec-one-ID") + "Text.\n"
    },
    "two chapters have one title, and labels, again": {
        "index.md": FRONT.replace("Chapter ID", "A title\nlabel: sec-two-ID") + "Text.\n"
    },
    "text of reStructuredText that is no text": {
        "index.rst": "A\n=\n\n..\n   :ref:`gone`\n\n>>> x = ':ref:`gone`'\n\n.. meta::\n   :author: A\n"
    },
    "the arguments of directives in reStructuredText stand below them": {
        "index.rst": "A\n=\n\n.. figure::\n   ../../loss.png\n   :name: fig-ID\n\n   Loss.\n\n.. math::\n   a\n"
        "   :label: eq-ID\n\n:numref:`fig-ID`, :eq:`eq-ID`\n"
    },
    "links lead to a term": {
        "index.md": FRONT
        + "```{glossary}\nloss-ID\n  Falls.\n```\n\n{any}`loss-ID`, [x](loss-ID)\n"
    },
    "an argument and an option in reStructuredText go on below": {
        "index.rst": "A\n=\n\n.. image:: ../../\n   loss.png\n   :alt: A\n     line\n"
    },
    "a link leads to a heading without a label": {
        "index.md": FRONT + "## Of loss, and more\n\n[x](#of-loss-and-more)\n"
    },
    "text for one output has sections": {
        "index.rst": "A\n=\n\n.. only:: html\n\n   B\n   -\n\n   Text.\n\nC\n-\n\nText.\n"
    },
    "a line stands behind a footnote": {
        "index.md": FRONT + "Text[^a].\n\n[^a]: B\n\n***\n\nText.\n"
    },
    "a cell has its label as a name": {
        "index.md": CELL % ":name: fig-ID\n:caption: The loss.\n" + "\nSee {numref}`fig-ID`.\n"
    },
    "the name of an option stands in quotes": {
        "index.md": FRONT
        + "```{figure} ../../loss.png\n:'alt': A\n:\"name\": fig-ID\n\nB\n```\n\n{numref}`fig-ID`\n"
    },
    "a label stands above a section in text for one output": {
        "index.rst": "A\n=\n\n.. only:: html\n\n   .. _sec-ID:\n\n   B\n   -\n\n   Text.\n\n:ref:`sec-ID`, :numref:`sec-ID`\n"
    },
    "a line stands above two footnotes, of which one goes on at the margin": {
        "index.md": FRONT + "Text[^a].\n\n[^a]: B\nand more\n\n***\n\nText[^b].\n\n[^b]: C\n"
    },
    "a field of a notebook begins as a language does": {
        "index.ipynb": JSON.replace(
            '"kernelspec"', '"language__info": {"name": "x"}, "kernelspec"'
        ),
        "references.bib": KINDS["json"].get("references.bib", ""),
    },
    "a picture of HTML has a width, a place and a class": {
        "index.md": "---\nmyst: {enable_extensions: [html_image]}\n---\n\n# A\n\n"
        '<img src="../../loss.png" alt="A width or align" width=" 50% " align="center" class="wide">\n'
    },
    "a HTML picture of a page that makes none of it has a width of its own": {
        "index.md": "---\nmyst: {enable_extensions: []}\n---\n\n# A\n\n"
        '<img src="../../loss.png" alt="A" align="middle">\n'
    },
    "a date is defined": {
        "index.rst": "A\n=\n\n.. |today| date::\n.. |x y| unicode:: 0xA9\n\nIt is |today|, |x y|.\n"
    },
    "a setting is described twice, once without a place in the index": {
        "index.md": FRONT
        + "```{confval} rate-ID\nHow fast.\n```\n\n```{confval} rate-ID\n:no-index:\n\nIt learns.\n```\n"
    },
    "a substitution has parts": {
        "index.md": "---\nmyst:\n  enable_extensions: [substitution]\n  substitutions:\n"
        '    a: Text\n    b: "{{ a }}"\n    m: {c: d}\n---\n\n# A\n\n{{ b }}, {{ m.c }}, {{ a.title() }}.\n'
    },
    "links lead to a label within a block of reStructuredText in Markdown": {
        "index.md": FRONT
        + "```{eval-rst}\n.. note::\n\n   .. _one-ID:\n\n   Text.\n```\n\n[](#one-ID), [a](#one-ID)\n"
    },
    "a title of three signs has a line above it, in text for one output": {
        "index.rst": "A\n=\n\n.. only:: html\n\n   .. _sec-ID:\n\n   ===\n   B c\n   ===\n\n   Text.\n\n:ref:`sec-ID`\n"
    },
    "pictures have letters and blanks in their names that addresses do not have": {
        "index.md": FRONT + "![A](Über_sicht.svg) ![B](<a b.svg>) ![C](50%25.svg)\n",
        "Über_sicht.svg": SVG,
        "a b.svg": SVG,
        "50%.svg": SVG,
    },
    "a field begins as a language does": {"index.md": "---\nlanguage_of: us\n---\n\n# A\n"},
}
#: New ones are tried by hand, by the thousand, until none disagrees.
SEED = "one"


def test_the_chapters_without_slips_have_no_fault(tmp_path: Path) -> None:
    chapters = {f"{number:04}": files for number, files in enumerate(KINDS.values())}
    found = judged_and_built(tmp_path / "book", chapters)
    assert {name: (one.errors, one.warnings) for name, one in found.items()} == {}


def test_of_what_once_disagreed_both_complain(tmp_path: Path) -> None:
    chapters = {f"{number:04}": files for number, files in enumerate(ONCE.values())}
    found = judged_and_built(tmp_path / "book", chapters)
    sided = [name for number, name in zip(chapters, ONCE, strict=True) if found[number].one_sided()]
    assert sided == []
    assert [name for name in chapters if not found[name].errors] == []


def test_of_what_is_right_neither_complains(tmp_path: Path) -> None:
    chapters = {f"{number:04}": files for number, files in enumerate(RIGHT.values())}
    found = judged_and_built(tmp_path / "book", chapters)
    assert {name: (one.errors, one.warnings) for name, one in found.items()} == {}


@pytest.mark.long
def test_check_and_build_complain_of_the_same_chapters() -> None:
    assert disagreements(SEED, 150) == []
