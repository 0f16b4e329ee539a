"""The chi-square test is calibrated and has power."""

import numpy as np
import pytest

from pbit.statistics import chi_square_p_value


def p_values(law, drawn_from, rounds):
    rng = np.random.default_rng(1)
    outcomes = rng.choice(len(law), p=drawn_from, size=(rounds, 2000))
    return np.array([chi_square_p_value(row, law) for row in outcomes])


def test_false_alarms_come_as_often_as_stated():
    """4000 rounds at 5 %: the count is within 200 +- 5 standard deviations of 13.8."""
    law = np.array([0.4, 0.3, 0.2, 0.0999, 0.0001])
    rejected = (p_values(law, law, 4000) < 0.05).sum()
    assert 131 < rejected < 269


def test_control_a_law_off_by_a_tenth_is_rejected():
    law = np.array([0.5, 0.5])
    assert (p_values(law, [0.55, 0.45], 20) < 1e-2).mean() > 0.9


def test_an_impossible_outcome_is_rejected():
    assert chi_square_p_value([0, 1, 2], [0.5, 0.5, 0.0]) == 0.0


def test_too_few_reads():
    with pytest.raises(ValueError, match="take more reads"):
        chi_square_p_value([0, 1], [0.5, 0.5])
