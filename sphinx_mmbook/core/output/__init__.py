"""What the outputs need: LaTeX and its log, fonts, MathML, images, the EPUB file."""
