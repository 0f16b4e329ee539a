"""Short vectors in LLVM IR, for kernels that numba's loop vectoriser does not do justice.

numba has no vector types. These few functions give its intrinsics some; LLVM splits vectors where
the machine's are narrower.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from llvmlite import ir
from numba.core import cgutils

I1, I8, I16, I32, I64 = (ir.IntType(bits) for bits in (1, 8, 16, 32, 64))
F32, F64 = ir.FloatType(), ir.DoubleType()


def vector(element: Any, lanes: int) -> ir.VectorType:
    """Type of a vector."""
    return ir.VectorType(element, lanes)


def constant(element: Any, value: Any, lanes: int) -> ir.Constant:
    """Vector of one constant, or of one for each lane."""
    values = list(value) if isinstance(value, Sequence) else [value] * lanes
    return ir.Constant(vector(element, lanes), values)


def integer(value: int) -> ir.Constant:
    """A 64-bit integer."""
    return ir.Constant(I64, value)


def splat(b: Any, value: Any, lanes: int) -> Any:
    """The value in every lane."""
    undefined = ir.Constant(vector(value.type, lanes), ir.Undefined)
    first = b.insert_element(undefined, value, ir.Constant(I32, 0))
    return b.shuffle_vector(first, undefined, constant(I32, 0, lanes))


def element(b: Any, data: Any, index: Any) -> Any:
    """``data[index]``."""
    return b.load(b.gep(data, [index]))


def load(b: Any, data: Any, index: Any, *, lanes: int) -> Any:
    """``data[index : index + lanes]``."""
    kind = data.type.pointee
    loaded = b.load(b.bitcast(b.gep(data, [index]), vector(kind, lanes).as_pointer()))
    loaded.align = _bytes(kind)
    return loaded


def store(b: Any, value: Any, data: Any, index: Any) -> None:
    """``data[index : index + lanes] = value``."""
    pointer = b.bitcast(b.gep(data, [index]), value.type.as_pointer())
    b.store(value, pointer).align = _bytes(data.type.pointee)


def call(b: Any, name: str, result: Any, arguments: list[Any]) -> Any:
    """Call an LLVM intrinsic by its full name."""
    signature = ir.FunctionType(result, [a.type for a in arguments])
    return b.call(cgutils.get_or_insert_function(b.module, signature, name), arguments)


def constant_index(value: int) -> ir.Constant:
    """Number of a lane."""
    return ir.Constant(I32, value)


def data_of(context: Any, b: Any, kind: Any, array: Any) -> Any:
    """Pointer to the data of an array argument of this numba type."""
    return context.make_array(kind)(context, b, array).data


class Loop:
    """A loop that carries ``values`` in registers from pass to pass.

    Build it with their initial values, write the body inside ``with loop.running(condition)`` and
    end the body with ``loop.next(new values)``.
    """

    def __init__(self, b: Any, initial: list[Any]) -> None:
        self.b = b
        before = b.block
        self._head, self._body, self._done = (
            b.append_basic_block(name) for name in ("head", "body", "done")
        )
        b.branch(self._head)
        b.position_at_end(self._head)
        self.values = []
        for value in initial:
            phi = b.phi(value.type)
            phi.add_incoming(value, before)
            self.values.append(phi)

    @contextmanager
    def running(self, condition: Any) -> Iterator[None]:
        """Body of the loop, run while ``condition`` (of ``values``) holds."""
        self.b.cbranch(condition, self._body, self._done)
        self.b.position_at_end(self._body)
        yield
        self.b.branch(self._head)
        self.b.position_at_end(self._done)

    def next(self, values: list[Any]) -> None:
        """Values of the next pass."""
        for phi, value in zip(self.values, values, strict=True):
            phi.add_incoming(value, self.b.block)


def _bytes(kind: Any) -> int:
    return {I8: 1, I16: 2, I32: 4, F32: 4}.get(kind, 8)
