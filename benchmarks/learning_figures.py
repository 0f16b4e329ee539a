"""Digits that restricted machines draw: generated class by class, and completed from a half.

MNIST (``$PBIT_DATA/mnist``) where it is there, and scikit-learn's 8 x 8 digits.
``python benchmarks/learning_figures.py --plot docs/figures/learning_digits.png``
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
import numpy.typing as npt

from learning_data import mnist
from pbit.problems.boltzmann import RestrictedBoltzmannMachine
from record import headline, options, pyplot, write

_UNKNOWN, _EDGE = 0.75, 0.5  # greys
_GENERATED = 3  # rows of ten digits
_STEPS = 2000

Bits = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Digits:
    """Images to learn from and one of each digit that was held out, 0 and 1, and their side."""

    name: str
    images: Bits
    labels: npt.NDArray[np.int64]
    apart: Bits
    side: int


def small(seed: int) -> Digits:
    """scikit-learn's digits, a fifth held out."""
    from sklearn.datasets import load_digits

    grey, labels = load_digits(return_X_y=True)
    order = np.random.default_rng(seed).permutation(len(grey))
    images, labels = (grey[order] > 7.5).astype(np.int8), labels[order]
    learnt = len(grey) * 4 // 5
    apart = _one_of_each(images[learnt:], labels[learnt:])
    return Digits("8 x 8", images[:learnt], labels[:learnt], apart, 8)


def large() -> Digits:
    """MNIST, the test images held out."""
    train, test = mnist()
    images, new = ((data.spins > 0).astype(np.int8) for data in (train, test))
    labels = np.asarray(train.labels)
    return Digits("MNIST", images, labels, _one_of_each(new, np.asarray(test.labels)), 28)


def _one_of_each(images: Bits, labels: npt.NDArray[np.int64]) -> Bits:
    return images[[int(np.flatnonzero(labels == digit)[0]) for digit in range(10)]]


def rows_of(digits: Digits, machine: Any, seed: int) -> dict[str, npt.NDArray[np.floating]]:
    """Rows of ten grey images by name, 1 is ink."""
    rows = {}
    for k in range(_GENERATED):
        rows[f"generated{k * ' '}"] = machine.sample(
            10, labels=np.arange(10), n_steps=_STEPS, random_state=seed + k
        )
    upper = np.arange(digits.side**2) < digits.side * (digits.side // 2)
    for name, known in (("upper half", upper), ("lower half", ~upper)):
        rows[name] = np.where(known, digits.apart, 1 - _UNKNOWN)
        rows[f"completed{' ' * (name == 'lower half')}"] = machine.complete(
            digits.apart, known=known, random_state=seed
        )
    return {"held out": digits.apart, **rows}


def draw(panels: dict[str, tuple[dict[str, Any], int]], path: Path) -> None:
    """A block a data set."""
    plt = pyplot()
    figure, blocks = plt.subplots(1, len(panels), figsize=(9, 3.6), layout="constrained")
    for axes, (title, (rows, side)) in zip(np.atleast_1d(blocks), panels.items(), strict=True):
        step = side + 2
        frame = np.full((len(rows) * step, 10 * step), _EDGE)
        for k, row in enumerate(rows.values()):
            for digit in range(10):
                top, left = k * step + 1, digit * step + 1
                frame[top : top + side, left : left + side] = 1 - row[digit].reshape(side, side)
        axes.imshow(frame, cmap="gray", interpolation="nearest", vmin=0.0, vmax=1.0)
        axes.set_yticks([(k + 0.5) * step for k in range(len(rows))], list(rows), fontsize=8)
        axes.set_xticks([])
        axes.tick_params(length=0)
        axes.set_title(title, fontsize=9)
    figure.savefig(path, dpi=150)


@click.command()
@options
@click.option("--epochs", default=8, show_default=True, help="On MNIST; a hundred on the small.")
def main(seed: int, repeats: int, json_file: Any, plot_file: Any, epochs: int) -> None:
    """Train and draw. --repeats does nothing here."""
    sets = {"8 x 8": (small(seed), 100, 100, (0.02, 0.002))}
    if (Path(os.environ.get("PBIT_DATA", "")) / "mnist").is_dir():
        sets["MNIST"] = large(), 500, epochs, (0.005, 0.0002)
    print(headline(f"digits drawn, seed {seed}"))
    panels, found = {}, []
    for name, (digits, hidden, n_iter, rate) in sets.items():
        machine = RestrictedBoltzmannMachine(
            hidden, learning_rate=rate, n_iter=n_iter, n_chains=100, random_state=seed
        ).fit(digits.images, digits.labels)
        panels[f"{name}, {hidden} hidden p-bits"] = rows_of(digits, machine, seed), digits.side
        right = _halves_right(digits, machine, seed)
        print(f"{name:6} unknown pixels right: {100 * right:.1f} %")
        found.append({"data": name, "right": right})
    if json_file is not None:
        write(json_file, "learning_figures", found, seed=seed)
    if plot_file is not None:
        draw(panels, plot_file)


def _halves_right(digits: Digits, machine: Any, seed: int) -> float:
    """Part of the pixels of the lower halves that are completed as they were."""
    upper = np.arange(digits.side**2) < digits.side * (digits.side // 2)
    made = machine.complete(digits.apart, known=upper, random_state=seed)
    return float((made == digits.apart)[:, ~upper].mean())


if __name__ == "__main__":
    main()
