"""Rules on stored results: their state, their files, the programs that make them, their use.

``results`` compares each file with its record, ``result_files`` opens it, ``result_programs`` reads
the scripts, and ``stored_values`` judges what pages ask of it.
"""
