"""What ``pbit verify`` found: the certificate as plain data and for people."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from pbit.cli.reading import pairwise
from pbit.cli.record import keys
from pbit.versions import versions

if TYPE_CHECKING:
    from pbit.formats import AnyContents
    from pbit.measure.verification.law_check import Deviation
    from pbit.measure.verification.verify import Certificate
    from pbit.problems.core.problem import Problem

_SHOWN = 5
_TOLD = 100  # deviations in the JSON


def record_of(contents: AnyContents, problem: Problem, certificate: Certificate) -> dict[str, Any]:
    """The certificate as plain data."""
    law = certificate.law
    all_names = keys(problem.labels)
    names = [all_names[i] for i in certificate.spins.tolist()]
    centre = certificate.centre
    failed = int(law.rejected.sum())
    return {
        "verdict": "PASS" if certificate.passed else "FAIL",
        "cause": certificate.cause or None,
        "file": contents.name,
        "format": contents.format,
        "notes": list(contents.notes),
        "problem": problem.name,
        "num_variables": problem.model.num_spins,
        "num_couplings": pairwise(problem, "pbit verify").num_couplings,
        "tested_spins": names,
        "patch_around": None if centre is None else all_names[centre],
        "elimination_width": certificate.width,
        "beta": certificate.beta,
        **certificate.info,
        "effective_sample_size": law.num_reads,
        "burn_in": _plain_burn_in(certificate.burn_in),
        "energy": _plain_energy(law.energy),
        "tests": {
            "spins": int(law.spin_means.size),
            "pairs": int(law.pair_means.size),
            "energy": 1,
            "states": int(law.has_states),
        },
        "num_tests": law.num_tests,
        "alpha": law.alpha,
        "smallest_p": law.smallest_p,
        "num_failed": failed,
        "deviations": [_plain(one, names) for one in law.deviations(min(_TOLD, max(1, failed)))],
        "versions": versions(neal=False),
    }


def _plain_burn_in(burn_in: Any) -> dict[str, Any]:
    return {
        "lag_sweeps": burn_in.lag,
        "energy_memory": burn_in.energy_memory,
        "energy_error": burn_in.energy_error,
        "spin_memory": burn_in.spin_memory,
        "spin_error": burn_in.spin_error,
        "relaxation_sweeps_at_most": _finite(burn_in.relaxation_sweeps),
    }


def _plain_energy(energy: Any) -> dict[str, Any]:
    return {
        "mean": energy.mean,
        "exact": energy.expected,
        "standard_error": energy.standard_error,
        "z": _finite(energy.z),
        "beta_seen": _finite(energy.beta),
        "beta_error": _finite(energy.beta_error),
    }


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None


def _plain(one: Deviation, names: list[str]) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "variables": [names[i] for i in one.spins],
        "observed": _finite(one.observed),
        "exact": _finite(one.expected),
        "z": _finite(one.z),
        "p": one.p_value,
    }


def text_of(record: dict[str, Any], options: dict[str, Any]) -> str:
    """The certificate for people."""
    burn, energy, tests = record["burn_in"], record["energy"], record["tests"]
    kinds = [f"{tests['spins']} spins", f"{tests['pairs']} pairs", "energy"]
    kinds += ["states"] if tests["states"] else []
    limit = record["alpha"] / record["num_tests"]
    chosen = "" if options["beta"] is not None else " (hot end of the default range)"
    seen, error = energy["beta_seen"], energy["beta_error"]
    z = "" if energy["z"] is None else f" (z {energy['z']:.3g})"
    reads, sweeps = record["num_reads"], record["num_sweeps"]
    rows = [
        ("model", f"{record['problem']}, {record['num_variables']} variables, "
                  f"{record['num_couplings']} couplings"),
        ("tested", _scope(record)),
        ("exact law", f"by elimination, width {record['elimination_width']}"),
        ("beta", f"{record['beta']:.6g}{chosen}"),
        ("sampler", f"{record['rule']}, {record['order']}, kernel {record['kernel']}, "
                    f"seed {record['seed']}"),
        ("reads", f"{reads} of {sweeps} sweeps; independent, so the sample size is {reads}"),
        ("burn-in", _burn_in(burn, sweeps)),
        ("mean energy", f"{energy['mean']:.6g}, exact {energy['exact']:.6g} "
                        f"+- {energy['standard_error']:.2g}" + z),
        ("beta seen", "none gives this energy" if seen is None or error is None
                      else f"{seen:.6g} +- {error:.2g}"),
        ("tests", f"{record['num_tests']}: {', '.join(kinds)}"),
        ("smallest p", f"{record['smallest_p']:.2g} (FAIL at {limit:.2g} or less: alpha "
                       f"{record['alpha']:g} over all tests)"),
    ]  # fmt: skip
    lines = [f"{name:<12} {text}" for name, text in rows]
    if record["num_failed"]:
        lines.append(f"{'failed':<12} {record['num_failed']} tests; the worst:")
        lines += [_deviation(one) for one in record["deviations"][:_SHOWN]]
    return "\n".join([*lines, _verdict(record)])


def _scope(record: dict[str, Any]) -> str:
    if record["patch_around"] is None:
        return f"all {record['num_variables']} spins"
    count = len(record["tested_spins"])
    return f"{count} spins around {record['patch_around']:.20}, the rest held at a sampled state"


def _burn_in(burn: dict[str, Any], sweeps: int) -> str:
    if burn["spin_error"] == burn["energy_error"] == 0:
        return "cannot be judged: all reads are alike"
    memory = (
        f"memory over {burn['lag_sweeps']} sweeps {burn['spin_memory']:.3f} (spins), "
        f"{burn['energy_memory']:.3f} (energy)"
    )
    relaxation = burn["relaxation_sweeps_at_most"]
    times = "no bound for" if relaxation is None else f"{sweeps / relaxation:.1f} or more"
    return f"{memory};\n{'':<12} {times} relaxation times"


def _deviation(one: dict[str, Any]) -> str:
    if one["kind"] == "states":
        return f"    states (p {one['p']:.2g})"
    mean = " ".join(f"s_{name:.8}" for name in one["variables"])
    name = f"<{mean}>" if mean else "energy"
    z = "" if one["z"] is None else f"z {one['z']:.3g}, "
    return f"    {name} {one['observed']:.5g}, exact {one['exact']:.5g} ({z}p {one['p']:.2g})"


def _verdict(record: dict[str, Any]) -> str:
    if record["verdict"] == "PASS":
        return "PASS: the samples agree with the Boltzmann law"
    if record["cause"] == "burn-in":
        return (
            f"FAIL: not in equilibrium after {record['num_sweeps']} sweeps: what fails still "
            "depends on\nthe start or still moves. Give more --sweeps or a lower --beta; only if "
            "that\ndoes not help is the sampler to blame."
        )
    return (
        "FAIL: the samples have settled and do not follow the Boltzmann law: the sampler\n"
        "is wrong for this model, or float32 fields show (--reads beyond 1e6)"
    )
