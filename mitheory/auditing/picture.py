"""The audit as one figure: where the classifier stands, and how far to trust its confidence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from mitheory.auditing.result import Audit
from mitheory.files import write_whole

BLUE, ORANGE, GREEN, GREY = "#0072B2", "#E69F00", "#009E73", "#767676"  # Okabe and Ito


def picture(found: Audit) -> Any:
    """A matplotlib figure: the plane of information and error, and a reliability diagram."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise ImportError(
            "a figure needs matplotlib, which is not installed; pip install 'mitheory[figures]'"
        ) from None
    figure = Figure(figsize=(9.0, 4.3), layout="constrained")
    left, right = figure.subplots(1, 2)
    _plane(left, found)
    _reliability(right, found)
    for axis in (left, right):
        axis.spines[["top", "right"]].set_visible(False)
        axis.set_axisbelow(True)
        axis.grid(color="#E4E4E4", linewidth=0.6)
    return figure


def save(found: Audit, path: str | Path) -> None:
    """Write the figure to a .png, .svg or .pdf file.

    Raises
    ------
    ValueError
        For another kind of file.
    """
    import io

    path, kind = Path(path), kind_of(path)
    content = io.BytesIO()
    picture(found).savefig(content, format=kind, dpi=150)
    write_whole(path, content.getvalue())


def kind_of(path: str | Path) -> str:
    """png, svg or pdf, by the name of the file; a ValueError for another."""
    kind = Path(path).suffix.lower().lstrip(".")
    if kind not in ("png", "svg", "pdf"):
        raise ValueError(f"a figure must be a .png, .svg or .pdf file; got {Path(path).name!r}")
    return kind


def _plane(axis: Any, found: Audit) -> None:
    from mitheory.bounds import error_bounds

    most = found.label_entropy.value
    information = np.linspace(0.0, most, 200)
    ends = error_bounds(conditional_entropy=most - information, classes=found.classes)
    axis.fill_between(information, ends.lower, ends.upper, color=GREY, alpha=0.18, lw=0)
    axis.plot(information, ends.lower, color=BLUE, label="no classifier is below (Fano)")
    axis.plot(information, ends.upper, color=BLUE, ls="--", label="the best is not above")
    low, high = found.error.lower, found.error.upper
    axis.errorbar(
        found.information.value,
        found.error.value,
        xerr=[[max(found.information.value - found.information.lower, 0.0)], [0.0]],
        yerr=[[found.error.value - low], [high - found.error.value]],
        fmt="o",
        color=ORANGE,
        capsize=3,
        label=f"this classifier, {100 * found.level:g} %",
    )
    # what was learned is at most the information, at which the lines are to be read
    axis.plot(
        [found.information.value, most],
        [found.error.value] * 2,
        color=ORANGE,
        ls=":",
        label="the information is here or to the right",
    )
    axis.axhline(found.bayes_error.upper, color=GREEN, ls=":", label="Bayes error at most")
    axis.set_xlim(left=min(0.0, 1.1 * found.information.value))
    axis.set_ylim(bottom=0.0)
    axis.set_xlabel("information about the label [nat]")
    axis.set_ylabel("error probability")
    axis.set_title("Where the classifier stands", loc="left", fontweight="bold", fontsize=11)
    axis.legend(frameon=False, fontsize=8.5)


def _reliability(axis: Any, found: Audit) -> None:
    samples = np.array(found.reliability.samples)
    seen = samples > 0
    confidence = np.array(found.reliability.confidence)[seen] / samples[seen]
    correct = np.array(found.reliability.correct)[seen] / samples[seen]
    spread = np.sqrt(correct * (1.0 - correct) / samples[seen])
    axis.plot([0, 1], [0, 1], color=GREY, ls="--", lw=1)
    area = 20.0 + 220.0 * samples[seen] / samples.max()
    axis.scatter(confidence, correct, s=area, color=BLUE, alpha=0.65, lw=0, clip_on=False)
    axis.errorbar(confidence, correct, yerr=spread, fmt="none", color=BLUE, lw=1)
    axis.set(xlim=(0, 1.02), ylim=(0, 1.02))
    axis.set_xlabel("confidence")
    axis.set_ylabel("share of correct answers, with standard error")
    error = found.calibration.expected_error
    words = "is right as often as it says" if error < 0.02 else f"is off by {error:.3f} on average"
    axis.set_title(f"Its confidence {words}", loc="left", fontweight="bold", fontsize=11)
    axis.text(
        0.03,
        0.97,
        f"cross entropy {found.plain_cross_entropy:.3f} nat\n"
        f"{found.calibration.after_temperature:.3f} with a temperature of "
        f"{found.calibration.temperature:.2f}\n"
        f"{found.calibration.after_offsets:.3f} with a factor for each class too",
        va="top",
        fontsize=9,
        linespacing=1.4,
    )
