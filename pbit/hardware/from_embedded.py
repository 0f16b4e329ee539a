"""Chips whose p-bits are embedded junctions: the measured curve of one transistor and junction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pbit.checks import ArgumentError, integer, real
from pbit.hardware.parameters import Hardware
from pbit.hardware.prices import Prices, billed_by_power

if TYPE_CHECKING:
    from pbit.devices.embedded import EmbeddedPBit
    from pbit.models.labels import FloatArray

_APART = 1e-9  # volts, and of the range: points closer than that are one
SET_BY_EMBEDDED = ("dynamics", "tau_s", "dwell_time_s", "rc_s", "transfer")


def hardware_of_embedded(
    device: EmbeddedPBit,
    *,
    correlation_time_s: float,
    response_s: float,
    num_points: int = 257,
    **parameters: Any,
) -> Hardware:
    r"""A chip of p-bits that are all this transistor, junction and inverter.

    The junction's orientation persists for ``correlation_time_s`` while the transistor follows the
    input within ``response_s``: telegraph dynamics. The transfer curve takes the place of tanh,
    with voltages in units of the :math:`V_0` of the tanh that comes closest to it, so that a
    network designed for ideal p-bits needs no change; where the curve is a step or a plateau, no
    unit makes a tanh of it. It is billed by its power and time unless ``prices`` are given.

    Parameters
    ----------
    device : pbit.devices.embedded.EmbeddedPBit
    correlation_time_s : float
        Of the orientation. Without a barrier: of a perpendicular magnet
        :func:`pbit.devices.laws.low_barrier.perpendicular_relaxation_time_s`; of the circular
        in-plane one of :class:`pbit.devices.laws.orientation.Planar`, the default, ``sqrt(pi/2)``
        times :func:`pbit.devices.laws.low_barrier.planar_dephasing_time_s`, which is about a
        thousand times shorter. Its decay is Gaussian, that of the chip, which redraws,
        exponential: the integral is the same, the first instants are not.
    response_s : float
        Time constant of input and inverter, > 0 as that of any real one; a low-pass of each
        p-bit's input.
    num_points : int
        Of the curve, evenly from -2 to 2 times the wider edge of the junction's range, and as many
        where an ideal output rises by equal steps: it is off by less than 2 / num_points.
    **parameters
        All others of :class:`Hardware`.

    Raises
    ------
    TypeError, ValueError
        A parameter that the device sets, a chip that :class:`Hardware` refuses.

    References
    ----------
    K. Y. Camsari, S. Salahuddin, S. Datta, IEEE Electron Device Lett. 38, 1767 (2017).

    Examples
    --------
    >>> from pbit.devices.embedded import EmbeddedPBit
    >>> from pbit.devices.mtj import Junction
    >>> chip = hardware_of_embedded(
    ...     EmbeddedPBit(Junction(8.0)), correlation_time_s=1e-9, response_s=1e-11
    ... )
    >>> chip.dynamics, len(chip.transfer) > 257
    ('telegraph', True)
    """
    twice = next((key for key in SET_BY_EMBEDDED if key in parameters), None)
    if twice is not None:
        raise TypeError(f"{twice} comes from the device; leave it out, or change the device")
    if not hasattr(device, "best_tanh"):
        raise TypeError(
            f"device must be a pbit.devices.embedded.EmbeddedPBit, got {device!r:.60}; "
            "hardware_of_junction makes a chip of a Junction alone"
        )
    integer("num_points", num_points, 3)
    if not real("response_s", response_s) > 0:
        raise ArgumentError("response_s", "must be > 0 s", response_s)
    unit = device.best_tanh().scale_V
    reach = 2 * max(map(abs, device.range_V))
    inputs = np.union1d(np.linspace(-reach, reach, num_points), _at_quantiles(device, num_points))
    inputs = inputs[np.append(True, np.diff(inputs) > _APART * reach)]
    means = np.maximum.accumulate(device.transfer(inputs))
    return Hardware(
        dynamics="telegraph",
        tau_s=correlation_time_s,
        rc_s=response_s,
        transfer=tuple(zip((inputs / unit).tolist(), means.tolist(), strict=True)),
        **{"prices": _prices(device), **parameters},
    )


def _prices(device: EmbeddedPBit) -> Prices:
    current = device.power_W / device.supply_V
    how = f"{device.supply_V:g} V x {current * 1e6:.3g} uA of a divider at zero input"
    return billed_by_power(device.power_W, how)


def _at_quantiles(device: EmbeddedPBit, num_points: int) -> FloatArray:
    """Inputs at which the transistor has the junction's resistance at quantiles of its cosine."""
    cosines = device.law.quantile((np.arange(num_points) + 0.5) / num_points)
    edges = np.asarray(device.range_V)
    inside = device.balance_V(cosines)
    return np.concatenate([edges - _APART, edges, edges + _APART, inside])
