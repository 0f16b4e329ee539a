"""The data set: rows of spins, what they show, and where they are from."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.models.labels import SpinArray

LabelArray = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False, kw_only=True)
class DataSet(ByValue):
    """Rows of a data set as spins.

    Parameters
    ----------
    spins : int8, shape (num_rows, num_columns)
        -1 or +1.
    known : bool, shape (num_rows, num_columns), optional
        Where the file says what is; None: everywhere. Spins elsewhere are -1 and mean nothing.
    labels : int64, shape (num_rows,), optional
        Class of each row, from 0.
    classes : tuple of str, optional
        Names of the classes, where they are words: class k is ``classes[k]``.
    image_shape : (int, int), optional
        Rows and columns of pixels, where a row of the data is an image.
    names : tuple of str, optional
        Names of the columns.
    source : str
        The file as the user knows it.
    notes : tuple of str
        What of the file is left out or understood in one of several ways.

    Examples
    --------
    >>> data = DataSet(spins=np.ones((3, 4), dtype=np.int8), image_shape=(2, 2))
    >>> data.num_rows, data.images.shape, data.take([0, 2]).num_rows
    (3, (3, 2, 2), 2)
    """

    spins: SpinArray
    known: npt.NDArray[np.bool_] | None = None
    labels: LabelArray | None = None
    classes: tuple[str, ...] | None = None
    image_shape: tuple[int, int] | None = None
    names: tuple[str, ...] | None = None
    source: str = ""
    notes: tuple[str, ...] = ()

    @property
    def num_rows(self) -> int:
        """Number of rows, of examples."""
        return len(self.spins)

    @property
    def num_columns(self) -> int:
        """Number of columns, of visible p-bits."""
        return int(self.spins.shape[1])

    @property
    def num_classes(self) -> int:
        """Number of classes: of their names, else the largest label + 1; 0 without labels."""
        if self.classes is not None:
            return len(self.classes)
        return 0 if self.labels is None else int(self.labels.max(initial=-1)) + 1

    @property
    def images(self) -> SpinArray:
        """The rows as images, int8 of shape (num_rows, height, width).

        Raises
        ------
        ValueError
            They are none.
        """
        if self.image_shape is None:
            raise ArgumentError(
                "image_shape",
                "must be known to show images",
                got=f"none with {self.source or 'this data set'}",
                remedy="reshape spins yourself",
            )
        return self.spins.reshape(-1, *self.image_shape)

    def take(self, rows: npt.ArrayLike | slice) -> DataSet:
        """The data set of some rows: a slice, a mask or indices."""
        chosen = rows if isinstance(rows, slice) else np.asarray(rows)
        labels = None if self.labels is None else self.labels[chosen]
        known = None if self.known is None else self.known[chosen]
        return replace(self, spins=self.spins[chosen], known=known, labels=labels)
