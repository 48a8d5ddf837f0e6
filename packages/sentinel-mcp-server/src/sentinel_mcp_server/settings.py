"""Settings: read once from flags and the environment, checked, then never changed.

A flag wins over the environment, the environment over the default. The Azure names are those that users of
azure-identity and of earlier Sentinel servers already have; everything else is `SENTINEL_MCP_<NAME>`, or the
flag of the same name.
"""

from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from sentinel_azure_clients import WorkspaceAddress
from sentinel_mcp_server.window import InvalidTimespan, parse_timespan
from sentinel_mcp_server.workspace_addresses import FORM, read_addresses

_AZURE_NAMES = {
    "subscription_id": "AZURE_SUBSCRIPTION_ID",
    "resource_group": "AZURE_RESOURCE_GROUP",
    "workspace_name": "AZURE_WORKSPACE_NAME",
    "workspace_id": "AZURE_WORKSPACE_ID",
}

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class SettingsError(ValueError):
    """A setting cannot be used; the message says which one, why, and what it takes."""


class Settings(BaseModel):
    """Everything that can be configured. The field's description is its documentation, on the page and in `--help`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subscription_id: _Text | None = Field(
        default=None, description="Azure subscription that holds the workspace (GUID)"
    )
    resource_group: _Text | None = Field(default=None, description="Resource group that holds the workspace")
    workspace_name: _Text | None = Field(default=None, description="Name of the Log Analytics workspace")
    workspace_id: _Text | None = Field(default=None, description="Customer id of the workspace (GUID), used by queries")

    workspaces: tuple[WorkspaceAddress, ...] = Field(
        default=(),
        description=f"Further workspaces, with commas: {FORM}",
    )

    offline: bool = Field(
        default=False,
        description="Serve the embedded workspace; nothing else is needed and nothing leaves this machine",
    )
    transport: Literal["stdio", "http", "sse"] = Field(default="stdio", description="How clients connect")
    host: _Text = Field(default="127.0.0.1", description="Address to listen on with http or sse; loopback only")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on with http or sse")

    cloud: Literal["public", "usgov", "china"] = Field(default="public", description="Azure cloud")
    credential: _Text = Field(
        default="default",
        description="How to sign in: `default` (DefaultAzureCredential) or one azure-identity credential by name",
    )
    logs_endpoint: _Text | None = Field(
        default=None, description="Log Analytics endpoint, in place of the cloud's own (https)"
    )
    arm_endpoint: _Text | None = Field(
        default=None, description="Resource Manager endpoint, in place of the cloud's own (https)"
    )
    ca_bundle: Path | None = Field(
        default=None, description="PEM file of certificate authorities to trust for Azure calls"
    )
    disable_instance_discovery: bool = Field(
        default=False,
        description="Do not ask the public cloud about the authority (private and air-gapped clouds)",
    )

    default_timespan: _Text = Field(
        default="P1D",
        description="Window of a query that names none itself: a duration such as P1D, 12h, or start/end",
    )
    query_timeout: int = Field(
        default=180, ge=1, le=600, description="Longest time a query may run on the service, in seconds"
    )
    max_query_length: int = Field(default=100_000, ge=1_000, description="Longest query accepted, in characters")
    max_query_cost: float | None = Field(
        default=None,
        gt=0,
        description="Most gigabytes that a query may be estimated to read (asks the usage first); left out: no limit",
    )
    allow_query: frozenset[Literal["externaldata", "plugins", "other-workspaces", "other-clusters", "statements"]] = (
        Field(
            default=frozenset(),
            description="Query constructs that reach beyond the workspace and are refused unless named here",
        )
    )
    allow_writes: bool = Field(default=False, description="Offer the tools that change the workspace")
    read_only: bool = Field(default=False, description="Never offer them, whatever else is set")
    toolsets: frozenset[str] = Field(
        default=frozenset({"default"}), description="Groups of tools to offer: their names, `default`, or `all`"
    )
    audit_log: Path | None = Field(
        default=None, description="File that gets a JSON line for each write, applied or not"
    )
    pseudonymise: bool = Field(
        default=False,
        description="Show stand-ins for users, hosts, IP and mail addresses, which only this process can resolve",
    )
    engine: Literal["auto", "dotnet", "v8", "basic"] = Field(
        default="auto", description="KQL analyser: `dotnet`, `v8` or `basic`; `auto` is the first of them that loads"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="WARNING", description="What is written to stderr"
    )

    @classmethod
    def variable(cls, field: str) -> str:
        """Name of the environment variable that sets `field`."""
        return _AZURE_NAMES.get(field, f"SENTINEL_MCP_{field.upper()}")

    @classmethod
    def load(cls, environ: Mapping[str, str], flags: Mapping[str, Any] | None = None) -> Self:
        """Read the settings; `flags` are field names with values, as the command line gives them.

        Raises:
            SettingsError: a value cannot be used; the message names the variable or flag and what it takes.
        """
        flags = {name: value for name, value in (flags or {}).items() if value is not None}
        values: dict[str, Any] = {}
        for field in cls.model_fields:
            if text := environ.get(cls.variable(field), "").strip():
                values[field] = _split(field, text)
        values |= {name: _split(name, value) for name, value in flags.items()}
        try:
            return cls(**values)
        except ValidationError as error:
            raise SettingsError(_sentence(error, flags)) from None

    @field_validator("workspaces", mode="before")
    @classmethod
    def _addresses(cls, given: object) -> object:
        return read_addresses(given) if isinstance(given, str) else given

    @field_validator("host")
    @classmethod
    def _loopback_only(cls, host: str) -> str:
        if host == "localhost" or (_is_ip(host) and ip_address(host).is_loopback):
            return host
        message = f"{host} is not a loopback address, and this server has no sign-in of its own yet; use 127.0.0.1"
        raise ValueError(message)

    @field_validator("logs_endpoint", "arm_endpoint")
    @classmethod
    def _https_only(cls, endpoint: str | None) -> str | None:
        if endpoint is not None and not endpoint.startswith("https://"):
            message = "an endpoint starts with https://, because tokens are sent to it"
            raise ValueError(message)
        return endpoint

    @field_validator("ca_bundle")
    @classmethod
    def _file_exists(cls, path: Path | None) -> Path | None:
        if path is not None and not path.is_file():
            message = f"there is no file {path}"
            raise ValueError(message)
        return path

    @field_validator("default_timespan")
    @classmethod
    def _timespan_parses(cls, timespan: str) -> str:
        try:
            parse_timespan(timespan)
        except InvalidTimespan as error:
            raise ValueError(str(error)) from None
        return timespan

    @property
    def writes(self) -> bool:
        """Whether tools that change the workspace are offered; read-only beats everything."""
        return self.allow_writes and not self.read_only

    @model_validator(mode="after")
    def _offline_has_no_endpoints(self) -> Self:
        if self.offline and (self.logs_endpoint or self.arm_endpoint):
            message = "offline serves the embedded workspace, so no endpoint can be set with it"
            raise ValueError(message)
        return self


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _split(field: str, value: Any) -> Any:  # noqa: ANN401 - whatever the command line parsed
    """A set-valued setting is written as one text with commas."""
    if field in {"allow_query", "toolsets"} and isinstance(value, str):
        return {part.strip() for part in value.split(",") if part.strip()}
    return value


def _sentence(error: ValidationError, flags: Mapping[str, Any]) -> str:
    """The first fault, in one sentence that names the setting the way the user wrote it."""
    fault = error.errors(include_url=False, include_input=False)[0]
    text = fault["msg"].removeprefix("Value error, ")
    if not fault["loc"]:
        return text[0].upper() + text[1:] + "."
    field = str(fault["loc"][0])
    name = f"--{field.replace('_', '-')}" if field in flags else Settings.variable(field)
    return f"{name}: {text[0].lower() + text[1:]}."
