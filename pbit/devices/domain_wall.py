r"""A domain wall in a track as a position q and an angle phi: the one-dimensional model.

.. math::
    \dot\varphi + \alpha \dot q / \Delta &= \gamma_0 (H + H_{pin}(q)
        + \tfrac{\pi}{2} H_{SH} \cos\varphi + h_1) + \beta u / \Delta \\
    \dot q / \Delta - \alpha \dot\varphi &= \gamma_0 (\tfrac{H_K}{2} \sin 2\varphi
        + \tfrac{\pi}{2} H_D \sin\varphi + h_2) + u / \Delta

with :math:`u = \mu_B P J / e M_s` and notches in :math:`V = V_0 \sin^2(\pi q / L_p)`, so that
:math:`H_{pin} = -V'(q) / 2 \mu_0 M_s w t`. phi = 0 is the wall that the transverse field H_K
and the chiral field H_D favour. J > 0 moves the wall to larger q.

The thermal field acts on both, each with a standard deviation a step of
:math:`\sqrt{2 \alpha k T / (\gamma_0 \mu_0 M_s 2 \Delta w t\, dt)}`: damping takes energy out of
both, and with noise in the first alone a wall in a notch would be too cold.

Sources: N. L. Schryer, L. R. Walker, J. Appl. Phys. 45, 5406 (1974); A. Thiaville et al., Europhys.
Lett. 69, 990 (2005) and 100, 57002 (2012).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pbit.devices.constants import (
    BOHR_MAGNETON_J_T,
    ELECTRON_C,
    GAMMA0_M_A_S,
    HBAR_J_S,
    MU0_T_M_A,
    thermal_energy_J,
)
from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number

_POSITIVE = (
    "saturation_A_m", "wall_width_m", "damping", "transverse_field_A_m", "width_m", "thickness_m",
    "notch_spacing_m",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class WallTrack:
    """A track with one domain wall.

    Parameters
    ----------
    saturation_A_m : float
        M_s.
    wall_width_m : float
        Delta, the square root of A / K.
    damping : float
    transverse_field_A_m : float
        H_K of the wall's plane.
    width_m, thickness_m, length_m : float
        Of the track; q stays in [0, length].
    temperature_K : float
    polarization : float
    non_adiabaticity : float
        beta.
    spin_hall_angle : float
        Of a heavy metal below that carries the same current density.
    chiral_field_A_m : float
        H_D of an interfacial Dzyaloshinskii-Moriya interaction, D / (mu0 M_s Delta).
    notch_depth_J : float
        V_0.
    notch_spacing_m : float
        L_p; notches are at its multiples.

    Raises
    ------
    TypeError, ValueError
        Numbers out of the range that the message names.

    Examples
    --------
    >>> track = WallTrack()
    >>> f"{track.walker_field_A_m():.4g} A/m, {track.field_mobility_m2_A_s():.4g} m^2/(A s)"
    '400 A/m, 0.2213 m^2/(A s)'
    """

    saturation_A_m: float = 8e5
    wall_width_m: float = 2e-8
    damping: float = 0.02
    transverse_field_A_m: float = 4e4
    width_m: float = 1e-7
    thickness_m: float = 3e-9
    length_m: float = 1e-6
    temperature_K: float = 0.0
    polarization: float = 0.5
    non_adiabaticity: float = 0.04
    spin_hall_angle: float = 0.0
    chiral_field_A_m: float = 0.0
    notch_depth_J: float = 0.0
    notch_spacing_m: float = 1e-7

    def __post_init__(self) -> None:
        for name in _POSITIVE:
            number(name, getattr(self, name), (">", 0.0), remedy="units are SI")
        number("length_m", self.length_m, (">", 0.0), remedy="units are SI", finite=False)
        for name in ("temperature_K", "polarization", "non_adiabaticity", "notch_depth_J"):
            number(name, getattr(self, name), (">=", 0.0), remedy="0 switches it off")
        for name in ("spin_hall_angle", "chiral_field_A_m"):
            number(name, getattr(self, name), remedy="0 switches it off")

    @property
    def moment_J_m_A(self) -> float:
        """2 mu0 M_s w t: energy a metre that a field of 1 A/m gives."""
        return 2 * MU0_T_M_A * self.saturation_A_m * self.width_m * self.thickness_m

    def walker_field_A_m(self) -> float:
        """alpha H_K / 2, above which the wall's plane turns; without chirality."""
        return self.damping * self.transverse_field_A_m / 2

    def field_mobility_m2_A_s(self) -> float:
        """gamma0 Delta / alpha: velocity over field below Walker's."""
        return GAMMA0_M_A_S * self.wall_width_m / self.damping

    def damping_time_s(self) -> float:
        """(1 + alpha^2) / (alpha gamma0 H_K): how long the wall takes to its steady velocity."""
        rate = self.damping * GAMMA0_M_A_S * self.transverse_field_A_m
        return (1 + self.damping**2) / rate

    def spin_drift_m_s(self, current_A_m2: npt.ArrayLike) -> FloatArray:
        """u = mu_B P J / (e M_s)."""
        per_J = BOHR_MAGNETON_J_T * self.polarization / (ELECTRON_C * self.saturation_A_m)
        return np.asarray(current_A_m2, dtype=np.float64) * per_J

    def spin_hall_field_A_m(self, current_A_m2: npt.ArrayLike) -> FloatArray:
        """hbar theta_SH J / (2 e mu0 M_s t)."""
        moment = 2 * ELECTRON_C * MU0_T_M_A * self.saturation_A_m * self.thickness_m
        J = np.asarray(current_A_m2, dtype=np.float64)
        return J * (HBAR_J_S * self.spin_hall_angle / moment)

    def velocity_m_s(self, field_A_m: npt.ArrayLike) -> FloatArray:
        r"""Mean velocity under a field alone, far from notches and without chirality.

        :math:`\gamma_0 \Delta H / \alpha` up to Walker's field, and above it less by
        :math:`\gamma_0 \Delta \sqrt{H^2 - H_W^2} / \alpha (1 + \alpha^2)`.

        Examples
        --------
        >>> WallTrack().velocity_m_s([400.0, 1200.0]).round(2).tolist()
        [88.51, 15.29]
        """
        H = np.asarray(field_A_m, dtype=np.float64)
        turning = np.sqrt(np.maximum(H**2 - self.walker_field_A_m() ** 2, 0.0))
        net = np.abs(H) - turning / (1 + self.damping**2)
        return np.asarray(np.sign(H) * self.field_mobility_m2_A_s() * net)

    def spin_hall_velocity_m_s(self, current_A_m2: npt.ArrayLike) -> FloatArray:
        r"""Steady velocity of a chiral wall under spin-orbit torque alone, without H_K.

        :math:`\tfrac{\pi}{2} \gamma_0 \Delta H_D / \sqrt{1 + (\alpha H_D / H_{SH})^2}`, which
        saturates (Thiaville 2012).
        """
        H_SH, H_D = self.spin_hall_field_A_m(current_A_m2), self.chiral_field_A_m
        share = H_SH / np.hypot(H_SH, self.damping * H_D)
        return np.asarray(math.pi / 2 * GAMMA0_M_A_S * self.wall_width_m * abs(H_D) * share)

    def depinning_field_A_m(self) -> float:
        """Field at which a notch lets go at 0 K, pi V_0 / (2 mu0 M_s w t L_p)."""
        return math.pi * self.notch_depth_J / (self.moment_J_m_A * self.notch_spacing_m)

    def depinning_current_A_m2(self) -> float:
        """The same as a current density that acts by beta alone; infinite without beta."""
        pull = float(self.spin_drift_m_s(1.0)) * self.non_adiabaticity
        held = GAMMA0_M_A_S * self.wall_width_m * self.depinning_field_A_m()
        return held / pull if pull > 0 else math.inf

    def current_mobility_m3_A_s(self) -> float:
        """Velocity over current density far above depinning, beta u / (alpha J)."""
        return self.non_adiabaticity / self.damping * float(self.spin_drift_m_s(1.0))

    def notch_relaxation_s(self) -> float:
        """Time in which a wall slides back in a notch, for H_K much stiffer than the notch."""
        stiffness = 2 * (math.pi / self.notch_spacing_m) ** 2 * self.notch_depth_J
        return self.moment_J_m_A / (stiffness * self.field_mobility_m2_A_s())

    def thermal_field_A_m(self, time_step_s: float) -> float:
        """Standard deviation of either thermal field in a step."""
        volume = 2 * self.wall_width_m * self.width_m * self.thickness_m
        energy = 2 * self.damping * thermal_energy_J(self.temperature_K)
        moment = GAMMA0_M_A_S * MU0_T_M_A * self.saturation_A_m * volume
        return math.sqrt(energy / (moment * time_step_s))


def creep_velocity_m_s(
    drive: npt.ArrayLike, *, velocity_m_s: float, barrier: float, exponent: float = 0.25
) -> FloatArray:
    r"""Velocity below depinning in a track with disorder: :math:`v_d e^{-E (f^{-\mu} - 1)}`.

    Parameters
    ----------
    drive : float
        f, drive over depinning drive, from 0 on; the velocity stays v_d above 1.
    velocity_m_s : float
        v_d, at depinning.
    barrier : float
        E, in kT.
    exponent : float
        mu, 1/4 for a line in a plane.

    References
    ----------
    V. Jeudy et al., Phys. Rev. Lett. 117, 057201 (2016).

    Examples
    --------
    >>> creep_velocity_m_s([0.0, 1 / 16, 1.0], velocity_m_s=1.0, barrier=10.0).tolist()
    [0.0, 4.5399929762484854e-05, 1.0]
    """
    number("velocity_m_s", velocity_m_s, (">=", 0.0), remedy="units are SI")
    number("barrier", barrier, (">=", 0.0), remedy="in kT")
    number("exponent", exponent, (">", 0.0), remedy="1/4 for a line in a plane")
    f = np.asarray(drive, dtype=np.float64)
    lift = np.maximum(np.where(f > 0, f, 1.0) ** -exponent - 1, 0.0)
    return np.where(f > 0, velocity_m_s * np.exp(-barrier * lift), 0.0)
