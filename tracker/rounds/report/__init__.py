"""A round's report: what it says, who signs it, and its documents."""
