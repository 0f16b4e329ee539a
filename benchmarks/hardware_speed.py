"""How many events a second does an emulated chip make, and what does each imperfection cost?

    python benchmarks/hardware_speed.py [--quick] [--seed 1] [--repeats 5] [--json FILE]
        [--plot FILE]

Periodic cubic lattices of couplings +1 and -1 at beta = 0.7, one read, one thread, from spins at
that temperature; the cases take turns, median over the repeats. Last line of each size: the sampler
without hardware that does the same, single spins in random order (kernel "reads"). --quick leaves
out the largest lattice and makes fewer events.

A decision is a redraw (heat bath, also of the sampler without hardware), a new threshold
(telegraph), a proposal (Arrhenius) or a p-bit in a tick. "ns/dec" is time over decisions, "Mdec/s"
millions of them a second on this one core, "ns/flip" time over flips, "ns/tau" time for one p-bit
to live for one tau, which is what a schedule's sweep takes divided by n. Flips that arrive late go
through a queue. Lags are 0.02 tau.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import numpy as np

from instances import lattice, signs
from pbit import Hardware, IsingModel, Schedule, anneal
from pbit.models.labels import SpinArray
from pbit.run.program import run_model
from pbit.run.request import Request
from record import headline, options, pyplot, write

BETA = 0.7
SIDES = (8, 16, 32, 100)
_QUICK_LARGEST = 32
_TAU_S = 1e-9
_LAG_S = 0.02 * _TAU_S
_UPDATES, _QUICK_UPDATES, _LEAST_SWEEPS = 3_000_000, 500_000, 4
_SETTLING = 200  # sweeps

CHIPS = {
    "heat bath": Hardware(),
    "tau spread 0.5": Hardware(tau_spread=0.5),
    "one delay": Hardware(delay_s=_LAG_S),
    "delay per edge": Hardware(delay_s=_LAG_S, delay_spread=0.3),
    "rc per p-bit": Hardware(rc_s=_LAG_S),
    "rc per edge": Hardware(rc_s=_LAG_S, rc_per="edge", rc_spread=0.3),
    "Arrhenius": Hardware(dynamics="arrhenius"),
    "Arrhenius, delay": Hardware(dynamics="arrhenius", delay_s=_LAG_S),
    "telegraph": Hardware(dynamics="telegraph"),
    "telegraph, rc": Hardware(dynamics="telegraph", rc_s=_LAG_S),
    "ticks 0.1 tau": Hardware(clock="ticks", tick_s=0.1 * _TAU_S),
    "PPSL 0.02 tau": Hardware(dynamics="arrhenius", clock="ticks", tick_s=0.02 * _TAU_S),
    "digital": Hardware(clock="chromatic", lut_bits=8, lfsr_bits=32),
}
WITHOUT = "no hardware"


def one_run(model: IsingModel, name: str, sweeps: int, start: SpinArray, seed: int) -> Any:
    """(seconds, decisions, flips, arrivals)."""
    on_chip = name in CHIPS
    how: dict[str, Any] = (
        {"hardware": CHIPS[name]} if on_chip else {"kernel": "reads", "order": "random"}
    )
    run = run_model(
        model,
        Schedule(np.array([BETA]), sweeps),
        Request(num_threads=1, seed=seed, initial_spins=start, **how),
    )
    counts = [int(x) for x in run.counts] if on_chip else [sweeps * model.num_spins, 0, 0]
    return run.reads().info["timing"]["sampling_ns"] / 1e9, *counts


def measure(side: int, updates: int, seed: int, repeats: int) -> list[dict[str, Any]]:
    """All cases on one lattice, taking turns; the first turn, of a few sweeps, warms up."""
    model = lattice(side, signs, np.random.default_rng(seed))
    n = model.num_spins
    sweeps = max(_LEAST_SWEEPS, updates // n)
    settled = anneal(model, Schedule(np.array([BETA]), _SETTLING), seed=seed).spins
    found: dict[str, list[Any]] = {name: [] for name in (*CHIPS, WITHOUT)}
    for repeat in range(-1, repeats):
        for name, runs in found.items():
            length = _LEAST_SWEEPS if repeat < 0 else _length(name, sweeps)
            outcome = one_run(model, name, length, settled, seed + repeat + 1)
            if repeat >= 0:
                runs.append(outcome)
    return [_row(name, n, _length(name, sweeps), np.array(runs).T) for name, runs in found.items()]


def _length(name: str, sweeps: int) -> int:
    """Sweeps; PPSL looks at every p-bit in each of its many ticks."""
    return max(_LEAST_SWEEPS, sweeps // 20) if name.startswith("PPSL") else sweeps


def _row(name: str, n: int, sweeps: int, runs: Any) -> dict[str, Any]:
    seconds, decisions, flips, arrivals = runs
    each = 1e9 * seconds / decisions
    return {
        "case": name,
        "spins": n,
        "sweeps": sweeps,
        "ns_per_decision": float(np.median(each)),
        "fastest": float(each.min()),
        "slowest": float(each.max()),
        "decisions_per_s": float(np.median(decisions / seconds)),
        "flips_per_decision": float(flips.sum() / decisions.sum()),
        "arrivals_per_flip": float(arrivals.sum() / flips.sum()) if flips.any() else None,
        "ns_per_flip": float(np.median(1e9 * seconds / flips)) if flips.all() else None,
        "ns_per_tau": float(np.median(1e9 * seconds / (n * sweeps))),
    }


def line(r: dict[str, Any]) -> str:
    """80 columns."""
    flip = "-" if r["ns_per_flip"] is None else f"{r['ns_per_flip']:.0f}"
    return (
        f"{r['spins']:>8} {r['case']:<17}{r['ns_per_decision']:>7.1f}"
        f"{r['fastest']:>8.1f} -{r['slowest']:>7.1f}{r['decisions_per_s'] / 1e6:>8.2f}{flip:>9}"
        f"{r['ns_per_tau']:>9.1f}"
    )


def draw(rows: list[dict[str, Any]], path: Path) -> None:
    """Time a decision over the number of p-bits."""
    plt = pyplot()
    figure, panel = plt.subplots(figsize=(7.5, 4.8), layout="constrained")
    for k, name in enumerate(dict.fromkeys(r["case"] for r in rows)):
        ours = [r for r in rows if r["case"] == name]
        x, y, low, high = (
            np.array([r[key] for r in ours])
            for key in ("spins", "ns_per_decision", "fastest", "slowest")
        )
        style = (
            {"color": "k", "ls": "--"} if name == WITHOUT else {"color": plt.get_cmap("tab20")(k)}
        )
        panel.errorbar(
            x, y, (y - low, high - y), marker="osD^v<>"[k % 7], ms=4, capsize=2, label=name, **style
        )
    panel.set_xscale("log")
    panel.set_yscale("log")
    panel.set_xlabel("p-bits")
    panel.set_ylabel("ns a decision (median, fastest to slowest)")
    panel.grid(alpha=0.3, which="both")
    panel.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    figure.savefig(path, dpi=150)


@click.command()
@options
@click.option("--quick", is_flag=True, help="Shorter, up to 32768 p-bits.")
def main(
    seed: int, repeats: int, json_file: Path | None, plot_file: Path | None, quick: bool
) -> None:
    """Print time an event on growing lattices."""
    click.echo(headline(f"one thread, one read, beta {BETA}, median of {repeats}, seed {seed}"))
    click.echo("  p-bits case              ns/dec  fastest-slowest   Mdec/s  ns/flip   ns/tau")
    rows = []
    for side in SIDES:
        if quick and side > _QUICK_LARGEST:
            continue
        found = measure(side, _QUICK_UPDATES if quick else _UPDATES, seed, repeats)
        rows += found
        click.echo("\n".join(map(line, found)))
    if json_file is not None:
        write(json_file, "hardware_speed", rows, seed=seed, repeats=repeats, quick=quick)
    if plot_file is not None:
        draw(rows, plot_file)


if __name__ == "__main__":
    main()
