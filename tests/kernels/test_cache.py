"""Old versions' folders go, and nothing else does."""

import os
import time

import pytest

from pbit.kernels import cache

OLD, YOUNG = 31, 29  # days


@pytest.fixture
def parent(tmp_path, monkeypatch):
    """The folder that holds the caches, chosen by the environment."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    cache.cache_folder.cache_clear()
    yield tmp_path / "pbit"
    cache.cache_folder.cache_clear()


def age(path, days):
    then = time.time() - 86400 * days
    os.utime(path, (then, then))


def version(parent, letter, days, *, stamped=True):
    folder = parent / f"kernels-{12 * letter}"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "kernel.nbc").write_bytes(b"code")
    if stamped:
        (folder / "used").touch()
        age(folder / "used", days)
    age(folder, OLD if stamped else days)
    return folder


def test_unused_versions_go_when_a_new_one_comes(parent):
    old, young = version(parent, "a", OLD), version(parent, "b", YOUNG)
    bare = version(parent, "c", OLD, stamped=False)
    new = cache.cache_folder()
    assert new.parent == parent and (new / "used").exists()
    assert young.exists() and not old.exists() and not bare.exists()


def test_nothing_goes_when_the_version_is_known(parent):
    (parent / cache._sources_digest()).mkdir(parents=True)
    old = version(parent, "a", OLD)
    cache.cache_folder()
    assert old.exists()


def test_only_what_is_ours_goes(parent, tmp_path):
    others = [parent / name for name in ("kernels-123", "kernels-" + 12 * "g", "notes")]
    for folder in others:
        folder.mkdir(parents=True)
        age(folder, OLD)
    file = parent / f"kernels-{12 * 'd'}"
    file.write_text("a file")
    age(file, OLD)
    elsewhere = version(tmp_path / "elsewhere", "e", OLD)
    link = parent / f"kernels-{12 * 'f'}"
    link.symlink_to(elsewhere)
    cache.cache_folder()
    assert all(folder.exists() for folder in [*others, file, link, elsewhere / "sub"])


@pytest.mark.skipif(os.name != "posix", reason="no owners")
def test_folders_of_other_users_stay(parent, monkeypatch):
    old = version(parent, "a", OLD)
    keep = parent / f"kernels-{12 * 'b'}"
    monkeypatch.setattr(os, "getuid", lambda: old.stat().st_uid + 1)
    cache.remove_unused(parent, keep=keep)
    assert old.exists()


def test_use_renews_the_stamp_once_a_day(tmp_path):
    cache.mark_used(tmp_path)
    stamp = tmp_path / "used"
    age(stamp, 0.5)
    before = stamp.stat().st_mtime
    cache.mark_used(tmp_path)
    assert stamp.stat().st_mtime == before
    age(stamp, 2)
    cache.mark_used(tmp_path)
    assert stamp.stat().st_mtime >= before
