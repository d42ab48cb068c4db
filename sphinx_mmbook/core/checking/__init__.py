"""From rules to findings: judging a book, reporting, mending, and the manual of the rules."""
