"""pbit.time_to_solution: what is timed, what is counted, and who is refused."""

import json
import math
import time

import dimod
import numpy as np
import pytest

import pbit
from pbit.measure.tts.callers import Calling, caller_of
from pbit.measure.tts.comparison import Instance, compare_solvers
from pbit.statistics import HitTimes, ReadCounts, tts_from_success

RING = pbit.IsingModel.from_edges(range(6), [*range(1, 6), 0], [1.0] * 6)
ALPHA_Z = 4.9  # two-sided 1e-6


class Coins:
    """Reads of the ring that succeed with a known probability, in a time of its own saying."""

    def __init__(self, success=0.2, lie=0.0, occurrences=1):
        self.parameters = {"num_reads": [], "num_sweeps": [], "seed": []}
        self.success, self.lie, self.occurrences, self.calls = success, lie, occurrences, []

    def sample(self, bqm, num_reads, num_sweeps, seed):
        self.calls.append((num_reads, num_sweeps, seed))
        rng = np.random.default_rng(seed)
        hit = rng.random(num_reads) < self.success
        spins = np.where(hit[:, None], 1, [1, -1, 1, -1, 1, -1])
        labels = list(bqm.variables)
        energies = np.where(hit, -6.0, 6.0) + self.lie
        found = dimod.SampleSet.from_samples(
            (spins[:, ::-1], labels[::-1]), energy=energies, vartype="SPIN",
            num_occurrences=np.full(num_reads, self.occurrences),
        )  # fmt: skip
        found.info["timing"] = {"sampling_ns": 10 * num_reads * num_sweeps}
        return found


class Aims:
    """Stops at a target after exponential times of its own saying, or at the limit."""

    def __init__(self, mean_s=1e-5):
        self.parameters = {"target": [], "time_limit": [], "seed": []}
        self.mean_s = mean_s

    def sample(self, bqm, target, time_limit, seed):
        taken = np.random.default_rng(seed).exponential(self.mean_s)
        hit = taken <= time_limit
        spins = np.ones((1, 6)) if hit else [[1, -1, 1, -1, 1, -1]]
        found = dimod.SampleSet.from_samples_bqm((spins, list(bqm.variables)), bqm)
        found.info["timing"] = {"sampling_ns": 1e9 * min(taken, time_limit)}
        return found


def measured(sampler, **options):
    given = {"num_sweeps": 10, "num_reads": 400, "clock": "sampling", "seed": 1} | options
    return pbit.time_to_solution(sampler, RING, -6.0, **given)


# --- what is counted and timed


def test_success_and_time_of_a_read():
    """2000 reads at 0.2: the hits within 4.9 binomial errors; 10 ns a sweep as the sampler says."""
    result = measured(Coins(), num_reads=2000)
    (each,) = result.instances
    assert abs(each.hits - 0.2 * each.reads) < ALPHA_Z * math.sqrt(each.reads * 0.16)
    assert each.reads >= 2000
    assert result.lengths[0].read_s == pytest.approx(1e-7, rel=1e-9)
    assert result.tts.value == pytest.approx(
        float(tts_from_success(each.hits / each.reads, 1e-7)), rel=1e-9
    )
    assert result.tts.low < result.tts.value < result.tts.high


def test_warm_up_is_not_counted():
    class Compiles(Coins):
        def sample(self, *args, **kwargs):
            if not self.calls:
                time.sleep(0.2)
            return super().sample(*args, **kwargs)

    result = measured(Compiles(), clock="wall", num_reads=20)
    assert result.instances[0].wall_s < 0.2
    assert result.lengths[0].read_s < 0.1


def test_a_batch_side_by_side_is_never_less_than_one_call():
    alone = measured(Coins(1.0))
    together = measured(Coins(1.0), reads_at_once=50)
    assert alone.tts.value == pytest.approx(1e-7)
    assert together.tts.value == pytest.approx(50e-7)
    assert together.lengths[0].read_s == pytest.approx(1e-7)  # a call's time over its reads


def test_halves_have_the_same_number_of_reads_and_other_seeds():
    sampler = Coins()
    measured(sampler, num_sweeps=[10, 20], num_reads=300)
    assert len({seed for *_, seed in sampler.calls}) == len(sampler.calls)
    sizes = [reads for reads, sweeps, _ in sampler.calls[1:] if sweeps == 10]
    assert sum(sizes[::2]) == sum(sizes[1::2]) >= 150


def test_rows_that_stand_for_several_reads():
    result = measured(Coins(occurrences=3))
    assert result.instances[0].reads % 3 == 0
    assert result.lengths[0].read_s == pytest.approx(1e-7 / 3)


def test_same_seed_same_counts():
    one, two = measured(Coins(), seed=5), measured(Coins(), seed=5)
    assert one.instances[0].hits / one.instances[0].reads == two.instances[0].hits / (
        two.instances[0].reads
    )
    assert measured(Coins(), seed=None).seed != measured(Coins(), seed=None).seed


def test_first_hits_with_a_limit():
    """300 runs of mean 10 us stopped at 12 us: ln(100) times the mean, at 1 - 1e-6."""
    result = measured(Aims(), num_sweeps=None, num_runs=300, time_limit=1.2e-5, confidence=1 - 1e-6)
    (each,) = result.instances
    assert result.measured_by == "first-hit" and each.reads == 300 and 150 < each.hits < 250
    assert result.tts.low < np.log(100) * 1e-5 < result.tts.high < np.inf
    assert result.tts == each.tts
    assert result.lengths == () and result.naive_s is None


def test_a_sampler_that_sees_no_target_in_time():
    result = measured(Aims(1e9), num_sweeps=None, num_runs=3, time_limit=1e-5)
    assert result.tts.value == math.inf and result.solved == 0
    assert result.to_dict()["tts"]["value"] is None


def test_the_best_of_several_lengths():
    class Longer(Coins):
        def sample(self, bqm, num_reads, num_sweeps, seed):
            self.success = 0.5 if num_sweeps >= 20 else 0.01
            return super().sample(bqm, num_reads, num_sweeps, seed)

    result = measured(Longer(), num_sweeps=[10, 20, 40], num_reads=400)
    assert result.num_sweeps == (20, 20) and not result.at_edge
    assert [length.num_sweeps for length in result.lengths] == [10, 20, 40]
    text = str(result)
    assert max(map(len, text.splitlines())) <= 80
    assert "20 *" in text and "Longer: time to 99 % success" in text


def test_residual_energy_of_each_length():
    """0.8 of the reads are 12 above the target: 1.6 a spin, within 4.9 errors as told."""
    length = measured(Coins(), num_reads=2000).lengths[0]
    assert abs(length.residual - 1.6) < ALPHA_Z * length.residual_error
    assert length.residual_error == pytest.approx(2 * 0.4 / math.sqrt(2000), rel=0.1)


def test_several_models_with_names():
    models, targets = [RING, RING.to_bqm(), RING], [-6.0, -6.0, -7.0]
    result = pbit.time_to_solution(
        Coins(), models, targets, num_sweeps=5, clock="sampling", seed=1, names=["a", "b", "c"]
    )
    assert [each.name for each in result.instances] == ["a", "b", "c"]
    assert [each.solved for each in result.instances] == [True, True, False]
    assert np.isinf(result.times()).tolist() == [False, False, True]
    own = pbit.time_to_solution(
        Coins(), models, targets, num_sweeps=[5, 10], clock="sampling", seed=1, per="instance"
    )
    assert own.num_sweeps == () and len(own.instances[0].num_sweeps) == 2


def test_plain_data_is_json():
    record = json.loads(json.dumps(measured(Coins(), num_sweeps=[1, 2]).to_dict(), allow_nan=False))
    assert record["sampler"] == "Coins" and len(record["lengths"]) == 2
    assert record["instances"][0]["tts"]["confidence"] == 0.95
    data = record["instances"][0]["data"]
    assert np.sum(data["reads"], axis=0).min() >= 400 and data["num_sweeps"] == [1, 2]
    runs = measured(Aims(), num_sweeps=None, num_runs=5).to_dict()["instances"][0]["data"]
    assert len(runs["seconds"]) == 5 and set(runs["hit"]) == {True}


# --- solvers and samplers that exist


@pytest.mark.parametrize("sampler", ["pbit", "neal"])
def test_named_solvers(sampler):
    result = pbit.time_to_solution(sampler, RING, -6.0, num_sweeps=[10, 50], num_reads=64, seed=1)
    assert result.solved == 1 and result.sampler == sampler
    assert result.instances[0].best_energy == -6.0


def test_a_named_solver_until_the_target():
    result = pbit.time_to_solution("pbit", RING, -6.0, measure="first-hit", num_runs=3, seed=1)
    assert (result.instances[0].hits, result.measured_by) == (3, "first-hit")


def test_names_go_by_default_as_they_can():
    def kind(sampler):
        return caller_of(sampler, RING, Calling()).kind

    assert [kind("pbit"), kind("neal"), kind(pbit.PBitSampler()), kind(Coins())] == ["reads"] * 4
    assert kind(Aims()) == "first-hit"


def test_neal_as_a_dimod_sampler_with_bits_and_words_as_labels():
    from neal import SimulatedAnnealingSampler

    bqm = RING.to_bqm().relabel_variables(dict(enumerate("zyxwvu")), inplace=False)
    bqm = bqm.change_vartype("BINARY", inplace=False)
    result = pbit.time_to_solution(
        SimulatedAnnealingSampler(), bqm, -6.0, num_sweeps=20, num_reads=50, seed=1
    )
    assert result.solved == 1


def test_tabu_is_not_stopped_before_the_target():
    """It compares its threshold with energies of bits without offset, 12 below those of spins."""
    from dwave.samplers import TabuSampler

    rng = np.random.default_rng(1)
    rows, cols = np.triu_indices(30, 1)
    model = pbit.IsingModel.from_edges(rows, cols, rng.choice([-1.0, 1.0], rows.size), offset=3.0)
    best = float(TabuSampler().sample(model.to_bqm(), timeout=200, seed=1).first.energy)
    result = pbit.time_to_solution(TabuSampler(), model, best, num_runs=5, time_limit=5.0, seed=1)
    assert result.instances[0].hits == 5


def test_terms_of_three_spins():
    model = pbit.PolynomialModel.from_terms([((0, 1, 2), 1.0), ((0,), 0.5)], num_spins=3)
    result = pbit.time_to_solution("pbit", model, -1.5, num_sweeps=20, num_reads=64, seed=1)
    assert result.solved == 1
    result = pbit.time_to_solution(
        pbit.PBitSampler(), model.to_polynomial(), -1.5, num_sweeps=20, num_reads=64, seed=1
    )
    assert result.solved == 1


def test_a_target_that_was_not_the_lowest():
    result = pbit.time_to_solution("pbit", RING, -2.0, num_sweeps=20, num_reads=64, seed=1)
    assert result.instances[0].beaten and "below the target" in str(result)


def test_states_that_are_not_accepted_are_no_hits():
    instance = Instance(RING, -6.0, accept=lambda spins: spins[0] == 1)
    result = compare_solvers({"pbit": "pbit"}, [instance], num_sweeps=50, num_reads=640, seed=1)
    (each,) = result["pbit"].instances  # half of the ground states
    assert abs(each.hits / each.reads - 0.5) < ALPHA_Z * 0.5 / math.sqrt(each.reads) + 0.05


# --- ends


def test_budget():
    class Slow(Coins):
        def sample(self, *args, **kwargs):
            time.sleep(0.01)
            return super().sample(*args, **kwargs)

    result = measured(Slow(), clock="wall", num_reads=10**6, num_sweeps=[5, 6], budget=0.3)
    assert result.stop_reason == "budget" and "ended by budget" in str(result)
    assert result.instances[0].wall_s < 1.5
    result = measured(Aims(), num_sweeps=None, num_runs=10**6, budget=1e-3)
    assert result.stop_reason == "budget" and result.instances[0].reads < 1000


def test_interrupts_keep_what_there_is():
    sampler = Coins()
    result = measured(sampler, num_reads=10**9, interrupt=lambda: len(sampler.calls) > 20)
    assert result.stop_reason == "interrupted" and result.instances[0].reads > 10


def test_interrupts_keep_the_lengths_that_were_done():
    sampler = Coins()
    result = measured(sampler, num_sweeps=[1, 2, 3], interrupt=lambda: len(sampler.calls) >= 4)
    assert [length.num_sweeps for length in result.lengths] == [1]  # a warm-up, a pair, and a half
    assert result.stop_reason == "interrupted"


def test_interrupts_keep_instances_that_all_have_done():
    first, second = Coins(), Coins()
    results = compare_solvers(
        {"a": first, "b": second}, [Instance(RING, -6.0, str(k)) for k in range(3)],
        num_sweeps=10, num_reads=50, clock="sampling", seed=1,
        interrupt=lambda: len(second.calls) >= 6,
    )  # fmt: skip
    assert [len(result.instances) for result in results.values()] == [1, 1]


def test_a_sampler_that_returns_nothing_when_interrupted():
    stop = []

    class Stops(Coins):
        def sample(self, bqm, **keywords):
            if len(self.calls) > 6:
                stop.append(1)
                return Empty.sample(self, bqm, **keywords)
            return super().sample(bqm, **keywords)

    result = measured(Stops(), num_reads=10**9, interrupt=lambda: bool(stop))
    assert result.stop_reason == "interrupted"


def test_interrupt_before_anything():
    with pytest.raises(KeyboardInterrupt):
        measured(Coins(), interrupt=lambda: True)


def test_progress_rises_to_the_end():
    seen = []
    measured(Coins(), num_sweeps=[1, 2], progress=seen.append)
    fractions = [report.fraction for report in seen]
    assert fractions == sorted(fractions) and fractions[-1] == 1.0
    assert seen[-1].best_energy == -6.0


# --- refusals


class Empty(Coins):
    def sample(self, bqm, **_):
        return dimod.SampleSet.from_samples_bqm((np.empty((0, 6)), list(bqm.variables)), bqm)


class Silent(Coins):
    def sample(self, *args, **kwargs):
        found = super().sample(*args, **kwargs)
        found.info.clear()
        return found


@pytest.mark.parametrize(
    ("sampler", "options", "error", "message"),
    [
        (Coins(lie=-0.5), {}, ValueError, "must return the energies of its samples"),
        (Coins(lie=np.nan), {}, ValueError, "must return the energies of its samples"),
        (Empty(), {}, ValueError, "one sample or more"),
        (Silent(), {}, ValueError, "clock must be 'wall'"),
        (Coins(), {"measure": "first-hit"}, ValueError, "must take target and time_limit"),
        (Aims(), {"measure": "reads"}, ValueError, "must take num_sweeps"),
        (3, {}, TypeError, "sampler must be a dimod sampler or one of"),
        (pbit.PBitSampler, {}, TypeError, "call the class"),
        (Coins(), {"num_sweeps": 2**70}, ValueError, "num_sweeps must be <= "),
        ("nael", {}, ValueError, "sampler must be one of"),
        ("pbit", {"num_swepes": 3, "clock": "wall"}, TypeError, "keywords must be those"),
        (Coins(), {"num_sweeps": 0}, ValueError, "num_sweeps must be >= 1"),
        (Coins(), {"num_sweeps": []}, ValueError, "num_sweeps must be one number"),
        (Coins(), {"num_sweeps": 1.5}, TypeError, "num_sweeps must be an integer"),
        (Coins(), {"num_reads": 0}, ValueError, "num_reads must be >= 1"),
        (Coins(), {"num_runs": 1}, ValueError, "num_runs must be >= 2"),
        (Coins(), {"reads_at_once": 0}, ValueError, "reads_at_once must be >= 1"),
        (Coins(), {"time_limit": 0.0}, ValueError, "time_limit must be"),
        (Coins(), {"budget": math.inf}, ValueError, "budget must be"),
        (Coins(), {"probability": 1.0}, ValueError, "probability must be"),
        (Coins(), {"confidence": 0.0}, ValueError, "confidence must be"),
        (Coins(), {"per": "file"}, ValueError, "per must be one of"),
        (Coins(), {"clock": "sun"}, ValueError, "clock must be one of"),
        (Coins(), {"measure": "x"}, ValueError, "measure must be one of"),
        (Coins(), {"seed": -1}, ValueError, "seed must be"),
        (Coins(), {"names": ["a", "b"]}, ValueError, "names must be one for each"),
    ],
)
def test_refusals(sampler, options, error, message):
    with pytest.raises(error, match=message):
        measured(sampler, **options)


@pytest.mark.parametrize(
    ("model", "target", "error", "message"),
    [
        (RING, math.nan, ValueError, "target must be a finite energy"),
        (RING, [-1.0, -2.0], ValueError, "target must be one energy for each model"),
        ([RING, RING], -6.0, ValueError, "target must be one energy for each model"),
        ([], [], ValueError, "model must be one model or more"),
        ({}, -6.0, TypeError, "model must be an IsingModel"),
        (dimod.BQM("SPIN"), 0.0, ValueError, "model must have one spin or more"),
        (RING, "low", TypeError, "target must be an energy or a list"),
        (RING, [[-6.0]], TypeError, "target must be an energy or a list"),
    ],
)
def test_models_and_targets_refused(model, target, error, message):
    with pytest.raises(error, match=message):
        pbit.time_to_solution("pbit", model, target, num_sweeps=1)


def test_nothing_to_compare():
    with pytest.raises(ValueError, match="samplers and instances must be"):
        compare_solvers({}, [])


def test_counts_are_those_of_the_statistics():
    """The table's row is the estimator's: no second formula anywhere."""
    (each,) = measured(Coins()).instances
    seconds = 1e-7 * each.reads
    assert each.tts.value == pytest.approx(ReadCounts(each.hits, each.reads, seconds).tts())
    assert HitTimes([1.0], [True]).tts() == pytest.approx(math.log(100))
