"""What belongs to one output as a whole: the website, its downloads, the EPUB, its images."""
