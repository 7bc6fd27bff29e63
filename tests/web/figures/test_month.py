"""A month's weeks begin on Monday; bands keep to the month and share a lane where they can."""

from datetime import date

from tracker.web.figures.month import Band, lay_weeks

JUNE = date(2026, 6, 1)


def band(first: int, last: int, label: str = "stop") -> Band:
    return Band(date(2026, 6, first), date(2026, 6, last), label)


def spans(week: int, *bands: Band) -> list[list[tuple[int, str]]]:
    """Each lane of that week: widths with the band's label, empty where there is none."""
    lanes = lay_weeks(JUNE, bands)[week].lanes
    return [
        [(stretch.span, stretch.band.label if stretch.band else "") for stretch in lane]
        for lane in lanes
    ]


def test_weeks_begin_on_monday_and_leave_other_months_out() -> None:
    weeks = lay_weeks(date(2026, 11, 1), [])

    assert len(weeks) == 6
    assert weeks[0].days == [None] * 6 + [date(2026, 11, 1)]
    assert weeks[5].days == [date(2026, 11, 30)] + [None] * 6


def test_band_runs_over_weeks_and_ends_on_its_day() -> None:
    assert spans(0, band(3, 9)) == [[(2, ""), (5, "stop")]]
    assert spans(1, band(3, 9)) == [[(2, "stop"), (5, "")]]
    assert spans(2, band(3, 9)) == []


def test_band_of_one_day_is_one_column() -> None:
    assert spans(0, band(7, 7)) == [[(6, ""), (1, "stop")]]


def test_band_outlasts_the_month() -> None:
    long = Band(date(2025, 11, 1), date(2026, 12, 31), "long")

    assert [spans(week, long) for week in (0, 4)] == [[[(7, "long")]], [[(2, "long"), (5, "")]]]


def test_bands_share_a_lane_unless_they_share_a_day() -> None:
    assert spans(0, band(1, 2, "a"), band(3, 4, "b"), band(4, 7, "c")) == [
        [(2, "a"), (2, "b"), (3, "")],
        [(3, ""), (4, "c")],
    ]
