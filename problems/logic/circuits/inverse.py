"""A circuit run in any direction: hold some wires, read the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.models.labels import SpinArray
from pbit.models.polynomial import AnyModel
from pbit.problems.logic.circuits.circuit import Circuit
from pbit.problems.logic.circuits.compiling import LogicNetwork, compile_network
from pbit.problems.logic.circuits.implications import Contradiction, implied
from pbit.problems.logic.circuits.netlist import TRUE
from pbit.problems.logic.circuits.numbers import number_of
from pbit.problems.logic.gates.gate import Gate

Bools = npt.NDArray[np.bool_]


class Unsatisfiable(ValueError):
    """The clamp cannot be met; ``wire`` is where that showed."""

    def __init__(self, wire: str, message: str) -> None:
        super().__init__(message)
        self.wire = wire


@dataclass(frozen=True, eq=False)
class LogicProblem(ByValue):
    """Find values of a circuit's inputs for which the clamped wires have the values given.

    Clamped wires are no p-bits any more, nor are those which the clamp decides by the truth tables
    of single gates; wires that must agree share one p-bit.

    Parameters
    ----------
    circuit : Circuit
    clamp : mapping from name to int or str
        Of inputs, outputs, kept signals, single bits ``y[3]`` or inner wires. A string has a
        digit for every bit, the highest first: 0, 1, or x for a bit that is left free.
    read : sequence of str
        Inner wires that must have a p-bit, beside inputs, outputs and kept signals.
    scales : mapping from name of a gate to float, optional
        Factors on the energies of the gates of this kind.
    substitutes : mapping from name of a gate to Gate, optional
        Other Hamiltonians for the gates of this kind.
    propagate : bool
        False leaves wires that the clamp decides to the p-bits.

    Raises
    ------
    ValueError
        A clamp of a wire that does not exist, or with a number or digits that do not fit.
    Unsatisfiable
        A clamp on a constant of another value, or on one net twice with two values.

    Examples
    --------
    >>> from pbit import anneal
    >>> circuit = Circuit()
    >>> a, b = circuit.input("a", 3), circuit.input("b", 3)
    >>> circuit.output("y", circuit.multiply(a, b))
    >>> problem = LogicProblem(circuit, {"y": 35})
    >>> reads = anneal(problem.model, num_reads=20, seed=1)
    >>> answer = problem.decode(reads.spins[reads.best])
    >>> problem.check(answer), answer["a"] * answer["b"]
    (True, 35)
    """

    circuit: Circuit
    clamp: Mapping[str, int | str] = field(default_factory=dict)
    read: Sequence[str] = ()
    scales: Mapping[str, float] | None = None
    substitutes: Mapping[str, Gate] | None = None
    propagate: bool = True

    def __post_init__(self) -> None:
        for name in self.read:
            self.circuit.find(name)
        _ = self.held  # what cannot be clamped is refused here

    @cached_property
    def held(self) -> dict[int, int]:
        """Literals of nets and the bits that the clamp holds them at."""
        return self._held()

    @cached_property
    def network(self) -> LogicNetwork:
        """The p-bits that are left.

        Raises
        ------
        Unsatisfiable
            Propagation shows that no state meets the clamp.
        """
        netlist = self.circuit.netlist
        signals = [literal for literals in self.circuit.signals.values() for literal in literals]
        wires = [literal for name in self.read for literal in self.circuit.find(name)]
        return compile_network(
            netlist,
            [*signals, *wires, *self.held],
            places=self._places(),
            scales=self.scales,
            substitutes=self.substitutes,
        )

    @property
    def model(self) -> AnyModel:
        """Model whose states at ``ground_energy``, if any, are the solutions."""
        return self.network.model

    @property
    def ground_energy(self) -> float:
        """Energy of every solution, and of no other state; none lies lower."""
        return self.network.ground_energy

    def decode(self, spins: npt.ArrayLike) -> dict[str, Any]:
        """What the p-bits say of every signal: int for one state, an array for several.

        The p-bits of a state need not agree with the circuit: :meth:`solutions` do.
        """
        return {name: self.values(spins, name) for name in self._names}

    def values(self, spins: npt.ArrayLike, name: str) -> Any:
        """What the p-bits say of one signal, bit or wire."""
        bits = self.network.bits(spins, self.circuit.find(name))
        return number_of(list(np.moveaxis(bits, -1, 0)))

    def encode(self, values: Mapping[str, Any]) -> SpinArray:
        """State in which every gate holds, int8 (..., n), from values of all inputs.

        Raises
        ------
        ValueError
            An input that is missing, unknown or too large for its width.
        """
        known = self._evaluated(self.circuit.input_bits(values))
        return self.network.states(known)

    def check(self, answer: Mapping[str, Any]) -> bool:
        """Whether the circuit, evaluated on the answer's inputs, meets the clamp and the answer."""
        inputs = {name: answer[name] for name in self.circuit.inputs if name in answer}
        known = self._evaluated(self.circuit.input_bits(inputs))
        meets = self._meets(known)
        says = all(bool(np.all(self._number(known, name) == answer[name])) for name in answer)
        return bool(np.all(meets)) and says

    def solutions(
        self, spins: npt.ArrayLike, names: Sequence[str] | None = None
    ) -> tuple[Bools, dict[str, Any]]:
        """Which states have inputs that solve the problem, and the values of signals.

        The circuit is evaluated, by Boolean logic, on the inputs found in each state: what is
        returned for a state marked True is true whatever its other p-bits say.

        Parameters
        ----------
        spins : shape (num_reads, n)
        names : sequence of str, optional
            Signals, bits or wires; all signals, and what is in ``read``, by default.

        Returns
        -------
        bool array, shape (num_reads,), and arrays of numbers by name
        """
        known = self._forwards(spins)
        wanted = self._names if names is None else names
        return self._meets(known), {name: self._number(known, name) for name in wanted}

    def agrees(self, spins: npt.ArrayLike) -> Bools:
        """Which states say of every signal what the circuit computes from their inputs."""
        known = self._forwards(spins)
        right = np.ones(np.shape(spins)[:-1], dtype=bool)
        for name in self._names:
            literals = self.circuit.find(name)
            bits = self.network.bits(spins, literals)
            for k, literal in enumerate(literals):
                right &= bits[..., k] == known[literal >> 1] ^ bool(literal & 1)
        return right

    def _forwards(self, spins: npt.ArrayLike) -> list[Bools]:
        states = np.asarray(spins)
        bits = {}
        for literals in self.circuit.inputs.values():
            found = self.network.bits(states, literals)
            bits.update({q >> 1: found[..., k] for k, q in enumerate(literals)})
        return self._evaluated(bits, shape=states.shape[:-1])

    @property
    def _names(self) -> list[str]:
        return [*self.circuit.signals, *self.read]

    def _evaluated(self, bits: dict[int, Any], shape: tuple[int, ...] = ()) -> list[Bools]:
        return self.circuit.netlist.evaluate({0: np.zeros(shape, dtype=bool), **bits})

    def _meets(self, known: list[Bools]) -> Bools:
        meets = np.ones(known[0].shape, dtype=bool)
        for literal, bit in self.held.items():
            meets &= known[literal >> 1] ^ bool(literal & 1) == bool(bit)
        return meets

    def _number(self, known: list[Bools], name: str) -> Any:
        return number_of([known[q >> 1] ^ bool(q & 1) for q in self.circuit.find(name)])

    def _held(self) -> dict[int, int]:
        held: dict[int, tuple[int, str]] = {}
        for name, value in self.clamp.items():
            literals = self.circuit.find(name)
            for k, (literal, bit) in enumerate(
                zip(literals, clamp_bits(name, value, len(literals)), strict=True)
            ):
                if bit is None:
                    continue
                wire = name if len(literals) == 1 else f"{name}[{k}]"
                known = literal if literal <= TRUE else None
                bit ^= literal & 1
                literal &= ~1
                if known is not None and bit != 0:
                    raise Unsatisfiable(
                        wire, f"clamp {name}={value} cannot be met: {wire} is the constant {known}"
                    )
                if known is None and held.setdefault(literal, (bit, wire))[0] != bit:
                    raise Unsatisfiable(
                        wire,
                        f"clamp {name}={value} cannot be met: {wire} is the same net as "
                        f"{held[literal][1]}, which is clamped otherwise",
                    )
        return {literal: bit for literal, (bit, _) in held.items()}

    def _places(self) -> Any:
        netlist = self.circuit.netlist
        if not self.propagate:
            places = 2 * np.arange(netlist.num_nets)
            for literal, bit in self.held.items():
                places[literal >> 1] = bit
            return places
        try:
            return implied(netlist, self.held)
        except Contradiction as found:
            wire = self.circuit.describe(2 * found.net)
            message = (
                f"no state of the circuit meets the clamp: the gates leave no value for {wire}"
            )
            raise Unsatisfiable(wire, message) from None


def clamp_bits(name: str, value: int | str, width: int) -> list[int | None]:
    """Bits to hold, lowest first; None for those left free.

    Raises
    ------
    TypeError, ValueError
        A number out of range, or a text with other than a digit 0, 1 or x for each bit.
    """
    if isinstance(value, str):
        digits = value.replace("_", "")
        if len(digits) != width or set(digits) - set("01xX?"):
            raise ArgumentError(
                "clamp",
                f"{name} must have a digit 0, 1 or x for each of its {width} bits, the highest "
                "first",
                value,
            )
        return [None if digit in "xX?" else int(digit) for digit in reversed(digits)]
    if isinstance(value, (bool, int, np.bool_, np.integer)):
        number = int(value)
        if number < 0 or number.bit_length() > width:
            raise ArgumentError("clamp", f"{name} must be 0..{2**width - 1} in {width} bits", value)
        return [number >> k & 1 for k in range(width)]
    raise TypeError(f"clamp {name} must be an int or a string of digits, got {value!r}")
