"""What the parts of a workbook say, gathered element by element while they are read as a stream."""

from django.utils.translation import gettext as _

from tracker.annexes.formats import BUILT_IN, Format, Shows, read_format
from tracker.annexes.places import cell_of
from tracker.evidence.types import FileRefused

MOST_ROWS = 20_000
MOST_COLUMNS = 100
Given = dict[str, str]
# A number and a date that shows its day say all of themselves.
_TELLING = (Shows.NUMBER, Shows.DAY)


class WorkbookElements:
    """The sheets by name and relation, and the calendar."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, bool]] = []
        self.is_1904 = False

    def start(self, name: str, given: Given) -> None:
        if _local(name) == "workbookPr":
            self.is_1904 = given.get("date1904", "0") in ("1", "true")
        elif _local(name) == "sheet":
            relation = next(given[key] for key in given if key.endswith(":id"))
            hidden = given.get("state", "visible") != "visible"
            self.sheets.append((given["name"], relation, hidden))


class RelationElements:
    """Where each relation of the workbook leads: its kind and its target."""

    def __init__(self) -> None:
        self.found: dict[str, tuple[str, str]] = {}

    def start(self, name: str, given: Given) -> None:
        if _local(name) == "Relationship":
            self.found[given["Id"]] = given["Type"], given["Target"]


class StyleElements:
    """The number formats of the cells' styles that hide the day or the year of a date."""

    def __init__(self) -> None:
        self.hiding: dict[int, Format] = {}
        self._codes = dict(BUILT_IN)
        self._formats: dict[int, Format] = {}
        self._inside = ""
        self._style = -1

    def start(self, name: str, given: Given) -> None:
        name = _local(name)
        # Named styles and conditional formats hold elements of the same names, too.
        if name in ("numFmts", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"):
            self._inside = name
        elif name == "numFmt" and self._inside == "numFmts":
            self._codes[int(given["numFmtId"])] = given["formatCode"]
        elif name == "xf" and self._inside == "cellXfs":
            self._style += 1
            found = self._format(int(given.get("numFmtId", "0")))
            if found.shows not in _TELLING:
                self.hiding[self._style] = found

    def _format(self, number: int) -> Format:
        if number not in self._formats:
            self._formats[number] = read_format(self._codes.get(number, ""))
        return self._formats[number]


class CellElements:
    """A sheet's formula cells, and those whose format hides a part of a date.

    Refuses what lies beyond the rows and columns that we read.
    """

    def __init__(self, sheet: str, hiding: dict[int, Format]) -> None:
        self.sheet, self.hiding = sheet, hiding
        self.formulas: set[tuple[int, int]] = set()
        self.formats: dict[tuple[int, int], Format] = {}
        self.row, self.column, self.style = -1, -1, 0

    def start(self, name: str, given: Given) -> None:
        name = _local(name)
        if name == "c":
            self._cell(given)
        elif name == "row":
            self.row = int(given["r"]) - 1 if "r" in given else self.row + 1
            self.column = -1
        elif name in ("v", "is", "f"):
            if self.row >= MOST_ROWS or self.column >= MOST_COLUMNS:
                self._refuse()
            if name == "f":
                self.formulas.add((self.row, self.column))
            elif self.style in self.hiding:
                self.formats[self.row, self.column] = self.hiding[self.style]

    def _cell(self, given: Given) -> None:
        if "r" in given:
            self.row, self.column = cell_of(given["r"])
        else:
            self.column += 1
        self.style = int(given.get("s", "0"))

    def _refuse(self) -> None:
        raise FileRefused(
            _(
                "Sheet “%(sheet)s” goes beyond %(rows)d rows or %(columns)d columns: "
                "keep only the plant list in it."
            )
            % {"sheet": self.sheet, "rows": MOST_ROWS, "columns": MOST_COLUMNS}
        )


def _local(name: str) -> str:
    return name.rpartition(":")[2]
