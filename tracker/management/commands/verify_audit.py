"""Walk every chain of the trail and name the links that were changed, moved or taken out."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tracker.audit import ChainHead, broken_links


class Command(BaseCommand):
    """Exit 1 and a line for each broken chain; else how many chains are whole."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        chains = list(ChainHead.objects.order_by("chain").values_list("chain", flat=True))
        broken = {chain: links for chain in chains if (links := broken_links(chain))}
        for chain, links in broken.items():
            self.stderr.write(f"{chain}: broken at {', '.join(map(str, links))}")
        if broken:
            raise CommandError(f"{len(broken)} of {len(chains)} chains are broken.")
        self.stdout.write(f"{len(chains)} chains are whole.")
