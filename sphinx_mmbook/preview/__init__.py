"""The live preview: a warm process forks one build for each save; a server shows it."""
