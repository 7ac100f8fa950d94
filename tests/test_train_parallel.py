"""Several processes: the losses of the global batch and their gradients, and the whole loop."""

import json
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from mitheory import train
from mitheory.train import LOSSES, losses, parallel

TIMEOUT = 120
"""Seconds after which processes that wait for each other are killed and the test fails."""

ENDS = {
    f"entropy_regularised at {alpha}": (losses.entropy_regularised, {"alpha": alpha})
    for alpha in (0.0, 1.0)
}
TASKS = Path("/proc/self/task")

CASES = {
    **{name: (loss.function, {}) for name, loss in LOSSES.items()},
    **ENDS,
    "mutual_information of a law": (losses.mutual_information, {"label_law": [0.2, 0.3, 0.5]}),
}
# rows of the two processes, and the scale of the logits
SHARES = {
    "equal": (6, 6, 1.0),
    "unequal": (3, 9, 1.0),
    "empty": (0, 5, 1.0),
    "extreme": (4, 2, 1e4),
}


def objective(case, weight=0.3):
    function, options = CASES[case]
    if function is not losses.cross_entropy:
        options = {"weight": weight, **options}
    return lambda logits, targets: function(logits, targets, **options)


def problem(share):
    """A small network in double precision, all rows of the batch, and how many are the first's."""
    first, second, scale = SHARES[share]
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 3)).double()
    with torch.no_grad():
        network[-1].weight *= scale
    x = torch.randn(first + second, 4, dtype=torch.float64)
    y = torch.randint(0, 3, (first + second,))
    return network, x, y, first


def run_together(command, environment, count):
    """Run the command in `count` processes at once; kill all if one fails or they take too long."""
    processes = [
        subprocess.Popen(
            command,
            env={**os.environ, "OMP_NUM_THREADS": "1", **environment, "RANK": str(rank)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        for rank in range(count)
    ]
    outputs = []
    try:
        outputs = [process.communicate(timeout=TIMEOUT)[0] for process in processes]
    finally:
        for process in processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
    for process, output in zip(processes, outputs, strict=True):
        assert process.returncode == 0, output
    return outputs


def threads():
    """How many threads this process has, those of libraries too; 0 where nothing tells."""
    return len(os.listdir(TASKS)) if TASKS.is_dir() else 0


def worker(init):
    """What each of the two processes does: print losses and averaged gradients as JSON."""
    from datetime import timedelta

    from torch import distributed
    from torch.nn.parallel import DistributedDataParallel

    rank = int(os.environ["RANK"])
    distributed.init_process_group(
        "gloo",
        init_method=init,
        rank=rank,
        world_size=2,
        timeout=timedelta(seconds=TIMEOUT / 2),
    )

    def share_of(share, case):
        network, x, y, first = problem(share)
        rows = slice(first) if rank == 0 else slice(first, None)
        replica = DistributedDataParallel(network)  # averages gradients while it lives
        value = objective(case)(replica(x[rows]), y[rows])
        value.backward()
        gradient = torch.cat([p.grad.flatten() for p in network.parameters()])
        return [value.item(), *gradient.tolist()]

    found = {f"{share}/{case}": share_of(share, case) for share in SHARES for case in CASES}
    try:
        losses.cross_entropy(torch.zeros(0, 3), torch.zeros(0, dtype=torch.int64))
    except ValueError as error:
        found["nobody has a row"] = str(error)
    before = threads()
    parallel.leave()
    found["threads"] = [before, threads()]
    print(json.dumps(found))


@pytest.fixture(scope="module")
def together(tmp_path_factory):
    """What two processes found, each."""
    init = (tmp_path_factory.mktemp("group") / "meeting").as_uri()
    outputs = run_together([sys.executable, "-W", "error", __file__, init], {}, 2)
    return [json.loads(output) for output in outputs]


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("case", CASES)
def test_two_processes_find_the_loss_and_the_gradient_of_the_global_batch(together, share, case):
    network, x, y, _ = problem(share)
    value = objective(case)(network(x), y)
    value.backward()
    gradient = torch.cat([p.grad.flatten() for p in network.parameters()]).numpy()
    assert np.abs(gradient).max() > 1e-3  # there is something to compare
    for found in together:
        assert found[f"{share}/{case}"][0] == pytest.approx(value.item(), rel=1e-12)
        got = np.array(found[f"{share}/{case}"][1:])
        assert got == pytest.approx(gradient, rel=1e-10, abs=1e-10 * np.abs(gradient).max())


@pytest.mark.parametrize("case", ["mutual_information", "information_regularised"])
def test_the_average_of_local_losses_would_be_another_one(case):
    # or else the test above would show nothing about the marginal
    network, x, y, first = problem("unequal")
    logits = network(x)
    whole = objective(case)(logits, y).item()
    local = [objective(case)(logits[r], y[r]).item() for r in (slice(first), slice(first, None))]
    assert abs(np.average(local, weights=[3, 9]) - whole) > 1e-4


def test_a_batch_without_a_row_in_any_process_is_refused(together):
    for found in together:
        assert "with B, K >= 1; got (0, 3) and (0,)" in found["nobody has a row"]


@pytest.mark.skipif(not TASKS.is_dir(), reason=f"needs {TASKS}, where Linux lists threads")
def test_the_threads_of_a_group_end_when_it_is_left(together):
    # one that still runs when the interpreter ends may abort it
    for found in together:
        before, after = found["threads"]
        assert after <= before - 3  # two that work and one that listens


def fitted(folder):
    """A training, and its continuation for one epoch more; what `on_epoch` was told."""
    data = train.digits(np.random.default_rng(0), n_test=800)
    told = []

    def fit(epochs):
        # 700 samples: the last batch holds 21, an odd number
        return train.fit(
            data,
            loss="mutual_information",
            weight=2.0,
            model=partial(train.mlp, hidden=(16,)),
            epochs=epochs,
            batch_size=97,
            seed=1,
            device="cpu",
            checkpoint=folder / "state.pt",
            on_epoch=told.append,
        )

    return fit(2), fit(3), [epoch.epoch for epoch in told]


def launched(folder):
    """What each process that torchrun starts does."""
    first, longer, told = fitted(folder)
    record = [first.to_dict(), longer.to_dict(), told, first.probabilities.tolist()]
    (folder / f"{os.environ['RANK']}.json").write_text(json.dumps(record))


def test_torchrun_trains_as_one_process_does(tmp_path):
    run_together(
        [
            *(sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"),
            *(__file__, "torchrun", str(tmp_path)),
        ],
        {},
        1,
    )
    records = [json.loads((tmp_path / f"{rank}.json").read_text()) for rank in (0, 1)]
    assert records[0][2] == [1, 2, 3]  # the first process alone reports, and writes
    assert records[1][2] == []
    (tmp_path / "alone").mkdir()
    *alone, _ = fitted(tmp_path / "alone")
    assert [result.processes for result in alone] == [1, 1]
    for *together, _, probabilities in records:
        assert np.array(probabilities) == pytest.approx(alone[0].probabilities, abs=1e-4)
        for got, expected in zip(together, alone, strict=True):
            assert got["processes"] == 2
            for epoch, wanted in zip(got["history"], expected.history, strict=True):
                for part in ("train", "val", "test"):
                    cross_entropy = getattr(wanted, part).cross_entropy
                    assert epoch[part]["cross_entropy"] == pytest.approx(cross_entropy, rel=1e-4)
    assert records[0][0]["history"] == records[1][0]["history"]


if __name__ == "__main__":
    if sys.argv[1] == "torchrun":
        launched(Path(sys.argv[2]))
    else:
        worker(sys.argv[1])
