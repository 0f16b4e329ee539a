"""Formats of chip files: each registers itself in a module of :mod:`pbit.hardware.files`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pbit.by_value import ByValue
from pbit.registry import Registry


@dataclass(frozen=True, eq=False)
class ChipFormat(ByValue):
    """How chips are read from a file: ``read(path)`` gives a :class:`pbit.Hardware`."""

    name: str
    read: Callable[[Path], Any]
    rank: int = 100


KNOWN = Registry("pbit.hardware.files", ChipFormat)
