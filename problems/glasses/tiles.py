"""Tile planting: a square lattice put together from frustrated squares that share no bond."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.problems.glasses.planted import Planted
from pbit.problems.pairwise import Spins

_STRONG = 2.0
_DEFAULT = (0.25, 0.25, 0.25, 0.25)


def tile_planted(
    side: int, *, probabilities: Sequence[float] = _DEFAULT, seed: int | None = None
) -> Planted:
    r"""Glass on a lattice of side x side sites with periodic ends.

    The squares of the lattice are coloured like a chess board. Those of one colour share no bond
    and hold every bond once, so that the energy is the sum of theirs. A square of class k has k
    bonds of strength 1, the first of them antiferromagnetic, and 4 - k ferromagnetic ones of
    strength 2. Its product of signs is negative, so that every state violates a bond of it: at
    least one of strength 1, which costs 2 against all satisfied. The state with all spins up
    violates just that one in every square, and has the least energy there is, ``-sum |J| + 2`` a
    square. A random gauge, ``J_ij t_i t_j``, then hides it as t. A square of class k has k ground
    states up to a flip of all spins; class 1 alone fixes t and is easy.

    Parameters
    ----------
    side : int
        Even, 4 or more: the colours of the squares close around the ends.
    probabilities : four numbers
        Of the classes 1 to 4.
    seed : int, optional
        Of ``numpy.random.default_rng``.

    Raises
    ------
    ValueError
        An odd or small side, or numbers that are no probabilities.

    References
    ----------
    Hamze, Jacob, Ochoa, Perera, Wang, Katzgraber, Phys. Rev. E 97, 043303 (2018); Perera, Hamze,
    Raymond, Weigel, Katzgraber, Phys. Rev. E 101, 023316 (2020).

    Examples
    --------
    >>> glass = tile_planted(4, seed=1)
    >>> float(glass.problem.model.energy(glass.ground_state)) == glass.ground_energy
    True
    """
    if side < 4 or side % 2 or side > 4096:
        raise ArgumentError("side", "must be even and 4 to 4096", side)
    shares = np.asarray(probabilities, dtype=np.float64)
    if shares.shape != (4,) or not (shares >= 0).all() or abs(shares.sum() - 1.0) > 1e-9:
        raise ArgumentError(
            "probabilities", "must be four numbers >= 0 that add up to 1", list(probabilities)
        )
    rng = np.random.default_rng(seed)
    corners = _squares(side)
    weights = _weights(rng.choice(4, len(corners), p=shares / shares.sum()) + 1, rng)
    hidden = (2 * rng.integers(0, 2, side * side) - 1).astype(np.int8)
    rows, cols = corners.ravel(), np.roll(corners, -1, axis=1).ravel()
    couplings = weights.ravel() * hidden[rows] * hidden[cols]
    problem = Spins(rows, cols, couplings, range(side * side), sign=-1)
    return Planted(problem, hidden, float(2 * len(corners) - np.abs(weights).sum()))


def _squares(side: int) -> npt.NDArray[np.int64]:
    """Corners of the squares of one colour, in a circle: int64 (side^2 / 2, 4)."""
    row, col = np.divmod(np.arange(side * side), side)
    row, col = row[(row + col) % 2 == 0], col[(row + col) % 2 == 0]
    below, right = (row + 1) % side, (col + 1) % side
    circle = ((row, col), (row, right), (below, right), (below, col))
    return np.stack([r * side + c for r, c in circle], axis=1)


def _weights(classes: npt.NDArray[np.int64], rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Bonds of each square in random order: float64 (squares, 4)."""
    weak = np.arange(4) < classes[:, None]
    weights = np.where(weak, 1.0, _STRONG)
    weights[:, 0] = -1.0
    return rng.permuted(weights, axis=1)
