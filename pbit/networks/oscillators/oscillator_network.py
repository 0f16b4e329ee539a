r"""Coupled auto-oscillators with their amplitudes.

.. math::
    \dot c_k = -i (\omega_k + N_k p_k) c_k - \Gamma_k (1 + Q_k p_k) c_k
               + \Gamma_k \zeta_k (1 - p_k) c_k + \sum_j \Lambda_{kj} c_j + f_k(t)

with :math:`p = |c|^2`: single oscillators as in :mod:`pbit.devices.oscillator`, f drives and noise.

Sources: Slavin, Tiberkevich, IEEE Trans. Magn. 45, 1875 (2009).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, floats, integer
from pbit.devices.oscillator import AutoOscillator
from pbit.devices.quantities import number
from pbit.networks.oscillators.amplitude_stepping import integrate
from pbit.networks.oscillators.arguments import FloatArray, each, finite, square_matrix
from pbit.networks.oscillators.drives import Drive
from pbit.networks.oscillators.oscillator_run import OscillatorRun
from pbit.networks.oscillators.phase_network import PhaseNetwork
from pbit.networks.oscillators.setting import Setting
from pbit.networks.oscillators.stepping import MOST_STEPS, Plan

__all__ = ["OscillatorNetwork"]

_TYPICAL = 0.1  # of the fastest rate, by default a step


@dataclass(frozen=True, eq=False)
class OscillatorNetwork(ByValue):
    """Oscillators and what couples them.

    Parameters
    ----------
    oscillators : AutoOscillator, or a sequence of them
        One for all, or one each.
    couplings : complex, shape (n, n), or scipy's sparse
        :math:`\\Lambda_{kj}` in rad/s: row k, what acts on k. The diagonal is dropped.

    Raises
    ------
    ArgumentError, TypeError
        Another number of oscillators; couplings that are no square matrix of finite numbers.

    Examples
    --------
    >>> one = AutoOscillator(frequency_Hz=3e8, damping_Hz=4e5, shift_Hz=2e6)
    >>> pair = OscillatorNetwork(one, [[0, 2e5], [2e5, 0]])
    >>> run = pair.run(1e-4, 2e-3, detuning_Hz=[0.0, 2e4], measure_from_s=5e-5, seed=1)
    >>> bool(np.ptp(run.frequencies_Hz) < 1.0)
    True
    """

    oscillators: Any
    couplings: Any

    def __post_init__(self) -> None:
        matrix = square_matrix(self.couplings, kind=np.complex128)
        given = self.oscillators
        many = (given,) * matrix.shape[0] if isinstance(given, AutoOscillator) else tuple(given)
        for one in many:
            if not isinstance(one, AutoOscillator):
                raise TypeError(f"oscillators must be AutoOscillator, got {one!r:.60}")
        if len(many) != matrix.shape[0]:
            raise ArgumentError(
                "oscillators",
                f"must be {matrix.shape[0]}, as rows of couplings",
                got=str(len(many)),
                remedy="or one for all",
            )
        object.__setattr__(self, "couplings", matrix)
        object.__setattr__(self, "oscillators", many)

    @property
    def n(self) -> int:
        """Number of oscillators."""
        return len(self.oscillators)

    def values(self, name: str) -> FloatArray:
        """A parameter of every oscillator, float64 (n,)."""
        return np.array([getattr(each, name) for each in self.oscillators], dtype=np.float64)

    def run(
        self,
        duration_s: float,
        current_A: npt.ArrayLike,
        *,
        drives: Sequence[Drive] = (),
        detuning_Hz: npt.ArrayLike = 0.0,
        time_step_s: float | None = None,
        num_reads: int = 1,
        initial: npt.ArrayLike | None = None,
        frame_Hz: float | None = None,
        about_A: npt.ArrayLike | None = None,
        record_every: int | None = None,
        measure_from_s: float = 0.0,
        seed: int | None = None,
        first_read: int = 0,
        first_step: int = 0,
        num_threads: int = 1,
    ) -> OscillatorRun:
        """Independent reads by Heun steps of fixed length.

        Parameters
        ----------
        duration_s : float
        current_A : float, or shape (n,), (pieces, n) or (num_reads, pieces, n)
            Constant over equal pieces of the duration.
        drives : sequence of Drive
        detuning_Hz : float, or shape (n,) or (num_reads, n)
            Added to the frequencies.
        time_step_s : float, optional
            Shortened so that a whole number of steps fits; by default a tenth of the inverse of the
            fastest rate: damping, nonlinear shift, couplings, distances from the frame.
        num_reads : int
        initial : complex, shape (n,) or (num_reads, n), optional
            In the frame. By default the free power at the first current, or 1e-6 where that is
            less, with phases even on the circle.
        frame_Hz : float, optional
            Frequency of the frame; by default the mean of the free oscillators' frequencies.
        about_A : float, or shape (n,), optional
            Currents at whose free powers turning is exact in a step, by default the mean currents:
            a run that goes on from another in the same frame, with the same ones, makes the same
            steps.
        record_every : int, optional
            Record the start and every so many steps; only the end by default.
        measure_from_s : float
            Where the measurement of the frequencies begins, moved to the nearest step.
        seed : int, optional
            0 <= seed < 2**64; drawn when None. Read k depends on seed and k alone.
        first_read : int
            Number of the first read: the reads of a larger run from there on.
        first_step : int
            Number of the first step: continues an earlier run with noise of its own; drives begin
            anew.
        num_threads : int
            No effect on the result.

        Returns
        -------
        OscillatorRun

        Raises
        ------
        ArgumentError, TypeError
            An argument out of range or of a shape that does not fit; a time step so long that
            amplitudes grow without end.
        """
        reads, n = integer("num_reads", num_reads, 1, 2**32), self.n
        setting = Setting(
            network=self,
            current_A=self._currents(current_A, reads),
            detuning_Hz=each("detuning_Hz", detuning_Hz, (n,), (reads, n)),
            drives=tuple(drives),
            frame_Hz=_frame(frame_Hz),
            num_reads=reads,
            about_A=None if about_A is None else each("about_A", about_A, (n,)),
            first_read=integer("first_read", first_read, 0, 2**32 - reads),
            first_step=first_step,
        )
        start = None
        if initial is not None:
            start = each("initial", initial, (n,), (reads, n), kind=np.complex128)
        plan = Plan.of(
            duration_s,
            min(_TYPICAL / setting.fastest_rad_s, duration_s)
            if time_step_s is None
            else time_step_s,
            record_every=record_every,
            measure_from=measure_from_s,
            unit="_s",
        )
        integer("first_step", first_step, 0, MOST_STEPS - plan.steps)
        return integrate(setting, plan, initial=start, seed=seed, num_threads=num_threads)

    def time_step_s(self, current_A: npt.ArrayLike, *, frame_Hz: float | None = None) -> float:
        """The longest step that :meth:`run` takes by default, without drives and detunings.

        Parameters
        ----------
        current_A, frame_Hz
            As for :meth:`run`.

        Raises
        ------
        ArgumentError
            As :meth:`run`.
        """
        currents = np.asarray(current_A, dtype=np.float64)
        reads = len(currents) if currents.ndim == 3 else 1
        setting = Setting(
            network=self,
            current_A=self._currents(current_A, reads),
            detuning_Hz=np.zeros(self.n),
            drives=(),
            frame_Hz=_frame(frame_Hz),
            num_reads=reads,
        )
        return _TYPICAL / setting.fastest_rad_s

    def reduced(self, current_A: npt.ArrayLike, *, frame_Hz: float | None = None) -> PhaseNetwork:
        r"""Phases alone: what powers do follows at once.

        :math:`C_{kj} = |\Lambda_{kj}| \sqrt{1 + \nu_k^2} \sqrt{p_j / p_k} \cos(\arctan \nu_k -
        \arg \Lambda_{kj})`, diffusion :math:`D_n (1 + \nu^2) / 2 p`. Valid for couplings, and their
        detunings, far below :math:`2 \Gamma_p`; exact in that limit where :math:`\arg \Lambda =
        \arctan \nu`, and without the part that is even in the difference of phases where not.

        Parameters
        ----------
        current_A : float, or shape (n,)
        frame_Hz : float, optional
            As for :meth:`run`.

        Returns
        -------
        PhaseNetwork
            In rad/s.

        Raises
        ------
        ArgumentError
            A current at or below threshold.
        """
        current = each("current_A", current_A, (self.n,))
        power = self.free_power(current)
        if not power.all():
            raise ArgumentError(
                "current_A",
                "must be above the threshold of each oscillator",
                current,
                remedy="below it there is no phase",
            )
        frequency = self.values("frequency_Hz") + self.values("shift_Hz") * power
        frame = _frame(frame_Hz) or frequency.mean()
        nu = np.array(
            [one.nonlinearity(i) for one, i in zip(self.oscillators, current, strict=True)]
        )
        pairs = self.couplings.tocoo()
        k, j = pairs.row, pairs.col
        turned = pairs.data * np.exp(-1j * np.arctan(nu[k]))
        size = np.sqrt((1 + nu[k] ** 2) * power[j] / power[k])
        pairs.data = turned.real * size
        noise = 2 * math.pi * self.values("noise_Hz") * (1 + nu**2) / (2 * power)
        return PhaseNetwork(
            pairs.real, detuning_rad_s=2 * math.pi * (frequency - frame), noise=noise
        )

    def free_power(self, current_A: FloatArray) -> FloatArray:
        """:math:`p_0` of oscillators on their own, of the shape (..., n) of the currents."""
        zeta = current_A / self.values("threshold_A")
        above = np.maximum(zeta - 1, 0.0)
        return np.asarray(above / (above + 1 + self.values("nonlinear_damping")))

    def _currents(self, values: npt.ArrayLike, reads: int) -> FloatArray:
        """(1 or reads, pieces, n)."""
        currents = floats("current_A", values)
        finite("current_A", currents)
        shape = currents.shape
        pieces = shape[-2] if len(shape) > 1 else 1
        if shape not in ((), (self.n,), (pieces, self.n), (reads, pieces, self.n)) or not pieces:
            raise ArgumentError(
                "current_A",
                f"must be a number or of shape ({self.n},), (pieces, {self.n}) or "
                f"({reads}, pieces, {self.n})",
                got=f"shape {shape}",
                remedy="a piece is an equal share of the duration",
            )
        full = (shape[0] if len(shape) == 3 else 1, pieces, self.n)
        return np.broadcast_to(currents, full)


def _frame(frequency_Hz: float | None) -> float | None:
    if frequency_Hz is None:
        return None
    return number("frame_Hz", frequency_Hz, (">", 0.0), remedy="near the oscillators' own")
