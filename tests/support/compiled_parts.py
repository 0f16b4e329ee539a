"""Parts of kernels that only compiled code can call, for tests to call."""

import numpy as np
from numba import njit

from pbit.kernels.tempering import lane_moves, tempered_lanes
from pbit.kernels.tempering.records import Clusters


@njit
def exchange_lanes(spins, mask, shift, shape):
    lane_moves.exchange_lanes(spins, mask, shift, shape)


@njit
def cluster_move(spins, graph, shift, clusters, shape):
    return lane_moves.cluster_move(spins, graph, shift, clusters, shape)


@njit
def _move_clusters(spins, ladder, exact, graph, word, clusters, sums, shape):
    tempered_lanes.move_clusters(spins, ladder, exact, graph, word, clusters, sums, shape)


def move_clusters(engine, polled):
    """One cluster of each pair of neighbouring replicas of a ladder of lanes."""
    model, betas, scales = engine._model, engine.ladder.values, engine._scales
    ladder = tempered_lanes.Ladder(betas, scales, engine._slots, engine.energies)
    clusters = Clusters.of(engine.program.num_spins, len(model.shape))._replace(polled=polled)
    sums = np.empty((4, engine.spins.shape[1]))
    _move_clusters(engine.spins, ladder, model.exact, engine._graph, 0, clusters, sums, model.shape)
