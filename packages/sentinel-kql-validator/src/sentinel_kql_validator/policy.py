"""What a query may do, judged on the analyser's facts: what a repository or a program allows, in one file."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from .errors import KqlValidatorError

if TYPE_CHECKING:
    from .result import Facts


class PolicyError(KqlValidatorError, ValueError):
    """A policy that cannot be used."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What is allowed. The default is what a query of a workspace's own tables needs, and nothing that reaches out.

    `True` allows all of a kind, `False` none, a tuple the names in it. `disable` names codes that are not reported.
    """

    commands: bool = False
    statements: int = 1
    external_data: bool | tuple[str, ...] = False
    plugins: bool | tuple[str, ...] = (
        "autocluster",
        "bag_unpack",
        "basket",
        "diffpatterns",
        "funnel_sequence",
        "ipv4_lookup",
        "ipv6_lookup",
        "narrow",
        "pivot",
        "preview",
        "rolling_percentile",
        "rows_near",
        "sequence_detect",
        "session_count",
        "sliding_window_counts",
    )
    clusters: bool | tuple[str, ...] = False
    databases: bool | tuple[str, ...] = False
    workspaces: bool | tuple[str, ...] = False
    elsewhere: bool | tuple[str, ...] = False
    invokes: bool | tuple[str, ...] = True
    disable: tuple[str, ...] = ()

    def violations(self, facts: Facts) -> Iterator[tuple[str, str]]:
        """Give code and message of each thing that a query does and may not do."""
        if facts.commands and not self.commands:
            yield "SKP301", f"The control command {facts.commands[0]} is not allowed."
        if facts.statements > self.statements:
            yield "SKP302", f"The text gives {facts.statements} results; {self.statements} is allowed."
        for code, what, names, allowed in (
            ("SKP303", "externaldata from", facts.external_data, self.external_data),
            ("SKP304", "the plugin", facts.plugins, self.plugins),
            ("SKP305", "the cluster", facts.clusters, self.clusters),
            ("SKP306", "the database", facts.databases, self.databases),
            ("SKP307", "the workspace", facts.workspaces, self.workspaces),
            ("SKP308", "the outside source", facts.elsewhere, self.elsewhere),
            ("SKP309", "invoking", facts.invokes, self.invokes),
        ):
            for name in dict.fromkeys(names):
                if allowed is False or (allowed is not True and name not in allowed):
                    yield code, f"The policy does not allow {what} {name}."


def read_policy(path: str | Path) -> Policy:
    """Read a policy from a JSON or YAML file: an object with the fields of `Policy`. Raises `PolicyError`."""
    yaml: Any = importlib.import_module("yaml")  # untyped
    path = Path(path)
    try:
        text = path.read_bytes().decode("utf-8")
        data: object = json.loads(text) if path.suffix.lower() == ".json" else yaml.safe_load(text)
    except OSError as error:
        raise PolicyError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, yaml.YAMLError) as error:
        raise PolicyError(f"{path} cannot be read: {' '.join(str(error).split())}.") from error
    if not isinstance(data, Mapping):
        raise PolicyError(f"{path} holds no policy: write an object with fields such as `statements: 1`.")
    known = {field.name: getattr(Policy(), field.name) for field in fields(Policy)}
    values: dict[str, Any] = {}
    for name, value in cast("Mapping[str, Any]", data).items():
        if name not in known:
            raise PolicyError(f"{path}: there is no field {name!r}; there are {', '.join(known)}.")
        given = tuple(cast("list[Any]", value)) if isinstance(value, list) else value
        listable = isinstance(known[name], tuple) or name not in {"commands", "statements"}
        right = (
            type(given) is int
            if name == "statements"
            else isinstance(given, tuple)
            if name == "disable"
            else isinstance(given, bool) or (listable and isinstance(given, tuple))
        )
        if not right:
            raise PolicyError(f"{path}: {name} may not be {value!r}.")
        values[name] = given
    return Policy(**values)
