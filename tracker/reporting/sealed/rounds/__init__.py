"""A sealed package of one round: what was walked, asked, measured, seen, carried and listed."""
