"""The error bodies of Azure Resource Manager and of the two providers behind it."""

from __future__ import annotations

import json
from typing import Any


class ArmFault(Exception):
    """A request was refused; `status`, `body()` and `headers` are the answer."""

    def __init__(self, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers or {}

    def body(self) -> dict[str, Any]:
        """Return the answer's JSON."""
        return {"error": {"code": self.code, "message": self.message}}


def missing_api_version() -> ArmFault:
    """Return ARM's 400 for a request without an api-version."""
    return ArmFault(
        400,
        "MissingApiVersionParameter",
        "The api-version query parameter (?api-version=) is required for all requests.",
    )


def bad_api_version(asked: str) -> ArmFault:
    """Return the 400 for an api-version that is no version (the text is the emulator's own)."""
    return ArmFault(
        400, "InvalidApiVersionParameter", f"The api-version '{asked}' is invalid: give one such as 2025-09-01."
    )


def subscription_not_found(subscription: str) -> ArmFault:
    """Return ARM's 404 for a subscription."""
    return ArmFault(404, "SubscriptionNotFound", f"The subscription '{subscription}' could not be found.")


def resource_group_not_found(group: str) -> ArmFault:
    """Return ARM's 404 for a resource group."""
    return ArmFault(404, "ResourceGroupNotFound", f"Resource group '{group}' could not be found.")


def resource_not_found(resource: str, group: str) -> ArmFault:
    """Return ARM's own 404 for a resource such as `Microsoft.OperationalInsights/workspaces/law`."""
    return ArmFault(
        404,
        "ResourceNotFound",
        f"The Resource '{resource}' under resource group '{group}' was not found. "
        "For more details please go to https://aka.ms/ARMResourceNotFoundFix",
        {"x-ms-failure-cause": "gateway"},
    )


def table_not_found(table: str) -> ArmFault:
    """Return the recorded 404 for a table; its quotation marks are curly on the wire."""
    return ArmFault(
        404,
        "NotFound",
        f"The specified table: \N{LEFT SINGLE QUOTATION MARK}{table}\N{RIGHT SINGLE QUOTATION MARK} does not exist.",
    )


def sentinel_not_found(what: str, name: str) -> ArmFault:
    """Return the 404 of Sentinel for one of its resources.

    No public source shows the body; status and code are ARM's usual ones and the text is the emulator's own.
    """
    return ArmFault(404, "NotFound", f"{what} '{name}' was not found.")


def no_such_operation(method: str, path: str) -> ArmFault:
    """Return the 404 for an operation that the emulator does not have (the text is the emulator's own)."""
    return ArmFault(
        404, "EmulatorUnsupportedOperation", f"sentinel-emulator does not have the operation {method} {path}."
    )


def not_onboarded(workspace: str) -> ArmFault:
    """Return Sentinel's 400 for a workspace without Sentinel; its message holds a second error object, as reported."""
    text = (
        f"Workspace '{workspace}' is not onboarded to Microsoft Sentinel. Please onboard through the portal or use the "
        "OnboardingStates ARM api to onboard to Sentinel."
    )
    return bad_request(json.dumps({"error": {"code": "BadRequest", "message": text}}))


def bad_request(message: str) -> ArmFault:
    """Return Sentinel's 400."""
    return ArmFault(400, "BadRequest", message)


def conflict(name: str) -> ArmFault:
    """Return Sentinel's 409 for a write with an etag that is not the current one."""
    return ArmFault(409, "Conflict", f"Newer version of resource '{name}' exists. Data was not saved")
