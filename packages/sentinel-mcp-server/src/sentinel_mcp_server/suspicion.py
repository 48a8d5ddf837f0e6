"""Text from a workspace that reads like instructions to a model: reported with its place, kept as evidence.

A heuristic that informs and never decides: it misses what is worded cleverly and sometimes points at an innocent
sentence. What it finds is named beside the answer, and while it stands, writes want it to be set aside by name.
"""

import re
import unicodedata
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from sentinel_mcp_server.trust import Json

MOST_REPORTED = 20
MOST_REMEMBERED = 50
_SHORTEST = 8
_LONGEST_LOOKED_AT = 20_000

_PATTERNS = {
    "overrides instructions": (
        r"\b(?:ignore|disregard|forget|override|bypass|discard)\b[^.]{0,40}\b(?:previous|prior|above|earlier|all|any|your|the|"
        r"these|those)\b[^.]{0,30}\b(?:instructions?|rules?|prompts?|guidelines?|polic(?:y|ies)|context|safety|directions?)\b"
        r"|\bnew\s+(?:instructions?|rules?|task|orders?)\b\s*[:\-]|\bend\s+of\s+(?:the\s+)?(?:data|input|log|prompt|evidence)\b"
    ),
    "speaks to a model": (
        r"\b(?:you\s+are|act\s+as|pretend\s+to\s+be|behave\s+as|from\s+now\s+on)\b[^.]{0,40}\b(?:now|assistant|administrator|admin|"
        r"system|model|ai|agent|developer|analyst|unrestricted|dan)\b"
        r"|\b(?:dear|hey|hello|hi|attention|note\s+to)\b[^.]{0,20}\b(?:ai|assistant|model|agent|llm|copilot|claude|gpt|chatgpt)\b"
        r"|\b(?:ai|llm|language\s+model|assistant|copilot)\b[^.]{0,30}\b(?:must|should|please|shall|will\s+now|has\s+to)\b"
    ),
    "asks for an action": (
        r"\b(?:please|must|should|immediately|now|urgent(?:ly)?|required\s+to|instructed\s+to|go\s+ahead\s+and)\b[^.]{0,40}"
        r"\b(?:close|dismiss|resolve|approve|suppress|disable|delete|whitelist|allowlist|reassign|mark|classify|run|execute|"
        r"open|visit|download|send|forward|add|remove)\b"
        r"|\b(?:call|invoke|use|trigger)\b[^.]{0,20}\b(?:tools?|functions?)\b"
    ),
    "names a tool of this server": (
        r"\b(?:(?:incident|query|rule|rule_template|task|watchlist|watchlist_item|hunting_query|indicator|table|workspace|"
        r"automation_rule|bookmark|data_connector|playbook|alert|content|setting)_(?:run|close|update|create|delete|get|"
        r"list|add|cancel|page|validate|explain|search|comment_add|task_add|playbook_run|upsert|usage|metrics|lint|backtest|test|"
        r"coverage|profile|health|drift|chart)"
        r"|entity_pivot|entity_enrich|access_check|connection_test|docs_search)\b|\bconfirmation_token\b"
    ),
    "asks for silence": (
        r"\b(?:do\s+not|don't|never|without)\b[^.]{0,30}\b(?:tell(?:ing)?|report(?:ing)?|mention(?:ing)?|alert(?:ing)?|escalat(?:e|ing)|"
        r"notify(?:ing)?|inform(?:ing)?|show(?:ing)?)\b[^.]{0,30}\b(?:user|analyst|anyone|anybody|team|human|operator|this|it)\b"
    ),
    "asks for secrets": (
        r"\b(?:reveal|print|show|repeat|output|send|leak|exfiltrate|post|upload|include)\b[^.]{0,40}\b(?:system\s+prompt|"
        r"secrets?|tokens?|credentials?|api\s+keys?|passwords?|environment\s+variables?|hidden\s+instructions?)\b"
    ),
    "fakes a fence or a speaker": (
        r"</?\s*(?:untrusted|system|assistant|user|tool_?results?|function_?results?|instructions?|prompt)\b[^>]{0,60}>"
        r"|<\|[a-z_]{2,30}\|>|\[/?(?:inst|system)\]|(?:^|\n)\s*#{1,4}\s*(?:system|instructions?|assistant)\b"
        r"|(?:^|\n)\s*(?:system|assistant|developer)\s*:"
    ),
}
_ANY = re.compile(
    "|".join(f"(?P<k{number}>{pattern})" for number, pattern in enumerate(_PATTERNS.values())), re.IGNORECASE
)
_KINDS = tuple(_PATTERNS)
_REORDERS = re.compile("[\u202a-\u202e\u2066-\u2069\U000e0020-\U000e007f]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")

# Letters of other scripts that look like Latin ones.
_LOOKALIKES = str.maketrans(
    "аеорсухіѕјԁһԛոɡ" + "АВЕКМНОРСТХІЅЈ" + "αοενι", "aeopcyxisjdhqng" + "ABEKMHOPCTXISJ" + "aoevi"
)


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A place and what it looks like there; the text itself stays where it is."""

    place: str
    kind: str


def find_suspicions(answer: Json) -> list[Suspicion]:
    """The first suspicious places of an answer, as paths such as `tables[0].rows[3][2]`."""
    found: list[Suspicion] = []
    for place, text in _texts(answer, ""):
        if kind := suspicious(text):
            found.append(Suspicion(place, kind))
            if len(found) == MOST_REPORTED:
                break
    return found


def suspicious(text: str) -> str | None:
    """What a text looks like, or None."""
    if len(text) < _SHORTEST:
        return None
    text = text[:_LONGEST_LOOKED_AT]
    if match := _ANY.search(text) or _ANY.search(_plain(text)):
        return next(_KINDS[number] for number in range(len(_KINDS)) if match[f"k{number}"] is not None)
    return "hides or reorders characters" if _REORDERS.search(text) else None


class SuspicionLog:
    """What was seen by each caller and not yet set aside, bounded."""

    def __init__(self) -> None:
        self._seen: dict[str, deque[str]] = {}

    def remember(self, owner: str, where: str, found: list[Suspicion]) -> None:
        """Note that an answer to this caller held suspicious text."""
        if not found:
            return
        if owner not in self._seen and len(self._seen) >= MOST_REMEMBERED:
            self._seen.pop(next(iter(self._seen)))
        seen = self._seen.setdefault(owner, deque(maxlen=MOST_REMEMBERED))
        seen.extend(f"{where} {suspicion.place} ({suspicion.kind})" for suspicion in found)

    def standing(self, owner: str) -> list[str]:
        """What this caller has seen and not set aside, the oldest first."""
        return list(self._seen.get(owner, ()))

    def set_aside(self, owner: str) -> None:
        """A person has been told of everything that stands."""
        self._seen.pop(owner, None)


def _plain(text: str) -> str:
    """The text as a reader would take it: without invisible characters, compatibility forms and look-alikes folded."""
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).translate(_LOOKALIKES)


def _texts(value: Json, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _texts(item, f"{place}[{number}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, f"{place}.{key}" if place else key)
