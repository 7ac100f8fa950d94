"""The losses from their definitions, sample by sample, in mpmath at the caller's precision."""

from mpmath import exp, log, mpf


def _laws(logits):
    """Q(.|x_i) for each row, and their mean Q_Y."""
    rows = [[exp(z) for z in row] for row in logits]
    q = [[e / sum(row) for e in row] for row in rows]
    return q, [sum(column) / len(q) for column in zip(*q, strict=True)]


def _entropy(p):
    return -sum(x * log(x) for x in p)


def cross_entropy(logits, targets, weight):
    q, _ = _laws(logits)
    return -sum(log(row[y]) for row, y in zip(q, targets, strict=True)) / len(q)


def mutual_information(logits, targets, weight):
    _, marginal = _laws(logits)
    frequencies = [mpf(targets.count(y)) / len(targets) for y in range(len(marginal))]
    term = -sum(p * log(q) for p, q in zip(frequencies, marginal, strict=True))
    return cross_entropy(logits, targets, weight) + weight * term


def information_regularised(logits, targets, weight):
    q, marginal = _laws(logits)
    information = _entropy(marginal) - sum(map(_entropy, q)) / len(q)
    return cross_entropy(logits, targets, weight) - weight * information


def label_smoothing(logits, targets, weight):
    q, _ = _laws(logits)
    total = mpf(0)
    for row, target in zip(q, targets, strict=True):
        smooth = [weight / len(row) + (1 - weight) * (y == target) for y in range(len(row))]
        total -= sum(s * log(x) for s, x in zip(smooth, row, strict=True))
    return total / len(q)


def confidence_penalty(logits, targets, weight):
    q, _ = _laws(logits)
    return cross_entropy(logits, targets, weight) - weight * sum(map(_entropy, q)) / len(q)


def entropy_regularised(logits, targets, weight, alpha=0.5):
    q, _ = _laws(logits)
    uniform = [mpf(1) / len(q[0])] * len(q[0])
    total = mpf(0)
    for row in q:
        mixed = [(1 - alpha) * u + alpha * x for u, x in zip(uniform, row, strict=True)]
        total += _entropy(mixed) - (1 - alpha) * _entropy(uniform) - alpha * _entropy(row)
    return cross_entropy(logits, targets, weight) + weight * total / (alpha * (1 - alpha) * len(q))
