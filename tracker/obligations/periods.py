"""Calendar periods of a recurring duty: months, quarters, halves and years. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from plants.text import Text
from tracker.obligations.wording import MONTHS
from tracker.regulations.rules import PERIODS_IN_YEAR

PREFIX = {"month": "", "quarter": "Q", "half_year": "H"}
HALVES = (Text("上半年", "first half"), Text("下半年", "second half"))
QUARTERS = (
    Text("第一季度", "first quarter"),
    Text("第二季度", "second quarter"),
    Text("第三季度", "third quarter"),
    Text("第四季度", "fourth quarter"),
)


@dataclass(frozen=True)
class Period:
    """The ``number``-th month, quarter or half of a year, or (1) the year itself."""

    every: str
    year: int
    number: int

    @property
    def key(self) -> str:
        """2026, 2026-H1, 2026-Q3 or 2026-09."""
        match self.every:
            case "year":
                return f"{self.year}"
            case "month":
                return f"{self.year}-{self.number:02}"
        return f"{self.year}-{PREFIX[self.every]}{self.number}"

    @property
    def first_on(self) -> date:
        return date(self.year, (self.number - 1) * self._months + 1, 1)

    @property
    def last_on(self) -> date:
        month = self.number * self._months
        after = date(self.year + month // 12, month % 12 + 1, 1)
        return after - timedelta(days=1)

    @property
    def text(self) -> Text:
        """2026年第三季度, the third quarter of 2026."""
        match self.every:
            case "year":
                return Text(f"{self.year}年度", f"the year {self.year}")
            case "month":
                return Text(
                    f"{self.year}年{self.number}月", f"{MONTHS[self.number - 1]} {self.year}"
                )
            case "half_year":
                name = HALVES[self.number - 1]
            case _:
                name = QUARTERS[self.number - 1]
        return Text(f"{self.year}年{name.zh}", f"the {name.en} of {self.year}")

    @property
    def _months(self) -> int:
        return 12 // PERIODS_IN_YEAR[self.every]


def periods(every: str, *, first: date, last: date) -> Iterator[Period]:
    """The periods that share a day with the span from first to last, both included, in order."""
    for year in range(first.year, last.year + 1):
        for number in range(1, PERIODS_IN_YEAR[every] + 1):
            period = Period(every, year, number)
            if period.last_on >= first and period.first_on <= last:
                yield period
