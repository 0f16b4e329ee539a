"""Statistics: tests of samples against exact laws, and time to solution."""

from pbit.statistics.cutoffs import cutoff_tts
from pbit.statistics.estimate import Estimate
from pbit.statistics.first_hit import HitTimes
from pbit.statistics.laws import (
    binomial_p_values,
    chi_square_p_value,
    holm_rejected,
    wilson_interval,
)
from pbit.statistics.medians import median_tts
from pbit.statistics.profiles import PerformanceProfile, performance_profile
from pbit.statistics.scaling import (
    ExponentialLaw,
    PowerLaw,
    ResidualCurve,
    power_law,
    residual_curve,
    scaling_exponent,
)
from pbit.statistics.success import ReadCounts, tts_from_success
from pbit.statistics.tuning import SweepCounts, Tuned, tuned_tts

__all__ = [
    "Estimate",
    "ExponentialLaw",
    "HitTimes",
    "PerformanceProfile",
    "PowerLaw",
    "ReadCounts",
    "ResidualCurve",
    "SweepCounts",
    "Tuned",
    "binomial_p_values",
    "chi_square_p_value",
    "cutoff_tts",
    "holm_rejected",
    "median_tts",
    "performance_profile",
    "power_law",
    "residual_curve",
    "scaling_exponent",
    "tts_from_success",
    "tuned_tts",
    "wilson_interval",
]
