"""Plays the drills, prints their table; exits 1 if a promise was lost or came twice too often.

`python -m tests.drills [names…] [--small] [--seed N] [--database NAME] [--readme]`
"""

import argparse
import random
import subprocess
import sys
import time
from pathlib import Path

from tests.drills.catalogue import DRILLS
from tests.drills.outcome import Outcome, table
from tests.drills.play import migrated_database, play

README = Path(__file__).resolve().parents[2] / "README.md"
STARTS, ENDS = "<!-- drills: made by `make drill ARGS=--readme` -->", "<!-- end of drills -->"


def main() -> int:
    """Play the named ones, or all."""
    parser = argparse.ArgumentParser(prog="make drill")
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(DRILLS))
    parser.add_argument("--small", action="store_true", help="as small as in the tests")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--database", choices=("postgresql", "sqlite"), default="postgresql")
    parser.add_argument("--readme", action="store_true", help="renew their rows in README.md")
    options = parser.parse_args()
    if unknown := set(options.names) - set(DRILLS):
        parser.error(f"no such drill: {', '.join(sorted(unknown))}")
    outcomes: dict[str, Outcome] = {}
    with migrated_database(options.database) as migrated:
        for name in options.names or DRILLS:
            started = time.monotonic()
            outcome = play_to_end(name, migrated, small=options.small, seed=options.seed)
            outcomes[DRILLS[name].title] = outcome
            print(f"{name}: {describe(outcome)} ({time.monotonic() - started:.0f} s)", flush=True)
    print(f"\n{table(outcomes)}")
    if options.readme:
        renew_readme(table(outcomes))
    return 0 if all(one.is_good for one in outcomes.values()) else 1


def play_to_end(name: str, migrated: str, *, small: bool, seed: int) -> Outcome:
    """A drill that breaks off proves nothing, and must not keep the others from being played."""
    try:
        return play(name, migrated, small=small, seed=seed)
    except subprocess.CalledProcessError as fault:
        return Outcome(0, 0, 0, 0, faults=[f"broke off with exit status {fault.returncode}"])


def describe(one: Outcome) -> str:
    """One line for a drill that has just ended."""
    counts = f"{one.promised} promised, {one.sent} sent, {one.lost} lost, {one.twice} twice"
    return f"{'ok' if one.is_good else 'FAILED'}: {counts}; {one.words}"


def renew_readme(text: str) -> None:
    """Put the table between its marks; of drills that were not played the old rows stay."""
    before, _, rest = README.read_text().partition(STARTS)
    old, _, after = rest.partition(ENDS)
    README.write_text(f"{before}{STARTS}\n\n{merged(old, text)}\n\n{ENDS}{after}")


def merged(old: str, new: str) -> str:
    """The rows of both tables in the catalogue's order, the new ones in place of the old."""
    rows = {line.split("|")[1].strip(): line for line in f"{old}\n{new}".splitlines() if line}
    heading = new.splitlines()[:2]
    return "\n".join([*heading, *(rows[one.title] for one in DRILLS.values() if one.title in rows)])


if __name__ == "__main__":
    sys.exit(main())
