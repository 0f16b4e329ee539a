r"""What do the spread and the linewidth of real oscillators cost an Ising machine?

    python benchmarks/oscillator_spread.py [--seed 1] [--repeats 20] [--json FILE] [--plot FILE]

Maximum cut of random graphs of 60 vertices, each pair joined with probability 0.2. A success is a
read that ends in the best cut known, that of 1000 annealing reads; no descent follows. Spreads of
the frequencies (standard deviations) and linewidths are in parts of the coupling's rate over 2 pi,
:math:`f_c \sqrt{1 + \nu^2}`, which is what the phases see; the machine adds no noise of its own
making. --repeats machines, each with a graph and oscillators of its own; errors are standard errors
over these. The last table is the machine in its complex form, without a reduction to phases, for
couplings that are slow and fast beside the oscillators' amplitudes.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import numpy as np

from pbit import IsingModel, OscillatorHardware, anneal, default_schedule, oscillate
from pbit.devices.oscillator import AutoOscillator
from pbit.models.labels import FloatArray
from pbit.samplers.oscillators.amplitudes import oscillate_amplitudes
from record import headline, options, pyplot, write

SPREADS = (0.0, 0.03, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0)
WIDTHS = (0.0, 0.03, 0.1, 0.3)
FULL_SPREADS = (0.0, 0.1, 0.3)
FULL_RATES = (0.03, 0.1, 0.5)  # of the coupling, in 2 Gamma_p
VERTICES, DENSITY = 60, 0.2
_CURRENT_A, _SWEEPS, _STEP = 2e-3, 1000, 0.25


@dataclass(frozen=True)
class Row:
    """Success of the machines at one spread and linewidth; ``rate``: 0 for phases alone."""

    spread: float
    width: float
    rate: float
    success: float
    error: float
    cut: float
    cpu_s: float


@dataclass(frozen=True, eq=False)
class Graph:
    """A graph and its best cut."""

    model: IsingModel
    lowest: float

    @classmethod
    def of(cls, seed: int) -> Graph:
        """The graph of this seed."""
        rng = np.random.default_rng(seed)
        ends = np.nonzero(np.triu(rng.random((VERTICES, VERTICES)) < DENSITY, k=1))
        model = IsingModel.from_edges(ends[0], ends[1], -np.ones(ends[0].size), num_spins=VERTICES)
        found = anneal(model, default_schedule(model), num_reads=1000, seed=seed, best_seen=True)
        return cls(model, float(found.energies.min()))

    def share(self, energies: FloatArray) -> tuple[float, float]:
        """Reads that end in the best cut, and the mean cut over the best."""
        edges = self.model.J.nnz / 2
        cuts = (edges - energies) / (edges - self.lowest)
        return float(np.mean(energies <= self.lowest + 1e-9)), float(cuts.mean())


def machine(spread: float, width: float, *, seed: int, rate: float = 0.0) -> OscillatorHardware:
    """Vortices of nu = 2 at twice the threshold; ``rate``: of the coupling, in 2 Gamma_p."""
    plain = AutoOscillator(frequency_Hz=3e8, damping_Hz=4e5, shift_Hz=2e6)
    gain = float(np.hypot(1, plain.nonlinearity(_CURRENT_A)))
    relaxation_Hz = 2 * float(plain.relaxation_rate_s(_CURRENT_A)) / (2 * np.pi)
    coupling_Hz = (rate or FULL_RATES[0]) * relaxation_Hz / gain
    felt_Hz = coupling_Hz * gain
    noise_Hz = width * felt_Hz * float(plain.power(_CURRENT_A)) / gain**2
    return OscillatorHardware(
        oscillator=AutoOscillator(
            frequency_Hz=3e8, damping_Hz=4e5, shift_Hz=2e6, noise_Hz=noise_Hz
        ),
        current_A=_CURRENT_A,
        coupling_Hz=coupling_Hz,
        frequency_spread_Hz=spread * felt_Hz,
        seed=seed,
    )


def row(graphs: list[Graph], spread: float, width: float, rate: float, *, reads: int) -> Row:
    """All machines at one point."""
    start, found = time.process_time(), []
    for k, graph in enumerate(graphs):
        hardware = machine(spread, width, seed=k, rate=rate)
        if rate:
            energies = oscillate_amplitudes(
                graph.model, hardware, duration=_SWEEPS * _STEP, num_reads=reads, seed=k
            ).energies
        else:
            energies = oscillate(
                graph.model, hardware=hardware, noise=(0, 0), num_sweeps=_SWEEPS, time_step=_STEP,
                num_reads=reads, seed=k, descent=False, num_threads=1,
            ).energies  # fmt: skip
        found.append(graph.share(energies))
    success, cut = np.array(found).T
    error = success.std(ddof=1) / np.sqrt(success.size)
    return Row(
        spread, width, rate, float(success.mean()), float(error), float(cut.mean()),
        time.process_time() - start,
    )  # fmt: skip


def lines(rows: list[Row]) -> list[str]:
    """The phases' table, a column a linewidth; then that of amplitudes, a column a rate."""
    found = []
    for title, key, chosen in (
        ("spread \\ linewidth", "width", [r for r in rows if not r.rate]),
        ("spread \\ coupling in 2 Gamma_p", "rate", [r for r in rows if r.rate]),
    ):
        columns = sorted({getattr(r, key) for r in chosen})
        found.append(f"{title:<32}" + "".join(f"{column:>24g}" for column in columns))
        for spread in sorted({r.spread for r in chosen}):
            those = {getattr(r, key): r for r in chosen if r.spread == spread}
            cells = (
                f"{r.success:.3f} +- {r.error:.3f} ({100 * r.cut:.1f})"
                for r in (those[c] for c in columns)
            )
            found.append(f"{spread:<32g}" + "".join(f"{cell:>24}" for cell in cells))
        found.append("")
    return [*found, "success of a read, its standard error over machines, (mean cut in per cent)"]


def draw(rows: list[Row], path: Path) -> None:
    """Success against spread, a curve a linewidth; amplitudes beside."""
    plt = pyplot()
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained", sharey=True)
    for panel, key, chosen in (
        (axes[0], "width", [r for r in rows if not r.rate]),
        (
            axes[1],
            "rate",
            [r for r in rows if r.rate or (r.width == 0 and r.spread in FULL_SPREADS)],
        ),
    ):
        for k, value in enumerate(sorted({getattr(r, key) for r in chosen})):
            those = [r for r in chosen if getattr(r, key) == value]
            name = f"{value:g}" if key == "width" or value else "phases alone"
            panel.errorbar(
                [r.spread for r in those], [r.success for r in those], [r.error for r in those],
                fmt="o-", mfc="none", capsize=2, color=f"C{k}", label=name,
            )  # fmt: skip
        panel.set_xlabel("spread of frequencies / rate of couplings")
        panel.grid(alpha=0.3)
    axes[0].legend(title="linewidth / rate")
    axes[1].legend(title=r"rate / $2\Gamma_p$")
    axes[0].set_title("phases")
    axes[1].set_title("amplitudes, no noise")
    axes[0].set_ylabel("success of a read")
    figure.savefig(path, dpi=150)


@click.command()
@options
@click.option("--reads", default=64, show_default=True, type=click.IntRange(1))
@click.option("--full/--no-full", default=True, show_default=True, help="With amplitudes.")
def main(
    seed: int, repeats: int, json_file: Path | None, plot_file: Path | None, reads: int, full: bool
) -> None:
    """Print how success falls with the spread and the linewidth of the oscillators."""
    what = f"maximum cut of {VERTICES} vertices, {repeats} machines, {reads} reads, seed {seed}"
    click.echo(headline(what))
    graphs = [Graph.of(seed + k) for k in range(max(2, repeats))]
    rows = [row(graphs, s, w, 0.0, reads=reads) for w in WIDTHS for s in SPREADS]
    if full:
        rows += [row(graphs, s, 0.0, r, reads=16) for r in FULL_RATES for s in FULL_SPREADS]
    click.echo("\n".join(lines(rows)))
    if json_file is not None:
        write(json_file, "oscillator_spread", [asdict(r) for r in rows], seed=seed, reads=reads)
    if plot_file is not None:
        draw(rows, plot_file)


if __name__ == "__main__":
    main()
