r"""An oscillator whose current follows its own amplitude of some time ago.

:math:`\zeta(t) = I / I_{th} + K (\sqrt{p(t - \tau)} - \sqrt{p_0})`

Source: Riou et al. (2019): a vortex oscillator that remembers what came before.
"""

from __future__ import annotations

from dataclasses import dataclass

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
