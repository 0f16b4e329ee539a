"""pbit solve: what it prints and writes, what it refuses, and how it ends."""

import csv
import gzip
import json
import os
import tarfile

import dimod
import numpy as np
import pytest
from click.testing import CliRunner

from cases import some
from pbit import IsingModel, anneal, default_schedule, machine
from pbit.cli import plot, reading
from pbit.cli.main import cli
from pbit.formats import read
from pbit.problems.core.reading import problem_of
from pbit.run.control import Control
from pbit.solvers import neal as neal_baseline
from pbit.solvers import solve as solvers
from pbit.solvers.effort import Effort

RING = "4 4\n1 2 1\n2 3 1\n3 4 1\n4 1 1\n"
SOLVERS = ("pbit", "neal")


def run(*arguments, stdin=None):
    """The command in this process; what is raised but no refusal comes through as an error."""
    result = CliRunner().invoke(cli, ["solve", *map(str, arguments)], input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def solved(*arguments, stdin=None):
    """The JSON of a run on stdout."""
    result = run(*arguments, "--json", stdin=stdin)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def refused(*arguments, status, message):
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (status, ""), result.output
    assert message in result.stderr
    assert "Traceback" not in result.stderr


@pytest.fixture
def ring(tmp_path):
    path = tmp_path / "ring.mc"
    path.write_text(RING)
    return path


@pytest.fixture(scope="module")
def glass(tmp_path_factory):
    """A cubic +-1 glass that takes a while: 512 spins."""
    rng = np.random.default_rng(0)
    sites = np.arange(512).reshape(8, 8, 8)
    lines = [
        f"{i + 1} {j + 1} {rng.choice([-1, 1])}\n"
        for axis in range(3)
        for i, j in zip(sites.ravel(), np.roll(sites, -1, axis).ravel(), strict=True)
    ]
    path = tmp_path_factory.mktemp("glass") / "glass.mc"
    path.write_text(f"512 {len(lines)}\n" + "".join(lines))
    return path


# --- the answer


def test_summary_on_stdout_and_header_on_stderr(ring):
    result = run(ring, "--problem", "maxcut", "--seed", "7", "--sweeps", "100")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[:5] == [
        "best cut     4",
        "energy       -4",
        "found by     64 of 64 reads",
        "stopped by   end of the schedule",
        "work         64 reads, 2.56e+04 updates",
    ]
    assert f"{ring}: maxcut (rudy), 4 variables, 4 couplings" in result.stderr
    assert "solver pbit, seed 7; python 3" in result.stderr
    assert "options: problem=maxcut sweeps=100" in result.stderr


def test_quiet_leaves_stderr_empty(ring):
    result = run(ring, "--problem", "maxcut", "--quiet")
    assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.parametrize("solver", SOLVERS)
def test_json_is_complete(ring, solver):
    record = solved(ring, "--problem", "maxcut", "--solver", solver, "--seed", "5")
    expected = {
        "schema": 1, "problem": "maxcut", "solver": solver, "energy": -4.0, "objective": 4.0,
        "feasible": True, "seed": 5, "num_reads": 64, "num_sweeps": 1000, "rounds": 1,
        "stop_reason": "completed", "num_variables": 4, "format": "rudy", "file": str(ring),
    }  # fmt: skip
    assert {key: record[key] for key in expected} == expected
    assert list(record["assignment"]) == ["1", "2", "3", "4"]
    sides = list(record["assignment"].values())
    assert sides in ([0, 1, 0, 1], [1, 0, 1, 0])
    assert {"preprocessing_ns", "sampling_ns", "postprocessing_ns"} <= set(record["timing"])
    assert all(type(ns) is int and ns >= 0 for ns in record["timing"].values())
    assert {"python", "pbit", "numpy", "numba"} <= set(record["versions"])
    assert record["motion"] is None
    if solver == "neal":
        assert record["versions"]["dwave-neal"].startswith("0.6")
        assert record["versions"]["dwave-samplers"][0].isdigit()


@pytest.mark.parametrize(
    ("solver", "told"),
    [
        ("oscillator", {"second_harmonic_range": [0.0, 0.4], "descent": True}),
        ("bifurcation", {"form": "discrete", "descent": True}),
    ],
)
def test_a_motion_has_no_temperature_and_is_told(ring, solver, told):
    record = solved(ring, "--problem", "maxcut", "--solver", solver, "--sweeps", "50")
    assert record["energy"] == -4.0 and record["solver"] == solver
    assert record["beta_range"] is record["rule"] is record["order"] is None
    assert record["motion"]["time_step"] > 0 and told.items() <= record["motion"].items()


@pytest.mark.parametrize("solver", SOLVERS)
def test_same_seed_same_answer(glass, solver):
    arguments = (glass, "--problem", "maxcut", "--solver", solver, "--seed", "3", "--sweeps", "20")
    first, second, other = (
        solved(*arguments, *extra) for extra in ((), ("--threads", "1"), ("--seed", "4"))
    )
    for record in (first, second, other):
        del record["timing"], record["options"]
    assert first == second
    assert first["assignment"] != other["assignment"]


def test_a_seed_is_drawn_and_told(ring):
    seeds = {solved(ring, "--problem", "maxcut", "--reads", "1")["seed"] for _ in range(2)}
    assert len(seeds) == 2 and all(0 <= seed < 2**63 for seed in seeds)
    assert solved(ring, "--problem", "maxcut", "--seed", str(2**64 - 1))["seed"] == 2**64 - 1


def test_a_beta_range_that_is_swapped_is_told(ring):
    told = run(ring, "--problem", "maxcut", "--beta-range", "3", "0.1", "--json")
    assert "note: --beta-range 3 0.1 has its cold end first and was turned round" in told.stderr
    assert json.loads(told.stdout)["beta_range"] == [0.1, 3.0]
    quiet = ("--beta-range", "3", "0.1", "--quiet")
    assert not run(ring, "--problem", "maxcut", *quiet).stderr


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("rule", ["heat-bath", "metropolis"])
@pytest.mark.parametrize("schedule", ["geometric", "linear"])
def test_rules_and_schedules(ring, solver, rule, schedule):
    record = solved(ring, "--problem", "maxcut", "--solver", solver, "--rule", rule,
                    "--schedule", schedule, "--beta-range", "0.1", "3")  # fmt: skip
    assert (record["objective"], record["rule"]) == (4.0, rule)
    assert record["beta_range"] == [0.1, 3.0]


@pytest.mark.parametrize(
    "extra",
    [
        ("--sweeps", "0"),
        ("--sweeps", "1"),
        ("--reads", "1"),
        ("--reads", "1", "--sweeps", "0"),
        pytest.param(
            ("--beta-range", "3", "0.1"),
            marks=pytest.mark.filterwarnings("ignore:beta_range .* has its cold end first"),
        ),
        ("--beta-range", "0", "3", "--schedule", "linear"),
        ("--beta-range", "1", "1e308"),
        ("--threads", "3"),
    ],
)
def test_unusual_effort_is_fine(ring, extra):
    record = solved(ring, "--problem", "maxcut", *extra)
    assert record["stop_reason"] == "completed" and record["feasible"]
    assert record["updates"] == record["num_reads"] * record["num_sweeps"] * 4


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize(
    ("text", "problem", "best"),
    [
        ("1 0\n", "maxcut", 0.0),
        ("5 0\n", "maxcut", 0.0),
        ("3 2\n1 2 0\n2 3 0\n", "maxcut", 0.0),
        ("3 2\n1 2 1\n2 1 1\n", "maxcut", 2.0),
        ("0 0 2\n", "ising", -2.0),
        ("0 0 2\n0 1 1\n", "ising", -3.0),
        ("0 0 2\n0 1 -3\n", "qubo", -1.0),
        ("3 2\n1 2 1e-29\n2 3 1e-29\n", "maxcut", 2e-29),
    ],
)
@pytest.mark.filterwarnings("ignore:All bqm biases are zero")
def test_tiny_problems(tmp_path, solver, text, problem, best):
    path = tmp_path / "tiny.txt"
    path.write_text(text)
    record = solved(path, "--problem", problem, "--solver", solver)
    assert record["objective"] == pytest.approx(best)


def test_the_sign_of_a_graph(tmp_path):
    path = tmp_path / "pair.txt"
    path.write_text("0 1 1\n0 0 0.5\n")
    assert set(solved(path, "--problem", "ising")["assignment"].values()) == {1}
    plus = solved(path, "--problem", "ising", "--ising-sign", "plus")
    assert (plus["assignment"], plus["energy"]) == ({"0": -1, "1": 1}, -1.5)


@pytest.mark.parametrize("vartype", ["SPIN", "BINARY"])
@pytest.mark.parametrize("solver", SOLVERS)
def test_labels_of_any_kind(tmp_path, vartype, solver):
    linear = {("a", 1): 1.0, "ü☃": -2.0, 2: 0.5, "2": 1.5, '"': 1.0, "\ud800": 0.25}
    bqm = dimod.BQM(linear, {(("a", 1), "ü☃"): 1.5, (2, "2"): -3.0}, 0.25, vartype)
    path = tmp_path / "bqm.json"
    path.write_text(json.dumps(bqm.to_serializable()))
    record = solved(path, "--solver", solver)
    best = dimod.ExactSolver().sample(bqm).first
    names = dict(zip(map(json.dumps, bqm.variables), bqm.variables, strict=True))
    assert {names[key]: v for key, v in record["assignment"].items()} == dict(best.sample)
    assert record["energy"] == record["objective"] == pytest.approx(best.energy)


# --- where it comes from and goes to


def test_standard_input_plain_and_gzip(ring):
    for data in (RING.encode(), gzip.compress(RING.encode(), mtime=0)):
        assert solved("-", "--problem", "maxcut", stdin=data)["objective"] == 4.0


def test_output_file_is_what_json_prints(ring, tmp_path):
    path = tmp_path / "späce ☃ $x" / "out put.json"
    path.parent.mkdir()
    path.write_text("an older result, longer than it looks" * 100)
    record = solved(ring, "--problem", "maxcut", "--output", path)
    assert json.loads(path.read_text(encoding="utf-8")) == record
    assert os.listdir(path.parent) == ["out put.json"]


def test_a_link_stays_and_its_target_is_written(ring, tmp_path):
    target, link = tmp_path / "target.json", tmp_path / "link.json"
    link.symlink_to(target)
    assert run(ring, "--problem", "maxcut", "--output", link).exit_code == 0
    assert link.is_symlink() and json.loads(target.read_text())["objective"] == 4.0


def test_a_pipe_is_written_to_and_not_replaced(ring, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert run(ring, "--problem", "maxcut", "--output", pipe).exit_code == 0
    assert json.loads(os.read(reader, 65536))["objective"] == 4.0
    os.close(reader)
    assert pipe.is_fifo()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
def test_a_full_disk_does_not_hide_the_answer(ring):
    result = run(ring, "--problem", "maxcut", "--output", "/dev/full")
    assert result.exit_code == 1
    assert result.stdout.startswith("best cut     4\n")
    assert "Error: /dev/full: No space left on device" in result.stderr


@pytest.mark.parametrize("option", ["--output", "--plot"])
def test_failing_to_write_leaves_the_old_file(ring, tmp_path, monkeypatch, option):
    def fail(*names):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    path = tmp_path / "old.png"
    path.write_text("old")
    result = run(ring, "--problem", "maxcut", option, path)
    assert (result.exit_code, path.read_text()) == (1, "old")
    assert result.stdout.startswith("best cut     4\n")
    assert "old.png: No space left on device" in result.stderr
    assert sorted(os.listdir(tmp_path)) == ["old.png", "ring.mc"]


@pytest.mark.parametrize("suffix", some(["png", "pdf", "svg", "PNG"], "pdf", "PNG"))
def test_plot(tmp_path, suffix):
    path = tmp_path / rf"$\frac$ ☃.{suffix}"
    problem = tmp_path / r"$\frac$ ☃.mc"
    problem.write_text(RING)
    assert run(problem, "--problem", "maxcut", "--plot", path, "--sweeps", "10").exit_code == 0
    starts = {"png": b"\x89PNG", "pdf": b"%PDF", "svg": b"<?xml"}
    assert path.read_bytes().startswith(starts[suffix.lower()])


@pytest.mark.parametrize(
    "extra",
    [
        ("--sweeps", "0"),
        ("--reads", "1"),
        ("--solver", "neal"),
        ("--time-limit", "0.3"),
        ("--sweeps", "9001"),  # more than there are points in the picture
    ],
)
def test_plot_of_unusual_runs(ring, tmp_path, extra):
    path = tmp_path / "run.png"
    assert run(ring, "--problem", "maxcut", "--plot", path, *extra).exit_code == 0
    assert path.stat().st_size > 5000


def test_a_name_that_is_no_text_can_be_plotted(tmp_path):
    problem = tmp_path / os.fsdecode(b"x\xff.mc")
    problem.write_text(RING)
    assert run(problem, "--problem", "maxcut", "--plot", tmp_path / "run.png").exit_code == 0


# --- ends: target, time limit, rounds


@pytest.mark.parametrize("solver", SOLVERS)
def test_target_of_a_cut_is_the_cut(ring, solver):
    arguments = (ring, "--problem", "maxcut", "--solver", solver)
    reached = run(*arguments, "--target", "4", "--json")
    assert reached.exit_code == 0
    assert json.loads(reached.stdout)["stop_reason"] == "target"
    missed = run(*arguments, "--target", "4.5", "--json")
    assert missed.exit_code == 3
    assert json.loads(missed.stdout)["stop_reason"] == "completed"
    endless = run(*arguments, "--target", "inf", "--json")
    assert endless.exit_code == 3 and "Infinity" not in endless.stdout  # no JSON
    assert run(*arguments, "--target", "-inf").exit_code == 0


def test_target_of_an_energy_is_the_energy(tmp_path):
    path = tmp_path / "pair.txt"
    path.write_text("0 1 2\n")
    assert run(path, "--problem", "ising", "--target", "-2").exit_code == 0
    assert run(path, "--problem", "ising", "--target", "-2.1").exit_code == 3


@pytest.mark.parametrize("solver", SOLVERS)
def test_time_limit_without_reads_runs_rounds(glass, solver, stepped):
    record = solved(glass, "--problem", "maxcut", "--solver", solver, "--time-limit", "0.1")
    assert record["stop_reason"] == "time_limit"
    assert 0.09e9 < record["timing"]["sampling_ns"] < 0.2e9
    assert record["rounds"] >= 1 and record["num_reads"] >= 1
    assert record["num_sweeps"] == 1000 * 2 ** (record["rounds"] - 1)


def test_time_limit_with_reads_is_one_round(glass, hasty):
    arguments = ("--problem", "maxcut", "--sweeps", "1000000", "--reads", "2")
    record = solved(glass, *arguments, "--time-limit", "0.2")
    assert (record["stop_reason"], record["rounds"]) == ("time_limit", 1)
    plenty = solved(glass, "--problem", "maxcut", "--reads", "2", "--time-limit", "1e9")
    assert plenty["stop_reason"] == "completed"


def test_neal_stopped_in_its_first_read_says_so(glass, hasty):
    record = solved(glass, "--problem", "maxcut", "--solver", "neal", "--sweeps", "1000000",
                    "--time-limit", "0.1")  # fmt: skip
    assert (record["num_reads"], record["updates"]) == (0, 0)
    assert record["stop_reason"] == "time_limit" and record["feasible"]


def test_the_first_round_is_short_enough_to_end():
    # 64 reads cut short are all still hot: of 10^5 spins in a ring, half the bonds would be lost.
    n = np.arange(100_000)
    ring = IsingModel.from_edges(n, (n + 1) % n.size, np.ones(n.size))
    cases = {"pbit": (2, 1000), "neal": (2, 1000), "population": (64, 62)}
    for name, (reads, sweeps) in cases.items():
        asked = []

        def keep(model, effort, control, asked=asked):
            asked.append((effort.num_reads, effort.num_sweeps))
            raise KeyboardInterrupt

        named = solvers.solver(name)
        with pytest.raises(KeyboardInterrupt):
            solvers._rounds(keep, ring, Effort(), Control(time_limit_s=1.0), named)
        assert asked == [(reads, sweeps)]


def test_short_rounds_of_fixed_sweeps_take_more_reads(ring, stepped):
    record = solved(ring, "--problem", "maxcut", "--sweeps", "1", "--time-limit", "0.3")
    assert record["num_sweeps"] == 1
    assert record["num_reads"] >= 64 * (2 ** (record["rounds"] - 3) - 1)
    assert record["rounds"] < 60


def test_rounds_do_not_double_their_sweeps_for_ever(glass, monkeypatch, stepped):
    monkeypatch.setattr(solvers, "_MOST_SWEEPS", 2000)
    record = solved(glass, "--problem", "maxcut", "--time-limit", "0.15")
    assert record["num_sweeps"] == 2000 and record["rounds"] > 2


def test_rounds_end_at_the_target(glass):
    record = solved(glass, "--problem", "maxcut", "--time-limit", "20", "--target", "400")
    assert record["stop_reason"] == "target" and record["objective"] >= 400


def test_several_rounds_read_on(glass, stepped):
    """Round k is the run that starts with the read after those of the rounds before."""
    model = problem_of(read(glass), "maxcut").model
    effort = Effort(num_sweeps=5, seed=2)
    merged = solvers.solve("pbit", model, effort, Control(time_limit_s=0.3))
    second = Effort(num_reads=128, num_sweeps=5, seed=2, first_read=64)
    alone = solvers.solve("pbit", model, second, Control())
    assert merged.energies[1] == alone.energies.min()
    assert merged.info["num_reads"] > 192
    assert len(merged.energies) == merged.info["rounds"]


def test_traces_are_thinned_and_know_their_sweeps(glass):
    model = problem_of(read(glass), "maxcut").model
    full = anneal(model, default_schedule(model, num_sweeps=4500), num_reads=4, seed=2,
                  rule="metropolis", best_seen=True, traced=True).info["trace"]  # fmt: skip
    effort = Effort(num_reads=4, num_sweeps=4500, seed=2, traced=True)
    info = solvers.solve("pbit", model, effort, Control()).info
    sweeps, trace = info["trace_sweeps"], info["trace"]
    assert sweeps[-1] == 4500 == full.size and trace.size == sweeps.size == 1500
    stretches = np.split(full, sweeps[:-1])
    assert trace.tolist() == [stretch.min() for stretch in stretches]


def test_traces_of_rounds_follow_one_another(glass, stepped):
    model = problem_of(read(glass), "maxcut").model
    effort = Effort(num_sweeps=50, seed=2, traced=True)
    info = solvers.solve("pbit", model, effort, Control(time_limit_s=0.2)).info
    assert info["rounds"] > 1 and np.all(np.diff(info["trace_sweeps"]) == 1)
    assert info["trace"].size == info["trace_sweeps"][-1]


# --- refusals


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        (("--time-limit", "0"), "--time-limit must be > 0 seconds, got 0.0"),
        (("--time-limit", "nan"), "--time-limit must be > 0 seconds, got nan"),
        (("--target", "nan"), "--target must be a number, got nan"),
        (("--best-known", "-inf"), "--best-known must be a finite number, got -inf"),
        (("--colors", "3"), "leave --colors out"),
        (("--beta-range", "0", "1"), "--beta-range must be two numbers > 0, or >= 0 with"),
        (("--beta-range", "-1", "1", "--schedule", "linear"), "got (-1.0, 1.0)"),
        (("--beta-range", "1", "inf"), "got (1.0, inf)"),
        (("--beta-range", "nan", "1"), "got (nan, 1.0)"),
        (("--reads", "0"), "0 is not in the range x>=1"),
        (("--sweeps", "-1"), "-1 is not in the range x>=0"),
        (("--threads", "0"), "0 is not in the range 1<=x<=1024"),
        (("--threads", "100000"), "100000 is not in the range 1<=x<=1024"),
        (("--seed", str(2**64)), "is not in the range 0<=x<=18446744073709551615"),
        (
            ("--solver", "magic"),
            "'magic' is not one of 'portfolio', 'pbit', 'anneal', 'tempering', 'population', "
            "'neal', 'replica', 'oscillator', 'bifurcation', 'ballistic', 'dits', 'auto'",
        ),
        (("--output", "-"), "--output -: name a file; the option --json prints the result"),
        (("--output", "/nowhere/at/all"), "--output /nowhere/at/all: cannot be written"),
        (("--output", "."), "--output .: cannot be written; name a file in a folder"),
        (("--output", "x" * 300), "cannot be written"),
        (("--plot", "a.jpg"), "--plot a.jpg: the name must end in .png, .pdf, .svg"),
        (("--plot", "/nowhere/a.png"), "--plot /nowhere/a.png: cannot be written"),
    ],
)
def test_options_out_of_range_are_usage_errors(ring, extra, message):
    refused(ring, "--problem", "maxcut", *extra, status=2, message=message)


def test_options_are_checked_before_the_file_is_read():
    refused("missing.mc", "--time-limit", "0", status=2, message="--time-limit must be > 0")


def test_a_file_in_place_of_a_folder(ring):
    refused(ring, "--output", ring / "x.json", status=2, message="cannot be written")


def test_files_are_not_written_over_one_another(ring, tmp_path):
    message = f"FILE and --output name the same file, {ring}"
    refused(ring, "--problem", "maxcut", "--output", ring, status=2, message=message)
    same = tmp_path / "sub" / ".." / "a.png"
    (tmp_path / "sub").mkdir()
    refused(ring, "--problem", "maxcut", "--output", tmp_path / "a.png", "--plot", same,
            status=2, message="--output and --plot name the same file")  # fmt: skip
    assert ring.read_text() == RING


def test_plot_without_matplotlib(ring, tmp_path, monkeypatch):
    monkeypatch.setattr(plot, "find_spec", lambda name: None)
    message = "--plot needs matplotlib, which is not installed: pip install 'pbit-emulator[plot]'"
    refused(ring, "--problem", "maxcut", "--plot", tmp_path / "a.png", status=2, message=message)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("empty.mc", b"", "the file is empty, expected a problem; check the path"),
        ("binary.mc", b"3 2\n1 2 \0\xff\n", "binary.mc:2: NUL byte, expected text"),
        ("cut.gz", gzip.compress(RING.encode(), mtime=0)[:30], "gzip data ends early (truncated)"),
        ("utf16.mc", RING.encode("utf-16"), "utf16.mc:1: this is UTF-16 text"),
        ("nan.mc", b"3 1\n1 2 nan\n", "nan.mc:2: '1 2 nan': 'nan' is not a weight"),
        ("lie.mc", b"3 3\n1 2 1\n2 3 1\n" + b"\n" * 9, "header promises 3 edges, the file has 2"),
        ("tera.mc", b"3 1000000000000\n1 2 1\n", "1000000000000 lines cannot fit into the 6"),
        ("sums.mc", b"3 2\n1 2 1e308\n1 2 1e308\n", "J must be finite, got -inf"),
        ("large.mc", b"3 1\n1 2 1e39\n", "largest coupling or field is 1e+39, expected 1e-30 to"),
        ("small.mc", b"3 1\n1 2 1e-308\n", "is 1e-308, expected 1e-30 to 1e+30; divide all"),
    ],
)
def test_files_are_refused_by_name(tmp_path, name, data, message):
    path = tmp_path / name
    path.write_bytes(data)
    refused(path, "--problem", "maxcut", status=4, message=message)
    assert str(path) in run(path, "--problem", "maxcut").stderr


def test_paths_that_are_no_files(tmp_path):
    refused(tmp_path / "no", status=4, message=f"{tmp_path / 'no'}: No such file or directory")
    refused(tmp_path, status=4, message=f"{tmp_path}: Is a directory")
    refused("", status=4, message="No such file")
    refused("x" * 300, status=4, message="File name too long")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(ring):
    ring.chmod(0)
    refused(ring, status=4, message="Permission denied")


def test_standard_input_that_is_closed(monkeypatch):
    monkeypatch.setattr(reading.sys, "stdin", None)
    with pytest.raises(reading.InputRefused, match="<stdin>: is closed; pipe a file into it"):
        reading.read_contents("-", None)


def test_meanings_that_do_not_fit_are_usage_errors(ring, tmp_path):
    refused(ring, status=2, message="say what it is meant to be with --problem maxcut, ising")
    refused(ring, "--problem", "qubo", status=2, message="give --format biqmac")
    path = tmp_path / "field.txt"
    path.write_text("0 0 1\n0 1 1\n")
    refused(path, "--problem", "maxcut", status=2, message="has a field on vertex 0")
    path.write_text("# vartype=SPIN\n0 1 1\n")
    refused(path, "--problem", "qubo", status=2, message="of kind ising, not qubo; leave")


def test_too_many_variables_are_refused_before_they_are_made(tmp_path):
    path = tmp_path / "huge.txt"
    path.write_text("1 2000000000 1\n")
    message = "2000000000 variables in 15 bytes, expected at most 100000; allow more with --max-var"
    refused(path, "--problem", "maxcut", status=4, message=message)
    message = "2000000000 variables and 1 entries need about 279.4 GiB, this machine has"
    most = ("--max-variables", "2000000000")
    refused(path, "--problem", "maxcut", *most, status=5, message=message)


@pytest.mark.parametrize("count", ["100000000000", "99999999999999999999"])
def test_too_much_effort_is_refused(ring, count):
    refused(ring, "--problem", "maxcut", "--sweeps", count, status=5, message="lower --sweeps")
    result = run(ring, "--problem", "maxcut", "--reads", count, "--quiet")
    assert (result.exit_code, result.stdout) == (5, "")
    assert f"{count} reads of 4 spins need about" in result.stderr
    assert result.stderr.endswith("lower --reads\n")


def test_memory_that_cannot_be_told_is_no_limit(monkeypatch, tmp_path):
    monkeypatch.setattr(machine, "_GROUPS", tmp_path)
    monkeypatch.delattr(machine.os, "sysconf", raising=False)
    assert machine.memory_bytes() == float("inf")


def test_unknown_solver():
    with pytest.raises(
        ValueError,
        match="solver must be one of portfolio, pbit, anneal, tempering, population, neal, "
        "replica, oscillator, bifurcation, ballistic, dits, auto, got 'magic'",
    ):
        solvers.solver("magic")


def test_failures_of_neal_come_through(ring, monkeypatch):
    def fail(self, made, size):
        raise RuntimeError("planted")

    monkeypatch.setattr(neal_baseline._Calls, "_call", fail)
    with pytest.raises(RuntimeError, match="planted"):
        run(ring, "--problem", "maxcut", "--solver", "neal")


# --- instances with known answers


def test_g1_reaches_its_best_known_cut(data):
    arguments = ("--problem", "maxcut", "--target", "11624", "--time-limit", "10", "--seed", "1")
    record = solved(data / "gset" / "G1.txt.gz", *arguments)
    assert (record["objective"], record["stop_reason"]) == (11624.0, "target")


def column(path, key, value):
    with path.open(newline="") as file:
        return {row[key]: float(row[value]) for row in csv.DictReader(file) if row[value]}


@pytest.mark.slow  # most of it for the search of a hundred dense variables
def test_a_biqmac_qubo_reaches_its_optimum(data):
    folder = data / "biqmac"
    best = column(folder / "best_known.csv", "instance", "best_known_or_optimal")["be100.1"]
    path = folder / "be" / "be100.1.sparse.gz"
    arguments = ("--format", "biqmac", "--problem", "qubo", "--target", best)
    assert run(path, *arguments, "--seed", "1").exit_code == 0


def test_a_toroidal_glass_reaches_its_best_known_cut(data):
    folder = data / "spinglass_3d_torus_optsicom"
    best = column(folder / "best_known.csv", "instance", "best_known_cut")["sg3dl052000"]
    path = folder / "sg3dl052000.mc.gz"
    for solver in SOLVERS:
        arguments = ("--problem", "maxcut", "--solver", solver, "--target", best, "--seed", "1")
        assert run(path, *arguments).exit_code == 0


def test_an_xorsat_instance_reaches_its_planted_energy(data, tmp_path):
    with tarfile.open(data / "xorsat_3r3x" / "arXiv_1903_10928_3r3x.tar.gz") as archive:
        member = next(m for m in archive if m.name.endswith(".qh") and "_n16_" in m.name)
        path = tmp_path / "xorsat.qh"
        path.write_bytes(archive.extractfile(member).read())
    record = solved(path, "--target", "-32", "--seed", "1", "--reads", "500")
    assert (record["objective"], record["format"]) == (-32.0, "qh")


def test_a_lattice_of_the_p_bit_paper_reaches_its_ground_energy(data, tmp_path):
    arrays = np.load(data / "spinglass_3d_opuslab" / "ea3d_L08.npz")
    row = int(np.flatnonzero(arrays["energy_ids"] == arrays["instance_id"][0])[0])
    path = tmp_path / "glass.txt"
    np.savetxt(path, np.column_stack([arrays["edges"], arrays["J_sign"][0]]), fmt="%d")
    best = float(arrays["energy_logical"][row])
    arguments = ("--problem", "ising", "--target", best, "--time-limit", "20", "--seed", "1")
    assert solved(path, *arguments)["objective"] == best


def test_a_kernel_that_does_not_fit_is_a_usage_error(tmp_path):
    path = tmp_path / "real.txt"
    path.write_text("1 2 0.5\n2 3 3.14159265\n")
    arguments = ["solve", str(path), "--problem", "ising", "--kernel", "bits"]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 2
    assert "--kernel 'bits' needs weights" in result.stderr


@pytest.mark.parametrize(
    ("extra", "status", "message"),
    [
        (["--order", "permutation"], 0, ""),
        (["--order", "random-subset", "--update-fraction", "0.3"], 0, ""),
        (["--order", "random-subset"], 2, "--update-fraction must be > 0 and <= 1"),
        (["--update-fraction", "0.3"], 2, "--update-fraction must go with order 'random-subset'"),
        (["--kernel", "colors", "--order", "random"], 2, "--kernel 'colors' needs order"),
    ],
)
def test_orders_of_updates(tmp_path, extra, status, message):
    path = tmp_path / "ring.txt"
    path.write_text("3 3\n1 2 1\n2 3 1\n1 3 1\n")
    result = CliRunner().invoke(cli, ["solve", str(path), "--problem", "ising", *extra])
    assert result.exit_code == status
    assert message in " ".join(result.stderr.split())


@pytest.mark.parametrize("solver", ["tempering", "population", "anneal", "auto"])
def test_other_solvers_find_and_say_the_same(solver, tmp_path):
    path = tmp_path / "g.txt"
    path.write_text("4 5\n1 2 1\n2 3 1\n3 4 1\n4 1 1\n1 3 1\n")
    arguments = (str(path), "--problem", "maxcut", "--solver", solver, "--sweeps", "50",
                 "--seed", "1", "--json", "--quiet")  # fmt: skip
    record = json.loads(run(*arguments).stdout)
    assert (record["solver"], record["objective"], record["energy"]) == (solver, 4.0, -3.0)
    if solver in ("tempering", "auto"):
        ladder = record["tempering"]
        assert len(ladder["swap_rates"]) == len(ladder["betas"]) - 1
    assert (record["chosen"] is not None) == (solver == "auto")


def test_auto_and_best_known_in_the_summary(tmp_path):
    path = tmp_path / "g.txt"
    path.write_text("3 3\n1 2 1\n2 3 1\n3 1 1\n")
    base = (str(path), "--problem", "maxcut", "--solver", "auto", "--sweeps", "20",
            "--quiet", "--best-known")  # fmt: skip
    assert "chosen       tempering: 3 spins" in run(*base, "2").stdout
    assert "best known   2: reached" in run(*base, "2").stdout
    assert "best known   4: worse by 2 (50.000%)" in run(*base, "4").stdout
    assert "best known   1: BEATEN by 1 (100.000%)" in run(*base, "1").stdout
    refused(*base, "nan", status=2, message="--best-known must be a finite number")


def test_tempering_refuses_what_it_does_not_have(tmp_path):
    path = tmp_path / "g.txt"
    path.write_text("3 3\n1 2 1\n2 3 1\n3 1 1\n")
    base = (str(path), "--problem", "maxcut", "--solver", "tempering", "--quiet")
    for option, value in (("order", "random"), ("kernel", "colors")):
        result = run(*base, f"--{option}", value)
        assert result.exit_code == 2 and f"--{option} must be left out" in result.stderr
