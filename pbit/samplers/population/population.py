"""What population annealing returns: weighted states, free energies, families."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.models.labels import FloatArray, SpinArray
from pbit.models.numbers import power_of_two

Ints = npt.NDArray[np.int64]

ENOUGH_POPULATIONS = 8
"""From here on errors come from the spread of the populations, below from their families."""
ENOUGH_FAMILIES = 100.0
"""Effective number of families that the usual criterion of equilibration asks for."""


@dataclass(frozen=True, eq=False)
class Steps(ByValue):
    """What happened at each inverse temperature, beta = 0 first; arrays of K + 1.

    Parameters
    ----------
    betas : float64
        Inverse temperatures.
    log_z_by_population : float64, shape (K + 1, M)
        ``ln Z`` of each population, ``Z = sum_s exp(-beta E(s))``, the offset in E;
        that of the number of states, ``n ln 2`` of spins, exactly at beta = 0.
    energies_by_population : float64, shape (K + 1, M)
        Mean energy after the sweeps.
    culled : float64
        Fraction of the members that were overwritten on the way to this beta.
    entropic_families, mean_square_families : float64
        Effective number of families left in a population, ``exp(-sum f ln f)`` and
        ``1 / sum f^2``, f being the fractions of its members that descend from one member at
        beta = 0; means over the populations.
    family_squares : float64, shape (K + 1, M)
        ``sum f^2`` of each population.
    num_sweeps : int64
        Sweeps made at each beta.
    lowest_energies : float64
        Of any member after the sweeps.
    """

    betas: FloatArray
    log_z_by_population: FloatArray
    energies_by_population: FloatArray
    culled: FloatArray
    entropic_families: FloatArray
    mean_square_families: FloatArray
    family_squares: FloatArray
    num_sweeps: Ints
    lowest_energies: FloatArray

    @property
    def shares(self) -> FloatArray:
        """Weight of each population in averages, its Z over the sum of all; float64 (K + 1, M)."""
        return _shares(self.log_z_by_population)

    @property
    def log_z(self) -> FloatArray:
        """``ln`` of the mean of the populations' Z: unbiased in Z for a given schedule."""
        return np.asarray(_log_mean(self.log_z_by_population))

    @property
    def log_z_errors(self) -> FloatArray:
        """Standard errors of :attr:`log_z`; see :meth:`Population.mean` where they are from."""
        shares = self.shares
        populations = shares.shape[1]
        if populations >= ENOUGH_POPULATIONS:
            spread = ((shares - 1 / populations) ** 2).sum(axis=1)
            return np.asarray(np.sqrt(spread * populations / (populations - 1)))
        if self._members == 1:
            return np.where(self.betas > 0, np.inf, 0.0)  # nothing to tell it from
        members = self._members
        relative = (self.family_squares - 1 / members) * members / (members - 1)
        return np.asarray(np.sqrt((shares**2 * np.maximum(relative, 0.0)).sum(axis=1)))

    @property
    def rho_s(self) -> FloatArray:
        """Entropic family size, R over :attr:`entropic_families`."""
        return np.asarray(self._members / self.entropic_families)

    @property
    def rho_t(self) -> FloatArray:
        """Mean square family size, ``R sum f^2``, mean over populations."""
        return np.asarray(self._members * self.family_squares.mean(axis=1))

    @property
    def _members(self) -> float:
        """R: all families are single members at beta = 0."""
        return float(1 / self.family_squares[0, 0])

    @property
    def free_energies(self) -> FloatArray:
        """``F = -ln Z / beta``; minus infinity at beta = 0."""
        with np.errstate(divide="ignore"):
            return np.asarray(-self.log_z / self.betas)

    @property
    def energies(self) -> FloatArray:
        """Mean energy, populations weighted with their Z."""
        weighted = self.shares * self.energies_by_population
        return np.asarray(weighted.sum(axis=1))


class Weighted:
    """What follows from the weights of members, whatever their states are."""

    weights: FloatArray
    families: Ints
    steps: Steps
    best_energies: FloatArray

    @property
    def log_z(self) -> float:
        """``ln Z`` at the last beta, of all populations."""
        return float(self.steps.log_z[-1])

    @property
    def log_z_error(self) -> float:
        """Its standard error."""
        return float(self.steps.log_z_errors[-1])

    def mean(self, values: npt.ArrayLike) -> tuple[Any, Any]:
        r"""Boltzmann average of a quantity at the last beta, and its standard error.

        :math:`\bar x = \sum_r w_r x_r`, populations weighted with their Z; error
        :math:`(\sum_g [\sum_{r \in g} w_r (x_r - \bar x)]^2 / [1 - \sum_g w_g^2])^{1/2}` over
        groups g of rows, of weight :math:`w_g` in all, that are independent: populations where
        there are 8 or more, else families. Families are an approximation: too large, up to
        twofold, where sweeps are plentiful (they count relatives that sweeps have made
        independent), too small where few are left. Infinite where there is a single group.

        Parameters
        ----------
        values : float array, shape (M R,) or (M R, k)
            One row for each row of the states.

        Returns
        -------
        mean, error : float, or float64 of shape (k,)

        Raises
        ------
        ValueError
            Another number of rows.

        References
        ----------
        Machta, Phys. Rev. E 82, 026704 (2010): weighted averages over runs.

        Examples
        --------
        >>> from pbit import IsingModel, population_anneal
        >>> pair = IsingModel.from_edges([0], [1], [1.0])
        >>> members = population_anneal(pair, beta=0.5, seed=1)
        >>> together, error = members.mean(members.spins[:, 0] * members.spins[:, 1])
        >>> bool(abs(together - np.tanh(0.5)) < 5 * error), bool(error < 0.05)
        (True, True)
        """
        x = np.asarray(values, dtype=np.float64)
        if x.shape[:1] != self.weights.shape:
            raise ArgumentError(
                "values", f"must have {self.weights.size} rows", got=f"shape {x.shape}"
            )
        unit = power_of_two(x)  # squares of energies may be beyond float64
        x = x / unit
        mean = np.tensordot(self.weights, x, axes=1)
        off = (x - mean) * self.weights.reshape(-1, *(1,) * (x.ndim - 1))
        populations = self.best_energies.size
        groups = self.families
        if populations >= ENOUGH_POPULATIONS:
            groups = np.repeat(np.arange(populations), groups.size // populations)
        left = 1 - (_by_group(self.weights, groups) ** 2).sum()
        squares = (_by_group(off, groups) ** 2).sum(axis=0)
        error = np.sqrt(squares / left) if left > 1e-12 else np.full(squares.shape, np.inf)
        mean, error = mean * unit, error * unit
        return (mean, error) if x.ndim > 1 else (float(mean), float(error))


@dataclass(frozen=True, eq=False)
class Population(Weighted, ByValue):
    """Members of M populations of R at the last beta; rows of a population follow each other.

    Parameters
    ----------
    spins : int8, shape (M R, n)
        One state of -1 and +1 a row.
    energies : float64, shape (M R,)
        Their energies, offset included.
    weights : float64, shape (M R,)
        Weight of each row in averages, the Z of its population; they sum to 1.
    families : int64, shape (M R,)
        The member at beta = 0 from which a row descends, numbered like the rows.
    steps : Steps
        Free energies, mean energies and families at every beta.
    best_spins, best_energies : int8, shape (M, n), and float64, shape (M,)
        Lowest state that each population had at the end of a step, or at beta = 0.
    info : dict
        ``seed``, ``stop_reason``, ``equilibrated``, ``verdict``, ``timing`` and so on.
    """

    spins: SpinArray
    energies: FloatArray
    weights: FloatArray
    families: Ints
    steps: Steps
    best_spins: SpinArray
    best_energies: FloatArray
    info: dict[str, Any] = field(default_factory=dict)


class Verdict(NamedTuple):
    """Whether a run counts as equilibrated, and why."""

    equilibrated: bool
    words: str


def verdict_on(steps: Steps) -> Verdict:
    """Equilibrated: enough families left, and populations that agree about ln Z.

    Examples
    --------
    >>> one = np.ones((1, 1))
    >>> few = Steps(one[0], one, one, one[0], one[0], one[0], one, np.zeros(1, int), one[0])
    >>> verdict_on(few)
    Verdict(equilibrated=False, words='not equilibrated: 1.0 effective families, 100 wanted')
    """
    families = float(steps.entropic_families[-1])
    if families < ENOUGH_FAMILIES:
        return Verdict(
            False,
            f"not equilibrated: {families:.1f} effective families, {ENOUGH_FAMILIES:.0f} wanted",
        )
    last = steps.log_z_by_population[-1]
    if last.size > 1 and float(last.var(ddof=1)) > 1:
        return Verdict(
            False,
            f"not equilibrated: populations differ in ln Z by {last.std(ddof=1):.1f}, 1 wanted",
        )
    return Verdict(True, f"no sign of disequilibrium: {families:.0f} effective families")


def outcome_of(steps: Steps) -> dict[str, Any]:
    """What ``info`` says of the last step."""
    verdict = verdict_on(steps)
    return {
        "beta_range": [float(steps.betas[0]), float(steps.betas[-1])],
        "num_sweeps": int(steps.num_sweeps.sum()),
        "num_betas": steps.betas.size - 1,
        "log_z": float(steps.log_z[-1]),
        "log_z_error": float(steps.log_z_errors[-1]),
        "entropic_families": float(steps.entropic_families[-1]),
        "mean_square_families": float(steps.mean_square_families[-1]),
        "rho_s": float(steps.rho_s[-1]),
        "rho_t": float(steps.rho_t[-1]),
        "equilibrated": verdict.equilibrated,
        "verdict": verdict.words,
    }


def _by_group(values: FloatArray, groups: Ints) -> FloatArray:
    """Sums over rows of the same group."""
    _, group = np.unique(groups, return_inverse=True)
    sums = np.zeros((int(group.max(initial=-1)) + 1, *values.shape[1:]))
    np.add.at(sums, group, values)
    return sums


def _shares(log_z: FloatArray) -> FloatArray:
    """Z of each population over the sum of all, by rows."""
    weights = np.exp(log_z - log_z.max(axis=-1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


def _log_mean(log_z: FloatArray) -> FloatArray:
    top = log_z.max(axis=-1)
    return np.asarray(top + np.log(np.exp(log_z - top[..., None]).mean(axis=-1)))
