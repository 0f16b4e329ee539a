"""How large a product of two primes do p-bits split, in what time?

Three networks of ``pbit.problems.factoring`` on the same semiprimes, whose two primes have half the
bits each; neal on the couplings of the multiplier, with its shapes and turns, a call in each
thread; and trial division by odd numbers, compiled, as the classical measure. Methods know neither
the lengths of the factors nor each other's answers. One that finds less than half of the numbers of
one length is not tried on longer ones.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import click
import numpy as np
from numba import njit

from pbit.machine import available_threads
from pbit.problems.factoring import Factoring, factor, shapes_of
from pbit.problems.factoring.primality import is_prime
from record import headline, pyplot, write

METHODS = ("cost", "columns", "multiplier", "neal", "division")
_NEAL_UPDATES = 2_000_000  # a call; it cannot be stopped
_NEAL_BETAS = (1.3, 1.6)  # colder than ours: it returns last states, not the lowest seen


def prime(bits: int, rng: np.random.Generator) -> int:
    """A random prime of this length."""
    while True:
        p = int(rng.integers(2 ** (bits - 1), 2**bits)) | 1
        if is_prime(p):
            return p


def semiprime(bits: int, rng: np.random.Generator) -> int:
    """Product of this length of two different random primes of half the length."""
    while True:
        p, q = prime(bits // 2, rng), prime(bits // 2, rng)
        if p != q and (p * q).bit_length() == bits:
            return p * q


def ours(method: str) -> Callable[..., dict[str, Any]]:
    """A search with one of our networks."""

    def search(n: int, *, seed: int, time_limit: float, threads: int) -> dict[str, Any]:
        result = factor(
            n,
            method=method,  # type: ignore[arg-type]
            seed=seed,
            time_limit_s=time_limit,
            num_threads=threads,
        )
        return {
            "found": result.factors is not None,
            "seconds": result.seconds,
            "updates": result.updates,
            "p_bits": result.p_bits,
            "terms": result.terms,
        }

    return search


class Neal:
    """neal on multipliers: all shapes in turn as our own search takes them, a call at a time."""

    def __init__(self, n: int, seed: int) -> None:
        self.n, self.rng = n, np.random.default_rng(seed)
        shapes = (Factoring(n, *shape) for shape in shapes_of(n))
        self.problems = [problem for problem in shapes if problem.is_possible]
        self.bqms: dict[int, Any] = {}
        self.updates = self.p_bits = self.terms = 0
        self.calls = self._calls()
        self.lock = threading.Lock()

    def _calls(self) -> Any:
        turn = 0
        while True:
            for index in range(len(self.problems)):
                if turn % (index + 1) == 0:
                    yield index, 250 * (turn + 1), int(self.rng.integers(2**31))
            turn += 1

    def call(self) -> bool:
        """Whether one call of neal found the factors."""
        import neal

        with self.lock:
            index, sweeps, seed = next(self.calls)
            problem = self.problems[index]
            bqm = self.bqms.setdefault(index, problem.model.to_bqm())
        reads = max(1, _NEAL_UPDATES // (sweeps * max(1, bqm.num_variables)))
        found = neal.SimulatedAnnealingSampler().sample(
            bqm, num_reads=reads, num_sweeps=sweeps, beta_range=list(_NEAL_BETAS), seed=seed
        )
        with self.lock:
            self.updates += reads * sweeps * bqm.num_variables
            if bqm.num_variables > self.p_bits:
                self.p_bits, self.terms = bqm.num_variables, problem.num_terms
        order = [list(found.variables).index(label) for label in problem.model.labels]
        states = found.record.sample[:, order]
        return any(problem.check(answer) for answer in problem.decode_reads(states))


def neal_search(n: int, *, seed: int, time_limit: float, threads: int) -> dict[str, Any]:
    """A search with neal; a call that is under way at the limit is waited for, but not counted."""
    begin = time.perf_counter()
    search = Neal(n, seed)
    ends: list[float] = []

    def work(_: int) -> None:
        while not ends and time.perf_counter() - begin < time_limit:
            if search.call():
                ends.append(time.perf_counter() - begin)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(threads)))
    found = bool(ends) and ends[0] <= time_limit
    return {
        "found": found,
        "seconds": ends[0] if found else time_limit,
        "updates": search.updates,
        "p_bits": search.p_bits,
        "terms": search.terms,
    }


@njit(cache=True)  # type: ignore[untyped-decorator]
def least_factor(n: Any) -> Any:
    """By trial division."""
    d = np.uint64(3)
    while n % d:
        d += np.uint64(2)
    return d


def division(n: int, *, seed: int, time_limit: float, threads: int) -> dict[str, Any]:
    """Trial division, one thread."""
    begin = time.perf_counter()
    d = int(least_factor(np.uint64(n)))
    seconds = time.perf_counter() - begin
    sizes = {"updates": d // 2, "p_bits": 0, "terms": 0}
    return {"found": n % d == 0, "seconds": seconds, **sizes}


SEARCHES: dict[str, Callable[..., dict[str, Any]]] = {
    **{name: ours(name) for name in METHODS[:3]},
    "neal": neal_search,
    "division": division,
}


def measure(method: str, bits: int, numbers: Sequence[int], task: dict[str, Any]) -> dict[str, Any]:
    """One row: a method on all numbers of one length."""
    runs = [
        SEARCHES[method](n, **(task | {"seed": task["seed"] + index}))
        for index, n in enumerate(numbers)
    ]
    seconds = [run["seconds"] if run["found"] else np.inf for run in runs]
    # Order statistics, as a search that failed has no time.
    low, median, high = np.quantile(seconds, [0.25, 0.5, 0.75], method="inverted_cdf")
    updates = [run["updates"] for run in runs]
    return {
        "method": method,
        "bits": bits,
        "numbers": list(numbers),
        "found": sum(run["found"] for run in runs),
        "median_s": float(median),
        "quartiles_s": [float(low), float(high)],
        "longest_s": float(max(seconds)),
        "median_updates": float(np.median(updates)),
        "p_bits": runs[0]["p_bits"],
        "terms": runs[0]["terms"],
        "runs": runs,
    }


def line(row: dict[str, Any]) -> str:
    """A row of the table."""
    return (
        f"{row['bits']:>4} {row['method']:<11}{row['p_bits']:>6}{row['terms']:>8}"
        f"{row['found']:>6}/{len(row['numbers']):<3}{row['median_s']:>10.3g}"
        f"{row['longest_s']:>10.3g}{row['median_updates']:>11.3g}"
    )


def growth(rows: Sequence[dict[str, Any]], method: str) -> str | None:
    """Least squares of log2(median updates) over bits, where half the numbers were split.

    Lengths that the first turn of a search does say nothing about growth and are left out.
    """
    whole = [r for r in rows if r["method"] == method and np.isfinite(r["median_s"])]
    least = min((r["median_updates"] for r in whole), default=0)
    whole = [r for r in whole if r["median_updates"] > 30 * least]
    if len(whole) < 3:
        return None
    bits = [r["bits"] for r in whole]
    slope = np.polyfit(bits, np.log2([r["median_updates"] for r in whole]), 1)[0]
    what = "divisions" if method == "division" else "updates"
    return (
        f"{method}: median {what} x{2 ** (4 * slope):.1f} every 4 bits, 2^({slope:.2f} n), "
        f"over {bits[0]} to {bits[-1]} bits"
    )


def draw(rows: Sequence[dict[str, Any]], path: Path, time_limit: float) -> None:
    """Fraction found and median time over bits."""
    plt = pyplot()
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.2), layout="constrained")
    for method, marker in zip(METHODS, "osD^v", strict=True):
        mine = [row for row in rows if row["method"] == method]
        bits = [row["bits"] for row in mine]
        fractions = [row["found"] / len(row["numbers"]) for row in mine]
        left.plot(bits, fractions, marker=marker, label=method, alpha=0.8)
        timed = [(row["bits"], row["median_s"]) for row in mine if np.isfinite(row["median_s"])]
        if timed:
            right.semilogy(*zip(*timed, strict=True), marker=marker, label=method, alpha=0.8)
    left.set_ylabel(f"fraction split in {time_limit:g} s")
    right.set_ylabel("median time (s)")
    for panel in (left, right):
        panel.set_xlabel("bits of the product")
        panel.grid(alpha=0.3, which="both")
    left.legend()
    figure.savefig(path, dpi=150)


def _bits(_: Any, __: Any, text: str) -> list[int]:
    try:
        bits = [int(part) for part in text.split(",")]
    except ValueError:
        bits = []
    if not bits or any(b % 2 or not 8 <= b <= 64 for b in bits):
        raise click.BadParameter(f"must be even numbers from 8 to 64, as 16,20,24; got {text!r}")
    return bits


_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0))
@click.option(
    "--instances", "--repeats", default=7, show_default=True, type=click.IntRange(1),
    help="Semiprimes of each length.",
)  # fmt: skip
@click.option("--bits", default="16,20,24,28,32,40,48,56", show_default=True, callback=_bits)
@click.option(
    "--methods", "methods", multiple=True, type=click.Choice(METHODS), help="All by default."
)
@click.option("--time-limit", default=60.0, show_default=True, type=click.FloatRange(0.1))
@click.option("--threads", type=click.IntRange(1), help="All processors by default.")
@click.option("--json", "json_file", type=_FILE, help="Write the rows into this file.")
@click.option("--plot", "plot_file", type=_FILE, help="Draw the rows into this file.")
def main(
    seed: int, instances: int, bits: list[int], methods: tuple[str, ...], time_limit: float,
    threads: int | None, json_file: Path | None, plot_file: Path | None,
) -> None:  # fmt: skip
    """Print how many semiprimes of growing length are split, and in what time."""
    chosen = methods or METHODS
    task = {"seed": seed, "time_limit": time_limit, "threads": threads or available_threads()}
    what = f"{instances} semiprimes a length, {time_limit:g} s each, {task['threads']} threads"
    click.echo(headline(f"{what}, seed {seed}"))
    click.echo("bits method     p-bits   terms  found     median s longest s    updates")
    for method in chosen:
        SEARCHES[method](3 * 5, **task)  # compiles
    rows: list[dict[str, Any]] = []
    ended: set[str] = set()
    for length in bits:
        rng = np.random.default_rng([seed, length])
        numbers = [semiprime(length, rng) for _ in range(instances)]
        for method in chosen:
            if method in ended:
                continue
            rows.append(measure(method, length, numbers, task))
            click.echo(line(rows[-1]))
            if rows[-1]["found"] < instances / 2:
                ended.add(method)
    for method in chosen:
        text = growth(rows, method)
        if text is not None:
            click.echo(text)
    if json_file is not None:
        details = {"seed": seed, "instances": instances, "time_limit_s": time_limit}
        write(json_file, "factoring", rows, **details, threads=task["threads"])
    if plot_file is not None:
        draw(rows, plot_file, time_limit)


if __name__ == "__main__":
    main()
