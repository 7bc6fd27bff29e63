"""More than a hundred hostile or broken files, by what is wrong with them."""

from tests.evidence.hostile import acting, bombs, broken, members, names, posing
from tests.evidence.hostile.case import Hostile

FILES: list[Hostile] = [
    *posing.FILES,
    *acting.FILES,
    *broken.FILES,
    *bombs.FILES,
    *members.FILES,
    *names.FILES,
]
