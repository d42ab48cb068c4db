"""``python -m sphinx_mmbook.cli``, where the script ``mmbook`` is not on the path."""

import sys

from sphinx_mmbook.cli import main

sys.exit(main())
