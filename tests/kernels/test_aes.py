"""Rounds of AES: the standard's own numbers, and the same bits however a processor makes them."""

import os
import subprocess
import sys

import llvmlite.binding as llvm
import numpy as np
import pytest
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

import naive
from pbit.kernels.random import aes
from pbit.kernels.random.ars import ars, key_schedule
from pbit.kernels.vectors.llvm import I64, data_of, integer, load, store, vector

# FIPS 197 (2001), appendix B: the state at the start of rounds 1 and 2, and the key of round 1.
FIRST = bytes.fromhex("193de3bea0f4e22b9ac68d2ae9f84808")
KEY = bytes.fromhex("a0fafe1788542cb123a339392a6c7605")
SECOND = bytes.fromhex("a49c7ff2689f352b6b5bea43026a5049")
# The same appendix: the start of round 10, its key, and the output; the last round mixes nothing.
TENTH = bytes.fromhex("eb40f21e592e38848ba113e71bc342d2")
LAST_KEY = bytes.fromhex("d014f9a8c9ee2589e13f0cc8b6630ca6")
OUTPUT = bytes.fromhex("3925841d02dc09fbdc118597196a0b32")

WIDTHS = [w for w in (0, 2, 4, 8) if w <= aes._widest()] if aes._widest() != 1 else [0, 1]


def compiled(lanes, *, last=None):
    """A function (out, state, keys) of one round, or of the whole generator."""

    @intrinsic
    def encrypt(typingctx, out, state, keys):
        def codegen(context, b, signature, arguments):
            into, of, by = (
                data_of(context, b, kind, value)
                for kind, value in zip(signature.args, arguments, strict=True)
            )
            blocks = load(b, of, integer(0), lanes=lanes)
            if last is None:
                (blocks,) = ars(b, [blocks], by)
            else:
                blocks = aes.round_of(b, blocks, load(b, by, integer(0), lanes=lanes), last=last)
            store(b, blocks, into, integer(0))
            return context.get_dummy_value()

        return types.void(out, state, keys), codegen

    @njit
    def run(out, state, keys):
        encrypt(out, state, keys)

    return run


def lanes_of(data):
    return np.frombuffer(data, np.int64).copy()


@pytest.fixture(params=WIDTHS)
def width(request, monkeypatch):
    monkeypatch.setattr(aes, "_widest", lambda: request.param)
    return request.param


def test_the_reference_is_the_standard():
    assert naive.aes_round(FIRST, KEY) == SECOND
    assert naive.aes_round(TENTH, LAST_KEY, last=True) == OUTPUT
    assert list(aes.SUBSTITUTES) == naive.S_BOX


def test_rounds_are_the_standard(width):
    for state, key, last, expected in (
        (FIRST, KEY, False, SECOND),
        (TENTH, LAST_KEY, True, OUTPUT),
    ):
        out = np.zeros(2, np.int64)
        compiled(2, last=last)(out, lanes_of(state), lanes_of(key))
        assert out.tobytes() == expected


def test_vectors_of_any_width_give_the_same_bits(width):
    rng = np.random.default_rng(1)
    counters = rng.integers(0, 2**32, (8, 4), dtype=np.uint32)
    expected = [naive.ars(tuple(map(int, c)), (5, 6)) for c in counters]
    out = np.zeros(16, np.int64)
    compiled(16)(out, lanes_of(counters.tobytes()), key_schedule(5, 6))
    assert out.view(np.uint32).reshape(8, 4).tolist() == [list(each) for each in expected]


@pytest.mark.parametrize(
    ("has", "lanes"),
    [
        ({"vaes": True, "avx2": True, "avx512f": True, "aes": True, "sse2": True}, 8),
        ({"vaes": True, "avx2": True, "avx512f": False, "aes": True, "sse2": True}, 4),
        ({"vaes": True, "avx2": False, "avx512f": False, "aes": True, "sse2": True}, 2),
        ({"vaes": False, "aes": True, "sse2": True}, 2),
        ({"aes": True, "neon": True}, 1),
        ({"sse2": True}, 0),
    ],
)
def test_the_widest_instruction_is_taken(monkeypatch, has, lanes):
    monkeypatch.setattr(aes, "_features", lambda: has)
    assert aes._widest.__wrapped__() == lanes


@pytest.mark.parametrize("features", ["+aes", "-aes"])
def test_code_for_arm(monkeypatch, features):
    """Translated for another machine, which has the instructions or has not."""
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    monkeypatch.setattr(aes, "_widest", lambda: 1 if features == "+aes" else 0)
    module, block = ir.Module(), vector(I64, 2)
    function = ir.Function(module, ir.FunctionType(block, [block, block]), "f")
    b = ir.IRBuilder(function.append_basic_block())
    b.ret(aes.round_of(b, *function.args))
    machine = llvm.Target.from_triple("aarch64-linux-gnu").create_target_machine(features=features)
    code = machine.emit_assembly(llvm.parse_assembly(str(module)))
    assert ("aese" in code and "aesmc" in code) == (features == "+aes")


RUN = """
import hashlib
import sys
from pbit import IsingModel, Schedule, anneal
from pbit.kernels.random import aes
n = 64
model = IsingModel.from_edges(
    [i for i in range(n) for _ in range(3)], [(i + k) % n for i in range(n) for k in (1, 5, 12)],
    [1 - 2 * (i * k % 7 % 2) for i in range(n) for k in (1, 5, 12)],
)
reads = anneal(
    model, Schedule([0.3, 0.7, 1.1]), num_reads=100, seed=2**40 + 3, kernel=sys.argv[1],
    order="sequential",
)
print(aes._widest(), hashlib.sha256(reads.spins.tobytes()).hexdigest())
"""


def run_of(kernel, folder, **environment):
    """(Widest instruction, digest of the final spins) of a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, kernel],
        env=os.environ | {"NUMBA_CACHE_DIR": str(folder)} | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    widest, digest = done.stdout.split()
    return int(widest), digest


LESS = {
    "no instruction": {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""},
    "no vector of 256 bits": {"NUMBA_ENABLE_AVX": "0"},
}


@pytest.mark.slow
@pytest.mark.parametrize("kernel", ["bits", "lanes"])
def test_spins_are_the_same_without(kernel, tmp_path):
    """All with one folder of compiled code, which keeps apart what is of different processors."""
    widest, spins = run_of(kernel, tmp_path)
    assert run_of(kernel, tmp_path, **LESS["no instruction"]) == (0, spins)
    assert run_of(kernel, tmp_path, **LESS["no vector of 256 bits"]) == (min(widest, 2), spins)
    assert run_of(kernel, tmp_path) == (widest, spins)
