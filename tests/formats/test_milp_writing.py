"""Programmes written as LP and MPS files and read again: the same in every part, or refused."""

import itertools

import dimod
import numpy as np
import pytest

from milp_files import contents_of, said
from pbit.formats import read, write
from pbit.formats.cqm import CqmContents


def random_contents(seed, *, quadratic=True, brackets=True):
    """Bits and integers, a quadratic objective, rows of all kinds and now and then products."""
    rng = np.random.default_rng(seed)
    cqm = dimod.ConstrainedQuadraticModel()
    names = [f"v[{k}]" if brackets and k % 2 else f"v_{k}" for k in range(5)]
    for name in names:
        if rng.random() < 0.5:
            cqm.add_variable("BINARY", name)
        else:
            low = int(rng.integers(-4, 3))
            cqm.add_variable("INTEGER", name, lower_bound=low, upper_bound=low + 2)
    constant = float(rng.integers(-9, 9)) / 8
    cqm.set_objective([*terms(rng, names, products=quadratic), (constant,)])
    for number, sense in enumerate(("<=", ">=", "==", "<=")):
        row = terms(rng, names, products=number == 3 and quadratic)
        cqm.add_constraint_from_iterable(
            row, sense, rhs=float(rng.integers(-3, 9)), label=f"r{number}"
        )
    name = "objective" if rng.random() < 0.5 else "cost"
    return CqmContents(cqm=cqm, maximise=bool(rng.integers(2)), objective_name=name)


def terms(rng, names, *, products):
    found = [(name, float(rng.integers(-20, 21)) / 10) for name in names if rng.random() < 0.7]
    if products:
        pairs = itertools.combinations(names, 2)
        found += [(u, v, float(rng.integers(-8, 9)) / 4) for u, v in pairs if rng.random() < 0.4]
    return found


@pytest.mark.parametrize("form", ["lp", "mps"])
@pytest.mark.parametrize("seed", range(30))
def test_round_trips_lose_nothing(seed, form, tmp_path):
    contents = random_contents(seed)
    write(contents, tmp_path / f"a.{form}", form)
    back = read(tmp_path / f"a.{form}")
    assert back.format == form
    assert said(back) == said(contents)


@pytest.mark.parametrize("first, second", [("lp", "mps"), ("mps", "lp")])
def test_one_file_through_the_other(first, second, tmp_path):
    contents = random_contents(99)
    write(contents, tmp_path / f"a.{first}", first)
    write(read(tmp_path / f"a.{first}"), tmp_path / f"b.{second}", second)
    assert said(read(tmp_path / f"b.{second}")) == said(contents)


def least(contents):
    """The best value of all samples, by dimod alone."""
    cqm = contents.cqm
    ranges = [range(int(cqm.lower_bound(v)), int(cqm.upper_bound(v)) + 1) for v in cqm.variables]
    samples = (
        dict(zip(cqm.variables, values, strict=True)) for values in itertools.product(*ranges)
    )
    found = [float(cqm.objective.energy(s)) for s in samples if cqm.check_feasible(s)]
    return min(found) if found else None


@pytest.mark.parametrize("form", ["lp", "mps"])
@pytest.mark.parametrize("seed", range(20))
def test_another_solver_finds_the_same_value(seed, form, tmp_path):
    highspy = pytest.importorskip("highspy")
    contents = random_contents(seed, quadratic=False, brackets=False)  # it refuses v[0] in LP files
    path = tmp_path / f"a.{form}"
    write(contents, path, form)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    assert solver.readModel(str(path)) == highspy.HighsStatus.kOk
    solver.run()
    right = least(contents)
    if right is None:
        assert solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible
        return
    value = solver.getObjectiveValue()
    assert (-value if contents.maximise else value) == pytest.approx(right, abs=1e-6)


@pytest.mark.parametrize("form", ["lp", "mps"])
def test_bounds_and_reals_are_kept(form, tmp_path):
    cqm = dimod.ConstrainedQuadraticModel()
    cqm.add_variable("INTEGER", "i")
    cqm.add_variable("INTEGER", "j", lower_bound=-(2**53) + 1)
    cqm.add_variable("INTEGER", "k", lower_bound=-(2**53) + 1, upper_bound=-2)
    cqm.add_variable("INTEGER", "l", lower_bound=3)
    cqm.set_objective([("i", "i", 1.5), ("j", 1.0)])
    contents = CqmContents(cqm=cqm)
    write(contents, tmp_path / "a", form)
    assert said(read(tmp_path / "a")) == said(contents)
    cqm.add_variable("REAL", "r", lower_bound=-1.5, upper_bound=2.5)
    write(contents, tmp_path / "b", form)
    with pytest.raises(ValueError, match=r"'r' is real with bounds -1\.5\.\.2\.5"):
        read(tmp_path / "b")


def one(build):
    cqm = dimod.ConstrainedQuadraticModel()
    build(cqm)
    return CqmContents(cqm=cqm)


def spin(cqm):
    cqm.add_variable("SPIN", "s")


def soft(cqm):
    cqm.add_constraint(dimod.Binary("x") <= 0, label="c", weight=2.0)


def mixed(cqm):
    cqm.add_variable("BINARY", "x")
    cqm.add_variable("BINARY", 3)


def infinite(cqm):
    cqm.set_objective([("x", 1.0)] if cqm.add_variable("BINARY", "x") else [])
    cqm.objective.set_linear("x", np.inf)


def two_constants(cqm):
    cqm.add_constraint(dimod.Binary("x") + 0.1 <= 1e17, label="c")


def large_square(cqm):
    cqm.add_variable("INTEGER", "i", upper_bound=3)
    cqm.set_objective([("i", "i", 1e308)])


def tiny_product(cqm):
    x, y = dimod.Binaries("xy")
    cqm.add_constraint_from_iterable([], "<=", rhs=1, label="c")
    cqm.add_variables("BINARY", "xy")
    cqm.add_constraint_from_iterable([("x", "y", 5e-324)], "<=", rhs=1, label="d")
    assert x is not y


@pytest.mark.parametrize(
    ("build", "forms", "part"),
    [
        (spin, "lp mps", "SPIN variables not supported in LP and MPS files, got 's'"),
        (soft, "lp mps", "got 1 soft ones such as 'c'"),
        (mixed, "lp mps", "labels must be text or whole numbers only, got '3'"),
        (infinite, "lp mps", "weights must be finite"),
        (two_constants, "lp mps", "must have one constant, and float64 does not hold"),
        (large_square, "lp", r"products must be below 8\.9e307 in an LP file"),
        (large_square, "mps", r"squares must be below 8\.9e307 in an MPS file"),
        (tiny_product, "mps", "products must have a half in float64"),
        (lambda cqm: cqm.add_variable("BINARY", "a b"), "lp mps", "label 'a b' cannot be output"),
        (lambda cqm: cqm.add_variable("BINARY", "end"), "lp", "label 'end' cannot be output"),
        (lambda cqm: cqm.add_variable("BINARY", "$x"), "mps", "label '\\$x' cannot be output"),
        (lambda cqm: cqm.add_constraint(dimod.Binary("x") <= 0, label="a b"), "lp mps",
         "constraint 'a b' cannot be output"),
    ],
)  # fmt: skip
def test_what_a_file_cannot_hold_is_refused(build, forms, part, tmp_path):
    for form in forms.split():
        with pytest.raises(ValueError, match=part):
            write(one(build), tmp_path / "a", form)
        assert not (tmp_path / "a").exists()


def test_the_objective_needs_a_name_of_its_own(tmp_path):
    cqm = dimod.ConstrainedQuadraticModel()
    cqm.add_constraint(dimod.Binary("x") <= 0, label="cost")
    contents = CqmContents(cqm=cqm, objective_name="cost")
    with pytest.raises(ValueError, match="objective and a constraint are both called 'cost'"):
        write(contents, tmp_path / "a", "mps")
    write(contents, tmp_path / "a", "lp")
    assert read(tmp_path / "a").objective_name == "cost"
    plain = CqmContents(cqm=cqm)
    cqm.add_constraint(dimod.Binary("x") <= 1, label="obj")
    write(plain, tmp_path / "a", "mps")
    assert list(read(tmp_path / "a").cqm.constraints) == ["cost", "obj"]


def test_an_objective_of_one_name_with_bounds_alone():
    contents = contents_of("Minimize\n cost: x\nst\nBinary\n x\nEnd\n")
    assert contents.objective_name == "cost"
