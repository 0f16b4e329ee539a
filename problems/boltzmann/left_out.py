"""Restricted machines that leave out what is not known: for each row one of its known p-bits alone.

The machines of all rows have their weights and biases in common. Source: Salakhutdinov, Mnih,
Hinton, "Restricted Boltzmann machines for collaborative filtering", ICML 24, 791 (2007).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.models.layered import LayeredModel
from pbit.problems.boltzmann.free_energy import log_two_cosh
from pbit.problems.boltzmann.gradient import Arrays
from pbit.problems.boltzmann.layered_machine import LayeredMachine
from pbit.samplers.layers import LayerChains


class LeftOutMachine(LayeredMachine):
    """Two layers whose entries 0 of the visible one add nothing to fields, in both phases."""

    draws_gaps = False
    _batch: npt.NDArray[np.float32]

    def data_means(
        self, batch: npt.NDArray[np.float32], drawn: npt.NDArray[Any] | None = None
    ) -> Arrays:
        """What is known and the hidden means given that: exact."""
        self._batch = batch
        return [batch, np.tanh(self._hidden_fields(batch))]

    def reconstruct(self, chains: LayerChains, rows: int, steps: int) -> None:
        """Steps from the batch; what it does not know is drawn, and left out of the next fields."""
        chains.layers[0][:rows] = self._batch
        for _ in range(steps):
            fields = self._hidden_fields(self._of_batch(chains, rows))
            chains.advance(self.model, 1, rows=rows, fields={1: fields})

    def means(self, chains: LayerChains, rows: int | None = None) -> Arrays:
        """The same for the states of chains that stand for the batch."""
        known = self._of_batch(chains, len(self._batch))
        return [known, np.tanh(self._hidden_fields(known))]

    def add_gradient(self, into: Arrays, means: Arrays, factor: float) -> None:
        """As of two layers, for visible p-bits of -1, 0 and 1."""
        share = np.float32(factor / len(means[0]))
        for bias, layer in zip(into, means, strict=False):
            bias += share * layer.sum(axis=0)
        into[2] += means[0].T @ (share * means[1])

    def _of_batch(self, chains: LayerChains, rows: int) -> npt.NDArray[np.float32]:
        return chains.layers[0][:rows] * np.abs(self._batch)

    def _hidden_fields(self, visible: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        return np.asarray(visible @ self.model.weights[0] + self.model.biases[1])


def means_one_more(
    model: LayeredModel, visible: npt.NDArray[np.float32]
) -> npt.NDArray[np.float64]:
    """Mean of each p-bit that is 0 in its row under the machine of the row's known p-bits and this
    one; what is known is as it is. Exact, float64 (rows, visible)."""
    bias, weight = model.biases[0].astype(np.float64), model.weights[0].astype(np.float64)
    fields = visible @ weight + model.biases[1]
    means = visible.astype(np.float64)
    for j in range(bias.size):
        gaps = visible[:, j] == 0
        up, down = (log_two_cosh(fields[gaps] + turn * weight[j]).sum(axis=1) for turn in (1, -1))
        means[gaps, j] = np.tanh(bias[j] + 0.5 * (up - down))
    return means
