"""What five p-bits that learn the full adder lose on chips that are not ideal, and win by learning.

Ways on the same chips: the best weights of the learning rule, from an exact optimisation, put
on the chip as it is; the same on the chip after ``pbit.calibrate``; weights learnt with the chip in
the loop (Kaiser et al., Phys. Rev. Applied 17, 014016 (2022)), which on chips of few bits also
settle, one after the other, on what these can hold. The measure is KL(rows || chip) in
nats, from the chip's exact law; with delays, from averages over time with their errors. Errors of
means are those over chips.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import click
import numpy as np

from chip_learning import (
    DECAY,
    NAMES,
    N,
    averaged_divergence,
    best,
    chip_law,
    chip_with_stuck,
    divergence,
    ideal_law,
    learnt,
)
from pbit import Hardware, calibrate
from record import headline, options, pyplot, write

SPREADS = (0.0, 0.025, 0.05, 0.1, 0.2)
BITS = (2, 3, 4, 5, 6, 8)
DELAYS = (0.02, 0.1, 0.25, 0.5)  # of a p-bit's time constant
LIMITS = (0.5, 1.0, 2.0, 3.0, 4.0, 6.0)
WAYS = ("as it is", "calibrated", "in situ", "in situ, settling")
_SHOWN = {2: (0, 2), 3: (0, 1, 2), 4: (0, 1, 2, 3)}  # ways, by how many a table has
_TRAININGS, _SWEEPS = 3, 10  # with few bits: of each kind, and an update


class Row(NamedTuple):
    """KL of each way, its error, and the least that couplings with this decay can do."""

    table: str
    at: str
    x: float
    chips: int
    found: tuple[float, ...]
    errors: tuple[float, ...]
    bound: float
    seconds: float  # of processor, to learn on a chip


def spread_rows(spreads: Iterable[float], repeats: int, seed: int) -> Iterator[Row]:
    """Gains and offsets spread alike, several chips each."""
    ideal = best(decay=DECAY)
    for x in spreads:
        chips = [
            Hardware(gain_spread=x, offset_spread=x, seed=1000 * seed + k) for k in range(repeats)
        ]
        start = time.process_time()
        learned = [learnt(chip, seed=seed + k) for k, chip in enumerate(chips)]
        seconds = (time.process_time() - start) / repeats
        found = np.array([
            (
                divergence(chip_law(chip, ideal)),
                divergence(chip_law(calibrate(chip, N, seed=seed + k), ideal)),
                divergence(chip_law(chip, own)),
            )
            for k, (chip, own) in enumerate(zip(chips, learned, strict=True))
        ])  # fmt: skip
        errors = found.std(axis=0, ddof=1) / np.sqrt(repeats) if repeats > 1 else 0 * found[0]
        yield Row(
            "spread", f"{100 * x:g} %", x, repeats, tuple(found.mean(axis=0)), tuple(errors),
            divergence(ideal_law(ideal)), seconds,
        )  # fmt: skip


def bits_rows(bits: Iterable[int], seed: int) -> Iterator[Row]:
    """Weights of few bits, the largest of them full scale, on a chip else ideal: several trainings
    of the weights that the chip rounds, and of those that settle on what it has."""
    ideal = best(decay=DECAY)
    for count in bits:
        chip = Hardware(weight_bits=count)
        fixed = [chip_law(chip, ideal), chip_law(calibrate(chip, N, seed=seed), ideal)]
        by_way = [
            [
                divergence(chip_law(chip, learnt(chip, seed=seed + k, bits=own, sweeps=_SWEEPS)))
                for k in range(_TRAININGS)
            ]
            for own in (None, count)
        ]
        found = (*map(divergence, fixed), *map(float, np.mean(by_way, axis=1)))
        errors = np.std(by_way, axis=1, ddof=1) / np.sqrt(_TRAININGS)
        bound = divergence(ideal_law(ideal))
        told = (0.0, 0.0, *map(float, errors))
        yield Row("bits", f"{count} bits", count, _TRAININGS, found, told, bound, 0.0)


def stuck_rows(seats: Iterable[int], seed: int) -> Iterator[Row]:
    """One p-bit stuck: KL of the other four, which learn with it as a hidden one.

    The bound is that of these four with no other, whose biases are free.
    """
    ideal = best(decay=DECAY)
    for seat in seats:
        chip, others = chip_with_stuck(seat), np.setdiff1d(np.arange(N), [seat])
        own = learnt(chip, seed=seed, seats=others)
        found = tuple(divergence(chip_law(chip, w), others) for w in (ideal, own))
        bound = divergence(ideal_law(best(decay=DECAY, seats=others)), others)
        yield Row("stuck", NAMES[seat], seat, 1, found, (0.0, 0.0), bound, 0.0)


def delay_rows(delays: Iterable[float], seed: int) -> Iterator[Row]:
    """Synapses that are late, by averages over time."""
    ideal = best(decay=DECAY)
    for delay in delays:
        chip = Hardware(delay_s=delay * Hardware().tau_s)
        pairs = [
            averaged_divergence(chip, weights, seed=seed)
            for weights in (ideal, learnt(chip, seed=seed))
        ]
        found, errors = zip(*pairs, strict=True)
        bound = divergence(ideal_law(ideal))
        yield Row("delay", f"{delay:g} tau", delay, 1, found, errors, bound, 0.0)


def print_rows(title: str, rows: list[Row]) -> None:
    """A line a chip, or kind of chip."""
    ways = [WAYS[k] for k in _SHOWN[len(rows[0].found)]]
    print(f"\n{title}\n{'':12}" + "".join(f"{way:>20}" for way in ways) + "   best weights")
    for row in rows:
        told = "".join(
            f"{value:>11.4f} ± {error:6.4f}" if error else f"{value:>20.4f}"
            for value, error in zip(row.found, row.errors, strict=True)
        )
        print(f"{row.at:12}{told}{row.bound:>15.4f}")


def print_limits(limits: Iterable[float]) -> None:
    """What no method can beat: the exact optimum with all weights within a limit."""
    print("\nweights within   least KL, exact")
    for limit in limits:
        print(f"{limit:14g}{divergence(ideal_law(best(limit=limit))):18.4f}")


def draw(rows: list[Row], path: Path) -> None:
    """KL against spread, quantised weights and delays."""
    plt = pyplot()
    figure, axes = plt.subplots(1, 3, figsize=(11, 3.6), layout="constrained")
    for axis, table, label in zip(
        axes, ("spread", "bits", "delay"),
        ("spread of gains and offsets", "bits of a weight", "delay / tau"), strict=True,
    ):  # fmt: skip
        chosen = [row for row in rows if row.table == table]
        if not chosen:
            continue
        for k, number in enumerate(_SHOWN[len(chosen[0].found)]):
            y = [row.found[k] for row in chosen]
            error = [row.errors[k] for row in chosen]
            style = {"fmt": "o-", "ms": 4, "color": f"C{number}", "label": WAYS[number]}
            axis.errorbar([r.x for r in chosen], y, error, **style)
        axis.axhline(chosen[0].bound, color="k", lw=0.8, label="best weights, ideal chip")
        axis.set(xlabel=label, yscale="log")
        axis.grid(alpha=0.3)
        axis.xaxis.get_major_locator().set_params(integer=table == "bits")
    axes[0].set(ylabel="KL(full adder || chip), nats")
    axes[1].legend(fontsize=8)
    figure.savefig(path, dpi=110)


@click.command()
@options
@click.option("--tables", default="spread,bits,stuck,delay,limits", show_default=True)
def main(seed: int, repeats: int, json_file: Any, plot_file: Any, tables: str) -> None:
    """Print KL by spread (--repeats chips each), bits, stuck p-bit and delay."""
    print(headline(f"full adder on five p-bits, {repeats} chips a spread, seed {seed}"))
    wanted, rows = tables.split(","), []
    for name, title, make in (
        ("spread", "gains and offsets spread by", lambda: spread_rows(SPREADS, repeats, seed)),
        ("bits", "weights of", lambda: bits_rows(BITS, seed)),
        ("stuck", "stuck, KL of the other four", lambda: stuck_rows(range(N), seed)),
        ("delay", "synapses late by", lambda: delay_rows(DELAYS, seed)),
    ):
        if name in wanted:
            found = list(make())
            print_rows(title, found)
            rows += found
    if "limits" in wanted:
        print_limits(LIMITS)
    if any(row.seconds for row in rows):
        print(f"\nlearning on one chip: {np.mean([r.seconds for r in rows if r.seconds]):.1f} s")
    if json_file is not None:
        write(json_file, "learning_on_chips", [row._asdict() for row in rows], seed=seed)
    if plot_file is not None and rows:
        draw(rows, plot_file)


if __name__ == "__main__":
    main()
