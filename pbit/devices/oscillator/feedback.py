r"""An oscillator whose current follows its own amplitude of some time ago.

:math:`\zeta(t) = I / I_{th} + K (\sqrt{p(t - \tau)} - \sqrt{p_0})`

Source: Riou et al. (2019): a vortex oscillator that remembers what came before.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, floats
from pbit.devices.oscillator.oscillator_run import ComplexArray, FloatArray
from pbit.devices.quantities import number


@dataclass(frozen=True, kw_only=True)
class DelayedFeedback:
    """What comes back, and when.

    Parameters
    ----------
    gain : float
        K: supercriticality that an amplitude of 1 adds.
    delay_s : float
        tau > 0, rounded to whole steps.

    Raises
    ------
    ValueError, TypeError
        A delay not > 0, numbers that are not finite.
    """

    gain: float
    delay_s: float

    def __post_init__(self) -> None:
        number("gain", self.gain, remedy="0 is no feedback")
        number("delay_s", self.delay_s, (">", 0.0), remedy="1e-6 is 1 us")


def history_of(
    feedback: DelayedFeedback | None,
    start: ComplexArray,
    step_s: float,
    *,
    given: npt.ArrayLike | None,
    first_step: int,
) -> FloatArray:
    """Amplitudes of a delay before the start, the oldest first, float64 (reads, steps).

    Raises
    ------
    ValueError
        One without feedback, of another shape, or none where a run goes on.
    """
    if given is None:
        if feedback is not None and first_step:
            raise ArgumentError(
                "history",
                "must be given with feedback and a first_step",
                remedy="it is run.history of the run that goes on",
            )
        delay = 1 if feedback is None else round(feedback.delay_s / step_s)
        return np.repeat(np.abs(start)[:, None], delay, axis=1)
    if feedback is None:
        raise ArgumentError("history", "must go with feedback", remedy="leave it out")
    past, shape = floats("history", given), (start.size, round(feedback.delay_s / step_s))
    if past.shape != shape or not (np.isfinite(past) & (past >= 0)).all():
        raise ArgumentError(
            "history",
            f"must be finite, >= 0 and of shape {shape}, reads and steps of the delay",
            got=f"shape {past.shape}",
            remedy="give both runs the same time_step_s and num_reads",
        )
    return past.copy()
