"""A cell's address as people write it: C7."""


def cell_of(reference: str) -> tuple[int, int]:
    """Row and column, counted from nought, of an address such as C7."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return int(reference[len(letters) :]) - 1, column - 1


def letters_of(column: int) -> str:
    """A column's letters: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def place_of(sheet: str, row: int, column: int) -> str:
    """Sheet and cell as Excel writes them: 附表1!C7."""
    return f"{sheet}!{letters_of(column)}{row + 1}"
