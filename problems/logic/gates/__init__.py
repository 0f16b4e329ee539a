"""Gates: the library, synthesis, native products, truth tables."""
