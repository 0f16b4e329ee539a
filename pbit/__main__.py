"""``python -m pbit``: the ``pbit`` command."""

from pbit.cli.entry import main

if __name__ == "__main__":
    main()
