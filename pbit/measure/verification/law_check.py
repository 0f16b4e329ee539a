"""Independent reads against the exact Boltzmann law of a model of low treewidth."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.exact import MAX_LAW, exact_boltzmann, state_number
from pbit.exact.elimination import Elimination, Marginals
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray, SpinArray
from pbit.models.taking import model_from
from pbit.statistics import binomial_p_values, chi_square_p_value, holm_rejected

_BLOCK = 2**24
_LEAST_CELL = 50.0
_CERTAIN = 800.0  # exp(-800) is 0 in float64


@dataclass(frozen=True)
class EnergyCheck:
    """Mean energy of the reads, without the model's offset, against the exact one.

    Parameters
    ----------
    mean, expected, standard_error : float
        Of the mean of the reads; the last two are exact.
    beta : float
        Inverse temperature at which the exact mean energy is the one seen; infinite if none is.
    beta_error : float
        Its standard error.
    p_value : float
        Two-sided Chernoff bound, ``2 exp(-num_reads KL)``: valid for any number of reads.
    """

    mean: float
    expected: float
    standard_error: float
    beta: float
    beta_error: float
    p_value: float

    @property
    def z(self) -> float:
        """Deviation in standard errors."""
        gap = self.mean - self.expected
        if self.standard_error:
            return gap / self.standard_error
        return math.copysign(math.inf, gap) if self.p_value < 1 else 0.0


@dataclass(frozen=True)
class Deviation:
    """One statistic that was tested.

    Parameters
    ----------
    kind : {"spin", "pair", "energy", "states"}
    spins : tuple of int
        The spins of a mean or of a product.
    observed, expected : float
        Means; NaN for "states".
    z : float
        Deviation in exact standard errors; NaN for "states".
    p_value : float
    """

    kind: str
    spins: tuple[int, ...]
    observed: float
    expected: float
    z: float
    p_value: float


@dataclass(frozen=True, eq=False)
class LawCheck(ByValue):
    """All tests of a set of reads against the exact law, with one false-alarm rate for all.

    Parameters
    ----------
    num_reads : int
    alpha : float
        Chance that any test fails although every read follows the law.
    exact : Marginals
    spin_means, pair_means : float64
        Of the reads, shapes (n,) and (num_couplings,).
    p_values : float64, shape (num_tests,)
        Spins, pairs in the order of ``edges()``, energy, and states where there are few enough.
    edges : (int array, int array)
    energy : EnergyCheck
    """

    num_reads: int
    alpha: float
    exact: Marginals
    spin_means: FloatArray
    pair_means: FloatArray
    p_values: FloatArray
    edges: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]] = field(repr=False)
    energy: EnergyCheck

    @property
    def num_tests(self) -> int:
        """Number of tests."""
        return int(self.p_values.size)

    @property
    def has_states(self) -> bool:
        """Whether the law of whole states was tested."""
        return self.num_tests > self.spin_means.size + self.pair_means.size + 1

    @property
    def smallest_p(self) -> float:
        """Smallest p-value; times ``num_tests`` it is what ``alpha`` is compared with."""
        return float(self.p_values.min())

    @property
    def passed(self) -> bool:
        """Whether no test fails."""
        return not self.rejected.any()

    @property
    def rejected(self) -> npt.NDArray[np.bool_]:
        """Tests that fail, by Holm's procedure, shape (num_tests,)."""
        return holm_rejected(self.p_values, self.alpha)

    def deviations(self, most: int) -> list[Deviation]:
        """The tests of the smallest p-values, smallest first."""
        return [self._deviation(int(k)) for k in np.argsort(self.p_values, kind="stable")[:most]]

    def _deviation(self, k: int) -> Deviation:
        n, m, p = self.spin_means.size, self.pair_means.size, float(self.p_values[k])
        if k == n + m + 1:
            return Deviation("states", (), math.nan, math.nan, math.nan, p)
        if k == n + m:
            return Deviation("energy", (), self.energy.mean, self.energy.expected, self.energy.z, p)
        spins: tuple[int, ...]
        if k < n:
            name, spins, seen, mean = "spin", (k,), self.spin_means[k], self.exact.means[k]
        else:
            name, spins = "pair", (int(self.edges[0][k - n]), int(self.edges[1][k - n]))
            seen, mean = self.pair_means[k - n], self.exact.correlations[k - n]
        gap, error = float(seen - mean), math.sqrt(max(0.0, 1 - mean**2) / self.num_reads)
        z = gap / error if error else math.copysign(math.inf, gap) if gap else 0.0
        return Deviation(name, spins, float(seen), float(mean), z, p)


def check_law(
    model: IsingModel,
    beta: float,
    spins: npt.ArrayLike,
    *,
    alpha: float = 1e-6,
    elimination: Elimination | None = None,
) -> LawCheck:
    r"""Tests of reads, from whatever sampler, against :math:`P(s) \propto \exp(-\beta E(s))`.

    Every ``<s_i>`` and every ``<s_i s_j>`` of a coupled pair by its exact binomial law; the mean
    energy by the Chernoff bound :math:`P(\bar E \ge x) \le \exp(-R [(\beta - \beta')x +
    \ln Z(\beta) - \ln Z(\beta')])`, best where :math:`\langle E\rangle_{\beta'} = x`; up to 14
    spins, the states by chi-square in cells of 50 reads and more, its p-value doubled for the
    Poisson tails of such cells. Holm's procedure keeps the chance of any false alarm at ``alpha``.

    Parameters
    ----------
    model : IsingModel
        n >= 1 and of low treewidth.
    beta : float
        Finite.
    spins : array of -1 and +1, shape (num_reads, n)
        Independent samples; successive states of one chain are not.
    alpha : float
        0 < alpha < 1.
    elimination : Elimination, optional
        Of this model, if there is one already and the offset is zero.

    Returns
    -------
    LawCheck

    Raises
    ------
    ValueError
        Spins that are not -1 and +1 or of another shape, no reads or spins, alpha out of range, a
        model that is too wide.

    References
    ----------
    Chernoff, Ann. Math. Stat. 23, 493 (1952); Holm, Scand. J. Stat. 6, 65 (1979).

    Examples
    --------
    >>> from pbit import Schedule, anneal
    >>> ring = IsingModel.from_edges([0, 1, 2], [1, 2, 0], [1.0, 1.0, -1.0])
    >>> reads = anneal(ring, Schedule([0.5] * 50), num_reads=10_000, seed=1)
    >>> check_law(ring, 0.5, reads.spins).passed, check_law(ring, 0.6, reads.spins).passed
    (True, False)
    """
    model = model_from(model)
    s = np.asarray(spins)
    if s.ndim != 2 or not s.size:
        raise ArgumentError(
            "spins",
            "must be one row a read, at least one read and one spin",
            got=f"shape {s.shape}",
        )
    if not 0 < alpha < 1:
        raise ArgumentError("alpha", "must be a probability between 0 and 1", alpha)
    if model.offset:  # nothing depends on it, and digits would be lost to a large one
        model, elimination = IsingModel(model.h, model.J), None
    energies = _energies(model, s)  # refuses what is not -1 or +1
    exact_sums = elimination or Elimination(model)
    exact = exact_sums.marginals(beta)
    rows, cols, _ = model.edges()
    spin_means, pair_means = means_of(s.astype(np.int8, copy=False), (rows, cols))
    energy = _check_energy(exact_sums, beta, exact, energies)
    p_values = np.concatenate([
        _p_values(spin_means, exact.means, len(s)),
        _p_values(pair_means, exact.correlations, len(s)),
        [energy.p_value],
        _states_p_value(model, beta, s),
    ])  # fmt: skip
    return LawCheck(len(s), alpha, exact, spin_means, pair_means, p_values, (rows, cols), energy)


def _energies(model: IsingModel, spins: npt.NDArray[np.int8]) -> FloatArray:
    """Energy of each read; in blocks, for the model works in float64."""
    block = max(1, _BLOCK // max(1, spins.shape[1]))
    starts = range(0, len(spins), block)
    return np.concatenate([model.energy(spins[first : first + block]) for first in starts])


def means_of(
    spins: SpinArray, edges: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]
) -> tuple[FloatArray, FloatArray]:
    """Means of spins and of the products of pairs over reads, shapes (n,) and (m,)."""
    by_spin = np.ascontiguousarray(spins.T)
    rows, cols = edges
    products = np.empty(rows.size)
    block = max(1, _BLOCK // len(spins))
    for first in range(0, rows.size, block):
        part = slice(first, first + block)
        products[part] = (by_spin[rows[part]] * by_spin[cols[part]]).mean(axis=1)
    return by_spin.mean(axis=1), products


def _p_values(observed: FloatArray, expected: FloatArray, num_reads: int) -> FloatArray:
    ups = np.rint((1 + observed) / 2 * num_reads).astype(np.int64)
    return binomial_p_values(ups, num_reads, np.clip((1 + expected) / 2, 0.0, 1.0))


def _states_p_value(model: IsingModel, beta: float, spins: npt.NDArray[np.int8]) -> list[float]:
    """p-value of the whole states, doubled; none if there are many, or too few reads for a test."""
    if model.num_spins > MAX_LAW:
        return []
    law = exact_boltzmann(model, beta)
    try:
        p_value = chi_square_p_value(state_number(spins), law, least_expected=_LEAST_CELL)
    except ValueError:
        return []
    return [min(1.0, 2 * p_value)]


def _check_energy(
    exact_sums: Elimination, beta: float, exact: Marginals, energies: FloatArray
) -> EnergyCheck:
    mean, num_reads = float(energies.mean()), energies.size
    variance = exact_sums.energy_variance(beta)
    scale = max(1.0, abs(exact.energy), float(np.abs(energies).max()))
    if abs(mean - exact.energy) <= 1e-12 * scale:  # rounding; also where all energies are equal
        found, rate = beta, 0.0
    else:
        found, rate = _chernoff(exact_sums, beta, exact, mean, variance, num_reads)
    return EnergyCheck(
        mean,
        exact.energy,
        math.sqrt(variance / num_reads),
        found,
        1 / math.sqrt(num_reads * variance) if variance else math.inf,
        min(1.0, 2 * math.exp(-num_reads * rate)),
    )


def _chernoff(
    exact_sums: Elimination,
    beta: float,
    exact: Marginals,
    mean: float,
    variance: float,
    num_reads: int,
) -> tuple[float, float]:
    """beta' with ``<E> = mean`` and the relative entropy of its law per read.

    Any beta' on the right side of beta bounds the tail; the search only makes the bound good, and
    may stop early: where it is certain, or where no beta' gives an energy as extreme as ``mean``.
    """
    from scipy.optimize import brentq

    def gap(other: float) -> float:
        return exact_sums.marginals(other).energy - mean

    def rate(other: float) -> float:
        log_ratio = exact.log_z - exact_sums.log_z(other)
        return max(0.0, (beta - other) * mean + log_ratio)

    model = exact_sums.model
    largest = float((np.abs(model.h) + abs(model.J).sum(axis=1)).max())
    limit = 50.0 / largest + abs(beta)
    step = (exact.energy - mean) / variance if variance else math.inf
    step = math.copysign(min(abs(step), limit), exact.energy - mean)
    near, far = beta, beta + 1.5 * step
    rounding = 1e-12 * max(1.0, abs(mean))
    while gap(far) * math.copysign(1.0, step) > -rounding:
        if abs(far - beta) > 4 * limit or num_reads * rate(far) > _CERTAIN:
            return math.copysign(math.inf, step), rate(far)
        near, far = far, far + 2 * (far - beta)
    found = float(brentq(gap, near, far, xtol=1e-3 * abs(step), rtol=1e-12, maxiter=50))
    return found, rate(found)
