"""Layered networks sampled a layer at a time, many chains side by side."""

from pbit.samplers.layers.chains import LayerChains

__all__ = ["LayerChains"]
