"""Annexes of plans: a department's Excel read, matched to plants, looked over and applied."""
