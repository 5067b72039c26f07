"""``python -m stabgraph`` is the command ``stabgraph``."""

from stabgraph.cli import main

if __name__ == "__main__":
    main()
