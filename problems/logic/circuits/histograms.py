"""Truth-table mode: how often free wires take each value, beside the exact Boltzmann law."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit import exact
from pbit.by_value import ByValue
from pbit.checks import integer
from pbit.models.clamping import clamp
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray
from pbit.problems.logic.circuits.inverse import LogicProblem
from pbit.run.control import Control, control_from
from pbit.samplers.anneal import anneal
from pbit.schedules.schedule import Schedule
from pbit.statistics import chi_square_p_value

MOST_BITS = 16
_ENUMERATED = 20
_BLOCK = 2**14  # inputs tried at a time
_ELIMINATED_BITS = 10


@dataclass(frozen=True, eq=False)
class Histogram(ByValue):
    """Values of some wires of a circuit at a fixed temperature.

    Parameters
    ----------
    names : list of str
    values : list of tuple of int
        Values of the names, one tuple a row: those that were seen or are possible.
    counts : int64, shape (rows,)
        Reads in each row.
    consistent : bool array, shape (rows,), or None
        Whether the circuit, with its clamp, can have these values at all; None where that is not
        known, with more than 20 inputs left to try.
    exact : float64, shape (rows,), or None
        Boltzmann probabilities; None where the network is too large for them.
    p_value : float or None
        Of the counts under the exact law, by chi-square.
    info : dict
        Of the run, as :func:`pbit.anneal` returns it.
    """

    names: list[str]
    values: list[tuple[int, ...]]
    counts: npt.NDArray[np.int64]
    consistent: npt.NDArray[np.bool_] | None
    exact: FloatArray | None
    p_value: float | None
    info: dict[str, Any]


def histogram(
    problem: LogicProblem,
    read: Sequence[str],
    *,
    beta: float,
    num_reads: int = 10_000,
    num_sweeps: int = 1000,
    seed: int | None = None,
    num_threads: int | None = None,
    control: Control | None = None,
) -> Histogram:
    """Counts of the values of some wires in the last states of independent reads at one beta.

    The exact law is the Boltzmann law of the network, summed over the other p-bits: by enumeration
    up to 20 p-bits, else by elimination with each value clamped, where the treewidth permits and
    the wires have at most 10 bits. A read of ``num_sweeps`` sweeps follows it if the network
    relaxes within them.

    Parameters
    ----------
    problem : LogicProblem
        Compiled with ``propagate=False`` where wires that the clamp decides shall be p-bits.
    read : sequence of str
        Signals, bits or wires; at most 16 bits together.
    beta : float
        Inverse temperature >= 0.
    num_reads, num_sweeps, seed, num_threads, control
        As for :func:`pbit.anneal`.

    Raises
    ------
    ValueError
        More than 16 bits, no bits, an argument out of range, a name that does not exist.

    Examples
    --------
    >>> from pbit.problems.logic.circuits.circuit import Circuit
    >>> circuit = Circuit()
    >>> a, b = circuit.input("a"), circuit.input("b")
    >>> circuit.output("y", a & b)
    >>> table = histogram(LogicProblem(circuit), ["a", "b", "y"], beta=1.0, seed=1)
    >>> round(float(table.exact[table.consistent].sum()), 3)
    0.986
    """
    integer("num_sweeps", num_sweeps, 1)
    literals = [literal for name in read for literal in problem.circuit.find(name)]
    if not 1 <= len(literals) <= MOST_BITS:
        raise ValueError(
            f"a histogram must be of 1..{MOST_BITS} bits, got {len(literals)} in "
            f"{', '.join(read) or 'no wires'}; read fewer or narrower wires"
        )
    network, model = problem.network, problem.model
    if model.num_spins == 0:
        raise ValueError("the clamp decides every wire, got no free p-bit; leave some unclamped")
    reads = anneal(
        model,
        Schedule(np.array([beta]), sweeps_per_beta=num_sweeps),
        num_reads=num_reads,
        seed=seed,
        num_threads=num_threads,
        control=control,
    )
    codes = _codes(network.bits(reads.spins, literals))
    control = control_from(control)
    law = _exact(problem, literals, beta, interrupted=control.interrupted)
    counts = np.bincount(codes, minlength=2 ** len(literals))
    possible = _possible(problem, literals)
    seen = counts > 0 if law is None else (counts > 0) | (law > 0)
    shown = np.flatnonzero(seen if possible is None else seen | possible)
    return Histogram(
        names=list(read),
        values=_values(problem, read, shown),
        counts=counts[shown],
        consistent=None if possible is None else possible[shown],
        exact=None if law is None else law[shown],
        p_value=_p_value(codes, law),
        info=reads.info,
    )


def _p_value(codes: npt.NDArray[np.int64], law: FloatArray | None) -> float | None:
    if law is None:
        return None
    try:
        return chi_square_p_value(codes, law)
    except ValueError:  # one value only, or too few reads to tell
        return None


def _codes(bits: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    codes: npt.NDArray[np.int64] = bits.astype(np.int64) @ (1 << np.arange(bits.shape[-1]))
    return codes


def _values(problem: LogicProblem, read: Sequence[str], codes: Any) -> list[tuple[int, ...]]:
    columns, first = [], 0
    for name in read:
        width = len(problem.circuit.find(name))
        columns.append((codes >> first & (1 << width) - 1).tolist())
        first += width
    return list(zip(*columns, strict=True))


def _possible(problem: LogicProblem, literals: list[int]) -> npt.NDArray[np.bool_] | None:
    """Values of the literals for some inputs that meet the clamp; None for too many inputs."""
    inputs = [q >> 1 for wires in problem.circuit.inputs.values() for q in wires]
    free = [net for net in inputs if 2 * net not in problem.held]
    if len(free) > _ENUMERATED:
        return None
    possible = np.zeros(2 ** len(literals), dtype=bool)
    for first in range(0, 2 ** len(free), _BLOCK):
        rows = np.arange(first, min(first + _BLOCK, 2 ** len(free)))
        bits, meets = _tried(problem, literals, (rows, free))
        possible[_codes(bits[meets])] = True
    return possible


def _tried(
    problem: LogicProblem, literals: list[int], inputs: tuple[npt.NDArray[np.int64], list[int]]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Bits of the literals, and whether the clamp is met, for rows of values of free inputs."""
    rows, free = inputs
    decided = {q >> 1 for wires in problem.circuit.inputs.values() for q in wires} - {*free}
    known = {net: (rows >> k & 1).astype(bool) for k, net in enumerate(free)}
    known |= {net: np.full(rows.size, bool(problem.held[2 * net])) for net in decided}
    values = problem.circuit.netlist.evaluate({0: np.zeros(rows.size, dtype=bool), **known})
    meets = np.ones(rows.size, dtype=bool)
    for literal, bit in problem.held.items():
        meets &= values[literal >> 1] == bool(bit)
    bits = np.stack([values[q >> 1] ^ bool(q & 1) for q in literals], axis=-1)
    return bits, meets


def _exact(
    problem: LogicProblem, literals: list[int], beta: float, *, interrupted: Callable[[], bool]
) -> FloatArray | None:
    """Law of the literals, shape (2 ** bits,), or None where it is out of reach."""
    network, model = problem.network, problem.model
    if model.num_spins <= _ENUMERATED:
        law = exact.exact_boltzmann(model, beta)
        codes = _codes(network.bits(exact.states(model.num_spins), literals))
        summed: Any = np.bincount(codes, weights=law, minlength=2 ** len(literals))
        return np.asarray(summed, dtype=np.float64)
    if len(literals) > _ELIMINATED_BITS or not isinstance(model, IsingModel):
        return None
    return _by_elimination(problem, literals, beta, interrupted=interrupted)


def _by_elimination(
    problem: LogicProblem, literals: list[int], beta: float, *, interrupted: Callable[[], bool]
) -> FloatArray | None:
    network: Any = problem.network
    model = network.model
    log_z = np.full(2 ** len(literals), -np.inf)
    for code in range(log_z.size):
        if interrupted():
            return None
        held: dict[Any, int] = {}
        agrees = True
        for k, literal in enumerate(literals):
            value = 2 * ((code >> k & 1) ^ (literal & 1)) - 1
            spin, value = network.spins[literal >> 1], value * int(network.signs[literal >> 1])
            if spin < 0:
                agrees &= value == 1
            else:
                agrees &= held.setdefault(model.labels[spin], value) == value
        if agrees:
            try:
                log_z[code] = exact.exact_log_z(clamp(model, held).model, beta)
            except (ValueError, MemoryError):
                return None
    weights = np.exp(log_z - log_z.max())
    law: FloatArray = weights / weights.sum()
    return law
