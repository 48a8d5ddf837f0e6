"""The one retry policy of every client: bounded, jittered, and never repeating what may have happened.

| what came back            | reading       | query | write |
|---------------------------|---------------|-------|-------|
| could not connect         | again         | again | again |
| certificate not trusted   | no            | no    | no    |
| broke off after sending   | again         | no    | no    |
| 429, Retry-After short    | again         | again | again |
| 429, Retry-After long     | no            | no    | no    |
| 500, 502, 503, 504        | again         | no    | no    |
| 401, the first time       | with a new token, all three       |

A wait that the call's deadline would cut off is not begun: what came back is told at once.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, cast

from azure.core.exceptions import AzureError, IncompleteReadError, ServiceRequestError, ServiceResponseError
from azure.core.pipeline.policies import AsyncHTTPPolicy
from azure.core.rest import AsyncHttpResponse, HttpRequest

from sentinel_azure_clients._deadline import too_late
from sentinel_azure_clients._operation import EFFECT_OPTION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from azure.core.pipeline import PipelineRequest, PipelineResponse

    from sentinel_azure_clients._limits import Limiter
    from sentinel_azure_clients._operation import Effect

# In a pipeline's context: the request is this package's own, not one of an SDK operation.
OURS = "sentinel_own_request"
_OUT_OF_ORDER = frozenset({500, 502, 503, 504})
_FIRST_WAIT = 0.5
_LONGEST_BACKOFF = 8.0


class WaitingWell(AsyncHTTPPolicy[HttpRequest, AsyncHttpResponse]):
    """Sends, and sends again only where that cannot do a thing twice. Paces every attempt by the limiter."""

    def __init__(self, *, max_retries: int, max_wait: float, limiter: Limiter) -> None:
        super().__init__()
        self._max_retries = max_retries
        self._max_wait = max_wait
        self._limiter = limiter

    async def send(self, request: PipelineRequest[HttpRequest]) -> PipelineResponse[HttpRequest, AsyncHttpResponse]:
        """Return the last answer, whatever its status, or raise the transport's own error."""
        default: Effect = "read" if request.http_request.method in {"GET", "HEAD"} else "write"
        told: Effect | None = request.context.options.pop(EFFECT_OPTION, None)
        request.context[OURS] = told is not None
        effect = told or default
        retries = 0
        renewed = False
        while True:
            await self._limiter.pace()
            try:
                response = await self.next.send(request)
            except (ServiceRequestError, ServiceResponseError, IncompleteReadError) as error:
                if retries >= self._max_retries or _for_ever(error) or not (effect == "read" or _never_left(error)):
                    raise
                wait = _backoff(retries)
                if too_late(wait):
                    raise
            else:
                answer = response.http_response
                if answer.status_code == 401 and not renewed:
                    renewed = True  # the authentication policy has dropped the refused token already
                    await answer.close()
                    continue
                asked = retry_after(answer.headers)
                if retries >= self._max_retries or not self._again(answer.status_code, effect, asked):
                    return response
                wait = asked if asked is not None else _backoff(retries)
                if too_late(wait):
                    return response
                await answer.close()
            retries += 1
            await cast("Any", request.context.transport).sleep(wait)

    def _again(self, status: int, effect: Effect, asked: float | None) -> bool:
        if asked is not None and asked > self._max_wait:
            return False
        return status == 429 or (effect == "read" and status in _OUT_OF_ORDER)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds the service asks to wait, from any of the headers Azure uses; None when it says nothing usable."""
    for name, scale in (("retry-after-ms", 1000.0), ("x-ms-retry-after-ms", 1000.0), ("retry-after", 1.0)):
        value = headers.get(name)
        if value is None:
            continue
        try:
            return max(0.0, float(value) / scale)
        except ValueError:
            pass
        try:
            moment = parsedate_to_datetime(value)
        except ValueError:
            continue
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max(0.0, (moment - datetime.now(UTC)).total_seconds())
    return None


def _backoff(retries: int) -> float:
    # Full jitter: callers that failed together do not come back together.
    return random.uniform(0.1, min(_LONGEST_BACKOFF, _FIRST_WAIT * 2**retries))  # noqa: S311 - no secret is made here


def _never_left(error: AzureError) -> bool:
    """Whether the request certainly did not reach the service: the connection itself could not be made."""
    if not isinstance(error, ServiceRequestError):
        return False
    from aiohttp import ClientConnectorError

    return isinstance(error.__cause__, ClientConnectorError)


def _for_ever(error: AzureError) -> bool:
    """Whether another attempt cannot end otherwise: the service's certificate is not trusted."""
    from aiohttp import ClientConnectorCertificateError, ClientConnectorSSLError

    return isinstance(error.__cause__, ClientConnectorCertificateError | ClientConnectorSSLError)
