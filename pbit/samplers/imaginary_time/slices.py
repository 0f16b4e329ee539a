"""A model's slices of imaginary time as bits of words, and the pieces that they are run in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, integer
from pbit.engines.bit_model import BitModel
from pbit.kernels.imaginary_time.layout import Layout
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray, SpinArray
from pbit.models.taking import energetic

_MOST_REPLICAS = 2**20
_BLOCKS = (1, 2, 4)  # of 128 lanes, that are updated together
_SMALL_UPDATES = 2**24  # less than it costs to start a thread


@dataclass(frozen=True, eq=False)
class Piece(ByValue):
    """Reads ``first`` to ``first + wanted``, the ``lead``-th and later ones of their blocks."""

    first: int
    wanted: int
    lead: int
    words: int
    beat: FloatArray = field(default_factory=lambda: np.array([0.0, np.inf]))

    @property
    def last(self) -> int:
        """The read after the last one."""
        return self.first + self.wanted


@dataclass(frozen=True, eq=False)
class Slices(ByValue):
    """R slices of a model, coupled in imaginary time.

    .. math:: P(m) \\propto \\exp\\{\\tfrac{\\beta}{R} \\sum_k [\\sum_{i<j} J_{ij} m_{ik} m_{jk}
        + \\sum_i h_i m_{ik}] + K \\sum_{ik} m_{ik} m_{i,k+1}\\}, \\quad
        K = -\\tfrac12 \\ln\\tanh(\\beta\\Gamma / R)
    """

    bits: BitModel
    num_spins: int
    replicas: int
    layout: Layout

    @classmethod
    def of(cls, model: Any, replicas: int) -> tuple[IsingModel, Slices]:
        """The model as an Ising model, and its slices.

        Raises
        ------
        TypeError, ValueError
            Terms of more than two spins, weights that are no small whole multiples of one unit,
            ``replicas`` < 1.
        """
        model = energetic(model, to="put into imaginary time")
        if not isinstance(model, IsingModel):
            raise TypeError(
                f"slices need an IsingModel, got {type(model).__name__}; reduce its terms to pairs"
            )
        count = integer("replicas", replicas, 1, _MOST_REPLICAS)
        bits = BitModel.of(model)
        if bits is None:
            raise ArgumentError(
                "model",
                "must have weights that are small whole multiples of one unit for slices",
                remedy="worldlines take any weights",
            )
        return model, cls(bits, model.num_spins, count, Layout.of(count))

    @property
    def num_pbits(self) -> int:
        """n R."""
        return self.num_spins * self.replicas

    def toy(self) -> Slices:
        """A single free spin, which compiles the same kernels."""
        return replace(self, bits=self.bits.toy(), num_spins=1)

    def scales(self, betas: FloatArray) -> FloatArray:
        """``2 b unit``, b = beta / R."""
        return self.bits.scales(betas / self.replicas)

    def bonds(self, betas: FloatArray, gammas: FloatArray) -> FloatArray:
        """4 K; a single slice is its own neighbour, which is no bond."""
        if self.replicas == 1:
            return np.zeros(len(betas))
        return -2 * np.log(np.tanh(betas * gammas / self.replicas))

    def edges(self, words: int) -> Any:
        """The model as kernels want it."""
        from pbit.kernels.sweeps.bitsliced import Edges

        bits = self.bits
        lists = (bits.edges, bits.forward, bits.start, bits.odd, bits.total, bits.flush_every)
        return Edges(*lists, bits.shapes(words))

    def pieces(self, first: int, num_reads: int, threads: int) -> Iterator[Piece]:
        """Reads in pieces that fill the words and keep the threads busy."""
        grain = self.layout.reads
        share = -(-num_reads // threads)
        blocks = next((b for b in _BLOCKS if b * grain >= share), _BLOCKS[-1])
        last = first + num_reads
        while first < last:
            lead = first % grain
            end = min(last, first - lead + blocks * grain)
            yield Piece(first, end - first, lead, 2 * blocks)
            first = end

    def is_small(self, num_sweeps: int, num_reads: int) -> bool:
        """Whether starting threads would cost as much as the work."""
        return self.num_pbits * num_sweeps * num_reads < _SMALL_UPDATES

    def begin(self, piece: Piece, key: tuple[Any, Any], initial: SpinArray | None) -> Any:
        """Grid and words of a piece at its start: ``initial`` (wanted, R, n), or fair coins."""
        from pbit.kernels.imaginary_time.slices import Grid

        inside = (piece.lead, piece.lead + piece.wanted)
        grid = Grid.of(self.layout, self.num_spins, piece.words, inside)
        words = grid.words()
        slices = self._coins(piece, key) if initial is None else initial
        self.layout.pack(slices, piece.lead, words)
        return grid, words

    def _coins(self, piece: Piece, key: tuple[Any, Any]) -> SpinArray:
        from pbit.kernels.sweeps.gibbs import random_spins

        spins = np.empty((self.num_pbits, piece.wanted), np.int8)
        random_spins(spins, np.uint64(piece.first), *(np.uint64(word) for word in key))
        return spins.reshape(self.num_spins, self.replicas, piece.wanted).transpose(2, 1, 0)

    def states(self, words: Any, piece: Piece) -> SpinArray:
        """int8 (wanted, R, n)."""
        used = words[: self.num_spins * self.layout.rows]
        return self.layout.unpack(used, piece.lead, piece.wanted)

    def by_slice(self, values: Any, grid: Any, wanted: int) -> Any:
        """What there is of each row and lane (P, 64 V), as (wanted, R)."""
        chosen = np.flatnonzero(grid.reads >= 0)
        lanes = values[:, chosen].T.reshape(wanted, self.layout.lanes, self.layout.rows)
        return lanes.reshape(wanted, self.replicas)
