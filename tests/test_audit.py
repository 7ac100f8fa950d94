"""The audit: intervals that hold, files and arrays that are refused by name."""

import json
import math

import numpy as np
import pytest
from scipy import special, stats

import mitheory as mt
from mitheory.auditing import audit
from mitheory.auditing.betting import mean_limits
from mitheory.auditing.calibration import calibration, expected_error, marginal_mismatch
from mitheory.auditing.picture import picture, save
from mitheory.auditing.predictions import read_predictions


def wealth(x, m, delta):
    """The gambler's wealth against the mean m, step by step as it is defined."""
    seen, mean, product = [], 0.5, 1.0
    squares, total = 0.25, 0.5
    for t, value in enumerate(x):
        variance = squares / (t + 1)
        bet = min(0.75, math.sqrt(2 * math.log(1 / delta) / (variance * len(x))))
        product *= 1 + bet * (value - m)
        seen.append(value)
        total += value
        mean = total / (t + 2)
        squares += (value - mean) ** 2
    return product


@pytest.mark.parametrize("delta", [0.5, 0.05, 1e-4])
@pytest.mark.parametrize("n", [1, 5, 300])
def test_limits_are_where_the_wealth_reaches_the_risk(n, delta):
    x = np.random.default_rng(n).beta(0.4, 3, size=n)
    low, high = mean_limits(7.0 * x, 7.0, delta)
    if low > 1e-12:
        assert wealth(x, low / 7.0 * (1 - 1e-9), delta) >= 1 / delta * (1 - 1e-9)
    assert wealth(x, low / 7.0 + 1e-6, delta) < 1 / delta
    if high < 7.0 * (1 - 1e-12):
        assert wealth(1 - x, 1 - high / 7.0 * (1 + 1e-9), delta) >= 1 / delta * (1 - 1e-9)
    assert wealth(1 - x, 1 - high / 7.0 + 1e-6, delta) < 1 / delta
    assert 0 <= low <= 7.0 * x.mean() <= high <= 7.0


@pytest.mark.parametrize("n", [20, 400])
@pytest.mark.parametrize("law", ["rare", "even", "smooth"])
def test_limits_of_a_mean_hold(n, law):
    """Misses in 2000 samples stay within the risk and four binomial deviations."""
    rng = np.random.default_rng(n)
    draw, mean = {
        "rare": (lambda: (rng.random(n) < 0.02).astype(float), 0.02),
        "even": (lambda: (rng.random(n) < 0.5).astype(float), 0.5),
        "smooth": (lambda: rng.beta(0.3, 2.0, size=n), 0.3 / 2.3),
    }[law]
    delta, replicates = 0.1, 2000
    ends = np.array([mean_limits(draw(), 1.0, delta) for _ in range(replicates)])
    allowed = replicates * delta + 4 * math.sqrt(replicates * delta * (1 - delta))
    assert (ends[:, 0] > mean).sum() <= allowed
    assert (ends[:, 1] < mean).sum() <= allowed


def test_limits_narrow_like_the_normal_interval():
    x = np.random.default_rng(0).beta(1, 6, size=100_000)
    low, high = mean_limits(x, 1.0, 0.025)
    normal = 2 * 1.96 * x.std() / math.sqrt(x.size)
    assert normal < high - low < 1.5 * normal


def logistic(n, rng, slope=3.0):
    x = rng.normal(size=n)
    p = 1 / (1 + np.exp(-slope * x))
    return (rng.random(n) < p).astype(int), np.column_stack([1 - p, p])


def truth(slope=3.0):
    """H(Y|X) and Bayes error of the logistic law, by quadrature."""
    x, w = np.polynomial.hermite_e.hermegauss(200)
    w = w / w.sum()
    p = 1 / (1 + np.exp(-slope * x))
    entropy = w @ (special.entr(p) + special.entr(1 - p))
    grid = np.linspace(0, 9, 20_001)
    error = 2 * np.trapezoid(stats.norm.pdf(grid) / (1 + np.exp(slope * grid)), grid)
    return entropy, error


def test_what_an_audit_certifies_is_true():
    rng = np.random.default_rng(1)
    entropy, error = truth()
    missed = {"error": 0, "cross_entropy": 0, "h": 0, "information": 0, "bayes": 0}
    replicates, level = 200, 0.8
    for _ in range(replicates):
        found = audit(*logistic(300, rng), level=level)
        missed["error"] += not found.error.lower <= error <= found.error.upper
        missed["cross_entropy"] += found.cross_entropy.lower > entropy
        missed["h"] += found.conditional_entropy.upper < entropy
        missed["information"] += found.information.lower > math.log(2) - entropy
        missed["bayes"] += found.bayes_error.upper < error
    allowed = replicates * (1 - level)
    allowed += 4 * math.sqrt(allowed * level)
    assert max(missed.values()) <= allowed


def test_the_true_law_loses_little():
    entropy, error = truth()
    found = audit(*logistic(50_000, np.random.default_rng(2)))
    assert entropy < found.conditional_entropy.upper < entropy + 0.02
    assert error < found.bayes_error.upper < error + 0.01
    assert math.log(2) - entropy - 0.03 < found.information.lower < math.log(2) - entropy
    assert found.cross_entropy.lower < entropy < found.cross_entropy.upper
    assert found.calibration.expected_error < 0.01
    assert found.calibration.temperature == pytest.approx(1, abs=0.05)


def test_from_below_nothing_is_certified_and_the_reason_said():
    found = audit(*logistic(1000, np.random.default_rng(3)))
    for item in (found.conditional_entropy, found.bayes_error):
        assert (item.lower, item.lower_by) == (0.0, "trivial")
        assert "another classifier, not tried, may do better" in item.how
    assert found.information.upper >= found.label_entropy.value - 1e-9
    low, high = found.standing()
    assert 0 < low < high < 0.5


def test_the_order_of_the_samples_gives_no_advantage():
    """A file sorted by label, or by loss, must not be taken for a sequence of draws."""
    rng = np.random.default_rng(4)
    p = np.full((2000, 2), 0.5)
    y = np.repeat([0, 1], 1000)
    p[:1000, 0], p[:1000, 1] = 0.999, 0.001
    found = audit(y, p)
    order = rng.permutation(2000)
    other = audit(y[order], p[order])
    assert found.conditional_entropy.upper > found.cross_entropy.value
    width = found.conditional_entropy.upper - found.cross_entropy.value
    assert other.conditional_entropy.upper - other.cross_entropy.value == pytest.approx(
        width, rel=0.3
    )


def test_the_learned_information_is_the_label_entropy_less_the_cross_entropy():
    rng = np.random.default_rng(9)
    for n, classes in ((10, 200), (1000, 200), (300, 3)):  # an estimate of H(Y) may use the risk
        found = audit(rng.integers(0, classes, n), rng.dirichlet(np.ones(classes), size=n))
        learned = found.label_entropy.value - found.cross_entropy.value
        assert found.information.value == pytest.approx(learned, abs=1e-12)
    y, p = logistic(400, rng)
    found = audit(y, p)
    ends = mt.error_bounds(conditional_entropy=found.cross_entropy.value, classes=2)
    assert found.standing() == (ends.lower, ends.upper)
    hopeless = audit(y, p[:, ::-1])  # more cross entropy than ln 2
    assert hopeless.standing() == pytest.approx((0.5, 0.5))


@pytest.mark.parametrize(("n", "classes"), [(2, 3), (7, 2), (30, 10), (100, 2)])
def test_the_measured_value_lies_between_the_ends(n, classes):
    """Where every loss is the largest or the least possible, rounding must not put it outside."""
    y, one_hot = np.arange(n) % classes, np.eye(classes)
    for p in (one_hot[y], one_hot[(y + 1) % classes], np.full((n, classes), 1 / classes)):
        found = audit(y, p)
        for item in (found.error, found.cross_entropy, found.bayes_error):
            assert item.lower <= item.value <= item.upper


def test_a_probability_of_zero_is_reported_and_does_no_harm():
    y, p = logistic(500, np.random.default_rng(5))
    p[7, y[7]], p[7, 1 - y[7]] = 0.0, 1.0
    found = audit(y, p)
    assert found.plain_cross_entropy == math.inf
    assert math.isfinite(found.cross_entropy.upper)
    assert json.loads(json.dumps(found.to_dict()))["plain_cross_entropy"] is None
    assert found.mixing == pytest.approx(0.02)


def test_miscalibration_is_measured():
    rng = np.random.default_rng(6)
    y, p = logistic(8000, rng)
    sharp = p**3 / (p**3).sum(axis=1, keepdims=True)
    found = audit(y, sharp)
    assert found.calibration.temperature == pytest.approx(3, rel=0.1)
    good = audit(y, p)
    assert found.calibration.after_temperature == pytest.approx(good.cross_entropy.value, abs=0.01)
    assert found.calibration.expected_error > 0.05
    # a wrong prior: offsets mend what a temperature cannot
    skewed = p * [0.9, 0.1]
    skewed /= skewed.sum(axis=1, keepdims=True)
    off = audit(y, skewed).calibration
    assert off.marginal_mismatch > 0.1
    assert off.after_offsets < off.after_temperature - 0.05


def test_calibration_by_hand():
    log_q = np.log([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.6, 0.4]])
    y = np.array([0, 1, 1, 0])
    assert expected_error(y, log_q) == pytest.approx((0.1 + 0.8 + 0.3 + 0.4) / 4)
    q = np.exp(log_q).mean(axis=0)
    assert marginal_mismatch(y, log_q) == pytest.approx(-math.log(2) - np.log(q).mean())
    assert math.isfinite(calibration(y, log_q).after_offsets)


def test_corners():
    for n, level in ((2, 0.95), (3, 0.999999)):
        found = audit([0, 1, 1][:n], np.full((n, 2), 0.5), level=level)
        assert 0 <= found.error.lower <= found.error.upper <= 1
        assert found.bayes_error.upper <= 0.5
        assert found.conditional_entropy.upper <= math.log(2)
    sure = audit(np.zeros(1000, dtype=int), np.tile([1.0, 0.0, 0.0], (1000, 1)))
    assert sure.error.value == 0
    assert sure.information.value <= 0
    assert sure.bayes_error.upper < 0.01
    many = np.random.default_rng(0).dirichlet(np.ones(500), size=300)
    assert audit(np.arange(300), many).classes == 500
    rounded = np.round(np.random.default_rng(1).dirichlet(np.ones(10), size=50), 3)
    assert audit(np.arange(50) % 10, rounded).n == 50


@pytest.mark.parametrize(
    ("labels", "probabilities", "error", "message"),
    [
        (
            [0, 1],
            [[0.5, 0.5], [0.7, 0.7]],
            ValueError,
            r"must sum to 1 along the last axis .*; got 1.4 at index \(1, 0\)",
        ),
        ([0, 2], [[0.5, 0.5], [0.5, 0.5]], ValueError, "labels must be integers from 0 to 1"),
        ([0.0, 1.0], [[0.5, 0.5], [0.5, 0.5]], TypeError, "labels must be integers"),
        (["a", "b"], [[0.5, 0.5], [0.5, 0.5]], TypeError, r"got dtype <U1 \(numpy.searchsorted"),
        ([0, 1], [[0.5, np.nan], [0.5, 0.5]], ValueError, "probabilities must be finite"),
        ([0, 1], [[1.5, -0.5], [0.5, 0.5]], ValueError, "probabilities must be non-negative"),
        ([0, 1], [[1.0], [1.0]], ValueError, "M at least 2"),
        ([0, 1], [0.3, 0.8], ValueError, r"shape \(2,\) .*give the columns 1 - p and p"),
        ([0, 1, 1], [[0.5, 0.5], [0.5, 0.5]], ValueError, "got 3 and 2 samples"),
        ([0], [[0.5, 0.5]], ValueError, "at least 2 samples"),
        ([], np.zeros((0, 2)), ValueError, "empty"),
    ],
)
def test_bad_input(labels, probabilities, error, message):
    with pytest.raises(error, match=message):
        audit(labels, probabilities)


def test_a_level_must_be_one():
    with pytest.raises(ValueError, match="level"):
        audit([0, 1], [[0.5, 0.5], [0.5, 0.5]], level=1.0)


def test_the_public_name():
    assert mt.audit is audit


# --- files ---------------------------------------------------------------------------------------


def test_files_say_the_same_as_arrays(tmp_path):
    y, p = logistic(200, np.random.default_rng(7))
    np.savez(tmp_path / "p.npz", labels=y, probabilities=p)
    named = [f"{['no', 'yes'][a]},{b[0]},{b[1]}" for a, b in zip(y, p, strict=True)]
    (tmp_path / "named.csv").write_text("\n".join(["label,no,yes", *named]))
    (tmp_path / "numbered.tsv").write_text(
        "\n".join(["y\tno\tyes", *(f"{a}\t{b[0]}\t{b[1]}" for a, b in zip(y, p, strict=True))])
    )
    for name in ("p.npz", "named.csv", "numbered.tsv"):
        labels, probabilities, classes = read_predictions(tmp_path / name)
        assert labels.tolist() == y.tolist()
        assert probabilities == pytest.approx(p, abs=1e-15)
        assert classes == (("0", "1") if name == "p.npz" else ("no", "yes"))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("p.txt", "x", "must be a .npz, .csv or .tsv file"),
        ("p.csv", "", "must have a line of names"),
        ("p.csv", "label,a,b\n", "a line for each sample"),
        ("p.csv", "0,.5,.5\n1,.3,.7\n", r"line of names .* got 2 lines, the first \['0', '.5'"),
        ("p.csv", "label;a;b\n0;.5;.5\n", r"got 2 lines, the first \['label;a;b'\]"),
        ("p.csv", "label,a,a\n0,.5,.5\n", "name each class once"),
        ("p.csv", "label,a,b\na,.5\n", "line 2 of p.csv has 2"),
        ("p.csv", "label,a,b\nc,.5,.5\n", r"one of the classes \(a, b\) .* has 'c'"),
        ("p.csv", "label,a,b\n2,.5,.5\n", "has '2'"),
        ("p.csv", "label,a,b\na,.5,x\n", "line 2 of p.csv has 'x' under 'b'"),
        ("p.csv", "label,a,b\n\na,.5,.5\n\nb,.5,x\n", "line 5 of p.csv has 'x' under 'b'"),
        ("p.csv", "label,a,b\n\u00b2,.5,.5\n", r"one of the classes \(a, b\) .* has '\u00b2'"),
        ("p.csv", b"label,a,b\n\xff,.5,.5\n", "UTF-8"),
        ("p.npz", b"PK\x03\x04 not really", "not a whole .npz file"),
        ("p.npz", b"\x93NUMPY\x01\x00 no header", "not a whole .npz file"),
        ("p.npz", b"", "not a whole .npz file"),
    ],
)
def test_bad_files(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ValueError, match=message):
        read_predictions(path)


def test_archives_that_lack_arrays_or_would_run_code(tmp_path):
    np.savez(tmp_path / "a.npz", labels=[0, 1])
    with pytest.raises(ValueError, match="the arrays labels and probabilities; it has labels"):
        read_predictions(tmp_path / "a.npz")
    np.savez(tmp_path / "b.npz", labels=np.array([{}, 1], dtype=object), probabilities=np.eye(2))
    with pytest.raises(ValueError, match="pickle"):
        read_predictions(tmp_path / "b.npz")
    with pytest.raises(FileNotFoundError):
        read_predictions(tmp_path / "none.npz")
    with (tmp_path / "single.npz").open("wb") as file:
        np.save(file, np.eye(2))
    with pytest.raises(ValueError, match=r"a single array \(numpy.savez\(file, labels=..., prob"):
        read_predictions(tmp_path / "single.npz")
    np.savez_compressed(tmp_path / "c.npz", labels=np.arange(500) % 2, probabilities=np.eye(2))
    damaged = bytearray((tmp_path / "c.npz").read_bytes())
    damaged[60:70] = b"\xff" * 10
    (tmp_path / "c.npz").write_bytes(damaged)
    with pytest.raises(ValueError, match="not a whole"):
        read_predictions(tmp_path / "c.npz")


@pytest.mark.parametrize("row", ["1,1", ".2,.2", "0,0", ".5,.49"])
def test_rows_of_a_text_file_must_sum_to_1_too(tmp_path, row):
    path = tmp_path / "p.csv"
    path.write_text(f"label,a,b\na,.5,.5\nb,{row}\n")
    labels, probabilities, _ = read_predictions(path)
    with pytest.raises(ValueError, match=r"must sum to 1 .* at index \(1, 0\)"):
        audit(labels, probabilities)


def test_the_picture(tmp_path):
    found = audit(*logistic(500, np.random.default_rng(8)))
    plane = picture(found).axes[0]
    (right,) = (line for line in plane.lines if "to the right" in line.get_label())
    assert list(right.get_xdata()) == [found.information.value, found.label_entropy.value]
    for kind in ("png", "svg"):
        save(found, tmp_path / f"audit.{kind}")
        assert (tmp_path / f"audit.{kind}").stat().st_size > 5000
    with pytest.raises(ValueError, match=r"\.png, \.svg or \.pdf"):
        save(found, tmp_path / "audit.gif")
