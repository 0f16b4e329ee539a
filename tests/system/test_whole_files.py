"""Files appear whole or not at all; what killed processes left goes, and nothing else."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pbit.system import whole_files
from pbit.system.whole_files import make_temporary, remove_left, remove_own, replacing, target_of

posix = pytest.mark.skipif(os.name != "posix", reason="modes, locks and links are POSIX'")
LEFT = ".pbit-0123456789abcdef.tmp"


def put(path, text):
    with replacing(path) as temporary:
        temporary.write_text(text)


def mode(path):
    return path.stat().st_mode & 0o7777


def test_a_failure_leaves_what_was_there(tmp_path):
    (tmp_path / "a.json").write_text("old")
    with pytest.raises(RuntimeError, match="planted"), replacing(tmp_path / "a.json") as temporary:
        temporary.write_text("half")
        raise RuntimeError("planted")
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
    assert (tmp_path / "a.json").read_text() == "old"


@posix
@pytest.mark.parametrize("bits", [0o600, 0o640, 0o664, 0o400])
def test_a_replaced_file_hands_on_its_mode(tmp_path, bits):
    path = tmp_path / "a"
    path.write_text("old")
    path.chmod(bits)
    with replacing(path) as temporary:
        assert mode(temporary) == 0o600  # until then nobody else reads it
        temporary.write_text("new")
    assert (mode(path), path.read_text()) == (bits, "new")


@posix
def test_a_replaced_file_hands_on_its_owner(tmp_path):
    if os.getuid():
        pytest.skip("only root gives files away")
    path = tmp_path / "a"
    path.write_text("old")
    os.chown(path, 65534, 65534)
    put(path, "new")
    assert (path.stat().st_uid, path.stat().st_gid, path.read_text()) == (65534, 65534, "new")


@posix
def test_owners_that_cannot_be_kept_are_no_failure(tmp_path, monkeypatch):
    def refuse(*arguments):
        raise PermissionError

    monkeypatch.setattr(os, "fchown", refuse)
    put(tmp_path / "a", "old")
    (tmp_path / "a").chmod(0o640)
    put(tmp_path / "a", "new")
    assert (mode(tmp_path / "a"), (tmp_path / "a").read_text()) == (0o640, "new")


@posix
def test_links_stay_and_lead_somewhere(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "new")
    put(tmp_path / "link", "text")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "new").read_text() == "text"
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(OSError, match="a link that leads to itself"):
        target_of(loop)
    assert loop.is_symlink()


def test_data_reach_the_disk_before_the_name_and_the_folder_after(tmp_path, monkeypatch):
    seen = []
    sync, replace = os.fsync, os.replace

    def told_sync(handle):
        seen.append("folder" if os.path.isdir(f"/proc/self/fd/{handle}") else "file")
        sync(handle)

    def told_replace(*names):
        seen.append("rename")
        replace(*names)

    monkeypatch.setattr(os, "fsync", told_sync)
    monkeypatch.setattr(os, "replace", told_replace)
    put(tmp_path / "a", "text")
    assert seen == ["file", "rename", "folder"]


# --- remnants


@posix
def test_what_a_killed_process_left_goes_at_the_next_start(tmp_path):
    code = (
        "import os, signal, sys\nfrom pbit.system.whole_files import replacing\n"
        f"with replacing({str(tmp_path / 'a.json')!r}) as temporary:\n"
        "    temporary.write_text('half')\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code])
    assert done.returncode == -signal.SIGKILL
    (left,) = tmp_path.iterdir()
    assert left.suffix == ".json" and left.read_text() == "half"
    put(tmp_path / "b.json", "text")
    assert [path.name for path in tmp_path.iterdir()] == ["b.json"]


@posix
def test_files_of_living_processes_stay(tmp_path):
    with replacing(tmp_path / "a") as temporary:
        code = (
            "from pathlib import Path; from pbit.system.whole_files import remove_left; "
            f"remove_left(Path({str(tmp_path)!r}))"
        )
        subprocess.run([sys.executable, "-c", code], check=True)
        remove_left(tmp_path)
        assert temporary.exists()
        temporary.write_text("text")
    assert (tmp_path / "a").read_text() == "text"


@posix
def test_only_ours_go(tmp_path, monkeypatch):
    names = [".pbit-0123.tmp", "pbit-0123456789abcdef.tmp", LEFT + ".a b", ".pbit-notes.json"]
    for name in names:
        (tmp_path / name).write_text("")
    (tmp_path / LEFT).mkdir()
    (tmp_path / (LEFT + ".x")).symlink_to(tmp_path / names[0])
    remove_left(tmp_path)
    assert len(list(tmp_path.iterdir())) == len(names) + 2
    (tmp_path / (LEFT + ".y")).write_text("of another user")
    monkeypatch.setattr(os, "geteuid", lambda: 1 + (tmp_path / names[0]).stat().st_uid)
    remove_left(tmp_path)
    assert (tmp_path / (LEFT + ".y")).exists()
    monkeypatch.undo()
    remove_left(tmp_path)
    assert not (tmp_path / (LEFT + ".y")).exists()
    remove_left(tmp_path / "none")


@posix
def test_a_file_that_was_taken_for_a_remnant_is_made_anew(tmp_path, monkeypatch):
    """Between its making and its lock."""
    lock, taken = whole_files.fcntl.flock, []

    def late(handle, how):
        if not taken:
            (path,) = tmp_path.iterdir()
            taken.append(path)
            path.unlink()
        lock(handle, how)

    monkeypatch.setattr(whole_files.fcntl, "flock", late)
    name, handle = make_temporary(folder=tmp_path, is_private=True)
    os.close(handle)
    assert taken and [path.name for path in tmp_path.iterdir()] == [name]


@posix
def test_two_writers_at_once_leave_one_whole_file(tmp_path):
    code = (
        "import sys\nfrom pbit.system.whole_files import replacing\n"
        "for number in range(100):\n"
        f"    with replacing({str(tmp_path / 'a')!r}) as temporary:\n"
        "        temporary.write_text(sys.argv[1] * 1000)\n"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, letter]) for letter in "xyz"]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0, 0]
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert set((tmp_path / "a").read_text()) in ({"x"}, {"y"}, {"z"})


def test_a_process_that_ends_takes_its_own_along(tmp_path):
    with pytest.raises(FileNotFoundError), replacing(tmp_path / "a") as temporary:
        remove_own()
        assert not temporary.exists()
        os.stat(temporary)
    assert not list(tmp_path.iterdir())


def test_no_folder_no_file(tmp_path):
    with pytest.raises(FileNotFoundError), replacing(Path(tmp_path, "none", "a")):
        pass
    assert not list(tmp_path.iterdir())
