"""``python -m ihk`` is the command ``ihk``."""

from ihk.cli import main

if __name__ == "__main__":
    main()
