"""numba's njit with a disk cache of our own: right after any edit, and in read-only installs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import config, njit
from numba.core import event

from pbit.kernels.cache import cache_folder
from pbit.kernels.notice import NOTICE

__all__ = ["bare", "bare_kernel", "cache_folder", "counting", "inner", "kernel", "merged"]


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
    return njit(_nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)(function)


def merged(function: Callable[..., Any]) -> Any:
    """:func:`inner`, put into its callers in place of being called: a call with many arrays in
    tuples takes as long as what a short function does."""
    return njit(_nrt=False, forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)(
        function
    )


def counting(function: Callable[..., Any]) -> Any:
    """:func:`inner`, counting references even if its callers do not: it may allocate."""
    return njit(_nrt=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)(function)


def bare(function: Callable[..., Any]) -> Any:
    """Compile without reference counting: for inner loops that are handed many arrays in tuples.

    Counting them costs more than the work itself. Such code must not allocate; arrays belong to
    the caller.
    """
    return njit(_nrt=False)(function)


def _cached(function: Callable[..., Any], **options: bool) -> Any:
    options = {"nogil": True, "no_cfunc_wrapper": True, **options}
    folder = cache_folder()
    if folder is None:
        return njit(**options)(function)
    previous = config.CACHE_DIR
    config.CACHE_DIR = str(folder)  # read by numba while it decorates, and only then
    try:
        return njit(cache=True, **options)(function)
    finally:
        config.CACHE_DIR = previous


class _Listener(event.Listener):
    """Tells the notice of compilations of kernels; what they call is compiled inside of them."""

    def on_start(self, compilation: Any) -> None:
        if _is_ours(compilation):
            NOTICE.began()

    def on_end(self, compilation: Any) -> None:
        if _is_ours(compilation):
            NOTICE.ended()


def _is_ours(compilation: Any) -> bool:
    module: str = compilation.data["dispatcher"].py_func.__module__ or ""
    return module.startswith("pbit.kernels.")


event.register("numba:compile", _Listener())
