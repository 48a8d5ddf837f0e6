"""Offline, schema-aware KQL analysis for Microsoft Sentinel.

from sentinel_kql_validator import KqlValidator

result = KqlValidator().validate('SigninLogs | where UserPrincipalNam == "x"')
result.verdict                            # 'invalid'
result.diagnostics[0].suggestions[0].text # 'UserPrincipalName'
"""

from .cache import CacheStatistics, VerdictCache
from .editor import CannotAnswer, Completion
from .errors import EngineUnavailable, KqlValidatorError, SchemaError
from .result import Diagnostic, Facts, Fix, Result, Suggestion, TimeFilter, TimeRange
from .schema import Function, Parameter, Schema
from .tree import Bound, Node, Symbol, TableType
from .validator import KqlValidator, Limits

__all__ = [
    "Bound",
    "CacheStatistics",
    "CannotAnswer",
    "Completion",
    "Diagnostic",
    "EngineUnavailable",
    "Facts",
    "Fix",
    "Function",
    "KqlValidator",
    "KqlValidatorError",
    "Limits",
    "Node",
    "Parameter",
    "Result",
    "Schema",
    "SchemaError",
    "Suggestion",
    "Symbol",
    "TableType",
    "TimeFilter",
    "TimeRange",
    "VerdictCache",
]
