"""What a source's checklist shows: each item, the looks at it, and the faults that stand open."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q

from tracker.rounds.models import (
    CheckResult,
    FugitiveCheck,
    FugitiveGroup,
    FugitiveItem,
    FugitiveSource,
)


@dataclass(frozen=True)
class ItemShown:
    """An item of a source, the newest look at it first."""

    item: FugitiveItem
    looks: tuple[FugitiveCheck, ...]

    @property
    def newest(self) -> FugitiveCheck | None:
        return self.looks[0] if self.looks else None

    @property
    def earlier(self) -> tuple[FugitiveCheck, ...]:
        return self.looks[1:]

    @property
    def is_settled(self) -> bool:
        newest = self.newest
        return newest is not None and newest.result in (CheckResult.OK, CheckResult.NOT_APPLICABLE)

    @property
    def open_faults(self) -> list[FugitiveCheck]:
        """Those without a remedy that is done, newer looks or not."""
        return [look for look in self.looks if is_open(look)]

    @property
    def is_to_look_at_again(self) -> bool:
        """Its fault was remedied, and nobody has looked since."""
        newest = self.newest
        return newest is not None and newest.result == CheckResult.FAULT and not is_open(newest)


def is_open(look: FugitiveCheck) -> bool:
    """The Python twin of ``with_open_faults``."""
    return look.result == CheckResult.FAULT and look.remedied_on is None


def read_items(source: FugitiveSource) -> list[ItemShown]:
    """What is asked of the source, and what was asked and has been looked at; in three queries."""
    checks = (
        FugitiveCheck.objects.filter(source=source)
        .select_related("checked_by")
        .prefetch_related("photos__stored")
        .order_by("-checked_at", "-pk")
    )
    looks: dict[int, list[FugitiveCheck]] = defaultdict(list)
    for check in checks:
        looks[check.item_id].append(check)
    asked = Q(group__in=(FugitiveGroup.GENERAL, source.group), withdrawn_on=None)
    items = FugitiveItem.objects.filter(asked | Q(pk__in=looks)).select_related("document")
    return [
        ItemShown(item, tuple(looks[item.pk]))
        for item in items.order_by("withdrawn_on", "position", "pk")
    ]
