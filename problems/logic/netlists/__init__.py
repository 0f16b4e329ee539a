"""Circuits from netlists that other tools write: BLIF, AIGER and yosys JSON."""

from __future__ import annotations

from collections.abc import Callable

from pbit.checks import ArgumentError
from pbit.formats.errors import FormatError
from pbit.formats.source import Source, load
from pbit.formats.tokens import clean
from pbit.problems.logic.circuits.circuit import Circuit
from pbit.problems.logic.circuits.restructure import restructured
from pbit.problems.logic.netlists import aiger, blif, yosys

__all__ = ["FORMATS", "FormatError", "read_circuit"]

FORMATS = {
    "blif": "Berkeley Logic Interchange Format: .model, .names, .subckt; no latches",
    "aiger": "and-inverter graph, ascii (aag) or binary (aig); no latches",
    "yosys": "JSON of yosys' write_json, of gates or words; no registers",
}
_READERS: dict[str, Callable[..., Circuit]] = {
    "blif": blif.read,
    "aiger": aiger.read,
    "yosys": yosys.read,
}
_MAX_BYTES = 2**30


def read_circuit(
    source: Source,
    *,
    format: str | None = None,
    top: str | None = None,
    fewer_p_bits: bool = True,
    max_bytes: int = _MAX_BYTES,
) -> Circuit:
    """Circuit of a netlist.

    Bits ``name[0]``, ``name[1]`` ... of inputs and outputs become a bus ``name``. ``wires`` of the
    circuit has the wires inside, names in an instance of a model behind that of the instance and a
    dot.

    Parameters
    ----------
    source : path, "-" or binary stream
        "-" is standard input; gzip is inflated on the way.
    format : {"blif", "aiger", "yosys"}, optional
        Told by the content if left out.
    top : str, optional
        Model or module to read; by default the one at the top.
    fewer_p_bits : bool
        Look for adders, majorities and multiplexers among the gates
        (:func:`~pbit.problems.logic.circuits.restructure.restructured`), about 0.2 ms a gate; wires
        that this leaves out come back when they are read or clamped.
    max_bytes : int
        Most bytes to accept, after inflating.

    Raises
    ------
    FormatError
        The file is damaged, or holds what no network of p-bits can do: latches, cycles, unknown
        cells. The message has the line, or the module and the cell.
    OSError
        The path cannot be opened.
    ValueError
        ``format`` is unknown, or ``top`` is given for AIGER, which has no modules.

    Examples
    --------
    >>> import io
    >>> source = io.BytesIO(b".model m\\n.inputs a b\\n.outputs y\\n.names a b y\\n10 1\\n01 1\\n")
    >>> read_circuit(source).evaluate(a=1, b=0)
    {'y': 1}
    """
    if format is not None and format not in FORMATS:
        raise ArgumentError("format", f"must be one of {', '.join(FORMATS)}", format)
    data, name = load(source, max_bytes=max_bytes)
    format = format or detect(data, name)
    if format == "aiger" and top is not None:
        raise ArgumentError("top", "must be left out for AIGER, which has no modules")
    options = {} if format == "aiger" else {"top": top}
    circuit = _READERS[format](data, name, **options)
    return restructured(circuit) if fewer_p_bits else circuit


def detect(data: bytes, name: str) -> str:
    """Format of a netlist, a key of `FORMATS`.

    Raises
    ------
    FormatError
        No known one.

    Examples
    --------
    >>> detect(b"aag 1 1 0 1 0\\n2\\n2\\n", "a.aag")
    'aiger'
    """
    if data[:4].strip() in (b"aag", b"aig"):
        return "aiger"
    text = clean(data, name)
    if text.lstrip()[:1] == b"{":
        return "yosys"
    for number, line in enumerate(text.split(b"\n"), start=1):
        if line.strip() and not line.lstrip().startswith(b"#"):
            if line.lstrip().startswith(b"."):
                return "blif"
            raise FormatError(
                name,
                number,
                "no known netlist, expected BLIF ('.model'), AIGER ('aag' or 'aig') or the JSON "
                "of yosys",
            )
    raise FormatError(name, None, "nothing but comments, expected a netlist; check the path")
