"""Rounds of AES in LLVM's vectors: by the processor's own instructions, or by tables where it has
none. All give the same bits.

A block is two 64-bit lanes, its lowest byte first. ``round_of`` is what x86 calls AESENC:
substitute bytes, shift rows, mix columns, add the key; the last round does not mix columns.

Source: FIPS 197 (2001); tables: Daemen, Rijmen, "AES proposal: Rijndael" (1999), section 5.2.1.
"""

from __future__ import annotations

import functools
from typing import Any

from llvmlite import ir
from numba.core.codegen import get_host_cpu_features
from numba.core.config import CPU_FEATURES

from pbit.kernels.vectors.llvm import I8, I32, I64, call, constant, vector

_BLOCK = 2  # lanes


def _substitution() -> tuple[int, ...]:
    """The S-box: inverse in GF(2^8), then an affine map of bits."""
    exps, x = [], 1
    for _ in range(255):
        exps.append(x)
        x ^= (x << 1) ^ (0x11B if x & 0x80 else 0)
    logs = {value: k for k, value in enumerate(exps)}
    box = []
    for value in range(256):
        inverse = exps[-logs[value] % 255] if value else 0
        turned = inverse * 0x101
        bits = inverse
        for k in range(1, 5):
            bits ^= turned >> (8 - k)
        box.append((bits ^ 0x63) & 0xFF)
    return tuple(box)


SUBSTITUTES = _substitution()


def _features() -> dict[str, bool]:
    """What the processor has that numba compiles for, its settings heeded."""
    text = get_host_cpu_features() if CPU_FEATURES is None else CPU_FEATURES
    return {word[1:]: word.startswith("+") for word in text.split(",") if word}


@functools.cache
def _widest() -> int:
    """Lanes of the widest round that the processor has; 0: none, 1: Arm's."""
    has = _features()
    if has.get("vaes") and has.get("avx2"):
        return 8 if has.get("avx512f") else 4
    if has.get("aes"):
        return 2 if "sse2" in has else 1
    return 0


def round_of(b: Any, state: Any, key: Any, *, last: bool = False) -> Any:
    """One round of all blocks in ``state``; ``key`` of the same type."""
    widest, lanes = _widest(), state.type.count
    if widest == 0:
        return _pieces(b, state, key, _BLOCK, functools.partial(_by_tables, last=last))
    if widest == 1:
        return _pieces(b, state, key, _BLOCK, functools.partial(_by_arm, last=last))
    width = min(widest, lanes)
    name = "llvm.x86.aesni.aesenc" + ("last" if last else "")
    name += {2: "", 4: ".256", 8: ".512"}[width]

    def instruction(b: Any, state: Any, key: Any) -> Any:
        return call(b, name, state.type, [state, key])

    return _pieces(b, state, key, width, instruction)


def _pieces(b: Any, state: Any, key: Any, width: int, of: Any) -> Any:
    """``of`` of pieces of so many lanes, put together again."""
    lanes = state.type.count
    if lanes == width:
        return of(b, state, key)
    done = []
    for first in range(0, lanes, width):
        order = constant(I32, list(range(first, first + width)), width)
        done.append(of(b, *(b.shuffle_vector(x, x, order) for x in (state, key))))
    while len(done) > 1:
        size = done[0].type.count
        order = constant(I32, list(range(2 * size)), 2 * size)
        done = [b.shuffle_vector(x, y, order) for x, y in zip(done[::2], done[1::2], strict=True)]
    return done[0]


def _by_arm(b: Any, state: Any, key: Any, *, last: bool) -> Any:
    """Arm adds a key before the substitution, and mixes columns by an instruction of its own."""
    kind = vector(I8, 16)
    x, none = b.bitcast(state, kind), constant(I8, 0, 16)
    x = call(b, "llvm.aarch64.crypto.aese", kind, [x, none])
    if not last:
        x = call(b, "llvm.aarch64.crypto.aesmc", kind, [x])
    return b.xor(b.bitcast(x, state.type), key)


def _by_tables(b: Any, state: Any, key: Any, *, last: bool) -> Any:
    """A call of a function that the module has once."""
    return b.call(_table_round(b.module, last=last), [state, key])


def _table_round(module: Any, *, last: bool) -> Any:
    name = "pbit_aes_last_round" if last else "pbit_aes_round"
    if name in module.globals:
        return module.globals[name]
    block = vector(I64, _BLOCK)
    function = ir.Function(module, ir.FunctionType(block, [block, block]), name)
    function.linkage = "internal"
    b = ir.IRBuilder(function.append_basic_block())
    state, key = function.args
    table = _table(module, name + "_table", last=last)
    data = b.bitcast(state, vector(I8, 16))
    columns = []
    for column in range(4):
        word = ir.Constant(I32, 0)
        for row in range(4):
            byte = b.extract_element(data, ir.Constant(I32, (4 * (column + row) + row) % 16))
            at = [ir.Constant(I64, 0), b.zext(byte, I64)]
            entry = b.load(b.gep(table, at))
            if row:
                left, right = ir.Constant(I32, 8 * row), ir.Constant(I32, 32 - 8 * row)
                entry = b.or_(b.shl(entry, left), b.lshr(entry, right))
            word = b.xor(word, entry)
        columns.append(word)
    result = ir.Constant(vector(I32, 4), ir.Undefined)
    for column, word in enumerate(columns):
        result = b.insert_element(result, word, ir.Constant(I32, column))
    b.ret(b.xor(b.bitcast(result, block), key))
    return function


def _table(module: Any, name: str, *, last: bool) -> Any:
    """Columns that a byte of row 0 becomes: (2, 1, 1, 3) times its substitute, or itself."""
    values = []
    for s in SUBSTITUTES:
        double = (s << 1) ^ (0x11B if s & 0x80 else 0)
        values.append(s if last else double | s << 8 | s << 16 | (double ^ s) << 24)
    kind = ir.ArrayType(I32, 256)
    table = ir.GlobalVariable(module, kind, name)
    table.linkage, table.global_constant = "internal", True
    table.initializer = ir.Constant(kind, values)
    return table
