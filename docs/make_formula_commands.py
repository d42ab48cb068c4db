"""Write the table of all commands that MathJax and LaTeX know in formulas.

    python docs/make_formula_commands.py

Run by hand for a new version of MathJax. Needs Chromium, which asks the MathJax of a built page
what it knows, and XeLaTeX with unicode-math, which is asked for the names in its own sources.
"""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from sphinx.cmd.build import main as build

from sphinx_mmbook.core.references.formula_faults import FILE

#: Asks MathJax for the keys of all its tables.
PROBE = """
const timer = setInterval(() => {
  if (!(window.MathJax && MathJax.startup && MathJax.startup.document)) return;
  clearInterval(timer);
  MathJax.startup.promise.then(() => {
    const names = {};
    const jax = MathJax.startup.document.inputJax;
    for (const [kind, handler] of (jax.tex || jax[0]).parseOptions.handlers.map) {
      names[kind] = [];
      for (const {item} of handler._configuration) {
        names[kind].push(...(item.map ? item.map.keys() : []));
      }
    }
    const shown = document.createElement("pre");
    shown.id = "known";
    shown.textContent = JSON.stringify(names);
    document.body.append(shown);
  });
}, 50);
"""
#: The sources of TeX that define what a formula can use.
SOURCES = (
    "unicode-math-table.tex amsmath.sty amssymb.sty amsfonts.sty amsopn.sty amstext.sty amsbsy.sty "
    "fontmath.ltx latex.ltx"
)


def of_mathjax(folder: Path) -> tuple[set[str], set[str]]:
    """Return the commands and the environments that MathJax knows."""
    page = (folder / "html" / "index.html").as_uri()
    command = ["chromium", "--headless", "--no-sandbox", "--timeout=10000", "--dump-dom", page]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    match = re.search(r'<pre id="known"[^>]*>(.*?)</pre>', shown, re.DOTALL)
    if not match:
        raise SystemExit("MathJax says nothing; look at the page in a browser")
    names = {kind: set(keys) for kind, keys in json.loads(html.unescape(match[1])).items()}
    written = {name.lstrip("\\") for kind in ("macro", "delimiter") for name in names[kind]}
    return {name for name in written if name.isalpha() and name.isascii()}, names["environment"]


def of_latex(folder: Path, commands: set[str], environments: set[str]) -> tuple[set[str], set[str]]:
    """Return the commands and environments that the PDF knows, of those given and its own."""
    found = subprocess.run(["kpsewhich", *SOURCES.split()], capture_output=True, text=True)
    for path in found.stdout.split():
        text = Path(path).read_text("latin-1")
        commands = commands | set(re.findall(r"\\([A-Za-z]+)(?![A-Za-z@])", text))
    environments = environments | commands | {f"{name}*" for name in commands}
    (source,) = (folder / "latex").glob("book.tex")
    lines = [source.read_text("utf-8").partition(r"\begin{document}")[0], r"\newwrite\known"]
    lines += [r"\begin{document}\immediate\openout\known=known.txt"]
    wrote = r"\ifcsname {0}\endcsname\immediate\write\known{{command {0}}}\fi"
    lines += [wrote.format(name) for name in sorted(commands)]
    wrote = (
        r"\ifcsname {0}\endcsname\ifcsname end{0}\endcsname"
        r"\immediate\write\known{{environment {0}}}\fi\fi"
    )
    lines += [wrote.format(name) for name in sorted(environments)]
    (folder / "latex" / "probe.tex").write_text("\n".join([*lines, r"\end{document}"]), "utf-8")
    command = ["xelatex", "-interaction=batchmode", "probe.tex"]
    subprocess.run(command, cwd=folder / "latex", capture_output=True)
    known = [line.split() for line in (folder / "latex" / "known.txt").read_text().splitlines()]
    both = [{name for kind, name in known if kind == one} for one in ("command", "environment")]
    return both[0], both[1]


def table() -> dict[str, dict[str, str]]:
    """Return which names both know, and which one of them alone."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        conf = 'project = "book"\nextensions = ["sphinx_mmbook"]\nhtml_theme = "basic"\n'
        (folder / "conf.py").write_text(conf, "utf-8")
        page = f"# Book\n\n$a$\n\n```{{raw}} html\n<script>{PROBE}</script>\n```\n"
        (folder / "index.md").write_text(page, "utf-8")
        for output in ("html", "latex"):
            if build(["-qb", output, str(folder), str(folder / output)]):
                raise SystemExit(f"the book for the probe has no {output}")
        site = of_mathjax(folder)
        pdf = of_latex(folder, *site)
    kinds = zip(("commands", "environments"), site, pdf, strict=True)
    return {
        kind: {
            "both": " ".join(sorted(here & there)),
            "site": " ".join(sorted(here - there)),
            "pdf": " ".join(sorted(there - here)),
        }
        for kind, here, there in kinds
    }


def main() -> int:
    """Write the file."""
    FILE.write_text(json.dumps(table(), indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
