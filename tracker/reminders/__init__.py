"""Who must be told what and when, and what was told."""
