"""Searches of digits: threads, processes, ladders, law of restarts."""

from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest

import pbit
from pbit.engines.digits.registry import KNOWN, digit_program
from pbit.engines.digits.starts import start_words
from random_dits import random_dits, random_potts


def test_other_processes_make_the_same_reads():
    model = random_potts([3] * 8, seed=1)
    options = {"num_reads": 6, "num_sweeps": 50, "seed": 1}
    here = pbit.anneal(model, **options)
    runs = pbit.temper(model, [0.5, 1.0], **options)
    with ProcessPoolExecutor(1) as executor:
        there = pbit.anneal(model, executor=executor, **options)
        others = pbit.temper(model, [0.5, 1.0], executor=executor, **options)
    assert np.array_equal(here.values, there.values)
    assert np.array_equal(runs.values, others.values)


def test_a_given_start_is_where_all_replicas_begin():
    model = random_dits(seed=1)
    start = [1, 1, 1, 1]
    runs = pbit.temper(
        model, [0.5, 1.0], num_sweeps=0, seed=1, initial_values=start, keep_states=True
    )
    assert (runs.states == np.array(start)).all()


def test_patience_begins_again():
    model = random_potts([3] * 6, seed=2, integers=True)
    runs = pbit.temper(model, [0.5, 1.0, 2.0], num_sweeps=9000, seed=1, patience=0.5)
    assert runs.info["restarts"] >= 2
    assert runs.energies[0] == pbit.temper(model, seed=2).energies[0]


def test_the_ladder_found_is_told():
    model = random_potts([4] * 40, seed=3, integers=True)
    runs = pbit.temper(model, num_sweeps=2000, seed=1)
    hot, cold = digit_program(model).beta_range
    assert hot <= runs.ladder.values[0] < runs.ladder.values[-1] == pytest.approx(cold)
    assert len(runs.info["swap_rates"]) == runs.ladder.num_betas - 1
    search = pbit.LadderSearch((0.1, 0.9))
    assert pbit.temper(model, search, seed=1).ladder.values[[0, -1]] == pytest.approx([0.1, 0.9])


def test_first_states_are_even():
    model = pbit.DitModel.potts([0], [1], num_values=[3, 5])
    values = digit_program(model).random(np.arange(30000), seed=1)
    for site, count in enumerate((3, 5)):
        assert np.abs(np.bincount(values[:, site]) / 30000 - 1 / count).max() < 0.015
    assert start_words(np.arange(3), 6, seed=1).shape == (3, 6)


def test_families_are_found():
    assert "DitModel" in KNOWN.all()
    assert digit_program(random_dits(seed=1)).law == "Boltzmann over all values"
