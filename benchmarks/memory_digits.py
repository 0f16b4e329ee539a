"""Digits that memories recall: from a fifth of the pixels turned, and from the upper half alone.

MNIST's first images of each digit (``$PBIT_DATA/mnist``), scikit-learn's 8 x 8 digits without it.
``python benchmarks/memory_digits.py --plot docs/figures/memory_digits.png``
"""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from typing import Any

import click
import numpy as np
import numpy.typing as npt

from pbit.problems.hopfield import HopfieldMemory
from record import headline, options, pyplot, write

RULES = ("hebb", "storkey", "pseudo-inverse", "exponential")
EACH = 5  # images stored of every digit
TURNED = 0.2
_UNKNOWN, _EDGE = 0.75, 0.5  # greys

Bits = npt.NDArray[np.bool_]


def digits() -> tuple[Bits, int]:
    """The first images of each digit, 0 to 9 and again, and their side."""
    folder = Path(os.environ.get("PBIT_DATA", "")) / "mnist"
    if folder.is_dir():
        images = _idx(folder / "train-images-idx3-ubyte.gz", 16).reshape(-1, 784) > 127
        labels = _idx(folder / "train-labels-idx1-ubyte.gz", 8)
    else:
        from sklearn.datasets import load_digits

        grey, labels = load_digits(return_X_y=True)
        images = grey > 7.5
    rows = [np.flatnonzero(labels == digit)[:EACH] for digit in range(10)]
    return images[np.stack(rows, axis=1).ravel()], round(images.shape[1] ** 0.5)


def _idx(path: Path, header: int) -> npt.NDArray[np.uint8]:
    return np.frombuffer(gzip.decompress(path.read_bytes()), np.uint8, offset=header)


def panels(seed: int) -> tuple[dict[str, Bits], dict[str, float], int]:
    """Rows of ten images by name, the part of all pixels that each has right, and the side."""
    stored, side = digits()
    rng = np.random.default_rng(seed)
    probes = stored ^ (rng.random(stored.shape) < TURNED)
    known = np.arange(side**2) < side * (side // 2)
    rows = {"stored": stored, "turned": probes}
    memories = {rule: HopfieldMemory(rule, random_state=seed).fit(stored) for rule in RULES}
    for rule, memory in memories.items():
        rows[f"{rule}, whole"] = memory.predict(probes)
    rows["upper half"] = stored & known
    for rule, memory in memories.items():
        rows[f"{rule}, half"] = memory.complete(stored, known=known)
    right = {name: float((row == stored).mean()) for name, row in rows.items()}
    return rows, right, side


def draw(rows: dict[str, Bits], side: int, path: Path) -> None:
    """Two blocks side by side: from turned pixels, from the upper half."""
    plt = pyplot()
    left = ["stored", "turned", *(f"{rule}, whole" for rule in RULES)]
    right = ["stored", "upper half", *(f"{rule}, half" for rule in RULES)]
    figure, blocks = plt.subplots(1, 2, figsize=(9, 2.5), layout="constrained")
    for axes, names in zip(blocks, (left, right), strict=True):
        frame = np.full((len(names) * (side + 2), 10 * (side + 2)), _EDGE)
        for k, name in enumerate(names):
            for digit in range(10):
                top, edge = k * (side + 2) + 1, digit * (side + 2) + 1
                image = 1.0 - rows[name][digit].reshape(side, side)
                if name == "upper half":
                    image[side // 2 :] = _UNKNOWN
                frame[top : top + side, edge : edge + side] = image
        axes.imshow(frame, cmap="gray", interpolation="nearest", vmin=0.0, vmax=1.0)
        axes.set_yticks(
            [(k + 0.5) * (side + 2) for k in range(len(names))],
            [name.partition(",")[0] for name in names],
            fontsize=8,
        )
        axes.set_xticks([])
        axes.tick_params(length=0)
    figure.savefig(path, dpi=150)


@click.command()
@options
def main(seed: int, repeats: int, json_file: Any, plot_file: Any) -> None:
    """Print how many pixels each rule has right. --repeats does nothing here."""
    rows, right, side = panels(seed)
    print(headline(f"{10 * EACH} digits of {side} x {side} pixels, seed {seed}"))
    for name, part in right.items():
        print(f"{name:24} {100 * part:6.2f} % of the pixels")
    if json_file is not None:
        found = [{"row": name, "pixels_right": part} for name, part in right.items()]
        write(json_file, "memory_digits", found, seed=seed)
    if plot_file is not None:
        draw(rows, side, plot_file)


if __name__ == "__main__":
    main()
