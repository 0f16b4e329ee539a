r"""Whether a model holds for measured data: its chi-square in words, and what its residuals show.

With known errors of the data the sum of squared residuals is chi-square distributed. Its tail is
the ``p_value``; where it is larger than its degrees of freedom, the errors of what was fitted are
multiplied by ``scale``, the root of the ratio, as is usual.

The shape of the residuals is tested by extended models, one more parameter (or two) each, with the
F-test: it takes the scatter from the data, so that it needs no errors of them and is not misled
by errors that are all too small.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, dataclass, replace

ALPHA = 1e-3  # of the chi-square test, and of all tests of the residuals' shape together
_ROUNDING = 1e-20  # of squares of logarithms and of means


@dataclass(frozen=True)
class Finding:
    """An extended model that describes the data much better.

    Parameters
    ----------
    cause : str
        What the model adds, in words: "heating".
    shape : str
        Of the residuals: "even in the current, alike in both states".
    words : str
        What the extended model finds, with errors.
    values : dict of float
        The same as numbers.
    chi_square : float
        With the extended model; NaN where the errors of the data are not known.
    p_value : float
        Probability of residuals this large under the extended model; NaN likewise.
    significance : float
        Probability of a shape this strong by chance.
    """

    cause: str
    shape: str
    words: str
    values: Mapping[str, float]
    chi_square: float
    p_value: float
    significance: float


@dataclass(frozen=True)
class Agreement:
    """How well a model holds for the data to which it was fitted.

    Parameters
    ----------
    chi_square : float
        Sum of squared residuals in standard deviations; NaN where those are not known.
    degrees_of_freedom : int
    p_value : float
        Probability of residuals this large where the model holds; NaN where it is not known.
    scale : float
        By which the errors were multiplied, at least 1: the root of chi-square over degrees of
        freedom. 1 where errors come from the residuals.
    findings : tuple of Finding
        Extended models that describe the data significantly better, the best first.
    """

    _: KW_ONLY
    chi_square: float
    degrees_of_freedom: int
    p_value: float = math.nan
    scale: float = 1.0
    findings: tuple[Finding, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against the model.

        Data that follow it fail in one case of 500, :data:`ALPHA` each for the size of the
        residuals and for their shape; without known errors in one of 1000.
        """
        return not self.p_value < ALPHA and not self.findings

    def with_findings(self, findings: Iterable[Finding]) -> Agreement:
        """The same with what the residuals show."""
        return replace(self, findings=tuple(sorted(findings, key=lambda x: x.significance)))

    def warn_if_not(self, kind: str) -> None:
        """A UserWarning where the fit does not hold."""
        if not self.holds:
            shape = "".join(f"; {found.words}" for found in self.findings[:1])
            warnings.warn(
                f"this is not {kind} (agreement {self.verdict}{shape}): a chip of it is not the "
                "chip that was measured",
                stacklevel=4,
            )

    @property
    def verdict(self) -> str:
        """What chi-square says, in words."""
        ratio = f"chi-square {self.chi_square:.3g} on {self.degrees_of_freedom}"
        if math.isnan(self.p_value):
            return "not tested, no errors of the data; the residuals' shape is"
        chance = f"by chance in {_percent(self.p_value)} of such data"
        if self.p_value < ALPHA:
            return f"fails: {ratio}, {chance}"
        return f"{'poor' if self.p_value < 0.05 else 'good'}: {ratio}, {chance}"


def agreement(chi_square: float, freedom: int, *, known: bool) -> Agreement:
    """Chi-square judged; ``known``: in units of known errors.

    Examples
    --------
    >>> agreement(30.0, 10, known=True).verdict
    'fails: chi-square 30 on 10, by chance in 0.086 % of such data'
    """
    if not known:
        return Agreement(chi_square=math.nan, degrees_of_freedom=freedom)
    return Agreement(
        chi_square=chi_square,
        degrees_of_freedom=freedom,
        p_value=tail(chi_square, freedom),
        scale=max(1.0, math.sqrt(chi_square / freedom)) if freedom > 0 else 1.0,
    )


def tail(chi_square: float, freedom: int) -> float:
    """Probability of a larger chi-square, NaN without degrees of freedom."""
    from scipy.special import chdtrc

    return float(chdtrc(freedom, chi_square)) if freedom > 0 else math.nan


def chance(squares: float, extended: float, *, more: int, freedom: int, known: bool) -> float:
    """Probability that ``more`` useless parameters lower the sum of squares this much.

    By the F-test; with known errors, in whose units the squares are then, by chi-square as well,
    and the larger of both. ``freedom`` is what the extended model leaves.

    Examples
    --------
    >>> round(chance(20.0, 10.0, more=1, freedom=10, known=False), 4)
    0.0101
    """
    from scipy.special import fdtrc

    if freedom <= 0 or squares - extended <= _ROUNDING:
        return 1.0
    by_chi_square = tail(squares - extended, more) if known else 0.0
    if extended <= 0:
        return by_chi_square
    ratio = (squares - extended) / more / (extended / freedom)
    return max(float(fdtrc(more, freedom, ratio)), by_chi_square)


def _percent(probability: float) -> str:
    if probability < 1e-12:
        return "less than 1e-10 %"
    return f"{100 * probability:.2g} %"
