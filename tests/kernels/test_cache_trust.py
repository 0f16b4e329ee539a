"""The kernel cache: no other user's code, and no damage to it hurts a run."""

import os
import pickle
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cases import some
from pbit.kernels import cache, disk_cache, safe_folder
from pbit.kernels.safe_folder import UnsafeError, opened

pytestmark = pytest.mark.skipif(os.name != "posix", reason="owners and modes are POSIX'")
NOBODY = 65534
PROGRAM = """
import numpy as np, pbit
model = pbit.IsingModel.from_edges([0, 1], [1, 2], [1.0, -2.5])
print(pbit.descend(model, np.ones((1, 3), np.int8)).energies[0])
"""
ANSWER = "-3.5\n"


@pytest.fixture
def candidates(monkeypatch):
    """Clears what was found before, and again at the end."""
    cache.cache_folder.cache_clear()
    yield monkeypatch
    cache.cache_folder.cache_clear()


def run(base, program=PROGRAM, **options):
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(base), "PBIT_QUIET": "1"}
    return subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, **options
    )


def mode(path):
    return path.stat().st_mode & 0o7777


# --- who may write there


def test_folders_and_files_are_ours_alone_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        with opened(tmp_path / "base" / "pbit" / "kernels") as place:
            place.write("code", b"xy")
            assert place.read("code") == b"xy"
        os.umask(0o777)
        with opened(tmp_path / "other" / "pbit" / "kernels") as place:
            place.write("code", b"z")
    finally:
        os.umask(before)
    for base in ("base", "other"):
        for folder in (base, f"{base}/pbit", f"{base}/pbit/kernels"):
            assert mode(tmp_path / folder) == 0o700
        assert mode(tmp_path / base / "pbit" / "kernels" / "code") == 0o600


@pytest.mark.parametrize("wrong", ["base", "base/pbit", "base/pbit/kernels"])
@pytest.mark.parametrize("bits", [0o770, 0o707, 0o777])
def test_folders_that_others_can_write_to_are_refused(tmp_path, wrong, bits):
    (tmp_path / "base" / "pbit" / "kernels").mkdir(parents=True)
    (tmp_path / wrong).chmod(bits)
    with pytest.raises(UnsafeError, match=f"mode {bits:04o}: others can write there"):
        with opened(tmp_path / "base" / "pbit" / "kernels"):
            pass


def test_in_a_shared_folder_only_one_of_0700_is_used(tmp_path):
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    with opened(shared / "pbit" / "kernels"):
        assert mode(shared / "pbit") == 0o700
    (shared / "pbit").chmod(0o755)
    with pytest.raises(UnsafeError, match="mode 0755 in a shared folder, must be 0700"):
        with opened(shared / "pbit" / "kernels"):
            pass


@pytest.mark.parametrize("wrong", ["base/pbit", "base/pbit/kernels"])
def test_links_in_our_part_are_refused(tmp_path, wrong):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    (tmp_path / wrong).parent.mkdir(parents=True)
    (tmp_path / wrong).symlink_to(elsewhere)
    with pytest.raises(UnsafeError, match="is a link"):
        with opened(tmp_path / "base" / "pbit" / "kernels"):
            pass
    assert not list(elsewhere.iterdir())


def test_links_of_ours_above_it_are_followed(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with opened(tmp_path / "link" / "pbit" / "kernels") as place:
        place.write("code", b"x")
    assert (tmp_path / "real" / "pbit" / "kernels" / "code").exists()


def test_folders_files_and_links_of_others_are_refused(tmp_path, monkeypatch):
    """The same folder, looked at by another user: nothing there is his, or root's."""
    folder = tmp_path / "base" / "pbit" / "kernels"
    with opened(folder) as place:
        place.write("code", b"x")
        monkeypatch.setattr(os, "geteuid", lambda: NOBODY)
        with pytest.raises(UnsafeError, match="code could have been written by another user"):
            place.read("code")
    with pytest.raises(UnsafeError, match="belongs to user"):
        with opened(folder):
            pass
    if os.getuid():
        return
    monkeypatch.undo()
    (tmp_path / "link").symlink_to(tmp_path / "base")
    os.lchown(tmp_path / "link", NOBODY, NOBODY)
    with pytest.raises(UnsafeError, match=f"is a link of user {NOBODY}"):
        with opened(tmp_path / "link" / "pbit" / "kernels"):
            pass
    os.chown(tmp_path / "base", NOBODY, NOBODY)
    with pytest.raises(UnsafeError, match=f"base belongs to user {NOBODY}"):
        with opened(folder):
            pass


def test_files_are_plain_and_writable_by_us_alone(tmp_path):
    with opened(tmp_path / "base" / "pbit" / "kernels") as place:
        place.write("code", b"x")
        (place.path / "code").chmod(0o666)
        with pytest.raises(UnsafeError, match="could have been written by another user"):
            place.read("code")
        os.mkfifo(place.path / "pipe")
        with pytest.raises(UnsafeError, match="pipe is no ordinary file"):
            place.read("pipe")
        (place.path / "link").symlink_to(place.path / "code")
        with pytest.raises(OSError):
            place.read("link")


def test_what_was_checked_is_what_is_read(tmp_path):
    """Turning a name elsewhere between check and use leads nowhere."""
    with opened(tmp_path / "base" / "pbit" / "kernels") as place:
        place.write("code", b"ours")
        (tmp_path / "base" / "pbit").rename(tmp_path / "base" / "moved")
        (tmp_path / "evil" / "kernels").mkdir(parents=True)
        (tmp_path / "evil" / "kernels" / "code").write_bytes(b"theirs")
        (tmp_path / "base" / "pbit").symlink_to(tmp_path / "evil")
        assert place.read("code") == b"ours"
        place.write("more", b"x")
    assert not (tmp_path / "evil" / "kernels" / "more").exists()


def test_the_default_is_no_shared_folder(candidates, tmp_path):
    candidates.delenv("NUMBA_CACHE_DIR", raising=False)
    candidates.setenv("HOME", str(tmp_path / "none"))
    candidates.setattr(cache, "_HERE", tmp_path / "file")
    candidates.setattr(cache, "_sources_digest", lambda: f"kernels-{12 * 'a'}")
    (tmp_path / "file").write_text("where no folder can be made")
    assert cache.cache_folder() is None
    ((path, reason),) = cache.looked_at()
    assert path.parent == tmp_path / "file" / "__pycache__" and reason


def test_the_next_folder_is_used_where_one_is_refused(candidates, tmp_path):
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    candidates.setenv("NUMBA_CACHE_DIR", str(shared))
    candidates.setattr(cache, "_HERE", tmp_path)
    candidates.setattr(cache, "_sources_digest", lambda: f"kernels-{12 * 'a'}")
    assert cache.cache_folder() == tmp_path / "__pycache__" / f"kernels-{12 * 'a'}"
    (path, reason), *_ = cache.looked_at()
    assert path.is_relative_to(shared) and "others can write there" in reason


# --- the two attacks


class Planted:
    """What an attacker leaves in place of a kernel."""

    def __init__(self, mark):
        self.mark = mark

    def __reduce__(self):
        return (os.mkdir, (str(self.mark),))


def plant(folder, mark, *, signed=False):
    """Put the attacker's pickle over every kernel; with a right digest, which is no secret."""
    for file in folder.rglob("*.nbc"):
        payload = pickle.dumps(Planted(mark))
        content = disk_cache.sealed(payload, file.parent.name, file.name) if signed else payload
        file.unlink()
        file.write_bytes(content)


def owned_by(user, folder):
    for path in (folder, *folder.rglob("*")):
        os.lchown(path, user, user)


@pytest.mark.parametrize("signed", some([False, True], True))
def test_what_another_user_put_into_an_open_folder_does_not_run(tmp_path, signed):
    """A first run with umask 000, then another user, then the second run."""
    base, mark = tmp_path / "base", tmp_path / "ran"
    (base / "pbit").mkdir(parents=True)
    assert run(base, "import os; os.umask(0)\n" + PROGRAM).stdout == ANSWER
    (folder,) = (base / "pbit").glob("kernels-*")
    assert mode(folder) == 0o700 and all(mode(file) == 0o600 for file in folder.iterdir())
    plant(folder, mark, signed=signed)
    if os.getuid():  # or the files are the attacker's by their owner
        folder.chmod(0o777)
    else:
        owned_by(NOBODY, folder)
    result = run(base)
    assert (result.returncode, result.stdout) == (0, ANSWER)
    assert not mark.exists()


def test_a_link_turned_to_the_attackers_folder_is_not_followed(tmp_path):
    base, mark, evil = tmp_path / "shared", tmp_path / "ran", tmp_path / "evil"
    assert run(evil).stdout == ANSWER
    (folder,) = (evil / "pbit").glob("kernels-*")
    plant(folder, mark, signed=True)
    base.mkdir()
    base.chmod(0o1777)
    (base / "pbit").symlink_to(evil / "pbit")
    result = run(base)
    assert (result.returncode, result.stdout) == (0, ANSWER)
    assert not mark.exists()


@pytest.mark.slow
def test_a_link_that_flips_all_the_time_is_not_followed(tmp_path):
    base, mark, evil = tmp_path / "shared", tmp_path / "ran", tmp_path / "evil"
    assert run(evil).stdout == ANSWER
    (folder,) = (evil / "pbit").glob("kernels-*")
    plant(folder, mark, signed=True)
    (tmp_path / "good").mkdir(mode=0o700)
    base.mkdir()
    base.chmod(0o1777)
    flipper = f"""
import os, itertools
for target in itertools.cycle(["{tmp_path}/good", "{evil}/pbit"]):
    os.symlink(target, "{base}/new")
    os.replace("{base}/new", "{base}/pbit")
"""
    attacker = subprocess.Popen([sys.executable, "-c", flipper])
    try:
        results = [run(base) for _ in range(10)]
    finally:
        attacker.kill()
        attacker.wait()
    assert [(result.returncode, result.stdout) for result in results] == 10 * [(0, ANSWER)]
    assert not mark.exists()


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="only root can be two users")
def test_root_does_not_use_a_folder_in_the_home_of_a_user(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    os.chown(home, NOBODY, NOBODY)
    with pytest.raises(UnsafeError, match=f"home belongs to user {NOBODY}"):
        with opened(home / "pbit" / "kernels"):
            pass


# --- damage


@pytest.fixture(scope="module")
def warm(tmp_path_factory):
    """A cache with the kernel of the program."""
    base = tmp_path_factory.mktemp("warm")
    assert run(base).stdout == ANSWER
    return base


def middle(content):
    return content[:99] + bytes([content[99] ^ 0x10]) + content[100:]


def rename_over(file):
    """Another kernel's file under this name: whole, but in the wrong place."""
    file.write_bytes(disk_cache.sealed(b"x", file.parent.name, "another.nbc"))


def of_numba(file):
    """The layout before this one: numba's own index and code."""
    file.with_suffix(".nbi").write_bytes(b"")
    file.write_bytes(pickle.dumps(("0.61", b"code")))


DAMAGES = {
    "empty": lambda file: file.write_bytes(b""),
    "magic cut": lambda file: file.write_bytes(file.read_bytes()[:5]),
    "digest cut": lambda file: file.write_bytes(file.read_bytes()[:30]),
    "code cut": lambda file: file.write_bytes(file.read_bytes()[:-100]),
    "magic flipped": lambda file: file.write_bytes(b"q" + file.read_bytes()[1:]),
    "code flipped": lambda file: file.write_bytes(middle(file.read_bytes())),
    "zeros": lambda file: file.write_bytes(bytes(file.stat().st_size)),
    "random": lambda file: file.write_bytes(os.urandom(file.stat().st_size)),
    "swapped": rename_over,
    "old layout": of_numba,
    "deleted": lambda file: file.unlink(),
    "unreadable": lambda file: file.chmod(0),
    "a folder": lambda file: (file.unlink(), file.mkdir()),
    "folder read-only": lambda file: (file.write_bytes(b""), file.parent.chmod(0o500)),
    "wrong pickle": lambda file: file.write_bytes(
        disk_cache.sealed(b"\x80\x05no", file.parent.name, file.name)
    ),
    "wrong code": lambda file: file.write_bytes(
        disk_cache.sealed(pickle.dumps((0, 0)), file.parent.name, file.name)
    ),
}


@pytest.mark.parametrize("damage", some(DAMAGES, "empty", "code flipped"))
def test_damage_costs_a_compilation_and_nothing_else(warm, tmp_path, damage):
    base = tmp_path / "base"
    shutil.copytree(warm, base)
    (file,) = base.rglob("*.nbc")
    whole = file.read_bytes()
    DAMAGES[damage](file)
    result = run(base)
    assert (result.returncode, result.stdout, result.stderr) == (0, ANSWER, "")
    if damage not in ("unreadable", "a folder", "folder read-only"):
        assert file.read_bytes()[:14] == whole[:14] and file.stat().st_size > 1000
        assert not list(base.rglob(".pbit-*"))


def test_a_full_disk_costs_a_compilation_and_nothing_else(tmp_path):
    """Files of more than 1 kB cannot be written, as if the disk were full."""
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))  # noqa: E731
    ignored = "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    result = run(tmp_path, ignored + PROGRAM, preexec_fn=limit)
    assert (result.returncode, result.stdout, result.stderr) == (0, ANSWER, "")
    assert not list(tmp_path.rglob("*.nbc")) and not list(tmp_path.rglob(".pbit-*"))


def test_the_second_process_compiles_nothing(warm):
    program = PROGRAM + "from pbit.kernels.sweeps.descent import descend\n"
    program += "print(sum(descend.stats.cache_hits.values()))"
    assert run(warm, program).stdout == ANSWER + "1\n"


@pytest.mark.parametrize("change", ["folder", "name", "payload"])
def test_a_digest_covers_the_place_and_the_payload(change):
    content = disk_cache.sealed(b"payload", "folder", "name")
    assert disk_cache.unsealed(content, "folder", "name") == b"payload"
    place = {"folder": "folder", "name": "name"} | {change: "other"}
    if change == "payload":
        content, place = content + b"!", {"folder": "folder", "name": "name"}
    with pytest.raises(ValueError, match="damaged or not in its place"):
        disk_cache.unsealed(content, place["folder"], place["name"])


def test_what_holds_addresses_of_a_process_is_not_kept():
    class Compiled:
        lifted = ()

        class library:
            has_dynamic_globals = True

    assert not disk_cache._can_be_kept(Compiled)
    assert safe_folder.SafeFolder(Path("x"), None)._at("y") == os.path.join("x", "y")
