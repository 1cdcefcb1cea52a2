"""What pages read from addresses."""


def number(text: str) -> int | None:
    """The number of a row where the text is one that the database can hold."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
