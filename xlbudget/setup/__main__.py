"""``python -m xlbudget.setup``."""

import sys

from xlbudget.setup.cli import main

if __name__ == "__main__":
    sys.exit(main())
