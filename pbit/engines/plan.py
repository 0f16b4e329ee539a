"""Which kernel runs a model, and in which order its spins are updated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from pbit.engines.bit_model import FAST_PLANES, BitModel
from pbit.engines.task import KERNELS, Kernel
from pbit.graphs.colors import Coloring, first_fit_coloring
from pbit.machine import memory_bytes
from pbit.models.ising import IsingModel
from pbit.models.polynomial import PolynomialModel

Rule = Literal["heat-bath", "metropolis"]
Order = Literal["sequential", "chromatic", "random", "permutation", "random-subset", "synchronous"]
RULES: tuple[Rule, ...] = ("heat-bath", "metropolis")
ORDERS: tuple[Order, ...] = (
    "sequential",
    "chromatic",
    "random",
    "permutation",
    "random-subset",
    "synchronous",
)
TOGETHER = ("random-subset", "synchronous")

# Orders each kernel runs.
_CAN: dict[str, tuple[Order, ...]] = {
    "bits": ("sequential",),
    "cached": ("sequential",),
    "colors": ("chromatic",),
    "dense": ("sequential",),
    "lanes": ("sequential", "chromatic"),
    "reads": ORDERS,
}
_LEAST_DENSE, _DENSITY = 32, 0.25
_LEAST_BITS = 32  # reads from which bit-slicing wins
_LEAST_DENSE_READS = 24  # reads from which sums over all spins win while it is warm
_MATRIX_SHARE = 0.25  # of the memory, at most, in a full matrix
_MOST_COLORS = 5  # reads up to which a vector over spins beats one over reads
_WIDE_CLASS = 24  # spins of a colour that fill vectors well enough
_LEAST_TEAM = 2**15  # spins that several threads are worth


@dataclass(frozen=True, eq=False)
class Plan:
    """Kernel, order, and the model's form they need."""

    kernel: Kernel
    order: Order
    bits: BitModel | None = None
    coloring: Coloring | None = None

    def for_share(self, share: int, *, named: bool) -> Kernel:
        """The fastest of "lanes", "reads" and "colors" for so many reads a thread.

        They give the same final states, so that this choice has no effect on the result.
        """
        if named or self.kernel != "lanes":
            return self.kernel
        if self.coloring is not None and share <= _MOST_COLORS:
            n, colors = self.coloring.colors.size, max(self.coloring.num_colors, 1)
            if n >= _WIDE_CLASS * colors:
                return "colors"
        return "reads" if share == 1 else "lanes"


def choose(model: Any, *, kernel: str, rule: Rule, order: str, num_reads: int | None) -> Plan:
    """Plan for this model, rule and order and for few or many reads.

    Raises
    ------
    ValueError
        An unknown kernel or order, a kernel that cannot do what is asked for.
    """
    if kernel not in ("auto", *KERNELS):
        raise ValueError(f"kernel must be auto, {', '.join(KERNELS)}, got {kernel!r}")
    if order not in ("auto", *ORDERS):
        raise ValueError(f"order must be auto, {', '.join(ORDERS)}, got {order!r}")
    if kernel != "auto" and order not in ("auto", *_CAN[kernel]):
        can = " or ".join(repr(name) for name in _CAN[kernel])
        raise ValueError(f"kernel {kernel!r} needs order {can}, got {order!r}")
    if kernel == "bits" and rule != "heat-bath":
        raise ValueError(f"kernel 'bits' needs rule 'heat-bath', got {rule!r}")
    if not model.num_spins:
        return Plan("reads", "sequential" if order == "auto" else order)  # type: ignore[arg-type]
    if not isinstance(model, IsingModel):
        return _without_pairs(model, kernel, order)
    plan = _by_weights(model, kernel, rule, order, num_reads)
    if plan is not None:
        return plan
    if kernel in ("dense", "cached"):
        return Plan(kernel, "sequential")  # type: ignore[arg-type]
    if kernel == "auto" and order in _in_order("dense") and _is_dense(model):
        few = num_reads is not None and num_reads < _LEAST_DENSE_READS
        return Plan("cached" if few else "dense", "sequential")
    chosen: Order = "chromatic" if order == "auto" else order  # type: ignore[assignment]
    coloring = first_fit_coloring(model) if chosen == "chromatic" else None
    if kernel == "auto":
        kernel = "lanes" if chosen in _CAN["lanes"] else "reads"
    return Plan(kernel, chosen, coloring=coloring)  # type: ignore[arg-type]


def _without_pairs(model: Any, kernel: str, order: str) -> Plan:
    """Plan for terms of many spins or directed couplings: the order matters, or has no colours."""
    kind = "terms of many spins" if isinstance(model, PolynomialModel) else "directed couplings"
    if kernel not in ("auto", "lanes", "reads"):
        raise ValueError(f"kernel {kernel!r} takes no {kind}; use 'lanes' or 'reads'")
    if order == "chromatic":
        raise ValueError(f"order 'chromatic' takes no {kind}; use 'sequential'")
    chosen: Order = "sequential" if order == "auto" else order  # type: ignore[assignment]
    if kernel == "auto":
        kernel = "lanes" if chosen in _CAN["lanes"] else "reads"
    return Plan(kernel, chosen)  # type: ignore[arg-type]


def _by_weights(
    model: Any, kernel: str, rule: Rule, order: str, num_reads: int | None
) -> Plan | None:
    """The bit-sliced plan, where it is asked for or wins."""
    few = num_reads is not None and num_reads < _LEAST_BITS
    suits = rule == "heat-bath" and order in _in_order("bits")
    if not suits or kernel not in ("auto", "bits") or (kernel == "auto" and few):
        return None
    if kernel == "auto" and np.diff(model.J.indptr).max(initial=0) >= 2 ** (FAST_PLANES + 1):
        return None  # more planes than are fast, whatever the weights
    bits = BitModel.of(model)
    if kernel == "bits" and bits is None:
        raise ValueError("kernel 'bits' needs weights that are small whole multiples of one unit")
    if bits is not None and (kernel == "bits" or bits.is_fast):
        return Plan("bits", "sequential", bits=bits)
    return None


def _in_order(kernel: str) -> tuple[str, ...]:
    return ("auto", *_CAN[kernel])


def _is_dense(model: Any) -> bool:
    """Whether a full matrix is the faster form, and no larger than three times the sparse one."""
    n = model.num_spins
    fits = 8 * n**2 <= _MATRIX_SHARE * memory_bytes()
    return n >= _LEAST_DENSE and bool(model.J.nnz > _DENSITY * n**2) and fits


def law_of(order: Order, *, directed: bool) -> str:
    """What a long run at fixed beta samples, in words."""
    if directed:
        return "not Boltzmann: directed couplings have no energy"
    if order == "synchronous":
        return "not Boltzmann: all spins move at once (Peretto, Biol. Cybern. 50, 51 (1984))"
    if order == "random-subset":
        return "not Boltzmann: spins that move at once; wrong by O(update_fraction)"
    return "Boltzmann"


def num_parts(plan_kernel: Kernel, n: int, num_reads: int | None, threads: int) -> int:
    """Threads that share one read."""
    if plan_kernel != "colors" or n < _LEAST_TEAM:
        return 1
    return max(1, threads // min(num_reads or threads, threads))


def order_code(order: Order) -> int:
    """The number of an order in :mod:`pbit.kernels.sweeps.single`."""
    codes: dict[Order, int] = {
        "random": 1,
        "permutation": 2,
        "random-subset": 3,
        "synchronous": 4,
    }
    return codes.get(order, 0)
