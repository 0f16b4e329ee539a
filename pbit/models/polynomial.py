"""The higher-order model: products of any number of spins, in the sign of the Ising model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.models.incidence import Incidence, incidence_of
from pbit.models.ising import IsingModel, checked_states
from pbit.models.labels import FloatArray, Labels
from pbit.models.numbers import check_energies
from pbit.models.term_checks import (
    MAX_SPINS,
    check_indices,
    check_labels,
    checked_terms,
    flattened,
    indices_of,
)
from pbit.models.terms import IntArray, MemberArray, Terms, bodies, canonical, pointers_of, products

if TYPE_CHECKING:
    import dimod

_BLOCK = 2**22
_SHOWN_MEMBERS = 8


@dataclass(frozen=True, eq=False)
class PolynomialModel(ByValue):
    r"""Energy function of n spins with products of any length.

    .. math:: E(s) = -\sum_T w_T \prod_{i \in T} s_i + \mathrm{offset}, \qquad s_i \in \{-1, +1\}

    A term of one body is a bias ``h = w``, one of two bodies a coupling ``J = w``, ferromagnetic
    where positive. The field is ``f_i = sum_{T with i} w_T prod_{j in T, j != i} s_j``: a flip of
    spin i costs ``2 s_i f_i``, and a p-bit is +1 with probability ``sigma(2 beta f_i)``.

    Terms are stored sorted by size, then by members. Members are sorted, a square is 1, equal
    terms are added, zeros dropped, and the empty product goes to the offset.

    Parameters
    ----------
    pointers : int64, shape (m + 1,)
        Term t has the members ``members[pointers[t]:pointers[t + 1]]``.
    members : int32, shape (pointers[m],)
        Spin indices from 0.
    weights : float64, shape (m,)
    offset : float
        Constant added to every energy.
    labels : sequence of n distinct hashables, optional
        Names of the spins, which also say how many there are; by default ``range(n)`` with n the
        largest index + 1.

    Raises
    ------
    ValueError
        Pointers that do not fit, an index out of range, NaN or infinity, labels that repeat.

    References
    ----------
    Sejnowski, "Higher-order Boltzmann machines", AIP Conf. Proc. 151, 398 (1986).

    Examples
    --------
    >>> parity = PolynomialModel.from_terms({(0, 1, 2): 1.0})
    >>> parity.energy([[1, 1, 1], [1, 1, -1]]).tolist()
    [-1.0, 1.0]
    """

    pointers: IntArray
    members: MemberArray
    weights: FloatArray
    offset: float = 0.0
    labels: Labels = field(default=())

    def __post_init__(self) -> None:
        given = checked_terms(self.pointers, self.members, self.weights)
        last = int(given.members.max()) if given.members.size else -1
        labels = self.labels if len(self.labels) else range(last + 1)
        check_indices(given.members, len(labels))
        check_labels(labels)
        members = given.members.astype(np.int32)
        terms = canonical(given._replace(members=members), len(labels), square_is_one=True)
        offset = float(self.offset)
        if terms.pointers.size > 1 and terms.pointers[1] == 0:
            offset -= float(terms.weights[0])
            terms = Terms(terms.pointers[1:], terms.members, terms.weights[1:])
        for name, value in (("labels", labels), ("offset", offset), *terms._asdict().items()):
            object.__setattr__(self, name, value)
        self._check_finite()

    @classmethod
    def from_arrays(
        cls,
        pointers: npt.ArrayLike,
        members: npt.ArrayLike,
        weights: npt.ArrayLike,
        *,
        num_spins: int | None = None,
        offset: float = 0.0,
        labels: Labels = (),
    ) -> PolynomialModel:
        """Model of flat arrays; ``num_spins`` counts spins that are in no term, too.

        Raises
        ------
        ValueError
            As for the class, or ``num_spins`` below 0 or other than the number of labels.

        Examples
        --------
        >>> PolynomialModel.from_arrays([0, 3], [0, 1, 2], [1.0], num_spins=5).num_spins
        5
        """
        if num_spins is not None and not 0 <= num_spins <= MAX_SPINS:
            raise ArgumentError(
                "num_spins",
                f"must be 0..{MAX_SPINS}",
                num_spins,
                remedy="leave it out to take the largest index + 1",
            )
        if num_spins is not None and len(labels) and len(labels) != num_spins:
            raise ArgumentError(
                "labels",
                f"must name each of the {num_spins} spins once",
                len(labels),
                remedy="leave num_spins out",
            )
        names = labels if num_spins is None or len(labels) else range(num_spins)
        if num_spins == 0 and np.size(members):
            raise ValueError(
                f"spin index {np.min(members)} is out of range: there are no spins; raise num_spins"
            )
        return cls(pointers, members, weights, offset, names)  # type: ignore[arg-type]

    @classmethod
    def from_terms(
        cls,
        terms: Mapping[Any, float] | Iterable[tuple[Any, float]],
        *,
        num_spins: int | None = None,
        offset: float = 0.0,
        labels: Labels = (),
    ) -> PolynomialModel:
        """Model with a weight for each collection of spins, in our sign.

        Parameters
        ----------
        terms : mapping of members to weight, or iterable of (members, weight)
            Members are labels where ``labels`` is given, else indices from 0.
        num_spins : int, optional
            The largest index + 1 by default.
        offset : float
        labels : sequence of n distinct hashables, optional

        Raises
        ------
        ValueError
            As for the class, a label that ``labels`` does not have, a member that is no integer
            without labels.

        Examples
        --------
        >>> model = PolynomialModel.from_terms({"abc": 1.0, "a": -0.5}, labels="abc")
        >>> model.pointers.tolist(), model.members.tolist(), model.weights.tolist()
        ([0, 1, 4], [0, 0, 1, 2], [-0.5, 1.0])
        """
        names, sizes, weights = flattened(terms)
        indices = indices_of(names, labels)
        return cls.from_arrays(
            pointers_of(sizes), indices, weights, num_spins=num_spins, offset=offset, labels=labels
        )

    @classmethod
    def from_hubo(cls, H: Mapping[Any, float], offset: float = 0.0) -> PolynomialModel:
        """Model of ``E = sum H[T] prod_T x + offset``, x in {0, 1}, minimised; ``s = 2x - 1``."""
        from pbit.models.conventions.hubo import terms_of_hubo

        return cls(*terms_of_hubo(H, offset))

    def to_hubo(self) -> tuple[dict[tuple[Any, ...], float], float]:
        """``(H, offset)``: the same energies over x = (s + 1) / 2."""
        from pbit.models.conventions.hubo import to_hubo

        return to_hubo(self)

    @classmethod
    def from_polynomial(cls, polynomial: dimod.BinaryPolynomial) -> PolynomialModel:
        """Model of a dimod polynomial, spin or binary; energies agree state by state."""
        from pbit.models.conventions.dimod import terms_of_polynomial

        return cls(*terms_of_polynomial(polynomial))

    def to_polynomial(self, vartype: Any = "SPIN") -> dimod.BinaryPolynomial:
        """dimod polynomial over spins or bits with the same labels and the same energies."""
        from pbit.models.conventions.dimod import to_polynomial

        return to_polynomial(self, vartype)

    @classmethod
    def from_ising_model(cls, model: IsingModel) -> PolynomialModel:
        """The same model, biases and couplings as terms of one and two bodies.

        Examples
        --------
        >>> pair = IsingModel.from_edges([0], [1], [2.0])
        >>> PolynomialModel.from_ising_model(pair).energy([1, 1]).item()
        -2.0
        """
        biased = np.flatnonzero(model.h)
        rows, cols, weights = model.edges()
        return cls(
            pointers_of(np.repeat([1, 2], [biased.size, rows.size])),
            np.concatenate([biased, np.column_stack([rows, cols]).reshape(-1)]),  # type: ignore[arg-type]
            np.concatenate([model.h[biased], weights]),
            model.offset,
            model.labels,
        )

    def to_ising_model(self) -> IsingModel:
        """The same model as :class:`~pbit.models.ising.IsingModel`.

        Raises
        ------
        ValueError
            A term of more than two bodies.

        Examples
        --------
        >>> PolynomialModel.from_terms({(0, 1): 2.0, (1,): 0.5}).to_ising_model().h.tolist()
        [0.0, 0.5]
        """
        if self.degree > 2:
            t = int(np.argmax(np.diff(self.pointers) > 2))
            raise ValueError(
                f"an Ising model has terms of at most 2 spins, got term {self._shown(t)} of "
                f"{self.pointers[t + 1] - self.pointers[t]}; keep the PolynomialModel, or reduce "
                "it with auxiliary spins (pbit.graphs.reduce_order)"
            )
        linear = self._first_of_size(2)
        pairs = self.members[linear:].reshape(-1, 2)
        return IsingModel.from_edges(
            pairs[:, 0],
            pairs[:, 1],
            self.weights[linear:],
            h=self.h,
            num_spins=self.num_spins,
            offset=self.offset,
            labels=self.labels,
        )

    @property
    def num_spins(self) -> int:
        """Number of spins n."""
        return len(self.labels)

    @property
    def num_terms(self) -> int:
        """Number of terms m, the constant left out."""
        return int(self.weights.size)

    @property
    def degree(self) -> int:
        """Number of spins in the largest term; 0 without terms."""
        return int(self.pointers[-1] - self.pointers[-2]) if self.num_terms else 0

    @property
    def h(self) -> FloatArray:
        """Biases, the weights of the terms of one body: float64, shape (n,)."""
        biases = np.zeros(self.num_spins)
        linear = self._first_of_size(2)
        biases[self.members[:linear]] = self.weights[:linear]
        return biases

    def terms(self) -> Iterator[tuple[tuple[int, ...], float]]:
        """``(members, weight)`` of every term, members as indices."""
        return zip(bodies(self._from(0)), self.weights.tolist(), strict=True)

    def energy(self, spins: npt.ArrayLike) -> FloatArray:
        """Energy of each state.

        Parameters
        ----------
        spins : array of -1 and +1, shape (..., n)

        Returns
        -------
        float64, shape (...)

        Raises
        ------
        ValueError
            Another last axis, or values that are no spins.
        """
        s = checked_states(spins, self.num_spins)
        flat = s.reshape(int(np.prod(s.shape[:-1])), self.num_spins)
        energies = np.full(len(flat), self.offset)
        for block in _blocks(len(flat), self.num_spins):
            for weights, _, values in products(self._from(0), flat[block]):
                energies[block] -= weights @ values
        return energies.reshape(s.shape[:-1])

    def field(self, spins: npt.ArrayLike) -> FloatArray:
        """Field ``f_i = sum_{T with i} w_T prod_{j in T, j != i} s_j``, shape (..., n).

        Raises
        ------
        ValueError
            Another last axis, or values that are no spins.
        """
        s = checked_states(spins, self.num_spins)
        flat = s.reshape(int(np.prod(s.shape[:-1])), self.num_spins)
        fields = np.zeros(flat.shape)
        for block in _blocks(len(flat), self.num_spins):
            for weights, rows, values in products(self._from(0), flat[block]):
                starts = np.arange(len(rows) + 1) * rows.shape[1]
                ones = np.ones(rows.size)
                shape = (len(rows), self.num_spins)
                within = sparse.csr_array((ones, rows.reshape(-1), starts), shape=shape)
                fields[block] += (within.T @ (weights[:, None] * values)).T
            fields[block] *= flat[block]  # s_i times all of T leaves the others: s_i s_i = 1
        return fields.reshape(s.shape)

    def incidence(self) -> Incidence:
        """``(site_ptr, weights, member_ptr, members)``: the terms of two bodies and more by site.

        Site i is in the terms ``site_ptr[i]:site_ptr[i + 1]``, those of two bodies first; the
        other members of such a term t are ``members[member_ptr[t]:member_ptr[t + 1]]``. Terms of
        one body are in :attr:`h`. int64 (n + 1,), float64 (k,), int64 (k + 1,), int32.

        Examples
        --------
        >>> chain = PolynomialModel.from_terms({(0, 1): 2.0, (0, 1, 2): 1.0, (2,): 0.5})
        >>> site_ptr, weights, member_ptr, members = chain.incidence()
        >>> site_ptr.tolist(), weights.tolist(), members.tolist()
        ([0, 2, 4, 5], [2.0, 1.0, 2.0, 1.0, 1.0], [1, 1, 2, 0, 0, 2, 0, 1])
        """
        return incidence_of(self._from(self._first_of_size(2)), self.num_spins)

    def _first_of_size(self, size: int) -> int:
        """Number of terms that are smaller."""
        return int(np.searchsorted(np.diff(self.pointers), size))

    def _from(self, first: int) -> Terms:
        start = self.pointers[first]
        return Terms(self.pointers[first:] - start, self.members[start:], self.weights[first:])

    def _shown(self, t: int) -> str:
        """Labels of a term for a message, the first few of many."""
        some = self.members[self.pointers[t] : self.pointers[t + 1]]
        text = ", ".join(repr(self.labels[i]) for i in some[:_SHOWN_MEMBERS].tolist())
        return f"({text}, ...)" if some.size > _SHOWN_MEMBERS else f"({text})"

    def _check_finite(self) -> None:
        bad = np.flatnonzero(~np.isfinite(self.weights))
        if bad.size:
            raise ArgumentError(
                "weights",
                "of equal terms must add up to a finite number",
                got=f"{self.weights[bad[0]]} for {self._shown(bad[0])}",
                remedy="divide all weights by a factor",
            )
        if not np.isfinite(self.offset):
            raise ArgumentError(
                "offset",
                "must be finite",
                got=f"{self.offset} with the empty terms",
                remedy="correct it",
            )
        check_energies(self.weights, self.offset)


AnyModel = IsingModel | PolynomialModel


def _blocks(num_states: int, num_spins: int) -> Iterator[slice]:
    step = max(1, min(4096, _BLOCK // max(1, num_spins)))
    return (slice(first, first + step) for first in range(0, num_states, step))
