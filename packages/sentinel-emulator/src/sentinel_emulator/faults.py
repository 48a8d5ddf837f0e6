"""Faults on demand: what a service, a network and a clock can do to a client, one request at a time.

```python
emulator.faults.add("throttled", retry_after=2, times=3)       # the next three requests
emulator.faults.add("unavailable", path="/incidents")          # the next request whose path holds this
emulator.faults.add("long-query", seconds=600)                 # a query of ten minutes, or as long as it is given
emulator.faults.add("blocked")                                 # the next sign-in
emulator.faults.chaos(0.05, seed=1)                            # one request in twenty, the same ones every time
```

A client that cannot reach the object sends the header `x-emulator-fault: throttled; retry-after=2` with a request, or
posts `[{"kind": "throttled", "times": 3}]` to `/_emulator/faults`.
"""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass
from typing import Literal, cast, get_args

Kind = Literal[
    "throttled",
    "error",
    "unavailable",
    "timeout",
    "slow-start",
    "slow-body",
    "no-body",
    "cut-body",
    "malformed",
    "wrong-type",
    "expired-token",
    "partial",
    "long-query",
    "clock-skew",
    "no-identity",
    "secret-expired",
    "assertion-expired",
    "blocked",
]
KINDS: tuple[str, ...] = get_args(Kind)

#: Faults of signing in: the token endpoints take these, and the APIs never do.
SIGN_IN = frozenset({"no-identity", "secret-expired", "assertion-expired", "blocked"})

_LONGEST = 3600.0
#: Paths of the token endpoints: a fault reaches them only when it names them.
_SIGNING_IN = ("/metadata/identity", "/msi/", "/oauth2/", "/.well-known/")


class FaultError(ValueError):
    """A fault was asked for in a way that makes no sense; the message says what is wrong."""


@dataclass(slots=True)
class Fault:
    """One fault, due on the next `times` requests whose path holds `path`.

    `retry_after` is the header of a throttled or unavailable answer (None sends none); `seconds` is how long a slow
    start, a slow body or a long query takes, and how far the service's clock is ahead of the client's.
    """

    kind: Kind
    times: int = 1
    path: str = ""
    retry_after: int | None = None
    seconds: float = 1.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise FaultError(f"There is no fault {self.kind!r}; there are {', '.join(KINDS)}.")
        if self.times < 1 or not 0 <= self.seconds <= _LONGEST:
            raise FaultError(f"times must be at least 1, and seconds from 0 to {_LONGEST:.0f}.")


class Faults:
    """The faults that are due, in the order in which they were asked for. Safe to use from several threads."""

    def __init__(self) -> None:
        self._due: list[Fault] = []
        self._chaos: tuple[float, random.Random] | None = None
        self._lock = threading.Lock()

    def add(
        self,
        kind: Kind,
        *,
        times: int = 1,
        path: str = "",
        retry_after: int | None = None,
        seconds: float = 1.0,
    ) -> None:
        """Make the next `times` requests whose path holds `path` go wrong. Raises `FaultError` for what cannot be."""
        fault = Fault(kind, times, path, retry_after, seconds)
        with self._lock:
            self._due.append(fault)

    def chaos(self, probability: float, *, seed: int) -> None:
        """Make requests go wrong at random, the same ones for the same seed; 0 ends it."""
        if not 0 <= probability <= 1:
            raise FaultError(f"The probability is {probability}, but must lie between 0 and 1.")
        with self._lock:
            self._chaos = (probability, random.Random(seed)) if probability else None  # noqa: S311 - reproducible on purpose

    def clear(self) -> None:
        """Forget every fault that is due, and end the chaos."""
        with self._lock:
            self._due.clear()
            self._chaos = None

    def pending(self) -> list[Fault]:
        """Return the faults that are due."""
        with self._lock:
            return list(self._due)

    def take(self, path: str, kinds: frozenset[str] | None = None) -> Fault | None:
        """Return the fault that is due for a request, and count it as done; `kinds` are those that may be taken.

        Left out, any but a fault of signing in may be, and at a token endpoint only one that names its path.
        """
        signing_in = any(part in path for part in _SIGNING_IN)
        with self._lock:
            for fault in self._due:
                wanted = fault.kind in kinds if kinds is not None else fault.kind not in SIGN_IN
                named = bool(fault.path) or kinds is not None or not signing_in
                if wanted and named and fault.path.lower() in path.lower():
                    fault.times -= 1
                    if fault.times == 0:
                        self._due.remove(fault)
                    return fault
            if self._chaos is not None and kinds is None and not signing_in:
                probability, chance = self._chaos
                if chance.random() < probability:
                    return Fault(cast("Kind", chance.choice(("throttled", "error", "unavailable"))), retry_after=0)
        return None
