"""QUBOLib `.qh` Ising files: lines `i j v` counted from 1; `i i v` is a field."""

from collections.abc import Iterator

from pbit.formats.contents import Contents
from pbit.formats.edge_list import unused_note
from pbit.formats.entries import parse_entries
from pbit.formats.format import Format, Holds, Sign, Stage
from pbit.formats.lines import MAX_INDEX
from pbit.formats.remarks import constants
from pbit.formats.tokens import clean, first_line, whole
from pbit.formats.writing import check_plain, weight_text

NAME = "qh"


def read(data: bytes, name: str) -> Contents:
    """Return the Ising model of a `.qh` file: E = c + Σ h_i s_i + Σ J_ij s_i s_j, c in a comment.

    Raises
    ------
    FormatError
        A line that is not `i j v`, or an index 0.
    """
    body = whole(clean(data, name), name)
    first_line(body)
    entries = parse_entries(body, columns=(3,))
    entries.refuse_outside(1, MAX_INDEX, why=".qh counts from 1")
    stated = constants(body)
    num_variables = int(max(entries.rows.max(), entries.cols.max()))
    return Contents(
        kind="ising",
        num_variables=num_variables,
        rows=entries.rows - 1,
        cols=entries.cols - 1,
        values=entries.values,
        offset=stated.value,
        labels=range(1, num_variables + 1),
        format=NAME,
        name=name,
        notes=(*unused_note(num_variables, len(entries)), *stated.notes),
    )


def render(contents: Contents) -> Iterator[str]:
    """Yield the lines of a `.qh` file; a last variable in no entry gets a field of 0.

    Raises
    ------
    ValueError
        Another kind, an offset, or names as labels.
    """
    check_plain(contents, NAME, kinds=("ising",), offset=False)
    entries = zip(
        contents.rows.tolist(), contents.cols.tolist(), contents.values.tolist(), strict=True
    )
    for row, col, value in entries:
        yield f"{row + 1} {col + 1} {weight_text(value)}\n"
    last = contents.num_variables
    if max(contents.rows.max(initial=-1), contents.cols.max(initial=-1)) + 1 < last:
        yield f"{last} {last} 0\n"


# It looks like an edge list.
_SUFFIXES = (".qh", ".qh.gz")
FORMAT = Format(
    name=NAME,
    what="Ising (QUBOLib .qh): lines 'i j value' from 1, E = +sum h s + sum J s s",
    read=read,
    reads_constants=True,
    write=render,
    holds=Holds(kinds=("ising",), first=1),
    signs=(Sign(Stage.TEXT, 20, lambda sample: sample.name.lower().endswith(_SUFFIXES)),),
    endings=(".qh",),
    rank=40,
)
