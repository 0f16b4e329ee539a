r"""Which state a junction is in after a pulse of current in a field: the switching phase diagram.

Of a perpendicular macrospin at 0 K, with i = I / I_c and h = H / H_K along the reference layer, the
antiparallel state lasts where i < 1 - h and the parallel one where i > -1 - h: a band in which both
do, and the hysteresis of a memory with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, floats, integer
from pbit.devices.macrospin import simulate
from pbit.devices.magnet import Macrospin
from pbit.devices.mtj import FloatArray
from pbit.seeds import seed_of, seed_or_fresh

_TILT = 0.01  # of the start at 0 K, where a magnet along its axis would stay


@dataclass(frozen=True, eq=False)
class SwitchingDiagram(ByValue):
    """Shares of magnets in P after the pulse.

    Attributes
    ----------
    currents_A : float64, shape (currents,)
    fields_A_m : float64, shape (fields,)
        Along the reference layer; those above 0 favour P.
    from_AP, from_P : float64, shape (fields, currents)
        Share in P (m.p > 0) of those that started in each state.
    seed : int
    """

    currents_A: FloatArray
    fields_A_m: FloatArray
    from_AP: FloatArray
    from_P: FloatArray
    seed: int

    @property
    def bistable(self) -> FloatArray:
        """Share of P by history alone: ``from_P - from_AP``, 1 where both states last."""
        return self.from_P - self.from_AP


def switching_diagram(
    magnet: Macrospin,
    currents_A: npt.ArrayLike,
    fields_A_m: npt.ArrayLike,
    *,
    pulse_s: float,
    num_reads: int = 1,
    seed: int | None = None,
    num_threads: int = 1,
) -> SwitchingDiagram:
    """Switching of a macrospin over a grid of currents and fields.

    Parameters
    ----------
    magnet : Macrospin
        Reference along the easy axis; its applied field is kept besides.
    currents_A : float, shape (currents,)
    fields_A_m : float, shape (fields,)
    pulse_s : float
        Current and field start and end together.
    num_reads : int
        Magnets a point and start.
    seed : int, optional
    num_threads : int
        No effect on the result.

    Returns
    -------
    SwitchingDiagram

    Raises
    ------
    TypeError, ValueError
        Grids that are no lists of numbers; as :func:`pbit.devices.macrospin.simulate`.

    Examples
    --------
    >>> import dataclasses
    >>> magnet = Macrospin(saturation_A_m=8e5, volume_m3=1.26e-24, damping=0.1).with_barrier(40)
    >>> cold = dataclasses.replace(magnet, temperature_K=0.0)
    >>> I_c = cold.critical_current_A()
    >>> diagram = switching_diagram(cold, [-2 * I_c, 0.0, 2 * I_c], [0.0], pulse_s=20e-9)
    >>> diagram.from_AP.tolist(), diagram.from_P.tolist()
    ([[0.0, 0.0, 1.0]], [[0.0, 1.0, 1.0]])
    """
    magnet.check_collinear()
    currents, fields = _grid("currents_A", currents_A), _grid("fields_A_m", fields_A_m)
    reads = integer("num_reads", num_reads, 1)
    seed = seed_or_fresh(seed)
    p = np.asarray(magnet.reference)
    aside = np.linalg.svd(p[None])[2][1]  # across p
    found = np.empty((2, fields.size, currents.size))
    for row, field in enumerate(fields):
        applied = np.asarray(magnet.applied_field_A_m) + field * p
        here = replace(magnet, applied_field_A_m=tuple(applied.tolist()))
        for side, sign in enumerate((-1.0, 1.0)):
            run = simulate(
                here,
                pulse_s,
                current_A=np.repeat(currents, reads),
                num_reads=currents.size * reads,
                initial=sign * p + _TILT * aside,
                seed=seed_of(seed, row, side),
                num_threads=num_threads,
            )
            up = run.m[:, -1] @ p > 0
            found[side, row] = up.reshape(currents.size, reads).mean(axis=1)
    return SwitchingDiagram(currents, fields, found[0], found[1], seed)


def _grid(name: str, values: npt.ArrayLike) -> FloatArray:
    grid = floats(name, values)
    if grid.ndim != 1 or not grid.size or not np.isfinite(grid).all():
        raise ArgumentError(name, "must be a list of finite numbers", values, remedy="one or more")
    return grid
