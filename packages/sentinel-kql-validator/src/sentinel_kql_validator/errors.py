"""What this package raises.

    KqlValidatorError
    ├── SchemaError         a schema that cannot be used, with the place of the fault
    └── EngineUnavailable   the engine that was asked for cannot be loaded here, with the reason

A query never raises: a query that cannot be checked gets the verdict `unknown` and a reason.
"""

from __future__ import annotations


class KqlValidatorError(Exception):
    """Everything that this package raises on purpose."""


class SchemaError(KqlValidatorError, ValueError):
    """A schema that cannot be used. The message names the table, the column or the place in the file."""


class EngineUnavailable(KqlValidatorError):
    """The engine that was asked for cannot be loaded here. The message says why and what to do."""
