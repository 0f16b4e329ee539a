r"""Logarithms of dwell times: the junction's law, and three ways in which real ones depart from it.

With :math:`x = I / I_{max}` the law is
:math:`\ln\tau_\pm = \ln\tau - D + D (1 \pm (g x + o) / D)^n` where D is the barrier in kT, P the
upper sign. Departures:

- **heating**: the barrier in kT is :math:`D / (1 + k x^2)`: power goes with the current squared;
- **voltage**: a voltage that takes :math:`k x` kT off the barrier (VCMA), critical current and
  stray field as in :meth:`pbit.devices.mtj.Junction.at_voltage`;
- **exponent**: another n.

Departures come together, too: each set of them is a model of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import least_squares

from pbit.by_value import ByValue
from pbit.devices.mtj import FloatArray

Causes = tuple[str, ...]

_LEAST = 1e-6  # of what a barrier keeps
_LEAST_RATIO = 0.05


@dataclass(frozen=True, eq=False)
class DwellModel(ByValue):
    """The law for one set of data.

    Parameters
    ----------
    x : float64, shape (m,)
        Currents in units of the largest.
    logs : float64, shape (2, m)
        Of dwell times in P and in AP.
    weights : float64, shape (m,)
    exponent : float
    log_phi : float or None
        Of the attempt frequency; None: the barrier is the fourth parameter.
    """

    x: FloatArray
    logs: FloatArray
    weights: FloatArray
    exponent: float
    log_phi: float | None

    @property
    def size(self) -> int:
        """Parameters of the law: ln tau, g, o and perhaps the barrier."""
        return 3 if self.log_phi is not None else 4

    def barrier(self, p: FloatArray) -> float:
        """In kT at rest."""
        return float(p[3] if self.log_phi is None else p[0] + self.log_phi)

    def law(
        self,
        p: FloatArray,
        *,
        heating: float = 0.0,
        voltage: float = 0.0,
        exponent: float | None = None,
    ) -> FloatArray:
        """Logarithms (2, m)."""
        n, barrier = self.exponent if exponent is None else exponent, self.barrier(p)
        ratio = np.maximum(1 - voltage * self.x / barrier, _LEAST_RATIO)
        lift = (p[1] * self.x + p[2]) / barrier / ratio
        powers = np.stack([np.maximum(1 + s * lift, _LEAST) ** n for s in (1, -1)])
        hot = 1 + heating * self.x**2
        return np.asarray(p[0] + barrier * (ratio * powers / hot - 1))

    def fitted(self) -> Any:
        """What ``least_squares`` finds."""
        start = [*self._guess(), 10.0][: self.size]
        return least_squares(lambda p: self._residuals(self.law(p)), start, x_scale="jac")

    def extended(self, causes: Causes, p: FloatArray, strengths: Mapping[str, float]) -> Any:
        """The same with some departures, their strengths the last parameters.

        From the law's own p on, and from the ``strengths`` that are known.
        """
        k = self.size
        low, high, usual = zip(*(_STRENGTHS[cause] for cause in causes), strict=True)

        def residuals(q: FloatArray) -> FloatArray:
            return self._residuals(self.law(q[:k], **self.strengths(causes, q)))

        start = [strengths.get(*each) for each in zip(causes, usual, strict=True)]
        free = np.full(k, np.inf)
        bounds = [*-free, *low], [*free, *high]
        return least_squares(residuals, [*p, *start], x_scale="jac", bounds=bounds)

    def strengths(self, causes: Causes, q: FloatArray) -> dict[str, float]:
        """Those at the end of the parameters, by name."""
        return dict(zip(causes, map(float, q[self.size :]), strict=True))

    def _residuals(self, law: FloatArray) -> FloatArray:
        return ((law - self.logs) * self.weights).ravel()

    def _guess(self) -> tuple[float, float, float]:
        """From half the sum and half the difference of the logarithms, as for small currents."""
        halves = (self.logs[0] - self.logs[1]) / (2 * self.exponent)
        slope, shift = np.polyfit(self.x, halves, 1)
        return float(self.logs.mean()), float(slope), float(shift)


# Least and largest strength, and where the search begins.
_STRENGTHS = {
    "heating": (0.0, 10.0, 0.05),
    "voltage": (-100.0, 100.0, 0.0),
    "exponent": (1.0, 2.0, 1.5),
}
