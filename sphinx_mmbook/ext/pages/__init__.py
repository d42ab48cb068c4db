"""Pages of a build: checked, executed, parsed, given their byline, written again when needed."""
