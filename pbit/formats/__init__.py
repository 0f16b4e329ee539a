"""Problem files for QUBO, Ising, max-cut and HUBO, told by their content, plain or gzip."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from pbit.formats import writing
from pbit.formats.archive import unpack
from pbit.formats.contents import AnyContents as ModelContents
from pbit.formats.contents import (
    ClauseContents,
    CompiledContents,
    Contents,
    DistanceContents,
    TermContents,
)
from pbit.formats.cqm import CqmContents
from pbit.formats.detection import detect
from pbit.formats.errors import FormatError
from pbit.formats.format import Format
from pbit.formats.noting import notes_of
from pbit.formats.registry import KNOWN, named, writable
from pbit.formats.selection import refuse_instance, split_source
from pbit.formats.source import Source, load
from pbit.formats.specifications import SpecificContents
from pbit.formats.variables import check_variables, most_variables

__all__ = [
    "FORMATS",
    "WRITABLE",
    "AnyContents",
    "ClauseContents",
    "CompiledContents",
    "Contents",
    "DistanceContents",
    "Format",
    "FormatError",
    "TermContents",
    "detect",
    "read",
    "register",
    "write",
]

AnyContents: TypeAlias = ModelContents | CqmContents | SpecificContents

FORMATS: Mapping[str, str]
"""All formats by name, with a line on each; made when it is asked for."""
WRITABLE: tuple[str, ...]
"""Names of those that are written."""


def __getattr__(name: str) -> Any:
    if name == "FORMATS":
        return {found.name: found.what for found in KNOWN.all().values()}
    if name == "WRITABLE":
        return tuple(writable())
    raise AttributeError(f"module 'pbit.formats' has no attribute {name!r}")


def register(format: Format) -> Format:
    """Return the format, which from now on is read, told, listed and written like the others.

    Raises
    ------
    ValueError
        Another format has its name.

    Examples
    --------
    >>> from pbit.formats.rudy import FORMAT
    >>> register(FORMAT).name
    'rudy'
    """
    return KNOWN.register(format)


def read(
    source: Source,
    *,
    format: str | None = None,
    max_bytes: int = 4 * 2**30,
    max_variables: int | None = None,
) -> AnyContents:
    """Return the contents of a problem file.

    Parameters
    ----------
    source : path, "-" or binary stream
        "-" is standard input; gzip is inflated on the way. `FILE#NAME` takes one problem from a
        file of several: the member of a tar or zip archive, the number or name in a set.
    format : str, optional
        A key of `FORMATS`; told by the content if left out.
    max_bytes : int
        Most bytes to accept, after inflating.
    max_variables : int, optional
        Most variables to accept, named in the file or not: by default 10 million, and no more than
        100,000 or 100 for each byte of the file.

    Returns
    -------
    Contents, TermContents for a format of any degree, CompiledContents, CqmContents, or one of
    `pbit.formats.specifications`; `notes` say what of the file was left out, and why

    Raises
    ------
    FormatError
        The file does not hold what its format asks for.
    OSError
        The path cannot be opened.
    ValueError
        `format` is unknown.

    Examples
    --------
    >>> import io
    >>> read(io.BytesIO(b"3 2\\n1 2 1\\n2 3 -1\\n")).num_variables
    3
    """
    chosen = None if format is None else named(format)
    path, wanted = split_source(source)
    data, name = load(path, max_bytes=max_bytes)
    unpacked = unpack(data, name, wanted, max_bytes=max_bytes)
    data, name = unpacked.data, unpacked.name
    chosen = chosen or named(detect(data, name))
    most = most_variables(max_variables, len(data))
    contents: AnyContents
    if chosen.several:
        contents = chosen.read(data, name, unpacked.wanted, max_bytes=max_bytes)
    else:
        refuse_instance(unpacked.wanted, name)
        more = {"max_variables": most} if chosen.listed else {}
        contents = chosen.read(data, name, **more)
    check_variables(contents.num_variables, most, name=name, num_bytes=len(data))
    notes = [*unpacked.notes, *contents.notes, *notes_of(contents, data, chosen)]
    return replace(contents, notes=tuple(notes)) if len(notes) > len(contents.notes) else contents


def write(contents: AnyContents, path: writing.Sink, format: str) -> None:
    """Write `contents` so that `read` gives them back: all or nothing, every weight exact.

    Parameters
    ----------
    contents : Contents, TermContents or CompiledContents
        What to write; its kind must fit the format.
    path : path or binary stream
        A name that ends with `.gz` gives a gzip file. A file that is replaced hands on its mode.
    format : str
        One of `WRITABLE`.

    Raises
    ------
    ValueError
        `format` is unknown or cannot hold `contents`.
    OSError
        The folder is missing or cannot be written to.
    """
    render = named(format, written=True).write
    assert render is not None  # for type checkers: `written` says so
    writing.write_lines(render(contents), path)
