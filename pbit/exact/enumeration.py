"""Exact laws of small networks by enumeration.

States are numbered by bits: spin i of state x is +1 where bit i of x is 1.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from pbit.models.labels import FloatArray, SpinArray
from pbit.models.taking import model_from

MAX_ENUMERATED = 24
MAX_LAW = 14
MAX_TOGETHER = 12


class SpinModel(Protocol):
    """What enumeration asks of a model, be it pairwise or of higher order."""

    @property
    def num_spins(self) -> int:
        """Number of spins n."""
        ...

    @property
    def h(self) -> FloatArray:
        """Biases, shape (n,)."""
        ...

    def energy(self, spins: npt.ArrayLike) -> FloatArray:
        """Energy of each state, shape (...) for spins of shape (..., n)."""
        ...

    def field(self, spins: npt.ArrayLike) -> FloatArray:
        """Field on each spin, shape (..., n): a flip of spin i costs ``2 s_i field_i``."""
        ...


def states(n: int) -> SpinArray:
    """All states of n spins, int8 of shape (2**n, n), row x being state number x.

    Examples
    --------
    >>> states(2).tolist()
    [[-1, -1], [1, -1], [-1, 1], [1, 1]]
    """
    _check_size(n, MAX_ENUMERATED)
    numbers = np.arange(2**n)
    return (2 * ((numbers[:, None] >> np.arange(n)) & 1) - 1).astype(np.int8)


def state_number(spins: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Number of each state, shape (...), of spins of shape (..., n)."""
    s = np.asarray(spins)
    powers = 2 ** np.arange(s.shape[-1])
    numbers: npt.NDArray[np.int64] = ((s > 0) @ powers).astype(np.int64)
    return numbers


def exact_energies(model: SpinModel) -> FloatArray:
    """Energy of every state, float64 of shape (2**n,), n <= 24.

    Raises
    ------
    ValueError
        n > 24.
    """
    model = model_from(model)
    _check_size(model.num_spins, MAX_ENUMERATED)
    block = 2**16
    total = 2**model.num_spins
    energies = np.empty(total)
    bits = np.arange(model.num_spins)
    for first in range(0, total, block):
        numbers = np.arange(first, min(first + block, total))
        energies[numbers] = model.energy(2 * ((numbers[:, None] >> bits) & 1) - 1)
    return energies


def exact_boltzmann(model: SpinModel, beta: float) -> FloatArray:
    """Probability ``exp(-beta E) / Z`` of every state, shape (2**n,)."""
    model = model_from(model)
    energies = exact_energies(model)
    if beta == np.inf:
        lowest = energies <= energies.min()
        return np.asarray(lowest / lowest.sum())
    exponent = -beta * energies
    weights = np.exp(exponent - exponent.max())
    return np.asarray(weights / weights.sum())


def exact_ground_states(model: SpinModel) -> tuple[float, SpinArray]:
    """Lowest energy and every state that has it (to 1e-9 of the energy scale), n <= 24."""
    model = model_from(model)
    energies = exact_energies(model)
    lowest = float(energies.min())
    scale = max(1.0, float(np.abs(energies).max()))
    numbers = np.flatnonzero(energies <= lowest + 1e-9 * scale)
    spins = 2 * ((numbers[:, None] >> np.arange(model.num_spins)) & 1) - 1
    return lowest, spins.astype(np.int8)


def exact_law(
    model: SpinModel,
    betas: npt.ArrayLike,
    *,
    start: npt.ArrayLike | None = None,
    rule: str = "heat-bath",
    order: str = "sequential",
    update_fraction: float = 1.0,
) -> FloatArray:
    r"""Law of the state after one sweep at each beta, from a given state or from fair coins.

    A single-spin update at site i moves probability between x and x with spin i flipped: with
    ``sigma(-2 beta s_i f_i)`` for the heat bath, ``min(1, exp(-2 beta s_i f_i))`` for Metropolis
    (Glauber, J. Math. Phys. 4, 294 (1963); Metropolis et al., J. Chem. Phys. 21, 1087 (1953)).
    A sweep is the product of the updates in order; n updates at sites drawn uniformly ("random");
    the average over all orders ("permutation"); or all spins at once, each flipping by itself
    with that probability ("synchronous"), times q ("random-subset").

    Parameters
    ----------
    model : IsingModel or PolynomialModel
        n <= 14; n <= 12 where all spins move at once.
    betas : float, shape (k,)
    start : array of -1 and +1, shape (n,), optional
    rule : {"heat-bath", "metropolis"}
    order : str
        One of :func:`pbit.anneal`'s.
    update_fraction : float
        q of order "random-subset".

    Returns
    -------
    float64, shape (2**n,)

    Raises
    ------
    ValueError
        n too large, an unknown rule or order.
    """
    model = model_from(model)
    n = model.num_spins
    _check_size(n, MAX_TOGETHER if order in ("synchronous", "random-subset") else MAX_LAW)
    if rule not in ("heat-bath", "metropolis") or order not in _SWEEPS:
        raise ValueError(f"no exact law for rule {rule!r} with order {order!r}")
    law = np.full(2**n, 2.0**-n)
    if start is not None:
        law[:] = 0.0
        law[state_number(start)] = 1.0
    costs = 2 * states(n) * model.field(states(n))
    for beta in np.asarray(betas, dtype=np.float64):
        leave = _leave_probabilities(costs, float(beta), rule)
        if order == "random-subset":
            leave = update_fraction * leave
        law = _SWEEPS[order](law, leave, model)
    return law


def exact_synchronous(model: SpinModel, beta: float) -> FloatArray:
    r"""Stationary law of the synchronous heat bath, shape (2**n,), n <= 24.

    :math:`\pi(m) \propto \exp(\beta h \cdot m) \prod_i 2 \cosh(\beta I_i(m))`, I the field
    with its bias: all p-bits redrawn at once from the state before. Not the Boltzmann law.

    References
    ----------
    Peretto, Biol. Cybern. 50, 51 (1984).
    """
    model = model_from(model)
    all_states = states(model.num_spins)
    fields = beta * model.field(all_states)
    log_cosh = np.abs(fields) + np.log1p(np.exp(-2 * np.abs(fields)))
    exponent = beta * (all_states @ model.h) + log_cosh.sum(axis=1)
    weights = np.exp(exponent - exponent.max())
    return np.asarray(weights / weights.sum())


def _leave_probabilities(costs: FloatArray, beta: float, rule: str) -> FloatArray:
    """Probability that an attempt at site i flips it in state x, shape (2**n, n)."""
    with np.errstate(invalid="ignore", over="ignore"):
        work = np.where(costs == 0, 0.0, beta * costs)
        if rule == "metropolis":
            return np.asarray(np.exp(-np.maximum(work, 0.0)))
        return np.asarray(1 / (1 + np.exp(work)))


def _updated(law: FloatArray, leave: FloatArray, i: int) -> FloatArray:
    moved = law * leave[:, i]
    flipped = np.arange(law.size) ^ (1 << i)
    return np.asarray(law - moved + moved[flipped])


def _mixed(law: FloatArray, leave: FloatArray) -> FloatArray:
    n = leave.shape[1]
    return np.asarray(sum(_updated(law, leave, i) for i in range(n)) / n)


def _sequential(law: FloatArray, leave: FloatArray, _model: Any) -> FloatArray:
    for i in range(leave.shape[1]):
        law = _updated(law, leave, i)
    return law


def _chromatic(law: FloatArray, leave: FloatArray, model: Any) -> FloatArray:
    from pbit.graphs import first_fit_coloring

    for i in first_fit_coloring(model).order:
        law = _updated(law, leave, int(i))
    return law


def _random(law: FloatArray, leave: FloatArray, _model: Any) -> FloatArray:
    for _ in range(leave.shape[1]):
        law = _mixed(law, leave)
    return law


def _permuted(law: FloatArray, leave: FloatArray, _model: Any) -> FloatArray:
    """Average over all orders: any site of a set is equally likely to be its last."""
    n = leave.shape[1]
    after = {0: law}
    for sites in range(1, 2**n):
        members = [i for i in range(n) if sites >> i & 1]
        after[sites] = np.asarray(
            sum(_updated(after[sites ^ (1 << i)], leave, i) for i in members) / len(members)
        )
    return after[2**n - 1]


def _together(law: FloatArray, leave: FloatArray, _model: Any) -> FloatArray:
    """Every spin flips by itself with its probability in the state before."""
    n = leave.shape[1]
    new = np.zeros_like(law)
    for x in np.flatnonzero(law):
        moves = np.ones(1)
        for i in range(n):  # bit i of the move: whether spin i flips
            moves = np.concatenate([moves * (1 - leave[x, i]), moves * leave[x, i]])
        new[x ^ np.arange(law.size)] += law[x] * moves
    return new


_SWEEPS = {
    "sequential": _sequential,
    "chromatic": _chromatic,
    "random": _random,
    "permutation": _permuted,
    "random-subset": _together,
    "synchronous": _together,
}


def _check_size(n: int, largest: int) -> None:
    if n > largest:
        raise ValueError(f"enumeration of {n} spins needs 2**{n} numbers; at most {largest} spins")


def exact_square_lattice_energy(side: int, beta: float) -> float:
    r"""Mean energy per spin of the ferromagnet J = 1 on a periodic square lattice.

    With ``cosh g_k = cosh 2K coth 2K - cos(pi k / L)``, ``g_0 = 2K + ln tanh K``, K = beta:
    ``Z = (2 sinh 2K)^{L^2/2} (prod 2 cosh(L g_odd/2) + prod 2 sinh(L g_odd/2) +
    prod 2 cosh(L g_even/2) + prod 2 sinh(L g_even/2)) / 2``, and ``E = -d ln Z / dK``, taken by
    central difference (good to about 1e-9).

    Parameters
    ----------
    side : int
        L >= 3.
    beta : float
        0 < beta < infinity.

    References
    ----------
    Kaufman, Phys. Rev. 76, 1232 (1949); Ferdinand, Fisher, Phys. Rev. 185, 832 (1969).

    Examples
    --------
    >>> round(exact_square_lattice_energy(4, 0.3), 6)
    -0.844054
    """
    step = 1e-5
    above, below = (_log_z_square(side, beta + sign * step) for sign in (1, -1))
    return float(-(above - below) / (2 * step) / side**2)


def _log_z_square(side: int, coupling: float) -> float:
    k = np.arange(2 * side)
    # At k = 0 the argument is cosh(2K + ln tanh K) and the root has a sign: set apart.
    argument = np.cosh(2 * coupling) / np.tanh(2 * coupling) - np.cos(np.pi * k / side)
    gamma = np.arccosh(np.maximum(argument, 1.0))
    gamma[0] = 2 * coupling + np.log(np.tanh(coupling))
    logs, signs = [], []
    for part in (gamma[1::2], gamma[0::2]):
        half = side * part / 2
        logs.append(np.sum(np.abs(half) + np.log1p(np.exp(-2 * np.abs(half)))))
        signs.append(1.0)
        with np.errstate(divide="ignore"):
            logs.append(np.sum(np.abs(half) + np.log1p(-np.exp(-2 * np.abs(half)))))
        signs.append(float(np.prod(np.sign(half))))
    top = max(logs)
    total = sum(sign * np.exp(log - top) for sign, log in zip(signs, logs, strict=True))
    bulk = side**2 / 2 * np.log(2 * np.sinh(2 * coupling))
    return float(bulk + top + np.log(total / 2))
