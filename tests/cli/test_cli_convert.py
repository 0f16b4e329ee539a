"""pbit convert: what it writes, what it says, what it refuses; FILE#NAME in the other commands."""

import gzip
import io
import json
import tarfile

import numpy as np
import pytest
from click.testing import CliRunner

from pbit.cli.main import cli
from pbit.formats import read

RUDY = "3 2\n1 2 1.5\n2 3 -1\n"
LP = "Maximize\n obj: 3 x + 2 y\nSubject To\n c: x + y <= 1\nBinaries\n x y\nEnd\n"


def run(*arguments, stdin=None):
    result = CliRunner().invoke(cli, list(map(str, arguments)), input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def refused(*arguments, status, message, stdin=None):
    result = run("convert", *arguments, stdin=stdin)
    assert (result.exit_code, result.stdout) == (status, ""), result.output
    assert message in result.stderr and "Traceback" not in result.stderr


@pytest.fixture
def graph(tmp_path):
    path = tmp_path / "graph.mc"
    path.write_text(RUDY)
    return path


def test_there_and_back(graph, tmp_path):
    for name in ("a.npy", "b.edges", "c.rudy.gz"):
        result = run("convert", graph, tmp_path / name)
        assert result.exit_code == 0, result.output
        back = run("convert", tmp_path / name, tmp_path / "back.mc", *_named(name))
        assert back.exit_code == 0, back.output
        assert (tmp_path / "back.mc").read_text() == RUDY
    assert gzip.open(tmp_path / "c.rudy.gz", "rt").read() == RUDY


def _named(name):
    return ("--format", "edge-list") if name.endswith(".edges") else ()


def test_what_is_said(graph, tmp_path):
    result = run("convert", graph, tmp_path / "a.coo", "--problem", "maxcut")
    assert result.stdout.splitlines()[:2] == [
        f"{graph}: rudy, graph",
        f"{tmp_path / 'a.coo'}: coo, ising, 3 variables",
    ]
    assert "note: variables are numbers from 0: 1 is now 0" in result.stdout
    assert read(tmp_path / "a.coo").offset == -0.25  # E = -cut


def test_standard_input_and_to(tmp_path):
    result = run("convert", "-", tmp_path / "out", "--to", "matrix", stdin=RUDY)
    assert result.exit_code == 0
    assert np.load(tmp_path / "out").tolist() == [[0, 1.5, 0], [1.5, 0, -1], [0, -1, 0]]


def test_the_network_of_a_constrained_problem(tmp_path):
    (tmp_path / "a.lp").write_text(LP)
    refused(tmp_path / "a.lp", tmp_path / "a.coo", status=4, message="--model for penalties")
    assert run("convert", tmp_path / "a.lp", tmp_path / "a.coo", "--model").exit_code == 0
    solved = json.loads(run("solve", tmp_path / "a.coo", "--json", "--quiet", "--seed", 1).stdout)
    assert solved["objective"] == -3.0
    assert run("convert", tmp_path / "a.lp", tmp_path / "b.lp").exit_code == 0
    assert read(tmp_path / "b.lp").maximise
    (tmp_path / "k.txt").write_text("2 5\n6 1\n10 2\n")
    knapsack = (tmp_path / "k.txt", tmp_path / "k.json", "--format", "knapsack")
    refused(*knapsack, status=4, message="give --model for the network that runs")
    assert run("convert", *knapsack, "--model").exit_code == 0


def test_the_network_of_a_colouring(graph, tmp_path):
    result = run("convert", graph, tmp_path / "a.json", "--model", "--problem", "coloring",
                 "--colors", 2)  # fmt: skip
    assert result.exit_code == 0, result.output
    assert read(tmp_path / "a.json").kind == "hising"


def test_losses_have_to_be_allowed(tmp_path):
    path = tmp_path / "a.json"
    terms = {"format": "pbit-hubo", "version": 1, "vartype": "SPIN", "offset": 1.0}
    path.write_text(json.dumps(terms | {"terms": [[["a", "b"], 0.5]]}))
    refused(path, tmp_path / "a.qh", status=4, message="give --drop-offset")
    drop = "--drop-offset"
    refused(path, tmp_path / "a.qh", drop, status=4, message="--drop-labels for numbers from 1")
    result = run("convert", path, tmp_path / "a.qh", drop, "--drop-labels")
    assert "note: the offset 1.0 is left out" in result.stdout
    assert "note: names are left out: 'a' is now 1, and so on" in result.stdout
    assert (tmp_path / "a.qh").read_text() == "1 2 0.5\n"
    (tmp_path / "b.coo").write_text(
        "# vartype=SPIN\n0 1 1e17\n0 2 1\n".replace("1e17", "1" + "0" * 17)
    )
    refused(tmp_path / "b.coo", tmp_path / "b.qplib", status=4, message="give --round")
    assert run("convert", tmp_path / "b.coo", tmp_path / "b.qplib", "--round").exit_code == 0


def test_refusals(graph, tmp_path):
    refused(graph, tmp_path / "a.xyz", status=2, message="says no format; give --to")
    refused(graph, graph, status=2, message="FILE and OUTPUT name the same file")
    refused(graph, tmp_path / "no" / "a.mc", status=2, message="cannot be written")
    refused(tmp_path / "missing", tmp_path / "a.mc", status=4, message="No such file")
    refused(graph, tmp_path / "a.coo", status=4, message="with --problem maxcut, ising or qubo")
    (tmp_path / "bad.mc").write_text("3 2\n1 2 x\n2 3 1\n")
    refused(tmp_path / "bad.mc", tmp_path / "a.npy", status=4, message="bad.mc:2:")
    assert not (tmp_path / "a.npy").exists()


def test_names_that_an_lp_file_cannot_hold(tmp_path):
    path = tmp_path / "a.json"
    terms = {"format": "pbit-hubo", "version": 1, "vartype": "BINARY", "terms": [[["a b"], 0.5]]}
    path.write_text(json.dumps(terms))
    refused(path, tmp_path / "a.lp", status=4, message="cannot be output to an LP file")
    assert not (tmp_path / "a.lp").exists()


def test_one_of_several_in_every_command(tmp_path):
    path = tmp_path / "set.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name in ("one.mc", "two.mc"):
            info = tarfile.TarInfo(f"graphs/{name}")
            info.size = len(RUDY)
            archive.addfile(info, io.BytesIO(RUDY.encode()))
    assert run("convert", f"{path}#two", tmp_path / "a.mc").exit_code == 0
    assert (tmp_path / "a.mc").read_text() == RUDY
    solved = run("solve", f"{path}#one", "--problem", "maxcut", "--seed", 1, "--quiet",
                 "--output", tmp_path / "r.json")  # fmt: skip
    assert solved.exit_code == 0 and "best cut     1.5" in solved.stdout
    assert run("check", f"{path}#one", tmp_path / "r.json").exit_code == 0
    assert "graphs/one.mc" in run("info", f"{path}#one").stdout
    for command in ("info", "solve"):
        result = run(command, path)
        assert result.exit_code == 4
        assert "holds 2 instances" in result.stderr and "write FILE#" in result.stderr


def test_info_of_specifications(tmp_path):
    (tmp_path / "a.lp").write_text(LP)
    (tmp_path / "b").write_text("labs 6\n")
    for path in (tmp_path / "a.lp", tmp_path / "b"):
        result = run("info", path)
        assert result.exit_code == 0 and "beta range" in result.stdout


def test_a_problem_that_cannot_be_met_is_refused(tmp_path):
    (tmp_path / "a.lp").write_text(LP.replace("<= 1", ">= 5"))
    result = run("solve", tmp_path / "a.lp")
    assert result.exit_code == 4
    assert "a.lp:2:9: the constraints leave no value" in result.stderr
