"""The quoting functions for KQL: the only way in which a value becomes part of a query's text."""


def name(text: str) -> str:
    """A table or column name, whatever it holds, as KQL writes one that is no plain word: `['...']`."""
    return f"[{string(text)}]"


def string(text: str) -> str:
    """A text as a KQL string literal."""
    return "".join(("'", *(_escaped(character) for character in text), "'"))


def _escaped(character: str) -> str:
    if character in "'\\":
        return f"\\{character}"
    code = ord(character)
    if code < 0x20 or code == 0x7F or 0x80 <= code <= 0x9F or code in (0x2028, 0x2029):
        return f"\\u{code:04x}"
    return character
