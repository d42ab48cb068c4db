"""What conf.py says counts: settings of other extensions in a project that gains ours."""

from __future__ import annotations

import pickle
import re
from dataclasses import replace

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, writes

from conftest import CONF, Book
from sphinx_mmbook.core.book.book import load_book
from sphinx_mmbook.core.book.conf_file import read_conf

FIGURE = "```{figure} /dot.svg\n:name: fig-dot\n\nA dot\n```\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
HEADER = "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n{}---\n\n# Cells\n\n"


def notebook(*cells: tuple[str, str]) -> str:
    """Return a notebook of cells, each with its code and its committed output, if any."""
    code = [
        new_code_cell(
            source,
            execution_count=1,
            outputs=[new_output("stream", name="stdout", text=text)] if text else [],
        )
        for source, text in cells
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return writes(new_notebook(cells=[new_markdown_cell("# Notebook"), *code], metadata=kernel))


def ran(out: str) -> list[str]:
    return re.findall(r"running (\S+) \(\d+ of \d+\)", out)


def test_outputs_that_conf_py_wants_to_keep_with_auto_are_kept(book: Book) -> None:
    conf = CONF + 'nb_execution_mode = "auto"\n'
    gpu = ("import a_driver_that_is_not_here", "made by a GPU\n")
    book.write({"conf.py": conf, "index.ipynb": notebook(gpu)})
    built = book.build("-W", "--keep-going")
    assert (built.status, ran(built.out)) == (0, [])
    assert "made by a GPU" in built.soup("index").get_text()


def test_auto_runs_what_lacks_an_output_and_a_dead_kernel_stops_nobody(book: Book) -> None:
    dead = ("import os; os._exit(1)", "")
    index = "# Book\n\n```{toctree}\nnew\ndead\n```\n"
    book.write({"conf.py": CONF + 'nb_execution_mode = "auto"\n', "index.md": index})
    book.write({"new.ipynb": notebook(("print(6 * 7)", "")), "dead.ipynb": notebook(dead)})
    built = book.build()
    assert (built.status, sorted(ran(built.out))) == (0, ["dead", "new"])
    assert "42" in built.soup("new").get_text()
    assert [line for line in built.warnings if "the kernel d" in line]


def test_force_runs_a_page_each_time_it_is_read_and_a_dead_kernel_stops_nobody(book: Book) -> None:
    index = "# Book\n\n```{toctree}\ncells\ndead\n```\n"
    cells = HEADER.format("") + "```{code-cell}\nprint(6 * 7)\n```\n"
    book.write({"conf.py": CONF + 'nb_execution_mode = "force"\n', "index.md": index})
    book.write({"cells.md": cells, "dead.ipynb": notebook(("import os; os._exit(1)", "old\n"))})
    built = book.build()
    assert (built.status, sorted(ran(built.out))) == (0, ["cells", "dead"])
    assert "42" in built.soup("cells").get_text()
    assert len(built.warnings) == 1, built.err
    book.write({"cells.md": cells + "\nMore.\n"})
    assert sorted(ran(book.build().out)) == ["cells", "dead"]


@pytest.mark.parametrize("mode", ["force", "auto"])
def test_a_page_s_own_mode_goes_our_way_too(book: Book, mode: str) -> None:
    own = HEADER.format(f"mystnb:\n  execution_mode: {mode}\n")
    book.write({"index.md": own + "```{code-cell}\nimport os; os._exit(1)\n```\n"})
    built = book.build("-D", "nb_execution_mode=off")
    assert (built.status, ran(built.out)) == (0, ["index"])
    assert "the kernel d" in built.err


def test_numfig_that_conf_py_switches_off_is_off(book: Book) -> None:
    book.write({"index.md": "# Book\n\n" + FIGURE, "dot.svg": SVG})
    assert book.build("-W").soup("index").select(".caption-number")
    book.write({"conf.py": CONF + "numfig = False\n"})
    assert not book.build("-W").soup("index").select(".caption-number")


def test_a_default_on_the_command_line_counts_as_said(book: Book) -> None:
    book.write({"index.md": "# Book\n\n" + FIGURE, "dot.svg": SVG})
    assert not book.build("-W", "-D", "numfig=0").soup("index").select(".caption-number")


def test_syntax_that_conf_py_enables_adds_to_ours(book: Book) -> None:
    conf = 'myst_enable_extensions = ["substitution"]\nmyst_substitutions = {"key": "value"}\n'
    book.write({"conf.py": CONF + conf, "index.md": "# Book\n\nThe {{ key }} is $a = b$.\n"})
    page = book.build("-W").soup("index")
    assert "The value is" in page.get_text()
    assert page.select(".math")


def test_a_bibliography_outside_of_the_book_is_read(book: Book) -> None:
    entry = "@misc{far, author={Far, Ann}, title={Far away}, year=2020}\n"
    (book.folder.parent / "shared.bib").write_text(entry)
    book.write({"conf.py": CONF + 'bibtex_bibfiles = ["../shared.bib"]\n'})
    book.write({"index.md": "# Book\n\n{cite:t}`far` says so.\n"})
    built = book.build("-W")
    assert (built.status, built.warnings) == (0, [])
    assert "Far (2020) says so" in built.soup("index").get_text()


def test_settings_of_bibtex_that_have_no_effect_are_named_at_their_lines(book: Book) -> None:
    style = 'bibtex_default_style = "alpha"\nbibtex_reference_style = "label"\n'
    book.write({"conf.py": CONF + style, "index.md": "# Book\n"})
    built = book.build()
    assert len(built.warnings) == 2
    assert all(f"'bibtex_{name}_style' has no" in built.err for name in ("default", "reference"))
    book.write({"conf.py": CONF + 'bibtex_reference_style = "author_year"\n'})
    assert book.build().warnings == []


def test_check_and_build_read_the_same_settings(book: Book) -> None:
    """What a check reads in conf.py's syntax, a build has evaluated: one dataclass, equal."""
    book.write(
        {
            "conf.py": (book.folder / "conf.py").read_text() + "\n".join(
                (
                    "import os",
                    "mmbook_rules: dict[str, str] = {'label-unused': 'off'}",
                    "mmbook_rules |= {'bib-empty': 'info'}",
                    "exclude_patterns = ['drafts']",
                    "exclude_patterns += ['old/**']",
                    "root_doc = os.environ.get('NO_SUCH_VARIABLE', 'index')",
                    "myst_enable_extensions = ['substitution']",
                    "myst_heading_anchors = 2",
                    "nb_execution_mode = 'off'",
                    "suppress_warnings = [*('epub.unknown_project_files',)]",
                    "import pickle",
                    "from pathlib import Path",
                    "from sphinx_mmbook.ext.config import book_settings",
                    "def write(app, config):",
                    "    settings = book_settings(config)",
                    "    (Path(app.outdir).parent / 'said').write_bytes(pickle.dumps(settings))",
                    "def setup(app):",
                    "    app.connect('config-inited', write, priority=101)",
                )
            ),
            "index.md": "# A\n",
        }
    )  # fmt: skip
    assert book.build().warnings == []
    ours = replace(read_conf(book.folder), texts=frozenset(), suppressed=())
    said = pickle.loads((book.folder / "_build/said").read_bytes())
    theirs = replace(said, texts=frozenset(), suppressed=())
    assert theirs == ours
    assert ours.rules == {"label-unused": "off", "bib-empty": "info"}


GALLERY = """from pathlib import Path
def write(app):
    folder = Path(app.srcdir) / "plots"
    folder.mkdir()
    (folder / "sine.rst").write_text(".. _sphx_glr_sine.py:\\n\\nSine\\n====\\n")
    (folder / "sine.ipynb").write_text("no notebook")
def setup(app):
    app.add_config_value("sphinx_gallery_conf", {}, "")
    app.connect("builder-inited", write)
"""


def test_notebooks_that_sphinx_gallery_writes_beside_its_pages_are_no_pages(book: Book) -> None:
    path = "import pathlib, sys\nsys.path.insert(0, str(pathlib.Path(__file__).parent))\n"
    conf = CONF.replace('["', '["sphinx_gallery.gen_gallery", "')
    toctree = "```{toctree}\nplots/sine\n```\n"
    book.write(
        {
            "conf.py": path + conf + 'sphinx_gallery_conf = {"gallery_dirs": ["plots"]}\n',
            "sphinx_gallery/__init__.py": "",
            "sphinx_gallery/gen_gallery.py": GALLERY,
            "index.md": f"# Book\n\n{toctree}\nSee {{ref}}`sphx_glr_sine.py`.\n",
        }
    )
    built = book.build("-W", process=True)
    assert (built.status, built.warnings) == (0, [])
    assert "See Sine" in built.soup("index").get_text()
    assert {*load_book(book.folder).pages} == {"index", "plots/sine"}


def test_author_and_date_of_a_post_reach_the_extension_that_makes_a_blog(book: Book) -> None:
    conf = (
        CONF
        + """
def say(app, env):
    print("post:", env.metadata["index"])
def setup(app):
    app.connect("env-updated", say)
"""
    )
    post = "---\nauthor: Ann Example\ndate: 2020-01-31\nabstract: None\n---\n\n# A\n"
    built = book.write({"conf.py": conf, "index.md": post}).build("-W", process=True)
    assert (built.status, built.warnings) == (0, [])
    assert "post: {'author': 'Ann Example', 'date': '2020-01-31', 'wordcount'" in built.out
    assert "2020" not in built.soup("index").get_text()


@pytest.mark.parametrize(
    ("extensions", "said"),
    [
        ('"sphinx_mmbook", "myst_parser"', "'myst_parser' reads Markdown, as"),
        ('"sphinx_mmbook", "nbsphinx"', "'nbsphinx' reads notebooks, as"),
    ],
)
def test_an_extension_that_has_to_go_is_named_in_one_line(
    book: Book, extensions: str, said: str
) -> None:
    conf = CONF.replace('["sphinx_mmbook"]', f"[{extensions}]")
    built = book.write({"conf.py": conf, "index.md": "# X\n"}).build()
    assert built.status != 0
    line = f"{said} 'sphinx_mmbook' does, and no build survives both; take it out"
    assert built.warnings == [f"conf.py: {line}"]


@pytest.mark.parametrize("first", ["myst_parser", "myst_nb"])
def test_source_suffix_of_a_project_with_myst_parser_is_understood(book: Book, first: str) -> None:
    conf = CONF.replace('["sphinx_mmbook"]', f'["{first}", "sphinx_mmbook"]')
    suffix = 'source_suffix = {".rst": "restructuredtext", ".md": "markdown"}\n'
    book.write({"conf.py": conf + suffix, "index.md": "# X\n\nFormula $a$\n"})
    built = book.build("-W")
    assert (built.status, built.warnings) == (0, [])
    assert built.soup("index").select(".math")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("mmbook_number_language = 1e999", "mmbook_number_language is no 'str'"),
        ("mmbook_result_max_bytes = None", "mmbook_result_max_bytes is no 'int'"),
        ("mmbook_cell_output_max_bytes = True", "mmbook_cell_output_max_bytes is no 'int'"),
        ("language = {}", "language cannot be {}; write, for example, language = 'de'"),
        ("language = ''", "language cannot be ''"),
        ("exclude_patterns = ['a', 2]", "exclude_patterns cannot be ['a', 2]"),
        ("suppress_warnings = 3", "suppress_warnings cannot be 3"),
        ("html_static_path = None", "html_static_path cannot be None"),
        ("myst_enable_extensions = None", "myst_enable_extensions cannot be None"),
        ("nb_execution_timeout = 'x'", "nb_execution_timeout cannot be 'x'"),
    ],
)
def test_a_setting_of_the_wrong_kind_stops_the_build_with_one_line(
    book: Book, line: str, said: str
) -> None:
    built = book.write({"conf.py": f"{CONF}\n{line}\n", "index.md": "# A\n"}).build()
    assert built.status == 1
    assert built.err.strip().startswith(f"conf.py: {said}"), built.err
    assert "\n" not in built.err.strip()


def test_an_extension_that_asks_for_the_type_of_the_builder_finds_that_of_sphinx(
    book: Book,
) -> None:
    code = (
        "def say(app, error):\n    (app.outdir / 'type.txt').write_text(type(app.builder).__name__)\n"
        "def setup(app):\n    app.connect('build-finished', say)\n"
    )
    conf = (
        "import sys\nfrom pathlib import Path\nsys.path.insert(0, str(Path(__file__).parent))\n"
        "extensions = ['sphinx_mmbook', 'sphinxext.rediraffe']\nhtml_theme = 'basic'\n"
    )
    book.write({"index.md": "# Book\n", "sphinxext/rediraffe.py": code, "conf.py": conf})
    built = book.build("-W")
    assert (built.status, built.warnings) == (0, [])
    assert (built.outdir / "type.txt").read_text() == "StandaloneHTMLBuilder"
