"""``python -m pbit``: the ``pbit`` command."""

try:
    from pbit.cli.entry import main
except KeyboardInterrupt:
    raise SystemExit(130) from None

if __name__ == "__main__":
    main()
