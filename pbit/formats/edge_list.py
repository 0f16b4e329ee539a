"""Edge lists without a header: lines `i j weight` or `i j`, counted from 0 or from 1."""

from collections.abc import Iterator

from pbit.formats.contents import Contents
from pbit.formats.entries import Entries, parse_entries
from pbit.formats.errors import FormatError
from pbit.formats.format import Format, Holds, Sign, Stage
from pbit.formats.lines import is_decimal
from pbit.formats.sample import Sample
from pbit.formats.table import maybe_note
from pbit.formats.tokens import Line, clean, first_line, whole
from pbit.formats.writing import check_plain, weight_text

NAME = "edge-list"


def read(data: bytes, name: str) -> Contents:
    """Return the weighted graph of an edge list; it counts from 0 if any index is 0.

    Raises
    ------
    FormatError
        A line that is neither `i j weight` nor `i j`.
    """
    body = whole(clean(data, name), name)
    header = first_line(body)
    try:
        entries = parse_entries(body, columns=(2, 3), commas=True)
    except FormatError as error:
        raise _with_hint(error, header) from error
    base = 0 if min(entries.rows.min(), entries.cols.min()) == 0 else 1
    num_variables = int(max(entries.rows.max(), entries.cols.max())) + 1 - base
    return Contents(
        kind="graph",
        num_variables=num_variables,
        rows=entries.rows - base,
        cols=entries.cols - base,
        values=entries.values,
        labels=range(base, num_variables + base),
        format=NAME,
        name=name,
        notes=(*edge_notes(entries, base, num_variables), *maybe_note(body)),
    )


def _with_hint(error: FormatError, first: Line) -> FormatError:
    """Return the error with what the file may be instead."""
    fields = first.text.replace(b",", b" ").split()
    if error.line == first.number and not any(map(is_decimal, fields)):
        hint = f"is line {first.number} a header? remove it"
    elif error.line == first.number and not all(map(is_decimal, fields)):
        hint = "names of vertices are not read: number them"
    elif len(fields) == 2 and "3 fields" in error.problem:
        hint = (
            f"if line {first.number} is the header 'vertices edges', read the file with "
            "format='rudy'"
        )
    elif len(fields) >= 3:
        hint = "a square table of numbers is read with format='matrix' or 'qubo-matrix'"
    else:
        return error
    return FormatError(error.name, error.line, f"{error.problem}; {hint}")


def edge_notes(entries: Entries, base: int, num_variables: int) -> list[str]:
    notes = ["indices start at 0"] if base == 0 else []
    if _looks_like_header(entries):
        notes.append(
            "the first line was read as an edge; if it is the header 'vertices edges', "
            "read the file with format='rudy'"
        )
    return notes + unused_note(num_variables, len(entries))


def unused_note(num_variables: int, num_entries: int) -> list[str]:
    """Return a note if most variables cannot occur in any entry.

    Examples
    --------
    >>> unused_note(100, 2)
    ['the largest index gives 100 variables, but at most 4 of them occur']
    """
    if num_variables <= 2 * num_entries:
        return []
    return [
        f"the largest index gives {num_variables} variables, "
        f"but at most {2 * num_entries} of them occur"
    ]


def _looks_like_header(entries: Entries) -> bool:
    if entries.width != 2 or len(entries) < 2 or entries.rows[0] < 1:
        return False
    rest = max(entries.rows[1:].max(), entries.cols[1:].max())
    largest = entries.rows[0] >= rest and entries.cols[0] > len(entries) // 2
    return bool(largest or entries.cols[0] == len(entries) - 1)


def render(contents: Contents) -> Iterator[str]:
    """Yield the lines of an edge list from 1; the last vertex is named, if need be by a weight 0.

    Raises
    ------
    ValueError
        Another kind, an offset, or names as labels.
    """
    check_plain(contents, NAME, kinds=("graph",), offset=False)
    entries = zip(
        contents.rows.tolist(), contents.cols.tolist(), contents.values.tolist(), strict=True
    )
    for row, col, value in entries:
        yield f"{row + 1} {col + 1} {weight_text(value)}\n"
    last = contents.num_variables
    named = max(contents.rows.max(initial=-1), contents.cols.max(initial=-1)) + 1
    if named < last:
        yield f"1 {last} 0\n"


def tells(sample: Sample) -> bool:
    """Return whether the first line may be an entry, or a pair that no header explains."""
    commas = b"," in sample.first.text
    return commas or len(sample.fields) == 3 or sample.counts is not None


FORMAT = Format(
    name=NAME,
    what="lines 'i j weight' or 'i j' without a header, from 0 or from 1",
    read=read,
    write=render,
    holds=Holds(kinds=("graph",), fields=True, first=1),
    signs=(Sign(Stage.NUMBERS, 30, tells),),
    endings=(".edges",),
    rank=20,
)
