"""Memory and processors: the least of what the machine, its control groups and limits allow."""

import math
import resource
import subprocess
import sys

import pytest

from pbit import machine
from pbit.checks import TooLargeError

GIB = 2**30


@pytest.fixture
def system(tmp_path, monkeypatch):
    """A machine of 64 GiB and 8 processors whose files are those in a folder."""
    monkeypatch.setattr(machine, "_PROC", tmp_path / "proc")
    monkeypatch.setattr(machine, "_GROUPS", tmp_path / "groups")
    monkeypatch.setattr(machine, "_physical", lambda: 64.0 * GIB)
    monkeypatch.setattr(machine.os, "sched_getaffinity", lambda pid: range(8), raising=False)

    def write(**files):
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/").replace("_DOT_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    return write


def test_without_groups_and_limits_there_is_all_of_the_machine(system):
    assert (machine.memory_bytes(), machine.available_threads()) == (64 * GIB, 8)


@pytest.mark.parametrize(
    "groups, limits, expected",
    [
        ("0::/a/b\n", {"groups__a__b__memory_DOT_max": f"{2 * GIB}\n"}, 2 * GIB),
        ("0::/a/b\n", {"groups__a__memory_DOT_max": f"{3 * GIB}\n",
                       "groups__a__b__memory_DOT_max": "max\n"}, 3 * GIB),
        ("0::/../elsewhere\n", {"groups__memory_DOT_max": f"{GIB}\n"}, GIB),
        ("0::/a\n", {"groups__unified__a__memory_DOT_max": f"{GIB}\n"}, GIB),
        ("3:memory:/a\n0::/\n", {"groups__memory__a__memory_DOT_limit_in_bytes": f"{GIB}\n"}, GIB),
        ("3:cpu,memory:/a\n", {"groups__memory__memory_DOT_limit_in_bytes": f"{GIB}\n"}, GIB),
        ("3:memory:/a\n", {"groups__memory__a__memory_DOT_limit_in_bytes": f"{2**63 - 4096}\n"},
         64 * GIB),
        ("0::/a\n", {"groups__a__memory_DOT_max": "nonsense\n"}, 64 * GIB),
        ("3:cpu:/a\n", {"groups__memory__a__memory_DOT_limit_in_bytes": f"{GIB}\n"}, 64 * GIB),
    ],
)  # fmt: skip
def test_memory_of_control_groups(system, groups, limits, expected):
    system(proc__cgroup=groups, **limits)
    assert machine.memory_bytes() == expected


@pytest.mark.parametrize(
    "groups, limits, expected",
    [
        ("0::/a\n", {"groups__a__cpu_DOT_max": "250000 100000\n"}, 3),
        ("0::/a\n", {"groups__a__cpu_DOT_max": "max 100000\n"}, 8),
        ("0::/a/b\n", {"groups__a__cpu_DOT_max": "20000 100000\n"}, 1),
        ("2:cpu,cpuacct:/a\n", {"groups__cpu__a__cpu_DOT_cfs_quota_us": "400000\n",
                                "groups__cpu__a__cpu_DOT_cfs_period_us": "100000\n"}, 4),
        ("2:cpu:/a\n", {"groups__cpu__a__cpu_DOT_cfs_quota_us": "-1\n",
                        "groups__cpu__a__cpu_DOT_cfs_period_us": "100000\n"}, 8),
        ("0::/a\n", {"groups__a__cpu_DOT_max": "5 0\n"}, 8),
    ],
)  # fmt: skip
def test_processors_of_control_groups(system, groups, limits, expected):
    system(proc__cgroup=groups, **limits)
    assert machine.available_threads() == expected


def test_the_address_space_counts_without_what_is_used(system, monkeypatch):
    system(proc__statm="1000 500 20\n")
    monkeypatch.setattr(resource, "getrlimit", lambda what: (GIB, GIB))
    assert machine.memory_bytes() == GIB - 1000 * machine.os.sysconf("SC_PAGE_SIZE")
    monkeypatch.setattr(resource, "getrlimit", lambda what: (100, 100))
    assert machine.memory_bytes() == 0
    with pytest.raises(TooLargeError, match="lower num_reads"):
        machine.check_memory(1, what="reads", lower="num_reads")


def test_a_real_limit_of_the_address_space():
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (2**34, 2**34))\n"
        "from pbit.machine import memory_bytes; print(memory_bytes())"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 0 < float(told.stdout) < 2**34
    assert math.isfinite(machine.memory_bytes())
