"""The policies between an SDK client and the wire: the same list for every client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from azure.core.pipeline.policies import (
    AsyncBearerTokenCredentialPolicy,
    ContentDecodePolicy,
    HeadersPolicy,
    HttpLoggingPolicy,
    RequestIdPolicy,
    SansIOHTTPPolicy,
    UserAgentPolicy,
)

from sentinel_azure_clients._address import ELSEWHERE, origin
from sentinel_azure_clients._waiting import OURS, WaitingWell
from sentinel_azure_clients.errors import MalformedAnswer

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential
    from azure.core.pipeline import PipelineRequest, PipelineResponse

    from sentinel_azure_clients._limits import Limiter
    from sentinel_azure_clients.config import AzureConfig


class DecodeForTheSdk(ContentDecodePolicy):
    """Parses the body for the SDK's own operations, which cannot do without.

    This package's requests read their bodies themselves (once, and knowing what they want), and a failing status
    speaks for itself even when its body is no JSON.
    """

    def on_response(self, request: PipelineRequest[Any], response: PipelineResponse[Any, Any]) -> None:
        """Parse a good answer to a request that carries no mark of this package."""
        if not response.context.get(OURS) and response.http_response.status_code < 400:
            super().on_response(request, response)


class SameHost(SansIOHTTPPolicy[Any, Any]):
    """Refuses to send a token anywhere but to the address the client was built for.

    SDK paging follows the `nextLink` of an answer wherever it points; this is the one place that says where not.
    """

    def __init__(self, endpoint: str) -> None:
        super().__init__()
        self._home = origin(endpoint)

    def on_request(self, request: PipelineRequest[Any]) -> None:
        """Raise `MalformedAnswer` before anything is sent to another host."""
        if self._home is None or origin(request.http_request.url) != self._home:
            raise MalformedAnswer(ELSEWHERE)


def policies(
    config: AzureConfig, credential: AsyncTokenCredential, *, endpoint: str, scope: str, limiter: Limiter
) -> list[Any]:
    """The list that every client gets.

    Compared with the SDKs' defaults it has no redirects (they would carry the request to another host), no automatic
    registration of resource providers (that is a write), and our retry policy.
    """
    return [
        RequestIdPolicy(),
        HeadersPolicy(),
        UserAgentPolicy(sdk_moniker="sentinel-azure-clients"),
        DecodeForTheSdk(),
        WaitingWell(max_retries=config.max_retries, max_wait=config.max_retry_wait, limiter=limiter),
        SameHost(endpoint),
        AsyncBearerTokenCredentialPolicy(credential, scope, enable_cae=False),
        HttpLoggingPolicy(),
    ]
