"""pbit solve and check on problems with infeasible states: no wrong answer is ever printed."""

import json

import pytest
from click.testing import CliRunner

from pbit.cli.main import cli

TRIANGLE = "p edge 4 4\ne 1 2\ne 2 3\ne 1 3\ne 3 4\n"
FORMULA = "p cnf 3 3\n1 2 0\n-1 3 0\n-2 -3 0\n"
CONTRADICTION = "p cnf 1 2\n1 0\n-1 0\n"
WEIGHTED = "p wcnf 2 3 9\n9 1 2 0\n2 -1 0\n3 -2 0\n"
SQUARE = (
    "NAME: square\nTYPE: TSP\nDIMENSION: 4\nEDGE_WEIGHT_TYPE: MAN_2D\nNODE_COORD_SECTION\n"
    "1 0 0\n2 5 5\n3 5 0\n4 0 5\nEOF\n"
)
FILES = {
    "graph.col": TRIANGLE, "formula.cnf": FORMULA, "none.cnf": CONTRADICTION,
    "soft.wcnf": WEIGHTED, "square.tsp": SQUARE,
}  # fmt: skip
CASES = [
    ("graph.col", ("--problem", "coloring", "--colors", "3"), 0.0, None),
    ("graph.col", ("--problem", "clique"), 3.0, "set 1 2 3"),
    ("graph.col", ("--problem", "independent-set"), 2.0, None),
    ("graph.col", ("--problem", "vertex-cover"), 2.0, None),
    ("graph.col", ("--problem", "maxcut"), 3.0, None),
    ("formula.cnf", (), 0.0, "s SATISFIABLE"),
    ("formula.cnf", ("--problem", "maxsat"), 0.0, "s OPTIMUM FOUND"),
    ("none.cnf", ("--problem", "maxsat"), 1.0, "o 1"),
    ("soft.wcnf", (), 2.0, "v 10"),
    ("square.tsp", (), 20.0, None),
]


def run(*arguments):
    result = CliRunner().invoke(cli, list(map(str, arguments)))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def folder(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize(("name", "options", "objective", "line"), CASES)
def test_the_best_answer_is_found_and_checked(folder, name, options, objective, line):
    path, saved = folder / name, folder / "result.json"
    common = ("--reads", 20, "--sweeps", 50, "--seed", 1)
    result = run("solve", path, *options, *common, "--output", saved)
    assert result.exit_code == 0, result.output
    assert line is None or line in result.stdout.splitlines()
    record = json.loads(saved.read_text())
    assert record["objective"] == objective and record["feasible"] is True
    assert record["violations"] == [] and record["feasible_reads"] >= 1
    checked = run("check", path, saved)  # the meaning and the colours are in the record
    assert checked.exit_code == 0, checked.output
    as_json = json.loads(run("solve", path, *options, *common, "--json").stdout)
    assert as_json["objective"] == objective


@pytest.mark.parametrize(
    ("name", "options", "violated"),
    [
        ("graph.col", ("--problem", "coloring", "--colors", "2"), "edges have ends of one colour"),
        ("none.cnf", (), "1 of 2 clauses are not satisfied"),
    ],
)
def test_without_a_feasible_read_there_is_no_answer(folder, name, options, violated):
    path, saved = folder / name, folder / "result.json"
    common = ("--reads", 5, "--sweeps", 20, "--seed", 1)
    result = run("solve", path, *options, *common, "--output", saved)
    assert result.exit_code == 3
    assert "none: no read gives a feasible answer" in result.stdout
    assert violated in result.stdout and "0 of 5 reads" in result.stdout
    assert "the assignment" not in result.stdout
    record = json.loads(saved.read_text())
    assert record["feasible"] is False and record["feasible_reads"] == 0
    assert record["objective"] is None and record["assignment"] is None
    assert violated in record["violations"][0]
    checked = run("check", path, saved)
    assert checked.exit_code == 4 and "found no feasible answer" in checked.stderr


def test_satisfiability_is_told_as_solvers_tell_it(folder):
    assert "s UNKNOWN" in run("solve", folder / "none.cnf", "--reads", 2).stdout.splitlines()


@pytest.mark.parametrize(
    ("name", "options", "change", "told"),
    [
        ("graph.col", ("--problem", "clique"), {"4": 1}, "infeasible: 2 pairs that are not"),
        ("graph.col", ("--problem", "coloring", "--colors", "3"), {"1": 0, "2": 0}, "infeasible: "),
        ("formula.cnf", (), {"1": 1, "2": 1, "3": 1}, "infeasible: 1 of 3 clauses"),
        ("square.tsp", (), {"1": 2, "2": 2}, "infeasible: positions with"),
        ("soft.wcnf", (), {"1": 0, "2": 0}, "infeasible: 1 of 1 hard clauses"),
    ],
)
def test_an_infeasible_answer_does_not_pass_the_check(folder, name, options, change, told):
    path, saved = folder / name, folder / "result.json"
    run("solve", path, *options, "--reads", 20, "--seed", 1, "--output", saved)
    record = json.loads(saved.read_text())
    record["assignment"] |= change
    saved.write_text(json.dumps(record))
    checked = run("check", path, saved)
    assert checked.exit_code == 3, checked.output
    assert told in checked.stdout and "DOES NOT agree" in checked.stdout


def test_an_infeasible_answer_fails_even_where_its_numbers_agree(folder):
    path, saved = folder / "formula.cnf", folder / "result.json"
    run("solve", path, "--seed", 1, "--output", saved)
    record = json.loads(saved.read_text())
    record |= {"assignment": {"1": 1, "2": 1, "3": 1}, "objective": 1.0, "energy": 4.0}
    saved.write_text(json.dumps(record))
    checked = run("check", path, saved)
    assert checked.exit_code == 3, checked.output
    assert "recorded 1, recomputed 1" in checked.stdout
    assert "recorded 4, recomputed 4" in checked.stdout
    assert "infeasible: 1 of 3 clauses are not satisfied: 3" in checked.stdout


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"assignment": {"1": 5, "2": 0, "3": 1, "4": 1}}, "whole numbers from 0 to 2, got 5"),
        ({"assignment": None}, "must be a JSON object with an 'assignment' object"),
        ({"objective": None}, "conflicts must be a number"),
    ],
)
def test_records_that_hold_no_answer_are_refused(folder, change, told):
    path, saved = folder / "graph.col", folder / "result.json"
    run("solve", path, "--problem", "coloring", "--colors", 3, "--output", saved)
    saved.write_text(json.dumps(json.loads(saved.read_text()) | change))
    checked = run("check", path, saved)
    assert checked.exit_code == 4 and told in checked.stderr


@pytest.mark.parametrize(
    ("name", "options", "told"),
    [
        ("graph.col", (), "say what it is meant to be with --problem maxcut, ising"),
        ("graph.col", ("--problem", "coloring"), "needs the number of colours; give --colors"),
        ("graph.col", ("--problem", "coloring", "--colors", "0"), "--colors"),
        ("graph.col", ("--problem", "coloring", "--colors", "5"), "more are never needed"),
        ("graph.col", ("--problem", "sat"), "holds a problem of kind graph, not sat"),
        ("formula.cnf", ("--problem", "clique"), "give --problem sat or maxsat"),
        ("soft.wcnf", ("--problem", "sat"), "of kind wcnf, not sat; leave --problem out"),
        ("square.tsp", ("--problem", "maxcut"), "of kind tsp, not maxcut; leave --problem out"),
    ],
)
def test_meanings_that_do_not_fit_are_usage_errors(folder, name, options, told):
    result = run("solve", folder / name, *options)
    assert result.exit_code == 2 and told in result.stderr and result.stdout == ""


def test_a_target_is_in_the_unit_of_the_objective(folder):
    path = folder / "square.tsp"
    reached = run("solve", path, "--target", "20", "--seed", "1", "--json")
    assert reached.exit_code == 0 and json.loads(reached.stdout)["stop_reason"] == "target"
    missed = run("solve", path, "--target", "19", "--seed", "1", "--reads", "5", "--json")
    assert missed.exit_code == 3 and json.loads(missed.stdout)["objective"] == 20.0


def test_a_known_bound_ends_the_run(folder):
    result = run("solve", folder / "formula.cnf", "--time-limit", "60", "--seed", "1")
    assert result.exit_code == 0 and "an answer that none can beat" in result.stdout


def test_the_number_of_colours_may_be_given_to_check(folder):
    path, saved = folder / "graph.col", folder / "result.json"
    run("solve", path, "--problem", "coloring", "--colors", 3, "--output", saved)
    record = json.loads(saved.read_text())
    saved.write_text(json.dumps(record | {"options": {}}))
    assert run("check", path, saved).exit_code == 2
    assert run("check", path, saved, "--colors", 3).exit_code == 0


def test_models_beyond_the_memory_are_refused_before_they_are_built(folder, monkeypatch):
    from pbit.cli import reading

    edges = [f"e {i} {j}\n" for i in range(1, 41) for j in range(1, i)]
    (folder / "k40.col").write_text(f"p edge 40 {len(edges)}\n" + "".join(edges))
    monkeypatch.setattr(reading, "memory_bytes", lambda: 200_000)
    k40 = ("solve", folder / "k40.col", "--problem", "coloring", "--colors", "39")
    assert run(*k40, "--sweeps", 1, "--reads", 1).exit_code == 3  # as digits it is small
    result = run(*k40, "--solver", "pbit")
    assert result.exit_code == 5 and "as coloring: 1560 p-bits" in result.stderr


@pytest.mark.parametrize("command", ["info", "compile"])
@pytest.mark.parametrize("name", ["formula.cnf", "soft.wcnf", "square.tsp"])
def test_other_commands_take_the_files(folder, command, name):
    result = run(command, folder / name)
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("graph.col", ("--problem", "clique")),
        ("formula.cnf", ()),
        ("formula.cnf", ("--problem", "maxsat")),
        ("soft.wcnf", ()),
        ("long.cnf", ()),
    ],
)
@pytest.mark.parametrize("solver", ["pbit", "neal"])
def test_compiled_files_are_solved_and_checked_against_the_problem(folder, name, options, solver):
    (folder / "long.cnf").write_text("p cnf 9 2\n1 2 3 -4 5 6 7 8 9 0\n1 2 3 0\n")
    out, saved = folder / "c.json", folder / "r.json"
    made = run("compile", folder / name, *options, "--output", out)
    assert made.exit_code == 0, made.output
    solved = run("solve", out, "--seed", 1, "--solver", solver, "--output", saved)
    assert solved.exit_code == 0, solved.output
    checked = run("check", folder / name, saved)
    assert checked.exit_code == 0, checked.output


@pytest.mark.parametrize(
    ("key", "value", "status", "told"),
    [
        ("literals", [0, 1, 2, 3, 5, 9], 4, "'source' has a number in literals"),
        ("literals", [0, 1, 2, 3, 5, 3], 4, "'source' has a literal 0"),
        ("hard", [0, 0, 2], 4, "number in hard that is not in 0..1"),
        ("values", [1.0, 1.0, 0.0], 4, "a soft clause without weight"),
        ("problem", "clique", 4, "'source' has problem 'clique', expected one of null"),
        ("variables", 2, 4, "literals that is not in 0..4"),
    ],
)
def test_compiled_clauses_that_do_not_fit_are_refused(folder, key, value, status, told):
    out = folder / "c.json"
    run("compile", folder / "formula.cnf", "--output", out)
    document = json.loads(out.read_text())
    document["source"][key] = value
    out.write_text(json.dumps(document))
    result = run("solve", out)
    assert result.exit_code == status and told in result.stderr, result.output


def test_votes_on_other_spins_are_refused(folder):
    (folder / "long.cnf").write_text("p cnf 9 1\n1 2 3 -4 5 6 7 8 9 0\n")
    out = folder / "c.json"
    run("compile", folder / "long.cnf", "--output", out)
    document = json.loads(out.read_text())
    document["source"] |= {"pointers": [0, 2], "literals": [0, 1]}
    out.write_text(json.dumps(document))
    result = run("solve", out)
    assert result.exit_code == 2 and "spins, the problem's model has 9; compile" in result.stderr


def test_tours_are_not_compiled_to_a_file(folder):
    refused = run("compile", folder / "square.tsp", "--output", folder / "c.json")
    assert refused.exit_code == 4 and "cannot hold a tsplib problem" in refused.stderr


def test_chips_are_not_compared_by_energies_of_infeasible_states(folder):
    result = run("sweep", folder / "square.tsp", "--vary", "weight_bits=none,4")
    assert result.exit_code == 4 and "may be infeasible; pbit solve takes it" in result.stderr


def test_plots_show_energies(folder):
    pytest.importorskip("matplotlib")
    path = folder / "energies.svg"
    run("solve", folder / "square.tsp", "--reads", 5, "--seed", 1, "--plot", path)
    assert path.stat().st_size > 1000


def test_colourings_are_run_as_digits(folder):
    graph = ("solve", folder / "graph.col", "--problem", "coloring", "--colors", 3, "--seed", 1)
    for options, solver in (((), "dits"), (("--solver", "auto"), "auto")):
        result = run(*graph, *options)
        assert "p-dits of 3 values" in result.stderr and f"solver {solver}" in result.stderr
        assert "updates of p-dits" in result.stdout
    for options in (("--solver", "pbit"), ("--kernel", "lanes"), ("--schedule", "linear")):
        result = run(*graph, *options)
        assert "p-bits" in result.stderr and "p-dits" not in result.stdout
    record = json.loads(run(*graph, "--json", "--time-limit", 0.2).stdout)
    assert (record["solver"], record["kernel"], record["objective"]) == ("dits", "digits", 0.0)
