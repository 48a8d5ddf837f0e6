"""Microsoft's analyser scripts in this installation, and our boundary file after them."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from sentinel_kql_validator.errors import EngineUnavailable


@cache
def _pin() -> tuple[str, tuple[str, ...]]:
    pin = json.loads((files("sentinel_kql_validator._engines") / "analyser.json").read_text(encoding="utf-8"))
    return pin["version"], tuple(pin["files"])


def analyser_version() -> str:
    """Give the version of the pinned npm package."""
    return _pin()[0]


def analyser_scripts() -> list[str]:
    """Read the scripts in the order in which they are loaded, or raise `EngineUnavailable`."""
    vendor = files("sentinel_kql_validator") / "_vendor"
    try:
        scripts = [(vendor / name).read_text(encoding="utf-8") for name in _pin()[1]]
    except OSError as error:
        raise EngineUnavailable(
            "Microsoft's analyser scripts are missing from this installation; install a built wheel, or reinstall from "
            f"the checkout with npm on the path ({error.strerror}: {error.filename})."
        ) from error
    return [*scripts, (files("sentinel_kql_validator._engines") / "boundary.js").read_text(encoding="utf-8")]
