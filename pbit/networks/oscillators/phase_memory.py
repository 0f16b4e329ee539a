"""Associative memories of phases: patterns as phases of 0 and pi, recalled by oscillators."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, floats
from pbit.devices.quantities import number
from pbit.kernels.random.ars import key_schedule
from pbit.models.ising import checked_states
from pbit.models.labels import SpinArray
from pbit.networks.associative.settling import hebb
from pbit.networks.oscillators.arguments import FloatArray
from pbit.networks.oscillators.phase_network import PhaseNetwork
from pbit.networks.oscillators.phase_run import PhaseRun
from pbit.networks.oscillators.tables import even_phases
from pbit.seeds import seed_or_fresh

__all__ = ["PhaseMemory"]


@dataclass(frozen=True, eq=False)
class PhaseMemory(ByValue):
    """Oscillators whose couplings store patterns.

    Without the second harmonic phases leave 0 and pi where patterns compete; with too much of it
    every probe is a fixed point. Between lies a window: about 0.3, in units of couplings by
    :meth:`store`.

    Parameters
    ----------
    couplings : float, shape (n, n), or scipy's sparse
        Those of any storage rule: ``pbit.problems.hopfield.store(patterns, rule).model.J``.
    second_harmonic : float
        K.
    noise : float
        D, in the unit of the couplings.
    detuning : float, or shape (n,)
        Frequencies against the mean.
    spread_rad : float
        Probes begin within so much of 0 and pi: at these exactly nothing pulls. > 0, <= pi / 2.

    Raises
    ------
    ArgumentError
        As :class:`~pbit.networks.oscillators.PhaseNetwork`; a spread out of range.

    References
    ----------
    Hoppensteadt, Izhikevich, Phys. Rev. Lett. 82, 2983 (1999).

    Examples
    --------
    >>> memory = PhaseMemory.store([[1, 1, 1, 1, -1, -1], [1, -1, 1, -1, 1, -1]])
    >>> memory.recall([[1, 1, 1, 1, 1, -1]], seed=1).tolist()
    [[1, 1, 1, 1, -1, -1]]
    """

    couplings: Any
    second_harmonic: float = 0.3
    noise: float = 0.0
    detuning: Any = 0.0
    spread_rad: float = 0.2

    def __post_init__(self) -> None:
        bounds = ((">", 0.0), ("<=", math.pi / 2))
        number("spread_rad", self.spread_rad, *bounds, remedy="0.2 is little")
        _ = self.network  # which checks the rest

    @cached_property
    def network(self) -> PhaseNetwork:
        """The oscillators."""
        return PhaseNetwork(
            self.couplings,
            detuning_rad_s=self.detuning,
            second_harmonic=self.second_harmonic,
            noise=self.noise,
        )

    @classmethod
    def store(cls, patterns: npt.ArrayLike, **options: Any) -> Self:
        """Memory by Hebb's rule, ``C = (1/n) sum_m xi_m xi_m^T`` with an empty diagonal.

        Parameters
        ----------
        patterns : array of -1 and +1, shape (P, n)
        **options
            Of :class:`PhaseMemory`.

        Raises
        ------
        ArgumentError
            Patterns of other values, or that are no rows.
        """
        shape = np.shape(patterns)
        if len(shape) != 2 or 0 in shape:
            raise ArgumentError(
                "patterns", "must be rows of pixels, one a pattern", got=f"shape {shape}"
            )
        return cls(hebb(checked_states(patterns, shape[1])) / shape[1], **options)

    def run(
        self,
        probes: npt.ArrayLike,
        *,
        duration: float = 75.0,
        time_step: float = 0.1,
        seed: int | None = None,
        **options: Any,
    ) -> PhaseRun:
        """Phases on the way from probes to what they recall, a read a probe.

        Parameters
        ----------
        probes : array of -1 and +1, shape (num_probes, n) or (n,)
        duration, time_step : float
            In the inverse unit of the couplings.
        seed : int, optional
        **options
            Of :meth:`PhaseNetwork.run`.

        Raises
        ------
        ArgumentError
            Probes of other values or shape; what :meth:`PhaseNetwork.run` refuses.
        """
        spins = np.atleast_2d(checked_states(probes, self.network.n))
        seed = seed_or_fresh(seed)
        keys = key_schedule(seed & 0xFFFFFFFF, seed >> 32)
        even = even_phases(slice(0, len(spins)), self.network.n, keys)
        return self.network.run(
            duration,
            time_step=time_step,
            num_reads=len(spins),
            initial_phases=np.where(spins > 0, 0.0, math.pi) + even * (self.spread_rad / math.pi),
            seed=seed,
            **options,
        )

    def recall(self, probes: npt.ArrayLike, **options: Any) -> SpinArray:
        """What each probe recalls: phases read against their common axis.

        Parameters
        ----------
        probes : array of -1 and +1, shape (num_probes, n) or (n,)
        **options
            Of :meth:`run`.

        Returns
        -------
        int8, shape (num_probes, n)
        """
        return read_out(self.run(probes, **options).phases[:, -1])


def read_out(phases: npt.ArrayLike) -> SpinArray:
    """Signs of phases (..., n) along the axis that most of them are on, towards 0.

    Examples
    --------
    >>> read_out([0.3, 0.3 + np.pi, 0.2]).tolist()
    [1, -1, 1]
    """
    turned = np.exp(1j * floats("phases", phases))
    axis = np.sqrt((turned**2).mean(axis=-1, keepdims=True) + 0j)  # its real part is >= 0
    return np.where((turned * axis.conj()).real >= 0, 1, -1).astype(np.int8)


def overlaps(phases: FloatArray, patterns: npt.ArrayLike) -> FloatArray:
    """:math:`|\\mathrm{mean}_i\\, \\xi_i e^{i\\phi_i}|` of phases (..., n) and patterns (..., n).

    Examples
    --------
    >>> overlaps([0.0, np.pi], [1, -1]).round(6).tolist()
    1.0
    """
    weighted = np.asarray(patterns) * np.exp(1j * floats("phases", phases))
    return np.asarray(np.abs(weighted.mean(axis=-1)))
