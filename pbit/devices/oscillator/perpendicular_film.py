r"""A film magnetised out of its plane by a field, whose oscillator is known in closed form.

With the field :math:`H > M_s` along z, the reference along z and :math:`p = (1 - m_z) / 2` the
macrospin turns with :math:`\omega = \gamma_0 (H - M_{eff} m_z)`, whatever its phase, and

.. math:: \dot p = 2 p (1 - p) (\gamma_0 |a| - \alpha \omega(p)), \qquad
          \omega(p) = \gamma_0 (H - M_{eff}) + 2 \gamma_0 M_{eff}\,p

a the torque of the current. To first order in :math:`\alpha` that is an
:class:`~pbit.devices.oscillator.AutoOscillator` with :math:`N = 2 \gamma_0 M_{eff}`,
:math:`\Gamma_G = \alpha \omega_0` and, to first order in p, :math:`Q = N / \omega_0 - 1`. Without
that last step the current sets the frequency: :math:`\omega_g = \omega_0 \zeta` up to p = 1. Both
are derived from the Landau-Lifshitz-Gilbert-Slonczewski equation of :mod:`pbit.devices.magnet`.
"""

from __future__ import annotations

import math

import numpy as np

from pbit.checks import ArgumentError
from pbit.devices.constants import GAMMA0_M_A_S, MU0_T_M_A
from pbit.devices.magnet import Macrospin
from pbit.devices.oscillator.auto_oscillator import AutoOscillator
from pbit.devices.oscillator.linewidth import thermal_noise_Hz


def oscillator_of_film(magnet: Macrospin, *, signal_V: float = 1.0) -> AutoOscillator:
    """The oscillator of a macrospin that is round about z, near its threshold.

    A current < 0 drives it, as I > 0 favours m = +p: ``threshold_A`` is its size.

    Parameters
    ----------
    magnet : Macrospin
        Field and reference along +z, easy axis and demagnetising factors round about it, a damping
        > 0, asymmetry 1 and no field-like torque. Its temperature gives the noise.
    signal_V : float
        Amplitude of the voltage at a power of 1.

    Returns
    -------
    AutoOscillator

    Raises
    ------
    ValueError
        A magnet that is none of these, or that its field does not hold out of the plane.

    Examples
    --------
    >>> film = Macrospin(saturation_A_m=8e5, volume_m3=2e-23, damping=0.01,
    ...     demagnetising_factors=(0, 0, 1), applied_field_A_m=(0, 0, 1.2e6), temperature_K=0)
    >>> oscillator = oscillator_of_film(film)
    >>> f"{oscillator.frequency_Hz:.4g} {oscillator.shift_Hz:.4g} {oscillator.threshold_A:.3g}"
    '1.409e+10 5.635e+10 0.000407'
    """
    field = _field(magnet)
    matrix = np.diag(magnet.field_matrix_A_m)
    softness = float(matrix[0] - matrix[2])  # M_eff
    _check(magnet, field, softness)
    turn = GAMMA0_M_A_S / (2 * math.pi)
    frequency, shift = turn * (field - softness), 2 * turn * softness
    action = 2 * MU0_T_M_A * magnet.saturation_A_m * magnet.volume_m3 / GAMMA0_M_A_S
    damping = magnet.damping * frequency
    noise = thermal_noise_Hz(
        damping_Hz=damping,
        frequency_Hz=frequency,
        action_J_s=action,
        temperature_K=magnet.temperature_K,
    )
    return AutoOscillator(
        frequency_Hz=frequency,
        damping_Hz=damping,
        shift_Hz=shift,
        nonlinear_damping=shift / frequency - 1,
        threshold_A=magnet.damping * (field - softness) / magnet.torque_A_m(1.0),
        noise_Hz=noise,
        signal_V=signal_V,
    )


def _field(magnet: Macrospin) -> float:
    x, y, z = magnet.applied_field_A_m
    off = [
        name
        for name, vector in (("applied_field_A_m", (x, y)), ("reference", magnet.reference[:2]))
        if any(vector)
    ]
    if off or z <= 0:
        name = (off or ["applied_field_A_m"])[0]
        raise ArgumentError(
            name, "must lie along +z", getattr(magnet, name), remedy="others have no closed form"
        )
    return z


def _check(magnet: Macrospin, field: float, softness: float) -> None:
    matrix = magnet.field_matrix_A_m
    scale = np.abs(matrix).max()
    round_about = np.diag([matrix[0, 0], matrix[0, 0], matrix[2, 2]])
    if not np.allclose(matrix, round_about, atol=1e-9 * scale):
        raise ArgumentError(
            "demagnetising_factors",
            "must be round about z, as the easy axis",
            magnet.demagnetising_factors,
            remedy="a magnet in its plane is simulated by pbit.devices.macrospin",
        )
    if field <= softness:
        raise ArgumentError(
            "applied_field_A_m",
            f"must hold m out of the plane, > {softness:.4g} along z",
            magnet.applied_field_A_m,
        )
    for name, least in (("damping", 0.0), ("reference", 0.0)):
        value = magnet.damping if name == "damping" else magnet.reference[2]
        if not value > least:
            raise ArgumentError(name, "must be > 0, along +z for a direction", value)
    for name, needed in (("asymmetry", 1.0), ("field_like_ratio", 0.0)):
        if getattr(magnet, name) != needed:
            raise ArgumentError(name, f"must be {needed:g} here", getattr(magnet, name))
