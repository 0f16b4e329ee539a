"""Circuits from netlists that other tools write: BLIF, AIGER and yosys JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pbit.checks import ArgumentError
from pbit.formats.detection import told
from pbit.formats.errors import FormatError
from pbit.formats.format import Stage
from pbit.formats.sample import Sample
from pbit.formats.source import Source, load
from pbit.problems.logic.circuits.circuit import Circuit
from pbit.problems.logic.circuits.restructure import restructured
from pbit.problems.logic.netlists.blif_parser import first_command
from pbit.problems.logic.netlists.registry import KNOWN, NetlistFormat

__all__ = ["FORMATS", "FormatError", "read_circuit"]

FORMATS: Mapping[str, str]
"""All formats by name, with a line on each; made when it is asked for."""
_MAX_BYTES = 2**30


def __getattr__(name: str) -> Any:
    if name == "FORMATS":
        return {found.name: found.what for found in KNOWN.all().values()}
    raise AttributeError(f"module 'pbit.problems.logic.netlists' has no attribute {name!r}")


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
    chosen = None if format is None else _named(format)
    data, name = load(source, max_bytes=max_bytes)
    chosen = chosen or _named(detect(data, name))
    if not chosen.has_modules and top is not None:
        raise ArgumentError(
            "top", f"must be left out for {chosen.name.upper()}, which has no modules"
        )
    circuit = chosen.read(data, name, top=top) if chosen.has_modules else chosen.read(data, name)
    return restructured(circuit) if fewer_p_bits else circuit


def _named(format: str) -> NetlistFormat:
    found = KNOWN.find(format)
    if found is None:
        raise ValueError(f"format must be one of {', '.join(KNOWN.all())}, got {format!r}")
    return found


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
    sample = Sample(data, name)
    found = told(sample, KNOWN.all().values(), Stage)
    if found is not None:
        return found
    number, _ = first_command(sample.text)
    if not number:
        raise FormatError(name, None, "nothing but comments, expected a netlist; check the path")
    raise FormatError(
        name,
        number,
        "no known netlist, expected BLIF ('.model'), AIGER ('aag' or 'aig') or the JSON of yosys",
    )
