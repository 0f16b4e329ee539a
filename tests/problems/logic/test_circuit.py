"""The circuit builder: every block against Python's integers."""

import numpy as np
import pytest

from pbit import exact
from pbit.problems.logic.circuits.circuit import Circuit
from pbit.problems.logic.circuits.inverse import LogicProblem
from pbit.problems.logic.gates.library import FULL_ADDER

SMALL = 4
WIDE = 40


def outputs_of(build, a, b, widths):
    circuit = Circuit()
    x, y = circuit.input("a", widths[0]), circuit.input("b", widths[1])
    built = build(circuit, x, y)
    for k, signal in enumerate(built if isinstance(built, tuple) else (built,)):
        circuit.output(f"y{k}", signal)
    found = circuit.evaluate(a=a, b=b)
    return circuit, tuple(found.values())


def sub(a, b, width):
    return (a - b) % 2**width


BLOCKS = {
    "and": (lambda c, a, b: a & b, lambda a, b, w: (a & b,)),
    "or": (lambda c, a, b: a | b, lambda a, b, w: (a | b,)),
    "xor": (lambda c, a, b: a ^ b, lambda a, b, w: (a ^ b,)),
    "not": (lambda c, a, b: ~a, lambda a, b, w: (2 ** w[0] - 1 - a,)),
    "add": (lambda c, a, b: c.add(a, b), lambda a, b, w: (a + b,)),
    "add with carry": (lambda c, a, b: c.add(a, b, 1), lambda a, b, w: (a + b + 1,)),
    "add a number": (lambda c, a, b: c.add(a, 11), lambda a, b, w: (a + 11,)),
    "subtract": (lambda c, a, b: c.subtract(a, b), lambda a, b, w: (sub(a, b, max(w) + 1),)),
    "less": (lambda c, a, b: c.less(a, b), lambda a, b, w: (int(a < b),)),
    "equal": (lambda c, a, b: c.equal(a, b), lambda a, b, w: (int(a == b),)),
    "less than 9": (lambda c, a, b: c.less(a, 9), lambda a, b, w: (int(a < 9),)),
    "array": (lambda c, a, b: c.multiply(a, b), lambda a, b, w: (a * b,)),
    "wallace": (
        lambda c, a, b: c.multiply(a, b, method="wallace"),
        lambda a, b, w: (a * b,),
    ),
    "times 13": (lambda c, a, b: c.multiply(a, 13), lambda a, b, w: (a * 13,)),
    "square": (lambda c, a, b: c.square(a), lambda a, b, w: (a * a,)),
    "square in layers": (
        lambda c, a, b: c.square(a, method="wallace"),
        lambda a, b, w: (a * a,),
    ),
    "sum": (lambda c, a, b: c.sum([a, b, a, b, b[0]]), lambda a, b, w: (2 * a + 2 * b + b % 2,)),
    "divide": (
        lambda c, a, b: c.divide(a, b),
        lambda a, b, w: divmod(a, b) if b else (2 ** w[0] - 1, a % 2 ** w[1]),
    ),
    "modulo 7": (lambda c, a, b: c.modulo(a, 7), lambda a, b, w: (a % 7,)),
    "modulo 1": (lambda c, a, b: c.modulo(a, 1), lambda a, b, w: (0,)),
    "shift left by 3": (lambda c, a, b: c.shift_left(a, 3), lambda a, b, w: (a << 3,)),
    "shift right by 3": (lambda c, a, b: c.shift_right(a, 3), lambda a, b, w: (a >> 3,)),
    "shift left": (lambda c, a, b: c.shift_left(a, b[:3]), lambda a, b, w: (a << b % 8,)),
    "shift right": (lambda c, a, b: c.shift_right(a, b[:3]), lambda a, b, w: (a >> b % 8,)),
    "mux": (lambda c, a, b: c.mux(b[0], a, b), lambda a, b, w: (b if b % 2 else a,)),
    "mux of a number": (lambda c, a, b: c.mux(b[0], a, 5), lambda a, b, w: (5 if b % 2 else a,)),
    "majority": (
        lambda c, a, b: c.majority(a[0], a[1], b[0]),
        lambda a, b, w: (int(a % 2 + (a >> 1) % 2 + b % 2 > 1),),
    ),
    "all": (lambda c, a, b: c.all(a), lambda a, b, w: (int(a == 2 ** w[0] - 1),)),
    "any": (lambda c, a, b: c.any(a), lambda a, b, w: (int(a > 0),)),
    "parity": (lambda c, a, b: c.parity(a), lambda a, b, w: (a.bit_count() % 2,)),
    "gate": (
        lambda c, a, b: c.bus(c.gate(FULL_ADDER, a[0], a[1], b[0])),
        lambda a, b, w: (a % 2 + (a >> 1) % 2 + b % 2,),
    ),
    "table": (
        lambda c, a, b: c.table([a[0], b[0]], [0, 1, 1, 1]),
        lambda a, b, w: (int(a % 2 or b % 2),),
    ),
    "expression": (
        lambda c, a, b: c.expression("(p & q) ^ ~r", p=a[0], q=b[0], r=a[1]),
        lambda a, b, w: (int(bool(a % 2 and b % 2) ^ (not (a >> 1) % 2)),),
    ),
}


@pytest.mark.parametrize("name", BLOCKS)
@pytest.mark.parametrize("widths", [(SMALL, SMALL), (SMALL, 3), (3, SMALL)])
def test_every_input_of_narrow_blocks(name, widths):
    build, expected = BLOCKS[name]
    a, b = (
        grid.ravel() for grid in np.meshgrid(np.arange(2 ** widths[0]), np.arange(2 ** widths[1]))
    )
    circuit, found = outputs_of(build, a, b, widths)
    right = [expected(x, y, widths) for x, y in zip(a.tolist(), b.tolist(), strict=True)]
    for got, want in zip(found, zip(*right, strict=True), strict=True):
        np.testing.assert_array_equal(got, want)
    states_hold_at_the_ground_energy(circuit, a, b)


def states_hold_at_the_ground_energy(circuit, a, b):
    """The energy of evaluated states is the certificate, and that of broken ones is higher."""
    problem = LogicProblem(circuit)
    network = problem.network
    states = problem.encode({"a": a, "b": b})
    np.testing.assert_allclose(
        network.model.energy(states), network.ground_energy, rtol=0, atol=1e-9
    )
    rng = np.random.default_rng(1)
    flipped = states.copy()
    which = rng.integers(network.model.num_spins, size=len(states))
    flipped[np.arange(len(states)), which] *= -1
    inputs = {name: problem.values(flipped, name) for name in ("a", "b")}
    consistent = (problem.encode(inputs) == flipped).all(axis=1)
    energies = network.model.energy(flipped)
    least = np.where(consistent, 0, network.gap - 1e-9) + network.ground_energy
    assert np.all(energies >= least)


@pytest.mark.parametrize("name", BLOCKS)
def test_no_other_state_lies_as_low(name):
    """Every state of the p-bits of a block of two bits each, up to 20 p-bits, or by log Z.

    ``ln Z + beta E0`` goes to the logarithm of the number of ground states: 2 ** inputs of them.
    """
    circuit = Circuit()
    a, b = circuit.input("a", 2), circuit.input("b", 2)
    if "shift" in name and name in ("shift left", "shift right"):
        b = circuit.bus([b[0], b[1], 0])
    built = BLOCKS[name][0](circuit, a, b)
    for k, signal in enumerate(built if isinstance(built, tuple) else (built,)):
        circuit.output(f"y{k}", signal)
    problem = LogicProblem(circuit)
    n = problem.model.num_spins
    if n <= 20:
        energies = exact.exact_energies(problem.model)
        above = energies[energies > problem.ground_energy + 1e-9]
        assert (energies < problem.ground_energy + 1e-9).sum() == 2**4
        assert energies.min() == pytest.approx(problem.ground_energy, abs=1e-9)
        assert not above.size or above.min() >= problem.ground_energy + problem.network.gap - 1e-9
    else:
        check_number_of_ground_states(problem, 4)


def check_number_of_ground_states(problem, num_inputs):
    beta = 20.0 / problem.network.gap + 20.0
    log_count = exact.exact_log_z(problem.model, beta) + beta * problem.ground_energy
    assert log_count == pytest.approx(num_inputs * np.log(2), abs=1e-6)


@pytest.mark.parametrize("name", ["add", "subtract", "less", "equal", "xor", "mux", "add a number"])
def test_number_of_ground_states_of_blocks_of_eight_bits(name):
    circuit = Circuit()
    circuit.output("y", BLOCKS[name][0](circuit, circuit.input("a", 8), circuit.input("b", 8)))
    check_number_of_ground_states(LogicProblem(circuit), 16)
    wrong = LogicProblem(circuit, {"y[0]" if name not in ("less", "equal") else "y": 1})
    with pytest.raises(AssertionError):
        check_number_of_ground_states(wrong, 16)


@pytest.mark.parametrize("name", BLOCKS)
def test_random_inputs_of_wide_blocks(name):
    build, expected = BLOCKS[name]
    rng = np.random.default_rng(2)
    widths = (WIDE, 24)
    a = [0, 2**WIDE - 1, *(int(x) for x in rng.integers(2**WIDE, size=12))]
    b = [1, 2**24 - 1, *(int(x) for x in rng.integers(1, 2**24, size=12))]
    for x, y in zip(a, b, strict=True):
        assert outputs_of(build, x, y, widths)[1] == expected(x, y, widths)


def test_numbers_beyond_64_bits_are_exact():
    circuit = Circuit()
    a, b = circuit.input("a", 100), circuit.input("b", 100)
    circuit.output("y", circuit.multiply(a, b))
    big = 2**100 - 3
    assert circuit.evaluate(a=big, b=big - 4) == {"y": big * (big - 4)}
    many = circuit.evaluate(a=np.array([big, 5], dtype=object), b=7)["y"]
    assert many.tolist() == [7 * big, 35]


def test_a_constant_times_a_bus_has_fewer_gates():
    def size(build):
        circuit = Circuit()
        circuit.output("y", build(circuit, circuit.input("a", 8)))
        return LogicProblem(circuit).model.num_spins

    whole = size(lambda c, a: c.multiply(a, c.input("b", 8)))
    assert size(lambda c, a: c.multiply(a, 5)) < whole / 4
    assert size(lambda c, a: c.square(a)) < whole


@pytest.mark.parametrize("n", range(2, 17))
def test_gates_of_the_array_multiplier(n):
    circuit = Circuit()
    circuit.output("y", circuit.multiply(circuit.input("a", n), circuit.input("b", n)))
    network = LogicProblem(circuit).network
    kinds = [cell.gate.name for cell in network.cells]
    assert network.model.num_spins == 3 * n**2
    assert (kinds.count("AND"), kinds.count("half adder")) == (n**2, n)
    assert kinds.count("full adder") == n * (n - 2)
    assert network.ground_energy == -3 * n**2 - 4 * n * (n - 1)


def test_names():
    circuit = Circuit()
    a = circuit.input("a", 2)
    circuit.output("y", a[0] & a[1])
    circuit.keep("inner", ~a)
    assert circuit.find("a[1]") == (a[1].literal,)
    assert circuit.find("inner") == (~a).literals
    assert LogicProblem(circuit).model.labels == ("a[0]", "a[1]", "y")
    assert repr(a[0]) == "<wire a[0]>" and repr(~a[0]) == "<wire ~a[0]>" and "2" in repr(a)
    circuit.output("z", a[0] | ~a[1])
    assert circuit.describe(circuit.find("z")[0]) == "z"
    assert circuit.describe(circuit.find("z")[0] ^ 1) == "~z"
    circuit.wires["y_inner"] = circuit.find("y")[0]
    assert circuit.find("y_inner") == circuit.find("y")


REFUSALS = {
    r"truth table must have 2\*\*n entries .* got 3 for 2": lambda c, a: c.table(a[:2], [0, 1, 1]),
    "names must be distinct, got 'a' twice": lambda c, a: c.input("a"),
    "a name must be a string": lambda c, a: c.output("", a),
    "width of b must be >= 1, got 0": lambda c, a: c.input("b", 0),
    "constant must be 0..3 in 2 bits, got 4": lambda c, a: c.constant(4, 2),
    "divisor must not be the constant 0": lambda c, a: c.divide(a, 0),
    "method must be one of array, wallace, got 'dadda'": lambda c, a: c.multiply(
        a, a, method="dadda"
    ),
    "shifts must be 0..65536 bits, got -1": lambda c, a: c.shift_left(a, -1),
    "a shift must be a bus of at most 16 bits, got 17": lambda c, a: c.shift_right(
        a, c.input("s", 17)
    ),
    "numbers in a circuit must be >= 0, got -3": lambda c, a: c.add(a, -3),
    "a wire or 0 or 1 is needed here, got 2": lambda c, a: a[0] & 2,
    "wires of two circuits cannot be joined": lambda c, a: a[0] & Circuit().input("x"),
    "buses of two circuits cannot be joined": lambda c, a: c.add(a, Circuit().input("x", 2)),
    "the circuit has no input 'z'; it has a": lambda c, a: c.evaluate(z=1, a=1),
    "input 'a' must be given": lambda c, a: c.evaluate(),
    "a must be 0..15 in 4 bits, got 16": lambda c, a: c.evaluate(a=16),
    "a must be 0..15 in 4 bits, got -1": lambda c, a: c.evaluate(a=np.array([3, -1])),
    "c must be 0..4611686018427387903 in 62 bits, got 46": lambda c, a: (
        c.input("c", 62),
        c.evaluate(a=0, c=np.array([2**62])),
    ),
    "z must have at least one bit, got an empty bus": lambda c, a: c.output("z", a[2:2]),
    "width of b must be an integer, got 1.5": lambda c, a: c.input("b", 1.5),
    "a must be whole numbers, got an array of other objects": lambda c, a: c.evaluate(
        a=np.array([0.5, 2**70], dtype=object)
    ),
    "a must be whole numbers, got dtype float64": lambda c, a: c.evaluate(a=np.array([0.5])),
    "no wire or bus is called 'aa'; did you mean 'a'": lambda c, a: c.find("aa"),
    "no wire or bus is called 'a\\[4\\]'": lambda c, a: c.find("a[4]"),
    "'a' is a bus of 4 wires": lambda c, a: c.expression("a & b"),
}


@pytest.mark.parametrize("message", REFUSALS)
def test_refusals(message):
    circuit = Circuit()
    a = circuit.input("a", 4)
    with pytest.raises((TypeError, ValueError), match=message):
        REFUSALS[message](circuit, a)
