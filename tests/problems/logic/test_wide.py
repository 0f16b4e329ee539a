"""Wide gates: small ones by enumeration, large ones against plain Boolean logic."""

import numpy as np
import pytest

from pbit.problems.logic.gates.synthesis import synthesize_gate
from pbit.problems.logic.gates.wide import (
    and_gate,
    compact_counter_gate,
    counter_gate,
    maj_gate,
    nand_gate,
    nor_gate,
    or_gate,
    xnor_gate,
    xor_gate,
)

BOOLEAN = {
    and_gate: lambda bits: bits.all(axis=-1),
    nand_gate: lambda bits: ~bits.all(axis=-1),
    or_gate: lambda bits: bits.any(axis=-1),
    nor_gate: lambda bits: ~bits.any(axis=-1),
    xor_gate: lambda bits: bits.sum(axis=-1) % 2 == 1,
    xnor_gate: lambda bits: bits.sum(axis=-1) % 2 == 0,
    maj_gate: lambda bits: 2 * bits.sum(axis=-1) > bits.shape[-1],
}
GAPS = {and_gate: 4, nand_gate: 4, or_gate: 4, nor_gate: 4}


SMALL = [(make, n) for make in BOOLEAN for n in range(1, 8) if make is not maj_gate or n % 2]


@pytest.mark.parametrize(("make", "n"), SMALL, ids=lambda value: getattr(value, "__name__", value))
def test_small_ones_by_enumeration(make, n):
    gate = make(n)
    merged = gate.merged()
    assert merged.check()
    assert merged.num_inputs == n and len(merged.rows) == 2**n
    assert merged.pins == gate.pins == (*gate.inputs, "Y", *gate.auxiliaries)
    rows = np.array(merged.rows)
    np.testing.assert_array_equal(rows[:, n], BOOLEAN[make](rows[:, :n].astype(bool)))
    assert merged.ground_energy == gate.ground_energy
    assert merged.gap >= gate.gap
    largest = max(abs(weight) for _, weight in merged.all_terms)
    assert largest <= (3 if make is maj_gate else 2)
    if n > 1:
        assert merged.gap == GAPS.get(make, 4 if merged.name == "MAJ3" else 2)


@pytest.mark.parametrize("make", BOOLEAN, ids=lambda make: make.__name__)
@pytest.mark.parametrize("n", [9, 33, 64, 201])
def test_large_ones_by_random_vectors(make, n):
    n += make is maj_gate and n % 2 == 0
    gate = make(n)
    rng = np.random.default_rng(n)
    bits = rng.random((500, n)) < rng.random((500, 1)) ** 0.1  # many ones, for the AND
    bits[::2] = ~bits[::2]
    state = gate.evaluate(bits)
    np.testing.assert_array_equal(state[:, n], BOOLEAN[make](bits))
    energies = gate.model.energy(2 * state - 1)
    assert np.all(energies == gate.ground_energy)
    wrong = state.copy()
    wrong[:, n] ^= 1
    assert np.all(gate.model.energy(2 * wrong - 1) >= gate.ground_energy + gate.gap)


@pytest.mark.parametrize("n", range(1, 10))
def test_counters(n):
    gate = counter_gate(n)
    bits = np.arange(2**n)[:, None] >> np.arange(n) & 1
    found = gate.evaluate(bits)[:, n : n + gate.num_outputs]
    np.testing.assert_array_equal(found @ (1 << np.arange(gate.num_outputs)), bits.sum(axis=1))
    assert gate.outputs == (("Y",) if n == 1 else tuple(f"Y{k}" for k in range(gate.num_outputs)))
    if len(gate.pins) <= 16:
        assert gate.merged().check()


@pytest.mark.parametrize("n", [2, 3, 4, 5, 7, 9])
def test_compact_counters(n):
    gate = compact_counter_gate(n)
    assert gate.check() and not gate.auxiliaries
    rows = np.array(gate.rows)
    worth = 1 << np.arange(gate.num_outputs)
    np.testing.assert_array_equal(rows[:, n:] @ worth, rows[:, :n].sum(axis=1))
    largest = max(abs(weight) for _, _, weight in gate.couplings)
    assert largest == worth[-1] ** 2 / 2
    if n == 7:
        assert not any(gate.biases)
        best = synthesize_gate(gate, max_weight=largest)
        assert (largest, gate.gap, best.gap, best.gap_bound) == (8, 2, 2, 2)


def test_parts_sum_to_the_model():
    gate = xor_gate(5)
    states = 2 * (np.arange(2**9)[:, None] >> np.arange(9) & 1) - 1
    total = sum(part.model.energy(states[:, list(pins)]) for part, pins in gate.parts)
    np.testing.assert_array_equal(gate.model.energy(states), total)
    half = gate.scaled(0.5)
    np.testing.assert_array_equal(half.model.energy(states), total / 2)
    assert (half.ground_energy, half.gap) == (gate.ground_energy / 2, 1.0)


def test_sizes():
    assert [len(xor_gate(n).auxiliaries) for n in (3, 5, 33)] == [1, 3, 31]
    assert [len(and_gate(n).auxiliaries) for n in (2, 3, 64)] == [0, 1, 62]


@pytest.mark.parametrize("make", [*BOOLEAN, counter_gate], ids=lambda make: make.__name__)
def test_numbers_of_inputs_are_checked(make):
    with pytest.raises(ValueError, match="num_inputs must be >= 1, got 0"):
        make(0)
    with pytest.raises(ValueError, match="num_inputs must be <= 4096, got 4097"):
        make(4097)
    with pytest.raises(TypeError, match=r"num_inputs must be an integer, got 2\.5"):
        make(2.5)


def test_other_refusals():
    with pytest.raises(ValueError, match="num_inputs must be >= 2, got 1"):
        compact_counter_gate(1)
    with pytest.raises(ValueError, match="num_inputs must be <= 15, got 16"):
        compact_counter_gate(16)
    with pytest.raises(ValueError, match="num_inputs must be odd for a majority, got 4"):
        maj_gate(4)
    with pytest.raises(ValueError, match="at most 20 pins, AND12 has 23; use its parts"):
        and_gate(12).merged()
    with pytest.raises(ValueError, match="factor must be > 0"):
        and_gate(3).scaled(0)
    with pytest.raises(ValueError, match="last axis 3"):
        and_gate(3).evaluate([0, 1])
    with pytest.raises(ValueError, match="bits must be 0 or 1"):
        and_gate(3).evaluate([0, 1, 2])
