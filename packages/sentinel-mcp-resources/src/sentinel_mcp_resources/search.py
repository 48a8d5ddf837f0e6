"""Full-text search over the knowledge: SQLite's FTS5 in memory, built on first use, answered with a section of a page.

A document is found by its title, what it covers, its summary and its text, in falling weight; the words of the question
are stemmed and joined by OR, so that a question in plain words finds what shares its rarer ones.
"""

import re
import sqlite3
import weakref
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from threading import Lock

_WORD = re.compile(r"[\w$]+")

# Words that say how somebody asks rather than what about.
_ASKING = frozenset(
    """
    a about an and any are as at be by can could did do does for from get has have how i if in into is it its me my of
    on or should so that the their them then there these this to use used using want was what when where which who why
    will with would you your kql query queries sentinel
    """.split()  # noqa: SIM905 - words read best as words
)

# What analysts say and what the documents say. Facts of the trade, one way each.
_SAME = {
    "authentication": "sign",
    "auth": "sign",
    "login": "logon",
    "logins": "logon",
    "mfa": "factor",
    "ip": "address",
    "ips": "address",
    "subnet": "range",
    "cidr": "range",
    "json": "dynamic",
    "regex": "regular",
    "url": "link",
    "urls": "link",
    "email": "mail",
    "emails": "mail",
    "variable": "let",
    "chart": "render",
    "graph": "render",
    "tunnelling": "dns",
    "tunneling": "dns",
    "timeout": "limit",
    "times": "limit",
    "app": "application",
    "apps": "application",
    "secret": "credential",
    "errors": "mistakes",
    "error": "mistake",
}

_WEIGHTS = "8.0, 6.0, 4.0, 1.0"
"""Title, what it covers, summary, text."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A document to be found: `keywords` are constructs, tables or columns that it is about."""

    uri: str
    title: str
    keywords: str
    summary: str
    body: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A found document with the section of it that answers best; `whole` says that the section is all there is."""

    uri: str
    title: str
    summary: str
    section: str
    whole: bool


class SearchIndex:
    """An index over entries; safe for threads, some hundred kilobytes in memory."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._lock = Lock()
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        weakref.finalize(self, self._database.close)
        self._database.execute(
            "CREATE VIRTUAL TABLE documents USING fts5("
            "title, keywords, summary, body, uri UNINDEXED, name UNINDEXED, tokenize='porter')"
        )
        self._database.execute(
            "CREATE VIRTUAL TABLE sections USING fts5(body, uri UNINDEXED, place UNINDEXED, tokenize='porter')"
        )
        for entry in entries:
            self._database.execute(
                "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?)",
                (_spoken(entry.title), _spoken(entry.keywords), entry.summary, entry.body, entry.uri, entry.title),
            )
            self._database.executemany(
                "INSERT INTO sections VALUES (?, ?, ?)",
                [(section, entry.uri, place) for place, section in enumerate(sections(entry.body))],
            )

    def search(self, question: str, limit: int = 5) -> list[Hit]:
        """The documents that fit best, best first; none where no word of the question is known."""
        match = _match(question)
        if not match:
            return []
        with self._lock:
            rows = self._database.execute(
                f"SELECT uri, name, summary FROM documents WHERE documents MATCH ? "  # noqa: S608 - weights are ours
                f"ORDER BY bm25(documents, {_WEIGHTS}) LIMIT ?",
                (match, limit),
            ).fetchall()
            return [Hit(uri, title, summary, *self._section(uri, match)) for uri, title, summary in rows]

    def _section(self, uri: str, match: str) -> tuple[str, bool]:
        best = self._database.execute(
            "SELECT body FROM sections WHERE sections MATCH ? AND uri = ? ORDER BY rank LIMIT 1", (match, uri)
        ).fetchone()
        first, count = self._database.execute(
            "SELECT body, (SELECT count(*) FROM sections WHERE uri = ?) FROM sections WHERE uri = ? AND place = 0",
            (uri, uri),
        ).fetchone()
        return (best or (first,))[0], count == 1


def sections(body: str) -> Iterator[str]:
    """A Markdown text in parts that stand alone: a paragraph keeps the block, list or table that follows it."""
    part: list[str] = []
    fenced = False
    for line in body.splitlines():
        starts_block = line.startswith(("```", "- ", "|", "  "))
        if not line and not fenced:
            part.append("")
            continue
        if part and part[-1] == "" and not fenced and not starts_block and any(part):
            yield "\n".join(part).strip()
            part = []
        if line.startswith("```"):
            fenced = not fenced
        part.append(line)
    if any(part):
        yield "\n".join(part).strip()


def _match(question: str) -> str:
    words = [word.casefold() for word in _WORD.findall(_spoken(question))]
    useful = [word for word in words if word not in _ASKING] or words
    useful += [_SAME[word] for word in useful if word in _SAME]
    # Quoted, so that no word is read as an operator of FTS5's own language.
    return " OR ".join(f'"{word}"' for word in dict.fromkeys(useful))


def _spoken(text: str) -> str:
    """Names in CamelCase and with underscores also as their words: "process events" finds DeviceProcessEvents."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_", " ", text)
    return text if apart == text else f"{text} {apart}"
