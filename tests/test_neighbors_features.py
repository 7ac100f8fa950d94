"""The information of many features about a label, their p-values, and scikit-learn's signature."""

import dataclasses
import inspect
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from oracles.ross import ross as oracle
from scipy.sparse import csr_matrix

import mitheory as mt
from mitheory.neighbors import features, mutual_info_classif, scikit
from mitheory.neighbors.multiple import CORRECTIONS
from mitheory.neighbors.ross import ross
from mitheory.neighbors.variables import as_variable

pytestmark = pytest.mark.filterwarnings("ignore::mitheory.RegimeWarning")


@pytest.fixture(scope="module")
def mixture():
    """Six features of 120 samples: numbers without and with ties, two of symbols, two constants."""
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, 120)
    return pd.DataFrame(
        {
            "number": rng.standard_normal(120) + y,
            "ties": np.round(rng.standard_normal(120) + 0.5 * y),
            "word": np.where(rng.random(120) < 0.8, np.array(["a", "b", "c"])[y], "d"),
            "noise": rng.integers(0, 2, 120),
            "zero": np.zeros(120),
            "same": ["s"] * 120,
        }
    ), y


def test_each_feature_by_its_kind(mixture):
    X, y = mixture
    found = mt.feature_information(X, y, k=4)
    assert found.names == tuple(X.columns)
    assert found.kinds == ("continuous", "mixed", "discrete", "discrete", "mixed", "discrete")
    assert found.methods == ("ross",) * 2 + ("miller_madow",) * 2 + ("ross", "miller_madow")
    for j, name in enumerate(["number", "ties"]):
        assert found.values[j] == pytest.approx(oracle(X[name].to_numpy(), y, 4), abs=1e-12)
    for j, name in enumerate(["word", "noise"], start=2):
        expected = mt.mutual_information(X[name], y, method="miller_madow")
        assert found.values[j] == pytest.approx(expected, abs=1e-12)
    assert found.values[4:].tolist() == [0, 0]
    assert found.order.tolist() == np.argsort(-found.values, kind="stable").tolist()
    assert (found.n, found.k, found.label_kind) == (120, 4, "discrete")
    assert found.pvalues is None
    assert found.corrected is None
    assert not found.above_label_entropy.any()


def test_numbers_about_a_number(mixture):
    X, label = mixture
    y = X["number"].to_numpy()
    found = mt.feature_information(X.drop(columns="number"), y)
    assert found.label_entropy is None
    assert not found.above_label_entropy.any()
    assert found.methods[1:3] == ("ross", "ross")
    target = as_variable(y)
    for j, name in enumerate(["word", "noise"], start=1):
        assert found.values[j] == ross(as_variable(X[name]), target, k=3)
    both = mt.feature_information(np.column_stack([label + 0.0, y]), label, method="ross")
    assert both.methods == ("ross", "ross")


@pytest.mark.parametrize("method", ["ksg", "gaussian", "gaussian_copula"])
def test_a_named_method_goes_to_every_pair_with_a_number(method):
    rng = np.random.default_rng(1)
    y = rng.standard_normal(80)
    X = rng.standard_normal((80, 3)) + y[:, None]
    X[:, 1] = 7
    found = mt.feature_information(X, y, method=method)
    assert found.methods == (method,) * 3
    for j in (0, 2):
        expected = mt.neighbors.METHODS[method](
            as_variable(X[:, j]), as_variable(y), k=3, norm="max", workers=None
        )
        assert found.values[j] == pytest.approx(expected, abs=1e-12)
    assert found.values[1] == 0


def test_several_targets_together():
    rng = np.random.default_rng(2)
    y = rng.standard_normal((60, 2))
    X = y @ [[1.0], [1.0]] + rng.standard_normal((60, 1))
    found = mt.feature_information(X, y, method="gaussian")
    expected = mt.neighbors.METHODS["gaussian"](as_variable(X), as_variable(y), k=3)
    assert found.values[0] == pytest.approx(expected, abs=1e-12)
    words = mt.feature_information(np.where(X > 0, "up", "down"), y)
    expected = ross(as_variable(X[:, 0] > 0), as_variable(y), k=3)
    assert words.values[0] == pytest.approx(expected, abs=1e-12)


def test_an_entropy_estimator_goes_to_pairs_of_symbols(mixture):
    X, y = mixture
    for method in ("plugin", mt.ENTROPIES["grassberger"]):
        found = mt.feature_information(X, y, method=method)
        expected = mt.mutual_information(X["word"], y, method=method)
        assert found.values[2] == pytest.approx(expected, abs=1e-12)
        assert found.methods[0] == "ross"


def test_kinds_that_are_given(mixture):
    X, y = mixture
    numbers = X[["ties", "noise"]]
    found = mt.feature_information(numbers, y, kinds=("discrete", "discrete"))
    assert set(found.methods) == {"miller_madow"}
    found = mt.feature_information(numbers, y + 0.0, kinds=(["mixed", "continuous"], "discrete"))
    assert set(found.methods) == {"ross"}
    assert found.values[1] == pytest.approx(oracle(X["noise"].to_numpy(), y, 3), abs=1e-12)


def test_features_in_any_form(mixture):
    X, y = mixture
    numbers = X[["number", "ties"]].to_numpy()
    value = mt.feature_information(numbers, y).values
    words = [f"label {v}" for v in y]
    for form in (numbers.tolist(), np.asfortranarray(numbers), pd.DataFrame(numbers)):
        assert mt.feature_information(form, words).values.tolist() == value.tolist()
    objects = mt.feature_information(numbers.astype(object), y, kinds=("mixed", None))
    assert objects.values.tolist() == value.tolist()
    truths = mt.feature_information(numbers > 0, y, kinds=("mixed", None)).values
    assert truths.tolist() == mt.feature_information(1.0 * (numbers > 0), y).values.tolist()
    with pytest.raises(TypeError, match="must be finite numbers; got dtype object"):
        mt.feature_information(X[["word"]], y, kinds=("mixed", None))
    single = numbers.astype(np.float32)
    expected = [oracle(column, y, 3) for column in single.T.astype(float)]
    assert mt.feature_information(single, y).values == pytest.approx(expected, abs=1e-12)
    assert mt.feature_information(np.ma.array(numbers), y).values.tolist() == value.tolist()


def test_permutation_p_values_by_their_definition(mixture):
    X, y = mixture
    draws = 40
    found = mt.feature_information(
        X, y, pvalues="permutation", permutations=draws, rng=np.random.default_rng(5)
    )
    orders = np.random.default_rng(5).permuted(np.tile(np.arange(120), (draws, 1)), axis=1)
    for j, name in enumerate(X):
        at_least = 0
        for order in orders:
            again = mt.feature_information(X[[name]], y[order]).values[0]
            at_least += again >= found.values[j] - 1e-12
        assert found.pvalues[j] == (1 + at_least) / (1 + draws)
    assert found.pvalues[0] == 1 / 41
    assert found.pvalues[4:].tolist() == [1, 1]
    assert found.corrected.tolist() == CORRECTIONS["benjamini-hochberg"](found.pvalues).tolist()


@pytest.mark.parametrize("target", ["label", "number"])
def test_the_seed_alone_fixes_the_p_values(mixture, target, monkeypatch):
    X, label = mixture
    y = label if target == "label" else np.exp(X["number"])
    X = X if target == "label" else X[["number", "word", "noise", "zero"]]

    def p(workers):
        found = mt.feature_information(
            X,
            y,
            pvalues="permutation",
            permutations=13,
            rng=np.random.default_rng(1),
            workers=workers,
        )
        return found.pvalues.tolist()

    expected = p(1)
    assert p(3) == expected
    monkeypatch.setattr(features, "_BLOCK", 500)  # four permutations at a time
    assert p(2) == expected


def test_independent_features_have_uniform_p_values():
    rng = np.random.default_rng(8)
    y = rng.integers(0, 2, 40)
    found = mt.feature_information(
        rng.standard_normal((40, 400)), y, pvalues="permutation", permutations=19, rng=rng
    )
    # 400 binomial draws of probability 0.05 and 0.5, given the labels' permutations
    assert abs((found.pvalues <= 0.05).mean() - 0.05) < 0.045
    assert abs((found.pvalues <= 0.5).mean() - 0.5) < 0.1


def test_a_feature_that_names_every_sample_is_not_significant():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 100)
    found = mt.feature_information(
        np.column_stack([np.arange(100), y]), y, pvalues="permutation", rng=rng, permutations=50
    )
    assert found.values[0] == pytest.approx(mt.entropy(np.bincount(y), "miller_madow"), abs=1e-12)
    assert found.pvalues.tolist() == [1, 1 / 51]


def test_corrections_by_hand():
    p = np.array([0.01, 0.04, 0.03, 0.005])
    assert CORRECTIONS["benjamini-hochberg"](p) == pytest.approx([0.02, 0.04, 0.04, 0.02])
    assert CORRECTIONS["holm"](p) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert CORRECTIONS["holm"](np.array([0.5, 0.9])).tolist() == [1, 1]


def test_corrections_agree_with_others():
    from scipy.stats import false_discovery_control

    from mitheory.study.paired import holm

    rng = np.random.default_rng(0)
    for d in (1, 2, 17):
        p = np.round(rng.random(d) ** 2, 2)
        assert CORRECTIONS["benjamini-hochberg"](p) == pytest.approx(false_discovery_control(p))
        assert CORRECTIONS["holm"](p) == pytest.approx(holm(p))


def test_the_correction_is_chosen(mixture):
    X, y = mixture
    for correction in ("holm", None):
        found = mt.feature_information(
            X,
            y,
            pvalues="permutation",
            permutations=9,
            correction=correction,
            rng=np.random.default_rng(0),
        )
        assert found.correction == correction
        if correction is None:
            assert found.corrected is None
        else:
            assert found.corrected.tolist() == CORRECTIONS["holm"](found.pvalues).tolist()


@pytest.mark.filterwarnings("error::mitheory.RegimeWarning")
def test_information_above_the_label_entropy_is_noticed():
    plugin = mt.ENTROPIES["plugin"]
    twice = dataclasses.replace(
        plugin, name="twice", function=lambda j, n: 2 * plugin.function(j, n), doubt=None
    )
    y = np.tile([0, 1], 50)
    X = np.column_stack([y, np.arange(100) // 2 % 2])
    with pytest.warns(mt.RegimeWarning, match=r"1 feature is \(column 0\) above the entropy"):
        found = mt.feature_information(X, y, method=twice)
    assert found.above_label_entropy.tolist() == [True, False]
    assert "1 feature is (column 0) above H(Y), which cannot be right." in str(found)
    # a constant, which scikit-learn gives more than the label holds
    rare = (np.arange(200_000) % 2500 == 0).astype(int)
    found = mt.feature_information(np.full((rare.size, 1), 0.1), rare)
    assert found.values[0] == 0
    assert "above" not in str(found)


def test_a_pair_of_symbols_outside_the_regime_is_said():
    y = np.arange(40) % 2
    with pytest.warns(mt.RegimeWarning, match="miller_madow is outside its regime for H"):
        mt.feature_information(np.column_stack([np.arange(40), y]), y)


def test_doubtful_neighbours_are_said():
    rng = np.random.default_rng(0)
    y = rng.standard_normal(50)
    near = y[:, None] + 1e-6 * rng.standard_normal((50, 2))
    X = np.column_stack([near, rng.standard_normal(50)])
    with pytest.warns(mt.RegimeWarning, match=r"doubtful .* column 0: .*\(and of 1 more features"):
        mt.feature_information(X, y)


def test_it_prints_a_table(mixture):
    X, y = mixture
    found = mt.feature_information(
        X, y, pvalues="permutation", permutations=9, rng=np.random.default_rng(0)
    )
    lines = str(found).splitlines()
    assert lines[0] == (
        f"Information about the label, discrete, in nats; n = 120, H(Y) = {found.label_entropy:.4f}"
    )
    assert lines[1].split() == ["feature", "kind", "method", "information", "p", "corrected"]
    best = found.order[0]
    assert lines[2].split()[:4] == [
        X.columns[best], found.kinds[best], found.methods[best], f"{found.values[best]:.4f}",
    ]  # fmt: skip
    assert len(lines[2:8]) == 6
    assert lines[-1] == "Estimates, not certificates: no bound on an error follows from them."
    many = mt.feature_information(np.random.default_rng(0).standard_normal((20, 30)), y[:20])
    assert "... 10 more" in str(many)


def test_rare_labels_are_noted():
    rng = np.random.default_rng(0)
    found = mt.feature_information(rng.standard_normal((9, 1)), [0, 0, 0, 0, 0, 0, 1, 1, 2])
    assert "labels seen once, which contribute 0 by ross: 1." in found.notes
    assert "labels of 3 samples or fewer, so with fewer neighbours: 1." in found.notes


def test_progress_is_shown_on_request(mixture):
    X, y = mixture
    found = mt.feature_information(X, y, progress=True)
    assert found.values.tolist() == mt.feature_information(X, y).values.tolist()


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"y": [0, 1]}, ValueError, "same number of rows; got 4 and 2"),
        ({"method": "rosss"}, ValueError, "unknown method 'rosss'; did you mean ross"),
        ({"method": "dirichlet_minimax"}, ValueError, "minimax needs the alphabet of each feature"),
        ({"k": 0}, ValueError, "k must be an integer of at least 1; got 0"),
        ({"names": ["a"]}, ValueError, "names must be one for each of 2 features; got 1"),
        ({"kinds": (["mixed"], None)}, ValueError, "one for each of 2 features; got 1"),
        ({"kinds": ("number", None)}, ValueError, "kind of column 0 'number'"),
        ({"kinds": (None, "number")}, ValueError, "kind of y 'number'"),
        ({"pvalues": "chi2"}, ValueError, "unknown pvalues 'chi2'"),
        ({"pvalues": "permutation"}, TypeError, "rng must be a numpy.random.Generator"),
        ({"pvalues": "permutation", "permutations": 0}, ValueError, "permutations must be"),
        ({"pvalues": "permutation", "rng": np.random.default_rng(0), "correction": "bonferroni"},
         ValueError, "unknown correction 'bonferroni'"),
        ({"workers": 0}, ValueError, "workers must be an integer of at least 1"),
        ({"progress": 1}, TypeError, "progress must be True or False"),
        ({"X": [[0.1, 1.0], [0.2, np.nan], [0.3, 4.0], [0.4, 5.0]]}, ValueError,
         "column 1 must be finite numbers; got nan at index 1"),
        ({"X": [[-np.inf], [0.2], [0.3], [0.4]]}, ValueError,
         "column 0 must be finite numbers; got -inf at index 0"),
        ({"X": np.ma.array([[0.1], [0.2], [0.3], [0.4]], mask=[[0], [0], [1], [0]])}, ValueError,
         "must not have masked entries"),
        ({"y": [0.5, np.nan, 1.5, 2.5]}, ValueError, "y must be finite numbers; got nan"),
        ({"method": "ross", "y": [0.5, 0.6, 1.5, 2.5]}, ValueError, "ross needs one discrete"),
        ({"method": "gaussian"}, ValueError, "y is discrete"),
    ],
)  # fmt: skip
def test_what_is_refused(change, error, message):
    given = {"X": [[0.1, 1.0], [0.2, 3.0], [0.3, 4.0], [0.4, 5.0]], "y": [0, 1, 0, 1], **change}
    with pytest.raises(error) as raised:
        mt.feature_information(given.pop("X"), given.pop("y"), **given)
    assert message in str(raised.value)


def test_the_adapter_has_scikit_learns_signature():
    selection = pytest.importorskip("sklearn.feature_selection")
    theirs = inspect.signature(selection.mutual_info_classif).parameters
    ours = inspect.signature(mutual_info_classif).parameters
    assert [(p.name, p.kind, p.default) for p in ours.values()] == [
        (p.name, p.kind, p.default) for p in theirs.values()
    ]


def test_the_adapter_agrees_where_there_are_no_ties():
    selection = pytest.importorskip("sklearn.feature_selection")
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, 300)
    X = rng.standard_normal((300, 4)) + np.outer(y, [0, 0.3, 1, 3])
    X[:, 1] = rng.integers(0, 4, 300) + y
    for options in ({"discrete_features": [1]}, {"discrete_features": np.arange(4) == 1}):
        ours = mutual_info_classif(X, y, n_neighbors=4, **options)
        theirs = selection.mutual_info_classif(X, y, n_neighbors=4, random_state=0, **options)
        # noise of 1e-10 is added there, which can change a comparison
        assert np.maximum(ours, 0) == pytest.approx(theirs, abs=1e-4)
    assert mutual_info_classif(X, y)[0] < 0


def test_the_adapter_selects_features():
    selection = pytest.importorskip("sklearn.feature_selection")
    rng = np.random.default_rng(0)
    y = np.array(["no", "yes"])[rng.integers(0, 2, 200)]
    X = rng.standard_normal((200, 6))
    X[:, [1, 4]] += 2 * (y == "yes")[:, None]
    chosen = selection.SelectKBest(mutual_info_classif, k=2).fit(X, y)
    assert chosen.get_support(indices=True).tolist() == [1, 4]
    before = X.copy()
    frame = mutual_info_classif(pd.DataFrame(X), pd.Series(y), copy=False, n_jobs=-1)
    assert frame.tolist() == chosen.scores_.tolist()
    assert np.array_equal(X, before)


def test_sparse_features_are_discrete(monkeypatch):
    rng = np.random.default_rng(0)
    X, y = rng.poisson(0.5, (50, 7)), rng.integers(0, 2, 50)
    monkeypatch.setattr(scikit, "_CELLS", 120)  # two columns at a time
    found = mutual_info_classif(csr_matrix(X), y)
    expected = [mt.mutual_information(column, y) for column in X.T]
    assert found == pytest.approx(expected, abs=1e-12)
    assert mutual_info_classif(X, y, discrete_features=True) == pytest.approx(expected, abs=1e-12)
    with pytest.raises(ValueError, match="sparse matrix must have discrete features only"):
        mutual_info_classif(csr_matrix(X), y, discrete_features=[0])


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"X": [0.1, 0.2]}, ValueError, "X must have shape (n, d), one sample a row; got"),
        ({"y": [0.5, 1.0]}, ValueError, "got 0.5 at index 0 (a target that is a number"),
        ({"y": [1.0, np.nan]}, ValueError, "missing values; got 1, the first (nan) at index 1"),
        ({"discrete_features": "none"}, ValueError, "unknown discrete_features 'none'"),
        ({"discrete_features": [True]}, ValueError, "must be a mask of 2 features; got shape (1,)"),
        ({"discrete_features": [2]}, ValueError, "must be positions below 2; got 2"),
        ({"discrete_features": [0.5]}, TypeError, "a mask or positions; got dtype float64"),
        ({"n_jobs": 0}, ValueError, "n_jobs must be an integer, and not 0; got 0"),
        ({"n_neighbors": 0}, ValueError, "k must be an integer of at least 1"),
        ({"copy": 1}, TypeError, "copy must be True or False"),
    ],
)
def test_what_the_adapter_refuses(change, error, message):
    given = {"X": [[0.1, 0.2], [0.3, 0.4]], "y": [0, 1], **change}
    with pytest.raises(error) as raised:
        mutual_info_classif(given.pop("X"), given.pop("y"), **given)
    assert message in str(raised.value)


def test_the_adapter_takes_the_features_that_scikit_learn_takes(mixture):
    X, y = mixture
    frame = pd.DataFrame({"number": X["number"], "truth": X["ties"] > 0})
    expected = mutual_info_classif(frame.astype(float), y).tolist()
    assert mutual_info_classif(frame, y).tolist() == expected
    assert mutual_info_classif(frame.to_numpy(dtype=object), y).tolist() == expected


def test_too_many_neighbors_are_refused_where_all_samples_are_searched(mixture):
    X, _ = mixture
    for kinds in ("continuous", "mixed"):
        with pytest.raises(
            ValueError, match="k must be less than the number of samples; got k = 1"
        ):
            mt.feature_information(X[["ties"]], X["number"], k=120, kinds=(kinds, None))
    label = X["noise"]
    assert mt.feature_information(X[["number"]], label, k=120).values[0] == pytest.approx(
        oracle(X["number"].to_numpy(), label.to_numpy(), 120), abs=1e-12
    )


def test_features_outside_the_regime_are_named(mixture):
    X, y = mixture
    key = [f"sample {i}" for i in range(120)]
    found = mt.feature_information(X.assign(key=key), y)
    assert found.notes[-1].startswith(
        "outside the regime of miller_madow, so likely far off: key ("
    )
    assert not any("regime" in note for note in mt.feature_information(X, y).notes)


@pytest.mark.parametrize("method", ["ksg", "ksg2", "gaussian"])
def test_more_than_a_label_of_floats_holds_is_said(method):
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 200).astype(float)
    X = np.column_stack(
        [np.rint(3 * rng.standard_normal(200)), y + 1e-6 * rng.standard_normal(200)]
    )
    with pytest.warns(mt.RegimeWarning) as caught:
        found = mt.feature_information(X, y, method=method)
    excess = found.values.max() > 0.7
    said = [w for w in caught if "above the entropy of" in str(w.message)]
    assert bool(said) == excess
    assert excess or method == "ksg2"


def test_the_adapter_does_not_import_scikit_learn():
    code = (
        "import sys; from mitheory.neighbors import mutual_info_classif as f; "
        "f([[0.1], [0.2], [0.4]], [0, 1, 0]); sys.exit('sklearn' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=300).returncode == 0
