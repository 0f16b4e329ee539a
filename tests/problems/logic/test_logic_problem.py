"""Circuits with clamped wires: solutions, refusals, unsatisfiable clamps, reproducibility."""

import numpy as np
import pytest

from cases import some
from pbit import exact
from pbit.problems.logic.circuits.circuit import Circuit
from pbit.problems.logic.circuits.inverse import LogicProblem, Unsatisfiable
from pbit.problems.logic.circuits.running import solve
from pbit.problems.logic.gates.native import native_forms


def multiplier(width: int) -> Circuit:
    circuit = Circuit()
    a, b = circuit.input("a", width), circuit.input("b", width)
    circuit.output("y", circuit.multiply(a, b))
    return circuit


def adder(width: int) -> Circuit:
    circuit = Circuit()
    a, b = circuit.input("a", width), circuit.input("b", width)
    circuit.output("y", circuit.add(a, b))
    return circuit


@pytest.mark.parametrize("propagate", [True, False])
def test_ground_states_are_the_solutions(propagate):
    for n in range(16):
        problem = LogicProblem(multiplier(2), {"y": n}, propagate=propagate)
        right = {(x, y) for x in range(4) for y in range(4) if x * y == n}
        try:
            states = exact.states(problem.model.num_spins)
        except Unsatisfiable:
            assert propagate and not right
            continue
        energies = problem.model.energy(states)
        ground = states[energies == problem.ground_energy]
        answers = {(each["a"], each["b"]) for each in map(problem.decode, ground)}
        assert answers == right and len(ground) == len(right)
        assert all(problem.check(problem.decode(state)) for state in ground)
        good, values = problem.solutions(states)
        assert set(zip(values["a"][good], values["b"][good], strict=True)) == right
        assert np.all(values["y"] == values["a"] * values["b"])


def test_encoding_and_reading():
    problem = LogicProblem(multiplier(8), {"a": 200}, propagate=False)
    state = problem.encode({"a": 200, "b": 99})
    assert problem.decode(state) == {"a": 200, "b": 99, "y": 200 * 99}
    assert problem.model.energy(state) == problem.ground_energy
    assert problem.agrees(state) and problem.values(state, "y[3]") == (200 * 99) >> 3 & 1
    state[problem.model.labels.index("y[5]")] *= -1
    assert not problem.agrees(state)
    assert not problem.check(problem.decode(state))


def test_partial_clamps_and_single_bits():
    problem = LogicProblem(adder(3), {"y": "1x0x", "b[2]": 0})
    right = {(a, b) for a in range(8) for b in range(4) if (a + b) & 0b1010 == 0b1000}
    result = solve(problem, num_solutions=len(right), seed=1)
    assert {(each["a"], each["b"]) for each in result.solutions} == right


@pytest.mark.parametrize(
    ("clamp", "message"),
    [
        ({"q": 1}, "no wire or bus is called 'q'; there are a, b, y"),
        ({"y": 32}, r"clamp y must be 0..31 in 5 bits, got 32"),
        ({"y": -1}, r"clamp y must be 0..31 in 5 bits, got -1"),
        ({"y": "101"}, "clamp y must have a digit 0, 1 or x for each of its 5 bits"),
        ({"y": "1012x"}, "clamp y must have a digit 0, 1 or x for each of its 5 bits"),
        ({"y": 1.5}, "clamp y must be an int or a string of digits, got 1.5"),
        ({"y[0]": 1, "y": 0}, r"clamp y=0 cannot be met: y\[0\] is the same net as y\[0\]"),
    ],
)
def test_clamps_that_are_refused(clamp, message):
    with pytest.raises((TypeError, ValueError), match=message):
        LogicProblem(adder(4), clamp)


def test_answers_without_an_input():
    with pytest.raises(ValueError, match="input 'a' must be given"):
        LogicProblem(adder(2), {"y": 3}).check({"y": 3})


def test_a_clamp_on_a_constant():
    circuit = Circuit()
    circuit.output("y", circuit.shift_left(circuit.input("a", 2), 1))
    with pytest.raises(Unsatisfiable, match=r"y=5 cannot be met: y\[0\] is the constant 0"):
        LogicProblem(circuit, {"y": 5})
    assert LogicProblem(circuit, {"y": 6}).model.num_spins == 0


def test_wires_that_must_be_read_exist():
    with pytest.raises(ValueError, match="no wire or bus is called 'z'"):
        LogicProblem(adder(2), {}, read=["z"])


@pytest.mark.parametrize("seed", some(range(3), 0))
def test_factors_of_every_product_of_two_numbers(seed):
    """Backwards for all products there are and some that are not: right answers or none."""
    rng = np.random.default_rng(seed)
    circuit = multiplier(5)
    for n in rng.integers(2**10, size=6).tolist():
        right = {(x, n // x) for x in range(1, 32) if n % x == 0 and n // x < 32}
        right |= {(0, 0)} if n == 0 else set()
        limit = None if right else 0.3
        result = solve(LogicProblem(circuit, {"y": n}), time_limit_s=limit, seed=seed)
        assert {(each["a"], each["b"]) for each in result.solutions} <= right | {
            pair for k in range(32) for pair in ((0, k), (k, 0)) if n == 0
        }
        assert (result.reason == "found") == bool(right)
        assert right or result.reason in ("unsatisfiable", "time_limit")


def test_unsatisfiable_clamps():
    result = solve(LogicProblem(multiplier(4), {"y": 255}), seed=1)
    assert (result.solutions, result.reason) == ([], "unsatisfiable")
    assert "no state of the circuit meets the clamp" in result.message
    result = solve(LogicProblem(multiplier(4), {"y": 11 * 17}), num_sweeps=50, seed=1)
    assert result.solutions == [] and result.reason in ("end", "unsatisfiable")


def test_nothing_left_to_search():
    result = solve(LogicProblem(adder(4), {"a": 9, "b": 8}), read=["y"], seed=1)
    assert (result.solutions, result.p_bits, result.reason) == ([{"y": 17}], 0, "found")


def test_forwards_without_propagation():
    problem = LogicProblem(adder(6), {"a": 49, "b": 18}, propagate=False)
    result = solve(problem, read=["y"], seed=1)
    assert result.solutions == [{"y": 67}] and result.p_bits > 6


def test_the_same_seed_gives_the_same_result_for_any_number_of_threads():
    problem = LogicProblem(multiplier(6), {"y": 59 * 61})
    one, two = (solve(problem, num_solutions=2, seed=5, num_threads=k) for k in (1, 2))
    assert one.solutions == two.solutions and one.counts == two.counts
    assert one.sweeps == two.sweeps
    assert solve(problem, seed=6).seed == 6 and solve(problem).seed != solve(problem).seed


def test_interrupt_keeps_what_was_found(stepped):
    problem = LogicProblem(adder(8), {"y": 200})
    result = solve(problem, num_solutions=10_000, interrupt=lambda: True, seed=1)
    assert result.reason == "interrupted"
    result = solve(problem, num_solutions=10_000, time_limit_s=0.2, seed=1)
    assert result.reason == "time_limit" and len(result.solutions) > 3
    assert all(each["a"] + each["b"] == 200 for each in result.solutions)


@pytest.mark.parametrize("name", ["num_solutions", "num_reads", "num_sweeps"])
def test_numbers_of_a_search_start_at_one(name):
    with pytest.raises(ValueError, match=f"{name} must be >= 1, got 0"):
        solve(LogicProblem(adder(2), {"y": 3}), **{name: 0})


def test_scales_and_substitutes_keep_the_solutions():
    problem = LogicProblem(multiplier(2), {"y": 6}, scales={"AND": 0.5, "half adder": 2.0})
    energies = exact.exact_energies(problem.model)
    assert energies.min() == problem.ground_energy
    with pytest.raises(ValueError, match="factor must be > 0"):
        _ = LogicProblem(multiplier(2), scales={"AND": -1.0}).model


def test_inner_wires_can_be_clamped_and_read():
    circuit = Circuit()
    a, b, c = (circuit.input(name) for name in "abc")
    inner = a & b
    circuit.wires["inner"] = inner.literal
    circuit.output("y", inner ^ c)
    result = solve(LogicProblem(circuit, {"inner": 1, "y": 0}, read=["inner"]), seed=1)
    assert result.solutions == [{"a": 1, "b": 1, "c": 1}]


@pytest.mark.parametrize("argument", ["scales", "substitutes"])
def test_names_that_no_gate_has(argument):
    with pytest.raises(ValueError, match=f"{argument} must name gates of the circuit, got 'FA'"):
        _ = LogicProblem(multiplier(2), **{argument: {"FA": 2.0}}).model


@pytest.mark.parametrize("clamp", [{"c": 1}, {"c": 1, "y": 0}, {"same": 1}])
@pytest.mark.parametrize("propagate", [True, False])
def test_ground_states_of_native_forms_are_the_solutions(propagate, clamp):
    circuit = Circuit()
    a, b, c = circuit.input("a"), circuit.input("b"), circuit.input("c")
    circuit.output("y", a ^ b)
    circuit.output("z", circuit.mux(c, a, b))
    circuit.output("same", ~(b ^ c))  # held, two pins of the MUX share a p-bit
    problem = LogicProblem(circuit, clamp, substitutes=native_forms(), propagate=propagate)
    states = exact.states(problem.model.num_spins)
    lowest = states[np.isclose(problem.model.energy(states), problem.ground_energy)]
    found = {tuple(problem.decode(state).values()) for state in lowest}
    rows = ((a, b, c) for a in (0, 1) for b in (0, 1) for c in (0, 1))
    every = ((a, b, c, a ^ b, b if c else a, int(b == c)) for a, b, c in rows)
    names = list(circuit.signals)
    wanted = {row for row in every if all(row[names.index(name)] == clamp[name] for name in clamp)}
    assert found == wanted


def test_inverted_wires_are_clamped_the_right_way_round():
    circuit = Circuit()
    circuit.output("y", ~(circuit.input("a") & circuit.input("b")))
    problem = LogicProblem(circuit, {"y": 0})
    assert problem.decode(np.zeros(0, dtype=np.int8)) == {"a": 1, "b": 1, "y": 0}
    circuit.keep("also", ~circuit.expression("y"))
    assert LogicProblem(circuit, {"also": 1}).held == LogicProblem(circuit, {"y": 0}).held
