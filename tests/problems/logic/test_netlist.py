"""Netlists: folding, sharing, and the network of p-bits of random netlists by enumeration."""

from itertools import product
from random import Random

import numpy as np
import pytest

from cases import of_all
from pbit import exact
from pbit.problems.logic.circuits.compiling import compile_network
from pbit.problems.logic.circuits.functions import function
from pbit.problems.logic.circuits.implications import Contradiction, implied
from pbit.problems.logic.circuits.netlist import FALSE, TRUE, Netlist
from pbit.problems.logic.gates.library import AND, FULL_ADDER, HALF_ADDER, MAJ, MUX

NUM_INPUTS = 4
ROWS = np.array(list(product((0, 1), repeat=NUM_INPUTS)), dtype=bool).T


def random_netlist(rng: Random, num_gates: int) -> tuple[Netlist, list[int], list[np.ndarray]]:
    """Netlist, literals built on it, and what each of them must be for all inputs."""
    netlist = Netlist()
    pool = [(netlist.free(f"x{k}"), ROWS[k]) for k in range(NUM_INPUTS)]
    pool.append((FALSE, np.zeros(2**NUM_INPUTS, dtype=bool)))
    for _ in range(num_gates):
        (a, va), (b, vb), (c, vc) = (
            (q ^ flip, v ^ bool(flip))
            for (q, v), flip in ((rng.choice(pool), rng.randint(0, 1)) for _ in range(3))
        )
        table = [rng.randint(0, 1) for _ in range(8)]
        total = va.astype(int) + vb + vc
        sums, carry = netlist.full_adder(a, b, c) if rng.random() < 0.3 else (None, None)
        half = netlist.half_adder(a, b) if rng.random() < 0.3 else (None, None)
        pool += rng.sample(
            [
                (netlist.and_(a, b), va & vb),
                (netlist.or_(a, b), va | vb),
                (netlist.xor(a, b), va ^ vb),
                (netlist.majority(a, b, c), total > 1),
                (netlist.mux(a, b, c), np.where(va, vc, vb)),
                (netlist.parity([a, b, c]), total % 2 == 1),
                (netlist.all([a, b, c]), va & vb & vc),
                (netlist.any([a, b, c]), va | vb | vc),
                (
                    function(netlist, [c, b, a], sum(bit << k for k, bit in enumerate(table))),
                    np.array(table, dtype=bool)[4 * va.astype(int) + 2 * vb + vc],
                ),
                (netlist.cell(MAJ, [a, b, c])[0], total > 1),
                (a, va) if sums is None else (sums, total % 2 == 1),
                (a, va) if carry is None else (carry, total > 1),
                (a, va) if half[0] is None else (half[0], va ^ vb),
                (a, va) if half[1] is None else (half[1], va & vb),
            ],
            k=1,
        )
    built = pool[NUM_INPUTS + 1 :]
    return netlist, [q for q, _ in built], [v for _, v in built]


def values_of(netlist: Netlist) -> list[np.ndarray]:
    return netlist.evaluate({k + 1: row for k, row in enumerate(ROWS)})


@of_all(range(300))
def test_random_netlists_compute_what_python_does(seed):
    rng = Random(seed)
    netlist, literals, expected = random_netlist(rng, rng.randint(1, 9))
    known = values_of(netlist)
    for q, value in zip(literals, expected, strict=True):
        np.testing.assert_array_equal(known[q >> 1] ^ bool(q & 1), value)


def ground_states_are(network, states) -> bool:
    energies = exact.exact_energies(network.model)
    ground = exact.states(network.model.num_spins)[energies < energies.min() + 1e-9]
    levels = np.unique(energies.round(9))
    return (
        abs(energies.min() - network.ground_energy) < 1e-9
        and {s.tobytes() for s in ground} == {s.tobytes() for s in states}
        and (len(levels) < 2 or levels[1] - levels[0] >= network.gap - 1e-9)
    )


@of_all(range(120))
def test_ground_states_of_random_netlists_are_their_consistent_states(seed):
    netlist, literals, _ = random_netlist(Random(seed), 4)
    inputs = [2 * net for net in range(1, NUM_INPUTS + 1)]
    network = compile_network(netlist, [*inputs, *literals])
    if network.model.num_spins > 16:
        return
    assert ground_states_are(network, network.states(values_of(netlist)))
    wrong = compile_network(netlist, [*inputs, *literals], scales={"AND": 0.5, "MUX": 2.0})
    assert ground_states_are(wrong, wrong.states(values_of(netlist)))


def test_a_wrong_gate_is_caught_by_the_same_check():
    netlist = Netlist()
    a, b = netlist.free("a"), netlist.free("b")
    y = netlist.and_(a, b)
    broken = AND.scaled(1.0).__class__(**{**vars(AND), "biases": (1.0, 1.0, -1.0)})
    network = compile_network(netlist, [a, b, y], substitutes={"AND": broken})
    states = network.states(
        netlist.evaluate({1: np.array([0, 0, 1, 1], bool), 2: np.array([0, 1, 0, 1], bool)})
    )
    assert not ground_states_are(network, states)
    assert ground_states_are(compile_network(netlist, [a, b, y]), states)


@of_all(range(200))
def test_implications_hold_in_every_state_that_meets_them(seed):
    rng = Random(seed)
    netlist, literals, _ = random_netlist(rng, rng.randint(2, 7))
    driven = sorted({q & ~1 for q in literals if q > TRUE})
    if not driven:
        return
    held = {q: rng.randint(0, 1) for q in rng.sample(driven, min(len(driven), 2))}
    known = values_of(netlist)
    meets = np.ones(2**NUM_INPUTS, dtype=bool)
    for q, bit in held.items():
        meets &= known[q >> 1] == bool(bit)
    try:
        places = implied(netlist, held)
    except Contradiction:
        assert not meets.any()
        return
    for net, q in enumerate(places.tolist()):
        agrees = known[net] == known[q >> 1] ^ bool(q & 1)
        assert agrees[meets].all()
    inputs = [2 * net for net in range(1, NUM_INPUTS + 1)]
    network = compile_network(netlist, [*inputs, *literals], places=places)
    if not 0 < network.model.num_spins <= 16:
        return
    if meets.any():
        states = network.states([value[meets] for value in known])
        assert ground_states_are(network, states)
    else:
        lowest = exact.exact_energies(network.model).min()
        assert lowest >= network.ground_energy + network.gap - 1e-9


def test_equal_gates_are_shared_whatever_the_order_and_the_signs():
    netlist = Netlist()
    a, b, c = (netlist.free(name) for name in "abc")
    assert netlist.and_(a, b) == netlist.and_(b, a)
    assert netlist.or_(a, b) == netlist.and_(a ^ 1, b ^ 1) ^ 1
    assert netlist.xor(a, b) == netlist.xor(b ^ 1, a) ^ 1
    assert netlist.majority(a, b, c) == netlist.majority(c ^ 1, a ^ 1, b ^ 1) ^ 1
    assert netlist.full_adder(a, b, c) == tuple(
        q ^ 1 for q in netlist.full_adder(b ^ 1, c ^ 1, a ^ 1)
    )
    assert netlist.mux(a, b, c) == netlist.mux(a ^ 1, c, b)
    assert netlist.mux(a, b ^ 1, c ^ 1) == netlist.mux(a, b, c) ^ 1
    assert netlist.cell(MUX, [a, b, c]) == netlist.cell(MUX, [a, b, c])


def test_a_sum_and_a_carry_are_one_cell():
    netlist = Netlist()
    a, b, c = (netlist.free(name) for name in "abc")
    netlist.and_(a, b ^ 1)
    netlist.xor(a, b)
    assert [cell.gate for cell in netlist.cells] == [HALF_ADDER]
    netlist.majority(a, b, c)
    netlist.parity([a, b, c])
    assert [cell.gate for cell in netlist.cells] == [HALF_ADDER, FULL_ADDER]
    network = compile_network(netlist, [a, b, c, netlist.and_(a, b ^ 1)])
    assert [cell.gate for cell in network.cells] == [AND]
    network = compile_network(netlist, [a, b, c, netlist.majority(a, b, c)])
    assert [cell.gate for cell in network.cells] == [MAJ]


def test_constants_fold():
    netlist = Netlist()
    a, b = netlist.free("a"), netlist.free("b")
    assert netlist.and_(a, FALSE) == FALSE and netlist.and_(a, TRUE) == a
    assert netlist.and_(a, a ^ 1) == FALSE and netlist.or_(a, a ^ 1) == TRUE
    assert netlist.xor(a, a) == FALSE and netlist.xor(a, TRUE) == a ^ 1
    assert netlist.mux(a, b, b) == b and netlist.mux(TRUE, a, b) == b
    assert netlist.mux(a, TRUE, FALSE) == a ^ 1
    assert netlist.full_adder(a, a, b) == (b, a) and netlist.full_adder(a, a ^ 1, b) == (b ^ 1, b)
    assert function(netlist, [b, a], 0b1100) == a
    assert netlist.cell(FULL_ADDER, [TRUE, FALSE, TRUE]) == (FALSE, TRUE)
    assert netlist.all([]) == TRUE and netlist.any([]) == FALSE and netlist.parity([]) == FALSE
    assert not netlist.cells


def test_refusals():
    netlist = Netlist()
    a = netlist.free("a")
    with pytest.raises(ValueError, match="full adder takes 3 inputs, got 1"):
        netlist.cell(FULL_ADDER, [a])


def test_inverted_literals_can_be_held():
    netlist = Netlist()
    a, b = netlist.free("a"), netlist.free("b")
    y = netlist.and_(a, b)
    assert implied(netlist, {y ^ 1: 0}).tolist() == [0, 1, 1, 1]
    assert implied(netlist, {a ^ 1: 1}).tolist() == [0, 0, 4, 0]


def test_contradictions_name_a_net():
    netlist = Netlist()
    a, b = netlist.free("a"), netlist.free("b")
    y = netlist.and_(a, b)
    with pytest.raises(Contradiction) as found:
        implied(netlist, {y: 1, a: 0})
    assert 1 <= found.value.net <= 3
