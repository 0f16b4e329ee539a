"""Normal numbers of the macrospins' thermal field.

False alarms: chi-square at p = 1e-7; moments at 5.5 standard errors (6e-8 each).
"""

import numpy as np
import pytest
from scipy import stats

import naive
from pbit.kernels.devices.macrospin import normals_of, thermal_normals
from pbit.statistics import chi_square_p_value

COUNT = 2_000_000


@pytest.fixture(scope="module")
def numbers():
    return thermal_normals(COUNT, 3, 11, 22).astype(float)


def reference(words):
    """Box and Muller in float64, of arrays."""
    a, b, c, d = words.astype(np.int64)
    rows = []
    for radius, angle in ((a, b), (c, d)):
        r = np.sqrt(-2 * np.log((radius + 0.5) / 2**32))
        x = (angle - (angle >> 31 << 32)) * np.pi / 4 / 2**31
        swapped = angle & 4 > 0
        first = np.where(swapped, np.sin(x), np.cos(x)) * (1 - 2 * (angle & 1))
        second = np.where(swapped, np.cos(x), np.sin(x)) * (1 - (angle & 2))
        rows += [r * first, r * second]
    return np.array(rows[:3])


def test_stream_is_the_printed_generator_through_box_and_muller():
    seed = 11 + (22 << 32)
    expected = [naive.thermal_normals(seed, step, 3) for step in range(50)]
    assert np.abs(thermal_normals(50, 3, 11, 22).T - expected).max() < 1e-6


def test_error_of_the_polynomials():
    rng = np.random.default_rng(1)
    words = rng.integers(0, 2**32, (4, 1_000_000), dtype=np.uint32)
    edges = np.array([0, 1, 2, 3, 2**31 - 1, 2**31, 2**31 + 1, 2**32 - 2, 2**32 - 1, 2**30])
    words[:, : edges.size] = edges
    words[0, 10:1000] = np.arange(990)  # the tail
    words[2, 1000:2000] = 2**32 - 1 - np.arange(1000)  # radius near 0
    expected = reference(words)
    error = np.abs(normals_of(words) - expected)
    # float32 knows u near 1 to 2**-25, and so the radius r to 2**-24 / r.
    r = np.sqrt(-2 * np.log((words[[0, 0, 2]] + 0.5) / 2**32))
    assert (error < 1e-6 + 6e-8 / r).all()
    assert 6.7 < np.abs(normals_of(words)).max() < 6.77


def test_moments(numbers):
    """Mean, variance, third and fourth moment, and of products."""
    x, y, z = numbers
    for v in numbers:
        square, cube = v * v, v * v * v
        for powers, moment in ((v, 0), (square, 1), (cube, 0), (square**2, 3), (cube**2, 15)):
            assert abs(powers.mean() - moment) < 5.5 * powers.std() / np.sqrt(v.size)
    for product in (x * y, y * z, z * x, x[1:] * x[:-1], (x * x - 1) * (y * y - 1)):
        assert abs(product.mean()) < 5.5 * product.std() / np.sqrt(product.size)


@pytest.mark.parametrize("axis", range(3))
def test_chi_square_and_tails(axis, numbers):
    edges = stats.norm.ppf(np.linspace(0, 1, 1001)[1:-1])
    cells = np.searchsorted(edges, numbers[axis])
    assert chi_square_p_value(cells, np.full(1000, 1e-3)) > 1e-7
    # Beyond 3, 3.5, 4, 4.5 (7 expected on each side beyond 4.5).
    tails = np.array([-4.5, -4, -3.5, -3, 3, 3.5, 4, 4.5])
    law = np.diff(np.concatenate([[0], stats.norm.cdf(tails), [1]]))
    cells = np.searchsorted(tails, numbers[axis])
    assert chi_square_p_value(cells, law, least_expected=50) > 1e-8


def test_control_a_width_off_by_one_percent_is_caught(numbers):
    edges = stats.norm.ppf(np.linspace(0, 1, 1001)[1:-1])
    cells = np.searchsorted(edges, 1.01 * numbers[0])
    assert chi_square_p_value(cells, np.full(1000, 1e-3)) < 1e-7
