"""Stable stand-ins for people, hosts and addresses, so that a model can investigate without learning who is who.

With `--pseudonymise` every answer carries `pn-user-…`, `pn-host-…`, `pn-ip-…` and `pn-mail-…` in place of names, and a
stand-in given as an argument means what it stands for. The table of both sides lives in this process and goes with it;
each session has stand-ins of its own. The same name in another spelling gets the same stand-in with a number behind it.

What is recognised: IP and mail addresses wherever they stand; names of users and hosts by the column or field that they
stand in, in JSON inside a text too, and from then on wherever they stand; full host names in a domain that mail
addresses have shown. What is not: any other name in free text that no answer has shown in a column before, and a plain
word that is the whole of another field, such as a severity.
"""

import hmac
import json
import re
import secrets
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any, cast

from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.trust import Json, as_json

MOST_REMEMBERED = 100_000
"""Names kept for a session; beyond it a new name is still hidden, and its stand-in can no longer be given back."""

_STAND_IN = re.compile(r"pn-(?:user|host|ip|mail)-[a-z2-7]{10}(?:\.\d+)?")
_MAIL = re.compile(r"[\w.+'#-]+@[\w-]+(?:\.[\w-]+)+")
_IP = re.compile(r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})(?![\w:]|\.\d)")
_DOMAIN = re.compile(r"(?<![\w.@-])[\w-]+(?:\.[\w-]+){2,}")
_WORD = re.compile(r"[\w-]+")
_FIELD = re.compile(r'"(\w+)"\s*:\s*"([^"\\]+)')
_USER_FIELD = re.compile(
    r"(?i)(?:user(?:name|principalname|displayname|id|s)?|account(?:s|name|upn|displayname|sid)?|upn|caller|mailbox\w*|"
    r"owner|author|assignedto|actor|initiatedby|identity|createdby|updatedby|displayname_user)$"
)
_HOST_FIELD = re.compile(
    r"(?i)(?:computer|device(?:name)?|host(?:s|name)?|workstation\w*|machine\w*|netbiosname|fqdn|asset)$"
)
_NAMING = frozenset({"name", "friendly_name", "friendlyname", "display_name", "displayname", "value", "label"})
"""Fields that hold the name of the entity or person that they are part of."""
_CONTENTS = frozenset({"example", "examples", "before", "after", "values"})
"""Fields that hold what stands in the column or field that they are part of the description of."""
_ENTITIES = {"account": "user", "user": "user", "mailbox": "user", "host": "host", "device": "host"}
# Accounts and addresses that every system has: they name nobody.
_NOBODY = frozenset(
    {
        "system", "root", "local service", "network service", "anonymous logon", "nt authority\\system", "localhost",
        "n/a", "unknown", "none", "unassigned", "127.0.0.1", "::1", "::",
    }
)  # fmt: skip
_SAFE = re.compile(r"[\w.@:+\-\\$#' ]+")
_SHORTEST = 3
_LONGEST = 256


class Pseudonyms:
    """Stand-ins by session."""

    def __init__(self) -> None:
        self._sessions: dict[str, _Session] = {}

    def hide(self, owner: str, answer: Json) -> Json:
        """The answer with every name that is recognised replaced."""
        session = self._session(owner)
        for kind, name in _named(answer, None):
            session.stand_in(kind, name)
        return session.replaced(answer)

    def hide_text(self, owner: str, text: str) -> str:
        """A sentence with every name that is recognised replaced."""
        return self._session(owner).in_text(text, whole=False)

    def reveal(self, owner: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """The arguments with every stand-in replaced by what it stands for; within KQL as part of a string.

        Raises:
            Refused: a stand-in is not of this session, or its name cannot stand in a query.
        """
        session = self._session(owner)
        return {name: session.revealed(value, kql=name == "query") for name, value in arguments.items()}

    def _session(self, owner: str) -> "_Session":
        return self._sessions.setdefault(owner, _Session())


class _Session:
    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)
        self._by_name: dict[str, str] = {}
        self._by_stand_in: dict[str, str] = {}
        self._spellings: dict[str, int] = {}
        self._domains: set[str] = set()
        self._starts: dict[str, list[str]] = {}  # first word of a name, in small letters -> names, the longest first

    def stand_in(self, kind: str, name: str) -> str:
        if known := self._by_name.get(name):
            return known
        stem = f"pn-{kind}-{_letters(hmac.digest(self._secret, f'{kind} {name.casefold()}'.encode(), 'sha256'))}"
        count = self._spellings.get(stem, 0)
        made = stem if count == 0 else f"{stem}.{count + 1}"
        if len(self._by_name) >= MOST_REMEMBERED:
            return made
        self._spellings[stem] = count + 1
        self._by_stand_in[made] = name
        self._remember(name, made)
        domain, backslash, account = name.partition("\\")
        if backslash and domain and len(account) >= _SHORTEST:
            self._remember(f"{domain}\\\\{account}", made)  # as JSON writes it
            self.stand_in(kind, account)
        return made

    def _remember(self, name: str, made: str) -> None:
        self._by_name[name] = made
        if first := _WORD.match(name):
            names = self._starts.setdefault(first[0].casefold(), [])
            names.append(name)
            names.sort(key=len, reverse=True)

    def replaced(self, value: Json, *, cell: bool = False) -> Json:
        if isinstance(value, str):
            return self.in_text(value, whole=cell)
        if isinstance(value, list):
            return [self.replaced(item, cell=cell) for item in value]
        if isinstance(value, dict):
            return {
                key: self.replaced(item, cell=cell or key == "rows" or _kind(key) is not None)
                for key, item in value.items()
            }
        return value

    def in_text(self, text: str, *, whole: bool) -> str:
        """The text with stand-ins; a text that is nothing but a plain word is a name only where names are expected."""
        if not whole and text.isalpha():
            return text
        if known := self._by_name.get(text):
            return known
        text = _MAIL.sub(lambda found: self._mail(found[0]), text)
        text = _IP.sub(lambda found: self._address(found[0]), text)
        text = _DOMAIN.sub(lambda found: self._host(found[0]), text)
        return self._known_names(text) if self._starts else text

    def _mail(self, text: str) -> str:
        self._domains.add(text.rpartition("@")[2].casefold())
        return self.stand_in("mail", text)

    def _host(self, text: str) -> str:
        """A full name within a domain of the organisation, such as `dc01.contoso.com`."""
        return self.stand_in("host", text) if text.casefold().partition(".")[2] in self._domains else text

    def _address(self, text: str) -> str:
        return self.stand_in("ip", text) if _is_address(text) else text

    def _known_names(self, text: str) -> str:
        pieces: list[str] = []
        at = 0
        for word in _WORD.finditer(text):
            if word.start() < at:
                continue
            for name in self._starts.get(word[0].casefold(), ()):
                end = word.start() + len(name)
                found = text[word.start() : end]
                if found.casefold() == name.casefold() and not _goes_on(text, end):
                    _, kind, _ = self._by_name[name].split("-", 2)
                    pieces += [text[at : word.start()], self.stand_in(kind, found)]
                    at = end
                    break
        return "".join([*pieces, text[at:]])

    def revealed(self, value: Any, *, kql: bool) -> Any:  # noqa: ANN401 - an argument of any shape
        if isinstance(value, str):
            return _STAND_IN.sub(lambda found: self._name_of(found[0], value, kql=kql), value)
        if isinstance(value, list):
            return [self.revealed(item, kql=kql) for item in cast("list[Any]", value)]
        if isinstance(value, dict):
            items = cast("dict[str, Any]", value).items()
            return {key: self.revealed(item, kql=kql or key == "query") for key, item in items}
        return value

    def _name_of(self, stand_in: str, text: str, *, kql: bool) -> str:
        name = self._by_stand_in.get(stand_in)
        if name is None:
            raise Refused(f"{stand_in} stands for nothing in this session: use one that an answer of it has shown.")
        if not kql:
            return name
        if not _SAFE.fullmatch(name) or ("\\" in name and re.search(r"@[\"']|```|~~~", text)):
            raise Refused(
                f"{stand_in} stands for a name with characters that cannot be put into a query safely: use another "
                "column, or entity_pivot, which takes it as an argument."
            )
        return name.replace("\\", "\\\\").replace("'", "\\'")


def _goes_on(text: str, end: int) -> bool:
    """Whether a longer word stands there, of which a name is only the beginning."""
    return text[end : end + 1].isalnum() or text[end : end + 1] in {"_", "-"}


def _kind(field: str) -> str | None:
    """Whether a field of that name holds users or hosts."""
    if _USER_FIELD.search(field):
        return "user"
    return "host" if _HOST_FIELD.search(field) else None


def _named(value: Json, kind: str | None) -> Iterator[tuple[str, str]]:
    """Names by the field or column they stand in, with what they are."""
    if isinstance(value, str):
        yield from _in_cell(value, kind)
    elif isinstance(value, list):
        for item in value:
            yield from _named(item, kind)
    elif isinstance(value, dict):
        if (columns := _columns(value)) is not None:
            for row in cast("list[list[Json]]", value["rows"]):
                for column, cell in zip(columns, row, strict=False):
                    yield from _named(cell, _kind(column))
        described = value.get("column") or value.get("field") or value.get("name")
        if isinstance(described, str) and (of_field := _kind(described)):
            for key in _CONTENTS & value.keys():
                yield from _named(value[key], of_field)
        whose = value.get("kind") or value.get("type")
        kind = _ENTITIES.get(whose.casefold(), kind) if isinstance(whose, str) else kind
        for key, item in value.items():
            if key != "rows" or columns is None:
                yield from _named(item, _kind(key) or (kind if key.casefold() in _NAMING else None))


def _in_cell(text: str, kind: str | None) -> Iterator[tuple[str, str]]:
    if text[:1] in {"{", "["}:
        try:
            inner = as_json(json.loads(text))
        except ValueError:  # cut short, or no JSON: its fields are found one by one
            for field, content in _FIELD.findall(text):
                if of_field := _kind(field):
                    yield from _in_cell(content, of_field)
            return
        if isinstance(inner, dict | list):
            yield from _named(inner, kind)
        return
    name = text.strip()
    if (
        kind is not None
        and _SHORTEST <= len(name) <= _LONGEST
        and name.casefold() not in _NOBODY
        and any(character.isalpha() for character in name)
        and not _is_address(name)
        and not _MAIL.fullmatch(name)
        and not _STAND_IN.fullmatch(name)
    ):
        yield kind, name


def _columns(value: dict[str, Json]) -> list[str] | None:
    columns = value.get("columns")
    if not isinstance(columns, list) or not isinstance(value.get("rows"), list):
        return None
    return [str(column["name"]) if isinstance(column, dict) else str(column) for column in columns]


def _is_address(text: str) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return str(address) not in _NOBODY and any(character.isdigit() for character in text)


def _letters(digest: bytes) -> str:
    """Ten letters and digits that are told apart easily."""
    number = int.from_bytes(digest[:8])
    return "".join("abcdefghijklmnopqrstuvwxyz234567"[(number >> (5 * place)) & 31] for place in range(10))
