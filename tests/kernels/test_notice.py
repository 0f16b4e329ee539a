"""The line about compiling, with a clock and a timer that the test turns."""

import io
import os
import subprocess
import sys
import threading

import pytest

from pbit.kernels.notice import TEXT, Notice


class Clock:
    """A clock, and timers that go off when it passes their time."""

    def __init__(self):
        self.now, self.timers = 0.0, []

    def __call__(self):
        return self.now

    def timer(self, seconds, function):
        return Timer(self, self.now + seconds, function)

    def pass_by(self, seconds):
        self.now += seconds
        for timer in [t for t in self.timers if t.at <= self.now]:
            self.timers.remove(timer)
            timer.function()


class Timer:
    def __init__(self, clock, at, function):
        self.clock, self.at, self.function = clock, at, function

    def start(self):
        self.clock.timers.append(self)

    def cancel(self):
        if self in self.clock.timers:
            self.clock.timers.remove(self)


@pytest.fixture
def clock(monkeypatch):
    monkeypatch.delenv("PBIT_QUIET", raising=False)
    return Clock()


def compilation(notice, clock, seconds):
    notice.began()
    clock.pass_by(seconds)
    notice.ended()


def test_a_short_compilation_is_not_mentioned(clock, capsys):
    notice = Notice(clock, clock.timer)
    compilation(notice, clock, 0.9)
    clock.pass_by(100.0)
    assert capsys.readouterr().err == "" and not clock.timers


def test_one_second_in_all_is_mentioned_once(clock, capsys):
    notice = Notice(clock, clock.timer)
    for _ in range(5):
        compilation(notice, clock, 0.4)
    compilation(notice, clock, 50.0)
    captured = capsys.readouterr()
    assert captured.err == f"{TEXT}\n" and captured.out == ""


def test_what_is_compiled_inside_does_not_count_twice(clock, capsys):
    notice = Notice(clock, clock.timer)
    notice.began()
    compilation(notice, clock, 0.6)
    notice.ended()
    compilation(notice, clock, 0.3)
    assert capsys.readouterr().err == ""
    compilation(notice, clock, 0.2)
    assert capsys.readouterr().err == f"{TEXT}\n"


def test_the_environment_asks_for_silence(clock, capsys, monkeypatch):
    monkeypatch.setenv("PBIT_QUIET", "1")
    compilation(Notice(clock, clock.timer), clock, 10.0)
    assert capsys.readouterr().err == ""


def test_silence_ends_with_its_block(clock, capsys):
    notice = Notice(clock, clock.timer)
    with notice.hushed():
        compilation(notice, clock, 10.0)
    assert capsys.readouterr().err == ""
    notice.say()
    assert capsys.readouterr().err == f"{TEXT}\n"


@pytest.mark.parametrize("stream", [None, "closed"])
def test_no_stderr_is_no_error(clock, monkeypatch, stream):
    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr(sys, "stderr", None if stream is None else closed)
    compilation(Notice(clock, clock.timer), clock, 10.0)


def test_many_threads_print_one_line(clock, capsys):
    notice = Notice()
    threads = [threading.Thread(target=notice.say) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert capsys.readouterr().err == f"{TEXT}\n"


def test_kernels_tell_the_notice_and_other_functions_do_not(tmp_path):
    """Compiled, not loaded: with a cache of its own, in a process of its own."""
    code = """
import numpy as np
from numba import njit
from pbit.kernels import jit
calls = []
jit.NOTICE.began, jit.NOTICE.ended = lambda: calls.append(1), lambda: calls.append(-1)
njit(lambda x: x + 1)(1)
assert calls == []
from pbit.kernels.graphs.forest import subtree_sums
subtree_sums(np.array([-1, 0]), np.array([1.0, 2.0]))
assert calls == [1, -1], calls
"""
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
