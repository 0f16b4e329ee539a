"""The replicated model on the project's ordinary kernels, and on chips."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.models.labels import FloatArray, SpinArray
from pbit.models.polynomial import AnyModel
from pbit.problems.transverse_ising.replicated import replicated
from pbit.samplers.imaginary_time.quantities import checked_sweeps
from pbit.samplers.imaginary_time.series import COLUMNS, ImaginaryTimeSeries, bin_sizes
from pbit.samplers.moments import pairs_of, trajectory
from pbit.schedules.schedule import Schedule


def measure_network(
    model: AnyModel,
    gamma: float | FloatArray,
    beta: float,
    replicas: int,
    *,
    num_sweeps: int = 1000,
    burn_in: int | None = None,
    every: int = 1,
    num_reads: int = 16,
    pairs: str | npt.ArrayLike | None = None,
    hardware: Any = None,
    **options: Any,
) -> ImaginaryTimeSeries:
    """What looks at the replicated model find; keywords as of :meth:`TransverseIsing.measure`.

    Other keywords are those of :func:`pbit.trajectory`. Whole states are kept until they are
    measured: num_reads x looks x R x n bytes.
    """
    sweeps, burn = checked_sweeps(num_sweeps, burn_in)
    ends = pairs_of(model, pairs)
    network = replicated(model, gamma, beta, replicas)
    chip = {} if hardware is None else {"hardware": hardware}
    found = trajectory(
        network.model,
        Schedule(np.array([network.beta]), sweeps),
        every=every,
        burn_in=burn,
        num_reads=num_reads,
        **chip,
        **options,
    )
    states = np.moveaxis(network.slices(found.spins), 1, 0)  # (looks, reads, R, n)
    values, kinks = _columns(model, states, gamma, beta)
    sizes = bin_sizes(len(states))
    products = np.stack([_products(look, ends) for look in states])
    spins = np.stack([look.mean(axis=1) for look in states])
    return ImaginaryTimeSeries(
        COLUMNS,
        values,
        sizes,
        _binned(spins, sizes),
        _binned(kinks, sizes),
        _binned(products, sizes),
        ends,
        beta,
        gamma,
        replicas,
        states[-1].copy(),
        found.info | {"burn_in": burn, "every": every},
    )


def _columns(
    model: AnyModel, states: SpinArray, gamma: float | FloatArray, beta: float
) -> tuple[FloatArray, FloatArray]:
    """Values (looks, reads, columns) and kinks (looks, reads, n)."""
    looks, reads, replicas, n = states.shape
    fields = np.broadcast_to(np.asarray(gamma, np.float64), (n,))
    equal = np.tanh(beta * fields / replicas)
    values, kinks = np.empty((looks, reads, len(COLUMNS))), np.empty((looks, reads, n))
    for k, look in enumerate(states):
        kinks[k] = (look != np.roll(look, -1, axis=1)).mean(axis=1)
        sigma_x = equal + (1 / equal - equal) * kinks[k]
        m = look.mean(axis=2)
        values[k] = np.stack(
            [
                model.energy(look.reshape(-1, n)).reshape(reads, replicas).mean(axis=1),
                sigma_x @ fields,
                m.mean(axis=1),
                np.abs(m).mean(axis=1),
                (m**2).mean(axis=1),
                (m**4).mean(axis=1),
                m.mean(axis=1) ** 2,
            ],
            axis=1,
        )
    return values, kinks


def _products(look: SpinArray, ends: npt.NDArray[np.int32]) -> FloatArray:
    first, second = look[:, :, ends[0]], look[:, :, ends[1]]
    return np.asarray((first * second).mean(axis=1))


def _binned(looks: FloatArray, sizes: npt.NDArray[np.int64]) -> FloatArray:
    starts = np.r_[0, np.cumsum(sizes)[:-1]]
    sums = np.add.reduceat(looks, starts, axis=0) if looks.size else looks[: sizes.size]
    return np.asarray(sums / sizes[:, None, None])
