"""Which oscillators lock, over a grid of frequencies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, floats
from pbit.networks.oscillators.phase_network import PhaseNetwork
from pbit.networks.oscillators.phase_run import locked

__all__ = ["locking_map"]


def locking_map(
    network: PhaseNetwork,
    frequencies: Mapping[int, npt.ArrayLike],
    *,
    duration: float,
    tolerance: float | None = None,
    **options: Any,
) -> npt.NDArray[np.bool_]:
    """Pairs that run at one mean frequency in the last half of each run.

    Parameters
    ----------
    network : PhaseNetwork
    frequencies : dict of oscillator to shape (values,)
        Detunings to go through, in radians per time: all combinations. The other oscillators keep
        their own.
    duration : float
        Of one run.
    tolerance : float, optional
        Largest difference of two that are locked; by default that of half a turn in the time of
        the measurement.
    **options
        Of :meth:`PhaseNetwork.run`.

    Returns
    -------
    bool, shape (values of the first, values of the second, ..., n, n)

    Raises
    ------
    ArgumentError
        No such oscillator, or what :meth:`PhaseNetwork.run` refuses.

    Examples
    --------
    >>> network = PhaseNetwork([[0, 0], [1, 0]])  # 0 is a source and pulls 1
    >>> locking_map(network, {0: [0.9, 1.1]}, duration=200.0, seed=1)[:, 0, 1].tolist()
    [True, False]
    """
    unknown = [i for i in frequencies if not 0 <= i < network.n]
    if unknown or not frequencies:
        raise ArgumentError(
            "frequencies",
            f"must name oscillators from 0 to {network.n - 1}",
            list(frequencies),
            remedy="as {0: detunings}",
        )
    axes = [floats("frequencies", values) for values in frequencies.values()]
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    detuning = np.tile(network.detuning_rad_s, (grid[..., 0].size, 1))
    detuning[:, list(frequencies)] = grid.reshape(-1, len(axes))
    options = {"measure_from": duration / 2} | options
    run = network.run(duration, num_reads=len(detuning), detuning=detuning, **options)
    if tolerance is None:
        tolerance = np.pi / (duration - options["measure_from"])
    pairs = locked(run.frequencies, tolerance)
    return pairs.reshape(*grid.shape[:-1], network.n, network.n)
