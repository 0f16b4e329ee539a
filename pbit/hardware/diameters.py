"""Junctions whose diameters differ: barrier, time constant, gain and offset at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pbit.hardware.draws import Trait, device_normals
from pbit.models.labels import FloatArray

if TYPE_CHECKING:
    from pbit.hardware.parameters import Hardware

MOST_SPREAD_OF_LN_TAU = 3.0


class Sizes(NamedTuple):
    """Junctions 0 to n - 1 next to one of the median diameter, float64 of shape (n,) each.

    Parameters
    ----------
    diameter : of the median one
    area : of the median one
        Volumes, barriers, gains and offsets go with it.
    tau : of the median one
    """

    diameter: FloatArray
    area: FloatArray
    tau: FloatArray


def made_sizes(hardware: Hardware, num_devices: int) -> Sizes:
    r"""Junctions of log-normal diameters D, drawn from the chip's seed.

    At one thickness a barrier goes with the area: :math:`\Delta_i = \Delta (D_i / D)^2`, and
    :math:`\tau_i = \tau e^{\Delta_i - \Delta}` at one attempt frequency. At the same voltage all
    have the same current density and so the same share i of their critical currents, hence inputs
    :math:`n \Delta_i (i + a)`: gain and the offset of a stray field go with the area, too. (Driven
    by equal currents the gain would stay.)

    Examples
    --------
    >>> from pbit.hardware.parameters import Hardware
    >>> chip = Hardware(dynamics="arrhenius", barrier=8.0, diameter_spread=0.02, seed=1)
    >>> sizes = made_sizes(chip, 2)
    >>> bool(np.allclose(np.log(sizes.tau), 8.0 * (sizes.diameter**2 - 1)))
    True
    """
    if not hardware.diameter_spread:
        ones = np.ones(num_devices)
        return Sizes(ones, ones, ones)
    normals = device_normals(Trait.DIAMETER, num_devices, seed=hardware.seed)
    diameter = np.exp(hardware.diameter_spread * normals)
    area = diameter**2
    return Sizes(diameter, area, np.exp((hardware.barrier or 0.0) * (area - 1)))
