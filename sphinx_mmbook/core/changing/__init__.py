"""A book changed as a whole: chapters renamed and removed, a newer template taken in; as data."""
