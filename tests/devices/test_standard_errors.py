"""Standard errors against the inverse of J'J, and where there is none."""

from __future__ import annotations

import numpy as np
import pytest

from pbit.devices.fitting.standard_errors import standard_errors


@pytest.mark.parametrize("scale", [1.0, 1e-12, 1e12])
def test_they_are_those_of_the_inverse(scale):
    rng = np.random.default_rng(5)
    jacobian = rng.normal(size=(9, 3)) * [1.0, scale, 1.0 / scale]
    norms = np.sqrt((jacobian**2).sum(axis=0))
    unit = jacobian / norms
    expected = np.sqrt(np.diag(np.linalg.inv(unit.T @ unit))) / norms
    np.testing.assert_allclose(standard_errors(jacobian), expected, rtol=1e-9)


@pytest.mark.parametrize(
    ("jacobian", "told"),
    [
        (np.zeros((4, 2)), [False, False]),
        ([[1.0, 0.0], [2.0, 0.0]], [True, False]),
        ([[1.0, -1.0], [2.0, -2.0], [3.0, -3.0]], [False, False]),
        ([[1.0, 2.0]], [False, False]),  # fewer data than parameters
        ([[1.0, -1.0, 0.0], [2.0, -2.0, 0.0], [0.0, 0.0, 1.0]], [False, False, True]),
    ],
)
def test_what_the_data_do_not_tell_is_infinitely_unknown(jacobian, told):
    assert np.isfinite(standard_errors(jacobian)).tolist() == told
