"""Where compiled kernels are kept: a folder for each version of their sources."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

from pbit.kernels.safe_folder import opened

_HERE = Path(__file__).parent
_OURS = re.compile(r"kernels-[0-9a-f]{12}")
_STAMP = "used"  # its time says when the folder was used last, to the day
_DAY_S = 86400.0
_KEPT_DAYS = 30


@cache
def cache_folder() -> Path | None:
    """Folder of the compiled kernels; None where no folder is safe and can be made.

    Its name holds a digest of every kernel source: an edit of a function that is called from
    another file counts as well. Folders of other digests that nobody has used for 30 days are
    deleted when a new one is made.
    """
    return next((path for path, reason in looked_at() if reason is None), None)


def looked_at() -> Iterator[tuple[Path, str | None]]:
    """Folders in their order, each with why it is refused; the first without a reason is used."""
    for parent in _candidates():
        folder = parent / _sources_digest()
        try:
            _prepare(folder)
        except OSError as error:
            yield folder, error.strerror or str(error)
        else:
            yield folder, None


def _prepare(folder: Path) -> None:
    is_new = not folder.exists()
    with opened(folder):
        with suppress(OSError):  # full or read-only: what is in it can still be read
            mark_used(folder)
        if is_new:
            remove_unused(folder.parent, keep=folder)


def mark_used(folder: Path) -> None:
    """Set the time of the folder's stamp, if it is a day old."""
    stamp = folder / _STAMP
    if not stamp.exists() or time.time() - stamp.stat().st_mtime > _DAY_S:
        stamp.touch(mode=0o600)


def remove_unused(parent: Path, *, keep: Path) -> None:
    """Delete old versions' folders: ours by name and owner, unused for 30 days."""
    for folder in parent.iterdir():
        if folder != keep and _OURS.fullmatch(folder.name):
            with suppress(OSError):
                if _is_own_folder(folder) and _days_unused(folder) > _KEPT_DAYS:
                    shutil.rmtree(folder, ignore_errors=True)


def _is_own_folder(folder: Path) -> bool:
    status = folder.lstat()
    is_own = os.name != "posix" or status.st_uid == os.getuid()
    return stat.S_ISDIR(status.st_mode) and is_own


def _days_unused(folder: Path) -> float:
    stamp = folder / _STAMP
    return (time.time() - (stamp if stamp.exists() else folder).stat().st_mtime) / _DAY_S


def _candidates() -> Iterator[Path]:
    """Never a folder that users share, such as that of temporary files, unless it is asked for."""
    if os.environ.get("NUMBA_CACHE_DIR"):
        yield Path(os.environ["NUMBA_CACHE_DIR"]).absolute() / "pbit"
    yield _HERE / "__pycache__"
    home = os.path.expanduser("~")
    if os.path.isdir(home):
        yield Path(os.environ.get("XDG_CACHE_HOME") or Path(home) / ".cache") / "pbit"


@cache
def _sources_digest() -> str:
    digest = hashlib.sha256()
    for path in sorted(_HERE.rglob("*.py")):
        digest.update(path.read_bytes())
    return f"kernels-{digest.hexdigest()[:12]}"
