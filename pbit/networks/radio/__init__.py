"""Networks of radio-frequency signals: resonators that multiply, oscillators that pass on."""
