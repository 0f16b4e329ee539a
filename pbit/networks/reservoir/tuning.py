"""The same effort for all: so many settings tried of each kind, the best chosen ahead of the test.

A setting is scored on the last part of the series that is there to learn from; the rest of it is
what the readout is learnt from meanwhile. Where it is to run freely, free runs in that part are
what counts: the least error in a step may be unstable. All kinds have as many tries, and the same
alphas.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, integer
from pbit.networks.reservoir.free_runs import free_errors
from pbit.networks.reservoir.kinds import ReservoirKind
from pbit.networks.reservoir.protocol import FloatArray, Reservoir, checked_drive, states_of
from pbit.networks.reservoir.readouts import Ridge, Weights, ridge_path
from pbit.networks.reservoir.scaling import MOST, Scaling, in_unit
from pbit.seeds import seed_of, seed_or_fresh

if TYPE_CHECKING:
    from pbit.networks.reservoir.estimators.regressor import ReservoirRegressor

ALPHAS = (1e-9, 1e-7, 1e-5, 1e-3, 1e-1)
_SHARE = 0.25  # of the steps, the last ones, that settings are scored on


@dataclass(frozen=True, eq=False)
class Tuned(ByValue):
    """The best of the settings tried.

    Parameters
    ----------
    reservoir : Reservoir
    alpha : float
        Of the ridge regression.
    error : float
        What settings were compared by: the normalised root mean square error, or the mean error of
        free runs, in spreads and 1 at most.
    seed : int
        Of its masks and weights.
    tried : int
    """

    reservoir: Reservoir
    alpha: float
    error: float
    seed: int
    tried: int

    def regressor(self, *, warm_up: int = 0, with_inputs: bool = False) -> ReservoirRegressor:
        """An estimator with these settings, to be fitted to all there is to learn from.

        Raises
        ------
        ImportError
            No scikit-learn.
        """
        from pbit.networks.reservoir.estimators.regressor import ReservoirRegressor

        return ReservoirRegressor(
            self.reservoir,
            readout=Ridge(self.alpha),
            warm_up=warm_up,
            with_inputs=with_inputs,
            random_state=self.seed,
        )


def tuned(
    kind: ReservoirKind,
    X: Any,
    y: Any,
    *,
    num_nodes: int,
    tries: int = 10,
    warm_up: int = 0,
    with_inputs: bool = False,
    free_steps: int = 0,
    seed: int | None = None,
) -> Tuned:
    """The setting of a kind that does best on the end of the series.

    Parameters
    ----------
    kind : ReservoirKind
    X : shape (steps, inputs)
    y : shape (steps,) or (steps, outputs)
    num_nodes : int
    tries : int
        Settings, of which each has the five alphas.
    warm_up : int
        First steps that are not learnt from.
    with_inputs : bool
        Let the readout see the inputs, too.
    free_steps : int
        Choose by free runs of so many steps, from two places; ``y`` is the next ``X`` then.
    seed : int, optional

    Raises
    ------
    TypeError, ValueError
        No numbers, another number of rows; no steps left.
    """
    integer("num_nodes", num_nodes, 2)
    inputs = checked_drive(X, "X")
    targets = checked_drive(np.asarray(y, np.float64).reshape(inputs.shape[1], -1), "y")[0]
    first = steps_fitted(inputs.shape[1])
    if integer("warm_up", warm_up, 0) >= first - 1:
        raise ArgumentError("warm_up", f"must leave some of {first} steps to learn from", warm_up)
    scaling = Scaling.of(inputs[:, :first])
    drive = scaling.scaled(inputs)[0]
    drawn = seed_or_fresh(seed)
    rng = np.random.default_rng(seed_of(drawn, 0))
    best = None
    for k in range(integer("tries", tries, 1)):
        reservoir = kind.draw(rng, num_nodes, drive.shape[1])
        key = seed_of(drawn, 1, k) % 2**31
        trial = _Trial(reservoir, key, drive, with_inputs)
        readouts = trial.readouts(targets, (warm_up, first))
        if free_steps:
            errors = trial.free_errors(readouts, scaling, first, free_steps)
        else:
            errors = trial.errors(readouts, targets, first)
        at = int(np.argmin(errors))
        if best is None or errors[at] < best.error:
            best = Tuned(reservoir, ALPHAS[at], float(errors[at]), key, tries)
    assert best is not None
    return best


def steps_fitted(num_steps: int) -> int:
    """Steps before those that settings are scored on."""
    return round(num_steps * (1 - _SHARE))


def best_setting(
    kind: ReservoirKind,
    score: Callable[[Reservoir], float],
    *,
    num_nodes: int,
    tries: int = 10,
    seed: int,
) -> Reservoir:
    """The setting of the largest score, of one input, among so many.

    Parameters
    ----------
    kind : ReservoirKind
    score : callable
        Of what is not what the setting is judged by in the end.
    num_nodes, tries, seed : int

    Examples
    --------
    >>> from pbit.networks.reservoir.delays import LINEAR
    >>> best = best_setting(
    ...     LINEAR, lambda each: each.num_delays, num_nodes=9, tries=30, seed=1
    ... )
    >>> best.num_delays
    9
    """
    rng = np.random.default_rng(seed_of(seed, 0))
    tried = [kind.draw(rng, num_nodes, 1) for _ in range(integer("tries", tries, 1))]
    return max(tried, key=score)


class _Trial:
    """One setting, driven by the series."""

    def __init__(
        self, reservoir: Reservoir, key: int, drive: FloatArray, with_inputs: bool
    ) -> None:
        self._reservoir, self._drive, self._with_inputs = reservoir, drive, with_inputs
        # As an estimator with this random state has it.
        self._seed = int(np.random.RandomState(key).randint(2**31 - 1))
        held = drive.clip(-MOST, MOST)
        states = states_of(reservoir, held, seed=self._seed)
        self._nodes = np.concatenate([states, held], axis=1) if with_inputs else states

    def readouts(self, targets: FloatArray, part: tuple[int, int]) -> list[Weights]:
        """Of all alphas, learnt from a part."""
        some = slice(*part)
        return ridge_path(self._nodes[some], targets[some], ALPHAS)

    def errors(self, readouts: list[Weights], targets: FloatArray, first: int) -> list[float]:
        """Normalised error of each after the part."""
        nodes, wanted = self._nodes[first:], targets[first:]
        return [nrmse(each.outputs(nodes), wanted) for each in readouts]

    def free_errors(
        self, readouts: list[Weights], scaling: Scaling, first: int, steps: int
    ) -> list[float]:
        """Mean error of free runs of each after the part."""
        length = min(steps, (len(self._drive) - first) // 2)
        scaled = [
            Weights(each.weights / scaling.half_range, scaling.scaled(each.intercept))
            for each in readouts
        ]
        return free_errors(
            self._reservoir,
            self._drive,
            scaled,
            starts=(first, len(self._drive) - length),
            steps=length,
            with_inputs=self._with_inputs,
            seed=self._seed,
        )


def nrmse(found: FloatArray, wanted: FloatArray) -> float:
    """Root of the mean square error over the variance, that of all outputs together; infinite where
    what is found is no number.

    Examples
    --------
    >>> nrmse(np.zeros(4), np.array([1.0, -1.0, 1.0, -1.0]))
    1.0
    """
    one, other = in_unit(found, wanted), in_unit(wanted, wanted)
    spread = float(((other - other.mean(axis=0)) ** 2).mean())
    with np.errstate(over="ignore", invalid="ignore"):
        error = float(((one - other) ** 2).mean())
    if not np.isfinite(error):
        return float("inf")
    return float(np.sqrt(error / spread)) if spread else float(error > 0)
