"""The settings of a book, and what it needs set in the extensions it is made of."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.config import ENUM

from sphinx_mmbook.core.book.read_me import read_mes
from sphinx_mmbook.core.book.setting_values import faults_of_others
from sphinx_mmbook.core.book.settings import NAMES, BookSettings, no_pages, settings_from
from sphinx_mmbook.core.checking.judge import faults_of_levels
from sphinx_mmbook.core.output.formula_macros import faults_of_macros
from sphinx_mmbook.core.pages.markdown import EXTENSIONS
from sphinx_mmbook.core.pages.run_limits import LIMITS, faults_of_limits
from sphinx_mmbook.core.rules.book.setting_up import not_installed
from sphinx_mmbook.core.suggestions import quoted_list
from sphinx_mmbook.ext.adapters.sphinx import set_where_unset

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config


def setting(text: str, default: Any) -> Any:
    """Return a field with what the manual says of it."""
    made = {"default_factory": dict} if default == {} else {"default": default}
    return field(metadata={"help": text}, **made)


@dataclass(frozen=True)
class Settings:
    """All ``mmbook_*`` settings; the manual's table is made from this class."""

    rules: dict[str, str] = setting(
        "Level of a rule in this book: 'error', 'warning', 'info' or 'off' by its slug.",
        {},
    )
    macros: dict[str, str] = setting(
        r"Own commands for formulas, in all outputs: {'R': r'\mathbb{R}', 'norm': "
        r"r'\lVert #1 \rVert'}. '#1' to '#9' stand for a command's arguments.",
        {},
    )
    result_max_bytes: int = setting(
        "Largest file, in bytes, that is read for a stored result; compressed files "
        "may not unpack to more. Larger CSV files are looked through for the rows that "
        "':where:' or ':rows:' chooses.",
        10_000_000,
    )
    cell_output_max_bytes: int = setting(
        "Most that a cell may show, in bytes; printed text may have a tenth of it. The "
        "rest is left out, and the page says so. 0 for no limit.",
        10_000_000,
    )
    limits: dict[str, float] = setting(
        "What the run of a chapter may take, 0 for no limit: "
        + "; ".join(f"`{name}`: {text}" for name, text in LIMITS.items())
        + ". Not said, a cell has `nb_execution_timeout` seconds, a chapter any time, a kernel "
        "four fifths of the machine's memory. A chapter's front matter can say otherwise: "
        "`mmbook: {limits: {memory_gb: 8}}`.",
        {},
    )
    on_error: str = setting(
        "What a chapter whose code fails means for the build: 'warn' prints a warning, "
        "which fails builds with -W (as `mmbook build` without `--lenient` is); 'fail' gives "
        "exit status 1 in any case; 'ignore' only prints it. The page says it in any case.",
        "warn",
    )
    execution_jobs: int = setting(
        "How many notebooks run at the same time. 0 for one on each processor, as far "
        "as there is memory for them (500 MB each).",
        0,
    )
    scheduler: str = setting(
        "Address of a Dask scheduler on whose workers chapters run in place of this "
        "machine, such as `tcp://localhost:8786`; needs `sphinx-mmbook[dask]`. Rather for the "
        "command line: `mmbook build -- -D mmbook_scheduler=…`.",
        "",
    )
    number_language: str = setting(
        "Language whose separators the numbers of stored results have: 'de' for 12.345,6. "
        "Not set, it is the book's. 'en' keeps the decimal point in every book.",
        "",
    )
    speedups: bool = setting(
        "Whether repeated work of Sphinx and the theme is left out. The pages are the "
        "same with and without; 'False' helps to find out whether a fault is ours.",
        True,
    )


ON_ERROR = ("warn", "fail", "ignore")
#: MyST-NB's name for the language of pages.
MYST = "myst-nb"
#: What other extensions need set for a book. What conf.py says wins, also where it says a default.
DEFAULTS: dict[str, Any] = {
    "numfig": True,
    "math_numfig": True,
    "numfig_secnum_depth": 1,
    "html_secnumber_suffix": " ",
    "myst_title_to_header": True,
    "nb_execution_mode": "cache",
    # Seconds for one cell: MyST-NB's 30 are too few for a chapter that trains something small.
    "nb_execution_timeout": 300,
    # Warnings of libraries are for the author; 'mystnb: {output_stderr: show}' asks for them.
    "nb_output_stderr": "remove",
    # Widgets would load their scripts from another host.
    "nb_ipywidgets_js": {},
}


#: The kind of output with which a notebook's widget asks to be drawn.
WIDGETS = "application/vnd.jupyter.widget-view+json"


def refuse_faults(app: Sphinx, config: Config) -> None:
    """Stop at once if a setting cannot be meant.

    No ``ConfigError``: Sphinx 9 prints those with a traceback.

    :raises SystemExit: with status 1 and what is wrong.
    """
    stop_if(
        *faults_of_levels(config.mmbook_rules),
        *faults_of_macros(config.mmbook_macros),
        *faults_of_types(config),
        *(f"mmbook_limits: {fault}" for fault in faults_of_limits(config.mmbook_limits)),
        *faults_of_others(config),
    )


def stop_if(*faults: str) -> None:
    """Stop if anything is wrong.

    :raises SystemExit: with status 1 and what it is.
    """
    if faults:
        raise SystemExit("\n".join(f"conf.py: {fault}" for fault in faults))


def faults_of_types(config: Config) -> list[str]:
    """Return which settings of ours have a value of another type than they must."""
    found = []
    for setting in fields(Settings):
        name, default = f"mmbook_{setting.name}", getattr(Settings(), setting.name)
        # Faults of the two dictionaries are told above. To Python True is a number; here it is not.
        if type(config[name]) is not type(default) and not isinstance(default, dict):
            kind = type(default).__name__
            found.append(f"{name} is no '{kind}'; write, for example, {name} = {default!r}")
    if config.mmbook_on_error not in ON_ERROR:
        found.append(f"mmbook_on_error must be {quoted_list(ON_ERROR)}")
    return found


def set_defaults(app: Sphinx, config: Config) -> None:
    """Set what the book needs where conf.py says nothing of it."""
    set_where_unset(config, DEFAULTS)
    if not config.nb_ipywidgets_js:  # nothing would draw them: show what else the cell gave
        hidden = ("*", WIDGETS, None)
        config.nb_mime_priority_overrides = [hidden, *config.nb_mime_priority_overrides]
    # As projects with MyST-Parser have it; without its parser Sphinx dies of it.
    if isinstance(config.source_suffix, dict):
        suffixes = config.source_suffix.items()
        config.source_suffix = {s: MYST if kind == "markdown" else kind for s, kind in suffixes}
    config.myst_enable_extensions = {*EXTENSIONS, *config.myst_enable_extensions}
    # Plotly and Altair give data for editors beside their HTML: nothing is lost.
    config.suppress_warnings = [*config.suppress_warnings, "mystnb.unknown_mime_type"]
    gallery = getattr(config, "sphinx_gallery_conf", {})
    never = no_pages({"sphinx_gallery_conf": gallery, "extensions": config.extensions})
    ours = (*never, *read_mes(Path(app.srcdir)), *outputs(app))
    config.exclude_patterns = list(dict.fromkeys((*config.exclude_patterns, *ours)))


def book_settings(config: Config) -> BookSettings:
    """Return what a book sets, as its check needs to know it."""
    values = {name: config[name] for name in NAMES if name in config}
    # An attribute of Sphinx's configuration, and none of its values.
    return settings_from({**values, "extensions": config.extensions})


def all_settings(config: Config) -> BookSettings:
    """Return the same with all that a book sets, for rules that look for a word anywhere in it."""
    values = {one.name: one.value for one in config}
    return settings_from({**values, "extensions": config.extensions})


def made_folders(app: Sphinx) -> list[Path]:
    """Return the folders that this build writes to: Sphinx, MyST-NB, and Matplotlib's {plot}."""
    out, trees = Path(app.outdir).resolve(), Path(app.doctreedir).resolve()
    beside = [out.parent / name for name in ("jupyter_execute", ".jupyter_cache")]
    return [out, trees, *beside, trees.parent / "plot_directive"]


def outputs(app: Sphinx) -> list[str]:
    """Return the folders below the book that this build writes to.

    They hold notebooks that MyST-NB has executed; Sphinx would read them as chapters.
    """
    source = Path(app.srcdir).resolve()
    folders = made_folders(app)
    inside = [folder.relative_to(source) for folder in folders if folder.is_relative_to(source)]
    return [folder.as_posix() for folder in inside if folder.parts[:1] not in ((), ("_build",))]


def setup_config(app: Sphinx) -> None:
    """Register the settings; set other extensions' defaults before they read them."""
    stop_if(*faults_of_others(app.config))
    missing = not_installed(Path(app.confdir), app.config.extensions)
    stop_if(*(fault.message for fault in missing))
    for setting in fields(Settings):
        default = getattr(Settings(), setting.name)
        kind = ENUM(*ON_ERROR) if setting.name == "on_error" else type(default)
        app.add_config_value(f"mmbook_{setting.name}", default, "env", kind)
    app.connect("config-inited", refuse_faults, priority=50)
    app.connect("config-inited", set_defaults, priority=100)
