"""Weights of few bits: whole multiples of one step."""

from __future__ import annotations

from typing import Any

import numpy as np

from pbit.checks import integer
from pbit.graphs.compilation import Compiled
from pbit.graphs.votes import one_each
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray

MAX_BITS = 32
MAX_ENUMERATED = 20
_MOST_STEPS_TRIED = 256


def quantise(model: IsingModel, bits: int, *, own_bias_step: bool = False) -> Compiled:
    """Network whose couplings and biases are multiples of a step that fit into signed integers.

    Levels are ``-L..L`` times the step with ``L = 2^(bits - 1) - 1``. The largest weight is always
    a level; of the steps that allow for that, the one of least rms error over all weights is
    taken (for more than 9 bits, of the 256 smallest), so that weights which fit are exact.
    **A heuristic**: ground states may change, and energies are those of the rounded weights, so
    that answers have to be judged by the source's. States are the same.

    Parameters
    ----------
    model : IsingModel
    bits : int
        2 to 32, sign included.
    own_bias_step : bool
        Biases have a step of their own, as where a chip sets them by other means.

    Returns
    -------
    Compiled
        ``report``: bits, step, bias_step, max_error and rms_error in units of the largest weight,
        vanished (weights that became 0), and ground_states, found by enumeration for at most 20
        spins, else None: "same", "fewer" (some of the source's and no other), or "changed".

    Raises
    ------
    TypeError, ValueError
        ``bits`` no integer, or outside 2..32.

    Examples
    --------
    >>> pair = IsingModel.from_edges([0, 1], [1, 2], [1.0, 0.4], h=[0.0, 0.3, 0.0])
    >>> quantise(pair, 3).model.J.data.round(3).tolist()
    [1.0, 1.0, 0.333, 0.333]
    """
    number = integer("bits", bits, 2, MAX_BITS)
    levels = 2 ** (number - 1) - 1
    couplings = model.edges()[2].astype(np.float64)
    if own_bias_step:
        step, bias_step = _best_step(couplings, levels), _best_step(model.h, levels)
    else:
        step = bias_step = _best_step(np.concatenate([couplings, model.h]), levels)
    J = model.J.astype(np.float64)
    J.data = _rounded(J.data, step)
    rounded = IsingModel(_rounded(model.h, bias_step), J, model.offset, model.labels)
    report = {
        "bits": number,
        "step": step,
        "bias_step": bias_step,
        **_errors(model, step, bias_step),
        "ground_states": _survival(model, rounded),
    }
    votes = one_each(np.arange(model.num_spins))
    return Compiled("quantise", model, rounded, votes, report)


def _rounded(values: FloatArray, step: float) -> FloatArray:
    return np.asarray(np.rint(values / step) * step + 0.0)


def _best_step(values: FloatArray, levels: int) -> float:
    """Step of least squared error with the largest value at one of the levels 1..``levels``."""
    largest = float(np.abs(values).max(initial=0.0))
    if not largest:
        return 1.0
    sizes = np.abs(values[values != 0]) / largest  # squares of huge or tiny ones would not fit
    tried = 1.0 / np.arange(max(1, levels - _MOST_STEPS_TRIED + 1), levels + 1)
    errors = [float(((_rounded(sizes, step) - sizes) ** 2).mean()) for step in tried.tolist()]
    # The coarsest of those that are as good: whole numbers keep their unit.
    good = np.flatnonzero(np.array(errors) <= min(errors) + 1e-24)
    return largest * float(tried[good[0]])


def _errors(model: IsingModel, step: float, bias_step: float) -> dict[str, Any]:
    weights = [model.edges()[2].astype(np.float64), model.h[model.h != 0]]
    values = np.concatenate(weights)
    off = np.concatenate(
        [_rounded(part, s) - part for part, s in zip(weights, (step, bias_step), strict=True)]
    )
    if not values.size:
        return {"max_error": 0.0, "rms_error": 0.0, "vanished": 0}
    unit = float(np.abs(values).max())
    return {
        "max_error": float(np.abs(off).max()) / unit,
        "rms_error": float(np.sqrt(((off / unit) ** 2).mean())),
        "vanished": int(np.count_nonzero(off == -values)),
    }


def _survival(model: IsingModel, rounded: IsingModel) -> str | None:
    if model.num_spins > MAX_ENUMERATED:
        return None
    before, after = _ground_states(model), _ground_states(rounded)
    if (before == after).all():
        return "same"
    return "changed" if (after & ~before).any() else "fewer"


def _ground_states(model: IsingModel) -> Any:
    """Mask of the states of least energy, by number."""
    numbers, bits = np.arange(2**model.num_spins), np.arange(model.num_spins)
    blocks = np.array_split(numbers, max(1, numbers.size >> 15))
    energies = np.concatenate(
        [model.energy(2 * (part[:, None] >> bits & 1) - 1) for part in blocks]
    )
    return energies <= energies.min() + 1e-9 * max(1.0, float(np.abs(energies).max()))
