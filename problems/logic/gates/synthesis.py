"""Gates made to order: weights, biases and auxiliary bits for a truth table, the gap largest."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from itertools import combinations
from typing import Any

import numpy as np

from pbit.checks import ArgumentError
from pbit.checks import integer as checked_integer
from pbit.problems.logic.gates.gate import Gate, Term
from pbit.problems.logic.gates.gate_search import (
    FloatArray,
    Found,
    GateProgram,
    GateSearch,
    IntArray,
)
from pbit.problems.logic.gates.truth_table import TruthTable, table_of

MAX_GATE_PINS = 12
_MOST_AUXILIARIES = 4
_LARGEST_DENOMINATOR = 720


class NoGateError(ValueError):
    """There is no such gate, or none was found in time.

    Parameters
    ----------
    what, remedy : str
        What there is not, and what to do about it.
    is_proven : bool
        Whether no gate exists within the limits, as against none found in time.
    argument : str, optional
        The one to raise, the first remedy.
    """

    def __init__(
        self, what: str, *, remedy: str, is_proven: bool, argument: str | None = None
    ) -> None:
        self.is_proven = is_proven
        self.argument = argument
        self._what, self._remedy = what, remedy
        super().__init__(self.sentence(argument))

    def sentence(self, name: str | None) -> str:
        """The text, the argument to raise called by another name."""
        first = f"raise {name}, or " if self.argument else ""
        return f"{self._what}; {first}{self._remedy}"


def synthesize_gate(
    truth_table: Any,
    *,
    max_weight: float = 2.0,
    max_bias: float | None = None,
    num_auxiliaries: int | None = None,
    max_auxiliaries: int = 3,
    min_gap: float = 0.0,
    degree: int = 2,
    couplings: Iterable[Iterable[str]] | None = None,
    integer: bool = False,
    name: str = "gate",
    time_limit_s: float = 60.0,
    interrupt: Callable[[], bool] | None = None,
) -> Gate:
    """Gate of the largest gap whose ground states are the rows of a truth table.

    Each row is the ground state for one choice of the auxiliary bits, which the search finds; all
    other states of visible and auxiliary p-bits lie at least the gap higher. Auxiliary p-bits are
    added one at a time until there is a gate. Before it is returned the gate is checked by
    enumeration. Of equally good weights those of the least sum of absolute values are taken.

    Parameters
    ----------
    truth_table : TruthTable, str, Expression, Gate or array of 0 and 1
        See :func:`~pbit.problems.logic.gates.truth_table.table_of`: an expression such as
        ``"(a & b) ^ c"``, several named ones, the outputs of a function, shape (2**n,), or the
        rows of a relation, shape (number of rows, number of pins).
    max_weight : float
        Largest ``|J|``, and of longer products where ``degree`` is above 2.
    max_bias : float, optional
        Largest ``|h|``; ``max_weight`` by default.
    num_auxiliaries : int, optional
        So many auxiliary p-bits, at most 4; by default the least number with a gate. More of them
        can have a larger gap.
    max_auxiliaries : int
        The most to try where ``num_auxiliaries`` is left out.
    min_gap : float
        The least gap that is good enough: another way to ask for more auxiliary p-bits.
    degree : int
        Most spins in a product; above 2 the gate has native products of many spins.
    couplings : iterable of groups of pin names, optional
        The only products there may be, besides biases; for a gate that fits a given graph. Names
        that are no visible pins are auxiliary p-bits.
    integer : bool
        Whole-number weights only.
    name : str
    time_limit_s : float
        Seconds; if the search ends here the best gate so far is returned, and ``gap_bound`` says
        what gap might still be possible.
    interrupt : callable, optional
        Asked now and then; True ends the search as the time limit does.

    Returns
    -------
    Gate
        Its ``gap_bound`` equals ``gap`` where the gap is proven to be the largest.

    Raises
    ------
    NoGateError
        There is no such gate, or none was found in time; ``is_proven`` tells which.
    ValueError, TypeError
        An argument out of range, or a truth table that is none.

    References
    ----------
    Bian, Chudak, Israel, Lackey, Macready, Roy, Front. ICT 3, 14 (2016): gaps of penalty models
    by optimisation. The branch and bound over auxiliary bits here is our own.

    Examples
    --------
    >>> gate = synthesize_gate("a & b", max_weight=2)
    >>> gate.gap, gate.biases, gate.gap_bound
    (4.0, (1.0, 1.0, -2.0), 4.0)
    >>> synthesize_gate("a ^ b").auxiliaries
    ('X',)
    """
    table = table_of(truth_table)
    limits = _checked_limits(max_weight, max_bias, whole=integer)
    _check_amount("min_gap", min_gap, positive=False)
    _check_amount("time_limit_s", time_limit_s, positive=True)
    allowed = None if couplings is None else _checked_couplings(couplings, table, degree)
    degree = checked_integer("degree", degree, 1)
    counts = _counts(table, num_auxiliaries, max_auxiliaries, allowed)
    end = time.perf_counter() + time_limit_s

    def seconds_left() -> float:
        stopped = interrupt is not None and interrupt()
        return -1.0 if stopped else end - time.perf_counter()

    # Whole numbers need their own unit; else the solver's tolerances want weights of size one.
    unit = 1.0 if integer else max(limits.values())
    is_proven = True
    for count in counts:
        names = _pin_names(table, count, allowed)
        products = _products(names, degree, allowed)
        bounds = np.array([limits[len(product) == 1] / unit for product in products])
        program = GateProgram(_numbers(table), len(table.pins), count, products, bounds, integer)
        search = GateSearch(program, min_gap / unit, seconds_left)
        search.run()
        found = search.found()
        if found is not None:
            gate = _gate(name, names, table, program, found)
            return _checked_gate(gate.scaled(unit))
        is_proven = is_proven and search.is_proven
        if count < counts[-1] and seconds_left() <= 0:
            is_proven = False
            break
    what = _description(counts, max_weight=limits[False], min_gap=min_gap, whole=integer)
    is_full = len(table.pins) + counts[-1] == MAX_GATE_PINS
    raise _no_gate(what, is_proven=is_proven, is_full=is_full)


def _checked_limits(max_weight: float, max_bias: float | None, *, whole: bool) -> dict[bool, float]:
    """Largest weight of products, and of biases under True."""
    _check_amount("max_weight", max_weight, positive=True)
    if max_bias is not None:
        _check_amount("max_bias", max_bias, positive=False)
    limits = {False: float(max_weight), True: float(max_weight if max_bias is None else max_bias)}
    if not whole:
        return limits
    if max_weight < 1:
        raise ArgumentError(
            "max_weight", "must be >= 1 for whole numbers", max_weight, remedy="raise it"
        )
    return {key: float(np.floor(limit)) for key, limit in limits.items()}


def _check_amount(name: str, value: float, *, positive: bool) -> None:
    if not (0 < value < np.inf or (value == 0 and not positive)):
        raise ArgumentError(name, f"must be {'>' if positive else '>='} 0 and finite", value)


def _checked_couplings(
    couplings: Iterable[Iterable[str]], table: TruthTable, degree: int
) -> tuple[tuple[str, ...], ...]:
    if degree != 2:
        raise ArgumentError("degree", "must be left out with couplings, which say it", degree)
    allowed = tuple(tuple(dict.fromkeys(group)) for group in couplings)
    for group in allowed:
        if len(group) < 2:
            raise ArgumentError(
                "couplings",
                "must be of two different pins or more",
                group,
                remedy="biases are always there",
            )
    return allowed


def _counts(
    table: TruthTable,
    num_auxiliaries: int | None,
    max_auxiliaries: int,
    allowed: tuple[tuple[str, ...], ...] | None,
) -> range:
    """Numbers of auxiliary p-bits to try."""
    most = checked_integer("max_auxiliaries", max_auxiliaries, 0, _MOST_AUXILIARIES)
    if num_auxiliaries is not None:
        least = most = checked_integer("num_auxiliaries", num_auxiliaries, 0, _MOST_AUXILIARIES)
    elif allowed is not None:
        named = dict.fromkeys(pin for group in allowed for pin in group)
        least = most = len([pin for pin in named if pin not in table.pins])
    else:
        least = 0
    if least + len(table.pins) > MAX_GATE_PINS:
        raise ValueError(
            f"a gate must have at most {MAX_GATE_PINS} pins, got {len(table.pins)} and {least} "
            "auxiliary ones; build a circuit of smaller gates"
        )
    return range(least, min(most, MAX_GATE_PINS - len(table.pins)) + 1)


def _pin_names(
    table: TruthTable, count: int, allowed: tuple[tuple[str, ...], ...] | None
) -> tuple[str, ...]:
    """Visible pins, then those auxiliary pins that are named, then X, X1, X2 ..."""
    named = dict.fromkeys(pin for group in allowed or () for pin in group)
    extra = [pin for pin in named if pin not in table.pins]
    if len(extra) > count:
        raise ArgumentError(
            "couplings",
            f"must name at most {count} auxiliary pins",
            got=", ".join(extra),
            remedy="raise num_auxiliaries or leave it out",
        )
    free = ("X", *(f"X{k}" for k in range(1, 100)))
    free = free if count == 1 else free[1:]
    names = [name for name in free if name not in (*table.pins, *extra)]
    return (*table.pins, *extra, *names[: count - len(extra)])


def _products(
    names: tuple[str, ...], degree: int, allowed: tuple[tuple[str, ...], ...] | None
) -> tuple[tuple[int, ...], ...]:
    biases = [(pin,) for pin in range(len(names))]
    if allowed is None:
        sizes = range(2, min(degree, len(names)) + 1)
        return (*biases, *(each for k in sizes for each in combinations(range(len(names)), k)))
    groups = {tuple(sorted(names.index(pin) for pin in group)) for group in allowed}
    return (*biases, *sorted(groups, key=lambda group: (len(group), group)))


def _numbers(table: TruthTable) -> IntArray:
    numbers: IntArray = np.array(table.rows) @ (1 << np.arange(len(table.pins))[::-1])
    return numbers


def _gate(
    name: str, pins: tuple[str, ...], table: TruthTable, program: GateProgram, found: Found
) -> Gate:
    weights = _exact(program, found)
    levels = program.energies @ weights
    ground = float(levels[program.rows, found.patterns].mean())
    levels[program.rows, found.patterns] = np.inf
    gap = float(levels.min()) - ground
    m = program.num_auxiliaries
    bits = (found.patterns[:, None] >> np.arange(m)[::-1] & 1).tolist()
    terms = list(zip(program.products, weights.tolist(), strict=True))
    bound = gap if found.bound <= found.gap else max(found.bound, gap)
    return Gate(
        name,
        pins,
        tuple((*row, *more) for row, more in zip(table.rows, bits, strict=True)),
        tuple((*product, weight) for product, weight in terms if len(product) == 2 and weight),
        tuple(weight for product, weight in terms if len(product) == 1),
        ground,
        gap,
        num_inputs=table.num_inputs,
        num_outputs=len(table.pins) - table.num_inputs,
        terms=tuple(_long(terms)),
        gap_bound=bound if np.isfinite(bound) else None,
    )


def _long(terms: list[Term]) -> list[Term]:
    return [(product, weight) for product, weight in terms if len(product) > 2 and weight]


def _exact(program: GateProgram, found: Found) -> FloatArray:
    """The weights as whole multiples of a fraction, so that rows agree to the last bit.

    Corners of the program are rational. Where the denominator is too large for this, the
    differences between rows are at least projected out.
    """
    energies = program.energies[program.rows, found.patterns]
    for denominator in range(1, _LARGEST_DENOMINATOR + 1):
        whole = np.round(found.weights * denominator)
        near = np.abs(whole / denominator - found.weights).max() < 1e-6
        if near and np.ptp(energies @ whole) == 0:
            return np.asarray(whole / denominator + 0.0)
        if program.integer:
            break
    uneven = energies - energies.mean(axis=0)
    projected = found.weights - np.linalg.pinv(uneven) @ (uneven @ found.weights)
    within = np.where(program.limits > 0, np.abs(projected) / np.maximum(program.limits, 1e-300), 0)
    return np.asarray(projected / max(1.0, float(within.max())))


def _checked_gate(gate: Gate) -> Gate:
    """The gate, if enumeration agrees.

    Raises
    ------
    NoGateError
        It does not: rounding in the solver, at a gap too small for it.
    """
    if not gate.check():
        raise NoGateError(
            f"the gate that was found, of gap {gate.gap:.3g}, does not pass enumeration: the gap "
            "is too small for the solver's rounding",
            remedy="allow an auxiliary p-bit more",
            is_proven=False,
        )
    return gate


def _no_gate(what: str, *, is_proven: bool, is_full: bool) -> NoGateError:
    """The error of a search without a result; ``is_full`` where no pin can be added."""
    if is_proven:
        remedy = "build a circuit of smaller gates" if is_full else "allow more auxiliary p-bits"
        return NoGateError(
            f"no gate {what} has these rows as its ground states",
            remedy=f"{remedy}, or allow products of more spins",
            is_proven=True,
        )
    return NoGateError(
        f"no gate {what} was found in time",
        remedy="build a circuit of smaller gates",
        is_proven=False,
        argument="time_limit_s",
    )


def _description(counts: range, *, max_weight: float, min_gap: float, whole: bool) -> str:
    """What was looked for, as far as it can be the reason that there is none."""
    most = counts[-1]
    what = f"with {'up to ' if len(counts) > 1 else ''}{most} auxiliary p-bit{'s'[: most != 1]}"
    rules = [f"weights up to {max_weight:g}"] if whole or min_gap else []
    rules += ["whole numbers"] if whole else []
    rules += [f"a gap of {min_gap:g}"] if min_gap else []
    which = f" ({', '.join(rules)})" if rules else ""
    return f"{what if most else 'without auxiliary p-bits'}{which}"
