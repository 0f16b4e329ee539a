"""An oscillator as a neuron of radio signals: a voltage in, a power at its own carrier out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pbit.checks import instance
from pbit.devices.oscillator import AutoOscillator, SpinTorqueDiode
from pbit.devices.quantities import number

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class OscillatorNeuron:
    r"""A voltage becomes a current, and the oscillator emits above its threshold.

    :math:`P = P_{max} (\zeta - 1) / (\zeta + Q)` with :math:`\zeta = (I_{bias} + G V) / I_{th}`, 0
    below threshold: a rectifier that saturates. Its frequency moves with its power, by ``shift_Hz``
    of the oscillator.

    Parameters
    ----------
    oscillator : AutoOscillator
        Its frequency is that of the carrier that the neuron is given.
    transconductance_S : float
        G, of the amplifier between a chain and the oscillator.
    most_W : float
        :math:`P_{max}`, after amplification.
    bias_A : float, optional
        The threshold by default.

    Raises
    ------
    TypeError, ValueError
        No oscillator, numbers out of the range that the message names.

    References
    ----------
    A. Ross et al., Nat. Nanotechnol. 18, 1273 (2023), arXiv:2211.03659.

    Examples
    --------
    >>> oscillator = AutoOscillator(frequency_Hz=1e9, damping_Hz=5e6)
    >>> neuron = OscillatorNeuron(oscillator=oscillator, transconductance_S=1.0, most_W=1e-6)
    >>> neuron.emitted_W([-1e-3, 0.0, 1e-3]).tolist()
    [0.0, 0.0, 4e-07]
    """

    oscillator: AutoOscillator
    transconductance_S: float
    most_W: float
    bias_A: float | None = None

    def __post_init__(self) -> None:
        instance("oscillator", self.oscillator, AutoOscillator, remedy="AutoOscillator(...)")
        remedy = "amplifiers only make it larger"
        number("transconductance_S", self.transconductance_S, (">", 0.0), remedy=remedy)
        number("most_W", self.most_W, (">", 0.0), remedy=remedy)
        if self.bias_A is not None:
            number("bias_A", self.bias_A, remedy="None is the threshold")

    @classmethod
    def matched(
        cls, oscillator: AutoOscillator, diode: SpinTorqueDiode, *, full_W: float, gain: float = 1.0
    ) -> OscillatorNeuron:
        """One between chains of such diodes whose carriers have up to ``full_W``.

        A full carrier at a weight of 1 raises the supercriticality by ``gain``.

        Raises
        ------
        TypeError, ValueError
            Numbers out of range.
        """
        gain = number("gain", gain, (">", 0.0), remedy="1 is usual")
        full = number("full_W", full_W, (">", 0.0), remedy="1e-6 is a microwatt")
        volts = diode.sensitivity_V_W / 2 * full
        return cls(
            oscillator=oscillator,
            transconductance_S=gain * oscillator.threshold_A / volts,
            most_W=full,
        )

    def current_A(self, voltages_V: npt.ArrayLike) -> FloatArray:
        """Currents through the oscillators, of the shape of the voltages."""
        bias = self.oscillator.threshold_A if self.bias_A is None else self.bias_A
        return np.asarray(bias + self.transconductance_S * np.asarray(voltages_V, np.float64))

    def emitted_W(self, voltages_V: npt.ArrayLike) -> FloatArray:
        """Powers, of the shape of the voltages."""
        return np.asarray(self.most_W * self.oscillator.power(self.current_A(voltages_V)))

    def shift_Hz(self, emitted_W: FloatArray) -> FloatArray | None:
        """By how much the carriers of such powers are off; None where no power moves them."""
        if not self.oscillator.shift_Hz:
            return None
        return self.shift_Hz_W * emitted_W

    @property
    def shift_Hz_W(self) -> float:
        """Derivative of the frequency by the emitted power."""
        return self.oscillator.shift_Hz / self.most_W

    def slope_W_V(self, voltages_V: npt.ArrayLike) -> FloatArray:
        """Derivatives of the powers by the voltages, 0 below threshold."""
        zeta = self.oscillator.supercriticality(self.current_A(voltages_V))
        damping = self.oscillator.nonlinear_damping
        rise = (1 + damping) / (np.maximum(zeta, 1.0) + damping) ** 2
        scale = self.most_W * self.transconductance_S / self.oscillator.threshold_A
        return np.where(zeta > 1, scale * rise, 0.0)
