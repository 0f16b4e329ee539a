"""Machines that learn on chips whose weights have few bits: full precision behind few levels."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.checks import integer
from pbit.problems.boltzmann.graph_machine import GraphMachine
from pbit.seeds import seed_of

_ROUNDING = 6  # turn of the seed
_BEGIN, _END = 1 / 3, 0.9  # of the training: when weights settle

Floats = npt.NDArray[np.float64]


class FewBitsMachine(GraphMachine):
    """A network whose weights are numbers that are programmed as whole multiples of one step.

    Each time, a weight is rounded up or down with the probability that makes its mean the number
    itself, so that learning sees what lies between two levels (Gupta, Agrawal, Gopalakrishnan,
    Narayanan, ICML 32, 1737 (2015)). From a third of the training on the step stays as it is and
    weights settle for good, those nearest to a level first, while the others go on learning (Zhou,
    Yao, Guo, Xu, Chen, ICLR 2017).

    Parameters
    ----------
    bits : int
        Of a weight, its sign included; the largest weight is full scale.
    """

    def __init__(self, *arguments: Any, bits: int, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._highest = 2 ** (integer("bits", bits, 2) - 1) - 1
        self._rounding = seed_of(options["seed"], _ROUNDING)
        self._full, self._draws = 0.0, 0
        self._at = np.full(self.h.size + self.couplings.size, np.nan)  # levels that are settled

    def settle(self, share: float) -> None:
        """Let as many weights settle as are due after this share of the training."""
        if share < _BEGIN:
            return
        self._full = self._full or float(np.abs(self._values()).max())
        levels = self._levels()
        due = int(np.ceil(min(1.0, (share - _BEGIN) / (_END - _BEGIN)) * levels.size))
        is_free = np.isnan(self._at)
        off = np.where(is_free, np.abs(levels - np.rint(levels)), np.inf)
        nearest = np.argsort(off, kind="stable")[: max(0, due - int((~is_free).sum()))]
        self._at[nearest] = np.rint(levels[nearest])
        self.h[...], self.couplings[...] = self._split(self._levels())

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """What has settled, too."""
        return {**super().state(), "at": self._at, "scale": np.array([self._full, self._draws])}

    def restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        """Go on from there."""
        others = dict(arrays)
        self._at = others.pop("at").copy()
        full, draws = others.pop("scale").tolist()
        self._full, self._draws = full, int(draws)
        super().restore(others)

    def _programmed(self) -> tuple[Floats, Floats]:
        levels = self._levels()
        rng = np.random.default_rng([self._rounding, self._draws])
        self._draws += 1
        low = np.floor(levels)
        return self._split(low + (rng.random(low.size) < levels - low))

    def _levels(self) -> Floats:
        """Weights in steps, within what there is."""
        levels = np.clip(self._values() / self._step, -self._highest, self._highest)
        return np.where(np.isnan(self._at), levels, self._at)

    def _values(self) -> Floats:
        return np.concatenate([self.h, self.couplings], dtype=np.float64)

    @property
    def _step(self) -> float:
        full = self._full or float(np.abs(self._values()).max()) or 1.0
        return float(full / self._highest)

    def _split(self, levels: Floats) -> tuple[Floats, Floats]:
        """Levels as biases and couplings."""
        values = levels * self._step
        return values[: self.h.size], values[self.h.size :]
