"""Numbers of the random stream outside of kernels, and that no two uses share them."""

from dataclasses import fields

import numpy as np
from scipy import special

import naive
from pbit import OscillatorHardware
from pbit.devices.oscillator import AutoOscillator
from pbit.kernels.random import numbers
from pbit.networks.oscillators import spread, with_spread
from pbit.samplers.oscillators import hardware

SEED = 2**40 + 7


def test_each_counter_has_four_words_of_any_shape():
    counters = np.random.default_rng(1).integers(0, 2**32, (2, 3, 4), dtype=np.uint32)
    expected = [
        [naive.ars(tuple(map(int, c)), (SEED & naive.MASK, SEED >> 32)) for c in row]
        for row in counters
    ]
    words = numbers.words(counters, seed=SEED)
    assert words.tolist() == [[list(each) for each in row] for row in expected]
    middles = (np.array(expected) + 0.5) / 2**32
    assert np.array_equal(numbers.uniforms(counters, seed=SEED), middles)
    assert np.array_equal(numbers.normals(counters, seed=SEED), special.ndtri(middles))


def test_oscillators_of_machines_and_of_networks_do_not_share_numbers(monkeypatch):
    """Of one seed. With one draw of the purpose for both, those of device 0 would be equal."""
    names = [field.name for field in fields(AutoOscillator)]
    one = AutoOscillator(**dict.fromkeys(names, 1.0))
    made = OscillatorHardware(
        oscillator=one, current_A=2.0, coupling_Hz=1.0, frequency_spread_Hz=1.0, seed=SEED
    )
    machine = made.detunings(200) * made.rate_rad_s / (2 * np.pi)

    def in_common():
        devices = with_spread(one, 50, seed=SEED, **dict.fromkeys(names, 1e-3))
        network = np.array([(getattr(d, name) - 1) / 1e-3 for d in devices for name in names])
        return (np.abs(np.subtract.outer(network, machine)) < 1e-10).sum()

    assert in_common() == 0
    monkeypatch.setattr(spread, "_SPREAD", hardware.SPREAD)
    assert in_common() == len(names)
