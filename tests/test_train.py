"""Models, scores and the training loop."""

import dataclasses
import io
import json
import math
import pickle
import subprocess
import sys
from functools import partial
from itertools import chain

import numpy as np
import pytest
import torch
from torch import nn

from mitheory import train
from mitheory.laws import BinaryGaussian
from mitheory.train.scores import score


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """Networks this small gain nothing from a second thread, and lose by sharing the machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def small(seed=0, n=60, classes=3, shape=(4,)):
    """Three parts of n samples whose first feature leans towards the label."""
    rng = np.random.default_rng(seed)
    parts = []
    for _ in range(3):
        y = rng.integers(0, classes, n)
        x = rng.normal(size=(n, *shape))
        x.reshape(n, -1)[:, 0] += y
        parts += [x, y]
    return train.Dataset(*parts, classes=classes, name="small")


def python(code):
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False
    )


# importing


def test_importing_the_package_loads_no_torch_and_every_public_name_resolves():
    done = python(
        "import sys, mitheory.train as t; assert 'torch' not in sys.modules;"
        "[getattr(t, name) for name in t.__all__]; assert 'torch' in sys.modules"
    )
    assert done.returncode == 0, done.stderr
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = train.nothing
    assert set(train.__all__) <= set(dir(train))


def test_without_torch_the_import_says_what_to_install():
    done = python("import sys; sys.modules['torch'] = None; import mitheory.train")
    assert "ImportError" in done.stderr
    assert "pip install mitheory[train]" in done.stderr


def test_without_scikit_learn_the_digits_say_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(ImportError, match=r"scikit-learn.*pip install mitheory\[train\]"):
        train.digits(np.random.default_rng(0))


# models


def test_models_have_the_layers_asked_for():
    def sizes(network):
        return [tuple(p.shape) for p in network.parameters()]

    assert sizes(train.linear(3, 2)) == [(2, 3), (2,)]
    assert sizes(train.mlp((1, 2, 3), 4, hidden=(5,))) == [(5, 6), (5,), (4, 5), (4,)]
    assert train.mlp((1, 2, 3), 4)(torch.zeros(7, 1, 2, 3)).shape == (7, 4)
    # logits take both signs: the last layer is not rectified
    assert train.mlp(3, 50)(torch.ones(1, 3)).min() < 0
    for bad in [{"inputs": 0, "classes": 2}, {"inputs": 1, "classes": 1},
                {"inputs": 1, "classes": 2, "hidden": (0,)}]:  # fmt: skip
        with pytest.raises(ValueError, match="must be an integer of at least"):
            train.mlp(**bad)


@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 32, 32), (2, 1, 5)])
@pytest.mark.parametrize("model", [train.cnn, partial(train.resnet18, width=4)])
def test_image_models_take_images_of_any_size(model, shape):
    network = model(shape, 7)
    x = torch.randn(4, *shape)
    assert network(x).shape == (4, 7)
    network(x).square().sum().backward()
    assert all(p.grad is not None and p.grad.abs().max() > 0 for p in network.parameters())


def test_image_models_have_the_layers_of_their_design():
    def size(network):
        return sum(p.numel() for p in network.parameters())

    # 9 C w + w, 9 w 2w + 2w, 9 (2w)^2 + 2w, 2w K + K for w = 16, C = 1, K = 10
    assert size(train.cnn((1, 28, 28), 10)) == 160 + 4640 + 9248 + 330
    # ResNet-18 with a 3 x 3 stem and 10 classes, a number in wide use
    resnet = train.resnet18((3, 32, 32), 10)
    assert size(resnet) == 11_173_962
    assert size(train.resnet18((1, 28, 28), 10)) == 11_173_962 - 2 * 64 * 9
    convolutions = [layer for layer in resnet.modules() if isinstance(layer, nn.Conv2d)]
    main = [layer for layer in convolutions if layer.kernel_size == (3, 3)]
    assert len(main) == 17  # with the linear layer, 18
    assert [layer.out_channels for layer in main] == [64] * 5 + [128] * 4 + [256] * 4 + [512] * 4
    assert sum(layer.stride == (2, 2) for layer in main) == 3
    seen = []
    resnet[-3].register_forward_hook(lambda module, given, out: seen.append(given[0].shape))
    resnet.eval()(torch.zeros(1, 3, 32, 32))
    assert seen == [(1, 512, 4, 4)]


def test_a_residual_block_adds_its_input():
    block = train.resnet18((1, 4, 4), 2, width=3)[3].eval()
    with torch.no_grad():
        block.inner[-1].weight.zero_()  # the last normalisation now gives 0
    x = torch.randn(2, 3, 4, 4)
    assert torch.equal(block(x), x.relu())


def test_image_models_refuse_other_shapes():
    for model in (train.cnn, train.resnet18):
        for shape in [(4,), (8, 8), 5]:
            with pytest.raises(ValueError, match=r"needs images, samples of shape \(channels, he"):
                model(shape, 2)
        for bad in [((0, 4, 4), 2, 4), ((1, 4, 4), 1, 4), ((1, 4, 4), 2, 0)]:
            with pytest.raises(ValueError, match="must be an integer of at least"):
                model(*bad)


# scores


def plain_scores(labels, q):
    """The scores from their definitions, in plain Python loops."""
    n, k = q.shape
    wrong = sum(max(range(k), key=lambda c: q[i][c]) != labels[i] for i in range(n))
    ce = -sum(math.log(q[i][labels[i]]) for i in range(n)) / n
    share = [sum(int(y == c) for y in labels) / n for c in range(k)]
    entropy = -sum(p * math.log(p) for p in share if p > 0)
    ece = 0.0
    for b in range(15):
        members = [i for i in range(n) if b / 15 < max(q[i]) <= (b + 1) / 15]
        if members:
            right = sum(q[i][labels[i]] == max(q[i]) for i in members) / len(members)
            sure = sum(max(q[i]) for i in members) / len(members)
            ece += len(members) / n * abs(right - sure)
    mean = [sum(q[i][c] for i in range(n)) / n for c in range(k)]
    kl = sum(p * math.log(p / m) for p, m in zip(share, mean, strict=True) if p > 0)
    return (wrong / n, ce, entropy - ce, ece, kl)


@pytest.mark.parametrize(("n", "classes"), [(1, 2), (2, 5), (500, 3), (500, 10)])
def test_scores_agree_with_their_definitions(n, classes):
    rng = np.random.default_rng(n + classes)
    q = rng.dirichlet(np.ones(classes), size=n)
    labels = rng.integers(0, classes, n)
    got = dataclasses.astuple(score(labels, np.log(q)))
    assert got == pytest.approx(plain_scores(labels, q), rel=1e-12, abs=1e-14)


def test_scores_of_certain_and_of_impossible_predictions():
    sure = score(np.array([0, 1]), np.array([[0.0, -1e4], [-1e4, 0.0]]))
    assert dataclasses.astuple(sure) == (0.0, 0.0, math.log(2), 0.0, 0.0)
    wrong = score(np.array([1, 1]), np.array([[0.0, -1e4], [0.0, -1e4]]))
    assert dataclasses.astuple(wrong) == pytest.approx((1.0, 1e4, -1e4, 1.0, 1e4))


def test_a_certain_prediction_shares_the_last_bin_of_confidence():
    # both confidences lie in (14/15, 1]: |(1 - 0.95) + (0 - 1)| / 2
    q = np.array([[math.log(0.95), math.log(0.05)], [0.0, -1e4]])
    assert score(np.array([0, 1]), q).calibration_error == pytest.approx(0.475, rel=1e-12)


# training


def test_training_repeats_itself_and_leaves_the_global_random_state_alone():
    torch.manual_seed(123)
    before = torch.get_rng_state()
    first = train.fit(small(), epochs=3, seed=5)
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(321)
    second = train.fit(small(), epochs=3, seed=5)
    assert first.history == second.history
    assert np.array_equal(first.probabilities, second.probabilities)
    assert train.fit(small(), epochs=3, seed=6).history != first.history


def test_dropout_repeats_itself_and_is_off_when_scored():
    def dropout(inputs, classes):
        return nn.Sequential(nn.Linear(*inputs, 32), nn.Dropout(0.5), nn.Linear(32, classes))

    first, second = (train.fit(small(), model=dropout, epochs=2, seed=1) for _ in range(2))
    assert first.history == second.history
    assert not first.network.training
    with torch.inference_mode():
        q = first.network(torch.tensor(small().x_test)).double().softmax(dim=1).numpy()
    assert first.probabilities == pytest.approx(q, rel=1e-12)


def test_losses_are_paired_by_the_seed():
    # a weight of 0 is cross entropy, from the same start and on the same batches
    plain = train.fit(small(), epochs=3, seed=2)
    for name in sorted(set(train.LOSSES) - {"cross_entropy"}):
        other = train.fit(small(), loss=name, weight=0.0, epochs=3, seed=2)
        for a, b in zip(plain.history, other.history, strict=True):
            expected = pytest.approx(dataclasses.astuple(a.test), rel=1e-4, abs=1e-5)
            assert dataclasses.astuple(b.test) == expected
    heavy = train.fit(small(), loss="mutual_information", weight=5.0, epochs=3, seed=2)
    assert heavy.history != plain.history


def test_models_see_the_same_batches_whatever_randomness_they_use():
    batches = {}

    def watched(inner, inputs, classes):
        seen = batches.setdefault(inner.__name__, [])

        class Watched(nn.Module):
            def __init__(self):
                super().__init__()
                self.inner = inner(inputs, classes)

            def forward(self, x):
                if self.training:
                    seen.append(x[:, 0].tolist())
                return self.inner(x)

        return Watched()

    def dropout(inputs, classes):
        return nn.Sequential(nn.Dropout(0.5), train.mlp(inputs, classes))

    for inner in (train.linear, dropout):
        train.fit(small(), model=partial(watched, inner), epochs=2, batch_size=20, seed=4)
    assert batches["linear"] == batches["dropout"]
    assert [len(b) for b in batches["linear"]] == [20] * 6
    first, second = ([*chain(*batches["linear"][i : i + 3])] for i in (0, 3))
    assert first != second
    assert sorted(first) == sorted(second) == sorted(small().x_train[:, 0].tolist())


def test_of_equal_epochs_the_first_is_best():
    still = train.fit(small(), learning_rate=1e-30, epochs=5, patience=2)
    assert still.best_epoch == 1
    assert len(still.history) == 3


def test_the_result_is_a_complete_record():
    data, seen = small(), []
    result = train.fit(
        data,
        loss="mutual_information",
        weight=0.5,
        model=partial(train.mlp, hidden=(8,)),
        epochs=4,
        batch_size=25,
        on_epoch=seen.append,
    )
    assert tuple(seen) == result.history
    assert [e.epoch for e in result.history] == [1, 2, 3, 4]
    assert result.model == "mlp(hidden=(8,))"
    assert result.parameters == 4 * 8 + 8 + 8 * 3 + 3
    assert result.last is result.history[-1]
    assert (result.n_train, result.n_val, result.n_test, result.classes) == (60, 60, 60, 3)
    p = np.bincount(data.y_test) / 60
    assert result.label_entropy == pytest.approx(-(p * np.log(p)).sum(), rel=1e-14)
    test = result.last.test
    assert test.learned_information == pytest.approx(result.label_entropy - test.cross_entropy)
    assert result.probabilities.shape == (60, 3)
    assert result.probabilities.sum(axis=1) == pytest.approx(np.ones(60), rel=1e-12)
    own_loss = -np.log(result.probabilities[np.arange(60), data.y_test]).mean()
    assert test.cross_entropy == pytest.approx(own_loss, rel=1e-12)
    record = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    assert record["last"] == dataclasses.asdict(result.last)
    assert record["best"] == dataclasses.asdict(result.best)
    assert record["history"][0]["val"]["error"] == result.history[0].val.error
    assert (record["loss"], record["weight"], record["seed"]) == ("mutual_information", 0.5, 0)
    assert set(record["versions"]) == {"mitheory", "numpy", "python", "torch"}
    assert not {"probabilities", "network"} & set(record)


@pytest.mark.parametrize("select", ["error", "cross_entropy"])
def test_the_best_epoch_is_chosen_on_validation_and_patience_counts_from_it(select):
    data = train.with_label_noise(small(n=40), 0.5, np.random.default_rng(0))
    options = {"batch_size": 10, "learning_rate": 0.02, "select": select}
    long = train.fit(data, epochs=40, **options)

    def key(e):
        return (e.val.error if select == "error" else 0, e.val.cross_entropy)

    assert long.best is min(long.history, key=key)  # the first of equals
    assert len(long.history) == 40
    short = train.fit(data, epochs=40, patience=3, **options)
    assert short.history == long.history[: len(short.history)]
    assert len(short.history) - short.best_epoch == 3
    assert len(short.history) < 40
    if select == "cross_entropy":  # memorising noise, cross entropy turns early
        assert long.best_epoch < 20
        assert long.last.val.learned_information < 0


def test_training_learns():
    result = train.fit(train.digits(np.random.default_rng(0)), epochs=20, seed=0)
    assert result.last.test.error < 0.06
    assert result.last.test.learned_information > 2.0  # of ln 10 = 2.30 nats
    assert result.last.train.cross_entropy < result.history[0].train.cross_entropy


def test_cross_entropy_of_a_linear_model_approaches_the_conditional_entropy():
    law = BinaryGaussian(mean=[1.0] + 4 * [0.0], cov=np.eye(5))
    data = train.gaussian(law, 8000, 100, 40_000, np.random.default_rng(3))
    result = train.fit(data, model=train.linear, epochs=15, learning_rate=0.01, seed=0)
    h = law.conditional_entropy()
    log_loss = -np.log(result.probabilities[np.arange(40_000), data.y_test])
    noise = 5 * log_loss.std() / math.sqrt(40_000)
    # asymptotically the excess is (d + 1) / 2n for the two classes' one vector of 6 numbers;
    # 5 times that leaves room for the last minibatch steps
    excess = result.last.test.cross_entropy - h
    assert -noise < excess < noise + 5 * 6 / (2 * 8000)


# checkpoints


def with_dropout(inputs, classes):
    return nn.Sequential(nn.Linear(*inputs, 16), nn.BatchNorm1d(16), nn.Dropout(0.5),
                         nn.Linear(16, classes))  # fmt: skip


def resumable(file, epochs=5, **options):
    defaults = {"model": with_dropout, "weight_decay": 0.1, "batch_size": 25, "seed": 3}
    return train.fit(small(), epochs=epochs, checkpoint=file, **{**defaults, **options})


def same(first, second):
    assert first.history == second.history
    assert np.array_equal(first.probabilities, second.probabilities)
    states = first.network.state_dict(), second.network.state_dict()
    assert all(torch.equal(a, b) for a, b in zip(*map(dict.values, states), strict=True))


def test_an_interrupted_training_goes_on_to_the_identical_result(tmp_path):
    whole = resumable(None)

    def interrupt(epoch):
        if epoch.epoch == 2:
            raise KeyboardInterrupt

    file = tmp_path / "state.pt"
    before = torch.get_rng_state()
    with pytest.raises(KeyboardInterrupt):
        resumable(file, on_epoch=interrupt)
    assert torch.equal(torch.get_rng_state(), before)
    assert [path.name for path in tmp_path.iterdir()] == ["state.pt"]
    told = []
    resumed = resumable(str(file), on_epoch=told.append)
    assert [epoch.epoch for epoch in told] == [3, 4, 5]
    same(resumed, whole)
    # a finished training is not run again, and a longer one goes on from it
    same(resumable(file, on_epoch=pytest.fail), whole)
    same(resumable(file, epochs=7), resumable(None, epochs=7))
    assert resumable(file, epochs=7).seconds > resumed.seconds


def test_an_interruption_within_an_epoch_loses_that_epoch_alone(tmp_path):
    calls = []

    def stopping(logits, targets):
        calls.append(1)
        if len(calls) == 5:  # of three batches an epoch
            raise KeyboardInterrupt
        return train.losses.cross_entropy(logits, targets)

    own = dataclasses.replace(train.LOSSES["cross_entropy"], function=stopping)
    with pytest.raises(KeyboardInterrupt):
        resumable(tmp_path / "state.pt", loss=own)
    same(resumable(tmp_path / "state.pt"), resumable(None))


def test_patience_holds_across_an_interruption(tmp_path):
    options = {"learning_rate": 0.05, "patience": 2, "select": "cross_entropy"}
    whole = resumable(None, epochs=60, **options)
    assert len(whole.history) < 60
    file = tmp_path / "state.pt"
    resumable(file, epochs=whole.best_epoch + 1, **options)
    same(resumable(file, epochs=60, **options), whole)
    same(resumable(file, epochs=60, on_epoch=pytest.fail, **options), whole)


def test_a_checkpoint_of_other_settings_is_refused(tmp_path):
    file = tmp_path / "state.pt"
    resumable(file, epochs=2)
    content = file.read_bytes()
    for options, message in [
        ({"seed": 4}, "checkpoint of another training: seed was 3 and is 4; remove it"),
        ({"batch_size": 20, "patience": 3}, "batch_size was 25 and is 20, patience was None and"),
        ({"learning_rate": 0.1}, r"learning_rate was 0\.001 and is 0\.1"),
        ({"weight_decay": 0.0}, "weight_decay was"),
        ({"loss": "confidence_penalty", "weight": 0.5}, "loss was 'cross_entropy' .* weight was"),
        ({"model": train.mlp}, "model was 'with_dropout' and is 'mlp', parameters was"),
        ({"select": "cross_entropy"}, "select was 'error' and is"),
        ({"epochs": 1}, "epochs must be at least the 2 that the checkpoint .* has run; got 1"),
    ]:
        with pytest.raises(ValueError, match=message):
            resumable(file, **options)
    # data of the same name that differ in one label
    other = small()
    other.y_val[0] = (other.y_val[0] + 1) % 3
    with pytest.raises(ValueError, match=r"data was '[0-9a-f]{32}' and is '"):
        train.fit(other, model=with_dropout, weight_decay=0.1, batch_size=25, seed=3,
                  checkpoint=file)  # fmt: skip
    assert file.read_bytes() == content
    assert resumable(file, device="cpu", progress=False).last.epoch == 5
    with pytest.raises(FileNotFoundError, match=r"folder of the checkpoint .* make it first"):
        resumable(tmp_path / "nowhere" / "state.pt")


class Bomb:
    """What a pickle may do when it is loaded."""

    def __reduce__(self):
        return (pytest.fail, ("a pickle was loaded",))


def test_a_damaged_checkpoint_is_refused_and_nothing_in_it_is_executed(tmp_path):
    file = tmp_path / "state.pt"
    resumable(file, epochs=1)
    whole = file.read_bytes()
    bomb = io.BytesIO()
    torch.save({"form": 1, "settings": Bomb()}, bomb)
    other = io.BytesIO()
    torch.save({"weights": torch.zeros(2)}, other)
    number = io.BytesIO()
    torch.save(5, number)
    for content in (b"", b"text", whole[:-40], whole[: len(whole) // 2], pickle.dumps(Bomb()),
                    bomb.getvalue(), other.getvalue(), number.getvalue()):  # fmt: skip
        file.write_bytes(content)
        with pytest.raises(
            ValueError, match=r"not a whole checkpoint of mitheory.train; remove it"
        ):
            resumable(file)
    later = torch.load(io.BytesIO(whole), weights_only=True) | {"form": 99}
    torch.save(later, file)
    with pytest.raises(ValueError, match="a checkpoint of another version of mitheory"):
        resumable(file)


# devices, weight decay, progress


def test_weight_decay_shrinks_the_parameters():
    still = {"learning_rate": 1e-30, "epochs": 1, "model": train.linear, "seed": 2}
    start = train.fit(small(), **still).network.state_dict()
    # one step of a learning rate a and a decay b multiplies by 1 - a b, besides Adam's step
    decayed = train.fit(small(), **{**still, "weight_decay": 1e29}, batch_size=60)
    for name, value in decayed.network.state_dict().items():
        assert value.numpy() == pytest.approx(0.9 * start[name].numpy(), rel=1e-5)


def test_the_device_is_the_one_asked_for(monkeypatch):
    result = train.fit(small(), epochs=1, device="cpu")
    assert result.device == "cpu"
    assert result.processes == 1
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert train.fit(small(), epochs=1, device="auto").history == result.history
    with pytest.raises(ValueError, match="where torch finds no GPU; got 'cuda'"):
        train.fit(small(), epochs=1, device="cuda")


@pytest.mark.skipif(not torch.cuda.is_available(), reason="torch finds no GPU")
def test_a_gpu_trains_as_the_cpu_does(tmp_path):
    options = {"epochs": 3, "seed": 5, "model": partial(train.resnet18, width=4)}
    data = small(shape=(1, 12, 12))
    there = train.fit(data, device="cuda", checkpoint=tmp_path / "state.pt", **options)
    here = train.fit(data, device="cpu", **options)
    assert there.device != "cpu"
    for a, b in zip(there.history, here.history, strict=True):
        assert a.test.cross_entropy == pytest.approx(b.test.cross_entropy, rel=0.02)
    assert all(p.device.type == "cpu" for p in there.network.parameters())
    options["epochs"] = 4
    assert len(train.fit(data, checkpoint=tmp_path / "state.pt", **options).history) == 4


def test_progress_is_shown_on_a_terminal_only(capsys, monkeypatch):
    train.fit(small(), epochs=1, progress=True)
    assert capsys.readouterr() == ("", "")
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich takes the stream for a terminal
    train.fit(small(), epochs=2, batch_size=20, progress=True)
    out, err = capsys.readouterr()
    assert out == ""
    assert "training" in err
    assert "6/6" in err
    monkeypatch.setitem(sys.modules, "rich", None)
    with pytest.raises(ImportError, match=r"needs rich.*pip install mitheory\[cli\]"):
        train.fit(small(), epochs=1, progress=True)


def test_a_model_by_name_is_refused():
    with pytest.raises(TypeError, match=r"model must be a function .* got 'mlp'"):
        train.fit(small(), model="mlp")


def test_bad_arguments_are_refused():
    data = small()
    for options, message in [
        ({"loss": "crossentropy"}, "unknown loss 'crossentropy'; did you mean cross_entropy"),
        ({"loss": "mutual_information", "weight": -1}, "weight must be a finite number at least 0"),
        ({"weight": 1.0}, "the loss cross_entropy has no weight"),
        ({"loss": "label_smoothing", "weight": 2.0}, "at most 1"),
        ({"epochs": 0}, "epochs must be an integer of at least 1"),
        ({"batch_size": 0}, "batch_size must be an integer of at least 1; got 0"),
        ({"learning_rate": 0.0}, "learning_rate must be a finite number above 0"),
        ({"weight_decay": -1.0}, "weight_decay must be a finite number at least 0"),
        ({"device": "gpu"}, "unknown device 'gpu'; did you mean cpu"),
        ({"seed": -1}, "seed must be an integer of at least 0"),
        ({"patience": 0}, "patience must be an integer of at least 1"),
        ({"select": "accuracy"}, "unknown select 'accuracy'"),
        ({"model": lambda inputs, classes: nn.Linear(4, 7)}, r"shape \(1, 3\); got \(1, 7\)"),
    ]:
        with pytest.raises(ValueError, match=message):
            train.fit(data, **options)
    with pytest.raises(TypeError, match=r"must be a mitheory\.train\.Dataset; got tuple"):
        train.fit((data.x_train, data.y_train))
    with pytest.raises(TypeError, match="progress must be True or False; got 1"):
        train.fit(data, progress=1)
    with pytest.raises(FloatingPointError, match=r"diverged.*lower the learning rate"):
        train.fit(data, learning_rate=1e30, epochs=3)


def test_a_loss_of_your_own_and_a_batch_larger_than_the_set():
    law = np.bincount(small().y_train) / 60
    own = dataclasses.replace(
        train.LOSSES["mutual_information"],
        name="dataset_law",
        function=partial(train.losses.mutual_information, label_law=law),
    )
    # on full batches the law of the batch is that of the set
    mine = train.fit(small(), loss=own, weight=2.0, batch_size=1000, epochs=3)
    theirs = train.fit(small(), loss="mutual_information", weight=2.0, batch_size=60, epochs=3)
    assert mine.loss == "dataset_law"
    assert mine.last.test.cross_entropy == pytest.approx(theirs.last.test.cross_entropy, rel=1e-4)
