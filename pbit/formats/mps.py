"""MPS and QPS files, free and fixed; see `docs/problems.md` for what is read.

Every field is used or refused with its line and column. Constants are minus the right-hand side of
the objective, QUADOBJ and QMATRIX are those of ``x Q x / 2``, QCMATRIX those of ``x Q x``.
"""

import re
from collections.abc import Iterator

from pbit.formats.contents import Contents
from pbit.formats.cqm import CqmContents
from pbit.formats.format import Format, Holds, Sign, Stage
from pbit.formats.milp_reading import ascii_text, contents_of
from pbit.formats.milp_writing import milp_of
from pbit.formats.mps_reader import MpsReader
from pbit.formats.mps_writer import lines_of
from pbit.formats.tokens import Body, clean, whole

NAME = "mps"
_LEADING = re.compile(rb"(?:[ \t]*\n|\*[^\n]*\n)*+")
_TITLE = re.compile(rb"(?:NAME|OBJSENSE|OBJNAME|ROWS)\b")
_ROWS = re.compile(rb"^ROWS[ \t]*$", re.MULTILINE)
_COMMENT = re.compile(rb"^\*[^\n]*", re.MULTILINE)


def looks_like_mps(body: Body) -> bool:
    r"""Return whether a title of MPS files comes first, and ROWS somewhere.

    Examples
    --------
    >>> looks_like_mps(whole(b"* made by hand\nNAME a\nROWS\n N obj\n", "a.mps"))
    True
    >>> looks_like_mps(whole(b"NAME : berlin52\nTYPE : TSP\n", "a.tsp"))
    False
    """
    leading = _LEADING.match(body.data)
    start = leading.end() if leading is not None else 0
    return _TITLE.match(body.data, start) is not None and _ROWS.search(body.data) is not None


def read(data: bytes, name: str) -> CqmContents:
    """Return the model of an MPS file.

    Raises
    ------
    FormatError
        A field that has no meaning here, real variables, or no variables.
    """
    text = _COMMENT.sub(b"*", whole(clean(data, name), name).data)
    return contents_of(MpsReader(ascii_text(text, name, "MPS"), name).read(), NAME)


def render(contents: Contents | CqmContents) -> Iterator[str]:
    """Yield the lines of an MPS file; numbers as labels become names `x1`.

    Raises
    ------
    ValueError
        What MPS files cannot hold, spins and labels with blanks among it.
    """
    yield from lines_of(milp_of(contents))


FORMAT = Format(
    name=NAME,
    what="MPS and QPS, free or fixed: as LP files",
    read=read,
    write=render,
    holds=Holds(kinds=("qubo", "cqm"), labels=True, offset=True, sense=True, repeats=False),
    signs=(Sign(Stage.TEXT, 60, lambda sample: looks_like_mps(sample.body)),),
    endings=(".mps", ".qps"),
    rank=155,
)
