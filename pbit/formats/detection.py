"""Tell the format of a file from what is in it, by the signs that the formats state."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from pbit.formats.format import Sign, Stage
from pbit.formats.registry import KNOWN
from pbit.formats.sample import Sample
from pbit.formats.tokens import wrong

_NETLISTS = (b".model", b".inputs", b"aag", b"aig")


class Told(Protocol):
    """What has a name and signs."""

    @property
    def name(self) -> str:
        """Name that is the answer."""
        ...

    @property
    def signs(self) -> tuple[Sign, ...]:
        """Its marks in a file."""
        ...


def detect(data: bytes, name: str) -> str:
    """Return the name of the format of `data`, a key of `FORMATS`.

    Only `.qh` is told by the suffix: it looks like an edge list. Formats that look like others
    ("biqmac" like rudy, "qubo-matrix" like "matrix") are never returned; see `FORMATS`.

    Parameters
    ----------
    data : bytes
        The whole file, inflated.
    name : str
        Its name, for `.qh` and for error messages.

    Raises
    ------
    FormatError
        No known format.

    Examples
    --------
    >>> detect(b"3 2\\n1 2 1\\n2 3 -1\\n", "a.txt")
    'rudy'
    """
    sample = Sample(data, name)
    formats = KNOWN.all().values()
    marked = (Stage.BYTES, Stage.JSON, Stage.TEXT, Stage.LINE)
    found = told(sample, formats, marked)
    if found is None:
        _refuse_other_files(sample)
        found = told(sample, formats, (Stage.NUMBERS,))
    if found is None:
        raise wrong(
            sample.body,
            sample.first,
            "no known format, expected a header 'vertices edges', 'p qubo ...' or 'hubo ...', "
            "entries 'i j weight', or a square table of numbers",
        )
    return found


def told(sample: Sample, candidates: Iterable[Told], stages: Iterable[Stage]) -> str | None:
    """Return the name of the first candidate with a sign in the file, None if there is none.

    Raises
    ------
    FormatError
        Past the first stage, a file that is no text, or one without a line.
    """
    signs = [(sign, one.name) for one in candidates for sign in one.signs]
    signs.sort(key=lambda pair: (pair[0].rank, pair[1]))
    for stage in stages:
        # JSON is seen by its own stage alone, and by that of bytes.
        if stage is Stage.BYTES or (stage is Stage.JSON) == sample.is_json:
            for sign, name in signs:
                if sign.stage is stage and sign.tells(sample):
                    return name
    return None


def _refuse_other_files(sample: Sample) -> None:
    if sample.fields[0] == b"p":
        raise wrong(
            sample.body,
            sample.first,
            "a DIMACS file, expected 'p qubo', 'p edge', 'p col', 'p cnf' or 'p wcnf'; convert it",
        )
    if sample.fields[0] in _NETLISTS:
        raise wrong(
            sample.body,
            sample.first,
            "a netlist, expected a problem; pbit logic runs circuits",
        )
