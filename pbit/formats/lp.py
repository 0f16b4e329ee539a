r"""LP files, in the dialect that most solvers share; see `docs/problems.md` for what is read.

``<`` is ``<=``; products in ``[ ... ] / 2`` of the objective are halved, those of rows are not.
Every token is used or refused with its line and column.
"""

import re
from collections.abc import Iterator

from pbit.formats.contents import Contents
from pbit.formats.cqm import CqmContents
from pbit.formats.errors import FormatError
from pbit.formats.format import Format, Holds, Sign, Stage
from pbit.formats.lp_reader import LpReader
from pbit.formats.lp_writer import lines_of
from pbit.formats.milp_reading import ascii_text, contents_of
from pbit.formats.milp_writing import milp_of
from pbit.formats.tokens import Body, clean, first_line, whole

NAME = "lp"
# A file without an objective may leave its sense out for dimod; the title is the next best sign.
_SENSE = re.compile(rb"(?:min|max)(?:imi[sz]e|imum)?\b|subject[ \t]+to\b", re.IGNORECASE)
_LEADING = re.compile(rb"(?:\s+|\\[^\n]*)*+")
_COMMENT = re.compile(rb"\\[^\n]*")


def looks_like_lp(body: Body) -> bool:
    r"""Return whether the first line, comments in LP's own way left out, names a sense.

    Examples
    --------
    >>> looks_like_lp(whole(b"\\ made by hand\nMaximize\n obj: x\nEnd\n", "a.lp"))
    True
    """
    leading = _LEADING.match(body.data)
    match = _SENSE.match(body.data, leading.end() if leading is not None else 0)
    return match is not None and body.data[match.end() : match.end() + 1] in (
        b"", b"\n", b" ", b"\t",
    )  # fmt: skip


def read(data: bytes, name: str) -> CqmContents:
    """Return the model of an LP file.

    Raises
    ------
    FormatError
        A token that has no meaning here, real variables, or no variables.
    """
    body = whole(clean(data, name), name)
    if not looks_like_lp(body):
        line = first_line(body)
        raise FormatError(name, line.number, "expected 'Minimize' or 'Maximize' at the beginning")
    text = _COMMENT.sub(b"", body.data)
    return contents_of(LpReader(ascii_text(text, name, "LP"), name).read(), NAME)


def render(contents: Contents | CqmContents) -> Iterator[str]:
    """Yield the lines of an LP file; numbers as labels become names `x1`.

    Raises
    ------
    ValueError
        What LP files cannot hold, spins and labels of other characters among it.
    """
    yield from lines_of(milp_of(contents))


FORMAT = Format(
    name=NAME,
    what="LP file: linear constraints, integers with bounds, quadratic objectives, SOS1 over bits",
    read=read,
    write=render,
    holds=Holds(kinds=("qubo", "cqm"), labels=True, offset=True, sense=True, repeats=False),
    signs=(Sign(Stage.TEXT, 50, lambda sample: looks_like_lp(sample.body)),),
    endings=(".lp",),
    rank=150,
)
