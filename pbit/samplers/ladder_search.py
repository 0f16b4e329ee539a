"""The ladder of a model, found while its first run warms up."""

from __future__ import annotations

import numpy as np

from pbit.ladder import Ladder
from pbit.model import FloatArray
from pbit.samplers.tempering_engines import Engine, Watch

_LOOKS = (20, 20, 60, 200)  # sweeps to settle, and as many to measure, before each new ladder
_FLOW_SWEEPS = 1000  # of a feedback round
_HOT = 0.9  # of the lowest energy: the mean energy at the hot end
_LEAST_REPLICAS, _MOST_REPLICAS = 4, 32


def find_ladder(
    engine: Engine,
    watch: Watch,
    *,
    cluster_every: int,
    lanes: int,
    replicas: int | None,
    alpha: float,
    free_hot: bool,
    feedback_rounds: int,
    most_sweeps: int,
) -> Ladder:
    """Ladder on which the engine goes on.

    Looks at the spread of the energies, on the geometric ladder that the engine came with and
    then on those made from it, each longer than the one before, because cold replicas settle
    slowly; then rounds of feedback from the flow of replicas. No more than half of ``most_sweeps``
    is spent.
    """
    most = most_sweeps // 2
    ladder, most_betas = engine.ladder, max(2, lanes // (replicas or _LEAST_REPLICAS))
    for k, look in enumerate(_LOOKS):
        pace = look if k else min(look, most // 2)
        if pace < 2 or engine.sweep + 2 * pace > most:
            return ladder
        for _ in range(2):  # the second time the books are empty
            engine.advance(engine.sweep + pace, cluster_every, watch)
        if watch.stop[0]:
            return ladder
        books = engine.books
        first = _hot_end(books.means, engine.lowest[0]) if free_hot and not k else 0
        seen = Ladder(ladder.values[first:])
        ladder = _fitting(seen, books.rates[first:], books.spreads[first:], alpha, most_betas)
        engine.settle_on(ladder, replicas_for(ladder, replicas, lanes))
        engine.advance(engine.sweep, cluster_every, watch)
    for _ in range(feedback_rounds):
        if watch.stop[0] or engine.sweep + _FLOW_SWEEPS > most:
            break
        engine.advance(engine.sweep + _FLOW_SWEEPS, cluster_every, watch)
        flow = engine.books.arrays[7].astype(float)
        with np.errstate(invalid="ignore"):
            ladder = ladder.by_flow(flow[0] / flow.sum(axis=0))
        engine.settle_on(ladder, engine.replicas)
    return ladder


def _hot_end(means: FloatArray, lowest: float) -> int:
    """Where the mean energy has come half of the way down; energies are 0 at beta = 0."""
    if not lowest < 0:
        return 0
    warm = np.flatnonzero(means <= _HOT * lowest)
    return min(int(warm[0]) if warm.size else 0, means.size - 2)


def _fitting(
    seen: Ladder, rates: FloatArray, spreads: FloatArray, alpha: float, most: int
) -> Ladder:
    """Even steps, longer ones where there would be too many betas for the lanes."""
    ladder = seen.by_rates(rates, spreads, alpha=alpha)
    if ladder.num_betas > most:
        longer = alpha * (ladder.num_betas - 1) / (most - 1)
        ladder = seen.by_rates(rates, spreads, alpha=longer * (1 + 1e-6))
    return ladder


def replicas_for(ladder: Ladder, replicas: int | None, lanes: int) -> int:
    """As many replicas as fill the lanes, within bounds, unless they are given."""
    return replicas or max(2, min(_MOST_REPLICAS, lanes // ladder.num_betas))
