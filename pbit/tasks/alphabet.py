"""Capital letters of 5x7 pixels."""

from __future__ import annotations

import numpy as np

from pbit.checks import ArgumentError
from pbit.tasks.split import FloatArray

_DRAWN = """
.###. ####. .#### ####. ##### ##### .#### #...# ##### ..### #...# #.... #...# #...# .###. ####.
#...# #...# #.... #...# #.... #.... #.... #...# ..#.. ...#. #..#. #.... ##.## ##..# #...# #...#
#...# #...# #.... #...# #.... #.... #.... #...# ..#.. ...#. #.#.. #.... #.#.# #.#.# #...# #...#
##### ####. #.... #...# ####. ####. #..## ##### ..#.. ...#. ##... #.... #.#.# #.#.# #...# ####.
#...# #...# #.... #...# #.... #.... #...# #...# ..#.. ...#. #.#.. #.... #...# #.#.# #...# #....
#...# #...# #.... #...# #.... #.... #...# #...# ..#.. #..#. #..#. #.... #...# #..## #...# #....
#...# ####. .#### ####. ##### #.... .#### #...# ##### .##.. #...# ##### #...# #...# .###. #....

.###. ####. .#### ##### #...# #...# #...# #...# #...# #####
#...# #...# #.... ..#.. #...# #...# #...# #...# #...# ....#
#...# #...# #.... ..#.. #...# #...# #...# .#.#. .#.#. ...#.
#...# ####. .###. ..#.. #...# #...# #.#.# ..#.. ..#.. ..#..
#.#.# #.#.. ....# ..#.. #...# .#.#. #.#.# .#.#. ..#.. .#...
#..#. #..#. ....# ..#.. #...# .#.#. ##.## #...# ..#.. #....
.##.# #...# ####. ..#.. .###. ..#.. #...# #...# ..#.. #####
"""
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BLOCKS = [[line.split() for line in each.splitlines()] for each in _DRAWN.strip().split("\n\n")]
_IMAGES = ["".join(rows) for block in _BLOCKS for rows in zip(*block, strict=True)]


def alphabet(names: str = _LETTERS) -> FloatArray:
    """Letters of seven rows of five pixels, 0 and 1, float64 (letters, 35).

    Raises
    ------
    ValueError
        A letter that is not drawn here.

    Examples
    --------
    >>> alphabet("L").reshape(7, 5).astype(int)[-2:].tolist()
    [[1, 0, 0, 0, 0], [1, 1, 1, 1, 1]]
    """
    unknown = [name for name in names if name not in _LETTERS]
    if unknown or not names:
        raise ArgumentError("names", f"must be letters among {_LETTERS}", names)
    rows = [[pixel == "#" for pixel in _IMAGES[_LETTERS.index(name)]] for name in names]
    return np.array(rows, dtype=np.float64)
