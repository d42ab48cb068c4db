"""Files of a book: their paths, what Git knows of them, and writing them whole."""
