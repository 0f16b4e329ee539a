"""A good file or two of every format that is not of linear programs, small enough to be varied."""

from typing import Any

import numpy as np

MATRIX = np.array([[0, 1.5, 0], [1.5, 0, -1], [0, -1, 0]])
BQM = {
    "type": "BinaryQuadraticModel",
    "version": {"bqm_schema": "3.0.0"},
    "use_bytes": False,
    "index_type": "int32",
    "bias_type": "float64",
    "num_variables": 2,
    "num_interactions": 1,
    "variable_labels": ["a", "b"],
    "variable_type": "SPIN",
    "offset": 0.5,
    "info": {},
    "linear_biases": [1.0, 2],
    "quadratic_biases": [3.0],
    "quadratic_head": [0],
    "quadratic_tail": [1],
}
HUBO = {
    "format": "pbit-hubo",
    "version": 1,
    "vartype": "SPIN",
    "offset": 0.5,
    "variables": ["a", "b"],
    "terms": [[["a"], 1.0], [["a", "b"], -2.0]],
}
COMPILED: dict[str, Any] = {
    "format": "pbit-compiled",
    "version": 1,
    "network": {
        "pbits": 2, "offset": 0.0, "h": [1.0, 0.0], "rows": [0], "cols": [1], "values": [2.0]
    },
    "votes": [
        {"name": "", "pointers": [0, 1, 2], "members": [0, 1], "signs": [1, 1]}
    ],
    "source": {
        "kind": "ising", "problem": None, "ising_sign": "minus", "variables": 2, "offset": 0.0,
        "rows": [0], "cols": [1], "values": [2.0],
    },
    "report": [],
}  # fmt: skip
CLAUSES = {
    "kind": "cnf", "problem": None, "ising_sign": "minus", "variables": 2, "offset": 0.0,
    "pointers": [0, 2], "literals": [3, 4], "hard": [0], "values": [1.0],
}  # fmt: skip
TERMS = {
    "kind": "hising", "problem": None, "ising_sign": "minus", "variables": 2, "offset": 0.0,
    "pointers": [0, 2], "members": [0, 1], "values": [1.0],
}  # fmt: skip
QPLIB = """hand
QBN
minimize
3
2
2 1 -2.0
3 1 4
0.5
1
2 1.5
0.25
1e30
0
0
0
0
1
3 third
0
"""
TSP = """NAME: x
TYPE: TSP
DIMENSION: 3
EDGE_WEIGHT_TYPE: EUC_2D
NODE_COORD_SECTION
1 0 0
2 3 0
3 3 4
EOF
"""
TSP_EXPLICIT = """NAME: x
TYPE: TSP
DIMENSION: 3
EDGE_WEIGHT_TYPE: EXPLICIT
EDGE_WEIGHT_FORMAT: UPPER_ROW
EDGE_WEIGHT_SECTION
3 5 4
"""
TEXTS: dict[str, list[str]] = {
    "rudy": ["3 2\n1 2 1.5\n2 3 -1\n", "3 2\n1 2\n2 3\n"],
    "edge-list": ["1 2 1.5\n2 3 -1\n", "0,1\n1,2\n"],
    "qbsolv": ["p qubo 0 4 2 1\n0 0 1\n2 2 -2.5\n0 3 4\n"],
    "qh": ["1 1 -1\n2 1 3\n"],
    "biqmac": ["3 2\n1 1 1.5\n2 3 -1\n"],
    "qs": ["# ObjectiveOffset 5\n3 2\n1 1 1.5\n2 3 -1\n"],
    "coo": ["# vartype=SPIN\n0 0 -1\n0 1 1\n1 2 -4.5\n"],
    "hubo": ["hubo 3 3 spin\n0.5\n1 0 1 2\n-2 1\n"],
    "qplib": [QPLIB],
    "matrix": ["0,1,2\n1,0,3\n2,3,0\n", "0 1 2 3\n1 0 0 0\n2 0 0 1\n3 0 1 0\n"],
    "qubo-matrix": ["1 2 0\n0 -3 1.5\n0 0 7\n"],
    "matlab": ["(1,2) 1.5\n(2,3) -1\n", "1.0e+00 2.0e+00 1.5\n2.0e+00 3.0e+00 -1\n"],
    "partition": ["id,n,optimum,numbers\n1,3,1,7 9 5\n"],
    "market-split": ["2 3\n5 1 4 9\n2 2 2 4\n"],
    "labs": ["labs 27\n", "N,energy,bits\n27,37,1010\n"],
    "knapsack": ["2 10\n3 4\n5 6\n"],
    "set-cover": ["2 3\n1 1 2\n2 1 2\n1 3\n"],
    "qaplib": ["2\n0 1\n1 0\n0 3\n3 0\n"],
    "cnf": ["p cnf 2 2\n1 2 0\n-1 0\n", "p cnf 2 2\n1 2 0\n-1 0\n%\n0\n"],
    "wcnf": ["p wcnf 2 2 9\n9 1 2 0\n3 -1 0\n", "h 1 2 0\n3 -1 0\n"],
    "tsplib": [TSP, TSP_EXPLICIT],
    "dimacs-graph": ["p edge 3 2\ne 1 2\ne 2 3\n"],
}
DOCUMENTS: dict[str, list[dict[str, Any]]] = {
    "bqm": [BQM],
    "hubo-json": [HUBO],
    "compiled": [COMPILED, {**COMPILED, "source": CLAUSES}, {**COMPILED, "source": TERMS}],
}
ARRAYS: dict[str, dict[str, Any]] = {
    "matrix": {"J": MATRIX},
    "qubo-matrix": {"Q": MATRIX},
    "glasses": {"edges": np.array([[0, 1], [1, 2]]), "J_sign": np.array([[1, -1]])},
}
BLIF = """.model m
.inputs a b
.outputs y
.subckt half p=a q=b r=t
.cname first
.names t y
1 1
.end
.model half
.inputs p q
.outputs r
.names p q r
10 1
01 1
.end
"""
AAG = "aag 3 2 0 1 1\n2\n4\n6\n6 2 4\ni0 a\no0 y\n"
YOSYS = {
    "creator": "hand",
    "modules": {
        "m": {
            "attributes": {},
            "ports": {
                "a": {"direction": "input", "bits": [2]},
                "b": {"direction": "input", "bits": [3]},
                "y": {"direction": "output", "bits": [4]},
            },
            "cells": {
                "g": {
                    "hide_name": 0,
                    "type": "$_AND_",
                    "parameters": {},
                    "attributes": {},
                    "connections": {"A": [2], "B": [3], "Y": [4]},
                }
            },
            "netnames": {"y": {"hide_name": 0, "bits": [4], "attributes": {}}},
        }
    },
}
CHIP = """name = "x"
delay_s = 1e-10
transfer = [[-1.0, -0.5], [1.0, 0.5]]
[prices]
update = "7 fJ"
[correction]
gain = [1.0, 1.1]
offset = [0.0, 0.0]
"""
