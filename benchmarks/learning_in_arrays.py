"""What devices cost a network that learns in arrays of them.

The digits of 8x8 pixels that come with scikit-learn, a quarter held out, 64-32-10, accuracy held
out: for every kind of synapse device, against the levels of a device (domain walls in notched
tracks), and against the spread of devices from one to the next (linear ones). Trained in place by
whole pulses or by trains, learnt by numbers and written, or learnt by numbers that are read as the
devices will hold them. Quality alone but for the last column: seconds of a processor for all 20
epochs.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
from threadpoolctl import threadpool_limits

from pbit.devices.synapses import (
    LinearSynapse,
    NotchedWall,
    SynapseVariation,
)
from pbit.devices.synapses.registry import KNOWN
from pbit.networks.crossbar import OpenLoop, WriteVerify
from pbit.networks.perceptrons import (
    ArrayPerceptron,
    Arrays,
    Aware,
    Ideal,
    InPlace,
    Offline,
    PulseTrains,
    Training,
    WholePulses,
)
from pbit.tasks import Split, digits
from record import headline, options, pyplot, write

LEVELS = (3, 5, 9, 16, 32, 64)
TRAINED_BY_TRAINS = (5, 16, 64)  # example by example, which takes long
SPREADS = (0.0, 0.1, 0.2, 0.3, 0.5)
IN_PLACE, OFFLINE, AWARE = "in place", "offline", "offline, with the levels"
VERIFIED, BY_TRAINS = "offline, verified", "in place, trains"
_WRITTEN = WriteVerify(tolerance=0.02, max_pulses=200)


@dataclass(frozen=True)
class Case:
    """A network: what is varied, to which value, how it is trained and in which arrays."""

    varied: str
    value: float | str
    kind: str
    training: Training
    arrays: Arrays


@dataclass(frozen=True)
class Row:
    """Accuracy held out over the seeds, median and range, and seconds of a training."""

    varied: str
    value: float | str
    kind: str
    accuracy: float
    least: float
    most: float
    seconds: float


def cases() -> Iterator[Case]:
    """All networks, in the order of the table."""
    yield Case("nothing", "", "ideal", Ideal(), Arrays())
    linear = Arrays(LinearSynapse(num_steps=100))
    yield Case("nothing", "", BY_TRAINS, InPlace(PulseTrains()), linear)
    for levels in LEVELS:
        device = NotchedWall(num_notches=levels - 1)
        pairs = Arrays(device, layout="differential")
        yield Case("levels", levels, IN_PLACE, InPlace(WholePulses()), Arrays(device))
        yield Case("levels", levels, OFFLINE, Offline(), pairs)
        yield Case("levels", levels, AWARE, Aware(), pairs)
    for levels in TRAINED_BY_TRAINS:
        walls = Arrays(NotchedWall(num_notches=levels - 1))
        yield Case("levels", levels, BY_TRAINS, InPlace(PulseTrains()), walls)
    for name, kind in KNOWN.all().items():
        written = Arrays(kind.device, layout="differential", programming=_WRITTEN)
        yield Case("kind", name, IN_PLACE, InPlace(WholePulses()), Arrays(kind.device))
        yield Case("kind", name, VERIFIED, Offline(), written)
    for spread in SPREADS:
        yield from _spread(spread)


def _spread(spread: float) -> Iterator[Case]:
    rough: dict[str, Any] = {
        "device": LinearSynapse(num_steps=100),
        "variation": SynapseVariation(drive_d2d=spread),
    }
    yield Case("spread", spread, IN_PLACE, InPlace(WholePulses()), Arrays(**rough))
    for kind, way in (("offline, open loop", OpenLoop()), (VERIFIED, WriteVerify())):
        pairs = Arrays(**rough, layout="differential", programming=way)
        yield Case("spread", spread, kind, Offline(), pairs)


def measured(case: Case, splits: Sequence[Split]) -> Row:
    """The case over the seeds, one a split."""
    start, found = time.process_time(), []
    for seed, split in enumerate(splits):
        network = ArrayPerceptron(arrays=case.arrays, training=case.training, random_state=seed)
        network.fit(split.train, split.train_labels)
        found.append(float(network.score(split.test, split.test_labels)))
    seconds = (time.process_time() - start) / len(splits)
    middle = float(np.median(found))
    return Row(case.varied, case.value, case.kind, middle, min(found), max(found), seconds)


def print_rows(rows: Sequence[Row]) -> None:
    """A line a row."""
    print("varied           value  trained                   accuracy          range   CPU s")
    for row in rows:
        print(
            f"{row.varied:7} {row.value:>14}  {row.kind:24} {row.accuracy:9.4f}  "
            f"{row.least:.4f}-{row.most:.4f} {row.seconds:7.2f}"
        )


def draw(rows: Sequence[Row], path: Path) -> None:
    """A panel for each thing that is varied."""
    figure, axes = pyplot().subplots(1, 3, figsize=(11, 3.8), layout="constrained")
    ideal = next(row.accuracy for row in rows if row.kind == "ideal")
    for axis, varied in zip(axes, ("kind", "levels", "spread"), strict=True):
        mine = [row for row in rows if row.varied == varied]
        for place, kind in enumerate(dict.fromkeys(row.kind for row in mine)):
            line = [row for row in mine if row.kind == kind]
            _draw_line(axis, line, 0.15 * (2 * place - 1) if varied == "kind" else None)
    axes[0].axvline(ideal, color="k", lw=0.8, ls="--", label="ideal weights")
    axes[0].set(xlabel="accuracy, held out", xlim=(0.4, 1.0))
    axes[0].invert_yaxis()
    for axis, label in ((axes[1], "levels of a device"),
                        (axes[2], "spread of steps, device to device")):  # fmt: skip
        axis.axhline(ideal, color="k", lw=0.8, ls="--", label="ideal weights")
        axis.set(xlabel=label, ylabel="accuracy, held out", ylim=(0.85, 0.99))
    axes[1].set_xscale("log", base=2)
    axes[1].set_xticks(LEVELS, [str(each) for each in LEVELS])
    for axis in axes:
        axis.legend(fontsize=8, loc="lower left")
    figure.savefig(path, dpi=150)


def _draw_line(axis: Any, line: Sequence[Row], beside: float | None) -> None:
    """Accuracies against numbers, or beside each other for names."""
    values, label = [row.accuracy for row in line], line[0].kind
    least, most = ([getattr(row, end) for row in line] for end in ("least", "most"))
    if beside is None:
        at: Any = [row.value for row in line]
        axis.plot(at, values, "o-", ms=4, label=label)
        axis.fill_between(at, least, most, alpha=0.2)
        return
    at = np.arange(len(line))
    off = np.abs(np.array([least, most]) - values)
    axis.errorbar(values, at + beside, xerr=off, fmt="o", ms=4, label=label)
    axis.set_yticks(at, [row.value for row in line], fontsize=8)


@click.command(help=__doc__)
@options
def main(seed: int, repeats: int, json_file: Path | None, plot_file: Path | None) -> None:
    splits = [digits(seed + k) for k in range(repeats)]
    with threadpool_limits(1):
        rows = [measured(case, splits) for case in cases()]
    print(headline(f"learning in arrays, {repeats} seeds"))
    print_rows(rows)
    if json_file is not None:
        write(json_file, "learning_in_arrays", [asdict(row) for row in rows], seed=seed)
    if plot_file is not None:
        draw(rows, plot_file)


if __name__ == "__main__":
    main()
