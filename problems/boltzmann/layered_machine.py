"""Machines of layers: their parameters, and correlations of layers that are drawn at once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.machine import check_memory
from pbit.models.layered import LayeredModel
from pbit.problems.boltzmann.chain_state import ClampedChains
from pbit.problems.boltzmann.free_energy import log_two_cosh
from pbit.problems.boltzmann.gradient import Arrays
from pbit.problems.boltzmann.labelled import Labelled
from pbit.problems.boltzmann.mean_field import ITERATIONS, MeanField, entropy, iterated
from pbit.samplers.layers import LayerChains
from pbit.samplers.layers.products import add_correlations

_WEIGHT_BYTES = 20  # drawn in float64, float32 copy, velocity, and the gradient on the way


class LayeredMachine(ClampedChains[LayerChains]):
    """A network of layers that learns in place; layer 0 holds data and labels.

    Attributes
    ----------
    model : LayeredModel
        Its arrays are the parameters: they change as the machine learns.
    """

    def __init__(self, model: LayeredModel, *, seed: int, clamped_steps: int = 10) -> None:
        self.model = model
        self._clamped_steps = clamped_steps
        self._fields: dict[int, npt.NDArray[np.float32]] = {}
        super().__init__(seed)

    @classmethod
    def fresh(
        cls, sizes: Sequence[int], *, seed: int, scale: float = 0.01, **options: Any
    ) -> LayeredMachine:
        """Weights normal with this standard deviation, biases 0.

        Raises
        ------
        MemoryError
            Weights that cannot fit, before they are drawn.
        """
        what = f"weights between layers of {', '.join(map(str, sizes))} p-bits"
        count = sum(a * b for a, b in pairwise(sizes))
        check_memory(_WEIGHT_BYTES * count, what=what, lower="n_components")
        rng = np.random.default_rng(seed)
        weights = [rng.normal(scale=scale, size=pair) for pair in pairwise(sizes)]
        biases = [np.zeros(n) for n in sizes]
        return cls(LayeredModel.of(biases, weights), seed=seed, **options)

    @property
    def parameters(self) -> Arrays:
        """Biases, then weights."""
        return [*self.model.biases, *self.model.weights]

    @property
    def weights(self) -> Arrays:
        """What decays."""
        return list(self.model.weights)

    def chains(self, count: int, *, seed: int) -> LayerChains:
        """Free chains from fair coins."""
        return LayerChains(self.model.sizes, count, seed=seed)

    def start(self, chains: LayerChains, batch: npt.NDArray[np.float32]) -> None:
        """Put data into layer 0 of the first chains."""
        chains.layers[0][: len(batch)] = batch

    def reconstruct(self, chains: LayerChains, rows: int, steps: int) -> None:
        """Run the first chains from the clamped states, whose fields on the odd layers, which are
        drawn first, the clamped phase has taken already."""
        clamped = self._clamped_chains(rows)
        for own, held in zip(chains.layers[::2], clamped.layers[::2], strict=True):
            own[:rows] = held[:rows]
        chains.advance(self.model, steps, rows=rows, fields=self._fields)

    def visible(self, chains: LayerChains) -> npt.NDArray[np.float32]:
        """Spins of layer 0, a copy."""
        return chains.layers[0].copy()

    def visible_means(self, chains: LayerChains) -> npt.NDArray[np.float32]:
        """Means of layer 0 given layer 1."""
        fields = chains.layers[1] @ self.model.weights[0].T + self.model.biases[0]
        return np.asarray(np.tanh(fields, out=fields))

    def advance(
        self,
        chains: LayerChains,
        steps: int,
        *,
        rows: int | None = None,
        beta: Any = 1.0,
        held: npt.NDArray[np.bool_] | None = None,
    ) -> None:
        """Run the first ``rows`` chains, all by default; visible p-bits stay where ``held``."""
        masks = {} if held is None else {0: held}
        chains.advance(self.model, steps, rows=rows, beta=beta, held=masks)

    def means(self, chains: LayerChains, rows: int | None = None) -> Arrays:
        """Even layers' spins and the odd layers' means given them."""
        return chains.means(self.model, rows)

    def energies(self, chains: LayerChains) -> npt.NDArray[np.float64]:
        """Energy of each chain's state."""
        layers = chains.layers
        terms = [s @ bias for s, bias in zip(layers, self.model.biases, strict=True)]
        for layer, (below, weight) in enumerate(zip(layers[:-1], self.model.weights, strict=True)):
            terms.append(np.einsum("ij,ij->i", below @ weight, layers[layer + 1]))
        return np.asarray(-np.sum(terms, axis=0, dtype=np.float64))

    def free_energies(self, chains: LayerChains) -> npt.NDArray[np.float64]:
        """Of the even layers, the odd ones summed out."""
        total = -sum(
            chains.layers[k] @ self.model.biases[k] for k in range(0, len(self.model.sizes), 2)
        )
        for fields in chains.fields(self.model).values():
            total = total - log_two_cosh(fields).sum(axis=1, dtype=np.float64)
        return np.asarray(total, dtype=np.float64)

    def data_means(
        self, batch: npt.NDArray[np.float32], drawn: npt.NDArray[Any] | None = None
    ) -> Arrays:
        """Means of all layers given what is known of the visible one: exact where that is all of it
        and one layer is hidden.

        Else each row has a chain: what is known is held, and entries 0, of which nothing is known,
        go on from ``drawn``. Hidden layers go on from the batch before.
        """
        rows = len(batch)
        chains, known = self._clamped_chains(rows), batch != 0
        if drawn is not None:
            chains.layers[0][:rows] = drawn
        np.copyto(chains.layers[0][:rows], batch, where=known)
        if len(self.model.sizes) > 2 or not known.all():
            held = np.ones(chains.layers[0].shape, bool)
            held[:rows] = known
            held = held[0] if known.all() else held
            self.advance(chains, self._clamped_steps, held=held, rows=rows)
        self._fields = {k: f.copy() for k, f in chains.fields(self.model, rows).items()}
        return chains.means(self.model, rows, fields=self._fields)

    def clamped(self, rows: int) -> npt.NDArray[np.float32]:
        """Layer 0 of the clamped chains."""
        assert self._clamped is not None
        return self._clamped.layers[0][:rows]

    def mean_field(self, visible: npt.NDArray[np.int8], num_iterations: int) -> MeanField:
        """Mean field of the hidden layers given layer 0; exact with one of them."""
        v, weight = visible.astype(np.float64), self.model.weights[0].astype(np.float64)
        given = v @ weight + self.model.biases[1]
        means, free = self._above(given, num_iterations)
        bias = self.model.biases[0].astype(np.float64)
        return MeanField(np.hstack(means), free - v @ bias, means[0] @ weight.T + bias)

    def _above(
        self, given: npt.NDArray[Any], num_iterations: int
    ) -> tuple[list[npt.NDArray[Any]], npt.NDArray[np.float64]]:
        """Means of the hidden layers by the fields of layer 0 on the first of them, and free
        energies without the biases of layer 0."""
        if len(self.model.weights) == 1:
            return [np.tanh(given)], -log_two_cosh(given).sum(axis=1, dtype=np.float64)
        weights = [w.astype(given.dtype, copy=False) for w in self.model.weights[1:]]
        biases = [b.astype(given.dtype, copy=False) for b in self.model.biases[2:]]
        own = np.hstack([given, *(np.broadcast_to(b, (len(given), b.size)) for b in biases)])
        ends = np.cumsum(self.model.sizes[1:])[:-1]

        def fields(means: npt.NDArray[Any]) -> npt.NDArray[Any]:
            layers, found = np.split(means, ends, axis=1), own.copy()
            parts = np.split(found, ends, axis=1)
            for k, weight in enumerate(weights):
                parts[k] += layers[k + 1] @ weight.T
                parts[k + 1] += layers[k] @ weight
            return found

        means = iterated(np.zeros_like(own), fields, num_iterations)
        inner = np.einsum("ij,ij->i", means, 0.5 * (fields(means) + own), dtype=np.float64)
        return np.split(means, ends, axis=1), -(inner + entropy(means.astype(np.float64)))

    def add_conditional(self, into: Arrays, batch: Labelled, factor: float) -> None:
        """Add ``factor`` times the gradient of ln p(label | features): exact with one hidden
        layer, in the mean field else."""
        split, depth = batch.features.shape[1], len(self.model.sizes)
        weight, bias = self.model.weights[0], self.model.biases[0][split:]
        given = batch.features @ weight[:split] + self.model.biases[1]
        found = [self._above(given + code @ weight[split:], ITERATIONS) for code in batch.codes]
        own = batch.codes @ bias
        excess = batch.excess(np.stack([free for _, free in found], axis=1) - own)
        shares = np.float32(factor) * excess
        into[0][split:] += shares.sum(axis=0) @ batch.codes
        onto = np.zeros_like(given)
        for code, (means, _), share in zip(batch.codes, found, shares.T, strict=True):
            weighted = [layer * share[:, None] for layer in means]
            for k, layer in enumerate(weighted):
                into[k + 1] += layer.sum(axis=0)
            into[depth][split:] += np.outer(code, weighted[0].sum(axis=0))
            for k, layer in enumerate(weighted[:-1]):
                into[depth + 1 + k] += layer.T @ means[k + 1]
            onto += weighted[0]
        into[depth][:split] += batch.features.T @ onto

    def add_gradient(self, into: Arrays, means: Arrays, factor: float) -> None:
        """Add ``factor`` times the correlations of these means to a list like the parameters."""
        share = factor / len(means[0])
        depth = len(means)
        for bias, layer in zip(into[:depth], means, strict=True):
            bias += np.float32(share) * layer.sum(axis=0)
        for k, (weight, (below, above)) in enumerate(
            zip(into[depth:], pairwise(means), strict=True)
        ):
            if k % 2 == 0:  # the even layers are spins
                add_correlations(weight, below, above, share)
            else:
                turned = np.zeros(weight.shape[::-1], np.float32)
                add_correlations(turned, above, below, share)
                weight += turned.T
