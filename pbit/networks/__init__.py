"""Networks of devices: arrays, memories and learning rules of spintronic parts."""
