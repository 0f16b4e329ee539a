"""What networks of devices are measured by: classifiers without a device."""

from __future__ import annotations

from typing import Any

from pbit.system.extras import imported
from pbit.tasks.split import Split


def logistic_regression(split: Split, *, most_steps: int = 300) -> float:
    """Accuracy of logistic regression on the rows held out, after at most so many steps.

    Raises
    ------
    ImportError
        No scikit-learn.

    Examples
    --------
    >>> from pbit.tasks import digits
    >>> logistic_regression(digits(1).first(300, 100)) > 0.85
    True
    """
    linear = imported("sklearn.linear_model", what="baselines need", package="scikit-learn")
    fitted = linear.LogisticRegression(max_iter=most_steps).fit(split.train, split.train_labels)
    return float(fitted.score(split.test, split.test_labels))


def linear_discriminants(**options: Any) -> Any:
    """A linear discriminant analysis of scikit-learn, to be fitted.

    Raises
    ------
    ImportError
        No scikit-learn.
    """
    found = imported("sklearn.discriminant_analysis", what="baselines need", package="scikit-learn")
    return found.LinearDiscriminantAnalysis(**options)
