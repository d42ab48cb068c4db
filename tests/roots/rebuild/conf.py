project = "Test book"
author = "The seminar"
copyright = "The seminar"
extensions = ["sphinx_mmbook"]
html_theme = "basic"
