"""Synthesis: optimal gaps known beforehand, and against a search of all auxiliary columns."""

from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest
from scipy.optimize import linprog

from cases import some
from pbit.problems.logic.gates import synthesis
from pbit.problems.logic.gates.gate import Gate
from pbit.problems.logic.gates.gate_search import GateProgram, GateSearch
from pbit.problems.logic.gates.library import AND, FULL_ADDER, GATES, HALF_ADDER, MAJ
from pbit.problems.logic.gates.synthesis import NoGateError, synthesize_gate
from pbit.problems.logic.gates.truth_table import TruthTable, table_of


def check(gate: Gate, given, *, max_weight: float = 2.0) -> None:
    """Enumeration by itself, not by the gate's own methods."""
    table = table_of(given)
    states = np.array(list(product((-1, 1), repeat=len(gate.pins))))
    energies = -sum(w * states[:, list(pins)].prod(axis=1) for pins, w in gate.all_terms)
    ground = np.abs(energies - gate.ground_energy) < 1e-9
    assert {tuple(row) for row in ((states[ground] + 1) // 2).tolist()} == set(gate.rows)
    kept = len(table.pins)
    assert gate.pins[:kept] == table.pins and gate.num_inputs == table.num_inputs
    assert tuple(row[:kept] for row in gate.rows) == table.rows
    assert energies[~ground].min() - gate.ground_energy == pytest.approx(gate.gap, abs=1e-9)
    assert max(abs(weight) for _, weight in gate.all_terms) <= max_weight * (1 + 1e-12)


@pytest.mark.parametrize(("gate", "gap"), [(AND, 2), (HALF_ADDER, 1), (FULL_ADDER, 1), (MAJ, 2)])
def test_optimal_gaps_for_weights_up_to_one(gate, gap):
    made = synthesize_gate(gate, max_weight=1)
    check(made, gate, max_weight=1)
    assert (made.gap, made.gap_bound, made.auxiliaries) == (gap, gap, ())


@pytest.mark.parametrize("text", ["a ^ b", "a & b & c", "a | b | c", "mux(s, a, b)"])
def test_impossible_without_auxiliaries(text):
    with pytest.raises(NoGateError, match="no gate without auxiliary p-bits has these rows") as e:
        synthesize_gate(text, num_auxiliaries=0)
    assert e.value.is_proven
    made = synthesize_gate(text)
    check(made, text)
    assert made.auxiliaries == ("X",)


@pytest.mark.parametrize(
    ("text", "options", "gap", "num_pins"),
    [
        ("a ^ b", {}, 2, 4),
        ("a & b & c", {}, 4, 5),
        ("a | b | c", {}, 4, 5),
        ("mux(s, a, b)", {}, 2, 5),
        ("mux(s, a, b)", {"max_weight": 4, "integer": True}, 4, 5),
        ("mux(s, a, b)", {"min_gap": 4}, 4, 6),
        ("mux(s, a, b)", {"num_auxiliaries": 2}, 4, 6),
        ("mux(s, a, b)", {"integer": True}, 4, 6),
        ("mux(s, a, b)", {"degree": 3, "max_weight": 1}, 4, 4),
        ("a ^ b", {"degree": 3, "max_weight": 1}, 2, 3),
        ("a ^ b", {"integer": True, "max_weight": 1}, 2, 5),
        ("a ^ b ^ c ^ d", {"degree": 5, "max_weight": 1}, 2, 5),
        ("s = (a & b) ^ c ^ d; co = maj(a & b, c, d)", {}, 1, 6),
        ("s = (a & b) ^ c ^ d; co = maj(a & b, c, d)", {"num_auxiliaries": 1}, 2, 7),
        ("a & b & c & d", {}, 8 / 3, 6),
        ("1", {}, 4, 1),
        ("a | ~a", {}, 4, 2),
        ([[0, 0, 1], [0, 1, 0], [1, 0, 0]], {}, 4, 3),
        ([[1, 0, 1]], {}, 12, 3),
    ],
)
def test_largest_gaps(text, options, gap, num_pins):
    made = synthesize_gate(text, **options)
    check(made, text, max_weight=options.get("max_weight", 2))
    assert made.gap == pytest.approx(gap, rel=1e-9)
    assert made.gap_bound == made.gap
    assert len(made.pins) == num_pins
    if options.get("integer"):
        assert all(weight == round(weight) for _, weight in made.all_terms)


def best_gap_of_all_columns(table: TruthTable, num_auxiliaries: int) -> float:
    """Referee: a linear program for every choice of the auxiliary bits, none left out."""
    n = len(table.pins) + num_auxiliaries
    states = np.array(list(product((0, 1), repeat=n)))
    spins = 2 * states - 1
    products = [c for k in (1, 2) for c in combinations(range(n), k)]
    energies = -np.stack([spins[:, list(c)].prod(axis=1) for c in products], axis=1)
    number = {tuple(state): k for k, state in enumerate(states.tolist())}
    best = 0.0
    patterns = list(product((0, 1), repeat=num_auxiliaries))
    cost = np.zeros(len(products) + 2)
    cost[-1] = -1
    bounds = [(-2, 2)] * len(products) + [(None, None), (0, None)]
    # The first row's bits may be fixed: an auxiliary p-bit may be inverted everywhere.
    for rest in product(patterns, repeat=len(table.rows) - 1):
        bits = (patterns[0], *rest)
        ground = [number[(*row, *more)] for row, more in zip(table.rows, bits, strict=True)]
        others = np.setdiff1d(np.arange(2**n), ground)
        above = np.hstack([-energies[others], np.ones((len(others), 2))])
        equal = np.hstack(
            [-energies[ground], np.ones((len(ground), 1)), np.zeros((len(ground), 1))]
        )
        result = linprog(
            cost, A_ub=above, b_ub=np.zeros(len(above)), A_eq=equal, b_eq=np.zeros(len(equal)),
            bounds=bounds,
        )  # fmt: skip
        best = max(best, float(-result.fun))
    return best


@pytest.mark.parametrize(
    ("given", "num_auxiliaries"),
    [
        ("mux(s, a, b)", 1),
        ("a & b & c", 1),
        ("(a ^ b) & c", 1),
        ([0, 1, 1, 0, 1, 0, 0, 1], 1),
        ("(a & b) ^ c", 1),
        ("a ^ b", 2),
        ([[0, 0, 1], [0, 1, 0], [1, 0, 0]], 2),
    ],
)
def test_gaps_against_all_columns(given, num_auxiliaries):
    expected = best_gap_of_all_columns(table_of(given), num_auxiliaries)
    made = synthesize_gate(given, num_auxiliaries=num_auxiliaries)
    check(made, given)
    assert made.gap == pytest.approx(expected, abs=1e-6)


def test_random_functions():
    rng = np.random.default_rng(11)
    for _ in range(12):
        outputs = rng.integers(0, 2, 8)
        made = synthesize_gate(outputs, max_auxiliaries=2, min_gap=1.0)
        check(made, outputs)
        assert 1 <= made.gap <= made.gap_bound


@pytest.mark.parametrize("max_weight", [1e-6, 0.3, 1e6])
def test_any_unit_of_weights(max_weight):
    made = synthesize_gate("a & b & c", max_weight=max_weight)
    assert made.gap == pytest.approx(2 * max_weight, rel=1e-9)
    check(made.scaled(2 / max_weight), "a & b & c")
    assert max(abs(weight) for _, weight in made.all_terms) <= max_weight


def test_max_bias():
    made = synthesize_gate("a & b", max_bias=0.5)
    check(made, "a & b")
    assert max(map(abs, made.biases)) <= 0.5
    assert made.gap == pytest.approx(1.0)
    assert synthesize_gate(MAJ, max_bias=0).gap == 4


def test_couplings_fit_a_graph():
    # The half adder's square without the edge between sum and carry has no gate; all of it has.
    square = ["ab", "as", "ac", "bs", "bc", "sc"]
    text = "s = a ^ b; c = a & b"
    made = synthesize_gate(text, couplings=square)
    check(made, text)
    assert made.gap == 2
    with pytest.raises(NoGateError, match="no gate without auxiliary") as e:
        synthesize_gate(text, couplings=square[:-1])
    assert e.value.is_proven
    made = synthesize_gate("a & b & c", couplings=["aQ", "bQ", "cQ", "QY", "cY", "ab"])
    check(made, "a & b & c")
    assert made.auxiliaries == ("Q",)
    allowed = {frozenset(pair) for pair in ("aQ", "bQ", "cQ", "QY", "cY", "ab")}
    assert {frozenset((made.pins[i], made.pins[j])) for i, j, _ in made.couplings} <= allowed
    made = synthesize_gate("a ^ b", couplings=[("a", "b", "Y")])
    assert made.all_terms == (((0, 1, 2), -2.0),)


def test_auxiliary_names_avoid_pins():
    assert synthesize_gate("X ^ b").auxiliaries == ("X1",)
    made = synthesize_gate("mux(X1, a, b)", num_auxiliaries=2)
    assert made.auxiliaries == ("X2", "X3")
    named = synthesize_gate("a & b", couplings=["ab", "aY", "bY", "aQ"], num_auxiliaries=2)
    assert named.auxiliaries == ("Q", "X1")


def test_integer_weights_need_not_be_those_of_the_best_gap():
    text = "(a & b) ^ c"
    free = synthesize_gate(text, num_auxiliaries=1)
    assert free.gap == pytest.approx(4 / 3)  # in thirds
    whole = synthesize_gate(text, num_auxiliaries=1, integer=True, max_weight=6.9)
    check(whole, text, max_weight=6)
    assert whole.gap == whole.gap_bound == 4
    with pytest.raises(NoGateError, match=r"\(weights up to 4, whole numbers\)") as e:
        synthesize_gate(text, num_auxiliaries=1, integer=True, max_weight=4)
    assert e.value.is_proven


def test_min_gap_beyond_reach():
    with pytest.raises(NoGateError, match=r"weights up to 2, a gap of 5\) has these rows") as e:
        synthesize_gate("a & b", num_auxiliaries=0, min_gap=5)
    assert e.value.is_proven


def test_programs_that_are_not_solved_prove_nothing(monkeypatch):
    solve = synthesis.GateProgram.solve
    monkeypatch.setattr(
        synthesis.GateProgram, "solve", lambda *a, **k: solve(*a, **k)._replace(is_optimal=False)
    )
    with pytest.raises(NoGateError, match="was found in time") as e:
        synthesize_gate("a ^ b", num_auxiliaries=0)
    assert not e.value.is_proven
    made = synthesize_gate("a & b")
    assert (made.gap, made.gap_bound) == (4, None)


def test_time_limit_and_interrupt():
    text = "maj(a, b, c, d, e)"
    with pytest.raises(NoGateError, match="was found in time; raise time_limit_s") as e:
        synthesize_gate(text, time_limit_s=1e-6)
    assert not e.value.is_proven
    for given in (text, "a ^ b", "maj(a, b, c) & d"):
        with pytest.raises(NoGateError, match="was found in time") as e:
            synthesize_gate(given, interrupt=lambda: True, num_auxiliaries=1)
        assert not e.value.is_proven
    calls = iter([False] * 6)  # enough to see that there is none without auxiliaries
    with pytest.raises(NoGateError, match="was found in time") as e:
        synthesize_gate("a ^ b", interrupt=lambda: next(calls, True))
    assert not e.value.is_proven


@pytest.mark.slow
def test_the_best_so_far_says_that_it_is_not_proven():
    calls = iter(range(10**9))
    made = synthesize_gate(
        "maj(a, b, c, d, e)", num_auxiliaries=2, interrupt=lambda: next(calls) > 150
    )
    check(made, "maj(a, b, c, d, e)")
    assert made.gap_bound > made.gap


def test_the_result_is_checked_by_enumeration(monkeypatch):
    right = synthesis._gate

    def wrong(*arguments):
        gate = right(*arguments)
        return replace(gate, biases=(-gate.biases[0], *gate.biases[1:]))

    monkeypatch.setattr(synthesis, "_gate", wrong)
    with pytest.raises(NoGateError, match="does not pass enumeration: the gap is too small"):
        synthesize_gate("a & b")


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"max_weight": 0}, ValueError, "max_weight must be > 0 and finite, got 0"),
        ({"max_weight": float("inf")}, ValueError, "max_weight must be > 0 and finite"),
        ({"max_weight": float("nan")}, ValueError, "max_weight must be > 0 and finite"),
        ({"max_bias": -1}, ValueError, "max_bias must be >= 0 and finite, got -1"),
        ({"integer": True, "max_weight": 0.5}, ValueError, "max_weight must be >= 1 for whole"),
        ({"min_gap": -1}, ValueError, "min_gap must be >= 0 and finite"),
        ({"time_limit_s": 0}, ValueError, "time_limit_s must be > 0"),
        ({"num_auxiliaries": -1}, ValueError, "num_auxiliaries must be >= 0"),
        ({"num_auxiliaries": 5}, ValueError, "num_auxiliaries must be <= 4"),
        ({"num_auxiliaries": 1.5}, TypeError, "num_auxiliaries must be an integer"),
        ({"max_auxiliaries": 5}, ValueError, "max_auxiliaries must be <= 4"),
        ({"degree": 0}, ValueError, "degree must be >= 1"),
        ({"couplings": ["ab"], "degree": 3}, ValueError, "degree must be left out with couplings"),
        ({"couplings": ["aa"]}, ValueError, r"two different pins or more, got \('a',\)"),
        (
            {"couplings": ["aX", "bZ"], "num_auxiliaries": 1},
            ValueError,
            "couplings must name at most 1 auxiliary pins, got X, Z",
        ),
    ],
)
def test_refusals(options, error, message):
    with pytest.raises(error, match=message):
        synthesize_gate("a & b", **options)


def test_too_many_pins():
    text = "and(a, b, c, d, e, f, g, h, i, j)"
    with pytest.raises(ValueError, match="at most 12 pins, got 11 and 2 auxiliary ones"):
        synthesize_gate(text, num_auxiliaries=2)
    with pytest.raises(NoGateError, match="no gate without auxiliary p-bits has"):
        synthesize_gate("xor(a, b, c, d, e, f, g)", max_auxiliaries=0)


@pytest.mark.parametrize(
    ("most", "text"),
    some([(3, "a ^ b"), (12, "and(a, b, c, d, e, f, g, h, i, j, k)")], (3, "a ^ b")),
)
def test_no_gate_of_as_many_pins_as_there_may_be(most, text, monkeypatch):
    assert synthesis.MAX_GATE_PINS == 12
    monkeypatch.setattr(synthesis, "MAX_GATE_PINS", most)
    with pytest.raises(NoGateError, match="ground states; build a circuit of smaller gates"):
        synthesize_gate(text)


def program_of(given, num_auxiliaries: int) -> GateProgram:
    table = table_of(given)
    n = len(table.pins) + num_auxiliaries
    products = tuple(c for k in (1, 2) for c in combinations(range(n), k))
    rows = np.array(table.rows) @ (1 << np.arange(len(table.pins))[::-1])
    return GateProgram(rows, len(table.pins), num_auxiliaries, products, np.ones(len(products)))


def test_symmetries_are_those_of_the_table():
    def closed(orders):
        return {tuple(a[b]) for a in orders for b in orders} == set(map(tuple, orders))

    for given, count in (("a ^ b", 24), ("a & b", 2), ("maj(a, b, c)", 12), ("mux(s, a, b)", 4)):
        orders = program_of(given, 1).symmetries()
        assert closed(orders)
        assert len({tuple(order) for order in orders}) == len(orders) == count
    program = program_of("a ^ b", 1)
    limits = program.limits.copy()
    limits[-1] = 0.5
    assert len(replace(program, limits=limits).symmetries()) == 1  # pins are not alike any more


SYMMETRIC = [("mux(s, a, b)", 2), ([0, 1, 1, 0] * 2, 1), ("a & b & c & d", 1)]


@pytest.mark.parametrize(("given", "num_auxiliaries"), some(SYMMETRIC, *SYMMETRIC[:2]))
def test_symmetries_change_no_gap(given, num_auxiliaries):
    gaps, programs = [], []
    for with_symmetries in (True, False):
        search = GateSearch(program_of(given, num_auxiliaries), 0.0, lambda: float("inf"))
        search._orders = search._orders if with_symmetries else None
        search.run()
        assert search.is_proven
        gaps.append(search.found().gap)
        programs.append(search.num_programs)
    assert gaps[0] == pytest.approx(gaps[1], abs=1e-6)
    assert programs[0] <= programs[1]


# The MUX of gates is the sum of an OR and two ANDs, for its order and not for its gap.
BEST = [gate for gate in GATES if gate.name != "MUX of gates"]


@pytest.mark.parametrize("gate", BEST, ids=lambda gate: gate.name)
def test_no_gate_beats_the_library_at_its_weights(gate):
    largest = max(abs(weight) for _, weight in gate.all_terms)
    best = synthesize_gate(
        gate, max_weight=largest, num_auxiliaries=len(gate.auxiliaries), time_limit_s=20
    )
    assert (gate.gap, best.gap_bound) == pytest.approx((best.gap, best.gap), rel=1e-9)
