"""People, and the metadata of the chapters that they are credited for."""
