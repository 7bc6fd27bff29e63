"""Forms check shape; the rooms decide."""
