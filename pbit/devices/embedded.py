r"""The p-bit of one transistor and one junction: the input tunes the transistor, not the magnet.

Junction and transistor divide the supply; an inverter decides. With the supply at
:math:`\pm V_{DD}/2` the node between them is at

.. math:: V_m = \frac{V_{DD}}{2} \, \frac{R_T(V_{in}) - R_{MTJ}}{R_T(V_{in}) + R_{MTJ}}

and the output is the sign of :math:`-V_m`, high where the transistor conducts better than the
junction, or :math:`-\tanh(A V_m / (V_{DD}/2))` for an inverter of finite gain A.

Approximations: the transistor is a resistor :math:`R_T = R_0 e^{-V_{in}/V_T}`, the shape of a
transistor below threshold without its saturation; the TMR is that at the voltage across the
junction, which the divider and it settle between them; the current through the divider moves the
magnet only where ``law`` says so, and a warning tells where it would; inverter and node have no
delay. So the mean answers to the input at once, while successive outputs stay alike for as long as
the magnet does.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import KW_ONLY, dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.checks import instance, integer
from pbit.devices.laws.conduction import (
    resistance_ohm,
    resistance_under_ohm,
    tmr_at_voltage,
)
from pbit.devices.laws.low_barrier import langevin_mean, torque_argument
from pbit.devices.laws.orientation import Binary, OrientationLaw, Perpendicular, Planar
from pbit.devices.mtj import FloatArray, Junction
from pbit.devices.quantities import number
from pbit.kernels.devices.telegraph import fill_uniforms
from pbit.seeds import seed_or_fresh

_MOST_PULL = 0.1  # of a mean cosine, before somebody is told
_NODES = 4096  # of the midpoint rule over a continuous law
_MOST_SAMPLES = 2**27


class TanhFit(NamedTuple):
    """``tanh(V_in / scale_V)``, and how far the transfer curve is from it at most."""

    scale_V: float
    max_deviation: float


@dataclass(frozen=True)
class EmbeddedPBit:
    """One transistor, one junction and an inverter (1T-1MTJ).

    Parameters
    ----------
    junction : Junction
        Its resistances count, not its barrier: how c fluctuates is told by ``law``.
    law : OrientationLaw
        :class:`Planar` by default; ``Binary(mean)`` is a junction with a barrier.
    supply_V : float
        V_DD.
    slope_V : float
        V_T, the input that changes the transistor's resistance by a factor e; the default is a
        round number.
    centre_ohm : float, optional
        R_0, the transistor at zero input; by default the junction at a right angle, where half of
        a symmetric law is above.
    gain : float
        A of the inverter; infinity for an ideal one.
    damping, polarization : float
        alpha and eta of the free layer: what the read current does to a perpendicular magnet.
        Polarization 0 for free layers on which its torques cancel.

    Warns
    -----
    UserWarning
        The read current would move the mean of c by more than 0.1 from that of the law: of
        :class:`Perpendicular` by :func:`pbit.devices.laws.low_barrier.torque_argument`, of
        :class:`Binary` by the junction's critical current. A circular in-plane magnet is not
        pinned that way: to first order its demagnetising field undoes an in-plane torque.

    Raises
    ------
    ValueError
        Anything not > 0.

    References
    ----------
    K. Y. Camsari, S. Salahuddin, S. Datta, IEEE Electron Device Lett. 38, 1767 (2017);
    K. Y. Camsari, B. M. Sutton, S. Datta, Appl. Phys. Rev. 6, 011305 (2019), eq. 3.

    Examples
    --------
    >>> pbit = EmbeddedPBit(Junction(8.0))
    >>> pbit.transfer([-0.01, 0.0, 0.01]).round(3).tolist()
    [-0.366, 0.0, 0.462]
    """

    junction: Junction
    law: OrientationLaw = field(default_factory=Planar)
    _: KW_ONLY
    supply_V: float = 0.8
    slope_V: float = 0.05
    centre_ohm: float | None = None
    gain: float = math.inf
    damping: float = 0.01
    polarization: float = 0.6

    def __post_init__(self) -> None:
        remedy = "give pbit.devices.mtj.Junction(barrier), whose resistances count"
        instance("junction", self.junction, Junction, remedy=remedy)
        number("supply_V", self.supply_V, (">", 0.0), remedy="it feeds the divider")
        number("slope_V", self.slope_V, (">", 0.0), remedy="tens of millivolts are usual")
        number("gain", self.gain, (">", 0.0), remedy="infinity is ideal", finite=False)
        number("damping", self.damping, (">", 0.0), remedy="0.01 to 0.1 is usual")
        rule = (">=", 0.0), ("<=", 1.0)
        number("polarization", self.polarization, *rule, remedy="0 where torques cancel")
        if self.centre_ohm is not None:
            number("centre_ohm", self.centre_ohm, (">", 0.0), remedy="None centres the law")
        self._warn_if_pinned()

    def transistor_ohm(self, input_V: npt.ArrayLike) -> FloatArray:
        """Resistance of the transistor; shape of ``input_V``.

        Examples
        --------
        >>> EmbeddedPBit(Junction(8.0)).transistor_ohm([0.0, 0.05]).round().tolist()
        [6667.0, 2453.0]
        """
        centre = self.centre_ohm
        if centre is None:
            centre = float(self._at_balance_ohm(0.0))
        return np.asarray(centre * np.exp(-np.asarray(input_V, dtype=np.float64) / self.slope_V))

    def node_V(self, input_V: npt.ArrayLike, cosine: npt.ArrayLike) -> FloatArray:
        """V_m between transistor and junction; arrays broadcast.

        Examples
        --------
        >>> round(float(EmbeddedPBit(Junction(8.0)).node_V(0.0, -1)), 3)
        -0.08
        """
        transistor = self.transistor_ohm(input_V)
        tunnel = self._tunnel_ohm(transistor, cosine)
        return np.asarray(self.supply_V / 2 * (transistor - tunnel) / (transistor + tunnel))

    def current_A(self, input_V: npt.ArrayLike, cosine: npt.ArrayLike) -> FloatArray:
        """Current through the junction; arrays broadcast.

        Examples
        --------
        >>> f"{float(EmbeddedPBit(Junction(8.0)).current_A(0.0, -1)):.2g} A"
        '4.8e-05 A'
        """
        transistor = self.transistor_ohm(input_V)
        return np.asarray(self.supply_V / (transistor + self._tunnel_ohm(transistor, cosine)))

    @property
    def power_W(self) -> float:
        """Drawn from the supply at zero input, the layers at a right angle.

        Examples
        --------
        >>> round(EmbeddedPBit(Junction(8.0)).power_W, 9)
        4.8e-05
        """
        return self.supply_V * float(self.current_A(0.0, 0.0))

    @property
    def read_torque(self) -> float:
        r"""What the read current is to a perpendicular magnet: :math:`x = \hbar \eta I / 2 e \alpha
        kT` at zero input, the layers at a right angle.

        Examples
        --------
        >>> round(EmbeddedPBit(Junction(8.0)).read_torque)
        286
        """
        if not self.polarization:
            return 0.0
        return float(
            torque_argument(
                self.current_A(0.0, 0.0),
                polarization=self.polarization,
                damping=self.damping,
                temperature_K=self.junction.temperature_K,
            )
        )

    def _warn_if_pinned(self) -> None:
        current = float(self.current_A(0.0, 0.0)) if self.polarization else 0.0
        if not current:
            return
        if isinstance(self.law, Perpendicular):
            x, known = self.read_torque, abs(self.law.torque)
            pinned, law_mean = float(langevin_mean(x)), float(langevin_mean(known))
            why = f"x = hbar eta I / 2 e alpha kT = {x:.3g}, <m_z> = {pinned:.3f}"
            remedy = "Perpendicular(torque=x) has it, polarization=0 is for torques that cancel"
        elif isinstance(self.law, Binary):
            pinned, law_mean = float(self.junction.mean(current)), abs(self.law.mean)
            critical = self.junction.critical_current_A
            why = f"{current / critical:.3g} of the junction's critical current, <c> = {pinned:.3f}"
            remedy = "give the junction's critical_current_A, and the law the mean under current"
        else:
            return
        if abs(pinned - law_mean) > _MOST_PULL:
            warnings.warn(
                f"the read current of {current * 1e6:.3g} uA pins the magnet: {why}, where the "
                f"law has {law_mean:.3f}; lower supply_V or raise the resistance; {remedy}",
                stacklevel=4,
            )

    def output(self, input_V: npt.ArrayLike, cosine: npt.ArrayLike) -> FloatArray:
        """V_out / (V_DD / 2), from -1 to 1; arrays broadcast.

        Examples
        --------
        >>> EmbeddedPBit(Junction(8.0)).output(0.0, [-1, 1]).tolist()
        [1.0, -1.0]
        """
        level = self.node_V(input_V, cosine) / (self.supply_V / 2)
        if math.isinf(self.gain):
            return np.where(level < 0, 1.0, -1.0)
        return np.asarray(-np.tanh(self.gain * level))

    def transfer(self, inputs_V: npt.ArrayLike) -> FloatArray:
        """Mean output at each input, float64 of shape (inputs,), by the law of the orientation.

        A closed form for an ideal inverter; else exact for a binary law and by 4096 quantiles
        for a continuous one. Beyond the inputs where the transistor leaves the junction's range
        of resistance an ideal output is certain: no tanh does that.

        Examples
        --------
        >>> EmbeddedPBit(Junction(8.0), Binary(0.5)).transfer([-0.1, 0.0, 0.1]).tolist()
        [-1.0, -0.5, 1.0]
        """
        inputs = np.asarray(inputs_V, dtype=np.float64)
        if math.isinf(self.gain):
            return np.asarray(2 * self.law.cdf(self._threshold(inputs)) - 1)
        if isinstance(self.law, Binary):
            up, down = (1 + self.law.mean) / 2, (1 - self.law.mean) / 2
            return np.asarray(up * self.output(inputs, 1) + down * self.output(inputs, -1))
        cosines = self.law.quantile((np.arange(_NODES) + 0.5) / _NODES)
        return np.asarray(self.output(inputs[..., None], cosines).mean(axis=-1))

    def sampled_transfer(
        self, inputs_V: npt.ArrayLike, *, num_samples: int, seed: int | None = None
    ) -> FloatArray:
        """The same by independent draws of the orientation, float64 (inputs,).

        Raises
        ------
        ValueError
            Fewer than one sample, or more than 2**27 in all.

        Examples
        --------
        >>> pbit = EmbeddedPBit(Junction(8.0))
        >>> sampled = pbit.sampled_transfer([0.0, 0.01], num_samples=10_000, seed=1)
        >>> bool(abs(sampled - pbit.transfer([0.0, 0.01])).max() < 0.05)
        True
        """
        inputs = np.atleast_1d(np.asarray(inputs_V, dtype=np.float64))
        samples = integer("num_samples", num_samples, 1, _MOST_SAMPLES // max(1, inputs.size))
        seed = seed_or_fresh(seed, bits=63)
        uniforms = np.empty((inputs.size, samples))
        fill_uniforms(uniforms, 0, seed & 0xFFFFFFFF, seed >> 32)
        return np.asarray(self.output(inputs[:, None], self.law.quantile(uniforms)).mean(axis=1))

    @property
    def range_V(self) -> tuple[float, float]:
        """Inputs at which the transistor has the junction's resistance in AP and in P.

        Examples
        --------
        >>> [round(edge, 4) for edge in EmbeddedPBit(Junction(8.0)).range_V]
        [-0.0203, 0.0144]
        """
        low, high = self.balance_V([-1, 1]).tolist()
        return low, high

    def balance_V(self, cosine: npt.ArrayLike) -> FloatArray:
        """Input at which the transistor has the junction's resistance; shape of ``cosine``.

        Examples
        --------
        >>> EmbeddedPBit(Junction(8.0)).balance_V([-1, 0, 1]).round(4).tolist()
        [-0.0203, 0.0, 0.0144]
        """
        centre = float(self.transistor_ohm(0.0))
        return np.asarray(self.slope_V * np.log(centre / self._at_balance_ohm(cosine)))

    def best_tanh(self) -> TanhFit:
        """The ``tanh(V / V_0)`` that comes closest, in its largest deviation, to the transfer.

        Over inputs up to twice as far out as :attr:`range_V`, 2001 of them.

        Examples
        --------
        >>> fit = EmbeddedPBit(Junction(8.0)).best_tanh()
        >>> f"{fit.scale_V:.4f} V, {fit.max_deviation:.2f}"
        '0.0144 V, 0.24'
        """
        from scipy.optimize import minimize_scalar

        reach = 2 * max(map(abs, self.range_V))
        inputs = np.linspace(-reach, reach, 2001)
        means = self.transfer(inputs)

        def deviation(log_scale: float) -> float:
            return float(np.abs(means - np.tanh(inputs / math.exp(log_scale))).max())

        grid = np.log(reach) + np.linspace(-7.0, 3.0, 101)
        start = grid[np.argmin([deviation(x) for x in grid])]
        best = minimize_scalar(deviation, bounds=(start - 0.1, start + 0.1), method="bounded")
        return TanhFit(math.exp(best.x), deviation(best.x))

    def _threshold(self, inputs: FloatArray) -> FloatArray:
        """The c at which the junction has the transistor's resistance; below it, it has more."""
        tmr = float(tmr_at_voltage(self.junction, self.supply_V / 2))
        parallel = self.junction.resistance_P_ohm
        with np.errstate(over="ignore"):
            ratio = 2 * parallel * (1 + tmr) / self.transistor_ohm(inputs)
        return np.asarray((ratio - 2) / tmr - 1)

    def _at_balance_ohm(self, cosine: npt.ArrayLike) -> FloatArray:
        """The junction where it has half of the supply, as the transistor."""
        return resistance_ohm(self.junction, cosine, voltage_V=self.supply_V / 2)

    def _tunnel_ohm(self, transistor: FloatArray, cosine: npt.ArrayLike) -> FloatArray:
        """The junction in series with the transistor; arrays broadcast."""
        return resistance_under_ohm(
            self.junction, cosine, lambda ohm: self.supply_V * ohm / (ohm + transistor)
        )
