"""Sealed packages: a plant's or an obligation's papers with all that was decided on them.

A package is a ZIP: the files under ``files/``, what they are in ``manifest.json`` and
``index.html``, the trail in ``trail.jsonl``, and a signature of the manifest in ``seal.json``. The
manifest holds the hash of every other member, so that nothing can be changed, added or taken out
unseen. Nothing but the package is needed to check it.
"""
