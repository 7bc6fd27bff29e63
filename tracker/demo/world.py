"""Makes the demo's companies and plants with their lines, outlets, permits and projects."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from dateutil.relativedelta import relativedelta

from plants.models import (
    Authority,
    Company,
    Denitration,
    Line,
    Outlet,
    OutletSource,
    Part,
    Permit,
    Place,
    Plant,
    PlantKind,
    Project,
    RunStatus,
)
from tracker.demo.invention import Invention, OutletKind, ProjectKind, Site, stands
from tracker.demo.stories import Story, tell_stories

# How many of twenty lines have which capacity.
CAPACITIES_TPD = {1000: 1, 2000: 3, 2500: 5, 3000: 2, 3200: 2, 5000: 5, 5500: 2}
IN_VIEW = "region-changji"  # the authority of the demo's first officer
CARBIDE_CAPACITIES_TPD = (2000, 2500)
GAVE_UP_CO_PROCESSING = 2  # the number of the plant that did so yesterday
STATION_PROJECT_TPD = 800  # what a grinding station's projects are sized by


@dataclass
class DemoPlant:
    """A plant of the demo with its lines and its story."""

    number: int
    plant: Plant
    lines: list[Line]
    story: Story

    @property
    def capacity_tpd(self) -> int:
        return sum(line.capacity_tpd for line in self.lines)


def make_world(
    invention: Invention, *, clinker_plants: int, today: date, tracked_from_on: date, rng: Random
) -> list[DemoPlant]:
    """Make all rows of the world. The first plant is the one of the demo's first manager.

    Five plants of four have one line, the fifth two; one grinding station comes to four plants.
    """
    companies = _make_companies(invention)
    kinds = [
        (PlantKind.CLINKER, stands(invention, count=clinker_plants, kind="clinker")),
        (PlantKind.GRINDING, stands(invention, count=clinker_plants // 4, kind="grinding")),
    ]
    maker = _Maker(invention, companies, tracked_from_on, rng)
    made = [
        maker.invent(kind, site, nth, number)
        for kind, sites in kinds
        for number, (site, nth) in enumerate(sites)
    ]
    stories = tell_stories(
        [sum(line.capacity_tpd for line in lines) for _, lines in made],
        on_show=0,
        in_view=frozenset(
            n for n, (plant, _) in enumerate(made) if plant.authority.code == IN_VIEW
        ),
        rng=rng,
    )
    world = [
        DemoPlant(number, plant, lines, story)
        for number, ((plant, lines), story) in enumerate(zip(made, stories, strict=True))
    ]
    _save(invention, world, today=today, rng=rng)
    return world


def _make_companies(invention: Invention) -> dict[str, Company]:
    return {
        group.code: Company.objects.create(
            code=group.code,
            name_zh=group.name.zh,
            name_en=group.name.en,
            state_owned=group.state_owned,
        )
        for group in invention.companies
    }


class _Maker:
    """Invents plants and their lines, not yet saved."""

    def __init__(
        self,
        invention: Invention,
        companies: dict[str, Company],
        tracked_from_on: date,
        rng: Random,
    ) -> None:
        self.invention = invention
        self.companies = companies
        self.tracked_from_on = tracked_from_on
        self.rng = rng
        self.authorities = {authority.code: authority for authority in Authority.objects.all()}
        self.places = {place.code: place for place in Place.objects.all()}
        self.count = 0
        self.deck: list[int] = []

    def invent(self, kind: str, site: Site, nth: int, number: int) -> tuple[Plant, list[Line]]:
        word = self.invention.plant_word(self.count)
        self.count += 1
        is_clinker = kind == PlantKind.CLINKER
        plant = Plant(
            code=f"demo-{self.count:03d}",
            name_zh=f"示例{word.zh}{'水泥' if is_clinker else '粉磨'}有限公司",
            name_en=f"Example {word.en} {'Cement' if is_clinker else 'Grinding'}",
            kind=kind,
            company=self._company(),
            authority=self.authorities[site.authority],
            place=self.places[site.place],
            # No real credit code has an S: the letter is not in its alphabet.
            credit_code=f"91650000SL{self.count:08d}",
            status=RunStatus.LONG_STOPPED if self.count % 29 == 17 else RunStatus.RUNNING,
            co_processing=is_clinker
            and (self.rng.random() < 0.15 or self.count == GAVE_UP_CO_PROCESSING + 1),
            restarted_on=self.tracked_from_on + timedelta(days=400)
            if self.count % 29 == 19
            else None,
            # Every second plant entered the product a month later.
            tracked_from_on=self.tracked_from_on + relativedelta(months=(self.count - 1) % 2),
        )
        lines = 2 if number % 4 == 0 else 1
        carbide_slag = nth < site.carbide_slag
        return plant, [
            self._line(plant, n, carbide_slag) for n in range(1, lines + 1) if is_clinker
        ]

    def _company(self) -> Company | None:
        """The first two plants, one in each tree, belong to the first group: it sees both."""
        draw = self.rng.randrange(100) if self.count > 2 else 0
        for group in self.invention.companies:
            if draw < group.share:
                return self.companies[group.code]
            draw -= group.share
        return None

    def _capacity(self) -> int:
        """The next from a shuffled deck of twenty, so that every size comes."""
        if not self.deck:
            self.deck = [tpd for tpd, count in CAPACITIES_TPD.items() for _ in range(count)]
            self.rng.shuffle(self.deck)
        return self.deck.pop()

    def _line(self, plant: Plant, number: int, carbide_slag: bool) -> Line:
        capacity = self.rng.choice(CARBIDE_CAPACITIES_TPD) if carbide_slag else self._capacity()
        is_new = self.rng.random() < 0.03
        commissioned = date(2024, 6, 1) if is_new else date(2005, 1, 1)
        return Line(
            plant=plant,
            number=number,
            name_zh=f"{number}号熟料线",
            name_en=f"Clinker line {number}",
            capacity_tpd=capacity,
            carbide_slag=carbide_slag,
            commissioned_on=commissioned
            + timedelta(days=self.rng.randrange(200 if is_new else 4700)),
            status=plant.status,
        )


def _save(invention: Invention, world: list[DemoPlant], *, today: date, rng: Random) -> None:
    Plant.objects.bulk_create([demo.plant for demo in world])
    for demo in world:
        for line in demo.lines:
            line.denitration = _denitration(demo, rng)
    Line.objects.bulk_create([line for demo in world for line in demo.lines])
    Outlet.objects.bulk_create(
        [outlet for demo in world for outlet in _outlets(invention, demo)], batch_size=500
    )
    Permit.objects.bulk_create([_permit(demo, today, rng) for demo in world])
    Project.objects.bulk_create(
        [
            project
            for demo in world
            for kind in invention.projects
            for project in _project(kind, demo, today, rng)
        ]
    )


def _denitration(demo: DemoPlant, rng: Random) -> str:
    if Part.ORGANISED in demo.story.done:
        return Denitration.SNCR_SCR
    return Denitration.OXIDATION if rng.random() < 0.04 else Denitration.SNCR


def _outlets(invention: Invention, demo: DemoPlant) -> list[Outlet]:
    """DA001 and on: the lines' own outlets first, then those of the whole plant."""
    owned: list[tuple[Line | None, OutletKind]] = [
        (line, kind) for line in demo.lines for kind in invention.line_outlets
    ]
    shared = invention.plant_outlets if demo.lines else invention.grinding_outlets
    outlets: list[Outlet] = []
    for line, kind in [*owned, *((None, kind) for kind in shared)]:
        for k in range(1, kind.count + 1):
            # Only every third station dries slag with a heat source of its own.
            if kind.source == OutletSource.DRYER and demo.number % 3:
                continue
            outlets.append(_outlet(demo, line, kind, k, len(outlets) + 1))
    return outlets


def _outlet(demo: DemoPlant, line: Line | None, kind: OutletKind, k: int, number: int) -> Outlet:
    return Outlet(
        plant=demo.plant,
        line=line,
        code=f"DA{number:03d}",
        mn_code=f"65SL{demo.number + 1:010d}{number:010d}" if kind.main else None,
        name=kind.name.format(n=line.number if line else "", k=k),
        source=kind.source,
        is_main=kind.main,
        has_cems=kind.main,
    )


def _permit(demo: DemoPlant, today: date, rng: Random) -> Permit:
    """For five years; it runs out between a month and some years from now."""
    until = today + timedelta(days=30 + rng.randrange(1500))
    return Permit(
        plant=demo.plant,
        number=f"{demo.plant.credit_code}001P",
        valid_from_on=until - relativedelta(years=5) + timedelta(days=1),
        valid_until_on=until,
    )


def _project(kind: ProjectKind, demo: DemoPlant, today: date, rng: Random) -> list[Project]:
    """At most one: what the plant's story says of that part, and how far it came by today."""
    done = kind.part in demo.story.done or (kind.part == Part.MONITORING and demo.story.is_complete)
    wanted = demo.lines or kind.part in (Part.FUGITIVE, Part.CLEAN_TRANSPORT)
    if not wanted or (not done and rng.random() < 0.2):
        return []
    length = timedelta(days=kind.months * 30 + rng.randrange(60))
    ahead = timedelta(days=rng.randrange(60, 500))
    start = today - length - ahead if done else today - length + ahead
    spent = (today - start) / length
    percent = 100 if done else max(0, min(95, int(spent * 100) - rng.randrange(12)))
    cost = kind.yuan_per_tpd * (demo.capacity_tpd or STATION_PROJECT_TPD) * rng.uniform(0.8, 1.2)
    planned = Decimal(round(cost, -4))
    return [
        Project(
            plant=demo.plant,
            part=kind.part,
            title_zh=kind.title.zh,
            title_en=kind.title.en,
            planned_start_on=start,
            planned_finish_on=start + length,
            started_on=start + timedelta(days=rng.randrange(10)) if percent else None,
            finished_on=start + length - timedelta(days=rng.randrange(30)) if done else None,
            investment_planned_yuan=planned,
            investment_paid_yuan=planned * (percent - (0 if done else percent // 10)) / 100,
            progress_percent=percent,
        )
    ]
