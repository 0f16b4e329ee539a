"""Estimators of scikit-learn around reservoirs: series followed and gone on with, told apart."""
