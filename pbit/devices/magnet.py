r"""A magnet as a macrospin, by the stochastic Landau-Lifshitz-Gilbert-Slonczewski equation.

.. math:: \dot m = -\gamma_0 m \times (H + H_{th} + b p) + \alpha m \times \dot m
          - \gamma_0 m \times (m \times (a p + a_{SH} \sigma))

with :math:`H = H_K (m \cdot n) n - M_s N m + H_{ext}`, all fields in A/m,
:math:`a = \hbar \eta I / 2 e \mu_0 M_s V` and b = ``field_like_ratio`` a. I > 0 favours m = +p, the
parallel state. Two approximations: the magnet turns as one (no domain walls, so at most a few tens
of nanometres wide), and |m| stays 1 (far below the Curie temperature).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields, replace

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.devices.constants import (
    ELECTRON_C,
    GAMMA0_M_A_S,
    HBAR_J_S,
    MU0_T_M_A,
    thermal_energy_J,
)

Vector = tuple[float, float, float]
Array = npt.NDArray[np.float64]

_DIRECTIONS = ("easy_axis", "reference", "spin_hall_axis")
_VECTORS = (*_DIRECTIONS, "demagnetising_factors", "applied_field_A_m")
_LAWS = {
    "saturation_A_m": (lambda v: v > 0, "> 0", "8e5 is typical of CoFeB"),
    "volume_m3": (lambda v: v > 0, "> 0", "a disk's is pi d^2 t / 4"),
    "damping": (lambda v: v >= 0, ">= 0", "0 switches the thermal field off, too"),
    "temperature_K": (lambda v: v >= 0, ">= 0", "0 switches the thermal field off"),
    "polarization": (lambda v: 0 < v <= 1, "in (0, 1]", "for no torque set the current to 0"),
    "asymmetry": (lambda v: v > 0, "> 0", "1 is a torque that knows no angle"),
    "thickness_m": (lambda v: v >= 0, ">= 0", "0 is unknown"),
}


@dataclass(frozen=True, kw_only=True)
class Macrospin:
    """A free layer, its reference layer and its surroundings.

    Parameters
    ----------
    saturation_A_m : float
        Saturation magnetisation M_s.
    volume_m3 : float
    damping : float
        Gilbert's alpha.
    anisotropy_field_A_m : float
        H_K = 2 K / (mu0 M_s) along ``easy_axis``; negative: a hard axis. Leave the shape out if
        ``demagnetising_factors`` are given, else include it.
    easy_axis : 3 floats
        Directions need not have length 1.
    demagnetising_factors : 3 floats
        N along x, y and z; the default 0 0 0 has no shape anisotropy. A thin film in the xy plane:
        0 0 1.
    applied_field_A_m : 3 floats
    temperature_K : float
    polarization : float
        Efficiency eta of the spin-transfer torque.
    asymmetry : float
        Slonczewski's Lambda: eta is multiplied by ``2 L^2 / (L^2 + 1 + (L^2 - 1) m.p)``.
    field_like_ratio : float
        b / a.
    reference : 3 floats
        Direction p of the reference layer.
    spin_hall_angle : float
        theta_SH of the heavy metal below, whose electrons are polarized along ``spin_hall_axis``.
    spin_hall_axis : 3 floats
    thickness_m : float
        Of the free layer; spin-orbit torque and voltage control need it.

    Raises
    ------
    ValueError
        A number out of range, not finite, or a direction of length 0.

    References
    ----------
    Slonczewski, J. Magn. Magn. Mater. 159, L1 (1996); Brown, Phys. Rev. 130, 1677 (1963).

    Examples
    --------
    >>> magnet = Macrospin.disk(diameter_m=40e-9, thickness_m=1e-9, saturation_A_m=8e5,
    ...                         damping=0.01).with_barrier(60)
    >>> round(magnet.critical_current_A() * 1e6, 2)  # in microampere
    25.17
    """

    saturation_A_m: float
    volume_m3: float
    damping: float
    anisotropy_field_A_m: float = 0.0
    easy_axis: Vector = (0.0, 0.0, 1.0)
    demagnetising_factors: Vector = (0.0, 0.0, 0.0)
    applied_field_A_m: Vector = (0.0, 0.0, 0.0)
    temperature_K: float = 300.0
    polarization: float = 0.6
    asymmetry: float = 1.0
    field_like_ratio: float = 0.0
    reference: Vector = (0.0, 0.0, 1.0)
    spin_hall_angle: float = 0.0
    spin_hall_axis: Vector = (0.0, 1.0, 0.0)
    thickness_m: float = 0.0
    _curvatures_A_m: Array = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for item in fields(self):
            if item.init:
                _check(item.name, getattr(self, item.name))
        for name in _VECTORS:
            v = np.asarray(getattr(self, name), dtype=np.float64)
            length = np.linalg.norm(v) if name in _DIRECTIONS else 1.0
            object.__setattr__(self, name, tuple((v / length).tolist()))
        values = np.linalg.eigvalsh(self.field_matrix_A_m)[::-1]
        object.__setattr__(self, "_curvatures_A_m", values)

    @classmethod
    def disk(cls, *, diameter_m: float, thickness_m: float, **others: object) -> Macrospin:
        """A circular one; ``others`` are the keywords of the class but its volume.

        Raises
        ------
        ValueError
            A diameter or thickness <= 0.
        """
        for name, value in (("diameter_m", diameter_m), ("thickness_m", thickness_m)):
            if not 0 < value < math.inf:
                raise ArgumentError(name, "must be finite and > 0", value, remedy="40e-9 is 40 nm")
        volume = math.pi / 4 * diameter_m**2 * thickness_m
        return cls(volume_m3=volume, thickness_m=thickness_m, **others)  # type: ignore[arg-type]

    def with_barrier(self, barrier: float) -> Macrospin:
        """The same with the anisotropy field that makes the barrier so many k_B T.

        Raises
        ------
        ValueError
            A barrier < 0; temperature 0; or demagnetising factors, which have a part in it.
        """
        if not 0 <= barrier < math.inf:
            raise ArgumentError(
                "barrier", "must be finite and >= 0", barrier, remedy="60 keeps 10 years"
            )
        if any(self.demagnetising_factors):
            raise ValueError(
                "with_barrier must be called without demagnetising_factors, got "
                f"{self.demagnetising_factors}; set anisotropy_field_A_m yourself"
            )
        H_K = 2 * barrier * self._thermal_energy_J() / self._moment_T_m3_A_m
        return replace(self, anisotropy_field_A_m=H_K)

    def under_voltage(
        self, voltage_V: float, *, vcma_J_V_m: float, barrier_thickness_m: float
    ) -> Macrospin:
        """The same with its anisotropy lowered by a voltage across the tunnel barrier.

        ``H_K - 2 xi V / (mu0 M_s t d)`` with xi = ``vcma_J_V_m``, t the free layer's thickness and
        d = ``barrier_thickness_m``.

        Raises
        ------
        ValueError
            No ``thickness_m``; a barrier not > 0 thick.
        """
        if not 0 < barrier_thickness_m < math.inf:
            raise ArgumentError(
                "barrier_thickness_m",
                "must be finite and > 0",
                barrier_thickness_m,
                remedy="1e-9 is 1 nm",
            )
        area = self._need_thickness() * barrier_thickness_m
        shift = 2 * vcma_J_V_m * voltage_V / (MU0_T_M_A * self.saturation_A_m * area)
        return replace(self, anisotropy_field_A_m=self.anisotropy_field_A_m - shift)

    @property
    def field_matrix_A_m(self) -> Array:
        """Symmetric (3, 3) matrix A of the field A m + H_ext."""
        n = np.asarray(self.easy_axis)
        shape = self.saturation_A_m * np.diag(self.demagnetising_factors)
        return self.anisotropy_field_A_m * np.outer(n, n) - shape

    @property
    def barrier(self) -> float:
        """Barrier between the two states without applied field, in k_B T.

        mu0 M_s V (A_1 - A_2) / 2, A_1 > A_2 the two largest eigenvalues of the field's matrix:
        H_K between them where H_K has the easy axis to itself.

        Raises
        ------
        ValueError
            Temperature 0.
        """
        return self._switching_field_A_m * self._moment_T_m3_A_m / (2 * self._thermal_energy_J())

    @property
    def damping_time_s(self) -> float:
        """tau_D = (1 + alpha^2) / (alpha gamma0 H_K), H_K as in :attr:`barrier`; or infinity."""
        rate = self.damping * GAMMA0_M_A_S * self._switching_field_A_m
        return (1 + self.damping**2) / rate if rate > 0 else math.inf

    @property
    def relaxation_time_s(self) -> float:
        """Decay time (1 + alpha^2) mu0 M_s V / (2 alpha gamma0 k_B T) of <m> with no field at all.

        Infinite without damping.

        Raises
        ------
        ValueError
            Temperature 0.
        """
        rate = 2 * self.damping * GAMMA0_M_A_S * self._thermal_energy_J()
        return (1 + self.damping**2) * self._moment_T_m3_A_m / rate if rate > 0 else math.inf

    def critical_current_A(self, *, leaving: int = -1) -> float:
        r"""Current, > 0, at which the state m = ``leaving`` p becomes unstable at 0 K.

        :math:`(2 e \alpha / \hbar \eta) \mu_0 M_s V (H_K + H_d / 2)`, with H_K the field of
        :attr:`barrier` and H_d how much harder the hardest axis is than the next (0 for
        perpendicular magnets); to first order in alpha, without field-like torque. Just above it
        a perpendicular magnet switches, one in the plane may first precess steadily.

        Parameters
        ----------
        leaving : {-1, 1}
            Matters with ``asymmetry`` only. Leaving +p takes a negative current of this size.

        Raises
        ------
        ValueError
            ``leaving`` something else, an applied field, or a reference off the easy axis.

        References
        ----------
        Sun, Phys. Rev. B 62, 570 (2000).
        """
        if leaving not in (-1, 1):
            raise ArgumentError("leaving", "must be -1 or 1", leaving, remedy="-1 is antiparallel")
        if any(self.applied_field_A_m):
            raise ArgumentError(
                "applied_field_A_m",
                "must be 0 0 0 here",
                self.applied_field_A_m,
                remedy="find the threshold by simulate() at temperature_K=0",
            )
        self.check_collinear()
        a1, a2, a3 = self._curvatures_A_m.tolist()
        torque = self.damping * (a1 - a2 + (a2 - a3) / 2)
        return float(torque / (self.torque_A_m(1.0) * self.angular_factor(leaving)))

    def torque_A_m(self, current_A: float) -> float:
        """a = hbar eta I / (2 e mu0 M_s V), without the angular factor."""
        moment = 2 * ELECTRON_C * self._moment_T_m3_A_m
        return HBAR_J_S * self.polarization * current_A / moment

    def spin_hall_torque_A_m(self, density_A_m2: float) -> float:
        """hbar theta_SH J / (2 e mu0 M_s t) of a current density in the heavy metal.

        Raises
        ------
        ValueError
            No ``thickness_m``.
        """
        layer = 2 * ELECTRON_C * MU0_T_M_A * self.saturation_A_m * self._need_thickness()
        return HBAR_J_S * self.spin_hall_angle * density_A_m2 / layer

    def thermal_field_A_m(self, time_step_s: float) -> float:
        """Standard deviation of each component of the thermal field of one step.

        ``sqrt(2 alpha k_B T / (gamma0 mu0 M_s V dt))``

        References
        ----------
        Brown, Phys. Rev. 130, 1677 (1963).
        """
        energy = 2 * self.damping * thermal_energy_J(self.temperature_K)
        return math.sqrt(energy / (GAMMA0_M_A_S * self._moment_T_m3_A_m * time_step_s))

    def largest_time_step_s(self, *, torque_A_m: float = 0.0, damping_error: float = 0.1) -> float:
        r"""Longest step at which Heun's method keeps the damping to a relative ``damping_error``.

        A step that turns m by x = gamma0 H dt excites a precession by x^4 / 8, which takes
        x^3 / (8 alpha) from the damping, and heats the magnet by as much. So
        x <= (8 alpha ``damping_error``)^(1/3), and at most 5 ``damping_error``; H adds up
        anisotropy, shape, field and torque. The thermal angle of a step, squared, stays below
        ``damping_error`` / 10.

        Parameters
        ----------
        torque_A_m : float
            Size of the spin torques, as of :meth:`torque_A_m`.
        damping_error : float

        Returns
        -------
        float
            Infinite if nothing turns.
        """
        spread = float(self._curvatures_A_m[0] - self._curvatures_A_m[2])
        rate = GAMMA0_M_A_S * (spread + math.hypot(*self.applied_field_A_m) + torque_A_m)
        angle = 5 * damping_error
        if self.damping:
            angle = min(angle, (8 * self.damping * damping_error) ** (1 / 3))
        steps = [math.inf if rate == 0 else angle / rate]
        if self.temperature_K:
            steps.append(damping_error / 10 * self.relaxation_time_s)
        return min(steps)

    def check_collinear(self) -> None:
        """Refuse a reference off the easy axis.

        Raises
        ------
        ValueError
            That.
        """
        A = self.field_matrix_A_m
        p = np.asarray(self.reference)
        if not np.allclose(A @ p, self._curvatures_A_m[0] * p, atol=1e-9 * np.abs(A).max()):
            raise ArgumentError(
                "reference",
                "must lie along the easiest axis",
                self.reference,
                remedy="find the threshold by simulate()",
            )

    def angular_factor(self, cosine: float) -> float:
        """2 L^2 / (L^2 + 1 + (L^2 - 1) m.p), by which the torque is multiplied."""
        square = self.asymmetry**2
        return 2 * square / (square + 1 + (square - 1) * cosine)

    @property
    def _moment_T_m3_A_m(self) -> float:
        """mu0 M_s V: times a field it is an energy."""
        return MU0_T_M_A * self.saturation_A_m * self.volume_m3

    @property
    def _switching_field_A_m(self) -> float:
        return float(self._curvatures_A_m[0] - self._curvatures_A_m[1])

    def _thermal_energy_J(self) -> float:
        if not self.temperature_K:
            raise ArgumentError(
                "temperature_K", "must be > 0 here", got="0", remedy="300 is room temperature"
            )
        return thermal_energy_J(self.temperature_K)

    def _need_thickness(self) -> float:
        if not self.thickness_m:
            raise ArgumentError(
                "thickness_m", "must be > 0 here", got="0", remedy="give it, or use Macrospin.disk"
            )
        return self.thickness_m


def _check(name: str, value: object) -> None:
    numbers = np.asarray(value, dtype=np.float64)
    shape = (3,) if isinstance(Macrospin.__dataclass_fields__[name].default, tuple) else ()
    if numbers.shape != shape:
        what = "three numbers" if shape else "one number"
        raise ArgumentError(name, f"must be {what}", value, remedy="x, y and z make a vector")
    if not np.isfinite(numbers).all():
        raise ArgumentError(name, "must be finite", value, remedy="check its units")
    if name in _DIRECTIONS and not numbers.any():
        raise ArgumentError(name, "must not be 0 0 0", value, remedy="it is a direction")
    if name in _LAWS:
        holds, rule, remedy = _LAWS[name]
        if not holds(float(numbers)):
            raise ArgumentError(name, f"must be {rule}", value, remedy=remedy)
