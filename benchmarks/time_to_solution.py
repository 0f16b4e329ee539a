"""How long each solver takes to find the best known energies of public instances.

One thread each, the same instances in the same run, one solver after the other on each instance.
Reads of a fixed length (neal, openjij, ferrotherm and our annealing) are made at several numbers
of sweeps, the best of which is chosen for the whole set on one half of the reads and reported from
the other; solvers that stop at a target are run until then, or for the time limit. What is reported
is the time to 99 % success, its median over the instances with a 95 % interval over reads and
instances, the ratio to the quickest, and in how many instances it was never successful. Reads are
timed by whole calls; in seconds of the processor, since other work on the machine is not theirs,
unless --clock says otherwise.

Peers, where installed: neal (dwave-neal) with its own range of temperatures; tabu (dwave-samplers)
with its defaults, stopping at the target; openjij's SASampler with its own range; ferrotherm's
cluster_anneal (parallel tempering with cluster moves, 16 temperatures), a "sweep" being a round.

PBIT_DATA is the folder of the sets (see instance_sets.py).
"""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import Any

import click
import dimod
import numpy as np

from instance_sets import SETS, load
from pbit.measure.tts.comparison import compare_solvers
from pbit.measure.tts.durations import interval_text, seconds_text
from pbit.measure.tts.time_to_solution import TimeToSolution
from pbit.solvers.registry import solver_names
from pbit.statistics import performance_profile
from peers import module
from record import headline, options, pyplot, write

_ROUNDS = (30, 100, 300, 1000, 3000)


class OpenJij:
    """OpenJij's simulated annealing; without a seed, which would make all reads alike."""

    def __init__(self) -> None:
        self._openjij = module("openjij")
        self._sampler = self._openjij.SASampler()
        self.parameters: dict[str, Any] = {"num_reads": [], "num_sweeps": []}

    def sample(self, bqm: Any, num_reads: int, num_sweeps: int) -> Any:
        """A dimod SampleSet."""
        spins = bqm.change_vartype("SPIN", inplace=False)
        model = self._openjij.BinaryQuadraticModel(
            dict(spins.linear), dict(spins.quadratic), spins.offset, "SPIN", sparse=True
        )
        found = self._sampler.sample(model, num_reads=num_reads, num_sweeps=num_sweeps)
        states = np.asarray(found.record.sample), list(found.variables)
        return dimod.SampleSet.from_samples_bqm(states, spins)


class ClusterAnneal:
    """Ferrotherm's parallel tempering with cluster moves; a sweep is a round of all lengths."""

    def __init__(self) -> None:
        self._ferrotherm = module("ferrotherm")
        self._sim: Any = None
        self._bqm: Any = None
        self.parameters: dict[str, Any] = {"num_reads": [], "num_sweeps": [], "seed": []}

    def sample(self, bqm: Any, num_reads: int, num_sweeps: int, seed: int) -> Any:
        """A dimod SampleSet."""
        if bqm is not self._bqm:
            self._build(bqm, seed)
        rng, states = np.random.default_rng(seed), []
        for _ in range(num_reads):
            self._sim.spins = rng.choice([-1, 1], self._spins.num_variables).tolist()
            self._sim.cluster_anneal(rounds=num_sweeps)
            states.append(np.asarray(self._sim.spins, dtype=np.int8))
        return dimod.SampleSet.from_samples_bqm((np.stack(states), self._labels), self._spins)

    def _build(self, bqm: Any, seed: int) -> None:
        self._bqm, self._spins = bqm, bqm.change_vartype("SPIN", inplace=False)
        self._labels = list(self._spins.variables)
        place = {label: k for k, label in enumerate(self._labels)}
        model = self._ferrotherm.Model(len(self._labels))
        model.couple_many(
            [(place[a], place[b], -float(J)) for (a, b), J in self._spins.quadratic.items()]
        )
        for label, h in self._spins.linear.items():
            model.bias(place[label], -float(h))
        self._sim = model.build(1.0, seed % 2**31)


def samplers(names: list[str], sweeps: list[int] | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Samplers and their own keywords by name; peers that are not installed are left out."""
    found: dict[str, Any] = {}
    keywords: dict[str, Any] = {name: {} for name in names}
    for name in names:
        if name in solver_names():
            found[name] = name
        elif name == "tabu":
            from dwave.samplers import TabuSampler

            found[name] = TabuSampler()
        elif name == "openjij" and module("openjij"):
            found[name] = OpenJij()
        elif name == "ferrotherm" and module("ferrotherm"):
            found[name] = ClusterAnneal()
            keywords[name] = {"num_sweeps": _ROUNDS}
        elif name not in ("openjij", "ferrotherm"):
            raise click.UsageError(f"--solvers must be among {', '.join(PEERS)}, got {name}")
    if sweeps is not None:
        for own in keywords.values():
            own.setdefault("num_sweeps", sweeps)
    return found, keywords


PEERS = (*solver_names(), "tabu", "openjij", "ferrotherm")


def lines(results: dict[str, TimeToSolution]) -> list[str]:
    """The table: solvers, then the number of sweeps of each."""
    best = min(result.tts.value for result in results.values())
    found = [
        f"{'solver':<10} {'solved':>7} {'median':>8} {'95 % interval':<18} {'ratio':>6} "
        f"{'best':>4}  by"
    ]
    profile = performance_profile({name: result.times() for name, result in results.items()})
    for (name, result), first in zip(results.items(), profile.at(1.0), strict=True):
        value = result.tts.value
        by = "/".join(map(str, dict.fromkeys(result.num_sweeps)))
        by = f"{by} sweeps" if by else result.measured_by
        by += "+" if result.at_edge and result.num_sweeps else ""
        found.append(
            f"{name:<10} {f'{result.solved}/{len(result.instances)}':>7} {seconds_text(value):>8} "
            f"{interval_text(result.tts):<18} "
            f"{f'{value / best:.3g}' if np.isfinite(value) else '-':>6} {first:>4.0%}  {by}"
        )
    cores = ", ".join(f"{name} {result.cores:.2f}" for name, result in results.items())
    found += ["", "ratio: to the quickest; best: part of the instances on which it is the quickest"]
    found += [
        "+: the first or last of --sweeps, so that others might be better",
        f"cores in use: {cores}",
    ]
    for name, result in results.items():
        if not result.lengths:
            continue
        found += ["", f"{name:<11} sweeps   a read   success  solved   median  interval"]
        for each in result.lengths:
            found.append(
                f"{each.num_sweeps:>18} {seconds_text(each.read_s):>8} {each.success:>9.3%} "
                f"{each.solved:>7} {seconds_text(each.tts.value):>8}  {interval_text(each.tts)}"
            )
    return found


def draw(results: dict[str, TimeToSolution], path: Path) -> None:
    """Performance profile."""
    plt = pyplot()
    profile = performance_profile({name: result.times() for name, result in results.items()})
    finite = profile.ratios[np.isfinite(profile.ratios)]
    end = 2 * max(2.0, float(finite.max(initial=1.0)))
    figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
    for name, ratios in zip(profile.solvers, profile.ratios, strict=True):
        steps = np.sort(ratios[np.isfinite(ratios)])
        x = np.concatenate([[1.0], steps, [end]])
        y = np.concatenate([[0.0], np.arange(1, steps.size + 1), [steps.size]]) / ratios.size
        axes.step(x, 100 * y, where="post", label=name)
    axes.set_xscale("log")
    axes.set_xlabel("time to 99 % success / that of the quickest solver")
    axes.set_ylabel("instances solved within that (%)")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(path, dpi=150)


@click.command()
@options
@click.option("--set", "name", type=click.Choice(sorted(SETS)), default="ea3d", show_default=True)
@click.option("--size", default=8, show_default=True, help="Of the set's own kind; 0 for any.")
@click.option("--instances", default=10, show_default=True, type=click.IntRange(1))
@click.option("--first", default=0, show_default=True, type=click.IntRange(0))
@click.option("--solvers", default="pbit,neal", show_default=True, help=", ".join(PEERS))
@click.option("--sweeps", default="300,1000,3000,10000,30000", show_default=True,
              help="Of those measured by reads, with commas.")  # fmt: skip
@click.option("--time-limit", default=10.0, show_default=True, help="Seconds of a run to a target.")
@click.option("--budget", default=20.0, show_default=True,
              help="Seconds a solver on an instance, shared by its --sweeps.")  # fmt: skip
@click.option("--clock", type=click.Choice(["wall", "cpu", "sampling"]), default="cpu",
              show_default=True)  # fmt: skip
def main(
    seed: int, repeats: int, json_file: Path | None, plot_file: Path | None, name: str, size: int,
    instances: int, first: int, solvers: str, sweeps: str, time_limit: float, budget: float,
    clock: str,
) -> None:  # fmt: skip
    """Print times to solution of solvers on a set; --repeats runs of those that hit targets."""
    names = list(dict.fromkeys(part.strip() for part in solvers.split(",")))
    found, keywords = samplers(names, [int(part) for part in sweeps.split(",")])
    cases = load(name, size, first=first, count=instances)
    left_out = [each for each in names if each not in found]
    what = f"{name}, size {size}: {len(cases)} instances, one thread, {clock} clock, seed {seed}"
    click.echo(headline(what))
    if left_out:
        click.echo(f"not installed: {', '.join(left_out)}")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    results = compare_solvers(
        found, cases, num_reads=10**6, num_runs=max(2, repeats), time_limit=time_limit,
        budget=budget * len(found) * len(cases), clock=clock, seed=seed,  # type: ignore[arg-type]
        keywords=keywords, interrupt=stop.is_set,
        started=lambda who, where: click.echo(f"{who} on {where}", err=True),
    )  # fmt: skip
    click.echo("\n".join(lines(results)))
    if stop.is_set():
        click.echo("interrupted")
    if json_file is not None:
        rows = [result.to_dict() for result in results.values()]
        write(json_file, "time_to_solution", rows, set=name, size=size, seed=seed, clock=clock,
              repeats=repeats, time_limit_s=time_limit, budget_s=budget)  # fmt: skip
    if plot_file is not None:
        draw(results, plot_file)


if __name__ == "__main__":
    main()
