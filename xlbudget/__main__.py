"""``python -m xlbudget``."""

from xlbudget.cli import main

if __name__ == "__main__":
    main()
