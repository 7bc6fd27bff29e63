"""Cells of a CSV file, as a spreadsheet opens it."""

# Without it a spreadsheet takes UTF-8 for something else.
BYTE_ORDER_MARK = "\ufeff"


def harmless(value: object) -> str:
    """A text that a spreadsheet takes for no formula."""
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
