"""Events of Poisson processes, to feed a layer with what a row of rates stands for."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number
from pbit.devices.synapses.draws import IntArray, uniforms
from pbit.networks.stdp.arguments import rates_of
from pbit.networks.stdp.draws import LayerDraw
from pbit.seeds import check_seed


def poisson_events(
    rates_Hz: npt.ArrayLike, *, seconds: float, seed: int, turn: int = 0
) -> tuple[FloatArray, IntArray]:
    """Times, ascending, and inputs of the spikes of independent Poisson processes.

    Parameters
    ----------
    rates_Hz : float64, shape (inputs,)
    seconds : float
    seed : int
    turn : int
        Another one gives other events.

    Returns
    -------
    (float64, int64), both of shape (events,)

    Raises
    ------
    TypeError, ValueError
        Rates that are negative or not finite, a time that is not > 0, a seed that is none.

    Examples
    --------
    >>> times, inputs = poisson_events([100.0, 0.0, 300.0], seconds=1.0, seed=1)
    >>> np.bincount(inputs).tolist()
    [93, 0, 307]
    """
    rates = np.asarray(rates_Hz, np.float64)
    rates = rates_of("rates_Hz", rates, rates.size, ndim=1)
    number("seconds", seconds, (">", 0.0), remedy="100 ms is 0.1")
    who, width = np.arange(len(rates)), int(rates.max(initial=0.0) * seconds) + 16
    while True:
        luck = uniforms(LayerDraw.SPIKES, who, seed=check_seed(seed), turns=turn, width=width)
        with np.errstate(divide="ignore"):
            times = np.cumsum(-np.log(luck) / rates[:, None], axis=1)
        if (times[:, -1] > seconds).all():
            break
        width *= 2  # the first of more numbers are the same
    inputs, k = np.nonzero(times <= seconds)
    order = np.argsort(times[inputs, k], kind="stable")
    return times[inputs, k][order], inputs[order]
