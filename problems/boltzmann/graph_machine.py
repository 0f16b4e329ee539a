"""Machines on any graph: parameters by p-bit and coupling, states from the project's kernels."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.checks import integer
from pbit.kernels.layers.correlations import add_correlations
from pbit.models.ising import IsingModel
from pbit.problems.boltzmann.chain_state import ClampedChains
from pbit.problems.boltzmann.gradient import Arrays
from pbit.problems.boltzmann.graph_fields import BLOCK, GraphFields
from pbit.problems.boltzmann.labelled import Labelled
from pbit.problems.boltzmann.mean_field import MeanField
from pbit.problems.boltzmann.seating import Seating
from pbit.run.program import Program
from pbit.schedules.schedule import Schedule
from pbit.seeds import seed_of

_KEPT = 64  # programs, one for each mask


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
        """Mean field of the hidden p-bits given the visible ones, in float32; exact where these
        hold the hidden ones apart."""
        network = self._fields.network(self.h, self.couplings)
        hidden = np.empty((len(visible), self.layout.hidden.size))
        free, down = np.empty(len(visible)), np.empty(visible.shape)
        for rows in _blocks(len(visible)):
            found = self._fields.settled(network, visible[rows], num_iterations)
            count = found.free_energies.size
            hidden[rows] = found.means[self._fields.hidden, :count].T
            down[rows] = found.fields[self._fields.visible, :count].T
            free[rows] = found.free_energies
        return MeanField(hidden, free, down)

    def add_conditional(self, into: Arrays, batch: Labelled, factor: float) -> None:
        """Add ``factor`` times the gradient of ln p(label | features), in the mean field of
        ``clamped_steps`` sweeps."""
        network = self._fields.network(self.h, self.couplings)
        for rows in _blocks(len(batch.features)):
            part = batch.rows(rows)
            found = [
                self._fields.settled(network, states, self._clamped_steps)
                for states in part.by_class()
            ]
            excess = part.excess(np.stack([one.free_energies for one in found], axis=1))
            share = factor * part.truth.size / len(batch.features)
            for one, weights in zip(found, excess.T, strict=True):
                self._fields.add_correlations(into, one.means, np.float32(share) * weights)

    def add_gradient(self, into: Arrays, means: Arrays, factor: float) -> None:
        """Add ``factor`` times the correlations of these states."""
        states = np.asarray(means[0], dtype=np.int8)
        into[0] += np.float32(factor) * states.mean(axis=0, dtype=np.float32)
        add_correlations(states, self.layout.edges, into[1], factor)

    @cached_property
    def _fields(self) -> GraphFields:
        return GraphFields(self.layout)

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


def _blocks(count: int) -> Iterator[slice]:
    """Rows whose mean fields are found side by side."""
    return (slice(first, first + BLOCK) for first in range(0, count, BLOCK))
