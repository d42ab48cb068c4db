"""Settings of the book. You rarely need to change anything here to write a chapter."""

# Title, authors and licence line, as they appear on every page and on the cover.
project = "Multimodal Deep Learning"
author = "The multimodal seminar"
copyright = "2026, the makers of sphinx-mmbook, CC BY 4.0"

# "en" or "de": the language of words such as "Authors", "Figure" and "Search".
language = "en"

# The only extension to name. It brings notebooks, citations and copy buttons along, and it finds
# chapters, bibliographies and people by itself: there is no list of them to maintain here.
extensions = ["sphinx_mmbook"]

html_title = project
html_theme = "sphinx_book_theme"
html_static_path = ["_static"]
html_css_files = ["custom.css"]
html_logo = "_static/logo.svg"
html_favicon = "_static/favicon.svg"

html_theme_options = {
    # Where the sources are: "Edit this page" and "Open issue" lead there. Put your repository here.
    "repository_url": "https://github.com/example/multimodal-book",
    "repository_branch": "main",
    "path_to_docs": "book",
    "use_edit_page_button": True,
    "use_issues_button": True,
    "use_repository_button": True,
    # The title beside the logo; two levels of headings in the list on the right.
    "logo": {"text": project},
    "show_toc_level": 2,
    "home_page_in_toc": True,
}
