"""Exact laws of p-bits in continuous time and of parallel ticks: referees of networks on chips.

The generator and the tick matrix of a small network, their laws after a time and their stationary
laws; states are numbered as by :func:`pbit.exact.state_number`. Synapses are instantaneous.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.exact import state_number, states
from pbit.models.labels import FloatArray

MAX_SPINS = 10

Curve = Callable[[FloatArray], FloatArray]


class FieldModel(Protocol):
    """What is asked of a model, be its couplings symmetric or directed."""

    @property
    def num_spins(self) -> int:
        """Number of spins n."""
        ...

    def field(self, spins: npt.ArrayLike) -> FloatArray:
        """Field on each spin, shape (..., n)."""
        ...


@dataclass(frozen=True, eq=False, kw_only=True)
class PBits(ByValue):
    r"""What p-bits are like: ``x_i = gain_i Q(beta I_i) + offset_i`` and the answer to it.

    Parameters
    ----------
    gain, offset, tau : float, or float64 of shape (n,)
        tau in units of the time of a sweep.
    stuck : int, or int8 of shape (n,)
        -1 or +1 where a p-bit is stuck, 0 where it is free. From its other state, where only a
        given law can put it, it goes home at rate 1/tau.
    quantise : function of float64 arrays, optional
        Q, the resolution of the input; the identity by default.
    transfer : function of float64 arrays, optional
        Mean of the answer to x of heat-bath p-bits; tanh by default.
    barrier : float, or float64 of shape (n,)
        Of Arrhenius junctions, in kT; see :func:`exact_generator`. Infinity: none.
    barrier_exponent : float

    Raises
    ------
    ValueError
        A tau or a barrier <= 0, an exponent other than 1 without a barrier.
    """

    gain: npt.ArrayLike = 1.0
    offset: npt.ArrayLike = 0.0
    tau: npt.ArrayLike = 1.0
    stuck: npt.ArrayLike = 0
    quantise: Curve | None = None
    transfer: Curve | None = None
    barrier: npt.ArrayLike = np.inf
    barrier_exponent: float = 1.0

    def __post_init__(self) -> None:
        if not np.all(self.times > 0):
            raise ArgumentError("tau", "must be > 0", self.times.min())
        if not np.all(self.barriers > 0):
            least = self.barriers.min()
            raise ArgumentError("barrier", "must be > 0", least, remedy="leave it out for none")
        if np.any(np.isinf(self.barriers)) and self.barrier_exponent != 1:
            raise ArgumentError(
                "barrier_exponent", f"{self.barrier_exponent} needs a finite barrier"
            )

    @property
    def times(self) -> FloatArray:
        """tau as an array."""
        return np.asarray(self.tau, dtype=np.float64)

    @property
    def barriers(self) -> FloatArray:
        """The barriers as an array."""
        return np.asarray(self.barrier, dtype=np.float64)

    def inputs(self, x: FloatArray) -> FloatArray:
        """The inputs made of ``x = beta I``, float64 of shape (..., n)."""
        quantised = x if self.quantise is None else self.quantise(x)
        gain, offset = (np.asarray(v, dtype=np.float64) for v in (self.gain, self.offset))
        return np.asarray(gain * quantised + offset)


_IDEAL = PBits()


def exact_generator(
    model: FieldModel, beta: float, *, dynamics: str = "heat-bath", pbits: PBits = _IDEAL
) -> FloatArray:
    r"""Rates Q[x, y] from state x to state y, rows summing to zero, of an asynchronous network.

    State x goes to x with spin i flipped. "heat-bath", p-bits redrawn at rate
    :math:`1/\tau_i`: at rate :math:`(1 - m_i \tanh x_i) / 2\tau_i`. "arrhenius": at rate
    :math:`\exp(-m_i x_i) / \tau_i`; with a barrier D and an exponent b at
    :math:`\exp(D - D (1 + m_i x_i / b D)^b) / \tau_i`, at most :math:`\exp(D) / \tau_i`.

    Parameters
    ----------
    model : IsingModel, PolynomialModel or DirectedModel
        n <= 10.
    beta : float
        0 <= beta < infinity.
    dynamics : {"heat-bath", "arrhenius"}
    pbits : PBits

    Returns
    -------
    float64, shape (2**n, 2**n)

    Raises
    ------
    ValueError
        n > 10, beta out of range, unknown dynamics.

    References
    ----------
    Glauber, J. Math. Phys. 4, 294 (1963), eq. 2 (heat bath); Néel-Brown rates of a junction
    driven by its input: Camsari, Faria, Sutton, Datta, Phys. Rev. X 7, 031014 (2017).

    Examples
    --------
    >>> import pbit
    >>> free = pbit.IsingModel([0.0], [[0.0]])
    >>> exact_generator(free, 1.0).tolist()
    [[-0.5, 0.5], [0.5, -0.5]]
    """
    rates = _leave_rates(model, beta, dynamics, pbits)
    size, n = rates.shape
    x = np.arange(size)
    generator = np.zeros((size, size))
    for i in range(n):
        generator[x, x ^ (1 << i)] = rates[:, i]
    generator[x, x] = -rates.sum(axis=1)
    return generator


def exact_tick_matrix(
    model: FieldModel,
    beta: float,
    *,
    tick: float | None = None,
    update_fraction: float | None = None,
    dynamics: str = "heat-bath",
    pbits: PBits = _IDEAL,
) -> FloatArray:
    r"""Transition matrix of a tick, at which every p-bit moves by itself in the state before.

    "heat-bath" (random subsets): redrawn with probability ``update_fraction``, or
    :math:`1 - \exp(-t/\tau_i)` for a tick t. "arrhenius" (the parallel rule called PPSL): stays
    with probability :math:`\exp(-t w_i)`, w_i the rate of :func:`exact_generator`. Not Boltzmann
    but in the limit of small ticks.

    Parameters
    ----------
    model, beta, dynamics, pbits
        As in :func:`exact_generator`.
    tick : float, optional
        Length of a tick in units of the time of a sweep.
    update_fraction : float, optional
        In place of a tick, heat bath only; 0 < q <= 1.

    Returns
    -------
    float64, shape (2**n, 2**n)
        Row: from.

    Raises
    ------
    ValueError
        Neither tick nor update_fraction or both, one of them out of range, else as
        :func:`exact_generator`.

    Examples
    --------
    >>> import pbit
    >>> free = pbit.IsingModel([0.0], [[0.0]])
    >>> exact_tick_matrix(free, 1.0, update_fraction=0.5).tolist()
    [[0.75, 0.25], [0.25, 0.75]]
    """
    rates = _leave_rates(model, beta, dynamics, pbits)
    if (tick is None) == (update_fraction is None):
        raise ValueError("give tick or update_fraction, one of them")
    if update_fraction is not None:
        if dynamics != "heat-bath" or not 0 < update_fraction <= 1:
            raise ArgumentError(
                "update_fraction",
                "must be > 0 and <= 1 and needs dynamics 'heat-bath'",
                got=f"{update_fraction} with {dynamics!r}",
            )
        leave = update_fraction * rates * pbits.times
    else:
        assert tick is not None
        if not 0 < tick < np.inf:
            raise ArgumentError("tick", "must be > 0 and finite", tick)
        leave = -np.expm1(-tick * rates)
        if dynamics == "heat-bath":
            leave = rates * pbits.times * -np.expm1(-tick / pbits.times)
    return _moved_together(leave)


def exact_continuous_law(
    model: FieldModel,
    betas: npt.ArrayLike,
    *,
    start: npt.ArrayLike | None = None,
    dynamics: str = "heat-bath",
    pbits: PBits = _IDEAL,
    tick: float | None = None,
) -> FloatArray:
    r"""Law of the state after one sweep, a unit of time, at each beta.

    :math:`p(t + 1) = p(t) \exp(Q_\beta)`, Q of :func:`exact_generator`; with ``tick``, in the
    middle of each tick one step of :func:`exact_tick_matrix` instead.

    Parameters
    ----------
    model, dynamics, pbits, tick
        As in :func:`exact_generator` and :func:`exact_tick_matrix`.
    betas : float, shape (k,)
    start : array of -1 and +1, shape (n,), optional
        Fair coins by default. p-bits that are stuck start where they are stuck.

    Returns
    -------
    float64, shape (2**n,)

    Raises
    ------
    ValueError
        As :func:`exact_generator` and :func:`exact_tick_matrix`.

    References
    ----------
    Action of the exponential: Al-Mohy, Higham, SIAM J. Sci. Comput. 33, 488 (2011).

    Examples
    --------
    >>> import pbit
    >>> free = pbit.IsingModel([0.0], [[0.0]])
    >>> exact_continuous_law(free, [1.0, 1.0], start=[1]).round(4).tolist()  # 1/2 -+ exp(-2)/2
    [0.4323, 0.5677]
    """
    from scipy import sparse
    from scipy.sparse.linalg import expm_multiply

    law = _start_law(model.num_spins, start, pbits)
    ticks = 0
    for k, beta in enumerate(np.asarray(betas, dtype=np.float64)):
        if tick is None:
            generator = exact_generator(model, beta, dynamics=dynamics, pbits=pbits)
            law = expm_multiply(sparse.csr_array(generator.T), law)
            continue
        matrix = exact_tick_matrix(model, beta, tick=tick, dynamics=dynamics, pbits=pbits)
        while (ticks + 0.5) * tick < k + 1:
            law = law @ matrix
            ticks += 1
    return np.asarray(law)


def exact_stationary_law(matrix: npt.ArrayLike) -> FloatArray:
    """Law that a generator or a transition matrix leaves as it is, shape of a row.

    Parameters
    ----------
    matrix : float64, shape (m, m)
        Rows that sum to 0, or to 1; one class of states that is never left.

    Raises
    ------
    ValueError
        Rows of another sum.

    Examples
    --------
    >>> exact_stationary_law([[-1.0, 1.0], [3.0, -3.0]]).tolist()
    [0.75, 0.25]
    """
    rates = np.array(matrix, dtype=np.float64)
    sums = rates.sum(axis=1)
    if np.allclose(sums, 1):
        rates -= np.eye(len(rates))
    elif not np.allclose(sums, 0, atol=1e-9 * max(1.0, float(np.abs(rates).max()))):
        raise ArgumentError(
            "rows",
            "must sum to 0 (a generator) or to 1 (a transition matrix)",
            got=f"{sums.min():g} to {sums.max():g}",
        )
    balance = np.vstack([rates.T[:-1], np.ones(len(rates))])
    right = np.zeros(len(rates))
    right[-1] = 1.0
    return np.asarray(np.linalg.solve(balance, right))


def _leave_rates(model: FieldModel, beta: float, dynamics: str, pbits: PBits) -> FloatArray:
    """Rate at which each spin leaves each state, shape (2**n, n)."""
    n = model.num_spins
    if n > MAX_SPINS:
        raise ValueError(f"matrices of {n} spins have 4**{n} numbers; at most {MAX_SPINS} spins")
    if not 0 <= beta < np.inf:
        raise ArgumentError("beta", "must be >= 0 and finite", beta)
    if dynamics not in ("heat-bath", "arrhenius"):
        raise ArgumentError("dynamics", "must be heat-bath or arrhenius", dynamics)
    spins = states(n)
    toward = spins * pbits.inputs(beta * model.field(spins))
    if dynamics == "arrhenius":
        leave = np.exp(_arrhenius_log(toward, pbits))
    elif pbits.transfer is not None:
        leave = (1 - spins * pbits.transfer(spins * toward)) / 2
    else:
        leave = 1 / (1 + np.exp(np.minimum(2 * toward, 700)))
    stuck = np.broadcast_to(np.asarray(pbits.stuck), (n,))
    leave = np.where(stuck == 0, leave, spins != stuck)
    return np.asarray(leave / pbits.times)


def _arrhenius_log(toward: FloatArray, pbits: PBits) -> FloatArray:
    is_none = np.isinf(pbits.barriers)
    d, b = np.where(is_none, 1.0, pbits.barriers), pbits.barrier_exponent
    return np.where(is_none, -toward, d - d * np.maximum(1 + toward / (b * d), 0.0) ** b)


def _moved_together(leave: FloatArray) -> FloatArray:
    """Transition matrix where spin i flips with probability leave[x, i], each by itself."""
    size, n = leave.shape
    moves = np.ones((size, 1))
    for i in range(n):  # bit i of the move: whether spin i flips
        p = leave[:, i : i + 1]
        moves = np.concatenate([moves * (1 - p), moves * p], axis=1)
    x = np.arange(size)
    matrix = np.empty((size, size))
    matrix[x[:, None], x[:, None] ^ x] = moves
    return matrix


def _start_law(n: int, start: npt.ArrayLike | None, pbits: PBits) -> FloatArray:
    stuck = np.broadcast_to(np.asarray(pbits.stuck), (n,))
    spins = states(n) if start is None else np.asarray(start)[None, :]
    numbers = state_number(np.where(stuck == 0, spins, stuck))
    return np.asarray(np.bincount(numbers, minlength=2**n) / len(numbers))
