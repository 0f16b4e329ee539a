"""Rows of 0 and 1 written as a data set, or as one picture of images side by side."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from pbit.by_value import ByValue
from pbit.cli.output import write_whole

_SUFFIXES = (".npz", ".npy", ".csv", ".png")
_WIDTH = 640  # of a picture, about; pixels of images become squares
_LARGEST = 16
_GAP = 1


@dataclass(frozen=True, eq=False)
class ShownRows(ByValue):
    """Rows and what goes with them.

    ``bits`` uint8 (rows, columns); ``labels``: one a row, for npz and csv; ``shape``: of images.
    """

    bits: Any
    shape: tuple[int, int] | None = None
    names: tuple[str, ...] | None = None
    labels: Any = None

    @property
    def images(self) -> Any:
        """The bits as images (rows, height, width)."""
        return self.bits.reshape(-1, *(self.shape or ()))


def check_rows_suffix(option: str, path: Path) -> None:
    """Refuse a name that says no format, and pictures that nothing can write (usage error)."""
    if path.suffix.lower() not in _SUFFIXES:
        raise click.UsageError(f"{option} {path}: the name must end in {', '.join(_SUFFIXES)}")
    if path.suffix.lower() == ".png" and find_spec("PIL") is None:
        raise click.UsageError(
            f"{option} {path}: images need pillow: pip install 'pbit-emulator[learn]'"
        )


def check_images(option: str, path: Path | None, shape: tuple[int, int] | None) -> None:
    """Refuse a picture of what is no image (usage error)."""
    if path is not None and shape is None and (option == "--plot" or path.suffix == ".png"):
        raise click.UsageError(
            f"{option} {path}: the machine was trained on rows that are no images; write .npz, "
            ".npy or .csv, or train it on images (idx, PNG, arrays of rows of pixels)"
        )


def write_rows(path: Path, rows: ShownRows) -> None:
    """Write in the format of the name, whole or not at all."""
    write_whole(path, lambda temporary: _WRITERS[path.suffix.lower()](temporary, rows))


def _write_npz(path: Path, rows: ShownRows) -> None:
    import numpy as np

    labels: Any = {} if rows.labels is None else {"labels": np.asarray(rows.labels)}
    with path.open("wb") as file:
        np.savez_compressed(file, data=rows.images, **labels)


def _write_npy(path: Path, rows: ShownRows) -> None:
    import numpy as np

    with path.open("wb") as file:
        np.save(file, rows.images)


def _write_csv(path: Path, rows: ShownRows) -> None:
    import csv

    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        labels = [] if rows.labels is None else [[label] for label in rows.labels]
        if rows.names is not None or labels:
            names = rows.names or [f"x{k}" for k in range(rows.bits.shape[1])]
            writer.writerow([*names, *(["label"] if labels else [])])
        ends = labels or [[]] * len(rows.bits)
        writer.writerows([*bits, *end] for bits, end in zip(rows.bits.tolist(), ends, strict=True))


def _write_png(path: Path, rows: ShownRows) -> None:
    import numpy as np

    from pbit.system.extras import imported

    pillow: Any = imported("PIL.Image", what="pictures need", package="pillow")
    small = mosaic(255 * rows.images)
    scale = min(_LARGEST, max(1, _WIDTH // small.shape[1]))
    picture = np.kron(small, np.ones((scale, scale), np.uint8))
    with path.open("wb") as file:
        pillow.fromarray(picture).save(file, format="PNG")


def mosaic(images: Any, *, across: int = 10, empty: int = 128) -> Any:
    """Images (k, height, width) side by side in one, ``across`` in a row, grey between them."""
    import numpy as np

    count, height, width = images.shape
    across = min(across, count)
    down = -(-count // across)
    shape = (down * (height + _GAP) - _GAP, across * (width + _GAP) - _GAP)
    picture = np.full(shape, empty, np.uint8)
    for k, image in enumerate(images):
        top, left = k // across * (height + _GAP), k % across * (width + _GAP)
        picture[top : top + height, left : left + width] = image
    return picture


_WRITERS = {".npz": _write_npz, ".npy": _write_npy, ".csv": _write_csv, ".png": _write_png}
