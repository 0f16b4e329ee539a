"""Labels of a data set as numbers of classes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.formats.errors import FormatError, shown
from pbit.problems.learning.data_set import LabelArray

MAX_CLASSES = 2**16
_WHOLE = re.compile(r"[+-]?[0-9]+(\.0*)?")


class Labels(NamedTuple):
    """Classes of rows, counted from 0, and their names where they are words."""

    labels: LabelArray
    classes: tuple[str, ...] | None


def labels_of(found: npt.NDArray[Any] | Sequence[str], *, num_rows: int, name: str) -> Labels:
    """Labels as whole numbers; words are numbered in the order of the alphabet.

    Raises
    ------
    FormatError
        Another number of labels than of rows, fractions, NaN, numbers below 0 or of more than
        65,536 classes.

    Examples
    --------
    >>> labels_of(["b", "a", "b"], num_rows=3, name="a.csv")
    Labels(labels=array([1, 0, 1]), classes=('a', 'b'))
    >>> labels_of(["7", "03"], num_rows=2, name="a.csv").labels.tolist()
    [7, 3]
    """
    array = np.asarray(found)
    if array.shape != (num_rows,):
        raise FormatError(
            name,
            None,
            f"labels of shape {array.shape}, expected one for each of {num_rows} rows; "
            "check that they belong to the data",
        )
    if array.dtype.kind in "US":
        texts = array.astype(str)
        if not all(_WHOLE.fullmatch(text.strip()) for text in texts.tolist()):
            return _of_words(texts, name)
        array = np.array([_whole(text, row, name) for row, text in enumerate(texts.tolist())])
    return Labels(_checked(array, name), None)


def _whole(text: str, row: int, name: str) -> int:
    digits = text.strip().partition(".")[0]
    if len(digits) > 12:
        raise _wrong(name, row, shown(text))
    return int(digits)


def _of_words(texts: npt.NDArray[np.str_], name: str) -> Labels:
    empty = np.char.strip(texts) == ""
    if empty.any():
        raise FormatError(
            name, None, f"label of row {int(np.argmax(empty))} is empty, expected a class; name it"
        )
    words, numbers = np.unique(np.char.strip(texts), return_inverse=True)
    if words.size > MAX_CLASSES:
        raise _wrong(name, 0, f"one of {words.size} words")
    return Labels(numbers.astype(np.int64), tuple(words.tolist()))


def _checked(array: npt.NDArray[Any], name: str) -> LabelArray:
    if array.dtype.kind not in "biuf":
        raise FormatError(
            name, None, f"labels of type {array.dtype}, expected whole numbers; convert them"
        )
    with np.errstate(invalid="ignore"):
        good = (array >= 0) & (array < MAX_CLASSES) & (array == np.floor(array))
    if not good.all():
        row = int(np.argmin(good))
        raise _wrong(name, row, f"{array[row]:g}")
    return array.astype(np.int64)


def _wrong(name: str, row: int, got: str) -> FormatError:
    return FormatError(
        name,
        None,
        f"label of row {row} is {got}, expected a whole number from 0 to {MAX_CLASSES - 1}; "
        "number the classes from 0",
    )
