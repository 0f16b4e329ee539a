"""Resistance of wires: what reaches the far corner of an array, exactly and fast.

Input line j runs past cell 0, 1, ... of its column, driven ahead of cell 0; output line o runs past
the cells of its row and is held at zero volts behind the last one. Between two cells, and between a
cell and an end, lie ``segment_ohm``, at the ends ``end_ohm`` more. All is linear, so that the
currents of the output lines are ``T V`` with a matrix T in siemens, known once and for all, and
``T^T`` for voltages at the output lines and currents of the input lines (reciprocity).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from pbit.checks import ArgumentError
from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number

MOST_CELLS = 2**17
_COLUMNS = 32  # right-hand sides at once: bounds the memory


@dataclass(frozen=True)
class Wires:
    """Resistances of the lines of an array.

    Parameters
    ----------
    segment_ohm : float
        From cell to cell, along inputs and outputs alike.
    end_ohm : float
        Of each driver and each sense amplifier.
    ir_drop : {"exact", "fast"}
        :func:`exact_transfer` or :func:`fast_transfer`.

    Raises
    ------
    TypeError, ValueError
        A resistance that is not a finite number >= 0, another word.
    """

    segment_ohm: float = 0.0
    end_ohm: float = 0.0
    ir_drop: Literal["exact", "fast"] = "exact"

    def __post_init__(self) -> None:
        for name in ("segment_ohm", "end_ohm"):
            number(name, getattr(self, name), (">=", 0.0), remedy="0 is a perfect wire")
        if self.ir_drop not in ("exact", "fast"):
            raise ArgumentError("ir_drop", "must be one of exact, fast", self.ir_drop)

    def transfer(self, conductances_S: FloatArray) -> FloatArray:
        """T, float64 (lines, in), of an array of these conductances."""
        if self.segment_ohm == self.end_ohm == 0:
            return conductances_S
        if self.ir_drop == "fast":
            return fast_transfer(conductances_S, self)
        return exact_transfer(conductances_S, self)


def fast_transfer(conductances_S: FloatArray, wires: Wires) -> FloatArray:
    """Each line by itself, as a ladder, all others perfect: ``T = alpha G beta``, cell by cell.

    alpha is the voltage of a cell on its input line, beta the share of its current that its output
    line lets out. Right to first order in the drop; the page on arrays has
    the error measured against :func:`exact_transfer`.

    Parameters
    ----------
    conductances_S : float64, shape (lines, in)
    wires : Wires

    Returns
    -------
    float64, shape (lines, in)
        In siemens.

    Examples
    --------
    >>> fast_transfer(np.array([[0.01]]), Wires(segment_ohm=1.0)).round(6).tolist()
    [[0.009803]]
    """
    reached = _ladder(conductances_S, wires)
    let_out = _ladder(conductances_S.T[::-1], wires)[::-1].T
    return np.asarray(reached * conductances_S * let_out)


def _ladder(conductances_S: FloatArray, wires: Wires) -> FloatArray:
    """Voltages along axis 0 of lines that are driven with 1 V, cells to ground."""
    count = conductances_S.shape[0]
    onward = np.empty_like(conductances_S)  # conductance of all that lies behind, cell included
    onward[-1] = conductances_S[-1]
    for cell in range(count - 2, -1, -1):
        behind = onward[cell + 1]
        onward[cell] = conductances_S[cell] + behind / (1 + wires.segment_ohm * behind)
    ratios = 1 / (1 + wires.segment_ohm * onward)
    ratios[0] = 1 / (1 + (wires.segment_ohm + wires.end_ohm) * onward[0])
    return np.asarray(np.cumprod(ratios, axis=0))


def exact_transfer(conductances_S: FloatArray, wires: Wires) -> FloatArray:
    """Kirchhoff's law at all nodes, two a cell, solved as a sparse system.

    Parameters
    ----------
    conductances_S : float64, shape (lines, in)
    wires : Wires

    Returns
    -------
    float64, shape (lines, in)
        In siemens.

    Raises
    ------
    ValueError
        More than ``2**17`` cells; no resistance between cells, where nodes are one.

    Examples
    --------
    >>> exact_transfer(np.array([[0.01]]), Wires(segment_ohm=1.0)).round(6).tolist()
    [[0.009804]]
    """
    from scipy.sparse.linalg import splu

    _check_exact(conductances_S, wires)
    rows, columns = conductances_S.shape
    nodes = np.arange(2 * rows * columns).reshape(2, rows, columns)
    end = 1 / (wires.segment_ohm + wires.end_ohm)
    solved = splu(
        _nodal_matrix(conductances_S, nodes, wires),
        permc_spec="MMD_AT_PLUS_A",
        diag_pivot_thresh=0.0,
        options={"SymmetricMode": True},
    )
    transfer = np.empty_like(conductances_S)
    for first in range(0, columns, _COLUMNS):
        driven = nodes[0, 0, first : first + _COLUMNS]
        sources = np.zeros((nodes.size, driven.size))
        sources[driven, np.arange(driven.size)] = end
        transfer[:, first : first + _COLUMNS] = end * solved.solve(sources)[nodes[1, :, -1]]
    return transfer


def _check_exact(conductances_S: FloatArray, wires: Wires) -> None:
    if wires.segment_ohm == 0:
        raise ArgumentError(
            "segment_ohm", "must be > 0 with ir_drop 'exact'", 0, remedy="ir_drop='fast' takes 0"
        )
    if conductances_S.size > MOST_CELLS:
        raise ArgumentError(
            "weights",
            f"must take at most {MOST_CELLS} cells with ir_drop 'exact'",
            conductances_S.size,
            remedy="use ir_drop='fast'",
        )


def _nodal_matrix(conductances_S: FloatArray, nodes: Any, wires: Wires) -> Any:
    """Conductance matrix of the nodes, those of the input lines first."""
    from scipy import sparse

    inputs, outputs = nodes
    segment, end = 1 / wires.segment_ohm, 1 / (wires.segment_ohm + wires.end_ohm)
    joined = [
        (inputs, outputs, conductances_S),
        (inputs[:-1], inputs[1:], np.full(inputs[1:].shape, segment)),
        (outputs[:, :-1], outputs[:, 1:], np.full(outputs[:, 1:].shape, segment)),
    ]
    one, other, between = (np.concatenate([np.ravel(part[k]) for part in joined]) for k in range(3))
    to_ground = np.concatenate([inputs[0], outputs[:, -1]])
    diagonal = end * np.bincount(to_ground, minlength=nodes.size)
    diagonal = diagonal + sum(np.bincount(each, between, nodes.size) for each in (one, other))
    every = np.arange(nodes.size)
    values = np.concatenate([-between, -between, diagonal])
    places = np.concatenate([one, other, every]), np.concatenate([other, one, every])
    return sparse.csc_array((values, places), shape=(nodes.size, nodes.size))
