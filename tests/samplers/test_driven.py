"""p-bits driven by a series: the exact law of free ones, memory by couplings."""

import numpy as np
import pytest
from scipy import stats

from pbit.networks.reservoir import states_of
from pbit.networks.reservoir.measures import short_term_memory
from pbit.networks.reservoir.readouts import Ridge
from pbit.samplers.driven import DrivenPBits


def expected(course, drive, kept):
    """Means of p-bits without couplings, each of which a step leaves alone with a chance."""
    fields = drive @ course._inputs + course._bias
    mean, found = np.zeros(fields.shape[1]), []
    for field in fields:
        mean = kept * mean + (1 - kept) * np.tanh(field)
        found.append(mean)
    return np.array(found)


def test_free_p_bits_have_their_exact_means():
    """n updates at random leave one alone with chance (1 - 1/n)^n. Chi-square of the last of 6
    steps, false alarm 1e-6; where nothing was left alone it fails, with a power above 0.99.
    Couplings of 1e-6, far below the error, let fields be float32 as in other tests."""
    n, reads = 8, 8000
    network = DrivenPBits(num_nodes=n, num_reads=reads, coupling=1e-6, bias=0.5)
    course = network.begin(1, num_series=1, seed=3)
    drive = np.array([[1.0], [-1.0], [0.5], [1.0], [-1.0], [1.0]])
    found = course.advance(drive[None])[0, -1]
    for kept, fits in (((1 - 1 / n) ** n, True), (0.0, False)):
        mean = expected(course, drive, kept)[-1]
        square = float((((found - mean) ** 2) / ((1 - mean**2) / reads)).sum())
        assert (stats.chi2.sf(square, n) > 1e-6) == fits


def test_more_reads_remember_more():
    readout = Ridge(1e-4)
    few, many = (
        short_term_memory(
            DrivenPBits(num_nodes=20, num_reads=reads), train=150, test=150, delays=3,
            readout=readout, seed=1,
        ).capacity
        for reads in (8, 256)
    )  # fmt: skip
    assert many > few + 0.2


def test_undirected_networks_run_too():
    network = DrivenPBits(num_nodes=5, num_reads=4, directed=False, sweeps=2)
    assert states_of(network, np.ones((3, 2)), seed=1).shape == (3, 5)


def test_a_network_of_other_words_is_refused():
    with pytest.raises(TypeError, match="directed must be True or False"):
        DrivenPBits(directed="no")
