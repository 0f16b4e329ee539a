"""Permutations of spins that leave a system as it is, and states that they take to each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from pbit.exact.quantum.system import IntArray, System

_TOLERANCE = 1e-12  # of the energies' scale: sums in another order


class Orbits(NamedTuple):
    """One state of each orbit: ``states`` and how many it stands for, ``sizes``, int64 (k,).

    ``label`` int64 (2**n,) is the place of every state's orbit among them, ``images`` int64 (g, n)
    the permutations: spin i goes to images[:, i].
    """

    states: IntArray
    sizes: IntArray
    label: IntArray
    images: IntArray


def orbits_of(system: System, *, num_states: int) -> Orbits:
    """Under turns and mirrors of the ring of spins 0..n-1 that change nothing.

    Of the first ``num_states`` states: with half of them a state and all its spins turned around
    are one.
    """
    n = system.num_spins
    numbers = np.arange(2**n)
    images, least = [], numbers
    for image in _candidates(n):
        moved = _moved(numbers, image)
        if _is_symmetry(system, image, moved):
            images.append(image)
            least = np.minimum(least, _folded(moved, num_states))
    least = np.minimum(least, _folded(least, num_states))
    states, label, sizes = np.unique(least, return_inverse=True, return_counts=True)
    return Orbits(states, sizes * num_states // 2**n, label, np.array(images))


def _candidates(n: int) -> Iterator[IntArray]:
    """Permutations of a ring of n: the identity first."""
    sites = np.arange(n)
    yield from (np.roll(sites, -shift) for shift in range(n))
    if n > 2:
        yield from (np.roll(sites, -shift)[::-1] for shift in range(n))


def _moved(numbers: IntArray, image: IntArray) -> IntArray:
    moved = np.zeros_like(numbers)
    for i, to in enumerate(image.tolist()):
        moved |= ((numbers >> i) & 1) << to
    return moved


def _is_symmetry(system: System, image: IntArray, moved: IntArray) -> bool:
    scale = float(np.abs(system.energies).max())
    same = np.abs(system.energies[moved] - system.energies) <= _TOLERANCE * scale
    return bool(same.all()) and np.array_equal(system.gamma[image], system.gamma)


def _folded(states: IntArray, num_states: int) -> IntArray:
    """A state or, with half of the states, the one of the two that is among them."""
    return np.where(states < num_states, states, 2 * num_states - 1 - states)
