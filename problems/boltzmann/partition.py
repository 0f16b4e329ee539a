"""The normalisation of restricted machines: exact for small ones, annealed for large ones."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp

from pbit.checks import ArgumentError, integer
from pbit.models.layered import LayeredModel
from pbit.problems.boltzmann.free_energy import free_energy, log_two_cosh
from pbit.samplers.layers import LayerChains
from pbit.seeds import seed_or_fresh

MAX_BITS = 25
_BLOCK_BITS = 12


class LogZ(NamedTuple):
    """Estimate of ln Z with its standard error.

    ``log_z`` estimates from below on average (Jensen's inequality), the reverse of the same from
    above.
    """

    log_z: float
    error: float
    log_weights: npt.NDArray[np.float64]


def exact_log_z(model: LayeredModel) -> float:
    r"""``ln Z`` of two layers, the states of the smaller one enumerated, the larger summed out.

    .. math:: Z = \sum_h e^{c \cdot h} \prod_i 2\cosh(b_i + (W h)_i)

    Raises
    ------
    ValueError
        Three layers or more, or more than 25 p-bits in the smaller one.
    """
    smaller = _two(model) if model.sizes[0] <= model.sizes[1] else _turned(_two(model))
    count = smaller.sizes[0]
    if count > MAX_BITS:
        raise ArgumentError(
            "model",
            f"must have at most {MAX_BITS} p-bits in its smaller layer to be enumerated",
            count,
            remedy="use annealed_log_z",
        )
    low = min(count, _BLOCK_BITS)
    inner = _states(low)
    terms = []
    for outer in _states(count - low):
        rows = np.hstack([inner, np.broadcast_to(outer, (len(inner), outer.size))])
        terms.append(logsumexp(-free_energy(smaller, rows, dtype=np.float64)))
    return float(logsumexp(terms))


def annealed_log_z(
    model: LayeredModel,
    *,
    num_betas: int = 1000,
    num_chains: int = 500,
    base: npt.ArrayLike | None = None,
    seed: int | None = None,
) -> LogZ:
    r"""``ln Z`` of two layers by annealed importance sampling.

    From independent visible p-bits with biases a (beta 0) to the machine (beta 1) over the laws

    .. math:: p_\beta(v) \propto e^{((1-\beta) a + \beta b) \cdot v}
              \prod_j 2\cosh(\beta (c + v^T W)_j)

    each chain collects ``ln w = sum_k ln p*_{k+1}(v_k) - ln p*_k(v_k)``; ``ln Z = ln Z_0 + ln mean
    w``.

    Parameters
    ----------
    model : LayeredModel
        Of two layers.
    num_betas : int
        Steps from 0 to 1.
    num_chains : int
    base : float array, shape (n_0,), optional
        The biases a, best those of the data's own means; 0 by default.
    seed : int, optional

    Returns
    -------
    LogZ
        The error is that of the logarithm of a mean of the chains' weights.

    Raises
    ------
    ValueError
        More than two layers, a base of another shape.

    References
    ----------
    Neal, Statistics and Computing 11, 125 (2001); Salakhutdinov, Murray, ICML 25, 872 (2008),
    eqs. 14-16.
    """
    start = _base(_two(model), base)
    betas = np.linspace(0.0, 1.0, integer("num_betas", num_betas, 1) + 1)
    chains = LayerChains(model.sizes, num_chains, seed=seed_or_fresh(seed))
    chains.advance(_between(model, start, 0.0), 1)
    weights = np.zeros(num_chains)
    for low, high in pairwise(betas):
        weights += _gain(model, start, (low, high), chains)
        if high < 1:
            chains.advance(_between(model, start, high), 1)
    return _estimate(weights + _log_z_base(model, start), sign=1)


def reverse_annealed_log_z(
    model: LayeredModel,
    samples: npt.ArrayLike,
    *,
    num_betas: int = 1000,
    base: npt.ArrayLike | None = None,
    seed: int | None = None,
) -> LogZ:
    """``ln Z`` by the same path walked backwards, from samples of the machine itself.

    Its estimate lies above on average where the samples follow the machine's law (Burda, Grosse,
    Salakhutdinov, AISTATS 18, 102 (2015)): together the two bracket ``ln Z``. Samples that do not
    follow it void the bound.

    Parameters
    ----------
    model, num_betas, base, seed
        As for :func:`annealed_log_z`.
    samples : array of -1 and +1, shape (chains, n_0)
        Visible states drawn from the machine.
    """
    start = _base(_two(model), base)
    visible = np.asarray(samples, dtype=np.float32)
    betas = np.linspace(0.0, 1.0, integer("num_betas", num_betas, 1) + 1)
    chains = LayerChains(model.sizes, len(visible), seed=seed_or_fresh(seed))
    chains.layers[0][...] = visible
    weights = np.zeros(len(visible))
    for low, high in zip(betas[-2::-1], betas[:0:-1], strict=True):
        weights -= _gain(model, start, (low, high), chains)
        if low > 0:
            chains.advance(_between(model, start, low), 1)
    return _estimate(weights - _log_z_base(model, start), sign=-1)


def _estimate(log_weights: npt.NDArray[np.float64], *, sign: int) -> LogZ:
    count = log_weights.size
    mean = logsumexp(log_weights) - np.log(count)
    weights = np.exp(log_weights - mean)
    error = float(weights.std(ddof=1) / np.sqrt(count)) if count > 1 else np.inf
    return LogZ(float(sign * mean), error, sign * log_weights)


def _between(model: LayeredModel, base: npt.NDArray[np.float64], beta: float) -> LayeredModel:
    visible = (1 - beta) * base + beta * model.biases[0]
    return LayeredModel.of((visible, beta * model.biases[1]), (beta * model.weights[0],))


def _gain(
    model: LayeredModel,
    base: npt.NDArray[np.float64],
    betas: tuple[float, float],
    chains: LayerChains,
) -> npt.NDArray[np.float64]:
    """``ln p*`` at the second beta less that at the first, of the chains' visible states."""
    low, high = betas
    fields = chains.fields(model)[1].astype(np.float64)
    own = chains.layers[0] @ ((high - low) * (model.biases[0].astype(np.float64) - base))
    summed = log_two_cosh(high * fields) - log_two_cosh(low * fields)
    return np.asarray(own + summed.sum(axis=1))


def _log_z_base(model: LayeredModel, base: npt.NDArray[np.float64]) -> float:
    return float(log_two_cosh(base).sum() + model.sizes[1] * np.log(2.0))


def _base(model: LayeredModel, base: npt.ArrayLike | None) -> npt.NDArray[np.float64]:
    biases = np.zeros(model.sizes[0]) if base is None else np.asarray(base, dtype=np.float64)
    if biases.shape != (model.sizes[0],) or not np.isfinite(biases).all():
        raise ArgumentError(
            "base", f"must be {model.sizes[0]} finite biases", got=f"shape {biases.shape}"
        )
    return biases


def _two(model: LayeredModel) -> LayeredModel:
    if len(model.sizes) != 2:
        raise ArgumentError("model", "must have two layers", len(model.sizes))
    return model


def _turned(model: LayeredModel) -> LayeredModel:
    return LayeredModel(model.biases[::-1], (model.weights[0].T,))


def _states(count: int) -> npt.NDArray[np.int8]:
    every: npt.NDArray[Any] = np.arange(2**count)[:, None] >> np.arange(count)
    return (2 * (every & 1) - 1).astype(np.int8)
