r"""Coupled phases: what is left of oscillators whose amplitudes keep to themselves.

.. math::
    \dot\phi_i = \omega_i + \sum_j C_{ij} \sin(\phi_j - \phi_i) - K_i \sin 2\phi_i
                 + \sqrt{2 D_i}\, \xi_i

Without noise, with equal frequencies and :math:`C = C^T`, this is descent of

.. math::
    L = -\frac12 \sum_{ij} C_{ij} \cos(\phi_i - \phi_j) - \frac12 \sum_i K_i \cos 2\phi_i

and with noise D everywhere its stationary law is :math:`\exp(-L/D)`.

Sources: Kuramoto, Lect. Notes Phys. 39, 420 (1975); Hoppensteadt, Izhikevich, Phys. Rev. Lett. 82,
2983 (1999); Wang, Roychowdhury, arXiv:1903.07163 (second harmonic).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, floats, integer
from pbit.networks.oscillators.arguments import each, finite, no_negative, square_matrix
from pbit.networks.oscillators.phase_run import FloatArray, PhaseRun
from pbit.networks.oscillators.stepping import Plan, integrate

_TYPICAL = 0.1  # of the fastest relaxation, by default a step

__all__ = ["PhaseNetwork"]


@dataclass(frozen=True, eq=False)
class PhaseNetwork(ByValue):
    """Phases, what couples them and what acts on each.

    Times may be in any unit, rates then are in radians per that unit.

    Parameters
    ----------
    couplings : float, shape (n, n), or scipy's sparse
        Row i: what acts on i. Kept as ``scipy.sparse.csr_array``; its diagonal does nothing and is
        dropped. An oscillator with an empty row is a source that nothing pulls.
    detuning_rad_s : float, or shape (n,)
        :math:`\\omega`: frequencies, against a common one where all are near it.
    second_harmonic : float, or shape (n,)
        K, which binds phases to 0 and pi; > 0.
    noise : float, or shape (n,)
        D: a free phase diffuses by :math:`2 D t` in a time t.

    Raises
    ------
    ArgumentError
        Shapes that do not fit, values that are not finite, noise below 0.

    Examples
    --------
    >>> pair = PhaseNetwork([[0, 1], [1, 0]], detuning_rad_s=[0.0, 1.0])
    >>> run = pair.run(50.0, measure_from=25.0, seed=1)
    >>> bool(np.ptp(run.frequencies) < 1e-6)  # 1 < 2 C: they lock
    True
    """

    couplings: Any
    detuning_rad_s: Any = 0.0
    second_harmonic: Any = 0.0
    noise: Any = 0.0

    def __post_init__(self) -> None:
        matrix = square_matrix(self.couplings)
        object.__setattr__(self, "couplings", matrix)
        for name in ("detuning_rad_s", "second_harmonic", "noise"):
            values = each(name, getattr(self, name), (self.n,))
            object.__setattr__(self, name, values)
        no_negative("noise", self.noise)

    @property
    def n(self) -> int:
        """Number of oscillators."""
        return int(self.couplings.shape[0])

    @property
    def largest_rate(self) -> float:
        """Largest of :math:`\\sum_j |C_{ij}| + 2 |K_i|`, 1 / time.

        Steps of up to 1 / this are stable.
        """
        return self._rate(self.second_harmonic)

    def lyapunov(self, phases: npt.ArrayLike) -> FloatArray:
        """L of phases (..., n), shape (...); see the formula of the module.

        Raises
        ------
        ArgumentError
            Couplings or frequencies for which there is none: C must be symmetric, the frequencies
            equal, and 0 where there is a second harmonic.
        """
        self._check_gradient()
        phi = floats("phases", phases)
        flat = np.exp(1j * phi.reshape(-1, self.n))
        pairs = (flat.conj() * (self.couplings @ flat.T).T).real.sum(axis=-1)
        alone = (self.second_harmonic * np.cos(2 * phi)).sum(axis=-1)
        return np.asarray(-(pairs.reshape(phi.shape[:-1]) + alone) / 2)

    def run(
        self,
        duration: float,
        *,
        time_step: float | None = None,
        num_reads: int = 1,
        initial_phases: npt.ArrayLike | None = None,
        detuning: npt.ArrayLike | None = None,
        second_harmonic: npt.ArrayLike | None = None,
        noise: npt.ArrayLike | None = None,
        record_every: int | None = None,
        measure_from: float = 0.0,
        seed: int | None = None,
        num_threads: int = 1,
    ) -> PhaseRun:
        """Independent reads by Heun steps of fixed length.

        Parameters
        ----------
        duration : float
        time_step : float, optional
            Shortened so that a whole number of steps fits; by default a tenth of the inverse of
            :attr:`largest_rate` with the largest difference of frequencies and 2 D.
        num_reads : int
        initial_phases : shape (n,) or (num_reads, n), optional
            Radians; even on the circle by default.
        detuning : shape (n,) or (num_reads, n), optional
            In place of the network's own: one for each read.
        second_harmonic, noise : shape (pieces,) or (pieces, n), optional
            In place of the network's own: ramps, constant over equal pieces of the duration.
        record_every : int, optional
            Record the start and every so many steps; only the end by default.
        measure_from : float
            Where the measurement of the frequencies begins, moved to the nearest step.
        seed : int, optional
            0 <= seed < 2**64; drawn when None. Read k depends on seed and k alone.
        num_threads : int
            No effect on the result.

        Returns
        -------
        PhaseRun

        Raises
        ------
        ArgumentError, TypeError
            An argument out of range or of a shape that does not fit.
        """
        num_reads = integer("num_reads", num_reads, 1, 2**32)
        K = self._ramp("second_harmonic", second_harmonic)
        D = self._ramp("noise", noise)
        given = self.detuning_rad_s if detuning is None else detuning
        w = each("detuning", given, (self.n,), (num_reads, self.n))
        plan = Plan.of(
            duration,
            self._time_step(duration, w, K, D) if time_step is None else time_step,
            record_every=record_every,
            measure_from=measure_from,
        )
        return integrate(
            self.couplings,
            plan,
            drift=w,
            second_harmonic=K,
            noise=D,
            num_reads=num_reads,
            initial=self._start(initial_phases, num_reads),
            seed=seed,
            num_threads=num_threads,
        )

    def _rate(self, second_harmonic: FloatArray) -> float:
        pull = np.asarray(abs(self.couplings).sum(axis=1)).ravel()
        return float((pull + 2 * np.abs(second_harmonic)).max())

    def _time_step(self, duration: float, w: FloatArray, K: FloatArray, D: FloatArray) -> float:
        """Short against all that happens: pulls, beats of frequencies, noise."""
        beat = np.abs(w).max() if K.any() else np.ptp(np.atleast_2d(w), axis=-1).max()
        rate = self._rate(K) + float(beat) + 2 * float(D.max())
        return min(_TYPICAL / rate, duration) if rate > 0 else duration

    def _start(self, phases: npt.ArrayLike | None, num_reads: int) -> FloatArray | None:
        if phases is None:
            return None
        return np.asarray(each("initial_phases", phases, (self.n,), (num_reads, self.n)))

    def _ramp(self, name: str, values: npt.ArrayLike | None) -> FloatArray:
        """(pieces, n)."""
        if values is None:
            return np.asarray(getattr(self, name)[None, :])
        ramp = np.atleast_1d(floats(name, values))
        if ramp.ndim == 1:
            ramp = ramp[:, None]
        if ramp.ndim != 2 or ramp.shape[1] not in (1, self.n) or not ramp.size:
            raise ArgumentError(
                name,
                f"must have shape (pieces,) or (pieces, {self.n})",
                got=f"shape {np.shape(values)}",
                remedy="a piece is an equal share of the duration",
            )
        finite(name, ramp)
        if name == "noise":
            no_negative(name, ramp)
        return np.broadcast_to(ramp, (ramp.shape[0], self.n)).copy()

    def _check_gradient(self) -> None:
        matrix, w = self.couplings, self.detuning_rad_s
        if abs(matrix - matrix.T).max() > 0:
            raise ArgumentError(
                "couplings", "must be symmetric for a Lyapunov function", remedy="use (C + C.T) / 2"
            )
        if np.ptp(w) > 0 or (self.second_harmonic.any() and w.any()):
            raise ArgumentError(
                "detuning_rad_s",
                "must be equal for a Lyapunov function, and 0 with a second harmonic",
                w,
                remedy="measure it in the frame that turns with the drive",
            )
