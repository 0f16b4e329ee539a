"""The benchmark of first calls: one line of it runs, the others are programs."""

import json

from click.testing import CliRunner

import first_call


def test_a_line_fits_the_terminal_and_the_record(tmp_path, monkeypatch):
    monkeypatch.setitem(first_call.PROGRAMS, "imports", "import pbit.kernels.cache as c\n"
                        "f = c.cache_folder()\n(f / 'here').touch()")  # fmt: skip
    file = tmp_path / "rows.json"
    arguments = ["--only", "imports", "--repeats", "2", "--json", str(file)]
    result = CliRunner().invoke(first_call.main, arguments)
    assert result.exit_code == 0, result.output
    assert max(map(len, result.output.splitlines())) <= 80
    (row,) = json.loads(file.read_text())["rows"]
    assert row["program"] == "imports"
    assert all(row[f"{label}_cpu_s"] > 0 for label in ("cold", "warm"))
    assert result.output.splitlines()[-1].startswith("imports")


def test_an_unknown_line_is_refused():
    result = CliRunner().invoke(first_call.main, ["--only", "no such"])
    assert result.exit_code == 2 and "--only: must be part of one of" in result.output


def test_the_second_run_finds_what_the_first_left(tmp_path):
    program = (
        "import pbit.kernels.cache as c; f = c.cache_folder() / 'here'; "
        "assert f.exists() == {}; f.touch()"
    )
    first_call.run(program.format(False), str(tmp_path))
    first_call.run(program.format(True), str(tmp_path))


def test_programs_compile():
    for name, program in first_call.PROGRAMS.items():
        compile(program, name, "exec")
