"""Directed couplings: a network of p-bits that has update rules but no energy."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pbit.by_value import ByValue
from pbit.checks import integer
from pbit.models.ising import IsingModel, as_csr, check_couplings, checked_states
from pbit.models.labels import FloatArray, Labels, check_labels
from pbit.models.numbers import as_floats, check_energies


@dataclass(frozen=True, eq=False)
class DirectedModel(ByValue):
    r"""Network whose couplings need not be symmetric: ``I_i = sum_j J_ij s_j + h_i``.

    ``J[i, j]`` is what spin j does to spin i. Spin i is +1 with probability
    :math:`\sigma(2 \beta I_i)` when its turn comes; there is no energy, and what the network
    samples depends on the order of the updates. In a network without cycles whose spins come after
    their parents, one sequential sweep is an exact draw: a Bayesian network, a directed adder.

    Parameters
    ----------
    h : float64, shape (n,)
        Biases.
    J : scipy sparse array, numpy array or nested lists, shape (n, n)
        Couplings with an empty diagonal, row: the spin that feels it; stored as CSR.
    labels : sequence of n distinct hashables, optional
        ``range(n)`` by default.

    Raises
    ------
    ValueError
        J not square, a diagonal entry, NaN or infinity, sizes that disagree, labels that repeat.

    References
    ----------
    Camsari, Faria, Sutton, Datta, Phys. Rev. X 7, 031014 (2017), which uses directed couplings
    for adders.

    Examples
    --------
    >>> copy = DirectedModel.from_edges(["a"], ["b"], [9.0], labels=["a", "b"])
    >>> copy.field([1, -1]).tolist()
    [0.0, 9.0]
    """

    h: FloatArray
    J: sparse.csr_array
    labels: Labels = field(default=())

    offset = 0.0

    def __post_init__(self) -> None:
        h = as_floats("h", self.h, ndmin=1)
        J = as_csr(self.J)
        labels = self.labels if len(check_labels(self.labels)) else range(h.size)
        check_couplings(h, J, labels)
        check_energies(J.data, h)
        for name, value in (("h", h), ("J", J), ("labels", labels)):
            object.__setattr__(self, name, value)

    @classmethod
    def from_edges(
        cls,
        sources: Any,
        targets: Any,
        weights: npt.ArrayLike,
        *,
        h: npt.ArrayLike | None = None,
        num_spins: int | None = None,
        labels: Labels = (),
    ) -> DirectedModel:
        """Network in which spin ``sources[k]`` acts on ``targets[k]`` with ``weights[k]``.

        Sources and targets are labels where ``labels`` is given, else indices from 0; equal edges
        add up.

        Raises
        ------
        ValueError
            A label or index that does not exist, NaN or infinity.
        """
        check_labels(labels)
        i, j = _indices(targets, labels), _indices(sources, labels)
        last = int(max(i.max(initial=-1), j.max(initial=-1)))
        sizes = [len(labels)] if len(labels) else []
        sizes += [np.size(h)] if h is not None else []
        n = sizes[0] if sizes else last + 1
        if num_spins is not None:
            n = integer("num_spins", num_spins, 0)
        w = as_floats("weights", weights)
        if not i.shape == j.shape == w.shape:
            raise ValueError(
                "sources, targets and weights must have one length, got "
                f"{i.shape}, {j.shape} and {w.shape}"
            )
        if last >= n or min(i.min(initial=0), j.min(initial=0)) < 0:
            bad = last if last >= n else min(i.min(initial=0), j.min(initial=0))
            raise ValueError(f"spin index {bad} is out of range: indices go from 0 to {n - 1}")
        J = sparse.coo_array((w, (i, j)), shape=(n, n))
        return cls(np.zeros(n) if h is None else h, J.tocsr(), labels)  # type: ignore[arg-type]

    @classmethod
    def from_ising_model(cls, model: IsingModel) -> DirectedModel:
        """The same fields in both directions; the energy is forgotten."""
        return cls(model.h, model.J, model.labels)

    @property
    def num_spins(self) -> int:
        """Number of spins n."""
        return int(self.h.size)

    def field(self, spins: npt.ArrayLike) -> FloatArray:
        """Field ``I = J s + h``, shape (..., n), for spins of shape (..., n)."""
        s = checked_states(spins, self.num_spins)
        flat = s.reshape(int(np.prod(s.shape[:-1])), self.num_spins)
        fields: FloatArray = (self.J @ flat.T).T + self.h
        return fields.reshape(s.shape)


def _indices(names: Any, labels: Labels) -> npt.NDArray[np.int64]:
    if not len(labels):
        array = np.asarray(names)
        if array.size and not np.issubdtype(array.dtype, np.integer):
            raise ValueError(f"spin indices must be integers, got dtype {array.dtype}")
        return array.astype(np.int64)
    position: dict[Hashable, int] = {label: k for k, label in enumerate(labels)}
    missing = [name for name in names if name not in position]
    if missing:
        raise ValueError(f"no spin is called {missing[0]!r}; add it to labels")
    return np.array([position[name] for name in names], dtype=np.int64)
