"""What estimators of reservoirs share: the reservoir, how inputs are scaled, its states."""

from __future__ import annotations

from typing import Any

import numpy as np

from pbit.networks.reservoir.oscillator import OscillatorReservoir
from pbit.networks.reservoir.protocol import Course, FloatArray, Reservoir
from pbit.networks.reservoir.scaling import Scaling
from pbit.system.extras import imported

imported("sklearn", what="estimators of reservoirs need", package="scikit-learn")

from sklearn.base import BaseEstimator  # noqa: E402
from sklearn.utils import check_random_state  # noqa: E402


class Driven(BaseEstimator):
    """A reservoir that is driven by scaled inputs; base of the estimators.

    Inputs drive it no farther from the middle of those of the training than their range: a device
    would not take more, and one wrong value, or an unstable readout, does not overflow.
    """

    reservoir: Reservoir | None
    rescale: bool
    with_inputs: bool
    random_state: Any
    scaling_: Scaling

    def _prepare(self, inputs: FloatArray) -> None:
        """Seed and scale, by the inputs that are learnt from."""
        self._seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        width = inputs.shape[-1]
        self._range = Scaling.of(inputs)
        self.scaling_ = self._range if self.rescale else Scaling.none(width)

    def _begun(self, num_series: int = 1, first_series: int = 0) -> Course:
        reservoir = OscillatorReservoir() if self.reservoir is None else self.reservoir
        width = len(self.scaling_.centre)
        return reservoir.begin(
            width, num_series=num_series, seed=self._seed, first_series=first_series
        )

    def _num_seen(self) -> int:
        """Numbers that the readout sees at a step."""
        inputs = len(self.scaling_.centre) if self.with_inputs else 0
        return self._begun().num_nodes + inputs

    def _nodes(self, course: Course, inputs: FloatArray) -> FloatArray:
        """States, and on demand the inputs beside them, (series, steps, nodes)."""
        drive = self.scaling_.scaled(self._range.held(inputs))
        states = course.advance(drive)
        return np.concatenate([states, drive], axis=2) if self.with_inputs else states
