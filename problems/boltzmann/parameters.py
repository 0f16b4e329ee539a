"""Parameters of estimators, kept as scikit-learn wants them: each under its own name."""

from __future__ import annotations

from typing import Any


def keep(estimator: Any, given: dict[str, Any]) -> None:
    """Set the estimator's parameters from ``locals()`` of its constructor."""
    for name in estimator._get_param_names():
        setattr(estimator, name, given[name])
