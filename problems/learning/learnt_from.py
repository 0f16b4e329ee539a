"""What is worth knowing of the data of a machine when it is used: kept beside it in its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pbit.checks import ArgumentError
from pbit.problems.learning.data_set import DataSet


@dataclass(frozen=True)
class LearntFrom:
    """How rows of a machine's data were made and what they show.

    Parameters
    ----------
    image_shape : (int, int), optional
        Rows and columns of pixels, where rows are images.
    threshold : float, optional
        Above which a value is +1.
    names : tuple of str, optional
        Names of the columns.

    Examples
    --------
    >>> LearntFrom(image_shape=(28, 28), threshold=127).to_settings()
    {'image_shape': [28, 28], 'threshold': 127, 'names': None}
    """

    image_shape: tuple[int, int] | None = None
    threshold: float | None = None
    names: tuple[str, ...] | None = None

    @classmethod
    def of(cls, data: DataSet, threshold: float | None) -> LearntFrom:
        """What a data set says of itself, read with this threshold."""
        return cls(data.image_shape, threshold, data.names)

    def to_settings(self) -> dict[str, Any]:
        """As JSON has it."""
        shape, names = self.image_shape, self.names
        return {
            "image_shape": None if shape is None else [int(length) for length in shape],
            "threshold": self.threshold,
            "names": None if names is None else list(names),
        }

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any], num_columns: int) -> LearntFrom:
        """Of :meth:`to_settings`, for a machine of so many columns.

        Raises
        ------
        ValueError, TypeError, KeyError
            Settings of something else.
        """
        shape, names = settings["image_shape"], settings["names"]
        if shape is not None:
            height, width = shape
            _check_count("image_shape", height * width, num_columns)
        if names is not None:
            _check_count("names", len(names), num_columns)
        return cls(
            None if shape is None else (int(height), int(width)),
            settings["threshold"],
            None if names is None else tuple(map(str, names)),
        )


def _check_count(name: str, count: int, num_columns: int) -> None:
    if count != num_columns:
        raise ArgumentError(name, f"must be of {num_columns} columns", count)
