"""The tests mirror the rooms; `tests/flows` walks the house from end to end."""
