"""The formats there are: one for each record in a module here, and those registered at run time."""

from pbit.formats.format import Format
from pbit.registry import Registry

KNOWN = Registry("pbit.formats", Format)


def writable() -> dict[str, Format]:
    """Return the formats that are written, in the order of lists."""
    return {name: found for name, found in KNOWN.all().items() if found.write is not None}


def named(name: str, *, written: bool = False) -> Format:
    """Return the format of this name.

    Raises
    ------
    ValueError
        There is none, or it is not written.
    """
    found = KNOWN.find(name)
    if found is None or (written and found.write is None):
        allowed = writable() if written else KNOWN.all()
        raise ValueError(f"format must be one of {', '.join(allowed)}, got {name!r}")
    return found
