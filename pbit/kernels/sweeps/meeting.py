"""A gate where the threads of one sweep wait for each other.

``gate`` int64 (3,), zeros at first: how many have arrived, how often it has opened, whether the
run was asked to stop when it last opened. All who pass see the same answer, so that all leave
their loops at the same place.
"""

from __future__ import annotations

import sys
from typing import Any

from numba import int64, njit, types
from numba.extending import intrinsic

from pbit.kernels.jit import inner
from pbit.kernels.vectors.llvm import data_of, integer

_SPINS = 4000

if sys.platform == "win32":

    @njit(inline="always")
    def _let_others_run() -> None:
        pass

else:
    _let_others_run = types.ExternalFunction("sched_yield", types.int32())


@intrinsic  # type: ignore[untyped-decorator]
def add(typingctx: Any, array: Any, at: Any, value: Any) -> Any:
    """``array[at] += value``, atomically; the value before."""

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        place = b.gep(data_of(context, b, signature.args[0], arguments[0]), [arguments[1]])
        return b.atomic_rmw("add", place, arguments[2], "seq_cst")

    return types.int64(array, types.int64, types.int64), codegen


@intrinsic  # type: ignore[untyped-decorator]
def _read(typingctx: Any, array: Any, at: Any) -> Any:
    """``array[at]``, atomically."""

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        place = b.gep(data_of(context, b, signature.args[0], arguments[0]), [arguments[1]])
        return b.atomic_rmw("add", place, integer(0), "seq_cst")

    return types.int64(array, types.int64), codegen


@inner
def pass_gate(gate: Any, parts: Any, stop: Any) -> Any:
    """Wait until all ``parts`` threads are here; whether ``stop[0]`` was set by then."""
    if parts == 1:
        return stop[0] != 0
    opened = _read(gate, int64(1))
    if add(gate, int64(0), int64(1)) == parts - 1:
        gate[0] = 0
        gate[2] = stop[0]
        add(gate, int64(1), int64(1))
    else:
        waited = 0
        while _read(gate, int64(1)) == opened:
            waited += 1
            if waited > _SPINS:
                _let_others_run()
    return gate[2] != 0
