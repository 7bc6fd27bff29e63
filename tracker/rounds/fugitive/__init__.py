"""Fugitive emissions (无组织排放): the checklist, the sources, what was seen at each of them."""
