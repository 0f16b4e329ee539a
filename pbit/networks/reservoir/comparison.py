"""A reservoir beside software of its size: the same series, effort, and steps held out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, integer, real
from pbit.networks.reservoir.kinds import ReservoirKind
from pbit.networks.reservoir.protocol import FloatArray
from pbit.networks.reservoir.scaling import Scaling, in_unit
from pbit.networks.reservoir.tuning import Tuned, nrmse, steps_fitted, tuned
from pbit.seeds import seed_of, seed_or_fresh

if TYPE_CHECKING:
    from pbit.networks.reservoir.estimators.regressor import ReservoirRegressor

_STARTS = 5  # of free runs
_TOLERANCE = 0.4  # of the spread, at which a free run has lost the series
_FREE = 100  # steps of the free runs that settings are chosen by
_LEAST = 20  # steps of either part


@dataclass(frozen=True, eq=False)
class Compared(ByValue):
    """What a kind of reservoir reached.

    Parameters
    ----------
    name : str
    setting : Tuned
        The best of those tried, by the end of what is learnt from.
    model : ReservoirRegressor
        Fitted to all that is learnt from.
    outputs : float64, shape (held out, outputs)
    error : float
        Normalised root of the mean square error, held out.
    horizon : float
        Steps that a free run follows, mean over starts in what is held out; NaN where not asked.
    free : float64, shape (steps, outputs)
        The first free run; empty where not asked.
    """

    name: str
    setting: Tuned
    model: ReservoirRegressor
    outputs: FloatArray
    error: float
    horizon: float
    free: FloatArray


def compared(
    kinds: Sequence[ReservoirKind],
    X: Any,
    y: Any,
    *,
    num_nodes: int = 50,
    tries: int = 10,
    held_out: float = 0.25,
    free_steps: int = 0,
    seed: int | None = None,
) -> list[Compared]:
    """Every kind with as many settings tried, fitted, and measured on the last steps.

    The readout sees the inputs beside the nodes.

    Parameters
    ----------
    kinds : sequence of ReservoirKind
    X : float64, shape (steps, inputs)
    y : float64, shape (steps, outputs)
    num_nodes, tries : int
        For each kind.
    held_out : float
        Share of the steps, the last.
    free_steps : int
        Of free runs, where y is the next X; 0 for none.
    seed : int, optional

    Raises
    ------
    TypeError, ValueError
        Too few steps, a share out of range, anything else out of range.
    """
    learnt = steps_learnt(len(X), held_out)
    warm_up = min(100, learnt // 10)
    drawn = seed_or_fresh(seed)
    integer("free_steps", free_steps, 0)
    found = []
    for kind in kinds:
        setting = tuned(
            kind, X[:learnt], y[:learnt], num_nodes=num_nodes, tries=tries,
            warm_up=warm_up, with_inputs=True, free_steps=min(free_steps, _FREE),
            seed=seed_of(drawn, 0),
        )  # fmt: skip
        model = setting.regressor(warm_up=warm_up, with_inputs=True)
        model.fit(X[:learnt], y[:learnt])
        outputs = np.asarray(model.predict(X)).reshape(len(X), -1)[learnt:]
        runs = _free_runs(model, X, learnt, free_steps)
        horizons = [_horizon(run, X[start : start + len(run)], X[:learnt]) for start, run in runs]
        found.append(
            Compared(
                name=kind.name,
                setting=setting,
                model=model,
                outputs=outputs,
                error=nrmse(outputs, y[learnt:]),
                horizon=float(np.mean(horizons)) if horizons else float("nan"),
                free=runs[0][1] if runs else np.empty((0, outputs.shape[1])),
            )
        )
    return found


def steps_learnt(num_steps: int, held_out: float) -> int:
    """Steps before those that are held out.

    Raises
    ------
    TypeError, ValueError
        A share out of range, fewer than 20 steps in either part.

    Examples
    --------
    >>> steps_learnt(1000, 0.25)
    750
    """
    if not 0 < real("held_out", held_out) < 1:
        raise ArgumentError("held_out", "must be > 0 and < 1", held_out)
    learnt = round((1 - held_out) * num_steps)
    if min(learnt, num_steps - learnt) < _LEAST:
        raise ArgumentError(
            "held_out", f"must leave {_LEAST} steps in both parts of {num_steps}", held_out,
            remedy="a longer series, or another share",
        )  # fmt: skip
    return learnt


def steps_held(X: FloatArray, learnt: int) -> int:
    """Steps so far beyond those before that they drive a reservoir no farther than the range there,
    where settings are scored and in what is held out.

    Examples
    --------
    >>> steps_held(np.array([[0.0], [1.0], [0.5], [-8.0], [1.4], [9.0]]), 4)
    2
    """
    first = steps_fitted(learnt)
    parts = ((X[:first], X[first:learnt]), (X[:learnt], X[learnt:]))
    return sum(Scaling.of(before).num_held(after) for before, after in parts)


def _free_runs(
    model: ReservoirRegressor, X: FloatArray, learnt: int, steps: int
) -> list[tuple[int, FloatArray]]:
    """Start and outputs of free runs from the first step held out, and some later ones."""
    if not steps:
        return []
    length = min(steps, len(X) - learnt)
    starts = np.unique(np.linspace(learnt, len(X) - length, _STARTS).astype(int)).tolist()
    runs = model.forecasts(X, length, starts=starts)
    return list(zip(starts, runs, strict=True))


def _horizon(run: FloatArray, truth: FloatArray, learnt: FloatArray) -> float:
    """Steps before the run is first wrong by a share of the spread, or no number."""
    spread = np.sqrt(in_unit(learnt, learnt).var(axis=0).sum())
    with np.errstate(over="ignore", invalid="ignore"):
        wrong = np.linalg.norm(in_unit(run, learnt) - in_unit(truth, learnt), axis=1)
    far = ~(wrong <= _TOLERANCE * spread)
    return float(np.argmax(far) if far.any() else len(run))
