"""QOBLIB `.qs` QUBOs: Biq Mac's entries, and a constant in a comment, `# ObjectiveOffset c`.

E = c + x'Qx with Q symmetric and one triangle of it listed, so that pairs count twice.

References
----------
T. Koch, D. E. Bernal Neira, Y. Chen et al., Quantum Optimization Benchmarking Library: The
Intractable Decathlon, arXiv:2504.03832 (2025).
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile

from pbit.formats import biqmac
from pbit.formats.contents import Contents
from pbit.formats.format import Format, Holds, Sign, Stage
from pbit.formats.sample import Sample
from pbit.formats.writing import check_plain, weight_text

NAME = "qs"
_SUFFIXES = (".qs", ".qs.gz")
_MARK = re.compile(rb"#[ \t]*(?:ObjectiveOffset\b|Vars[ \t]+Non-zeros[ \t]*$)")


def tells(sample: Sample) -> bool:
    """Return whether a comment before the header is one of QOBLIB's, or the name ends so.

    Examples
    --------
    >>> tells(Sample(b"# ObjectiveOffset 5\\n2 1\\n1 2 3\\n", "a"))
    True
    """
    if sample.name.lower().endswith(_SUFFIXES):
        return True
    if sample.counts is None:
        return False
    before = takewhile(lambda line: line.number < sample.first.number, sample.body.all_lines())
    return any(_MARK.match(line.text) for line in before)


def read(data: bytes, name: str) -> Contents:
    """Return the QUBO of a `.qs` file: E = c + Σ q_ii x_i + 2 Σ q_ij x_i x_j over its lines.

    Raises
    ------
    FormatError
        As for biqmac.
    """
    return replace(biqmac.read(data, name), format=NAME)


def render(contents: Contents) -> Iterator[str]:
    """Yield the lines of a `.qs` file, the constant first.

    Raises
    ------
    ValueError
        Another kind, names as labels, or weights too small to be halved.
    """
    check_plain(contents, NAME, kinds=("qubo",), offset=True)
    yield f"# ObjectiveOffset {weight_text(contents.offset)}\n"
    yield "# Vars Non-zeros\n"
    yield from biqmac.render(replace(contents, offset=0.0))


FORMAT = Format(
    name=NAME,
    what="QUBO (QOBLIB .qs): as Biq Mac, and '# ObjectiveOffset c'",
    read=read,
    reads_constants=True,
    write=render,
    holds=Holds(kinds=("qubo",), offset=True, first=1),
    signs=(Sign(Stage.TEXT, 35, tells),),
    endings=(".qs",),
    rank=165,
)
