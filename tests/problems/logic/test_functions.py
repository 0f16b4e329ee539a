"""Functions of a few literals: their tables, and that no fewer p-bits do."""

from itertools import combinations, product

import numpy as np
import pytest

from pbit.problems.logic.circuits.compiling import compile_network
from pbit.problems.logic.circuits.functions import (
    P_BITS,
    VARIABLES,
    function,
    recipe_of,
    smallest_recipes,
    table_of,
)
from pbit.problems.logic.circuits.netlist import Netlist


def built(num_inputs, table):
    """Netlist, inputs and literal of a function."""
    netlist = Netlist()
    inputs = [netlist.free() for _ in range(num_inputs)]
    return netlist, inputs, function(netlist, inputs, table)


def table_by_evaluation(netlist, inputs, literal):
    rows = np.arange(2 ** len(inputs))
    known = netlist.evaluate({q >> 1: rows >> k & 1 for k, q in enumerate(inputs)})
    bits = np.broadcast_to(known[literal >> 1] ^ bool(literal & 1), rows.shape)
    return sum(int(bit) << k for k, bit in enumerate(bits))


def p_bits(netlist, inputs, literal):
    return compile_network(netlist, [*inputs, literal]).model.num_spins - len(inputs)


@pytest.mark.parametrize("num_inputs", [0, 1, 2, 3])
def test_every_function_of_up_to_three_variables(num_inputs):
    for table in range(2**2**num_inputs):
        netlist, inputs, literal = built(num_inputs, table)
        assert table_by_evaluation(netlist, inputs, literal) == table
        assert p_bits(netlist, inputs, literal) == recipe_of(num_inputs, table).p_bits


def fewest_p_bits():
    """Fewest p-bits of each function, by growing sets of nets in every possible way."""
    everywhere = 255
    found, waiting = {}, [set() for _ in range(8)]
    waiting[0].add(frozenset(VARIABLES))
    for cost, level in enumerate(waiting):
        for nets in level:
            for table in (0, *nets):
                found.setdefault(table, cost)
                found.setdefault(table ^ everywhere, cost)
        if len(found) == 256:
            return found
        for nets in level:
            for gate, tables in grown(sorted(nets)):
                # Bit 0 clear stands for the function and its opposite.
                new = {table ^ -(table & 1) & everywhere for table in tables}
                waiting[cost + P_BITS[gate]].add(nets | new)
    raise AssertionError


def grown(nets):
    signed = [(net, net ^ 255) for net in nets]
    for x, y in (pair for two in combinations(signed, 2) for pair in product(*two)):
        yield "AND", (x & y,)
        yield "half adder", (x ^ y, x & y)
    for x, y, z in (triple for three in combinations(signed, 3) for triple in product(*three)):
        yield "MAJ", (x & y | x & z | y & z,)
        yield "full adder", (x ^ y ^ z, x & y | x & z | y & z)
        for s, p, q in ((x, y, z), (y, x, z), (z, x, y)):
            yield "MUX", (p & ~s | q & s,)


def test_no_recipe_of_three_variables_can_be_smaller():
    recipes = smallest_recipes()
    assert {table: recipe.p_bits for table, recipe in recipes.items()} == fewest_p_bits()
    assert all(table_of(recipe) == table for table, recipe in recipes.items())


@pytest.mark.parametrize("num_inputs", [4, 5, 7, 9])
def test_random_functions(num_inputs):
    rng = np.random.default_rng(num_inputs)
    for _ in range(20):
        bits = rng.random(2**num_inputs) < rng.choice([0.5, 0.05])
        table = sum(int(bit) << k for k, bit in enumerate(bits))
        netlist, inputs, literal = built(num_inputs, table)
        assert table_by_evaluation(netlist, inputs, literal) == table


def test_structure_is_found():
    def table(num_inputs, rule):
        rows = product((0, 1), repeat=num_inputs)
        return sum(int(rule(*bits[::-1])) << k for k, bits in enumerate(rows))

    for num_inputs, rule, fewest in [
        (4, lambda a, b, c, d: a & b | c & d, 3),
        (5, lambda a, b, c, d, e: a ^ b ^ c ^ d ^ e, 4),
        (7, lambda *bits: all(bits), 6),
        (5, lambda a, b, c, d, e: (a + b + c > 1) ^ (d | e), 4),
        (6, lambda s, a, b, c, d, e: (b & c if s else d ^ e) & a, 6),
        (16, lambda *bits: any(bits), 15),
    ]:
        assert p_bits(*built(num_inputs, table(num_inputs, rule))) == fewest


def test_constants_and_repeated_inputs_fold():
    netlist = Netlist()
    a, b = netlist.free("a"), netlist.free("b")
    majority = 0b11101000
    assert function(netlist, (a, a, b), majority) == a
    assert function(netlist, (a, a ^ 1, b), majority) == b
    assert function(netlist, (a, 0, 1), majority) == a
    assert function(netlist, (1, 0, 1), majority) == 1
    assert function(netlist, (a, 1, b), majority) == netlist.or_(a, b)
    assert function(netlist, (a ^ 1, b, 0), 0b10010110) == netlist.xor(a, b) ^ 1
    assert function(netlist, (a, a, b, b ^ 1, 1), 2**32 - 2) == 1


@pytest.mark.parametrize("num_inputs, table", [(17, 0), (2, 16), (1, -1)])
def test_refusals(num_inputs, table):
    with pytest.raises(ValueError, match=r"at most 16 inputs and a table of 2\*\*n bits, got"):
        built(num_inputs, table)
