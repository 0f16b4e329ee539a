"""What do networks of oscillators remember, tell apart and bind?

    python benchmarks/oscillator_networks.py [--seed 1] [--repeats 5] [--json FILE]
        [--plot docs/figures/oscillator_networks.png]

Six published systems at their default size with ``--repeats`` seeds, beside what needs no
oscillator: memories of phases, time to synchronise, vowels, irises, events bound, and a
superparamagnetic junction that locks to a drive. PBIT_DATA has the vowels.
"""

from __future__ import annotations

from pathlib import Path

import click

from record import headline, options, pyplot, write
from systems import draw_systems, measured

SYSTEMS = (
    "hoppensteadt-1999",
    "grollier-2016-synchrony",
    "romera-2018",
    "vodenicarevic-2017-map",
    "romera-2022",
    "mizrahi-2016",
)


@click.command()
@options
def main(seed: int, repeats: int, json_file: Path | None, plot_file: Path | None) -> None:
    print(headline(f"published systems at default size, seeds {seed} to {seed + repeats - 1}"))
    found, rows = measured(SYSTEMS, seed=seed, repeats=repeats)
    if json_file is not None:
        write(json_file, "oscillator_networks", rows, seed=seed, repeats=repeats)
    if plot_file is not None:
        figure, axes = pyplot().subplots(2, 3, figsize=(15, 8), layout="constrained")
        draw_systems(found, list(axes.flat))
        figure.savefig(plot_file, dpi=110)


if __name__ == "__main__":
    main()
