"""Networks of layers: spins couple to all of the layers beside their own and to nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.models.ising import checked_states

if TYPE_CHECKING:
    from pbit.models.ising import IsingModel

Float32Array = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class LayeredModel(ByValue):
    r"""Energy function of layers of spins: the restricted (two layers) and deep Boltzmann machines.

    .. math:: E(s) = -\sum_l b_l \cdot s_l - \sum_l s_l^T W_l s_{l+1}, \qquad s_i \in \{-1, +1\}

    the same sign and factors as :class:`pbit.IsingModel`, whose J it is with empty blocks left out.

    Parameters
    ----------
    biases : sequence of float arrays, shapes (n_l,)
        One a layer, at least two; kept as float32.
    weights : sequence of float arrays, shapes (n_l, n_{l+1})
        Couplings of each layer to the next; W > 0 ferromagnetic; kept as float32.

    Raises
    ------
    ValueError
        Sizes that disagree, NaN or infinity.

    References
    ----------
    Salakhutdinov, Hinton, AISTATS 12, 448 (2009), eq. 9 (there with bits).

    Examples
    --------
    >>> model = LayeredModel([[0.0, 0.0], [0.5]], [[[1.0], [-1.0]]])
    >>> model.energy([[1, -1, 1], [1, 1, -1]]).tolist()
    [-2.5, 0.5]
    """

    biases: tuple[Float32Array, ...]
    weights: tuple[Float32Array, ...]

    def __post_init__(self) -> None:
        biases, weights = _as_floats("biases", self.biases), _as_floats("weights", self.weights)
        _check_shapes(biases, weights)
        object.__setattr__(self, "biases", biases)
        object.__setattr__(self, "weights", weights)

    @classmethod
    def of(cls, biases: Sequence[npt.ArrayLike], weights: Sequence[npt.ArrayLike]) -> LayeredModel:
        """The same from lists of anything that is an array."""
        return cls(_as_floats("biases", biases), _as_floats("weights", weights))

    @property
    def sizes(self) -> tuple[int, ...]:
        """Number of spins of each layer."""
        return tuple(bias.size for bias in self.biases)

    @property
    def num_spins(self) -> int:
        """Number of spins of all layers."""
        return sum(self.sizes)

    def split(self, spins: npt.NDArray[Any]) -> list[npt.NDArray[Any]]:
        """Columns of each layer, of an array of shape (..., num_spins)."""
        return np.split(spins, np.cumsum(self.sizes)[:-1], axis=-1)

    def energy(self, spins: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Energy of each state.

        Parameters
        ----------
        spins : array of -1 and +1, shape (..., num_spins)
            Layer after layer.

        Returns
        -------
        float64, shape (...)
        """
        layers = self.split(checked_states(spins, self.num_spins).astype(np.float64))
        total = sum(
            s @ bias.astype(np.float64) for s, bias in zip(layers, self.biases, strict=True)
        )
        for below, above, weight in zip(layers[:-1], layers[1:], self.weights, strict=True):
            total = total + np.einsum("...i,...i->...", below @ weight.astype(np.float64), above)
        return np.asarray(-total)

    def to_ising(self) -> IsingModel:
        """The same energies as an :class:`pbit.IsingModel`, layer after layer."""
        from pbit.models.ising import IsingModel

        offsets = np.concatenate([[0], np.cumsum(self.sizes)])
        blocks = [sparse.coo_array(weight) for weight in self.weights]
        return IsingModel.from_edges(
            np.concatenate([b.coords[0] + offsets[k] for k, b in enumerate(blocks)]),
            np.concatenate([b.coords[1] + offsets[k + 1] for k, b in enumerate(blocks)]),
            np.concatenate([b.data for b in blocks]).astype(np.float64),
            h=np.concatenate(self.biases).astype(np.float64),
        )


def _as_floats(name: str, arrays: Sequence[npt.ArrayLike]) -> tuple[Float32Array, ...]:
    """Float32 and contiguous; arrays that are so already are kept, not copied."""
    with np.errstate(over="ignore"):  # seen below
        found = tuple(np.ascontiguousarray(array, dtype=np.float32) for array in arrays)
    for k, array in enumerate(found):
        if not np.isfinite(array).all():
            raise ArgumentError(name, "must be finite in float32", got=f"NaN or infinity in {k}")
    return found


def _check_shapes(biases: Sequence[Float32Array], weights: Sequence[Float32Array]) -> None:
    if len(biases) < 2 or any(bias.ndim != 1 for bias in biases):
        raise ArgumentError(
            "biases", "must be a vector for each of two layers or more",
            got=f"shapes {[bias.shape for bias in biases]}",
        )  # fmt: skip
    wanted = [(a.size, b.size) for a, b in pairwise(biases)]
    if [weight.shape for weight in weights] != wanted:
        raise ArgumentError(
            "weights", f"must have shapes {wanted}", got=str([w.shape for w in weights])
        )
