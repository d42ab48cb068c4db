"""What can be referred to and what refers to it: labels, numbers, citations, files shown."""
