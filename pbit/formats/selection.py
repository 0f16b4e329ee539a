"""Files that hold several problems, and `FILE#NAME`, which takes one of them."""

import os
from collections.abc import Sequence
from difflib import get_close_matches

from pbit.formats.errors import FormatError, shown
from pbit.formats.source import Source

_LISTED = 6


def split_source(source: Source) -> tuple[Source, str | None]:
    """Return the file and the part after `#`; a file whose own name has a `#` comes first.

    Parameters
    ----------
    source : path, "-" or binary stream
        `glasses.npz#17`, `archive.tar.gz#uf20-01.cnf`, or without `#`.

    Returns
    -------
    (source, str or None)

    Examples
    --------
    >>> split_source("glasses.npz#17")
    ('glasses.npz', '17')
    """
    if not isinstance(source, (str, os.PathLike)):
        return source, None
    path = os.fspath(source)
    if "#" not in path or "\0" in path or os.path.exists(path):
        return source, None
    parts = path.split("#")
    for count in range(len(parts) - 1, 0, -1):
        file = "#".join(parts[:count])
        if os.path.exists(file):
            return file, "#".join(parts[count:])
    return parts[0], "#".join(parts[1:])  # of a file that is not there, the name is told


def choose(names: Sequence[str], wanted: str | None, name: str) -> int:
    """Return the position of the instance `wanted` in a file that holds `names`.

    A member of a folder is found by its file name, with or without endings, where only one has it.

    Raises
    ------
    FormatError
        Nothing wanted and several there, or no or more than one instance of that name.

    Examples
    --------
    >>> choose(["set/a.mc", "set/b.mc"], "b", "glasses.tar")
    1
    """
    if wanted is None:
        if len(names) == 1:
            return 0
        raise FormatError(
            name,
            None,
            f"holds {len(names)} instances, expected the name of one of {_listed(names)}; "
            f"write FILE#{names[0] if names else ''}",
        )
    if wanted in names:
        return names.index(wanted)
    bases = [known.rsplit("/", 1)[-1] for known in names]
    found = [k for k, base in enumerate(bases) if base == wanted or base.startswith(f"{wanted}.")]
    if len(found) == 1:
        return found[0]
    if found:
        several = _listed([names[k] for k in found])
        raise FormatError(
            name,
            None,
            f"{len(found)} instances are called {shown(wanted)}, expected one: {several}",
        )
    near = get_close_matches(wanted, bases, 3, 0.5) if len(names) > _LISTED else []
    known = f"{_listed(names)} (near it: {', '.join(near)})" if near else _listed(names)
    raise FormatError(
        name, None, f"no instance {shown(wanted)}, expected one of {known}; correct it"
    )


def refuse_instance(wanted: str | None, name: str) -> None:
    """Check that nothing is chosen from a file of one problem.

    Raises
    ------
    FormatError
        Something is.
    """
    if wanted is not None:
        raise FormatError(
            name, None, f"holds one problem, expected no instance, got {shown(wanted)}; leave # out"
        )


def _listed(names: Sequence[str]) -> str:
    if len(names) <= _LISTED:
        return ", ".join(shown(known)[1:-1] for known in names)
    first = ", ".join(shown(known)[1:-1] for known in names[: _LISTED - 1])
    return f"{first}, ..., {shown(names[-1])[1:-1]}"
