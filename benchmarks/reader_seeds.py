"""Every reader of the package, and small sound files for each: where costs and fuzzing begin."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import dimod
import numpy as np
from scipy import io as scipy_io

from pbit.formats import FORMATS, read
from pbit.hardware.files.curve import read_curve
from pbit.hardware.files.dwell_times import read_dwell_times
from pbit.hardware.files.pbits import read_pbits
from pbit.hardware.files.sigmoids import read_sigmoid
from pbit.hardware.files.toml import read_chip
from pbit.problems.logic.netlists import FORMATS as NETLISTS
from pbit.problems.logic.netlists import read_circuit

Reader = Callable[[bytes], Any]

_CQM = dimod.CQM.from_bqm(dimod.BQM({"a": 1.0, "b": 2.0}, {"ab": 3.0}, 0.5, "BINARY"))
_HUBO_JSON = {"format": "pbit-hubo", "version": 1, "vartype": "SPIN", "offset": 0.5,
              "variables": ["a", "b", 7], "terms": [[["a", "b", 7], 1.5], [["a"], -1]]}  # fmt: skip
_COMPILED = {
    "format": "pbit-compiled", "version": 1,
    "network": {"pbits": 3, "offset": 0.0, "h": [0, 1, 0], "rows": [0], "cols": [1], "values": [2]},
    "votes": [{"name": "v", "pointers": [0, 1, 2], "members": [0, 2], "signs": [1, -1]}],
    "source": {"kind": "ising", "problem": None, "ising_sign": "minus", "variables": 2,
               "offset": 0, "rows": [0], "cols": [1], "values": [1.5]},
    "report": [["pass", {}]],
}  # fmt: skip
_YOSYS = {"modules": {"m": {
    "attributes": {"top": "1"},
    "ports": {"a": {"direction": "input", "bits": [2, 3]},
              "y": {"direction": "output", "bits": [4, 5]}},
    "cells": {"add": {"type": "$add", "parameters": {"A_SIGNED": 0, "B_SIGNED": 0, "A_WIDTH": 2,
                                                     "B_WIDTH": 2, "Y_WIDTH": 2},
                      "connections": {"A": [2, 3], "B": [2, 3], "Y": [4, 5]}}},
    "netnames": {"a": {"bits": [2, 3]}, "y": {"bits": [4, 5]}}}}}  # fmt: skip
_BQM = {
    "version": {"bqm_schema": "3.0.0"}, "use_bytes": False, "variable_labels": ["a", ["b", 1]],
    "variable_type": "SPIN", "offset": 0.5, "linear_biases": [1.0, 2], "quadratic_biases": [3.0],
    "quadratic_head": [0], "quadratic_tail": [1],
}  # fmt: skip
_CHIP = b"""# a chip
name = "made by hand"
tau = "2 ns"
delay = "0.1 tau"
transfer = [[-2, -0.9], [0, 0.1], [2, 0.95]]
[prices]
update = "7 fJ"
source = "here"
[correction]
gain = [1.0, 1.1]
offset = [0.0, -0.1]
"""
_BLIF = b""".model m
.inputs a b \\
 c
.outputs y
.subckt half p=a q=b r=t
.names t c y
10 1
01 1
.end
.model half
.inputs p q
.outputs r
.names p q r
11 1
.end
"""
_TSP = (
    b"NAME : t\nTYPE : TSP\nDIMENSION : 3\nEDGE_WEIGHT_TYPE : EUC_2D\n"
    b"NODE_COORD_SECTION\n1 0.0 1e1\n2 3 4\n3 5 6\nEOF\n"
)
_TSP_FULL = (
    b"TYPE : ATSP\nDIMENSION : 2\nEDGE_WEIGHT_TYPE : EXPLICIT\nEDGE_WEIGHT_FORMAT : FULL_MATRIX\n"
    b"EDGE_WEIGHT_SECTION\n0 1\n2 0\nEOF\n"
)
_QPLIB = (
    b"! by hand\nname\nQBN\nminimize\n3 # variables\n1\n2 1 1.5\n0.0\n1\n3 -1\n0.5\n1e30\n0\n0\n0\n"
    b"0\n1\n2 second\n0\n"
)
_RUDY = b"3 2\n1 2 1.5\n2 3 -1\n"
_LP = (
    b"\\ by hand\nMinimize\n obj: x + 2 y\nSubject To\n c: x + y >= 1\nBounds\n 0 <= y <= 3\n"
    b"Binary\n x\nGeneral\n y\nEnd\n"
)


_MPS = (
    b"NAME p\nROWS\n N obj\n G c\nCOLUMNS\n M1 'MARKER' 'INTORG'\n x obj 1 c 1\n y obj 2 c 1\n"
    b" M2 'MARKER' 'INTEND'\nRHS\n r c 1\nBOUNDS\n BV b x\n BV b y\nENDATA\n"
)


def npy(array: Any) -> bytes:
    """Bytes of a `.npy` file."""
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def npz(arrays: Mapping[str, Any]) -> bytes:
    """Bytes of a compressed `.npz` file."""
    return zipped({f"{key}.npy": npy(np.asarray(value)) for key, value in arrays.items()})


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Bytes of a compressed zip."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def tarred(members: Mapping[str, bytes]) -> bytes:
    """Bytes of a tar."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def matlab(*, compressed: bool = True, **arrays: Any) -> bytes:
    """Bytes of a `.mat` file of version 5."""
    stream = io.BytesIO()
    scipy_io.savemat(stream, arrays, do_compression=compressed)
    return stream.getvalue()


_PAIR = np.array([[0.0, 1.0], [1.0, 0.0]])
_GLASSES = npz({"edges": np.array([[0, 1], [1, 2]]), "J_sign": np.array([[1, -1]])})


def _dqm() -> dimod.DQM:
    dqm = dimod.DQM()
    for label, count in (("a", 2), (("b", 1), 3)):
        dqm.add_variable(count, label=label)
    dqm.set_quadratic("a", ("b", 1), {(1, 2): 3.0, (0, 0): -1.0})
    dqm.offset = 0.5
    return dqm


SEEDS: dict[str, tuple[bytes, ...]] = {
    "rudy": (_RUDY,),
    "edge-list": (b"# c\n0,1,2\n1,2,-3e2\n\n2,0,1\n", b"1 2\n2 3\n3 1\n"),
    "qbsolv": (b"c by hand\np qubo 0 4 2 1\n0 0 1\n2 2 -2.5\nc couplers\n0 3 4\n",),
    "qh": (b"1 1 -1\n2 1 3\n",),
    "biqmac": (b"3 2\n1 1 1.5\n2 3 -1\n",),
    "coo": (b"# vartype=SPIN\n# offset=1.5\n# num_variables=4\n0 0 -1\n0 1 1\n1 2 -4.5\n",),
    "bqm": (json.dumps(_BQM).encode(), bytes(
        dimod.BQM({"a": 1.0, "b": 2.0}, {"ab": 3.0}, 0.5, "SPIN").to_file().read())),
    "hubo": (b"hubo 3 3 spin\n1.5 0 1 2\n-2 1\n0.5\n",),
    "hubo-json": (json.dumps(_HUBO_JSON).encode(),),
    "qplib": (_QPLIB,),
    "matrix": (npy(_PAIR), npz({"J": _PAIR, "h": np.ones(2)}), matlab(J=_PAIR),
               matlab(compressed=False, J=_PAIR)),
    "qubo-matrix": (npy(_PAIR),),
    "glasses": (_GLASSES,),
    "matlab": (b"(1,2)      -1\n(2,3)   1.5\n", b" 1.0000e+00 2.0000e+00 -1.0e+00\n"),
    "lp": (_LP,),
    "mps": (_MPS,),
    "dqm": tuple(bytes(_dqm().to_file(compress=way).read()) for way in (False, True)),
    "cqm": (bytes(_CQM.to_file().read()), bytes(_CQM.to_file(compress=True).read())),
    "partition": (b"id,n,numbers\na,3,1 2 3\n", b"4 5 6 7\n"),
    "market-split": (b"2 3\n5 1 4 9\n2 2 2 4\n",),
    "labs": (b"labs 27\n", b"N,energy,x\n3,1,0\n"),
    "knapsack": (b"2 5\n3 4\n1 2\n",),
    "set-cover": (b"2 3\n1 1 1\n2\n1 2\n1\n3\n",),
    "qaplib": (b"2\n0 1\n1 0\n0 2\n2 0\n",),
    "cnf": (b"c by hand\np cnf 3 2\n1 -2 0\n2 3 0\n%\n0\n",),
    "wcnf": (b"p wcnf 3 2 9\n9 1 -2 0\n3 2 3 0\n", b"h 1 2 0\n3 -1 0\n"),
    "tsplib": (_TSP, _TSP_FULL),
    "dimacs-graph": (b"c by hand\np edge 3 2\ne 1 2\ne 2 3\nd 1 2\n",),
    "compiled": (json.dumps(_COMPILED).encode(),),
    "blif": (_BLIF,),
    "aiger": (b"aag 3 2 0 1 1\n2\n4\n6\n6 2 4\ni0 a\no0 y\nc\nby hand\n",
              b"aig 3 2 0 1 1\n6\n\x02\x02i0 a\n"),
    "yosys": (json.dumps(_YOSYS).encode(),),
    "chip": (_CHIP,),
    "curve": (b"input,mean\n-2,-0.9\n0,0.1\n2,0.95\n",),
    "dwell-times": (b"current_uA;dwell_P_us;dwell_AP_us\n# c\n0;1,5;2,5e-5\n1;2;3\n",),
    "sigmoid": (b"voltage_mV,mean\n-20,-0.9\n-5,-.4\n0,0.1\n6,.5\n20,0.95\n",),
    "pbits": (b"pbit,gain,offset,tau_us\na,1.1,0.1,5\nb,0.9,-0.1,6\n",),
    "qs": (b"# Constant = 3\n3 2\n1 1 1.5\n2 3 -1\n",),
    "told": (_RUDY, gzip.compress(_RUDY), zipped({"a.mc": _RUDY}), tarred({"a.mc": _RUDY})),
}  # fmt: skip


def _by_path(reader: Callable[[Path], Any], data: bytes) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file")
        path.write_bytes(data)
        return reader(path)


def _read(data: bytes, **options: Any) -> Any:
    return read(io.BytesIO(data), **options)


def _circuit(data: bytes, **options: Any) -> Any:
    return read_circuit(io.BytesIO(data), **options)


def readers() -> dict[str, Reader]:
    """Every reader by name; "told" is that of a file whose format is told by its content."""
    found: dict[str, Reader] = {name: partial(_read, format=name) for name in FORMATS}
    found |= {name: partial(_circuit, format=name) for name in NETLISTS}
    return found | {
        "chip": partial(_by_path, read_chip),
        "curve": partial(_by_path, read_curve),
        "dwell-times": partial(_by_path, partial(read_dwell_times, told_by="columns")),
        "sigmoid": partial(_by_path, partial(read_sigmoid, told_by="columns")),
        "pbits": partial(_by_path, read_pbits),
        "told": _read,
    }


def seeds_of(name: str) -> tuple[bytes, ...]:
    """Sound files of a reader; all there are for one that is not known here."""
    return SEEDS.get(name) or tuple(seed for seeds in SEEDS.values() for seed in seeds)
