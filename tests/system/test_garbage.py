"""The collector, paused and on again."""

import gc
import subprocess
import sys
import threading

import pytest

from pbit.system.garbage import Pause


@pytest.fixture
def collector():
    """On, and on again afterwards."""
    gc.enable()
    yield
    gc.enable()


def test_off_inside_and_on_after_the_last(collector):
    pause = Pause()
    with pause.held():
        assert not gc.isenabled()
        with pause.held():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_on_again_after_an_error(collector):
    with pytest.raises(ZeroDivisionError), Pause().held():
        1 / 0  # noqa: B018
    assert gc.isenabled()


def test_who_had_it_off_finds_it_off(collector):
    gc.disable()
    with Pause().held():
        pass
    assert not gc.isenabled()


def test_another_thread_ends_last(collector):
    pause = Pause()
    pause.began()
    thread = threading.Thread(target=pause.began)
    thread.start()
    thread.join()
    pause.ended()
    assert not gc.isenabled()
    pause.ended()
    assert gc.isenabled()


def test_on_after_imports_and_compilations():
    """In a fresh process, whose cache is not ours to empty: a function of the test's own."""
    program = (
        "import gc, pbit\n"
        "pbit.anneal\n"
        "assert gc.isenabled()\n"
        "from pbit.kernels.jit import inner\n"
        "from numba import njit\n"
        "seen = []\n"
        "part = inner(lambda x: x + 1)\n"
        "part.py_func.__module__ = 'pbit.kernels.test'\n"
        "from numba.core import event\n"
        "class Listener(event.Listener):\n"
        "    def on_start(self, e): seen.append(gc.isenabled())\n"
        "    def on_end(self, e): pass\n"
        "event.register('numba:compile', Listener())\n"
        "assert njit(lambda x: part(x))(1) == 2\n"
        "assert seen == [True, False] and gc.isenabled()\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
