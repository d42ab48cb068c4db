"""Pages as text: sources, the elements in them, and the exact position of each."""
