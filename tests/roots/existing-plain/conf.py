project = "Plain"
author = "Ann Example"
copyright = "Ann Example"
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
html_theme = "alabaster"
html_theme_options = {"description": "An old project"}
numfig = True
