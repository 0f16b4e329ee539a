r"""How far back a reservoir remembers: bits themselves, or the parity of them all.

The input is a fair coin :math:`u_k` of -1 and +1 at every step; a readout is learnt for each delay
d, and :math:`r^2(d)` is the squared correlation of its output with what is wanted, on steps that it
has not learnt from. The capacity is the sum over :math:`d = 1, 2, ..., D`: **d = 0 is in the curve
and not in the sum.** Parity of delay d is that of the d + 1 bits from u_k back to u_{k-d}.

Source: Bertschinger, Natschläger, Neural Comput. 16, 1413 (2004); Jaeger, GMD report 152 (2001).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pbit.by_value import ByValue
from pbit.checks import integer
from pbit.networks.reservoir.protocol import FloatArray, Reservoir, check_room, states_of
from pbit.networks.reservoir.readouts import Readout, Ridge
from pbit.seeds import seed_of, seed_or_fresh

_INPUT, _RESERVOIR = range(2)  # what a seed is for
_WARM_UP = 100


@dataclass(frozen=True, eq=False)
class MemoryCurve(ByValue):
    """Squared correlations against the delay.

    Parameters
    ----------
    r2 : float64, shape (D + 1,)
        Of delays 0 to D.
    train, test : int
        Steps that were learnt from and not.
    """

    r2: FloatArray
    train: int
    test: int

    @property
    def capacity(self) -> float:
        """Sum over delays from 1 on."""
        return float(self.r2[1:].sum())


def memory_curves(
    reservoir: Reservoir,
    *,
    delays: int = 20,
    train: int = 1000,
    test: int = 1000,
    readout: Readout | None = None,
    seed: int | None = None,
) -> tuple[MemoryCurve, MemoryCurve]:
    """Memory and parity, of the same states.

    Parameters
    ----------
    reservoir : Reservoir
    delays : int
        D, the largest.
    train, test : int
        Steps, after 100 of warm-up and D.
    readout : Ridge or RecursiveLeastSquares, optional
        ``Ridge(1e-8)`` by default.
    seed : int, optional

    Raises
    ------
    TypeError, ValueError
        Anything out of range.
    MemoryError
        More than there is room for.

    Examples
    --------
    >>> from pbit.networks.reservoir import Delays
    >>> memory, parity = memory_curves(Delays(num_delays=3, degree=2), delays=4, seed=1)
    >>> (memory.r2 > 0.5).tolist(), (parity.r2 > 0.5).tolist()
    ([True, True, True, False, False], [True, True, False, False, False])
    """
    names = ("delays", "train", "test")
    sizes = (delays, train, test)
    most, learnt, held = (integer(name, size, 1) for name, size in zip(names, sizes, strict=True))
    drawn = seed_or_fresh(seed)
    skipped = _WARM_UP + most
    rows = skipped + learnt + held
    check_room(reservoir, rows, 4 * (most + 1), lower="delays, train or test")
    rng = np.random.default_rng(seed_of(drawn, _INPUT))
    bits = rng.choice((-1.0, 1.0), rows)
    states = states_of(reservoir, bits[:, None], seed=seed_of(drawn, _RESERVOIR))[skipped:]
    delayed = _delayed(bits, most)
    wanted = np.concatenate([delayed, np.cumprod(delayed, axis=1)], axis=1)[skipped:]
    rule = Ridge(1e-8) if readout is None else readout
    outputs = rule.fitted(states[:learnt], wanted[:learnt]).outputs(states[learnt:])
    r2 = _squared_correlations(outputs, wanted[learnt:])
    memory, parity = (MemoryCurve(part, learnt, held) for part in np.split(r2, 2))
    return memory, parity


def short_term_memory(reservoir: Reservoir, **options: Any) -> MemoryCurve:
    """How well a bit of each delay is read from the present states; see :func:`memory_curves`.

    Examples
    --------
    >>> from pbit.networks.reservoir import Delays
    >>> short_term_memory(Delays(num_delays=4), delays=6, seed=1).r2[:4].round(9).tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    return memory_curves(reservoir, **options)[0]


def parity_capacity(reservoir: Reservoir, **options: Any) -> MemoryCurve:
    """How well the parity of the last bits is read; see :func:`memory_curves`.

    Delay 0 is the parity of one bit, which is the bit.

    Examples
    --------
    >>> from pbit.networks.reservoir import Delays
    >>> pairs = parity_capacity(Delays(num_delays=4, degree=2), delays=4, seed=1)
    >>> (pairs.r2 > 0.5).tolist()
    [True, True, False, False, False]
    """
    return memory_curves(reservoir, **options)[1]


def _delayed(bits: FloatArray, delays: int) -> FloatArray:
    """Bits (steps, D + 1) by their delays; what is before the first is any bit."""
    return np.stack([np.roll(bits, d) for d in range(delays + 1)], axis=1)


def _squared_correlations(one: FloatArray, other: FloatArray) -> FloatArray:
    """Column by column; 0 where one does not change."""
    a, b = one - one.mean(axis=0), other - other.mean(axis=0)
    below = (a**2).sum(axis=0) * (b**2).sum(axis=0)
    return np.asarray((a * b).sum(axis=0) ** 2 / np.where(below > 0, below, 1.0))
