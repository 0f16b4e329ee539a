"""Checkpoints of a training: a killed one goes on from its last epoch, bit for bit."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.formats.errors import FormatError, shown
from pbit.kernels.random.stream import LAYOUT
from pbit.problems.learning.digest import digest_of
from pbit.problems.learning.tensor_file import (
    Arrays,
    TensorFile,
    checked_json,
    read_tensors,
    write_tensors,
)

FORMAT = "pbit-checkpoint"
_SHOWN = 3


@dataclass(frozen=True, eq=False)
class Saved(ByValue):
    """The state of a training: its arrays, and how far it was."""

    arrays: Arrays
    progress: dict[str, Any]


class Checkpoint:
    """The file in which a training keeps its state, and what it must agree with.

    Parameters
    ----------
    path : path
        One file, replaced at each :meth:`save`; what was saved last is there in whole, also where
        the process is killed or the power fails.
    kind : str
        Which machine is trained.
    settings : mapping of str to anything that JSON gives back
        All that the result depends on but the data: learning rate, seed, sizes.
    data : mapping of str to array
        What is learnt from; None for what there is not. Only a digest of it is kept.

    Raises
    ------
    TypeError, ValueError
        Settings that JSON does not give back, data that are no plain arrays.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> path = Path(tempfile.mkdtemp(), "run.safetensors")
    >>> run = Checkpoint(path, "rbm", settings={"seed": 1}, data={"spins": np.ones((2, 2))})
    >>> run.resume() is None
    True
    >>> run.save({"weights": np.zeros(3)}, {"epoch": 4})
    >>> run.resume().progress
    {'epoch': 4}
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        kind: str,
        *,
        settings: Mapping[str, Any],
        data: Mapping[str, npt.ArrayLike | None],
    ) -> None:
        self.path = Path(path)
        self._header: dict[str, Any] = {
            "kind": kind,
            "layout": LAYOUT,
            "settings": checked_json(settings, "settings"),
            "data": digest_of(data, "data"),
        }

    def save(self, arrays: Mapping[str, npt.ArrayLike], progress: Mapping[str, Any]) -> None:
        """Replace what was saved before.

        Parameters
        ----------
        arrays : mapping of str to array
            Parameters, momenta, states of chains: all that the next epoch starts from.
        progress : mapping of str to anything that JSON gives back
            Counters and curves.

        Raises
        ------
        TypeError, ValueError
            Something that the file has no place for.
        OSError
            The folder is missing or cannot be written to.
        ImportError
            Safetensors is missing.
        """
        header = self._header | {"progress": checked_json(progress, "progress")}
        write_tensors(self.path, header, arrays, format=FORMAT)

    def resume(self) -> Saved | None:
        """What was saved last; None if there is no file.

        Raises
        ------
        FormatError
            The file is damaged or no checkpoint; it is of another machine, other data, other
            settings or another layout of random numbers: what follows would be no run at all.
        OSError
            The file cannot be opened.
        ImportError
            Safetensors is missing.
        """
        if not self.path.exists():
            return None
        file = read_tensors(self.path, format=FORMAT)
        self._check_same(file)
        return Saved(file.arrays, file.settings("progress"))

    def _check_same(self, file: TensorFile) -> None:
        file.expect("kind", self._header["kind"])
        if file.header.get("layout") != self._header["layout"]:
            raise _refusal(
                file,
                f"random numbers in layout {file.header.get('layout')}",
                f"layout {self._header['layout']}",
            )
        here, there = self._header["settings"], file.settings("settings")
        if there != here:
            raise _refusal(file, *_difference(there, here))
        if file.header.get("data") != self._header["data"]:
            was, now = file.text("data")[:8], self._header["data"][:8]
            raise _refusal(file, f"other data (digest {was})", f"those of digest {now}")


def kept_settings(path: str | os.PathLike[str]) -> dict[str, Any] | None:
    """Settings with which the training in a checkpoint began; None if there is no file.

    Raises
    ------
    FormatError
        The file is damaged or no checkpoint.
    OSError
        The file cannot be opened.
    ImportError
        Safetensors is missing.
    """
    if not Path(path).exists():
        return None
    return read_tensors(path, format=FORMAT).settings("settings")


def _refusal(file: TensorFile, was: str, now: str) -> FormatError:
    return FormatError(
        file.path,
        None,
        f"this training began with {was}, expected {now}: going on would give a run of neither; "
        "go on as it began, or start anew with another file",
    )


def _difference(there: dict[str, Any], here: dict[str, Any]) -> tuple[str, str]:
    """The settings that differ, as they were and as they are."""
    keys = [key for key in sorted(there.keys() | here.keys()) if there.get(key) != here.get(key)]
    keys = keys or sorted(there.keys() ^ here.keys())  # None here, missing there
    return _told(there, keys), _told(here, keys)


def _told(settings: dict[str, Any], keys: list[str]) -> str:
    told = [
        f"{key} = {shown(repr(settings[key]))[1:-1]}" if key in settings else f"no {key}"
        for key in keys[:_SHOWN]
    ]
    return ", ".join(told)
