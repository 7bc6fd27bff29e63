"""Manual samples (手工监测样品): read, converted to the reference oxygen, and judged."""
