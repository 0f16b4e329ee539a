"""pbit solve, info and convert on LP and MPS files: right values, short answers, places."""

import json

import pytest
from click.testing import CliRunner

from pbit.cli.main import cli
from pbit.formats import read

BITS = "Binary\n x y\nEnd\n"
FILES = {
    "sos.lp": (
        "Maximize\n obj: x + y + z\nSubject To\n c1: x + y + z <= 2\nBinary\n x y z\nSOS\n"
        " s1: S1 :: x:1 y:2 z:3\nEnd\n", 1.0),
    "const_objective.lp": (f"Minimize\n obj: 7\nSubject To\n c1: x + y >= 1\n{BITS}", 7.0),
    "lt.lp": (f"Minimize\n obj: - x - y\nSubject To\n c1: x + y < 1\n{BITS}", -1.0),
    "brackets.lp": (
        "Minimize\n obj: - x[0] - 2 x[1]\nSubject To\n c1: x[0] + x[1] <= 1\nBinary\n x[0] x[1]\n"
        "End\n", -2.0),
    "fixed_real.lp": (
        "Minimize\n obj: 5 objconst - 2 x - y\nSubject To\n c1: x + y <= 1\nBounds\n"
        f" objconst = 1\n{BITS}", 3.0),
    "range.mps": (
        "NAME\nOBJSENSE\n MAX\nROWS\n N gain\n L c\nCOLUMNS\n M 'MARKER' 'INTORG'\n i gain 2 c 1\n"
        " j gain 3 c 1\n N 'MARKER' 'INTEND'\nRHS\n RHS gain -1 c 4\nRANGES\n R c 1\nBOUNDS\n"
        " UP B i 3\n UP B j 2\nENDATA\n", 11.0),
    "square.qps": (
        "NAME\nROWS\n N cost\n G c\nCOLUMNS\n i cost -3 c 1\nRHS\n RHS c 1\nBOUNDS\n UI B i 4\n"
        "QUADOBJ\n i i 2\nENDATA\n", -2.0),
}  # fmt: skip


def run(*arguments):
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def solved(path):
    result = run("solve", path, "--seed", 1, "--reads", 20, "--json", "--quiet")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize("name", FILES)
def test_the_right_value_is_found_and_checked(name, tmp_path):
    text, right = FILES[name]
    (tmp_path / name).write_text(text)
    record = solved(tmp_path / name)
    assert record["objective"] == right
    (tmp_path / "result.json").write_text(json.dumps(record))
    assert run("check", tmp_path / name, tmp_path / "result.json").exit_code == 0


@pytest.mark.parametrize("form", ["lp", "mps"])
@pytest.mark.parametrize("name", FILES)
def test_converted_files_have_the_same_value(name, form, tmp_path):
    text, right = FILES[name]
    (tmp_path / name).write_text(text)
    done = run("convert", tmp_path / name, tmp_path / f"b.{form}")
    assert done.exit_code == 0, done.output
    assert solved(tmp_path / f"b.{form}")["objective"] == right


def test_a_juxtaposition_is_refused_at_its_place(tmp_path):
    path = tmp_path / "juxtaposed.lp"
    path.write_text(f"Minimize\n obj: 2 3 x + y\nSubject To\n c1: x + y >= 1\n{BITS}")
    result = run("solve", path)
    assert result.exit_code == 4
    assert f"{path}:2:9: '3': after a term, expected '+' or '-'" in result.stderr


def test_short_answers_are_printed_and_the_objective_has_its_name(tmp_path):
    path = tmp_path / "range.mps"
    path.write_text(FILES["range.mps"][0])
    lines = run("solve", path, "--seed", 1, "--quiet").stdout.splitlines()
    assert lines[0] == "best gain    11" and "values i=2 j=2" in lines
    assert solved(path)["objective_name"] == "gain"


def many(bits, least):
    names = [f"x{k}" for k in range(bits)]
    return (
        f"Minimize\n {' + '.join(names)}\nst\n {' + '.join(names)} >= {least}\n"
        f"Binary\n {' '.join(names)}\nEnd\n"
    )


@pytest.mark.parametrize(
    ("bits", "least", "part"),
    [(20, 1, "=1, the others 0"), (20, 0, "values all 0"), (20, 13, None), (12, 12, "x11=1")],
)
def test_long_answers_are_told_by_what_is_not_0(bits, least, part, tmp_path):
    (tmp_path / "a.lp").write_text(many(bits, least))
    shown = run("solve", tmp_path / "a.lp", "--seed", 1, "--quiet").stdout
    values = [line for line in shown.splitlines() if line.startswith("values ")]
    assert bool(values) == (part is not None)
    assert part is None or part in values[0]


def test_labels_that_no_terminal_should_see_are_quoted(tmp_path):
    dimod = pytest.importorskip("dimod")
    cqm = dimod.ConstrainedQuadraticModel()
    cqm.set_objective(-1.0 * dimod.Binary("a\x1b[31m"))
    (tmp_path / "a.cqm").write_bytes(cqm.to_file().read())
    shown = run("solve", tmp_path / "a.cqm", "--seed", 1, "--quiet").stdout
    assert "values 'a\\x1b[31m'=1" in shown and "\x1b" not in shown


def test_a_constant_alone_counts_in_files_of_dimod(tmp_path):
    dimod = pytest.importorskip("dimod")
    cqm = dimod.ConstrainedQuadraticModel()
    cqm.add_constraint(dimod.Binary("x") <= 1, label="c")
    cqm.objective.offset = 7.0
    (tmp_path / "a.cqm").write_bytes(cqm.to_file().read())
    assert read(tmp_path / "a.cqm").cqm.objective.offset == 7.0
    assert solved(tmp_path / "a.cqm")["objective"] == 7.0


def test_notes_are_told(tmp_path):
    path = tmp_path / "fixed_real.lp"
    path.write_text(FILES["fixed_real.lp"][0])
    assert "their bounds fix are put in: objconst = 1" in run("info", path).stdout
