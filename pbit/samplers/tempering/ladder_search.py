"""The ladder of a model, found while its first run warms up."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass

import numpy as np

from pbit.checks import ArgumentError, integer, positive
from pbit.models.labels import FloatArray
from pbit.models.polynomial import AnyModel
from pbit.samplers.coldest import coldest_beta
from pbit.samplers.tempering.replicas import Replicas, Watch
from pbit.schedules.ladder import Ladder
from pbit.schedules.schedule import default_beta_range, hot_and_cold

# Sweeps to settle, and as many to measure, before each new ladder; sweeps in which its hot end
# forgets, 0 where the hot end stays.
_LOOKS = ((20, 16), (20, 0), (60, 50), (200, 150))
_FLOW_SWEEPS = 1000  # of a feedback round
_REMEMBERED = 0.35  # of a state, at most, at the hot end
_LEAST_REPLICAS, _MOST_REPLICAS = 4, 32


@dataclass(frozen=True)
class LadderSearch:
    """How :func:`pbit.temper` finds its ladder, where none is given.

    Parameters
    ----------
    beta_range : (float, float), optional
        Hot and cold end; by default from the model, the cold end where less than one spin of a
        local minimum is excited (:func:`pbit.samplers.coldest.coldest_beta`), the hot end no
        hotter than where replicas left alone forget where they were in some tens of sweeps.
    alpha : float
        Steps ``beta' = beta + alpha / sigma_E(beta)`` (:meth:`pbit.Ladder.by_spread`); 1.25
        accepts about 38 % of the swaps.
    feedback_rounds : int
        So many times :meth:`pbit.Ladder.by_flow` on top.

    Raises
    ------
    TypeError, ValueError
        A value of the wrong type or out of range.

    Examples
    --------
    >>> LadderSearch((0.1, 3.0)).alpha
    1.25
    """

    beta_range: tuple[float, float] | None = None
    _: KW_ONLY
    alpha: float = 1.25
    feedback_rounds: int = 0

    def __post_init__(self) -> None:
        positive("alpha", self.alpha)
        integer("feedback_rounds", self.feedback_rounds, 0)
        if self.beta_range is None:
            return
        hot, cold = hot_and_cold(self.beta_range)
        if not 0 < hot < cold < np.inf:
            raise ArgumentError(
                "beta_range", "must be two numbers, 0 < hot < cold", self.beta_range
            )
        object.__setattr__(self, "beta_range", (hot, cold))

    def ends(self, model: AnyModel) -> tuple[float, float]:
        """Hot and cold end for a model."""
        if self.beta_range is not None:
            return self.beta_range
        hot = default_beta_range(model)[0]
        return hot, max(2 * hot, coldest_beta(model))


def find_ladder(
    engine: Replicas,
    watch: Watch,
    *,
    search: LadderSearch,
    cluster_every: int,
    lanes: int,
    replicas: int | None,
    most_sweeps: int,
) -> Ladder:
    """Ladder on which the engine goes on.

    Looks at swaps and mean energies, on the geometric ladder that the engine came with and
    then on those made from it, each longer than the one before, because cold replicas settle
    slowly; then rounds of feedback from the flow of replicas. No more than half of ``most_sweeps``
    is spent.
    """
    most = most_sweeps // 2
    ladder, most_betas = engine.ladder, max(2, lanes // (replicas or _LEAST_REPLICAS))
    for k, (look, forget) in enumerate(_LOOKS):
        pace = look if k else min(look, most // 2)
        if pace < 2 or engine.sweep + 2 * pace + forget > most:
            return ladder
        for _ in range(2):  # the second time the books are empty
            engine.advance(engine.sweep + pace, cluster_every, watch)
        if watch.stop[0]:
            return ladder
        # Taken down before replicas are left alone, which begins the books anew.
        rates, means = engine.books.rates, engine.books.means
        moves = search.beta_range is None and forget
        first = _hot_end(engine, watch, forget) if moves else 0
        if watch.stop[0]:
            return ladder
        seen = Ladder(ladder.values[first:])
        ladder = _fitting(seen, rates[first:], means[first:], search.alpha, most_betas)
        engine.settle_on(ladder, replicas_for(ladder, replicas, lanes))
        engine.advance(engine.sweep, cluster_every, watch)
    for _ in range(search.feedback_rounds):
        if watch.stop[0] or engine.sweep + _FLOW_SWEEPS > most:
            break
        engine.advance(engine.sweep + _FLOW_SWEEPS, cluster_every, watch)
        ladder = ladder.by_flow(engine.books.flow)
        engine.settle_on(ladder, engine.replicas)
    return ladder


def _hot_end(engine: Replicas, watch: Watch, sweeps: int) -> int:
    """The coldest temperature at which replicas left alone forget where they were.

    What is left of a state after so many sweeps is its overlap with itself, less the overlap of
    two replicas, which biases keep up for ever. Colder than that they would be stuck; hotter ones
    only make the way longer.
    """
    before = engine.states()
    if not before.size:
        return 0
    engine.advance(engine.sweep + sweeps, 0, watch, swapping=False)
    own, other = engine.likeness(before, engine.states())
    free = np.flatnonzero(own - other > _REMEMBERED * (1 - other))
    return max(0, min(int(free[0]) - 1 if free.size else 0, len(own) - 2))


def _fitting(seen: Ladder, rates: FloatArray, means: FloatArray, alpha: float, most: int) -> Ladder:
    """Even steps, longer ones where there would be too many betas for the lanes."""
    ladder = seen.by_rates(rates, means, alpha=alpha)
    if ladder.num_betas > most:
        longer = alpha * (ladder.num_betas - 1) / (most - 1)
        ladder = seen.by_rates(rates, means, alpha=longer * (1 + 1e-6))
    return ladder


def replicas_for(ladder: Ladder, replicas: int | None, lanes: int) -> int:
    """As many replicas as fill the lanes, within bounds, unless they are given."""
    return replicas or max(2, min(_MOST_REPLICAS, lanes // ladder.num_betas))
