"""Chains of a layered network, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, integer
from pbit.kernels.layers.draw import BLOCK, Layer, Place, draw_layer
from pbit.kernels.layers.sums import pack
from pbit.kernels.random.ars import key_schedule
from pbit.machine import check_memory
from pbit.models.layered import Float32Array, LayeredModel
from pbit.samplers.layers.products import Weights, add_signed, room_for_bits, room_for_fields
from pbit.samplers.layers.rows import shared, spans
from pbit.samplers.layers.start import coins
from pbit.seeds import seed_or_fresh

_TO_BITS = 2.0 * np.log2(np.e)
_DRAW_NS = 1.5


class LayerChains:
    """States of many chains of a :class:`LayeredModel`, advanced by block Gibbs sampling.

    A step draws the odd layers given the even ones, then the even ones given the odd ones; layer 0
    is the visible one. Each draw is exact, so that a step is a sweep of a sequential Gibbs sampler
    in that order. The states are the caller's to read and to set; what a step returns depends on
    them, the seed and the number of steps done, not on threads nor on how many chains there are.

    Parameters
    ----------
    sizes : sequence of int
        Spins of each layer.
    num_chains : int
    seed : int, optional
    first_chain : int
        Number of the first chain: chains k..k+m of one object are chains 0..m of another that
        starts at k.
    steps_done : int
        Where in the random stream to go on.

    Attributes
    ----------
    layers : list of float32 arrays, shapes (num_chains, n_l)
        Spins -1.0 and +1.0; fair coins at first.
    steps_done : int

    Raises
    ------
    TypeError, ValueError, MemoryError

    Examples
    --------
    >>> model = LayeredModel([[0.0, 0.0], [0.0]], [[[5.0], [5.0]]])
    >>> chains = LayerChains(model.sizes, 4, seed=1)
    >>> chains.advance(model, 50)
    >>> bool((chains.layers[0][:, 0] == chains.layers[0][:, 1]).all())
    True
    """

    def __init__(
        self,
        sizes: Sequence[int],
        num_chains: int,
        *,
        seed: int | None = None,
        first_chain: int = 0,
        steps_done: int = 0,
    ) -> None:
        self.sizes = tuple(integer("sizes", size, 1) for size in sizes)
        self.num_chains = integer("num_chains", num_chains, 1)
        self.first_chain = integer("first_chain", first_chain, 0, 2**32 - num_chains)
        self.steps_done = integer("steps_done", steps_done, 0)
        check_memory(
            8 * num_chains * sum(self.sizes),
            what=f"{num_chains} chains of {sum(self.sizes)} spins",
            lower="num_chains",
        )
        self.seed = seed_or_fresh(seed)
        self._keys = key_schedule(self.seed & 0xFFFFFFFF, self.seed >> 32)
        self._slots = _slots(self.sizes)
        self.layers = [
            coins((num_chains, size), slot=slot, first_chain=first_chain, seed=self.seed)
            for size, slot in zip(self.sizes, self._slots, strict=True)
        ]
        self._fields = [room_for_fields(num_chains, size) for size in self.sizes]
        self._bits = [room_for_bits(size, num_chains) for size in self.sizes]

    def advance(
        self,
        model: LayeredModel,
        steps: int,
        *,
        beta: float | npt.NDArray[np.floating] = 1.0,
        held: Mapping[int, npt.ArrayLike] | None = None,
        rows: int | None = None,
        fields: Mapping[int, Float32Array] | None = None,
    ) -> None:
        """Run the chains for so many steps.

        Parameters
        ----------
        model : LayeredModel
            Of these sizes.
        steps : int
        beta : float or array of shape (num_chains,)
            Inverse temperature, of all chains or of each.
        held : mapping of layer -> bool array of shape (n_l,) or (num_chains, n_l), optional
            True where a spin stays as it is.
        rows : int, optional
            Only the first so many chains; all by default.
        fields : mapping of layer -> float32 array of shape (rows, n_l), optional
            What :meth:`fields` gave of the even layers as they are, if that is known: the first
            step takes them and does not sum anew.

        Raises
        ------
        ValueError
            A model of other sizes, a mask of another shape, a beta below 0 or NaN.
        """
        self._check(model)
        rows = self.num_chains if rows is None else integer("rows", rows, 1, self.num_chains)
        scales, masks = self._scales(beta), self._masks(held or {})
        drawn = [k for k in _order(self.sizes) if not (len(masks[k]) and masks[k].all())]
        self._pack(rows)
        known = fields or {}
        for _ in range(integer("steps", steps, 0)):
            for layer in drawn:
                if layer not in known:
                    self._field(model, layer, rows)
                self._draw(self._given(model, layer, known), rows, (scales, masks), layer)
            known = {}
            self.steps_done += 1

    def fields(self, model: LayeredModel, rows: int | None = None) -> dict[int, Float32Array]:
        """Fields on the odd layers, biases included: layer -> float32 (rows, n_l); overwritten
        later on."""
        self._check(model)
        rows = self.num_chains if rows is None else rows
        self._pack(rows, range(0, len(self.sizes), 2))
        found = {}
        for layer in range(1, len(self.sizes), 2):
            self._field(model, layer, rows)
            found[layer] = self._fields[layer][:rows, : self.sizes[layer]]
            found[layer] += model.biases[layer]
        return found

    def means(
        self,
        model: LayeredModel,
        rows: int | None = None,
        *,
        fields: Mapping[int, Float32Array] | None = None,
    ) -> list[Float32Array]:
        """Spins of the even layers, and the odd layers' means given them: (rows, n_l) each.

        The mean of a product of neighbours is that of these, with less variance than of the spins
        alone (Rao and Blackwell). The spins are the chains' own; ``fields`` as of :meth:`advance`.
        """
        means = [spins[:rows] for spins in self.layers]
        for layer, given in (fields or self.fields(model, rows)).items():
            means[layer] = np.tanh(given)
        return means

    def states(self) -> npt.NDArray[np.int8]:
        """Spins of all layers, int8 (num_chains, num_spins)."""
        return np.concatenate(self.layers, axis=1).astype(np.int8)

    def put(self, states: npt.NDArray[Any]) -> None:
        """Set all spins, (num_chains, num_spins) of -1 and +1."""
        ends = np.cumsum(self.sizes)
        for layer, part in zip(self.layers, np.split(states, ends[:-1], axis=1), strict=True):
            layer[...] = part

    def take(self, order: npt.NDArray[np.int64]) -> None:
        """Let chain k go on from the state of chain order[k]."""
        for layer in self.layers:
            layer[...] = layer[order]

    def _pack(self, rows: int, layers: Sequence[int] | None = None) -> None:
        """Bits of the states as they are, of all layers by default."""
        for layer in range(len(self.sizes)) if layers is None else layers:
            pack(self.layers[layer], self._bits[layer], (0, rows))

    def _field(self, model: LayeredModel, layer: int, rows: int) -> None:
        """Fields on a layer, without its bias, from the bits of those beside it."""
        sides = []
        if layer:
            sides.append((self._bits[layer - 1], Weights(model.weights[layer - 1])))
        if layer < len(model.weights):
            sides.append((self._bits[layer + 1], Weights(model.weights[layer], is_turned=True)))
        for k, (bits, weights) in enumerate(sides):
            add_signed(self._fields[layer], bits, weights, rows=rows, plus=k > 0)

    def _given(
        self, model: LayeredModel, layer: int, known: Mapping[int, Float32Array]
    ) -> tuple[Float32Array, Float32Array]:
        """Fields on a layer without its bias, and the bias; those that are known include it."""
        bias = model.biases[layer]
        if layer in known:
            return np.ascontiguousarray(known[layer]), np.zeros_like(bias)
        return self._fields[layer], bias

    def _draw(
        self,
        given: tuple[Float32Array, Float32Array],
        rows: int,
        how: tuple[Float32Array, list[npt.NDArray[np.uint8]]],
        layer: int,
    ) -> None:
        """Draw a layer from its fields and bias; ``how``: scales of the chains, all masks."""
        spins, bits = self.layers[layer], self._bits[layer]
        what = Layer(*given, spins, how[0], how[1][layer])
        place = Place(self._slots[layer], self.steps_done, self.first_chain)

        def work(span: tuple[int, int]) -> None:
            draw_layer(what, place, self._keys, np.empty(BLOCK, np.uint32), span)
            pack(spins, bits, span)

        shared(work, spans(rows, rows * self.sizes[layer] * _DRAW_NS))

    def _check(self, model: LayeredModel) -> None:
        if model.sizes != self.sizes:
            raise ArgumentError("model", f"must have layers of sizes {self.sizes}", model.sizes)

    def _scales(self, beta: float | npt.NDArray[np.floating]) -> Float32Array:
        betas = np.asarray(beta, dtype=np.float64)
        if betas.shape not in ((), (self.num_chains,)) or not (betas >= 0).all():
            raise ArgumentError(
                "beta", f"must be >= 0, one number or one for each of {self.num_chains} chains",
                beta,
            )  # fmt: skip
        scales = np.minimum(betas * _TO_BITS, 1e30)
        return np.ascontiguousarray(np.broadcast_to(scales, self.num_chains), dtype=np.float32)

    def _masks(self, held: Mapping[int, npt.ArrayLike]) -> list[npt.NDArray[np.uint8]]:
        masks = [np.zeros((0, size), np.uint8) for size in self.sizes]
        for layer, mask in held.items():
            masks[layer] = self._mask(layer, np.asarray(mask))
        return masks

    def _mask(self, layer: int, mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint8]:
        size = self.sizes[layer]
        if mask.dtype != np.bool_ or mask.shape not in ((size,), (self.num_chains, size)):
            raise ArgumentError(
                "held", f"must be a mask of shape ({size},) or ({self.num_chains}, {size})",
                got=f"{mask.dtype} of shape {mask.shape}",
            )  # fmt: skip
        return np.ascontiguousarray(np.atleast_2d(mask)).view(np.uint8)


def _order(sizes: Sequence[int]) -> list[int]:
    """Layers in the order of a step: the odd ones, which the even ones hold apart, then these."""
    return [*range(1, len(sizes), 2), *range(0, len(sizes), 2)]


def _slots(sizes: Sequence[int]) -> list[int]:
    """First slot of each layer in the random stream: in the order of a step, multiples of 4."""
    slots, free = [0] * len(sizes), 0
    for layer in _order(sizes):
        slots[layer] = free
        free += -(-sizes[layer] // 4) * 4
    return slots
