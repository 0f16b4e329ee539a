"""pbit logic: circuits from files and expressions, forwards and backwards, and what is refused."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pbit.cli.main import cli
from processes import Started

NETLISTS = Path(__file__).parents[1] / "problems" / "logic" / "netlists"
ADDER = NETLISTS / "74283.blif"


def run(*arguments, stdin=None):
    result = CliRunner().invoke(cli, ["logic", *map(str, arguments)], input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def rows_of(result) -> tuple[list[str], set[tuple[str, ...]]]:
    head, *lines = result.stdout.splitlines()
    return head.split(), {tuple(line.split()[:-1]) for line in lines}


def test_an_expression_backwards():
    result = run("-e", "y = (a & b) ^ ~c", "--clamp", "y=1", "--solutions", 4, "--seed", 1)
    assert result.exit_code == 0
    assert rows_of(result) == (
        ["a", "b", "c", "reads"],
        {("1", "1", "1"), ("0", "0", "0"), ("0", "1", "0"), ("1", "0", "0")},
    )
    assert "3 p-bits" in result.stderr and result.stderr.count("\n") == 1


@pytest.mark.parametrize("options", [[], ["--no-propagate"], ["--directed"]])
def test_an_adder_forwards(options):
    clamp = ["--clamp", "a=1011,b=0110", "--clamp", "cin=1"]
    result = run(ADDER, *clamp, *options, "--seed", 1)
    assert result.exit_code == 0
    head, rows = rows_of(result)
    assert dict(zip(head, next(iter(rows)), strict=False)) == {"s": "0010", "cout": "1"}


def test_an_adder_backwards_in_numbers():
    clamp = ["--clamp", "s=0d9,cout=1,a=0xc,cin=0b0"]
    result = run(ADDER, *clamp, "--read", "b,s", "--base", "dec", "--seed", 1, "--quiet")
    assert (result.exit_code, result.stdout.split()) == (0, ["b", "s", "reads", "13", "9", "1"])
    assert result.stderr == ""


def test_a_histogram_beside_the_exact_law():
    options = ["--histogram", "--beta", 1, "--seed", 1, "--rows", 3]
    result = run("-e", "s = a ^ b ^ cin; c = maj(a, b, cin)", *options)
    assert result.exit_code == 0
    head, first, *_, more, test = result.stdout.splitlines()
    assert head.split() == ["a", "b", "cin", "s", "c", "sampled", "exact", "possible"]
    assert first.split()[-2:] == ["0.1010", "yes"]
    assert more == "... and 29 more: --rows 32 or --json"
    assert "chi-square of 10000 reads under the exact law: p = " in test


def test_json_and_output_file(tmp_path):
    path = tmp_path / "out.json"
    options = ["--clamp", "y=0d143", "--json", "--output", path, "--seed", 7]
    text = "; ".join(
        f"y = {'&'.join(name for name in 'abcdefgh')}" if k == 0 else "" for k in range(1)
    )
    result = run("-e", text, "--clamp", "a=1", *options[2:], "--clamp", "y=1")
    record = json.loads(result.stdout)
    assert record == json.loads(path.read_text())
    assert record["solutions"] == [dict.fromkeys("bcdefgh", 1)]
    assert (record["seed"], record["reason"], record["p_bits"]) == (7, "found", 0)
    assert set(record["versions"]) >= {"pbit", "numpy"}


def test_a_histogram_as_json():
    result = run("-e", "y = a & b", "--histogram", "--json", "--seed", 2, "--reads", 100)
    record = json.loads(result.stdout)
    rows = record["histogram"]["rows"]
    assert sum(row["count"] for row in rows) == 100 == record["reads"]
    assert sum(row["exact"] for row in rows) == pytest.approx(1)
    assert {tuple(row["values"]) for row in rows if row["consistent"]} == {
        (0, 0, 0), (0, 1, 0), (1, 0, 0), (1, 1, 1),
    }  # fmt: skip


@pytest.mark.parametrize("name", ["network.json", "network.coo"])
def test_the_network_as_a_problem_file(tmp_path, name):
    path = tmp_path / name
    result = run(ADDER, "--clamp", "s=0101", "--write", path)
    assert (result.exit_code, result.stdout) == (0, "")
    energy = result.stderr.split()[-1]
    solved = CliRunner().invoke(
        cli, ["solve", str(path), "--target", energy, "--time-limit", "20", "--seed", "1"]
    )
    assert solved.exit_code == 0
    assert f"best energy  {energy}" in solved.stdout


def test_native_forms():
    result = run("-e", "y = a ^ b ^ c ^ d", "--native", "--clamp", "y=1", "--seed", 1)
    assert result.exit_code == 0 and "4 p-bits" not in result.stderr
    values = result.stdout.splitlines()[1].split()[:4]
    assert sum(map(int, values)) % 2 == 1


@pytest.mark.parametrize(
    ("clamp", "message"),
    [
        (["y=1,z=1"], "none: no state of the circuit meets the clamp"),
        (["y=1,z=1", "--no-propagate", "--sweeps", "50"], "none found in 128 reads"),
        (["y=1,z=1", "--no-propagate", "--time-limit", "0.2"], "none found in 0.2 s"),
    ],
)
def test_unsatisfiable_clamps_find_none(clamp, message):
    result = run("-e", "y = a & b; z = a ^ b", "--clamp", *clamp, "--seed", 1)
    assert result.exit_code == 3
    assert result.stdout.startswith(message)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give either FILE or --expression"),
        (["file", "-e", "a"], "give either FILE or --expression"),
        (["-e", "y = a & & b"], "not a Boolean expression at character 9"),
        (["-e", "y = a & b", "--clamp", "q=1"], "no wire or bus is called 'q'; there are a, b, y"),
        (["-e", "y = a & b", "--clamp", "y"], "--clamp must be NAME=BITS, got 'y'"),
        (["-e", "y = a & b", "--clamp", "y=2"], "--clamp y must be digits 0, 1 or x"),
        (["-e", "y = a & b", "--clamp", "y=0xg"], "--clamp y must be a number, got '0xg'"),
        (["-e", "y = a & b", "--clamp", "y=10"], "a digit 0, 1 or x for each of its 1 bits"),
        (["-e", "y = a & b", "--clamp", "y=0d2"], "clamp y must be 0..1 in 1 bits, got 2"),
        (["-e", "y = a & b", "--clamp", "y=1,y=0"], "--clamp y is given twice"),
        (["-e", "y = a & ~a", "--clamp", "y=1"], "cannot be met: y is the constant 0"),
        (["-e", "y = a & b", "--read", "z"], "no wire or bus is called 'z'"),
        (["-e", "y = a & b", "--read", ","], "--read must name wires, got nothing"),
        (["-e", "y = a & b", "--time-limit", "0"], "--time-limit must be > 0 seconds, got 0"),
        (["-e", "y = a & b", "--beta", "1"], "--beta needs --histogram or --directed"),
        (["-e", "y = a & b", "--beta-range", "2", "1"], "0 < HOT <= COLD, got 2 1"),
        (["-e", "y = a & b", "--beta-range", "0", "1"], "0 < HOT <= COLD, got 0 1"),
        (["-e", "y = a & b", "--beta-range", "1", "inf"], "two finite numbers"),
        (["-e", "y = a & b", "--directed", "--beta", "nan"], "--beta must be >= 0, got nan"),
        (["-e", "y = 1", "--write", "x.json"], "the model has no p-bit left"),
        (["-e", "y = a & b", "--histogram", "--directed"], "exclude each other"),
        (["-e", "y = a & b", "--native", "--directed"], "exclude each other"),
        (["-e", "y = a & b", "--directed", "--clamp", "y=1"], "clamp inputs only, got y"),
        (["-e", "y = a & b", "--write", "x.txt"], "the name must end in .json or .coo"),
        (["-e", "y = a & b", "--histogram", "--clamp", "a=1,b=1"], "the clamp decides every wire"),
        (["-e", "y = a; y = b"], "output 'y' is given twice"),
    ],
)
def test_usage_errors(arguments, message):
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in " ".join(result.stderr.split())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (".model m\n.inputs a\n.outputs y\n.names a x y\n11 1\n.end\n", "x"),
        (".model m\n.inputs a\n.outputs y\n.latch a y 0\n.end\n", "latch"),
        ("what is this", "<stdin>"),
        ("", "<stdin>"),
    ],
)
def test_files_that_are_refused(text, message):
    result = run("-", stdin=text)
    assert (result.exit_code, result.stdout) == (4, "")
    assert message in result.stderr and "<stdin>" in result.stderr


@pytest.mark.parametrize("option", ["--output", "--write"])
def test_the_circuit_is_not_written_over(option, tmp_path):
    path = tmp_path / "and.json"
    path.write_text("{}")
    result = run(path, option, path)
    assert result.exit_code == 2 and f"FILE and {option} name the same file" in result.stderr
    assert path.read_text() == "{}"


def test_a_file_that_is_not_there(tmp_path):
    result = run(tmp_path / "no.blif")
    assert result.exit_code == 4 and "No such file" in result.stderr


def test_ctrl_c_keeps_what_was_found(tmp_path):
    text = "y = " + " ^ ".join(f"x{k}" for k in range(12))
    process = Started("logic", "-e", text, "--clamp", "y=1", "--solutions", 10000, "--json")
    process.wait_for("shown")
    stdout, _ = process.press()
    assert process.returncode == 130
    record = json.loads(stdout)
    assert record["reason"] == "interrupted"
    assert all(sum(each.values()) % 2 for each in record["solutions"])


@pytest.mark.parametrize("mode", [[], ["--histogram", "--reads", 100]])
def test_a_name_read_twice_is_one_column(mode):
    result = run("-e", "y = a & b", "--read", "a, y,a", *mode, "--seed", 1)
    assert (result.exit_code, result.stdout.split()[:3]) == (
        0,
        ["a", "y", "sampled" if mode else "reads"],
    )


def test_directed_without_p_bits_and_at_infinite_temperature():
    nothing_left = run("-e", "y = a", "--directed", "--clamp", "a=1", "--seed", 1)
    assert (nothing_left.exit_code, nothing_left.stdout.split()) == (
        0,
        ["a", "y", "reads", "1", "1", "128"],
    )
    coins = run("-e", "y = a & b", "--directed", "--clamp", "a=1,b=1", "--beta", 0, "--seed", 1)
    right = int(coins.stdout.split()[-1])  # fair coins: 64 of 128, 6 sigma are 34
    assert 30 <= right <= 98


def test_directed_takes_inputs_with_brackets_in_their_names():
    text = ".model m\n.inputs a[0] a[2] c\n.outputs y\n.names a[0] c y\n11 1\n.end\n"
    result = run("-", "--directed", "--clamp", "a[0]=1,c=1,a[2]=0", "--seed", 1, stdin=text)
    assert (result.exit_code, result.stdout.split()[-2:]) == (0, ["1", "128"])


def test_what_is_possible_is_unknown_with_many_inputs():
    wires = " ^ ".join(f"a{k}" for k in range(21))
    options = ["--histogram", "--read", "a0", "--reads", 100, "--sweeps", 1, "--seed", 1]
    rows = run("-e", f"y = {wires}", *options).stdout.splitlines()[1:3]
    assert [row.split()[-1] for row in rows] == ["?", "?"]
    record = json.loads(run("-e", f"y = {wires}", *options, "--json").stdout)
    assert [row["consistent"] for row in record["histogram"]["rows"]] == [None, None]


def test_a_histogram_that_has_not_relaxed_says_so():
    options = ["--histogram", "--read", "y", "--beta", 4, "--sweeps", 1, "--seed", 1]
    result = run("-e", "y = a & b & c & d", *options)
    assert "the reads have not relaxed: more --sweeps, or a lower --beta" in result.stdout
