"""Resistance of wires: closed forms, a dense solution put together by other means, reciprocity."""

import numpy as np
import pytest

from pbit.networks.crossbar import Crossbar, Wires, exact_transfer, fast_transfer

R = 3.0


def conductances(rows, columns, seed):
    return np.random.default_rng(seed).uniform(1e-6, 1e-4, (rows, columns))


def nodal(G, r, end):
    """Referee: Kirchhoff's law cell by cell, dense; admittances between all ends of all lines."""
    rows, columns = G.shape
    here = {(kind, i, j): k for k, (kind, i, j) in enumerate(
        (kind, i, j) for kind in "uw" for i in range(rows) for j in range(columns))}  # fmt: skip
    ends = [("in", j) for j in range(columns)] + [("out", i) for i in range(rows)]
    size = len(here)
    full = np.zeros((size + len(ends),) * 2)

    def resistor(a, b, ohm):
        full[a, a] += 1 / ohm
        full[b, b] += 1 / ohm
        full[a, b] -= 1 / ohm
        full[b, a] -= 1 / ohm

    for i in range(rows):
        for j in range(columns):
            resistor(here["u", i, j], here["w", i, j], 1 / G[i, j])
            if i + 1 < rows:
                resistor(here["u", i, j], here["u", i + 1, j], r)
            if j + 1 < columns:
                resistor(here["w", i, j], here["w", i, j + 1], r)
    for k, (kind, at) in enumerate(ends):
        node = here["u", 0, at] if kind == "in" else here["w", at, columns - 1]
        resistor(node, size + k, r + end)
    inner, outer = full[:size, :size], full[:size, size:]
    return full[size:, size:] - outer.T @ np.linalg.solve(inner, outer)


def test_one_cell_is_three_resistors_in_series():
    G = np.array([[2e-5]])
    for wires in (Wires(R), Wires(R, end_ohm=7.0)):
        series = 1 / (5e4 + 2 * (R + wires.end_ohm))
        assert exact_transfer(G, wires)[0, 0] == pytest.approx(series, rel=1e-12)


@pytest.mark.parametrize("end", [0.0, 40.0])
def test_one_output_line_is_a_ladder(end):
    """By two-ports: cell and its input in series, then a piece of the line."""
    G = conductances(1, 9, 3)
    branch = 1 / (1 / G[0] + R + end)
    shunts = [np.array([[1, 0], [g, 1]]) for g in branch]
    pieces = [np.array([[1, R], [0, 1]])] * 8 + [np.array([[1, R + end], [0, 1]])]
    expected = []
    for j in range(9):
        # Seen from cell j: what leaves towards the end, what is lost among the cells before.
        before = 0.0
        for k in range(j):
            before = 1 / (1 / (before + branch[k]) + R)
        chain = pieces[j]
        for k in range(j + 1, 9):
            chain = chain @ shunts[k] @ pieces[k]
        # The end is at 0 V: V = B I_out, I = D I_out.
        onward = chain[1, 1] / chain[0, 1]
        voltage = branch[j] / (before + branch[j] + onward)
        expected.append(voltage / chain[0, 1])
    transfer = exact_transfer(G, Wires(R, end_ohm=end))
    np.testing.assert_allclose(transfer[0], expected, rtol=1e-10)


def test_one_input_line_is_the_same_ladder_backwards():
    G = conductances(1, 9, 3)
    forwards = exact_transfer(G, Wires(R))[0]
    backwards = exact_transfer(G[:, ::-1].T.copy(), Wires(R))[:, 0]
    np.testing.assert_allclose(backwards, forwards[::-1], rtol=1e-10)


@pytest.mark.parametrize(("rows", "columns"), [(5, 7), (8, 3)])
@pytest.mark.parametrize("end", [0.0, 11.0])
def test_all_currents_are_those_of_a_dense_solution(rows, columns, end):
    G = conductances(rows, columns, 5)
    admittance = nodal(G, 50.0, end)
    forwards, backwards = -admittance[columns:, :columns], -admittance[:columns, columns:]
    transfer = exact_transfer(G, Wires(50.0, end_ohm=end))
    np.testing.assert_allclose(transfer, forwards, rtol=1e-9)
    np.testing.assert_allclose(transfer.T, backwards, rtol=1e-9)  # reciprocity
    # Negative control: one part in a hundred of one wire's resistance is seen.
    off = exact_transfer(G, Wires(50.5, end_ohm=end))
    assert np.abs(off / forwards - 1).max() > 1e-4


def test_100_random_arrays_are_those_of_a_dense_solution():
    rng = np.random.default_rng(7)
    for seed in range(100):
        rows, columns = rng.integers(1, 7, 2)
        G, (r, end) = conductances(rows, columns, seed), 10 ** rng.uniform(-1, 4, 2)
        forwards = -nodal(G, r, end)[columns:, :columns]
        np.testing.assert_allclose(exact_transfer(G, Wires(r, end)), forwards, rtol=1e-8)


def test_perfect_wires_are_none():
    G = conductances(4, 4, 1)
    assert Wires().transfer(G) is G
    np.testing.assert_allclose(exact_transfer(G, Wires(1e-6)), G, rtol=1e-7)
    np.testing.assert_allclose(fast_transfer(G, Wires(1e-6)), G, rtol=1e-7)


def errors_of_the_fast_one(size, ohm, count):
    """Mean drop, and relative error of the matrix (Frobenius), of random arrays."""
    found = []
    for seed in range(count):
        G = conductances(size, size, seed)
        exact, fast = (solve(G, Wires(ohm)) for solve in (exact_transfer, fast_transfer))
        found.append((1 - exact.sum() / G.sum(),
                      np.linalg.norm(fast - exact) / np.linalg.norm(exact)))  # fmt: skip
    return np.array(found).T


def test_the_fast_one_on_100_random_arrays():
    """Second order in the drop: below half its square, on every one of 100 arrays of 32x32."""
    drop, error = errors_of_the_fast_one(32, 1.0, 100)
    assert (drop > 0.02).all() and (drop < 0.05).all()
    assert (error < 0.5 * drop**2).all(), error.max()
    assert (error < 0.001).all()


def test_errors_of_the_fast_one_go_with_the_square_of_the_resistance():
    errors = [errors_of_the_fast_one(16, ohm, 3)[1].mean() for ohm in (0.5, 1.0, 2.0)]
    assert np.log2(errors[1] / errors[0]) == pytest.approx(2, abs=0.1)
    assert np.log2(errors[2] / errors[1]) == pytest.approx(2, abs=0.1)


def test_ends_alone_are_taken_by_the_fast_one():
    G = conductances(3, 3, 1)
    fast, exact = fast_transfer(G, Wires(0.0, 2.0)), exact_transfer(G, Wires(1e-7, 2.0))
    np.testing.assert_allclose(fast, exact, rtol=1e-5)


@pytest.mark.parametrize("ir_drop", ["exact", "fast"])
def test_an_array_behind_wires(ir_drop):
    """Products, both ways, are those of the lines' currents."""
    W = np.random.default_rng(2).uniform(-1, 1, (6, 5))
    array = Crossbar(W, wires=Wires(30.0, ir_drop=ir_drop), seed=1)
    currents = array.wires.transfer(array.cells.conductance())
    weights = (currents[::2] - currents[1::2]) / array.layout.siemens
    x = np.linspace(-1, 1, 5)
    np.testing.assert_allclose(array @ x, weights @ x, atol=1e-12)
    np.testing.assert_allclose(array.T @ W[:, 0], weights.T @ W[:, 0], atol=1e-12)
    assert 1e-3 < np.abs(array.weights - W).max() < 0.1


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Wires(-1.0), "segment_ohm must be a finite number >= 0, got -1.0; 0 is a perfect"),
        (lambda: Wires(1.0, float("nan")), "end_ohm must be a finite number >= 0, got nan"),
        (lambda: Wires(ir_drop="slow"), "ir_drop must be one of exact, fast, got 'slow'"),
        (lambda: exact_transfer(np.ones((2, 2)), Wires(0.0, 1.0)), "segment_ohm must be > 0"),
        (lambda: exact_transfer(np.ones((512, 512)), Wires(1.0)),
         "weights must take at most 131072 cells with ir_drop 'exact', got 262144; use ir_drop='f"),
    ],
)  # fmt: skip
def test_refusals(make, message):
    with pytest.raises(ValueError, match=message):
        make()
