"""What Sphinx, MyST-NB and docutils never promised: one named function for each use of it."""
