"""Machines on any graph: parameters by p-bit and coupling, states from the project's kernels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, integer
from pbit.kernels.layers.correlations import add_correlations
from pbit.models.ising import IsingModel
from pbit.problems.boltzmann.chain_state import ClampedChains
from pbit.problems.boltzmann.gradient import Arrays
from pbit.problems.boltzmann.mean_field import MeanField, entropy, iterated
from pbit.run.program import Program
from pbit.schedules.schedule import Schedule
from pbit.seeds import seed_of

_KEPT = 64  # programs, one for each mask


@dataclass(frozen=True, eq=False)
class Seating(ByValue):
    """A graph of p-bits and which of them hold the data, labels behind the features.

    Parameters
    ----------
    num_spins : int
    edges : int64, shape (2, num_edges)
        Pairs of p-bits, each once, the smaller number first, sorted.
    visible : int64, shape (num_visible,)
        P-bit of each visible unit; the others are hidden.
    """

    num_spins: int
    edges: npt.NDArray[np.int64]
    visible: npt.NDArray[np.int64]

    @classmethod
    def of(cls, num_spins: int, edges: npt.ArrayLike, visible: npt.ArrayLike) -> Seating:
        """Checked, edges in order.

        Raises
        ------
        ValueError
            Edges that repeat or end nowhere, loops, a p-bit that is visible twice.
        """
        pairs = np.sort(np.asarray(edges, dtype=np.int64).reshape(2, -1), axis=0)
        seats = np.asarray(visible, dtype=np.int64)
        for name, numbers in (("edges", pairs), ("visible", seats)):
            if numbers.size and not 0 <= numbers.min() <= numbers.max() < num_spins:
                raise ArgumentError(name, f"must lie in 0..{num_spins - 1}", numbers.max())
        if (pairs[0] == pairs[1]).any():
            raise ArgumentError("edges", "must join two p-bits", "a loop")
        if np.unique(seats).size != seats.size:
            raise ArgumentError("visible", "must name p-bits once", "one twice")
        if np.unique(pairs, axis=1).shape[1] != pairs.shape[1]:
            raise ArgumentError("edges", "must be given once each", "one twice")
        return cls(num_spins, pairs[:, np.lexsort(pairs[::-1])], seats)

    @cached_property
    def hidden(self) -> npt.NDArray[np.int64]:
        """The other p-bits."""
        return np.setdiff1d(np.arange(self.num_spins), self.visible)


class GraphChains:
    """States of many chains, int8 (num_chains, n)."""

    def __init__(self, num_spins: int, count: int, seed: int) -> None:
        self.seed, self.steps_done = seed, 0
        rng = np.random.default_rng(seed)
        self.spins = (2 * rng.integers(0, 2, (count, num_spins), dtype=np.int8) - 1).astype(np.int8)

    @property
    def num_chains(self) -> int:
        """Number of chains."""
        return len(self.spins)

    def states(self) -> npt.NDArray[np.int8]:
        """Spins of all chains."""
        return self.spins

    def put(self, states: npt.NDArray[Any]) -> None:
        """Set all spins."""
        self.spins[...] = states

    def take(self, order: npt.NDArray[np.int64]) -> None:
        """Let chain k go on from the state of chain order[k]."""
        self.spins = self.spins[order]


class GraphMachine(ClampedChains[GraphChains]):
    """A network of p-bits on a graph that learns in place.

    Attributes
    ----------
    layout : Seating
    h, couplings : float32, shapes (n,) and (num_edges,)
    """

    def __init__(
        self,
        layout: Seating,
        *,
        seed: int,
        scale: float = 0.01,
        clamped_steps: int = 10,
        hardware: Any = None,
    ) -> None:
        self.layout = layout
        self._hardware = hardware
        self._clamped_steps = integer("clamped_steps", clamped_steps, 1)
        super().__init__(seed)
        rng = np.random.default_rng(seed)
        self.h = np.zeros(layout.num_spins, np.float32)
        weights = rng.normal(scale=scale, size=(layout.edges.shape[1],))
        self.couplings = weights.astype(np.float32)
        self._programs: dict[bytes, Program] = {}

    @property
    def parameters(self) -> Arrays:
        """Biases, then couplings."""
        return [self.h, self.couplings]

    @property
    def weights(self) -> Arrays:
        """What decays."""
        return [self.couplings]

    @property
    def model(self) -> IsingModel:
        """The energy function as it is now."""
        first, second = self.layout.edges
        weights = self.couplings.astype(np.float64)
        return IsingModel.from_edges(first, second, weights, h=self.h.astype(np.float64))

    def chains(self, count: int, *, seed: int) -> GraphChains:
        """Free chains from fair coins."""
        return GraphChains(self.layout.num_spins, count, seed)

    def start(self, chains: GraphChains, batch: npt.NDArray[np.float32]) -> None:
        """Put data into the visible p-bits of the first chains."""
        chains.spins[: len(batch), self.layout.visible] = batch

    def reconstruct(self, chains: GraphChains, rows: int, steps: int) -> None:
        """Run the first chains from the clamped states."""
        chains.spins[:rows] = self._clamped_chains(rows).spins[:rows]
        self.advance(chains, steps, rows=rows)

    def visible(self, chains: GraphChains) -> npt.NDArray[np.int8]:
        """Spins of the visible p-bits, a copy."""
        return chains.spins[:, self.layout.visible]

    def visible_means(self, chains: GraphChains) -> npt.NDArray[np.int8]:
        """The spins: a chip's own answers, too."""
        return self.visible(chains)

    def advance(
        self,
        chains: GraphChains,
        steps: int,
        *,
        rows: int | None = None,
        beta: Any = 1.0,
        held: npt.NDArray[np.bool_] | None = None,
    ) -> None:
        """Run the first ``rows`` chains, all by default; visible p-bits stay where ``held``."""
        count = len(chains.spins[:rows])
        betas = np.broadcast_to(np.asarray(beta, dtype=np.float64), count)
        for mask, which in _by_mask(held, count):
            self._run(chains, which, steps, (betas[which], mask))
        chains.steps_done += 1

    def _run(
        self, chains: GraphChains, which: Any, steps: int, how: tuple[npt.NDArray[Any], Any]
    ) -> None:
        betas, mask = how
        columns = betas[:1] if (betas == betas[0]).all() else betas
        reads = self._program(mask).run(
            Schedule(np.broadcast_to(columns, (steps, columns.size))),
            num_reads=betas.size,
            initial_spins=chains.spins[which],
            seed=seed_of(chains.seed, chains.steps_done),
            first_read=0 if isinstance(which, slice) else int(which[0]),
        )
        chains.spins[which] = reads.spins

    def means(self, chains: GraphChains, rows: int | None = None) -> Arrays:
        """The states themselves."""
        return [chains.spins[:rows]]  # type: ignore[list-item]

    def data_means(
        self, batch: npt.NDArray[np.float32], drawn: npt.NDArray[Any] | None = None
    ) -> Arrays:
        """States whose visible p-bits are held at data, one a row; where nothing is hidden, these.

        The hidden ones go on from the batch before: they are near their law already. Entries 0, of
        which nothing is known, are free and go on from ``drawn``.
        """
        chains, known = self._clamped_chains(len(batch)), batch != 0
        drawn = self.clamped(len(batch)) if drawn is None else drawn
        self.start(chains, np.where(known, batch, drawn))
        if self.layout.hidden.size or not known.all():
            held = self._all if known.all() else known
            self.advance(chains, self._clamped_steps, rows=len(batch), held=held)
        return self.means(chains, len(batch))

    def clamped(self, rows: int) -> npt.NDArray[np.int8]:
        """Visible p-bits of the clamped chains."""
        assert self._clamped is not None
        return self._clamped.spins[:rows][:, self.layout.visible]

    def energies(self, chains: GraphChains) -> npt.NDArray[np.float64]:
        """Energy of each chain's state."""
        return np.asarray(self.model.energy(chains.spins))

    free_energies = energies

    def mean_field(self, visible: npt.NDArray[np.int8], num_iterations: int) -> MeanField:
        """Mean field of the hidden p-bits given the visible ones; exact where these hold the
        hidden ones apart."""
        model, seats, others = self.model, self.layout.visible, self.layout.hidden
        v = visible.astype(np.float64)
        J = model.J.tocsr()
        among, between = J[others][:, others], J[others][:, seats]
        given = (between @ v.T).T + model.h[others]

        def fields(means: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
            return np.asarray((among @ means.T).T + given)

        hidden = iterated(np.zeros((len(v), others.size)), fields, num_iterations)
        own = (J[seats][:, seats] @ v.T).T
        down = (between.T @ hidden.T).T + own + model.h[seats]
        inner = np.einsum("ij,ij->i", hidden, 0.5 * (fields(hidden) + given))
        across = np.einsum("ij,ij->i", v, 0.5 * own + model.h[seats])
        return MeanField(hidden, -(inner + across + entropy(hidden)), down)

    def add_gradient(self, into: Arrays, means: Arrays, factor: float) -> None:
        """Add ``factor`` times the correlations of these states."""
        states = np.asarray(means[0], dtype=np.int8)
        into[0] += np.float32(factor) * states.mean(axis=0, dtype=np.float32)
        add_correlations(states, self.layout.edges, into[1], factor)

    @cached_property
    def _all(self) -> npt.NDArray[np.bool_]:
        return np.ones(self.layout.visible.size, bool)

    def _program(self, mask: npt.NDArray[np.bool_] | None) -> Program:
        """The network programmed with the weights as they are; visible p-bits held by a mask."""
        key = b"" if mask is None else mask.tobytes()
        if key not in self._programs:
            if len(self._programs) >= _KEPT:
                self._programs.clear()
            held = None if mask is None else self._held(mask)
            self._programs[key] = Program.compile(self._pattern, held=held, hardware=self._hardware)
        h, couplings = self._programmed()
        return self._programs[key].with_weights(h=h, weights=couplings)

    def _programmed(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Biases and couplings as the chip is told them."""
        return self.h.astype(np.float64), self.couplings.astype(np.float64)

    @cached_property
    def _pattern(self) -> IsingModel:
        """The graph with couplings none of which is left out for being 0 at the moment."""
        first, second = self.layout.edges
        ones = np.ones(self.couplings.size)
        return IsingModel.from_edges(first, second, ones, num_spins=self.layout.num_spins)

    def _held(self, mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        held = np.zeros(self.layout.num_spins, bool)
        held[self.layout.visible] = mask
        return held


def _by_mask(
    held: npt.NDArray[np.bool_] | None, count: int
) -> Iterator[tuple[npt.NDArray[np.bool_] | None, Any]]:
    """Chains that have the same p-bits held, mask by mask."""
    if held is None or held.ndim == 1:
        yield held, slice(count)
        return
    masks, group = np.unique(held[:count], axis=0, return_inverse=True)
    for k, mask in enumerate(masks):
        yield mask, (slice(count) if len(masks) == 1 else np.flatnonzero(group.ravel() == k))
