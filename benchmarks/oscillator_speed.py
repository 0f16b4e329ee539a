"""How many Heun steps a second do coupled oscillators make, next to numpy and scipy?

    python benchmarks/oscillator_speed.py [--steps 1e7] [--seed 1] [--repeats 5] [--json FILE]
        [--plot FILE]

Networks all to all of 10, 100 and 1000 oscillators, and one of 800 with 19 176 random pairs, as G1
has; phases alone with a second harmonic, and auto-oscillators with amplitudes; noise in every step;
one thread; one read, and 32 side by side. Beside them the same equation as numpy has it, reads side
by side in matrix products (scipy's for the sparse network), normal numbers by numpy's generator.
Speed is steps of all oscillators in all reads a second of the
processor; ours runs ten
times as many steps with many reads. "quality" is the mean at the end of L per
oscillator for phases, of the power for amplitudes: the same for both but for noise.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
from scipy import sparse
from threadpoolctl import threadpool_limits

from pbit.devices.oscillator import AutoOscillator
from pbit.networks.oscillators import OscillatorNetwork, PhaseNetwork
from record import headline, options, pyplot, write

STEP, HARMONIC, NOISE = 0.05, 0.3, 0.02
READS = (1, 32)
ONE = AutoOscillator(
    frequency_Hz=100 / (2 * math.pi),
    damping_Hz=1 / (2 * math.pi),
    shift_Hz=-1 / (2 * math.pi),
    threshold_A=1.0,
    noise_Hz=NOISE / (2 * math.pi),
)


@dataclass(frozen=True)
class Row:
    """Steps a second, median and range, and what came out."""

    network: str
    kind: str
    reads: int
    code: str
    steps_per_s: float
    slowest: float
    fastest: float
    quality: float


def networks(seed: int) -> dict[str, Any]:
    """Symmetric couplings of strength 1 an oscillator, by name."""
    found: dict[str, Any] = {}
    for n in (10, 100, 1000):
        weights = np.random.default_rng([seed, n]).normal(size=(n, n)) / math.sqrt(2 * n)
        found[f"all to all {n}"] = weights + weights.T - 2 * np.diag(np.diag(weights))
    rng = np.random.default_rng([seed, 800])
    pairs = rng.choice(800 * 799 // 2, 19176, replace=False)
    rows, columns = (side[pairs] for side in np.triu_indices(800, 1))
    half = sparse.coo_array((rng.choice([-1.0, 1.0], 19176) / 7, (rows, columns)), (800, 800))
    found["sparse 800"] = sparse.csr_array(half + half.T)
    return found


def ours(couplings: Any, kind: str, *, reads: int, steps: int, seed: int) -> float:
    """Our quality."""
    common: dict[str, Any] = {"num_reads": reads, "seed": seed}
    if kind == "phases":
        network = PhaseNetwork(couplings, second_harmonic=HARMONIC, noise=NOISE)
        end = network.run(steps * STEP, time_step=STEP, **common).phases[:, -1]
        return float(network.lyapunov(end).mean() / network.n)
    pair = OscillatorNetwork(ONE, couplings)
    return float(pair.run(steps * STEP, 2.0, time_step_s=STEP, **common).powers.mean())


def numpys(couplings: Any, kind: str, *, reads: int, steps: int, seed: int) -> float:
    """Numpy's quality."""
    rng = np.random.default_rng(seed)
    start = rng.uniform(-math.pi, math.pi, (couplings.shape[0], reads))
    if kind == "phases":
        network = PhaseNetwork(couplings, second_harmonic=HARMONIC)
        end = _heun(start, _phase_slope(couplings), math.sqrt(2 * NOISE), steps=steps, rng=rng)
        return float(network.lyapunov(end.T).mean() / network.n)
    c = math.sqrt(0.4) * np.exp(1j * start)
    end = _heun(c, _amplitude_slope(couplings), math.sqrt(NOISE), steps=steps, rng=rng)
    return float((np.abs(end) ** 2).mean())


def _phase_slope(couplings: Any) -> Callable[[Any], Any]:
    def slope(phases: Any) -> Any:
        sine, cosine = np.sin(phases), np.cos(phases)
        inward = couplings @ cosine + 2 * HARMONIC * cosine
        return cosine * (couplings @ sine) - sine * inward

    return slope


def _amplitude_slope(couplings: Any) -> Callable[[Any], Any]:
    """In the frame of free oscillators at twice the threshold."""

    def slope(c: Any) -> Any:
        power = np.abs(c) ** 2
        return (2 * (1 - power) - 1 - 0.5 * power + 1j * (power - 0.4)) * c + couplings @ c

    return slope


def _heun(state: Any, slope: Callable[[Any], Any], noise: float, *, steps: int, rng: Any) -> Any:
    for _ in range(steps):
        kick = rng.normal(size=state.shape)
        if np.iscomplexobj(state):
            kick = kick + 1j * rng.normal(size=state.shape)
        kick *= noise * math.sqrt(STEP)
        first = slope(state)
        second = slope(state + STEP * first + kick)
        state = state + STEP / 2 * (first + second) + kick
    return state


def measure(
    name: str, couplings: Any, *, kind: str, reads: int, code: str, steps: float, how: list[int]
) -> Row:
    """One row; how: the seeds of its repeats."""
    call: Callable[..., float] = ours if code == "pbit" else numpys
    n = couplings.shape[0]
    many = code == "pbit" and reads > 1
    work = steps * (1.0 if many else 0.1) * min(1.0, 200 / _degree(couplings))
    number = max(20, int(work / (n * reads)))
    call(couplings, kind, reads=reads, steps=3, seed=0)
    rates, found = [], []
    for seed in how:
        begin = time.process_time()
        found.append(call(couplings, kind, reads=reads, steps=number, seed=seed))
        rates.append(n * reads * number / (time.process_time() - begin))
    middle = float(np.median(rates))
    return Row(name, kind, reads, code, middle, min(rates), max(rates), float(np.mean(found)))


def _degree(couplings: Any) -> float:
    """Couplings an oscillator."""
    return float(sparse.csr_array(couplings).nnz / couplings.shape[0])


def draw(rows: list[dict[str, Any]], path: Path) -> None:
    """Bars of speed, a group a network."""
    plt = pyplot()
    figure, panels = plt.subplots(1, 2, figsize=(9, 4), layout="constrained", sharey=True)
    for panel, kind in zip(panels, ("phases", "amplitudes"), strict=True):
        chosen = [r for r in rows if r["kind"] == kind]
        names = list(dict.fromkeys(r["network"] for r in chosen))
        lines = list(dict.fromkeys((r["code"], r["reads"]) for r in chosen))
        for k, (code, reads) in enumerate(lines):
            values = [r["steps_per_s"] for r in chosen if (r["code"], r["reads"]) == (code, reads)]
            places = np.arange(len(names)) + 0.2 * (k - 1.5)
            panel.bar(places, values, 0.2, label=f"{code}, reads: {reads}")
        panel.set_yscale("log")
        panel.set_xticks(np.arange(len(names)), names, fontsize=8)
        panel.set_title(kind)
        panel.grid(alpha=0.3, axis="y")
    panels[0].set_ylabel("oscillator-steps a second, one thread")
    panels[0].legend(fontsize=8)
    figure.savefig(path, dpi=150)


@click.command()
@options
@click.option("--steps", default=1e7, show_default=True, type=click.FloatRange(1e4))
def main(
    seed: int, repeats: int, json_file: Path | None, plot_file: Path | None, steps: float
) -> None:
    """Print oscillator-steps a second of phases and amplitudes."""
    what = f"one thread, median of {repeats}, seed {seed}, steps of 0.05, noise in each"
    click.echo(headline(what))
    click.echo("network         kind        reads code   Msteps/s  slowest  fastest  quality")
    rows: list[dict[str, Any]] = []
    seeds = [seed + k for k in range(repeats)]
    with threadpool_limits(1):
        for name, couplings in networks(seed).items():
            for kind in ("phases", "amplitudes"):
                for reads in READS:
                    for code in ("pbit", "numpy"):
                        how: dict[str, Any] = {"kind": kind, "reads": reads, "code": code}
                        r = measure(name, couplings, steps=steps, how=seeds, **how)
                        rows.append(asdict(r))
                        click.echo(
                            f"{name:<16}{kind:<12}{reads:>5} {code:<6}"
                            f"{r.steps_per_s / 1e6:>9.3g}{r.slowest / 1e6:>9.3g}"
                            f"{r.fastest / 1e6:>9.3g}{r.quality:>9.3f}"
                        )
    if json_file is not None:
        write(json_file, "oscillator_speed", rows, seed=seed, repeats=repeats, steps=steps)
    if plot_file is not None:
        draw(rows, plot_file)


if __name__ == "__main__":
    main()
