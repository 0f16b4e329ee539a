"""pbit info, check and doctor, and the group itself."""

import json
import sys

import numpy as np
import pytest
from click.testing import CliRunner

import pbit
from pbit.cli.main import cli, main
from pbit.cli.record import answer_in, keys

RING = "4 4\n1 2 1\n2 3 1\n3 4 1\n4 1 1\n"


def run(*arguments, stdin=None):
    result = CliRunner().invoke(cli, list(map(str, arguments)), input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def refused(*arguments, status, message, stdin=None):
    result = run(*arguments, stdin=stdin)
    assert (result.exit_code, result.stdout) == (status, ""), result.output
    assert message in result.stderr


@pytest.fixture
def ring(tmp_path):
    path = tmp_path / "ring.mc"
    path.write_text(RING)
    return path


@pytest.fixture
def record(ring):
    """The record of a run on the ring, as data."""
    result = run("solve", ring, "--problem", "maxcut", "--json", "--seed", "1", "--sweeps", "9")
    return json.loads(result.stdout)


def checked(ring, record, *extra, **changes):
    path = ring.with_name("result.json")
    path.write_text(json.dumps(record | changes))
    return run("check", ring, path, *extra)


# --- the group


def test_help_names_the_commands_and_the_exit_status():
    result = run("--help")
    assert result.exit_code == 0
    for word in ("solve", "factor", "info", "check", "verify", "doctor", "130 interrupted"):
        assert word in " ".join(result.stdout.split())  # wherever lines break


@pytest.mark.parametrize("command", ["solve", "factor", "info", "check", "verify", "doctor"])
def test_every_command_has_help(command):
    result = run(command, "--help")
    assert result.exit_code == 0 and "Exit status: 0" in result.stdout


def test_version():
    assert run("--version").stdout == f"pbit {pbit.__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nonsense",), "No such command 'nonsense'"),
        (("solve",), "Missing argument 'FILE'"),
        (("info", "a", "b"), "unexpected extra argument"),
        (("check", "a"), "Missing argument 'RESULT'"),
        (("doctor", "--hard"), "No such option"),
        (("info", "a", "--format", "csv"), "'csv' is not one of 'rudy'"),
    ],
)
def test_usage_errors(arguments, message):
    refused(*arguments, status=2, message=message)


# --- info


def test_info_describes_a_graph_without_being_told_its_meaning(ring):
    facts = json.loads(run("info", ring, "--json").stdout)
    assert facts["file"] == str(ring)
    assert (facts["format"], facts["kind"]) == ("rudy", "graph")
    assert (facts["variables"], facts["couplings"], facts["fields"]) == (4, 4, 0)
    assert facts["density"] == pytest.approx(4 / 6)
    assert facts["degree"] == {"min": 2, "mean": 2.0, "max": 2}
    assert facts["weights"] == {"min": 1.0, "mean": 1.0, "max": 1.0, "whole numbers": True}
    assert facts["components"] == 1 and facts["notes"] == []
    hot, cold = facts["beta range"]
    assert 0 < hot < cold


def test_info_as_text(ring):
    result = run("info", ring)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "couplings          4\n" in result.stdout
    assert "weights            min 1, mean 1, max 1, whole numbers yes\n" in result.stdout


def test_info_reads_standard_input_once(ring):
    for extra in ((), ("--problem", "maxcut"), ("--format", "rudy")):
        result = run("info", "-", *extra, stdin=RING)
        assert result.exit_code == 0
        assert result.stdout.startswith("file               <stdin>\n")


def test_info_of_a_file_without_edges(tmp_path):
    path = tmp_path / "free.mc"
    path.write_text("3 0\n")
    assert "weights            min none, mean none, max none" in run("info", path).stdout
    facts = json.loads(run("info", path, "--json").stdout)
    assert (facts["components"], facts["weights"]["min"]) == (3, None)


def test_info_tells_notes_and_fields(tmp_path):
    path = tmp_path / "edges.txt"
    path.write_text("0 1 1.5\n1 0 1.5\n0 0 -1\n")
    facts = json.loads(run("info", path, "--json").stdout)
    assert facts["fields"] == 1 and facts["weights"]["max"] == 3.0  # after the sum
    assert any("listed in both directions" in note for note in facts["notes"])


def test_info_refuses_like_solve(tmp_path, ring):
    refused("info", tmp_path / "no", status=4, message="No such file or directory")
    huge = tmp_path / "huge.txt"
    huge.write_text("1 2000000000 1\n")
    refused("info", huge, status=4, message="allow more with --max-variables 2000000000")
    allowed = ("--max-variables", 2 * 10**9)
    refused("info", huge, *allowed, status=5, message="take a machine with more memory")
    refused("info", ring, "--problem", "qubo", status=2, message="give --format biqmac")
    huge.write_text("1 2 1e308\n1 2 1e308\n")
    refused("info", huge, status=4, message="divide all weights by a common factor")


# --- check


def test_check_agrees(ring, record):
    result = checked(ring, record)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "cut                  recorded 4, recomputed 4\n"
        "energy of the model  recorded -4, recomputed -4\n"
        f"agrees with {ring}\n"
    )


@pytest.mark.parametrize("changes", [{"objective": 3.0}, {"energy": -3.999}, {"energy": 10**400}])
def test_check_disagrees(ring, record, changes):
    result = checked(ring, record, **changes)
    assert result.exit_code == 3
    assert f"DOES NOT agree with {ring}" in result.stdout


def test_check_notices_another_answer(ring, record):
    flipped = record["assignment"] | {"1": 1 - record["assignment"]["1"]}
    result = checked(ring, record, assignment=flipped)
    assert result.exit_code == 3 and "recorded 4, recomputed 2" in result.stdout


def test_check_reads_one_of_the_two_from_standard_input(ring, record):
    text = json.dumps(record)
    assert run("check", ring, "-", stdin=text).exit_code == 0
    path = ring.with_name("r.json")
    path.write_text(text)
    result = run("check", "-", path, stdin=RING)
    assert result.exit_code == 0 and "agrees with <stdin>" in result.stdout
    refused("check", "-", "-", status=2, message="FILE and RESULT cannot both be standard input")


def test_check_takes_meaning_and_sign_from_the_record(tmp_path):
    path = tmp_path / "pair.txt"
    path.write_text("0 1 1\n0 0 0.5\n")
    arguments = ("--problem", "ising", "--ising-sign", "plus", "--json")
    record = json.loads(run("solve", path, *arguments).stdout)
    assert checked(path, record).exit_code == 0
    assert checked(path, record, "--ising-sign", "minus").exit_code == 3
    assert checked(path, record, "--problem", "maxcut").exit_code == 2
    assert checked(path, record, ising_sign="sideways").exit_code == 3


def test_check_of_a_named_format(tmp_path):
    path = tmp_path / "q.sparse"
    path.write_text("2 3\n1 1 -1\n2 2 -1\n1 2 3\n")
    arguments = ("--format", "biqmac", "--problem", "qubo", "--json")
    record = json.loads(run("solve", path, *arguments).stdout)
    assert record["objective"] == -1.0
    assert checked(path, record).exit_code == 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"assignment": None}, "a result must be a JSON object with an 'assignment' object"),
        ({"assignment": [1, 0, 1, 0]}, "with an 'assignment' object"),
        ({"assignment": {}}, "the assignment has no value for variable 1"),
        ({"assignment": {"1": 0, "2": 1, "3": 0, "4": 1, "5": 1}}, "a variable 5 that the"),
        ({"assignment": {"1": 0, "2": 1, "3": 0, "4": 2}}, "answers must be 0 or 1, got 2"),
        ({"assignment": {"1": 0, "2": 1, "3": 0, "4": 0.5}}, "must be integers, got 0.5"),
        ({"assignment": {"1": 0, "2": 1, "3": 0, "4": True}}, "must be integers, got True"),
        ({"assignment": {"1": 0, "2": 1, "3": 0, "4": 10**400}}, "answers must be 0 or 1, got 1"),
        ({"objective": "4"}, "cut must be a number, got '4'"),
        ({"objective": None}, "cut must be a number, got None"),
        ({"objective": True}, "cut must be a number, got True"),
        ({"energy": ["x" * 5000]}, "energy of the model must be a number, got ['xxx"),
    ],
)
def test_check_refuses_broken_records(ring, record, changes, message):
    result = checked(ring, record, **changes)
    assert result.exit_code == 4
    assert message in result.stderr and "result.json: " in result.stderr
    assert len(result.stderr) < 1000


@pytest.mark.parametrize("key", ["format", "problem", "ising_sign"])
@pytest.mark.parametrize("value", ["nonsense", 5, [], {}, None, "x" * 10**5])
def test_check_does_not_trust_the_record(ring, record, key, value):
    result = checked(ring, record, "--problem", "maxcut", **{key: value})
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not the JSON of a run"),
        (b"[1, 2]", "a result must be a JSON object"),
        (b"\xff\xfe{}", "not the JSON of a run"),
        (b"[" * 100000, "not the JSON of a run"),
        (b'{"energy": ' + b"9" * 5000 + b"}", "not the JSON of a run"),
        (RING.encode(), "not the JSON of a run"),
    ],
)
def test_check_refuses_what_is_no_result(ring, data, message):
    path = ring.with_name("broken.json")
    path.write_bytes(data)
    refused("check", ring, path, status=4, message=f"{path}: {message}")


def test_check_names_the_file_that_is_missing(ring, record):
    refused("check", ring, ring.with_name("no.json"), status=4, message="no.json: No such file")
    refused("check", ring, ring.parent, status=4, message=f"{ring.parent}: Is a directory")
    path = ring.with_name("result.json")
    path.write_text(json.dumps(record))
    refused("check", ring.with_name("no.mc"), path, status=4, message="no.mc: No such file")


# --- labels in the record


def test_keys_are_distinct_and_answers_come_back():
    labels = ["a", ("a", 1), 1, "1", None, 1.5, '["a", 1]']
    names = keys(labels)
    assert len(set(names)) == len(labels)
    record = {"assignment": {name: k for k, name in enumerate(names)}}
    assert answer_in(record, labels) == list(range(len(labels)))
    assert keys(["a", 1]) == ["a", "1"]


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ([], "must be a JSON object with an 'assignment'"),
        ({"assignment": {"a": 1}}, "no value for variable b"),
        ({"assignment": {"a": 1, "b": 1, "c": 1}}, "has a variable c that the problem has not"),
        ({"assignment": {"a": 1, "b": "1"}}, "values in the assignment must be integers"),
    ],
)
def test_answers_in_a_record_are_validated(record, message):
    with pytest.raises(ValueError, match=message):
        answer_in(record, ["a", "b"])


# --- doctor


@pytest.fixture
def doctor(monkeypatch):
    """The doctor's module, in a hurry."""
    run("doctor", "--help")
    module = sys.modules["pbit.cli.doctor"]
    monkeypatch.setattr(module, "_SECONDS", 0.05)
    return module


def test_doctor(doctor):
    result = run("doctor")
    assert (result.exit_code, result.stderr) == (0, "")
    for name in ("python", "pbit", "numpy", "numba", "dwave-neal", "dwave-samplers", "platform",
                 "threads", "kernel cache", "first call", "speed"):  # fmt: skip
        assert any(line.startswith(f"{name} ") for line in result.stdout.splitlines()), name
    assert "self-test        sound (" in result.stdout


def test_doctor_notices_a_wrong_sampler(doctor, monkeypatch):
    """Negative control: betas 20 % off."""
    from pbit import Schedule

    true_anneal = doctor._anneal

    def wrong(model, schedule=None, **options):
        if schedule is not None:
            schedule = Schedule(1.2 * schedule.betas)
        return true_anneal(model, schedule, **options)

    monkeypatch.setattr(doctor, "_anneal", wrong)
    result = run("doctor")
    assert result.exit_code == 1
    assert "WRONG: the sampler does not follow the exact law" in result.stdout


def test_doctor_without_a_cache_folder(doctor, monkeypatch):
    from pbit.kernels import cache

    monkeypatch.setattr(cache, "cache_folder", lambda: None)
    assert doctor._cache() == "none can be written: kernels compile in every process"


def test_doctor_ends_at_ctrl_c(doctor, monkeypatch):
    """anneal takes Ctrl-C for a normal end: the doctor must not test half a run."""
    from pbit.run.reads import Reads

    half = Reads(np.ones((1, 1)), np.zeros(1), {"stop_reason": "interrupted"})
    monkeypatch.setattr(pbit, "anneal", lambda *args, **options: half, raising=False)
    with pytest.raises(KeyboardInterrupt):
        doctor._anneal()


# --- the entry point


def enter(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["pbit", *map(str, arguments)])
    with pytest.raises(SystemExit) as raised:
        main()
    return raised.value.code


def test_main_exits_with_the_status(monkeypatch, capsys, ring):
    assert enter(monkeypatch, "info", ring) == 0
    assert enter(monkeypatch, "solve", ring) == 2
    assert "Usage: " in capsys.readouterr().err
    assert enter(monkeypatch, "info", "no.mc") == 4


def test_main_says_that_memory_ran_out(monkeypatch, capsys, ring):
    def fail(*args, **options):
        raise MemoryError("planted")

    monkeypatch.setattr("pbit.cli.reading.memory_bytes", fail)
    assert enter(monkeypatch, "info", ring) == 5
    assert "Error: out of memory: planted" in capsys.readouterr().err


def test_main_keeps_warnings_of_libraries_to_itself(monkeypatch, capsys, tmp_path):
    path = tmp_path / "free.mc"
    path.write_text("2 0\n")
    monkeypatch.setattr(sys, "warnoptions", [])
    arguments = ("--problem", "maxcut", "--solver", "neal", "--reads", "2", "--quiet")
    assert enter(monkeypatch, "solve", path, *arguments) == 0
    assert capsys.readouterr().err == ""


def test_main_gives_streams_to_those_who_have_none(monkeypatch, ring):
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert enter(monkeypatch, "info", ring) == 0
