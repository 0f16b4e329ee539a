"""pbit compile: the file it writes, what runs on it, and what is refused."""

import copy
import io
import json
import os
import sys
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

from pbit.cli.main import cli
from pbit.exact import exact_ground_states
from pbit.formats import CompiledContents, FormatError, read, write
from pbit.graphs import target_graph
from pbit.problems.core.compiled_problem import CompiledProblem, read_out
from pbit.problems.core.reading import problem_of
from pbit.run.reads import Reads

HUBO = "hubo 5 6 binary\n1 0 1 2 3\n-3 0 1 2\n2 1 2 3\n-1 0\n1.5 2 4\n-2 4\n"


def run(*arguments, stdin=None):
    result = CliRunner().invoke(cli, list(map(str, arguments)), input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def refused(*arguments, status, message):
    result = run("compile", *arguments)
    assert (result.exit_code, result.stdout) == (status, ""), result.output
    assert message in result.stderr and "Traceback" not in result.stderr


def dense_graph(n=9, seed=1):
    """A weighted graph, rudy."""
    rng = np.random.default_rng(seed)
    lines = [
        f"{i + 1} {j + 1} {rng.integers(1, 5)}" for i in range(n) for j in range(i) if i - j != 4
    ]
    return f"{n} {len(lines)}\n" + "\n".join(lines) + "\n"


@pytest.fixture
def graph(tmp_path):
    path = tmp_path / "graph.mc"
    path.write_text(dense_graph())
    return path


@pytest.fixture
def chip(graph, tmp_path):
    path = tmp_path / "chip.json"
    result = run("compile", graph, "--problem", "maxcut", "--max-degree", 4, "--output", path)
    assert result.exit_code == 0
    return path


def best_of(problem):
    energy, _ = exact_ground_states(problem.model)
    zero = problem.energy_of(0.0)
    return (energy - zero) / (problem.energy_of(1.0) - zero)


# --- reports


def test_table_before_and_after(graph):
    result = run(
        "compile", graph, "--problem", "maxcut", "--max-degree", 4, "--colors", "--bits", 6
    )
    assert result.exit_code == 0 and f"{graph}: maxcut (rudy)" in result.stderr
    table = {line[:18].strip(): line[18:].split() for line in result.stdout.splitlines()}
    assert table["p-bits"][0] == "9" and int(table["p-bits"][1]) > 9
    assert table["couplings"][0] == "31"
    assert table["largest degree"] == ["7", "4"]
    assert table["colours"][0] in ("5", "6") and int(table["colours"][1]) <= 5
    assert sum(int(v[1]) for k, v in table.items() if k.startswith("of degree")) == int(
        table["p-bits"][1]
    )
    assert "ground states exact" in result.stdout
    assert "weights vanish, ground states not enumerated" in result.stdout


def test_json_holds_the_same(graph):
    options = ("--problem", "maxcut", "--max-degree", 4, "--bits", 3, "--reorder", "--fix", "all")
    result = run("compile", graph, *options, "--json", "--quiet")
    assert result.stderr == ""
    record = json.loads(result.stdout)
    assert record["problem"] == "maxcut" and record["before"]["p-bits"] == 9
    names = [name for name, _ in record["passes"]]
    assert names == ["merge_fixed", "sparsify", "quantise", "reorder"]
    assert record["after"]["largest degree"] == 4
    assert "colours" not in record["after"]


def test_weak_chains_are_told(graph):
    options = ("--problem", "maxcut", "--max-degree", 3, "--chain-strength", 0.5)
    assert "below the bound: ground states may be lost" in run("compile", graph, *options).stdout


@pytest.mark.parametrize("fit", [("--max-degree", 3), ("--embed", "king:9", "--seed", 1)])
def test_scaled_chains(graph, fit):
    if "--embed" in fit:
        pytest.importorskip("minorminer")
    weakest = []
    for scale in (1.0, 0.5):
        options = ("--problem", "maxcut", *fit, "--chain-scale", scale, "--json", "--quiet")
        record = json.loads(run("compile", graph, *options).stdout)
        weakest.append(record["passes"][0][1]["weakest_link"])
    assert weakest[1] == 0.5 * weakest[0]


def test_many_degrees_share_rows(tmp_path):
    star = tmp_path / "star.mc"
    star.write_text("101 100\n" + "".join(f"1 {k} 1\n" for k in range(2, 102)))
    lines = run("compile", star, "--problem", "ising", "--max-degree", 5).stdout.splitlines()
    rows = [line for line in lines if line.startswith("  of degree")]
    assert 2 <= len(rows) <= 13 and rows[0].split()[2] == "0-8"


def test_info_counts_colours(graph, tmp_path):
    assert "colours            5" in run("info", graph, "--colors").stdout
    assert json.loads(run("info", graph, "--colors", "--json").stdout)["colours"] == 5
    terms = tmp_path / "terms.hubo"
    terms.write_text(HUBO)
    result = run("info", terms, "--colors")
    assert result.exit_code == 4 and "--colors takes at most 2; reduce it first" in result.stderr


# --- the compiled file runs


def test_the_way_round_for_max_cut(graph, chip, tmp_path):
    problem = problem_of(read(graph), "maxcut")
    answer = tmp_path / "answer.json"
    result = run("solve", chip, "--seed", 1, "--sweeps", 300, "--json", "--output", answer)
    assert result.exit_code == 0 and "a problem of 9 variables (maxcut)" in result.stderr
    record = json.loads(result.stdout)
    assert record["problem"] == "maxcut" and record["format"] == "compiled"
    assert list(record["assignment"]) == [str(k) for k in range(1, 10)]
    assert set(record["assignment"].values()) == {0, 1}
    assert record["objective"] == best_of(problem)
    assert record["energy"] == problem.energy_of(record["objective"])
    assert 0.0 <= record["broken_chains"] < 1.0
    for file in (chip, graph):  # the answer is one to the problem itself
        assert run("check", file, answer).exit_code == 0
    assert run("info", chip).exit_code == 0
    told = run("solve", chip, "--seed", 1, "--sweeps", 300).stdout
    assert "best cut" in told and "broken       " in told


@pytest.mark.parametrize("fix", [(), ("--fix", "one"), ("--fix", "all")])
def test_terms_of_many_bits(tmp_path, fix):
    source, chip = tmp_path / "terms.hubo", tmp_path / "chip.json.gz"
    source.write_text(HUBO)
    told = run("compile", source, *fix, "--max-degree", 3, "--output", chip, "--colors")
    assert told.exit_code == 0 and "products of 4 to pairs with" in told.stdout
    colours = next(line for line in told.stdout.splitlines() if line.startswith("colours"))
    assert colours.split()[1] == "-"  # of a network with longer products none are counted
    record = json.loads(run("solve", chip, "--json", "--seed", 3).stdout)
    assert record["objective"] == best_of(problem_of(read(source)))
    assert len(record["assignment"]) == 5


def test_embedded_in_files_and_families(graph, tmp_path):
    pytest.importorskip("minorminer")
    edges, chip = tmp_path / "fabric.edges", tmp_path / "chip.json"
    fabric = target_graph("king", 9)  # counted from 1, as a user's own
    edges.write_text("".join(f"{a + 1} {b + 1}\n" for a, b in fabric.edges()))
    best = best_of(problem_of(read(graph), "maxcut"))
    for target in (edges, "king:9", "chimera:4", "zephyr:2"):
        options = ("--problem", "maxcut", "--embed", target, "--seed", 2, "--output", chip)
        result = run("compile", graph, *options)
        assert result.exit_code == 0, result.output
        assert "embed " in result.stdout
        solved = json.loads(run("solve", chip, "--json", "--seed", 1, "--sweeps", 3000).stdout)
        assert solved["objective"] == best
    contents = read(chip)
    assert isinstance(contents, CompiledContents) and contents.votes[0].name == "embed"


def test_target_is_judged_by_the_answer(chip):
    """The network's energy is not what counts."""
    best = json.loads(run("solve", chip, "--json", "--seed", 1).stdout)["objective"]
    assert run("solve", chip, "--seed", 1, "--target", best).exit_code == 0
    assert run("solve", chip, "--seed", 1, "--target", best + 1).exit_code == 3


def test_the_baseline_runs_it(chip):
    result = run("solve", chip, "--solver", "neal", "--seed", 1, "--json")
    assert json.loads(result.stdout)["broken_chains"] is not None


@pytest.mark.slow  # its kernels take most of a minute to compile
def test_emulated_chips_run_it(chip, tmp_path):
    hardware = tmp_path / "ideal.toml"
    hardware.write_text(run("chip").stdout)
    assert run("solve", chip, "--hardware", hardware, "--reads", 4, "--sweeps", 5).exit_code == 0


def test_energies_come_from_the_problem():
    """A network with rounded weights and a broken chain: only the states are taken from it."""
    document = small()
    problem = problem_of(parse(document))
    assert isinstance(problem, CompiledProblem)
    reads = Reads(np.array([[1, 1, -1], [1, -1, -1]], dtype=np.int8), np.array([99.0, 99.0]), {})
    source, told = read_out(problem, reads)
    assert source is problem.source
    assert told.spins.tolist() == [[1, -1], [1, -1]]  # a tie: the first p-bit's value
    assert told.energies.tolist() == [1.0, 1.0]
    assert told.info["broken_chains"] == 0.5
    assert read_out(source, reads) == (source, reads)


# --- the file


def small():
    """Two spins, the first one a chain of two."""
    return {
        "format": "pbit-compiled",
        "version": 1,
        "network": {
            "pbits": ["a", ["b", 1], 7],
            "offset": 2.0,
            "h": [0.0, 0.5, -1],
            "rows": [0, 1],
            "cols": [1, 2],
            "values": [2.0, 1.5],
        },
        "votes": [
            {"name": "sparsify", "pointers": [0, 2, 3], "members": [0, 1, 2], "signs": [1, 1]}
        ],
        "source": {
            "kind": "graph",
            "problem": "ising",
            "ising_sign": "minus",
            "variables": 2,
            "offset": 0.0,
            "rows": [0],
            "cols": [1],
            "values": [1.0],
        },
        "report": [["sparsify", {"links": 1}]],
    }


def parse(document):
    return read(io.BytesIO(json.dumps(document).encode()))


def test_file_round_trip(tmp_path):
    contents = parse(small())
    assert contents.kind == "compiled" and contents.labels == ["a", ("b", 1), 7]
    for path in (tmp_path / "a.json", tmp_path / "a.json.gz"):
        write(contents, path, "compiled")
        again = read(path)
        assert again.labels == contents.labels and again.offset == contents.offset
        for field in ("rows", "cols", "values", "h"):
            assert np.array_equal(getattr(again, field), getattr(contents, field))
        assert [v.tolist() for v in again.votes[0][1:]] == [[0, 2, 3], [0, 1, 2], [1, 1]]
        assert again.report == contents.report and again.problem == "ising"
        assert np.array_equal(again.source.values, [1.0])


def test_term_files_round_trip(tmp_path):
    document = small()
    del document["source"]["rows"], document["source"]["cols"]
    document["source"] |= {"kind": "hubo", "problem": None, "pointers": [0, 2], "members": [0, 1]}
    write(parse(document), tmp_path / "t.json", "compiled")
    again = read(tmp_path / "t.json")
    assert again.source.kind == "hubo" and again.source.members.tolist() == [0, 1]


def changed(path, value):
    """The document with one entry changed or, for None with a path to a key, removed."""
    document = copy.deepcopy(small())
    *way, last = path
    part = document
    for key in way:
        part = part[key]
    if value is KeyError:
        del part[last]
    else:
        part[last] = value
    return document


DAMAGED = [
    (("format",), "pbit-compiled2", "expected"),
    (("version",), 2, "version '2', expected 1; compile again"),
    (("version",), True, "version 'True'"),
    (("network",), [], "'network' is no object"),
    (("source",), KeyError, "'source' is no object"),
    (("network", "pbits"), 0, "no variables or too many"),
    (("network", "pbits"), KeyError, "neither a number nor a list"),
    (("network", "pbits"), ["a", "a", "b"], "a label occurs twice"),
    (("network", "offset"), "1", "has no number offset"),
    (("network", "offset"), 10**400, "a number in offset beyond float64"),
    (("network", "h"), [0.0, 1.0], "has 2 numbers in h, expected 3"),
    (("network", "h"), [0.0, 1.0, None], "has no list h of numbers"),
    (("network", "h"), [0.0, 1.0, True], "has no list h of numbers"),
    (("network", "rows"), [0, 3], "a number in rows that is not in 0..2"),
    (("network", "rows"), [0, -1], "a number in rows that is not in 0..2"),
    (("network", "rows"), [0, 1.0], "has no list rows of whole numbers"),
    (("network", "cols"), [1], "has 1 whole numbers in cols, expected 2"),
    (("network", "cols"), [0, 2], "couples a p-bit to itself"),
    (("network", "values"), {}, "has no list values of numbers"),
    (("votes",), {}, "'votes' is no list of objects"),
    (("votes",), [1], "'votes' is no list of objects"),
    (("votes",), [], "votes are on 3 spins, expected the 2 of the problem"),
    (("votes", 0, "members"), [0, 1, 3], "'votes[0]' has a number in members that is not in 0..2"),
    (("votes", 0, "members"), [0, 1], "'votes[0]' has a number in pointers"),
    (("votes", 0, "pointers"), [0, 3], "has 2 whole numbers in pointers, expected 3"),
    (("votes", 0, "pointers"), [0, 2, 2], "pointers that do not rise from 0 to 3"),
    (("votes", 0, "pointers"), [1, 2, 3], "pointers that do not rise from 0 to 3"),
    (("votes", 0, "signs"), [1, 0], "has signs other than -1 and 1"),
    (("votes", 0, "signs"), [1], "votes are on 1 spins"),
    (("source", "kind"), "compiled", "has kind 'compiled', expected one of graph"),
    (("source", "kind"), [], "has kind '[]'"),
    (("source", "kind"), None, "has kind 'None'"),
    (("source", "problem"), 1, "has problem '1', expected a word or null"),
    (("source", "problem"), None, "is a graph without a problem"),
    (("source", "ising_sign"), "both", "has ising_sign 'both'"),
    (("source", "variables"), 1, "a number in cols that is not in 0..0"),
    (("source", "kind"), "hubo", "has no list members"),
]


@pytest.mark.parametrize(("path", "value", "message"), DAMAGED)
def test_damaged_files(path, value, message, tmp_path):
    with pytest.raises(FormatError) as error:
        parse(changed(path, value))
    assert message in str(error.value)
    file = tmp_path / "chip.json"
    file.write_text(json.dumps(changed(path, value)))
    result = run("solve", file, "--quiet")
    assert result.exit_code == 4 and "Traceback" not in result.stderr


def test_terms_without_members():
    document = small()
    document["source"] |= {
        "kind": "hubo", "problem": None, "pointers": [0, 0, 2], "members": [0, 1],
        "values": [1.0, 2.0],
    }  # fmt: skip
    with pytest.raises(FormatError, match="has a term without members"):
        parse(document)


def test_damage_anywhere_is_refused_or_sound():
    """4000 files with a few bytes changed: FormatError, or a problem that runs."""
    rng = np.random.default_rng(9)
    seed = json.dumps(small()).encode()
    snippets = [b"1e999", b"nan", b"-1", b"[", b"]", b"{}", b"null", b"9" * 30, b'"', b",", b"\xff"]
    accepted = 0
    for _ in range(4000):
        data = bytearray(seed)
        for _ in range(int(rng.integers(1, 4))):
            at = int(rng.integers(0, len(data)))
            if rng.random() < 0.5:
                data[at : at + int(rng.integers(1, 4))] = b""
            else:
                data[at:at] = snippets[int(rng.integers(len(snippets)))]
        try:
            contents = read(io.BytesIO(bytes(data)))
            problem = problem_of(contents) if contents.kind == "compiled" else None
        except (FormatError, ValueError):
            continue
        if problem is not None:
            accepted += 1
            spins = np.ones((2, problem.model.num_spins), dtype=np.int8)
            problem.decode(spins[0])
            problem.broken(spins)
    assert accepted > 20


def test_what_cannot_be_written(tmp_path):
    graph = read(io.BytesIO(b"3 2\n1 2 1\n2 3 1\n"))
    with pytest.raises(ValueError, match="contents must be compiled for compiled, got graph"):
        write(graph, tmp_path / "x.json", "compiled")
    good = parse(small())
    with pytest.raises(ValueError, match="as long as the network"):
        write(replace(good, h=np.zeros(2)), tmp_path / "x.json", "compiled")
    with pytest.raises(ValueError, match="labels must be strings"):
        write(replace(good, labels=[frozenset(), 1, 2]), tmp_path / "x.json", "compiled")
    assert list(tmp_path.iterdir()) == []
    for name in ("rudy", "coo", "hubo"):
        with pytest.raises(ValueError, match=r"kind must be|terms|convert"):
            write(good, tmp_path / "x.json", name)


# --- refusals


def test_usage(graph, tmp_path):
    refused(graph, "--max-degree", 2, status=2, message="--max-degree must be >= 3, got 2")
    refused(graph, "--bits", 1, status=2, message="--bits must be 2 to 32, got 1")
    refused(graph, "--time-limit", 0, status=2, message="--time-limit must be > 0")
    refused(graph, "--chain-strength", -1, status=2, message="--chain-strength must be > 0")
    refused(graph, "--chain-scale", 0, status=2, message="--chain-scale must be > 0")
    both = ("--chain-scale", 0.5, "--chain-strength", 2)
    refused(graph, *both, status=2, message="exclude each other")
    refused(graph, status=2, message="say what it is meant to be with --problem")
    refused(graph, "--output", tmp_path / "no" / "x", status=2, message="cannot be written")
    refused(graph, "--output", graph, status=2, message="name the same file")
    refused(tmp_path / "none", status=4, message="No such file")
    cut = (graph, "--problem", "maxcut")
    refused(*cut, "--embed", "king", status=2, message="expected a family and a size, as in king:4")
    refused(*cut, "--embed", "king:x", status=2, message="expected a family and a size")
    refused(*cut, "--embed", "king:0", status=2, message="size must be >= 1, got 0")
    refused(*cut, "--embed", "king:99999", status=2, message="at most 1000000 qubits")
    refused(*cut, "--embed", "king:2", status=2, message="at least 9 p-bits, got 4")
    refused(
        *cut,
        "--embed",
        tmp_path / "none",
        status=4,
        message="no such file, and no family of graphs",
    )
    qubo = tmp_path / "a.coo"
    qubo.write_text("# vartype=SPIN\n0 1 1\n")
    refused(*cut, "--embed", qubo, status=4, message="expected a graph: lines 'i j'")


def test_special_files(graph):
    options = ("--problem", "maxcut", "--max-degree", 4)
    assert run("compile", graph, *options, "--output", os.devnull).exit_code == 0
    assert run("compile", "-", *options, stdin=graph.read_text()).exit_code == 0
    refused("-", *options, "--embed", "-", status=2, message="cannot both be standard input")


def test_compiled_twice(chip):
    refused(chip, status=4, message="is compiled already")
    result = run("solve", chip, "--problem", "maxcut")
    assert result.exit_code == 2 and "leave --problem out" in result.stderr


def test_no_embedding(graph):
    pytest.importorskip("minorminer")
    options = ("--problem", "maxcut", "--embed", "king:6", "--time-limit", 0.3, "--seed", 1)
    big = graph.with_name("big.mc")
    big.write_text(dense_graph(15))
    refused(big, *options, status=3, message="no embedding of 15 spins")


def test_without_the_extra(graph, monkeypatch):
    monkeypatch.setitem(sys.modules, "minorminer", None)
    monkeypatch.setitem(sys.modules, "dwave", None)
    options = (graph, "--problem", "maxcut", "--embed")
    for target in ("king:9", "pegasus:3"):
        refused(*options, target, status=2, message="pip install 'pbit-emulator[embed]'")


def test_nothing_left(tmp_path):
    pair = tmp_path / "pair.coo"
    pair.write_text("# vartype=SPIN\n0 0 1\n0 1 2\n")
    result = run("compile", pair, "--fix", "all")
    assert result.exit_code == 0 and "1 fixed, 1 merged, 0 left" in result.stdout
    message = "no p-bit is left, --fix has solved it (energy -3)"
    refused(pair, "--fix", "all", "--output", tmp_path / "x", status=4, message=message)
