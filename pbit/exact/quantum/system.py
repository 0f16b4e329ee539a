"""What is diagonalised: energies of all states, transverse fields, and blocks of one parity."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, floats, real
from pbit.exact.enumeration import exact_energies
from pbit.models.labels import FloatArray
from pbit.models.taking import energetic

IntArray = npt.NDArray[np.int64]


class System(NamedTuple):
    """``H = E(sigma^z) - sum_i gamma_i sigma^x_i``; states as numbered by ``pbit.exact``.

    ``energies`` float64 (2**n,), ``gamma`` float64 (n,).
    """

    energies: FloatArray
    gamma: FloatArray

    @property
    def num_spins(self) -> int:
        """Number of spins n."""
        return self.gamma.size

    @property
    def is_even(self) -> bool:
        """Whether all spins turned around have the same energy: no field, no odd products."""
        return np.array_equal(self.energies, self.energies[::-1])


class Sector(NamedTuple):
    """A block of H: ``H v[x] = diagonal[x] v[x] - sum_i signs[i] gamma[i] v[x ^ masks[i]]``.

    Of all states, or of ``(|x> + sign |not x>) / sqrt 2`` where x has the last spin down. There
    the last spin turns x into ``not x`` without it: the last mask turns all others around.
    ``magnetisation`` float64 (N,) takes a sector of one parity to the other one.
    """

    diagonal: FloatArray
    gamma: FloatArray
    masks: IntArray
    signs: FloatArray

    @property
    def fields(self) -> FloatArray:
        """Factors of the flips, shape (n,)."""
        return self.signs * self.gamma

    @property
    def magnetisation(self) -> FloatArray:
        """m = sum_i s_i / n of the states, shape (N,)."""
        return magnetisations(self.gamma.size)[: self.diagonal.size]

    def apply(self, v: FloatArray) -> FloatArray:
        """H v, v of shape (N,)."""
        out = self.diagonal * v
        for mask, factor in zip(self.masks.tolist(), self.fields, strict=True):
            out -= factor * _flipped(v, mask)
        return out

    def matrix(self) -> FloatArray:
        """H as float64 (N, N)."""
        states = np.arange(self.diagonal.size)
        matrix = np.diag(self.diagonal)
        for mask, factor in zip(self.masks, self.fields, strict=True):
            matrix[states, states ^ mask] -= factor
        return matrix


def system_of(model: Any, gamma: npt.ArrayLike, *, most: int, remedy: str) -> System:
    """The parts, checked: 1 to ``most`` spins, a finite gamma for all or for each."""
    model = energetic(model, to="diagonalise")
    n = model.num_spins
    if not 1 <= n <= most:
        raise ArgumentError("model", f"must have 1 to {most} spins", n, remedy=remedy)
    fields = floats("gamma", gamma)
    if fields.shape not in ((), (n,)):
        raise ArgumentError("gamma", f"must be a number or have shape ({n},)", fields.shape)
    if not np.all(np.isfinite(fields)):
        raise ArgumentError("gamma", "must be finite", gamma)
    return System(exact_energies(model), np.broadcast_to(fields, (n,)).astype(np.float64))


def sectors_of(system: System) -> list[Sector]:
    """The blocks: even and odd under turning all spins around, or one of all states."""
    n = system.num_spins
    masks, signs = 1 << np.arange(n), np.ones(n)
    if not system.is_even:
        return [Sector(system.energies, system.gamma, masks, signs)]
    half = 2 ** (n - 1)
    masks[-1] = half - 1
    parities = (signs, np.where(np.arange(n) == n - 1, -1.0, 1.0))
    return [Sector(system.energies[:half], system.gamma, masks, each) for each in parities]


def partner_of(sectors: list[Sector], k: int) -> Sector:
    """The sector that sigma^z takes sector k to: the other one, or itself if it is alone."""
    return sectors[len(sectors) - 1 - k]


def magnetisations(n: int) -> FloatArray:
    """m = sum_i s_i / n of every state, shape (2**n,)."""
    return np.asarray(2.0 * np.bitwise_count(np.arange(2**n)) - n) / n


def finite_beta(beta: Any, *, remedy: str, least: str = ">= 0") -> float:
    """beta as float, from 0 (or above it, for ``least="> 0"``) to below infinity."""
    value = real("beta", beta)
    if not (0 <= value < np.inf) or (value == 0 and least == "> 0"):
        raise ArgumentError("beta", f"must be {least} and finite", value, remedy=remedy)
    return value


def _flipped(v: FloatArray, mask: int) -> FloatArray:
    """v[x ^ mask] for one bit or for all of them."""
    if mask == v.size - 1:
        return v[::-1]
    return v.reshape(-1, 2, mask)[:, ::-1].reshape(-1)
