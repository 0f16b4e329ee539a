"""A logic gate as a small model of p-bits whose ground states are the rows of its truth table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.models.labels import FloatArray, SpinArray
from pbit.models.polynomial import AnyModel, PolynomialModel

Bits = tuple[int, ...]
Term = tuple[tuple[int, ...], float]

MAX_PINS = 20
_TOLERANCE = 1e-9


class Enumerated(NamedTuple):
    """What the energies of all states of a gate say: ground states as sorted rows of bits."""

    rows: tuple[Bits, ...]
    ground_energy: float
    gap: float


class Pinned:
    """What has pins: inputs, then outputs, then auxiliaries."""

    pins: tuple[str, ...]
    num_inputs: int
    num_outputs: int

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the inputs."""
        return self.pins[: self.num_inputs]

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of the outputs."""
        return self.pins[self.num_inputs : self.num_inputs + self.num_outputs]

    @property
    def auxiliaries(self) -> tuple[str, ...]:
        """Names of the pins that are there for the energy's sake, functions of the others."""
        return self.pins[self.num_inputs + self.num_outputs :]


@dataclass(frozen=True)
class Gate(Pinned):
    """A gate of the invertible logic: inputs and outputs are p-bits on an equal footing.

    ``E = -sum biases s - sum couplings s s - sum terms prod s`` over the pins; the rows are the
    ground states, every other state of the pins, auxiliary ones included, lies at least ``gap``
    higher. Of a relation rather than a function all pins are outputs.

    Parameters
    ----------
    name : str
    pins : tuple of str
        Names of the p-bits: inputs, then outputs, then auxiliary ones.
    rows : tuple of tuples of 0 and 1
        The truth table, one column a pin, sorted; bit 1 is spin +1.
    couplings : tuple of (int, int, float)
        ``J`` between pairs of pins.
    biases : tuple of float
        ``h`` of each pin.
    ground_energy : float
        Energy of every row of the truth table.
    gap : float
        Least energy of any other state, above ``ground_energy``.
    num_inputs, num_outputs : int
    terms : tuple of (tuple of int, float)
        Products of three spins and more, with their weights ``w``: ``E = -w prod s``.
    gap_bound : float, optional
        From a synthesis: no gate within its limits has a larger gap.

    References
    ----------
    Camsari, Faria, Sutton, Datta, Phys. Rev. X 7, 031014 (2017), eq. 10 (AND). Every gate is
    checked by enumeration in ``tests/problems/logic/test_gates.py``.

    Examples
    --------
    >>> from pbit.problems.logic.gates.library import AND, XOR
    >>> AND.model.energy([1, 1, 1]).item() == AND.ground_energy
    True
    >>> XOR.inputs, XOR.outputs, XOR.auxiliaries
    (('A', 'B'), ('Y',), ('X',))
    """

    name: str
    pins: tuple[str, ...]
    rows: tuple[Bits, ...]
    couplings: tuple[tuple[int, int, float], ...]
    biases: tuple[float, ...]
    ground_energy: float
    gap: float
    num_inputs: int = field(kw_only=True)
    num_outputs: int = field(kw_only=True)
    terms: tuple[Term, ...] = field(default=(), kw_only=True)
    gap_bound: float | None = field(default=None, kw_only=True)

    @property
    def all_terms(self) -> tuple[Term, ...]:
        """``(pins, weight)`` of biases, couplings and longer products that are not zero.

        Examples
        --------
        >>> from pbit.problems.logic.gates.library import AND
        >>> AND.all_terms[:4]
        (((0,), 1.0), ((1,), 1.0), ((2,), -2.0), ((0, 1), -1.0))
        """
        biases = [((pin,), bias) for pin, bias in enumerate(self.biases)]
        couplings = [((i, j), weight) for i, j, weight in self.couplings]
        return tuple(term for term in (*biases, *couplings, *self.terms) if term[1])

    @property
    def parts(self) -> tuple[tuple[Gate, tuple[int, ...]], ...]:
        """The gate on its own pins; one of :mod:`~pbit.problems.logic.gates.wide` has several."""
        return ((self, tuple(range(len(self.pins)))),)

    @property
    def model(self) -> AnyModel:
        """The gate alone, one p-bit a pin: an Ising model, or one of longer products."""
        return model_of(self.all_terms, self.pins)

    def evaluate(self, bits: npt.ArrayLike) -> npt.NDArray[np.int8]:
        """All pins for given inputs, by the truth table.

        Parameters
        ----------
        bits : array of 0 and 1, shape (..., num_inputs)

        Returns
        -------
        int8, shape (..., number of pins)

        Raises
        ------
        ValueError
            A relation, which inputs do not decide; another last axis; values that are no bits.

        Examples
        --------
        >>> from pbit.problems.logic.gates.library import FULL_ADDER
        >>> FULL_ADDER.evaluate([[1, 1, 0], [1, 1, 1]]).tolist()
        [[1, 1, 0, 0, 1], [1, 1, 1, 1, 1]]
        """
        if len(self.rows) != 2**self.num_inputs:
            raise ValueError(
                f"{self.name} is a relation, which {self.num_inputs} inputs do not decide: it has "
                f"{len(self.rows)} rows; use rows"
            )
        given = checked_bits(bits, self.inputs)
        weights = 1 << np.arange(self.num_inputs)[::-1]
        return np.array(self.rows, dtype=np.int8)[given.astype(np.int64) @ weights]

    def scaled(self, factor: float) -> Gate:
        """The same gate with all its energies times ``factor``.

        Raises
        ------
        ValueError
            A factor that is not positive or not finite.
        """
        check_factor(factor)
        return replace(
            self,
            couplings=tuple((i, j, factor * weight) for i, j, weight in self.couplings),
            biases=tuple(factor * bias for bias in self.biases),
            terms=tuple((pins, factor * weight) for pins, weight in self.terms),
            ground_energy=factor * self.ground_energy,
            gap=factor * self.gap,
            gap_bound=None if self.gap_bound is None else factor * self.gap_bound,
        )

    def inverted(self, *pins: str, name: str | None = None) -> Gate:
        """The gate with a NOT on some pins, which costs nothing: their spins change sign.

        Raises
        ------
        ValueError
            A name that is no pin.

        Examples
        --------
        >>> from pbit.problems.logic.gates.library import AND
        >>> implies = AND.inverted("B", "Y", name="A implies B")
        >>> implies.rows, implies.gap
        (((0, 0, 1), (0, 1, 1), (1, 0, 0), (1, 1, 1)), 4.0)
        """
        for pin in pins:
            if pin not in self.pins:
                raise ArgumentError(
                    "pins",
                    f"must be among {', '.join(self.pins)} for {self.name}",
                    pin,
                    remedy="name those to invert",
                )
        sign = [-1 if pin in pins else 1 for pin in self.pins]
        rows = (
            tuple(b if s > 0 else 1 - b for b, s in zip(r, sign, strict=True)) for r in self.rows
        )
        return replace(
            self,
            name=name or f"{self.name} with {', '.join(pins)} inverted",
            rows=tuple(sorted(rows)),
            couplings=tuple((i, j, sign[i] * sign[j] * weight) for i, j, weight in self.couplings),
            biases=tuple(
                s * bias + 0.0 for s, bias in zip(sign, self.biases, strict=True)
            ),  # no -0.0
            terms=tuple(
                (t, int(np.prod([sign[i] for i in t])) * weight) for t, weight in self.terms
            ),
        )

    def enumerated(self) -> Enumerated:
        """Ground states, their energy and the gap, from the energies of all states.

        Energies within 1e-9 of the sum of all weights count as equal.

        Raises
        ------
        ValueError
            More than 20 pins.

        Examples
        --------
        >>> from pbit.problems.logic.gates.library import AND
        >>> AND.enumerated().ground_energy, AND.enumerated().gap
        (-3.0, 4.0)
        """
        states, energies = self._energies()
        lowest = float(energies.min())
        ground = energies <= lowest + self._tolerance
        rows = sorted(map(tuple, ((states[ground] + 1) // 2).tolist()))
        others = energies[~ground]
        gap = float(others.min()) - lowest if others.size else float("inf")
        return Enumerated(tuple(rows), lowest, gap)

    def check(self) -> bool:
        """Whether enumeration finds the rows as ground states, at the stated energy and gap."""
        found = self.enumerated()
        wrong = max(abs(found.ground_energy - self.ground_energy), abs(found.gap - self.gap))
        return found.rows == self.rows and wrong <= self._tolerance

    def probability_valid(self, beta: float) -> float:
        """Probability of the rows together under the Boltzmann law, nothing clamped.

        Raises
        ------
        ValueError
            Beta below 0 or not a number; more than 20 pins.

        Examples
        --------
        >>> from pbit.problems.logic.gates.library import AND
        >>> round(AND.probability_valid(1.0), 3)
        0.986
        """
        if not beta >= 0:
            raise ArgumentError("beta", "must be >= 0", beta)
        _, energies = self._energies()
        above = energies - energies.min()
        with np.errstate(invalid="ignore"):
            weights = np.where(above > 0, np.exp(-beta * above), 1.0)
        index = np.array(self.rows) @ (1 << np.arange(len(self.pins))[::-1])
        return float(weights[index].sum() / weights.sum())

    @property
    def _tolerance(self) -> float:
        return _TOLERANCE * sum(abs(weight) for _, weight in self.all_terms)

    def _energies(self) -> tuple[SpinArray, FloatArray]:
        n = len(self.pins)
        if n > MAX_PINS:
            raise ValueError(
                f"enumeration takes at most {MAX_PINS} pins, {self.name} has {n}; check its parts"
            )
        # Numbered as rows are sorted: the first pin is the highest bit.
        numbers = np.arange(2**n)[:, None]
        states = (2 * (numbers >> np.arange(n)[::-1] & 1) - 1).astype(np.int8)
        return states, self.model.energy(states)


def model_of(terms: Iterable[Term], labels: Sequence[str]) -> AnyModel:
    """Model of terms over ``labels``, an Ising model where no product is longer than two."""
    model = PolynomialModel.from_terms(
        [([labels[pin] for pin in pins], weight) for pins, weight in terms], labels=labels
    )
    return model.to_ising_model() if model.degree <= 2 else model


def checked_bits(bits: npt.ArrayLike, inputs: Sequence[str]) -> npt.NDArray[np.int8]:
    """Bits as an array of shape (..., number of inputs).

    Raises
    ------
    ValueError
        Another last axis, or values that are no bits.
    """
    given = np.asarray(bits)
    if given.shape[-1:] != (len(inputs),):
        raise ArgumentError(
            "bits",
            f"must have last axis {len(inputs)}, one entry an input ({', '.join(inputs)})",
            got=f"shape {given.shape}",
        )
    if not np.all((given == 0) | (given == 1)):
        raise ArgumentError(
            "bits", "must be 0 or 1", remedy="for spins s in {-1, 1} pass (s + 1) // 2"
        )
    return given.astype(np.int8)


def check_factor(factor: float) -> None:
    """Refuse a scale that would not keep the ground states.

    Raises
    ------
    ValueError
    """
    if not 0 < factor < float("inf"):
        raise ArgumentError("factor", "must be > 0 to keep the ground states, and finite", factor)


def table_rows(num_inputs: int, outputs: Callable[..., Bits]) -> tuple[Bits, ...]:
    """Rows of a function of bits, those of the inputs counting up, the first the highest."""
    return tuple((*bits, *outputs(*bits)) for bits in product((0, 1), repeat=num_inputs))
