"""Data sets of the papers where they are at hand, scikit-learn's small ones else."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from pbit.checks import ArgumentError
from pbit.formats.source import load
from pbit.problems.learning.data_formats.idx import read_idx
from pbit.problems.learning.data_formats.registry import Asked, Found
from pbit.published.experiment import Experiment, Size
from pbit.tasks.bundled import digits
from pbit.tasks.split import Split

_MOST_BYTES = 2**30


@dataclass(frozen=True)
class Source:
    """Where a data set is: in a file below the data folder, or in a package."""

    file: str = ""
    package: str = ""
    how: str = ""

    def is_there(self, data: Path | None) -> bool:
        """Whether it can be read."""
        if self.package:
            return find_spec(self.package) is not None
        return data is not None and (data / self.file).is_file()


_IDX = "download the four idx.gz files into the folder {} of the data folder"
SOURCES = {
    "mnist": Source("mnist/train-images-idx3-ubyte.gz", how=_IDX.format("mnist")),
    "fashion_mnist": Source(
        "fashion_mnist/train-images-idx3-ubyte.gz", how=_IDX.format("fashion_mnist")
    ),
    "vowels": Source(
        "vowels_hillenbrand/vowdata.dat",
        how="put the table of J. Hillenbrand et al. (1995) into vowels_hillenbrand",
    ),
    "fsdd": Source(
        "fsdd/free_spoken_digit_recordings.tar.xz",
        how="pack the recordings of the Free Spoken Digit Dataset into it with tar -cJf",
    ),
    "chirps": Source(package="numpy"),
    "digits": Source(package="sklearn", how="pip install 'pbit-emulator[learn]'"),
    "scikit-learn": Source(package="sklearn", how="pip install 'pbit-emulator[learn]'"),
    "iris": Source(package="sklearn", how="pip install 'pbit-emulator[learn]'"),
}


def state_of(experiment: Experiment, data: Path | None) -> str:
    """Whether an experiment works with this data folder: "works", or what it needs.

    Examples
    --------
    >>> from pbit.published import experiments
    >>> state_of(experiments()["jarollahi-2014"], None)
    'works'
    """
    there = [name for name in experiment.needs if _source(name).is_there(data)]
    if not experiment.needs or there[:1] == list(experiment.needs[:1]):
        return "works"
    if there:
        return f"works on {there[0]}, needs {experiment.needs[0]} at full size"
    return f"needs {experiment.needs[-1]}"


def images(seed: int, size: Size, data: Path | None, *, name: str = "mnist") -> tuple[Split, str]:
    """Images with classes, and a note that says which.

    At full size the set of this name, where a data folder is named; else the digits of 8x8 pixels
    that come with scikit-learn, some of them at the small size.

    Raises
    ------
    ValueError
        The data folder has no such set.
    ImportError
        No scikit-learn.
    """
    if size == "full" and data is not None:
        return _idx_images(data, name), f"{name}, its own test set held out"
    split = digits(seed)
    split = split.first(300, 100) if size == "small" else split
    return split, f"re-targeted: 8x8 digits for {name}, {len(split.test)} held out"


def _source(name: str) -> Source:
    if name not in SOURCES:
        raise ArgumentError("needs", f"must be data sets among {', '.join(SOURCES)}", name)
    return SOURCES[name]


@lru_cache(maxsize=2)
def _idx_images(data: Path, name: str) -> Split:
    source = _source(name)
    if not source.is_there(data):
        raise ArgumentError(
            "data", f"must be a folder with {source.file}", str(data), remedy=source.how
        )
    folder = (data / source.file).parent
    arrays = [
        read_idx(Found(*load(folder / f"{part}-ubyte.gz", max_bytes=_MOST_BYTES)), _ALL).values
        for part in (
            "train-images-idx3",
            "train-labels-idx1",
            "t10k-images-idx3",
            "t10k-labels-idx1",
        )
    ]
    train, train_labels, test, test_labels = arrays
    shape: tuple[int, int] = train.shape[1:]
    return Split(
        train.reshape(len(train), -1) / 255,
        train_labels.astype(np.int64),
        test.reshape(len(test), -1) / 255,
        test_labels.astype(np.int64),
        shape,
    )


_ALL = Asked(None, None, _MOST_BYTES)
