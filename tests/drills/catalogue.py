"""The drills by name: what each is called in the table, where it is, how large it is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Drill:
    """``size`` is in people, or in nights; ``small`` is for the tests."""

    title: str
    function: str
    size: int
    small: int
    kills: int = 0
    small_kills: int = 0
    needs_postgresql: bool = False

    def sized(self, *, small: bool) -> tuple[int, int]:
        """How large, and how many kills."""
        return (self.small, self.small_kills) if small else (self.size, self.kills)


DRILLS = {
    "down": Drill("worker down three days", "nights:worker_down", 200, 10),
    "beats": Drill("two beats at once", "beats:two_beats", 100, 5),
    "kills": Drill(
        "kill -9 of the worker", "crashes:kill_worker", 2000, 60, kills=100, small_kills=4
    ),
    "redis": Drill("Redis stopped and flushed", "crashes:lose_broker", 1000, 60),
    "postgresql": Drill(
        "PostgreSQL killed and restarted",
        *("crashes:lose_database", 1000, 60),
        needs_postgresql=True,
    ),
    "smtp": Drill("SMTP refuses, 421, stalls, cuts", "refusals:refuse", 200, 12),
    "calendar": Drill("New Year, leap day, month's end", "nights:pass_calendar", 82, 20),
    "changes": Drill("changed between plan and send", "changes:change_before_sending", 50, 5),
    "crowd": Drill("one night for a crowd", "crowd:crowd", 3000, 20),
}
