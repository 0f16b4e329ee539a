"""Likes and dislikes made from a seed: users of a few tastes, and the best answers there can be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, integer
from pbit.models.labels import FloatArray, SpinArray
from pbit.seeds import check_seed


@dataclass(frozen=True, eq=False)
class Likes(ByValue):
    """What users said of items.

    Parameters
    ----------
    spins : int8, shape (num_users, num_items)
        +1 liked, -1 not; the truth also where it is not known.
    known : bool, shape (num_users, num_items)
        What was said; the rest is to be recommended.
    tastes : int64, shape (num_users,)
        The taste of each user, which nobody is told.
    """

    spins: SpinArray
    known: npt.NDArray[np.bool_]
    tastes: npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Tastes(ByValue):
    r"""A law of likes: a user has taste k with probability :math:`\pi_k`, and likes item j,
    independently of other items, with probability :math:`p_{kj}`.

    The matrix of means :math:`2 p - 1` has the rank of the number of tastes, 64 items in the system
    of binary stochastic neurons that this is the test of.

    Parameters
    ----------
    shares : float64, shape (num_tastes,)
        How many users have each taste; their sum is 1.
    likes : float64, shape (num_tastes, num_items)
        Probability that an item is liked.

    Raises
    ------
    ValueError
        Shapes that disagree, no probabilities.

    Examples
    --------
    >>> tastes = Tastes(shares=[0.5, 0.5], likes=[[0.9, 0.9], [0.1, 0.1]])
    >>> seen = np.array([[1, 1]], dtype=np.int8), np.array([[True, False]])
    >>> tastes.predict(*seen).round(2).tolist()
    [[0.82, 0.82]]
    """

    shares: FloatArray
    likes: FloatArray

    def __post_init__(self) -> None:
        shares = np.asarray(self.shares, dtype=np.float64)
        likes = np.asarray(self.likes, dtype=np.float64)
        if shares.ndim != 1 or likes.ndim != 2 or len(likes) != shares.size or not likes.size:
            raise ArgumentError(
                "likes",
                f"must have one row of items for each of the {shares.size} tastes",
                got=f"shape {likes.shape}",
            )
        for name, values in (("shares", shares), ("likes", likes)):
            if not np.all((values >= 0) & (values <= 1)):
                raise ArgumentError(name, "must be probabilities from 0 to 1")
        if abs(shares.sum() - 1) > 1e-9:
            raise ArgumentError("shares", "must have the sum 1", got=f"{shares.sum():.10g}")
        object.__setattr__(self, "shares", shares)
        object.__setattr__(self, "likes", likes)

    @classmethod
    def random(
        cls, num_items: int = 64, *, num_tastes: int = 4, clarity: float = 0.9, seed: int
    ) -> Tastes:
        """Equally frequent tastes, each of which likes an item with probability ``clarity`` or one
        minus that, at random.

        Raises
        ------
        TypeError, ValueError
            A number below 1, a clarity outside [0.5, 1], no seed.

        Examples
        --------
        >>> Tastes.random(6, num_tastes=2, seed=1).likes.round(1).tolist()[0]
        [0.1, 0.9, 0.9, 0.9, 0.1, 0.1]
        """
        integer("num_items", num_items, 1)
        integer("num_tastes", num_tastes, 1)
        if not 0.5 <= clarity <= 1:
            raise ArgumentError("clarity", "must be 0.5 (chance) to 1 (no exceptions)", clarity)
        signs = np.random.default_rng(check_seed(seed)).integers(0, 2, (num_tastes, num_items))
        shares = np.full(num_tastes, 1 / num_tastes)
        return cls(shares, np.where(signs == 1, clarity, 1 - clarity))

    def draw(self, num_users: int, *, missing: float, seed: int) -> Likes:
        """Users drawn from the law, each answer left out with probability ``missing``.

        Raises
        ------
        TypeError, ValueError
            A number below 1, a probability outside [0, 1], no seed.
        """
        integer("num_users", num_users, 1)
        if not 0 <= missing <= 1:
            raise ArgumentError("missing", "must be a probability from 0 to 1", missing)
        rng = np.random.default_rng(check_seed(seed))
        tastes = rng.choice(self.shares.size, num_users, p=self.shares).astype(np.int64)
        size = (num_users, self.likes.shape[1])
        liked = rng.random(size) < self.likes[tastes]
        known = rng.random(size) >= missing
        return Likes(np.where(liked, 1, -1).astype(np.int8), known, tastes)

    def predict(self, spins: SpinArray, known: npt.NDArray[np.bool_]) -> FloatArray:
        r"""Probability that each item is liked, were it asked (again): Bayes' rule over tastes.

        :math:`P(j | \mathrm{known}) = \sum_k P(k | \mathrm{known}) p_{kj}`. No method that knows as
        much, or less, is right more often than one that says "likes" where this is above one half.

        Raises
        ------
        ValueError
            What no taste can have said, with probabilities 0 or 1 among ``likes``.
        """
        weights = self._joint(spins, known)
        total = weights.max(axis=1, keepdims=True)
        if np.isneginf(total).any():
            row = int(np.argmax(np.isneginf(total)))
            raise ArgumentError(
                "spins",
                "must be possible for a taste",
                got=f"row {row}, of probability 0",
                remedy="keep likes off 0 and 1",
            )
        posterior = np.exp(weights - total)
        posterior /= posterior.sum(axis=1, keepdims=True)
        likes: FloatArray = posterior @ self.likes
        return likes

    def best_accuracy(self, likes: Likes) -> float:
        """Expected share of right answers on what is not known, of the best method there can be.

        The mean of ``max(p, 1 - p)``, p from :meth:`predict`: no sampling of the hidden answers.

        Raises
        ------
        ValueError
            Everything is known.
        """
        hidden = ~likes.known
        if not hidden.any():
            raise ArgumentError("known", "must leave something to predict", got="all True")
        p = self.predict(likes.spins, likes.known)[hidden]
        return float(np.maximum(p, 1 - p).mean())

    def log_likelihood(
        self, spins: SpinArray, known: npt.NDArray[np.bool_] | None = None
    ) -> FloatArray:
        """ln P of the known entries of each row (all by default): what no machine beats on average.

        float64, shape (num_users,).
        """
        everything = np.ones(spins.shape, dtype=np.bool_) if known is None else known
        joint: FloatArray = np.logaddexp.reduce(self._joint(spins, everything), axis=1)
        return joint

    def _joint(self, spins: SpinArray, known: npt.NDArray[np.bool_]) -> FloatArray:
        """ln P(taste, known entries), shape (num_users, num_tastes)."""
        with np.errstate(divide="ignore"):
            yes, no, shares = np.log(self.likes), np.log1p(-self.likes), np.log(self.shares)
        said = [(spins == 1) & known, (spins == -1) & known]
        if np.isfinite(yes).all() and np.isfinite(no).all():
            joint: FloatArray = said[0] @ yes.T + said[1] @ no.T + shares
            return joint
        # 0 times infinity is no part of the sum.
        columns = [
            np.where(said[0], yes[k], 0).sum(axis=1) + np.where(said[1], no[k], 0).sum(axis=1)
            for k in range(shares.size)
        ]
        return np.stack(columns, axis=1) + shares
