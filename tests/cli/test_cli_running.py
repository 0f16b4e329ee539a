"""Long runs on the command line: Ctrl-C, SIGTERM, the bar, pipes and streams that fail."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import redirect_stderr, suppress
from itertools import product
from pathlib import Path

import click
import numpy as np
import pytest
from click.testing import CliRunner

from cases import some
from pbit.cli import running
from pbit.cli.main import cli
from pbit.cli.output import check_distinct, check_writable, write_text
from pbit.cli.running import Bar, Interrupt, run_in_thread
from pbit.kernels.notice import TEXT, Notice
from processes import PRESSES, Started

posix = pytest.mark.skipif(os.name != "posix", reason="POSIX signals and terminals")
PROGRAM = [sys.executable, "-P", "-c", "from pbit.cli.entry import main; main()"]
in_time = pytest.mark.parametrize("press", PRESSES)


@pytest.fixture(scope="module")
def glass(tmp_path_factory):
    """A random graph of 1000 vertices: long runs stay long."""
    rng = np.random.default_rng(0)
    ends = rng.integers(1, 1001, (5000, 2))
    ends = ends[ends[:, 0] != ends[:, 1]]
    signs = rng.choice([-1, 1], len(ends))
    lines = [f"{i} {j} {w}\n" for (i, j), w in zip(ends, signs, strict=True)]
    path = tmp_path_factory.mktemp("glass") / "glass.mc"
    path.write_text(f"1000 {len(lines)}\n" + "".join(lines))
    brief = ["solve", str(path), "--problem", "maxcut", "--sweeps", "1", "--quiet"]
    subprocess.run([*PROGRAM, *brief], check=True, capture_output=True)  # kernels are compiled
    return path


def start(*arguments, environment=None, **streams):
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | streams
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)} | (environment or {})
    return subprocess.Popen([*PROGRAM, *map(str, arguments)], text=True, env=env, **streams)


def start_long(glass, *arguments, **options):
    """A run that takes minutes, after its header was printed."""
    many = ("--problem", "maxcut", "--sweeps", "1000000", "--seed", "1")
    process = Started("solve", glass, *many, *arguments, **options)
    while not process.stderr.readline().startswith("options: "):
        assert process.poll() is None
    return process


# --- Ctrl-C


@posix
@pytest.mark.parametrize(
    ("solver", "number"),
    some(
        product(("pbit", "neal"), (signal.SIGINT, signal.SIGTERM)),
        ("pbit", signal.SIGINT), ("neal", signal.SIGTERM),
    ),
)  # fmt: skip
@in_time
def test_the_best_so_far_is_printed_and_written(glass, tmp_path, press, solver, number):
    path = tmp_path / "best.json"
    process = start_long(glass, "--output", path, "--json", "--solver", solver)
    process.wait_for("shown")
    stdout, stderr = press(process, number)
    assert (process.returncode, stderr) == (130, "")
    record = json.loads(stdout)
    assert json.loads(path.read_text()) == record
    assert record["stop_reason"] == "interrupted"
    assert record["objective"] == (sum_of_weights(glass) - record["energy"]) / 2
    assert len(record["assignment"]) == 1000


def sum_of_weights(path):
    return np.loadtxt(path, skiprows=1)[:, 2].sum()


@posix
@in_time
def test_ctrl_c_while_kernels_are_compiled(glass, tmp_path, press):
    environment = {"NUMBA_CACHE_DIR": str(tmp_path / "cold")}
    process = start_long(glass, "--output", tmp_path / "o.json", environment=environment)
    process.wait_for("compiling")
    stdout, stderr = press(process)
    assert (process.returncode, stdout) == (130, "")
    assert stderr.strip() == "interrupted"
    assert not (tmp_path / "o.json").exists()


@posix
@in_time
def test_ctrl_c_while_the_problem_is_awaited(press):
    """More than a pipe holds is gone as soon as the command reads, and waits for more."""
    process = Started("info", "-", stdin=subprocess.PIPE)
    process.stdin.write("# a comment\n" * 2**20)
    process.stdin.flush()
    kept, process.stdin = process.stdin, None  # or the end of the file would come with the signal
    stdout, stderr = press(process)
    assert (process.returncode, stdout, stderr.strip()) == (130, "", "interrupted")
    with suppress(BrokenPipeError):
        kept.close()


def test_work_that_has_shown_nothing_is_left_alone():
    interrupt, never = Interrupt(), threading.Event()
    interrupt._handle(signal.SIGINT, None)
    with pytest.raises(KeyboardInterrupt):
        run_in_thread(never.wait, interrupt, Bar(quiet=True))
    never.set()


def test_work_that_samples_is_waited_for(monkeypatch):
    monkeypatch.setattr(running, "_PATIENCE_S", 0.02)
    interrupt, bar = Interrupt(), Bar(quiet=True)

    def work():
        bar.show(0.5, "half")
        interrupt._handle(signal.SIGINT, None)
        time.sleep(5 * running._PATIENCE_S)  # a large model takes its time to be collected
        return "best so far"

    assert run_in_thread(work, interrupt, bar) == "best so far"


def test_failures_of_the_work_come_through():
    def work():
        raise RuntimeError("planted")

    with pytest.raises(RuntimeError, match="planted"):
        run_in_thread(work, Interrupt(), Bar(quiet=True))


def test_the_second_ctrl_c_ends_the_process(monkeypatch):
    ended = []
    monkeypatch.setattr(os, "_exit", ended.append)
    interrupt = Interrupt()
    assert not interrupt()
    interrupt._handle(signal.SIGINT, None)
    assert interrupt() and not ended
    interrupt._handle(signal.SIGINT, None)
    assert ended == [130]


@posix
def test_signals_are_given_back():
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    interrupt = Interrupt()
    with interrupt.listening():
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.01)
        assert interrupt()
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


@posix
def test_no_thread_hears_of_a_signal_that_a_run_took():
    """Late, with the run's handler gone, it would end the process before anything is written."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    before = signal.getsignal(signal.SIGTERM)
    told = signal.set_wakeup_fd(writing)
    interrupt = Interrupt()
    try:
        with interrupt.listening():
            signal.raise_signal(signal.SIGTERM)
        assert interrupt()
        with pytest.raises(BlockingIOError):
            os.read(reading, 1)
        signal.signal(signal.SIGTERM, lambda *_: None)
        signal.raise_signal(signal.SIGTERM)
        assert os.read(reading, 1) == bytes([signal.SIGTERM])
    finally:
        signal.signal(signal.SIGTERM, before)
        signal.set_wakeup_fd(told)
        os.close(reading)
        os.close(writing)


def test_other_threads_cannot_listen_and_need_not():
    interrupt, seen = Interrupt(), []

    def body():
        with interrupt.listening() as same:
            seen.append(same is interrupt)

    thread = threading.Thread(target=body)
    thread.start()
    thread.join()
    assert seen == [True]


# --- the bar


class Terminal:
    """A stand-in for stderr that says it is a terminal."""

    encoding = "utf-8"

    def __init__(self):
        self.text = ""

    def write(self, text):
        self.text += text
        return len(text)

    def flush(self):
        pass

    def isatty(self):
        return True


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    return Terminal()


def draw(terminal, *, quiet=False, fraction=0.5):
    with redirect_stderr(terminal), Bar(quiet=quiet) as bar:
        for best in (17, 18):
            bar.show(fraction, f"best cut {best}")
            if bar._bar is not None:
                bar._bar.refresh()


def test_bar_on_a_terminal(terminal):
    draw(terminal)
    assert "best cut 17" in terminal.text and "best cut 18" in terminal.text
    assert " 50%" in terminal.text
    assert terminal.text.endswith("\x1b[1A\x1b[2K")  # nothing is left behind


def test_bar_without_a_known_end(terminal):
    draw(terminal, fraction=None)
    assert "best cut 18" in terminal.text and "%" not in terminal.text


def test_no_color(terminal, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    draw(terminal)
    assert "best cut 18" in terminal.text and "\x1b[9" not in terminal.text


def test_narrow_terminals_get_one_line(terminal, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    draw(terminal)
    assert "\x1b[2A" not in terminal.text


@pytest.mark.parametrize("how", ["dumb", "quiet"])
def test_terminals_without_a_bar(terminal, monkeypatch, how):
    monkeypatch.setenv("TERM", "dumb" if how == "dumb" else "xterm")
    draw(terminal, quiet=how == "quiet")
    assert terminal.text == ""


@pytest.mark.parametrize("quiet", [False, True])
def test_only_a_quiet_bar_hushes_the_note_about_compiling(monkeypatch, capsys, quiet):
    notice = Notice()
    monkeypatch.delenv("PBIT_QUIET", raising=False)
    monkeypatch.setattr(running, "NOTICE", notice)
    with Bar(quiet=quiet):
        notice.say()
    assert capsys.readouterr().err == ("" if quiet else f"{TEXT}\n")


@posix
def test_a_run_on_a_terminal(glass):
    import pty

    main, side = pty.openpty()
    arguments = ("--problem", "maxcut", "--sweeps", "2000", "--time-limit", "0.4")
    environment = {"TERM": "xterm", "COLUMNS": "80"}
    process = start("solve", glass, *arguments, stderr=side, environment=environment)
    os.close(side)
    stdout, _ = process.communicate(timeout=60)
    drawn = b""
    try:
        while block := os.read(main, 65536):
            drawn += block
    except OSError:  # Linux says so when the other side is closed
        pass
    os.close(main)
    assert process.returncode == 0 and stdout.startswith("best cut ")
    assert b"\x1b[" not in stdout.encode()
    assert b"best cut " in drawn and b"%" in drawn
    assert drawn.rstrip().endswith(b"\x1b[1A\x1b[2K")


# --- streams that fail


def test_piped_runs_draw_nothing(glass):
    arguments = ("--problem", "maxcut", "--time-limit", "0.3", "--json")
    process = start("solve", glass, *arguments)
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 0 and json.loads(stdout)["stop_reason"] == "time_limit"
    assert stderr.count("\n") == 4 and "\x1b" not in stderr  # three lines, a note on the file


@posix
@pytest.mark.parametrize("command", ["info", "solve"])
def test_a_reader_that_leaves_early(glass, tmp_path, command):
    extra = ("--problem", "maxcut", "--sweeps", "5", "--output", tmp_path / "o.json")
    process = start(command, glass, *(extra if command == "solve" else ()))
    process.stdout.close()
    stderr = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) == 141
    assert "Traceback" not in stderr and "Error" not in stderr and "Exception" not in stderr
    assert command == "info" or json.loads((tmp_path / "o.json").read_text())["energy"] < 0


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
def test_a_full_disk_behind_stdout(glass):
    with open("/dev/full", "w") as full:
        process = start("info", glass, stdout=full)
        _, stderr = process.communicate(timeout=60)
    assert (process.returncode, stderr) == (1, "Error: No space left on device\n")


@posix
@pytest.mark.parametrize("number", ["1", "2"])
def test_streams_that_are_closed(glass, number):
    command = ["sh", "-c", f'exec "$@" {number}>&-', "sh", *PROGRAM, "info", str(glass)]
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, capture_output=True, text=True, env=env, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert bool(done.stdout) == (number == "2")


def test_importing_solve_loads_nothing_heavy():
    code = "import sys, pbit.cli.solve, pbit.cli.info, pbit.cli.check; print(*sys.modules)"
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env)
    loaded = set(done.stdout.split())
    assert "pbit.cli.solve" in loaded
    heavy = {"numpy", "numba", "scipy", "rich", "dimod", "matplotlib", "pbit.problems"}
    assert not loaded & heavy


# --- files


def test_a_loop_of_links_is_no_problem_file(tmp_path):
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    result = CliRunner().invoke(cli, ["solve", str(loop), "--output", str(tmp_path / "o")])
    assert result.exit_code == 4
    assert "Too many levels of symbolic links" in result.stderr


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everything")
def test_files_and_folders_that_are_protected(tmp_path):
    protected = tmp_path / "protected"
    protected.write_text("keep")
    protected.chmod(0o444)
    with pytest.raises(click.UsageError, match="cannot be written"):
        check_writable("--output", protected)
    tmp_path.chmod(0o555)
    with pytest.raises(click.UsageError, match="cannot be written"):
        check_writable("--output", tmp_path / "new")


def test_no_files_no_refusal():
    check_writable("--output", None)
    check_distinct({})


def test_special_files_may_be_named_twice(tmp_path):
    check_distinct({"FILE": Path(os.devnull), "--output": Path(os.devnull)})
    write_text(Path(os.devnull), "nothing")
    assert not Path(os.devnull).is_file()


def test_new_files_have_the_permissions_of_all_new_files(tmp_path):
    (tmp_path / "plain").write_text("")
    write_text(tmp_path / "ours", "text")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "plain").stat().st_mode
