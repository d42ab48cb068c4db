author = "The seminar"
bibtex_bibfiles = ["references.bib"]
copyright = "2023"
exclude_patterns = ["**.ipynb_checkpoints", ".DS_Store", "Thumbs.db", "_build"]
extensions = [
    "sphinx_copybutton",
    "myst_nb",
    "sphinx_external_toc",
    "sphinx_book_theme",
    "sphinxcontrib.bibtex",
    "sphinx_multitoc_numbering",
]
external_toc_exclude_missing = False
external_toc_path = "_toc.yml"
html_baseurl = ""
html_favicon = ""
html_logo = ""
html_sourcelink_suffix = ""
html_theme = "sphinx_book_theme"
html_theme_options = {
    "search_bar_text": "Search this book...",
    "path_to_docs": "",
    "repository_url": "",
    "repository_branch": "master",
    "extra_footer": "",
    "home_page_in_toc": True,
    "use_repository_button": False,
    "use_edit_page_button": False,
    "use_issues_button": False,
}
html_title = "My sample book"
latex_engine = "pdflatex"
myst_enable_extensions = ["colon_fence", "dollarmath", "substitution", "tasklist"]
myst_url_schemes = ["mailto", "http", "https"]
nb_execution_allow_errors = False
nb_execution_cache_path = ""
nb_execution_excludepatterns = []
nb_execution_in_temp = False
nb_execution_mode = "off"
nb_execution_timeout = 30
nb_output_stderr = "show"
numfig = True
pygments_style = "sphinx"
suppress_warnings = ["myst.domains"]
use_multitoc_numbering = True
