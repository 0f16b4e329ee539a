"""``pbit verify``: does the sampler follow the Boltzmann law of the model in this file?"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import click

from pbit.cli.reading import file_options, meaning_of, pairwise, read_contents
from pbit.cli.record import keys, to_json
from pbit.cli.refusals import TooLarge
from pbit.cli.running import Bar, Interrupt, run_in_thread
from pbit.versions import versions

if TYPE_CHECKING:
    from pbit.formats import AnyContents
    from pbit.measure.verification.law_check import Deviation
    from pbit.measure.verification.verify import Certificate
    from pbit.problems.core.problem import Problem
    from pbit.run.control import Progress

FAILED = 3
_SHOWN = 5
_TOLD = 100  # deviations in the JSON


@click.command()
@file_options
@click.option("--beta", type=float, help="Inverse temperature.  [default: hot end of pbit info]")
@click.option("--reads", type=click.IntRange(1, 2**31), default=10_000, show_default=True,
              help="Independent samples.")  # fmt: skip
@click.option("--sweeps", type=click.IntRange(2, 2**31), default=200, show_default=True,
              help="Burn-in of each.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0, 2**64 - 1), help="Drawn if not given.")
@click.option("--alpha", type=float, default=1e-6, show_default=True,
              help="Chance that a sound sampler fails, all tests together.")  # fmt: skip
@click.option("--rule", type=click.Choice(["heat-bath", "metropolis"]), default="heat-bath",
              show_default=True)  # fmt: skip
@click.option("--order", type=click.Choice(["auto", "sequential", "chromatic", "random",
              "permutation"]), default="auto", show_default=True)  # fmt: skip
@click.option(
    "--kernel",
    type=click.Choice(["auto", "bits", "cached", "colors", "dense", "lanes", "reads"]),
    default="auto",
    show_default=True,
    help="How reads are computed; see pbit.anneal.",
)
@click.option("--threads", type=click.IntRange(1, 1024), help="All processors by default.")
@click.option("--spin", metavar="NAME", help="Test a patch around this variable.")
@click.option("--patch-size", type=click.IntRange(min=1), help="Its spins.  [default: 20]")
@click.option("--json", "as_json", is_flag=True, help="Print the certificate as JSON.")
@click.option("--quiet", is_flag=True, help="Nothing on stderr.")
def verify(**options: Any) -> None:
    """Sample the model in FILE (- for standard input) and test the samples.

    They are compared with the exact Boltzmann law: every mean, every correlation of a coupled
    pair, the mean energy, and up to 14 spins the whole states. A model of up to 1000 spins and low
    treewidth is tested whole, of any other a patch: some spins around one, drawn at random or
    named, the rest held at a sampled state. A weighted graph is read as Ising unless --problem
    says otherwise.

    Exit status: 0 PASS, 2 usage, 3 FAIL, 4 file refused, 5 too large for this machine or for an
    exact law, 130 interrupted.
    """
    _check(options)
    contents = read_contents(options["file"], options["format_"])
    if options["problem"] is None and contents.kind == "graph":
        options["problem"] = "ising"
    problem = meaning_of(contents, options["problem"], options["ising_sign"])
    pairwise(problem, "pbit verify")
    certificate = _run(problem, options, _index(problem, options["spin"]))
    record = _record(contents, problem, certificate)
    click.echo(to_json(record) if options["as_json"] else _text(record, options))
    click.get_current_context().exit(0 if certificate.passed else FAILED)


def _check(options: dict[str, Any]) -> None:
    """Whatever can be refused is refused before the file is read."""
    beta, alpha = options["beta"], options["alpha"]
    if beta is not None and not 0 <= beta < math.inf:
        raise click.UsageError(f"--beta must be a finite number >= 0, got {beta}")
    if not 0 < alpha < 1:
        raise click.UsageError(f"--alpha must be a probability between 0 and 1, got {alpha}")


def _index(problem: Problem, name: str | None) -> int | None:
    if name is None:
        return None
    names = keys(problem.labels)
    if name not in names:
        first = ", ".join(names[:3])
        raise click.UsageError(f"--spin {name:.40}: no such variable; the first ones are {first}")
    return names.index(name)


def _run(problem: Problem, options: dict[str, Any], centre: int | None) -> Certificate:
    interrupt = Interrupt()
    with interrupt.listening(), Bar(quiet=options["quiet"]) as bar:

        def show(report: Progress) -> None:
            bar.show(report.fraction, "sampling")

        def work() -> Certificate:
            from pbit.measure.verification.verify import verify as run_verify
            from pbit.run.control import Control

            return run_verify(
                pairwise(problem, "pbit verify"),
                options["beta"],
                num_reads=options["reads"],
                num_sweeps=options["sweeps"],
                seed=options["seed"],
                alpha=options["alpha"],
                rule=options["rule"],
                order=options["order"],
                kernel=options["kernel"],
                num_threads=options["threads"],
                centre=centre,
                patch_size=options["patch_size"],
                control=Control(interrupt=interrupt, progress=show),
            )

        try:
            return run_in_thread(work, interrupt, bar, patient=False)
        except MemoryError as error:
            raise TooLarge(str(error).replace("num_reads", "--reads")) from error
        except ValueError as error:
            raise _refusal(error) from error


def _refusal(error: ValueError) -> Exception:
    """The error as the user of the command should see it."""
    from pbit.exact.elimination import TooWide

    if isinstance(error, TooWide):
        return TooLarge(
            f"no exact law for so many spins: its largest table would be over {error.width + 1} "
            "spins or more, and 24 are the limit; lower --patch-size"
        )
    if str(error).startswith(("kernel ", "beta ")):
        return click.UsageError(f"--{error}")
    return error


def _record(contents: AnyContents, problem: Problem, certificate: Certificate) -> dict[str, Any]:
    """The certificate as plain data."""
    law, burn_in, energy = certificate.law, certificate.burn_in, certificate.law.energy
    all_names = keys(problem.labels)
    names = [all_names[i] for i in certificate.spins.tolist()]
    centre = certificate.centre
    relaxation = burn_in.relaxation_sweeps
    shown = min(_TOLD, max(1, int(law.rejected.sum())))
    return {
        "verdict": "PASS" if certificate.passed else "FAIL",
        "cause": certificate.cause or None,
        "file": contents.name,
        "format": contents.format,
        "problem": problem.name,
        "num_variables": problem.model.num_spins,
        "num_couplings": pairwise(problem, "pbit verify").num_couplings,
        "tested_spins": names,
        "patch_around": None if centre is None else all_names[centre],
        "elimination_width": certificate.width,
        "beta": certificate.beta,
        **certificate.info,
        "effective_sample_size": law.num_reads,
        "burn_in": {
            "lag_sweeps": burn_in.lag,
            "energy_memory": burn_in.energy_memory,
            "energy_error": burn_in.energy_error,
            "spin_memory": burn_in.spin_memory,
            "spin_error": burn_in.spin_error,
            "relaxation_sweeps_at_most": _finite(relaxation),
        },
        "energy": {
            "mean": energy.mean,
            "exact": energy.expected,
            "standard_error": energy.standard_error,
            "z": _finite(energy.z),
            "beta_seen": _finite(energy.beta),
            "beta_error": _finite(energy.beta_error),
        },
        "tests": {
            "spins": int(law.spin_means.size),
            "pairs": int(law.pair_means.size),
            "energy": 1,
            "states": int(law.has_states),
        },
        "num_tests": law.num_tests,
        "alpha": law.alpha,
        "smallest_p": law.smallest_p,
        "num_failed": int(law.rejected.sum()),
        "deviations": [_plain(one, names) for one in law.deviations(shown)],
        "versions": versions(neal=False),
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


def _text(record: dict[str, Any], options: dict[str, Any]) -> str:
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
