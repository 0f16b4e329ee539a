r"""One magnetic tunnel junction of two states: the Néel-Brown random telegraph.

The state is s = +1 where the free layer is parallel to the reference layer (P, low resistance)
and s = -1 where it is antiparallel (AP); a positive current favours P. With :math:`i = I / I_c`,
:math:`u = i + a` and the number n of the exponent, the rates of leaving P and AP are

.. math::
    r_P = \phi_0 e^{-\Delta (1 + u)^n}, \qquad r_{AP} = \phi_0 e^{-\Delta (1 - u)^n} .

n = 1 is what most of the literature on neuromorphic junctions takes, n = 2 what a perpendicular
macrospin under collinear torque has. With n = 2 the same current moves the mean twice as far.

Where :math:`|u| \ge 1` one barrier is gone and the law with it; the rate out of that state is then
held at :math:`\phi_0`. Below about three kT of barrier the law is an extrapolation.
"""

from __future__ import annotations

import math
from dataclasses import KW_ONLY, dataclass, replace

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.devices.quantities import number

FloatArray = npt.NDArray[np.float64]

MAX_BARRIER = 500.0  # e^500 still is a number

_POSITIVE = ("attempt_frequency_Hz", "critical_current_A", "resistance_P_ohm", "temperature_K")
_RANGES = (
    (
        "barrier",
        ((">", 0.0), ("<=", MAX_BARRIER)),
        "in kT; for magnets without a barrier see pbit.devices.laws.low_barrier",
    ),
    (
        "barrier_exponent",
        ((">=", 1.0), ("<=", 2.0)),
        "1 is the usual choice, 2 the perpendicular macrospin",
    ),
    ("asymmetry", ((">", -1.0), ("<", 1.0)), "a stray field that strong leaves one state"),
    ("tmr", ((">", 0.0),), "100 % is 1.0"),
    ("vcma_kT_per_V", (), "0 switches the effect off"),
)


@dataclass(frozen=True)
class Junction:
    r"""A magnetic tunnel junction that is in one of two states.

    Parameters
    ----------
    barrier : float
        :math:`\Delta = E_b / kT` at ``temperature_K`` without current, stray field and voltage.
    attempt_frequency_Hz : float
        :math:`\phi_0`. The usual 1e9 is a convention: measured prefactors go up to 1e15 and more.
    critical_current_A : float
        :math:`I_c`, at which the barrier vanishes. The default is a round number, no measurement.
    barrier_exponent : float
        n, from 1 to 2.
    asymmetry : float
        a, stray field over anisotropy field, positive where it favours P: with n = 1 and no
        current the barriers are :math:`\Delta(1 \pm a)`; for every n it acts as a current
        :math:`a I_c`.
    resistance_P_ohm : float
        Resistance of the state P; default a round number.
    tmr : float
        (R_AP - R_P) / R_P without voltage; default a round number.
    tmr_half_voltage_V : float
        Voltage at which the TMR is half of that; infinity for none (0.4 to 0.6 V is typical,
        unverified).
    temperature_K : float
        Of the junction. Self-heating is not modelled.
    vcma_kT_per_V : float
        What one volt takes off the barrier, in kT at ``temperature_K``; used by
        :meth:`at_voltage` only.

    Raises
    ------
    TypeError
        Anything that is not a number.
    ValueError
        Anything out of the range that its message names.

    References
    ----------
    W. F. Brown, Phys. Rev. 130, 1677 (1963).

    Examples
    --------
    >>> junction = Junction(8.0, critical_current_A=1e-5)
    >>> f"{junction.tau_s:.3g} s"
    '2.98e-06 s'
    >>> round(float(junction.mean(1e-6)), 4)  # tanh(0.8)
    0.664
    """

    barrier: float
    _: KW_ONLY
    attempt_frequency_Hz: float = 1e9
    critical_current_A: float = 1e-5
    barrier_exponent: float = 1.0
    asymmetry: float = 0.0
    resistance_P_ohm: float = 5e3
    tmr: float = 1.0
    tmr_half_voltage_V: float = math.inf
    temperature_K: float = 300.0
    vcma_kT_per_V: float = 0.0

    def __post_init__(self) -> None:
        for name in _POSITIVE:
            number(name, getattr(self, name), (">", 0.0), remedy="units are SI")
        for name, bounds, remedy in _RANGES:
            number(name, getattr(self, name), *bounds, remedy=remedy)
        half = self.tmr_half_voltage_V
        number(
            "tmr_half_voltage_V", half, (">", 0.0), remedy="infinity switches it off", finite=False
        )

    @property
    def tau_s(self) -> float:
        r"""Mean dwell time of either state without current and stray field, e^Δ / φ0.

        Examples
        --------
        >>> round(Junction(math.log(1e6)).tau_s, 9)
        0.001
        """
        return math.exp(self.barrier) / self.attempt_frequency_Hz

    @property
    def pbit_gain_per_A(self) -> float:
        """Input of the p-bit per ampere, n Δ / I_c: its mean is ``tanh(gain * (I + a I_c))``.

        That is exact for n = 1 and n = 2 while both barriers stand, and the slope at zero for
        other exponents; :meth:`pbit_input` is exact for all.

        Examples
        --------
        >>> Junction(8.0, barrier_exponent=2.0, critical_current_A=0.5).pbit_gain_per_A
        32.0
        """
        return self.barrier_exponent * self.barrier / self.critical_current_A

    def barriers(self, current_A: npt.ArrayLike = 0.0) -> tuple[FloatArray, FloatArray]:
        """Barriers out of P and out of AP in kT, 0 where there is none; shapes of ``current_A``.

        Examples
        --------
        >>> [round(float(b), 6) for b in Junction(8.0, asymmetry=0.25).barriers()]
        [10.0, 6.0]
        """
        u = np.asarray(current_A, dtype=np.float64) / self.critical_current_A + self.asymmetry
        n = self.barrier_exponent
        out_of_P = self.barrier * np.maximum(1 + u, 0.0) ** n
        return out_of_P, self.barrier * np.maximum(1 - u, 0.0) ** n

    def rates_Hz(self, current_A: npt.ArrayLike = 0.0) -> tuple[FloatArray, FloatArray]:
        """Rates of leaving P and of leaving AP, in 1/s; shapes of ``current_A``.

        Never above the attempt frequency, which they keep where a barrier is gone.

        Examples
        --------
        >>> [f"{rate:.3e}" for rate in Junction(8.0).rates_Hz(2e-6)]
        ['6.773e+04', '1.662e+06']
        """
        out_of_P, out_of_AP = self.barriers(current_A)
        phi0 = self.attempt_frequency_Hz
        return phi0 * np.exp(-out_of_P), phi0 * np.exp(-out_of_AP)

    def pbit_input(self, current_A: npt.ArrayLike = 0.0) -> FloatArray:
        """Input I of the p-bit, half the difference of the barriers; the mean is ``tanh(I)``.

        Examples
        --------
        >>> round(float(Junction(8.0, barrier_exponent=1.5).pbit_input(1e-6)), 4)
        1.1995
        """
        out_of_P, out_of_AP = self.barriers(current_A)
        return np.asarray((out_of_P - out_of_AP) / 2)

    def mean(self, current_A: npt.ArrayLike = 0.0) -> FloatArray:
        """Mean of the state s at a constant current, ``tanh(pbit_input)``; shape of ``current_A``.

        Examples
        --------
        >>> round(float(Junction(8.0).mean(-1e-6)), 4)
        -0.664
        """
        return np.tanh(self.pbit_input(current_A))

    def at_temperature(self, temperature_K: float) -> Junction:
        """The junction at another temperature: the barrier in joule and all else stay.

        So Δ and what VCMA takes off it, both in kT, go with 1 / T; :math:`I_c` stays.

        Examples
        --------
        >>> Junction(8.0).at_temperature(400.0).barrier
        6.0
        """
        number("temperature_K", temperature_K, (">", 0.0), remedy="temperatures are absolute")
        ratio = self.temperature_K / temperature_K
        return replace(
            self,
            barrier=self.barrier * ratio,
            vcma_kT_per_V=self.vcma_kT_per_V * ratio,
            temperature_K=temperature_K,
        )

    def at_voltage(self, voltage_V: float) -> Junction:
        """The junction with its anisotropy, and so its barrier, changed by a gate voltage.

        The barrier falls by ``vcma_kT_per_V * voltage_V``. As in a perpendicular macrospin the
        critical current goes with the barrier and the asymmetry against it, so that the gain of
        the p-bit stays; the attempt frequency is kept, an approximation.

        Examples
        --------
        >>> gated = Junction(8.0, vcma_kT_per_V=10.0).at_voltage(0.2)
        >>> gated.barrier, round(gated.critical_current_A, 9)
        (6.0, 7.5e-06)
        """
        ratio = 1 - self.vcma_kT_per_V * voltage_V / self.barrier
        if not 0 < ratio < math.inf:
            raise ArgumentError(
                "voltage_V",
                "must leave a barrier",
                voltage_V,
                remedy=f"{self.vcma_kT_per_V:g} kT/V take {self.barrier:g} kT off",
            )
        return replace(
            self,
            barrier=self.barrier * ratio,
            critical_current_A=self.critical_current_A * ratio,
            asymmetry=self.asymmetry / ratio,
        )
