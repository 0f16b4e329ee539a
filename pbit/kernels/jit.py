"""numba's njit with a disk cache of our own: right after any edit, and in read-only installs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit
from numba.core import event
from numba.core.dispatcher import Dispatcher
from numba.extending import overload

from pbit.kernels.disk_cache import DiskCache
from pbit.kernels.notice import NOTICE
from pbit.kernels.parts import PartCompiler
from pbit.system.garbage import PAUSE

__all__ = ["bare", "bare_kernel", "chosen_by_types", "counting", "inner", "kernel", "merged"]

_PART: dict[str, Any] = {
    "no_cpython_wrapper": True, "no_cfunc_wrapper": True, "pipeline_class": PartCompiler
}  # fmt: skip


def kernel(function: Callable[..., Any]) -> Any:
    """Compile on first call, without the GIL, cached on disk where any folder allows it."""
    return _cached(function)


def bare_kernel(function: Callable[..., Any]) -> Any:
    """A kernel without reference counting, which compiles in about half the time.

    It must not allocate: arrays, scratch included, belong to the caller.
    """
    return _cached(function, _nrt=False)


def inner(function: Callable[..., Any]) -> Any:
    """Compile as a part of kernels: without reference counting, and without the wrappers by which
    Python would call it."""
    return njit(_nrt=False, **_PART)(function)


def merged(function: Callable[..., Any]) -> Any:
    """:func:`inner`, put into its callers in place of being called: a call with many arrays in
    tuples takes as long as what a short function does."""
    return njit(_nrt=False, forceinline=True, **_PART)(function)


def counting(function: Callable[..., Any]) -> Any:
    """:func:`inner`, counting references even if its callers do not: it may allocate."""
    return njit(_nrt=True, **_PART)(function)


def chosen_by_types(stub: Callable[..., Any]) -> Any:
    """numba's ``overload``, of which the code chosen is an :func:`inner` function."""
    return overload(stub, jit_options={"_nrt": False, "pipeline_class": PartCompiler})


def bare(function: Callable[..., Any]) -> Any:
    """Compile without reference counting: for inner loops that are handed many arrays in tuples.

    Counting them costs more than the work itself. Such code must not allocate; arrays belong to
    the caller.
    """
    return njit(_nrt=False)(function)


def _cached(function: Callable[..., Any], **options: bool) -> Any:
    dispatcher = njit(**{"nogil": True, "no_cfunc_wrapper": True, **options})(function)
    if isinstance(dispatcher, Dispatcher):  # the function itself under NUMBA_DISABLE_JIT
        dispatcher._cache = DiskCache(function)  # type: ignore[attr-defined]
    return dispatcher


class _Listener(event.Listener):
    """Tells the notice of compilations of kernels; what they call is compiled inside of them.

    Of the objects that a compilation makes by the million, next to none can be freed before its
    end: looking for them takes a twelfth of its time.
    """

    def on_start(self, compilation: Any) -> None:
        if _is_ours(compilation):
            NOTICE.began()
            PAUSE.began()

    def on_end(self, compilation: Any) -> None:
        if _is_ours(compilation):
            PAUSE.ended()
            NOTICE.ended()


def _is_ours(compilation: Any) -> bool:
    module: str = compilation.data["dispatcher"].py_func.__module__ or ""
    return module.startswith("pbit.kernels.")


event.register("numba:compile", _Listener())
