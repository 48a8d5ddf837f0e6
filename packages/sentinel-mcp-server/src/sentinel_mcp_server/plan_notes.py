"""What a person should know before agreeing to a plan, beside the changes themselves."""

from sentinel_mcp_server.plans import Change

NOTE = "note"
"""Field of a change that changes nothing: its `after` is a sentence for whoever decides."""


def noted(*sentences: str) -> tuple[Change, ...]:
    """The sentences as lines of a plan."""
    return tuple(Change(field=NOTE, before=None, after=sentence) for sentence in sentences)


def made(**fields: object) -> tuple[Change, ...]:
    """The fields of an object that is not there yet; what was not given is left out."""
    return tuple(Change(field=name, before=None, after=value) for name, value in fields.items() if value is not None)
