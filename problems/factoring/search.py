"""Two factors of a number, from one of three networks of p-bits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, cast, get_args

from pbit.checks import ArgumentError
from pbit.machine import available_threads
from pbit.problems.factoring.annealing import search_annealing
from pbit.problems.factoring.batches import search_cost
from pbit.problems.factoring.factors import FactorProgress, FactorResult, Method
from pbit.problems.factoring.primality import WITNESS_BOUND, is_prime
from pbit.problems.factoring.product_search import MAX_BITS
from pbit.problems.factoring.shapes import check_integer
from pbit.problems.factoring.task import Task
from pbit.seeds import seed_or_fresh


def factor(
    n: int,
    *,
    method: Method | Literal["auto"] = "auto",
    time_limit_s: float | None = 60.0,
    seed: int | None = None,
    num_threads: int | None = None,
    interrupt: Callable[[], bool] | None = None,
    progress: Callable[[FactorProgress], None] | None = None,
) -> FactorResult:
    """Two factors of n from p-bit states, one network for each pair of bit lengths.

    The classical steps: n is split by its parity if it is even and tested for primality, which
    gives a prime a plain answer; the p-bit states are verified by multiplication. "columns" takes
    bounds of carries and the parity of one column from n as well (see
    :class:`~pbit.problems.factoring.columns.Columns`). n is never divided, and no gcd is taken.

    Parameters
    ----------
    n : int
        >= 1.
    method : {"auto", "cost", "columns", "multiplier"}
        "cost": the energy (XY - n)^2, up to 64 bits, by far the fastest
        (:class:`~pbit.problems.factoring.cost.ProductCost`); "columns": the columns of the long
        multiplication, a square for each block of them; "multiplier": a circuit of ANDs and adders
        (:class:`~pbit.problems.factoring.multiplier.Factoring`). "auto": cost up to 64 bits, else
        multiplier.
    time_limit_s : float or None
        Wall-clock seconds, compilation apart; None: no limit.
    seed : int, optional
        The result depends on n, method and seed alone unless the limit or an interrupt cuts the
        search.
    num_threads : int, optional
        All processors by default.
    interrupt : callable, optional
        Polled about twenty times a second; a true value ends the search.
    progress : callable, optional
        Called with a :class:`FactorProgress` before anything is compiled and about twenty times a
        second from then on.

    Raises
    ------
    TypeError, ValueError
        An argument that is no number or out of range, no such method, n too large for "cost".

    Examples
    --------
    >>> result = factor(4292870399, seed=1)
    >>> result.factors, result.method, result.p_bits
    ((65519, 65521), 'cost', 28)
    """
    check_integer("n", n, least=1)
    if time_limit_s is not None and not time_limit_s > 0:
        raise ArgumentError("time_limit_s", "must be > 0", time_limit_s, remedy="None is no limit")
    if num_threads is not None:
        check_integer("num_threads", num_threads, least=1)
    seed = seed_or_fresh(seed, bits=63)
    chosen = _method_for(n, method)
    plain = _without_pbits(n, seed)
    if plain is not None:
        return plain
    _check_fits(n, chosen)
    task = Task(
        n=n,
        method=chosen,
        seed=seed,
        time_limit_s=time_limit_s,
        num_threads=num_threads or available_threads(),
        interrupt=interrupt,
        progress=progress,
    )
    search = search_cost if chosen == "cost" else search_annealing
    return search(task)


def _method_for(n: int, method: str) -> Method:
    if method == "auto":
        return "cost" if n.bit_length() <= MAX_BITS else "multiplier"
    if method not in get_args(Method):
        raise ArgumentError(
            "method",
            "must be 'auto', 'cost', 'columns' or 'multiplier'",
            method,
            remedy="'auto' takes the fastest",
        )
    return cast(Method, method)


def _check_fits(n: int, method: Method) -> None:
    if method == "cost" and n.bit_length() > MAX_BITS:
        raise ArgumentError(
            "n",
            f"must have at most {MAX_BITS} bits with method 'cost', whose products are "
            "kept in 64-bit words",
            n.bit_length(),
            remedy="use method 'multiplier'",
        )


def _without_pbits(n: int, seed: int) -> FactorResult | None:
    if n == 1:
        return FactorResult(n, None, 0, 0, 0.0, seed, "one")
    if n > 2 and n % 2 == 0:
        return FactorResult(n, (2, n // 2), 0, 0, 0.0, seed, "even")
    if n < WITNESS_BOUND and is_prime(n):
        return FactorResult(n, None, 0, 0, 0.0, seed, "prime")
    return None
