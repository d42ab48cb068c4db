"""What workflows run: the guard of a built site, and the summary of a pull request."""
