"""The addresses of the three Azure clouds. The audience of a token belongs to the cloud, whatever the endpoint is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

CloudName = Literal["public", "usgov", "china"]


@dataclass(frozen=True, slots=True)
class Cloud:
    """Where one cloud answers. Scopes are what a credential is asked for."""

    arm_endpoint: str
    logs_endpoint: str
    authority_host: str

    @property
    def arm_scope(self) -> str:
        """The scope for Azure Resource Manager, and so for Sentinel, tables and metrics."""
        return f"{self.arm_endpoint}/.default"

    @property
    def logs_scope(self) -> str:
        """The scope for the Log Analytics query API."""
        return f"{self.logs_endpoint}/.default"


CLOUDS: dict[CloudName, Cloud] = {
    "public": Cloud("https://management.azure.com", "https://api.loganalytics.io", "https://login.microsoftonline.com"),
    "usgov": Cloud(
        "https://management.usgovcloudapi.net", "https://api.loganalytics.us", "https://login.microsoftonline.us"
    ),
    "china": Cloud(
        "https://management.chinacloudapi.cn",
        "https://api.loganalytics.azure.cn",
        "https://login.chinacloudapi.cn",
    ),
}
