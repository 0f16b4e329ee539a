"""Digits from and to dimod, networkx and scipy: all states equal, both ways; groups found."""

import itertools

import dimod
import networkx as nx
import numpy as np
import pytest
from scipy import sparse

from digit_laws import all_values
from pbit import DitModel
from pbit.checks import TooLargeError
from pbit.exact import digits
from pbit.models.conventions.dimod_cqm import digits_of_cqm
from pbit.models.conventions.dimod_groups import certain_groups, digits_of_bqm, groups_of_cqm
from pbit.models.digits.case_pairs import case_pairs
from random_dits import COUNTS, random_dits, random_potts

LABELS = ["a", 7, ("b", 1), "d"]


def random_dqm(*, seed, labels=LABELS, counts=COUNTS):
    rng = np.random.default_rng(seed)
    dqm = dimod.DiscreteQuadraticModel()
    for label, count in zip(labels, counts, strict=True):
        dqm.add_variable(count, label=label)
        dqm.set_linear(label, rng.normal(size=count))
    for u, v in itertools.combinations(range(len(labels)), 2):
        biases = rng.normal(size=(counts[u], counts[v])) * (
            rng.random((counts[u], counts[v])) < 0.6
        )
        dqm.set_quadratic(labels[u], labels[v], biases)
    dqm.offset = float(rng.normal())
    return dqm


def one_set(groups, num_variables):
    """All states of bits with one set of each group, the others free, in dimod's order."""
    states = np.array(list(itertools.product([0, 1], repeat=num_variables)))
    return states[[all(x[list(group)].sum() == 1 for group in groups) for x in states]]


# --- DQM


@pytest.mark.parametrize("seed", range(10))
def test_a_dqm_has_the_same_energies_both_ways(seed):
    dqm = random_dqm(seed=seed)
    model = DitModel.from_dqm(dqm)
    assert list(model.labels) == LABELS and model.num_values.tolist() == COUNTS
    states = np.array(all_values(COUNTS))
    assert model.energy(states) == pytest.approx(dqm.energies((states, LABELS)), abs=1e-12)
    back = model.to_dqm()
    assert list(back.variables) == LABELS and back.offset == dqm.offset
    assert back.energies((states, LABELS)) == pytest.approx(model.energy(states), abs=1e-12)
    assert DitModel.from_dqm(back) == model


@pytest.mark.parametrize("make", [random_dits, random_potts])
def test_a_model_comes_back_from_its_dqm(make):
    model = make(seed=4)
    back = DitModel.from_dqm(model.to_dqm())
    assert back.is_potts == model.is_potts and list(back.labels) == [0, 1, 2, 3]
    assert np.array_equal(digits.energies(back), digits.energies(model))


def test_names_of_cases_are_kept():
    dqm = dimod.CaseLabelDQM()
    dqm.add_variable(["red", "green"], label="u", shared_labels=True)
    dqm.add_variable(["green", "blue", "red"], label="v", shared_labels=True)
    dqm.add_variable(["x1", "x2"], label="w")
    dqm.add_variable(3, label="plain")
    dqm.set_linear_case("u", "green", 2.0)
    dqm.set_quadratic_case("u", "green", "v", "red", 5.0)
    model = DitModel.from_dqm(dqm)
    assert model.cases[1] == ["green", "blue", "red"] and model.cases[2] == ["x1", "x2"]
    assert model.energy([1, 2, 0, 0]).item() == 7.0
    back = model.to_dqm()
    assert back.get_cases("v") == ["green", "blue", "red"] and back.get_cases("plain") == [0, 1, 2]
    assert DitModel.from_dqm(back) == model


def test_only_a_dqm_is_one():
    with pytest.raises(TypeError, match=r"dqm must be of type DiscreteQuadraticModel, got .*from_"):
        DitModel.from_dqm(dimod.BQM({"a": 1.0}, {}, "BINARY"))


# --- pairs of cases


@pytest.mark.parametrize("make", [random_dits, random_potts])
def test_pairs_of_cases_and_back(make, monkeypatch):
    model = make(seed=9)
    monkeypatch.setattr("pbit.models.digits.groups._PIECE", 15)
    pairs = case_pairs(model)
    assert (pairs.rows < pairs.cols).all() and (pairs.values != 0).all()
    rng = np.random.default_rng(1)
    turned = rng.random(pairs.rows.size) < 0.5
    rows = np.where(turned, pairs.cols, pairs.rows)
    cols = np.where(turned, pairs.rows, pairs.cols)
    twice = [np.concatenate([part, part]) for part in (rows, cols)]
    back = DitModel.from_cases(
        COUNTS, model.h, *twice, np.tile(pairs.values / 2, 2), offset=model.offset
    )
    assert digits.energies(back) == pytest.approx(digits.energies(model))


def test_tables_that_are_potts_become_weights():
    weights = [1.5, -2.0, 3.0]
    tables = [w * np.eye(3) for w in weights]
    given = DitModel.from_pairs([3] * 3, None, [0, 1, 2], [1, 2, 0], tables)
    assert not given.is_potts and given.simplified().is_potts
    assert given.simplified() == DitModel.potts([0, 1, 2], [1, 2, 0], weights, num_values=3)
    mixed = DitModel.potts([0, 1], [1, 2], [1.0, 2.0], num_values=[2, 3, 1])
    pairs = case_pairs(mixed)
    assert DitModel.from_cases([2, 3, 1], None, *pairs) == mixed
    near = DitModel.from_pairs([2, 2], None, [0], [1], [[[1, 0], [0, 2]]])
    assert near.simplified() is near


@pytest.mark.parametrize(
    ("rows", "cols", "values", "message"),
    [
        ([0], [5], [1.0], r"cols must be cases 0\.\.4, got 5"),
        ([-1], [3], [1.0], r"rows must be cases 0\.\.4, got -1"),
        (0, [3], [1.0], r"rows must be a list of cases, got shape \(\)"),
        ([0], [1], [1.0], "pairs of cases must be of two digits, got two cases of digit 0; a dig"),
        ([0], [3, 4], [1.0], "rows, cols and values must have one length, got 1, 2 and 1"),
        ([0], [3], [np.nan], "tables must be finite"),
        ([0.5], [3], [1.0], "rows must be integers"),
    ],
)
def test_refused_pairs_of_cases(rows, cols, values, message):
    with pytest.raises((ValueError, TypeError), match=message):
        DitModel.from_cases([2, 3], None, rows, cols, values)


def test_too_large_tables_are_refused(monkeypatch):
    monkeypatch.setattr("pbit.machine.memory_bytes", lambda: 1e4)
    with pytest.raises(TooLargeError, match="tables of pairs need"):
        DitModel.from_cases([100, 100], None, [0], [150], [1.0])


# --- graphs


def test_potts_from_networkx_and_scipy():
    graph = nx.Graph(offset=0.5)
    graph.add_edge("x", "y", weight=2.0)
    graph.add_edge("y", "z")
    graph.nodes["z"]["bias"] = [0.0, 1.0, 5.0]
    model = DitModel.from_networkx(graph, 3)
    assert model.labels == ["x", "y", "z"] and model.is_potts
    assert model.energy([[0, 0, 0], [1, 0, 2]]).tolist() == [3.5, 5.5]
    matrix = nx.to_scipy_sparse_array(graph, weight="weight")
    for weights in (matrix, matrix.toarray(), sparse.coo_array(matrix)):
        same = DitModel.from_matrix(weights, 3, h=model.h, offset=0.5, labels=["x", "y", "z"])
        assert same == model
    unlike = DitModel.from_networkx(nx.path_graph(3), [2, 1, 4])
    assert unlike.num_values.tolist() == [2, 1, 4]


def test_refused_graphs():
    with pytest.raises(ValueError, match="graph must be undirected"):
        DitModel.from_networkx(nx.DiGraph([(0, 1)]), 3)
    with pytest.raises(ValueError, match="edges must join two digits"):
        DitModel.from_networkx(nx.Graph([(0, 0)]), 3)
    with pytest.raises(ValueError, match="diagonal"):
        DitModel.from_matrix([[1, 0], [0, 0]], 3)
    with pytest.raises(TypeError, match="graph must be of type Graph"):
        DitModel.from_networkx(3, 3)


# --- CQM


def random_cqm(*, seed, counts=(3, 2, 4)):
    """A model with discrete groups, a free bit, a spin and an integer."""
    rng = np.random.default_rng(seed)
    cqm = dimod.ConstrainedQuadraticModel()
    names = [[(i, a) for a in range(count)] for i, count in enumerate(counts)]
    bits = [v for group in names for v in group] + ["bit"]
    for v in bits:
        cqm.add_variable("BINARY", v)
    cqm.add_variable("SPIN", "spin")
    cqm.add_variable("INTEGER", "whole", lower_bound=-1, upper_bound=2)
    objective = dimod.QuadraticModel()
    for v in [*bits, "spin", "whole"]:
        objective.add_variable(
            cqm.vartype(v), v, lower_bound=cqm.lower_bound(v), upper_bound=cqm.upper_bound(v)
        )
        objective.add_linear(v, rng.normal())
    for u, v in itertools.combinations([*bits, "spin", "whole"], 2):
        if rng.random() < 0.5:
            objective.add_quadratic(u, v, rng.normal())
    objective.add_quadratic("whole", "whole", 0.7)
    objective.offset = 1.25
    cqm.set_objective(objective)
    for i, group in enumerate(names):
        cqm.add_discrete(group, label=f"group {i}")
    return cqm


def decoded(cqm, found, values):
    return found.cases.samples(values)[:, : len(cqm.variables)]


@pytest.mark.parametrize("seed", range(6))
def test_a_cqm_of_groups_has_its_energies_on_feasible_states(seed):
    cqm = random_cqm(seed=seed)
    model, found = DitModel.from_cqm(cqm), digits_of_cqm(cqm)
    assert list(model.labels) == ["group 0", "group 1", "group 2", "bit", "spin", "whole"]
    assert model.num_values.tolist() == [3, 2, 4, 2, 2, 4]
    states = digits.states(model.num_values)
    samples = decoded(cqm, found, states)
    labels = list(cqm.variables)
    assert model.energy(states) == pytest.approx(cqm.objective.energies((samples, labels)))
    for x in samples[:20]:
        assert cqm.check_feasible(dict(zip(labels, x, strict=True)))
    assert len(np.unique(samples, axis=0)) == model.num_states
    assert model.cases[0] == ((0, 0), (0, 1), (0, 2)) and model.cases[5] == [-1, 0, 1, 2]


def test_a_dqm_is_its_cqm():
    dqm = random_dqm(seed=3)
    through = DitModel.from_cqm(dimod.CQM.from_dqm(dqm))
    states = np.array(all_values(COUNTS))
    assert through.energy(states) == pytest.approx(DitModel.from_dqm(dqm).energy(states))


def test_constraints_beyond_groups_cost_their_squares():
    cqm = random_cqm(seed=1)
    bits = {v: dimod.Binary(v) for v in [(0, 0), (1, 1), (2, 0), "bit"]}
    whole = dimod.Integer("whole", lower_bound=-1, upper_bound=2)
    row = 2 * bits[0, 0] - bits[1, 1] + bits[2, 0] + whole
    cqm.add_constraint(row + 0.5 <= 2, label="most")
    cqm.add_constraint(bits["bit"] + bits[0, 0] - whole == 1, label="equal")
    cqm.add_constraint(bits["bit"] + whole >= 0, label="least")
    found = digits_of_cqm(cqm, penalty=8.0)
    model = DitModel.from_cqm(cqm, penalty=8.0)
    slacks = [name for name in model.labels if isinstance(name, tuple) and name[0] == "slack"]
    assert slacks == [("slack", "most"), ("slack", "least")]
    states = digits.states(model.num_values)
    samples, labels = decoded(cqm, found, states), list(cqm.variables)
    energies, objective = model.energy(states), cqm.objective.energies((samples, labels))
    lowest: dict[tuple[float, ...], float] = {}
    for x, more in zip(map(tuple, samples), energies - objective, strict=True):
        lowest[x] = min(lowest.get(x, np.inf), more)
    for x, price in lowest.items():
        violations = {
            v.label: max(0.0, v.violation)
            for v in cqm.iter_constraint_data(dict(zip(labels, x, strict=True)))
        }
        want = sum(np.ceil(violations[name] - 1e-9) ** 2 for name in ("most", "equal", "least"))
        assert price == pytest.approx(8.0 * want)


def test_groups_are_named_and_found():
    cqm = dimod.ConstrainedQuadraticModel()
    x = {v: dimod.Binary(v) for v in "abcdefgh"}
    s, i = dimod.Spin("s"), dimod.Integer("i", upper_bound=1)
    cqm.add_constraint(2 * x["a"] + 2 * x["b"] + 1 == 3, label="scaled")
    cqm.add_constraint(-x["c"] - x["d"] == -1, label="negative")
    cqm.add_constraint(x["e"] + x["f"] <= 1, label="at most")
    cqm.add_constraint(x["e"] + 2 * x["f"] == 1, label="unlike")
    cqm.add_constraint(x["e"] + x["f"] == 2, label="two")
    cqm.add_constraint(x["e"] + i == 1, label="integer")
    cqm.add_constraint(x["e"] + s == 1, label="spin")
    cqm.add_constraint(x["e"] * x["f"] == 1, label="product")
    cqm.add_constraint(x["e"] + x["f"] == 1, label="soft", weight=3.0)
    cqm.add_constraint(x["b"] + x["g"] == 1, label="overlapping")
    cqm.add_discrete("gh", label="discrete")
    found = groups_of_cqm(cqm)
    assert found.groups == {
        "discrete": ("g", "h"),
        "scaled": ("a", "b"),
        "negative": ("c", "d"),
    }
    assert found.overlapping == {"overlapping": ("b", "g")} and found.permutations == []


@pytest.mark.parametrize("sizes", [(4,), (3, 2)])
def test_permutations_are_found_whatever_the_order(sizes):
    cqm, rng = dimod.ConstrainedQuadraticModel(), np.random.default_rng(1)
    lines = []
    for k, n in enumerate(sizes):
        x = [[dimod.Binary((k, i, j)) for j in range(n)] for i in range(n)]
        lines += [(("row", k, i), sum(x[i])) for i in range(n)]
        lines += [(("column", k, j), sum(line[j] for line in x)) for j in range(n)]
    for at in rng.permutation(len(lines)):
        label, total = lines[at]
        cqm.add_constraint(total == 1, label=label)
    found = groups_of_cqm(cqm)
    assert len(found.permutations) == len(sizes)
    for one in found.permutations:
        kinds = {label[0] for label in one.rows}, {label[0] for label in one.columns}
        assert sorted(map(len, kinds)) == [1, 1] and kinds[0] != kinds[1]
        for row, places in zip(one.rows, one.variables, strict=True):
            assert set(places) == set(found.groups[row])
            for column, v in zip(one.columns, places, strict=True):
                assert v in found.overlapping[column]


def test_rectangles_are_no_permutations():
    cqm = dimod.ConstrainedQuadraticModel()
    x = [[dimod.Binary((i, j)) for j in range(3)] for i in range(2)]
    for i in range(2):
        cqm.add_constraint(sum(x[i]) == 1, label=("row", i))
    for j in range(3):
        cqm.add_constraint(x[0][j] + x[1][j] == 1, label=("column", j))
    assert groups_of_cqm(cqm).permutations == []


def with_rest(change):
    cqm = dimod.ConstrainedQuadraticModel()
    a, b = dimod.Binaries("ab")
    cqm.add_constraint(a + b == 1, label="g")
    change(cqm, a, b)
    return cqm


@pytest.mark.parametrize(
    ("change", "penalty", "message"),
    [
        (lambda c, a, b: c.add_constraint(a + 2 * b <= 1, label="r"), None,
         "penalty must be given for constraints that are no groups .* and constraint 'r'"),
        (lambda c, a, b: c.add_constraint(a + 2 * b <= 1, label="r"), -1.0,
         "penalty must be a number > 0, got -1.0"),
        (lambda c, a, b: c.add_constraint(a * b == 0, label="r"), 1.0,
         "constraints beyond the groups must be linear and hard, got 'r'"),
        (lambda c, a, b: c.add_constraint(a + 2 * b == 1, label="r", weight=2.0), 1.0,
         "must be linear and hard, got 'r'; replace products"),
        (lambda c, a, b: c.add_constraint(0.5 * a + b <= 1, label="r"), 1.0,
         "inequalities must have whole coefficients, got constraint 'r'"),
        (lambda c, a, b: c.add_constraint(a + b <= -1, label="r"), 1.0,
         "constraint 'r' cannot be met, its left side is 1 too far at least; the problem"),
        (lambda c, a, b: c.add_constraint(9999 * a + b <= 9000, label="r"), 1.0,
         "inequalities must have a slack of fewer than 4096 values, got 9000 of constraint 'r'"),
        (lambda c, a, b: c.add_variable("REAL", "x"), None,
         r"variables must be binary, spin, or integer .* got a real one \('x'\)"),
        (lambda c, a, b: c.add_variable("INTEGER", "x", upper_bound=5000), None,
         r"got 0 to 5000 \('x'\); give it bounds, or pbit.solve"),
    ],
)  # fmt: skip
def test_refused_cqms(change, penalty, message):
    with pytest.raises(ValueError, match=message):
        DitModel.from_cqm(with_rest(change), penalty=penalty)


def test_only_a_cqm_is_one():
    with pytest.raises(TypeError, match="cqm must be of type ConstrainedQuadraticModel"):
        DitModel.from_cqm(3)


# --- BQM


@pytest.mark.parametrize("vartype", ["SPIN", "BINARY"])
@pytest.mark.parametrize("seed", range(4))
def test_a_bqm_with_groups_has_its_energies_among_their_states(vartype, seed):
    bqm = dimod.generators.gnp_random_bqm(7, 0.8, vartype, random_state=seed)
    bqm.relabel_variables({k: "abcdefg"[k] for k in range(7)})
    bqm.offset = 0.75
    found, model = digits_of_bqm(bqm, ["cab", "ge"]), DitModel.from_bqm(bqm, ["cab", "ge"])
    assert model.num_values.tolist() == [3, 2, 2, 2] and model.cases[0] == ("c", "a", "b")
    states = digits.states(model.num_values)
    bits = found.cases.samples(states).astype(int)
    position = {v: k for k, v in enumerate(bqm.variables)}
    groups = [[position[v] for v in group] for group in ("cab", "ge")]
    want = one_set(groups, 7)
    assert {tuple(x) for x in bits} == {tuple(x) for x in want} and len(bits) == len(want)
    given = 2 * bits - 1 if vartype == "SPIN" else bits
    assert model.energy(states) == pytest.approx(bqm.energies((given, list(bqm.variables))))


def test_names_of_digits_never_clash():
    bqm = dimod.BQM({0: 1.0, 1: 1.0, 2: 1.0}, {}, "BINARY")
    assert list(DitModel.from_bqm(bqm, [[1, 2]]).labels) == [("group", 0), 0]
    assert list(DitModel.from_bqm(bqm, [[0, 1, 2]]).labels) == [0]


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        (["ab", "bc"], "groups must be apart: .* got 'b' in group 1 again"),
        (["aa"], "groups must be apart: .* got 'a' in group 0 again"),
        (["az"], "groups must be lists of variables of the model.* got 'z' in group 0"),
        (["ab", ""], "none of them empty, got an empty one, group 1"),
        ("ab", "groups must be lists of variables, got 'ab'"),
        ([1, 2], "groups must be lists of variables, got 1 as one"),
        (3, "groups must be lists of variables, got 3"),
    ],
)
def test_refused_groups(groups, message):
    bqm = dimod.BQM({"a": 1.0, "b": 1.0, "c": 1.0}, {}, "BINARY")
    with pytest.raises((ValueError, TypeError), match=message):
        DitModel.from_bqm(bqm, groups)


def test_only_a_bqm_is_one():
    for call in (lambda: DitModel.from_bqm(3, []), lambda: certain_groups(3)):
        with pytest.raises(TypeError, match="bqm must be of type BinaryQuadraticModel"):
            call()


@pytest.mark.parametrize("vartype", ["SPIN", "BINARY"])
@pytest.mark.parametrize("seed", range(40))
def test_certain_groups_hold_in_all_ground_states(seed, vartype):
    rng = np.random.default_rng(seed)
    bqm, names = penalised(rng, strength=rng.choice([0.3, 1.0, 4.0]))
    bqm = bqm.change_vartype(vartype, inplace=False)
    groups = certain_groups(bqm)
    low = dimod.ExactSolver().sample(bqm).lowest(atol=1e-9)
    for sample in low.samples():
        for group in groups:
            assert sum(sample[v] > 0 for v in group) == 1
    if groups == names:  # restricted to the groups, nothing is lost
        assert digits.ground_states(DitModel.from_bqm(bqm, groups))[0] == pytest.approx(
            low.first.energy
        )


def penalised(rng, *, strength):
    """Random couplings of bits between groups, a penalty inside of them."""
    names = [tuple((i, a) for a in range(count)) for i, count in enumerate((3, 2, 3))]
    bqm = dimod.BQM("BINARY")
    for group in names:
        bqm.update(dimod.generators.combinations(group, 1, strength=strength))
    for one, other in itertools.combinations(names, 2):
        for u, v in itertools.product(one, other):
            bqm.add_quadratic(u, v, rng.normal() / 4)
    return bqm, names


def test_strong_penalties_are_certain_and_weak_ones_are_not():
    rng = np.random.default_rng(3)
    bqm, names = penalised(rng, strength=6.0)
    assert certain_groups(bqm) == names
    weak, _ = penalised(rng, strength=0.01)  # control
    assert certain_groups(weak) != names
    apart = dimod.BQM({"a": -1.0, "b": -1.0}, {"ab": -0.5}, "BINARY")
    assert certain_groups(apart) == []
