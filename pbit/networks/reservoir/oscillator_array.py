r"""Coupled oscillators as a reservoir: all are driven at once, and push each other.

.. math::
    \dot c_k = -i (\omega_k + N_k p_k) c_k - \Gamma_k (1 + Q_k p_k) c_k
    + \Gamma_k \zeta_k(t) (1 - p_k) c_k + \sum_j \Lambda_{kj} c_j + f_k(t)

by the Heun steps of :class:`pbit.networks.oscillators.OscillatorNetwork`.

Source: Kanao, Suto, Mizushima, Goto, Tanamoto, Sato, Phys. Rev. Appl. 12, 024052 (2019).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, flag, integer
from pbit.devices.oscillator import AutoOscillator
from pbit.devices.quantities import number
from pbit.networks.oscillators import OscillatorNetwork
from pbit.networks.reservoir.masks import Mask, mask_of
from pbit.networks.reservoir.oscillator import check_drive
from pbit.networks.reservoir.protocol import FloatArray
from pbit.seeds import check_seed, seed_of

ComplexArray = npt.NDArray[np.complex128]

_LIMITS = "currents are in thresholds, times in 1 / (2 Gamma_G)"
_FLOOR = 1e-6  # of the powers at the start
_PHASES, _NOISE = 1, 2  # what a seed is for, next to the mask
_SLOTS = 4096  # of a run: their currents are laid out for all series
_DIGITS = 30  # binary ones, of a time step at least


@dataclass(frozen=True, kw_only=True, eq=False)
class OscillatorArray(ByValue):
    r"""Auto-oscillators coupled to each other, whose amplitudes are the nodes.

    Parameters
    ----------
    devices : sequence of AutoOscillator
        n of them; the unit of time is :math:`1 / (2 \Gamma_G)` of the first.
    coupling : complex, or array (n, n)
        :math:`\Lambda_{kj}` over :math:`\Gamma_G` of the first, what acts on k from j; a number is
        the same for all pairs, over n.
    num_virtual : int
        Slots of a step, at the end of each of which all amplitudes are read.
    bias, amplitude : float
        Current and what an input of 1 adds to it, in thresholds of each device.
    slot : float
        Duration of a slot.
    mask : {"binary", "uniform", "steps"}
    mask_holds : bool
        Whether a device has one number of the mask for all slots, as in the paper.
    pieces : int, optional
        Steps of a slot; by default a tenth of the inverse of the fastest rate each, or less.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from pbit.networks.reservoir import VORTEX, states_of
    >>> pair = [VORTEX, replace(VORTEX, frequency_Hz=3.0005e8)]
    >>> array = OscillatorArray(devices=pair, coupling=0.3, num_virtual=5)
    >>> states_of(array, [[1.0], [-1.0]], seed=1).shape
    (2, 10)
    """

    devices: Sequence[AutoOscillator]
    coupling: Any = 0.0
    num_virtual: int = 10
    bias: float = 1.6
    amplitude: float = 0.4
    slot: float = 0.2
    mask: Mask = "binary"
    mask_holds: bool = True
    pieces: int | None = None

    def __post_init__(self) -> None:
        if not len(self.devices):
            raise ArgumentError("devices", "must be one AutoOscillator at least", self.devices)
        integer("num_virtual", self.num_virtual, 1)
        if self.pieces is not None:
            integer("pieces", self.pieces, 1)
        flag("mask_holds", self.mask_holds)
        number("bias", self.bias, remedy=_LIMITS)
        number("amplitude", self.amplitude, remedy=_LIMITS)
        number("slot", self.slot, (">", 0.0), remedy=_LIMITS)
        mask_of(self.mask, (1, 1), seed=0)
        self.matrix()

    def matrix(self) -> ComplexArray:
        """Couplings over Gamma_G, complex128 (n, n), 0 on the diagonal.

        Raises
        ------
        ValueError
            Another shape, NaN or infinity.
        """
        n = len(self.devices)
        given = np.asarray(self.coupling, np.complex128)
        if given.ndim == 0:
            given = np.full((n, n), given / n)
        if given.shape != (n, n) or not np.isfinite(given).all():
            raise ArgumentError(
                "coupling", f"must be finite, one number or of shape ({n}, {n})",
                got=f"shape {given.shape}",
            )  # fmt: skip
        return given * (1 - np.eye(n))

    def begin(
        self, num_inputs: int, *, num_series: int = 1, seed: int, first_series: int = 0
    ) -> ArrayCourse:
        """At the powers of the bias, with phases of this seed."""
        numbers = (first_series, num_series)
        return ArrayCourse(self, num_inputs, numbers, seed=check_seed(seed))


class ArrayCourse:
    """Coupled oscillators on their way."""

    def __init__(
        self, of: OscillatorArray, num_inputs: int, series: tuple[int, int], *, seed: int
    ) -> None:
        self._of, (self._first_series, num_series) = of, series
        devices, n = of.devices, len(of.devices)
        rows = n if of.mask_holds else n * of.num_virtual
        mask = mask_of(of.mask, (rows, num_inputs), seed=seed)
        self._mask = of.amplitude * (np.tile(mask, (of.num_virtual, 1)) if of.mask_holds else mask)
        self._network = OscillatorNetwork(devices, of.matrix() * devices[0].damping_rad_s)
        self._slot_s = of.slot / 2 / devices[0].damping_rad_s
        self._frame_Hz = float(self._network.values("frequency_Hz").mean())
        self._thresholds = self._network.values("threshold_A")
        self._rates = of.slot * self._network.values("damping_Hz") / devices[0].damping_Hz
        self._pieces = of.pieces or self._enough()
        self._piece_s = _short(self._slot_s / self._pieces, _SLOTS * self._pieces)
        powers = np.array([each.power(of.bias * each.threshold_A) for each in devices])
        phases = np.random.default_rng(seed_of(seed, _PHASES)).uniform(0, 2 * math.pi, n)
        start = np.sqrt(np.maximum(powers, _FLOOR)) * np.exp(1j * phases)
        self._c: ComplexArray = np.tile(start, (num_series, 1))
        self._seed, self._steps = seed_of(seed, _NOISE, 0), 0

    def _enough(self) -> int:
        """Steps of a slot, for inputs from -2 to 2."""
        of = self._of
        ends = of.bias + 2 * of.amplitude * np.array([[-1.0], [1.0]])
        longest = self._network.time_step_s(ends * self._thresholds, frame_Hz=self._frame_Hz)
        return math.ceil(self._slot_s / longest)

    @property
    def num_nodes(self) -> int:
        """Devices times slots."""
        return self._network.n * self._of.num_virtual

    @property
    def amplitudes(self) -> ComplexArray:
        """c of every device, complex128 (num_series, n)."""
        return self._c

    def advance(self, drive: FloatArray) -> FloatArray:
        """Amplitudes in volts, slot by slot; see :class:`pbit.networks.reservoir.Course`."""
        series, steps, _ = drive.shape
        zetas = drive @ self._mask.T + self._of.bias
        zetas = zetas.reshape(series, steps * self._of.num_virtual, self._network.n)
        check_drive(float(np.abs(zetas).max()), self._rates)
        found = [
            self._run(zetas[:, first : first + _SLOTS])
            for first in range(0, zetas.shape[1], _SLOTS)
        ]
        volts = np.concatenate(found, axis=1) * self._network.values("signal_V")
        return np.asarray(volts.reshape(series, steps, self.num_nodes))

    def _run(self, zetas: FloatArray) -> FloatArray:
        """Sizes of the amplitudes after each slot, (series, slots, n)."""
        steps = zetas.shape[1] * self._pieces
        run = self._network.run(
            steps * self._piece_s,
            zetas * self._thresholds,
            num_reads=len(zetas),
            time_step_s=self._piece_s,
            record_every=self._pieces,
            initial=self._c,
            frame_Hz=self._frame_Hz,
            about_A=self._of.bias * self._thresholds,
            seed=self._seed,
            first_read=self._first_series,
            first_step=self._steps,
        )
        self._steps += steps
        self._c = run.amplitudes[:, -1]
        return np.abs(run.amplitudes[:, 1:])


def _short(time_s: float, number: int) -> float:
    """A time of so few digits that multiples up to a number of times are exact: runs of any length
    then have the same steps."""
    part, exponent = math.frexp(time_s)
    digits = max(_DIGITS, 53 - number.bit_length())
    return math.ldexp(round(math.ldexp(part, digits)), exponent - digits)
