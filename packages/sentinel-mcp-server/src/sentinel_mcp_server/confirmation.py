"""Ask the person behind the client before a write, where the client can pass a question on (elicitation).

Clients of 2025-11-25 and before are asked while the call waits. Later ones get the question as the answer of the call
and repeat it with the person's answer and a sealed state; the state carries the token of the plan that was shown.
"""

import math
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import anyio
from mcp.server.mcpserver import Context
from mcp.shared.exceptions import MCPError
from mcp_types import ElicitRequest, ElicitRequestFormParams, ElicitResult, InputRequiredResult
from mcp_types.version import is_version_at_least
from pydantic import BaseModel, ConfigDict, Field

ASK_FOR = 600.0
"""Seconds that a person has to answer, which is how long a plan is held."""

_QUESTION = "confirm"
_BY_ANSWER = "2026-07-28"
"""The first protocol version in which a question is an answer of the call."""


class Agreement(BaseModel):
    """What the person is asked for; agreeing takes both accepting the form and ticking this."""

    model_config = ConfigDict(strict=True)

    apply: bool = Field(title="Apply this plan", description="Ticked: it is applied. Otherwise nothing is written")


class NeedsAnswer(Exception):
    """Not a failure: the call ends with a question, and the client repeats it with the answer."""

    def __init__(self, result: InputRequiredResult) -> None:
        super().__init__("the person is asked")
        self.result = result


class Confirmation:
    """The way from one call to the person; `limit` is the call's time limit, which stands still while they think."""

    def __init__(self, ctx: Context[Any], limit: anyio.CancelScope) -> None:
        self._ctx = ctx
        self._limit = limit

    @property
    def answered(self) -> tuple[str, bool] | None:
        """The token of the plan that the person was shown earlier, and whether they agreed to it."""
        answers, token = self._ctx.input_responses, self._ctx.request_state
        answer = (answers or {}).get(_QUESTION)
        if token is None or not isinstance(answer, ElicitResult):
            return None
        return token, _agrees(answer.action, answer.content)

    async def ask(self, message: str, token: str) -> bool | None:
        """Whether the person agrees to the plan behind `token`; None where the client cannot ask or gave no answer.

        Raises:
            NeedsAnswer: the client is asked by the answer of this call.
        """
        if not self._can_ask():
            return None
        version = self._ctx.protocol_version
        if version is not None and is_version_at_least(version, _BY_ANSWER):
            schema = Agreement.model_json_schema()
            question = ElicitRequest(params=ElicitRequestFormParams(message=message, requested_schema=schema))
            raise NeedsAnswer(InputRequiredResult(input_requests={_QUESTION: question}, request_state=token))
        with self._unhurried(), anyio.move_on_after(ASK_FOR):
            try:
                answer = await self._ctx.elicit(message, Agreement)
            except (MCPError, ValueError):
                # The client said that it can ask, and then could not: the plan's token is still there.
                return None
            return answer.action == "accept" and answer.data.apply
        return None

    def _can_ask(self) -> bool:
        capabilities = self._ctx.client_capabilities
        elicitation = capabilities.elicitation if capabilities is not None else None
        return elicitation is not None and (elicitation.form is not None or elicitation.url is None)

    @contextmanager
    def _unhurried(self) -> Generator[None]:
        left = self._limit.deadline - anyio.current_time()
        self._limit.deadline = math.inf
        try:
            yield
        finally:
            self._limit.deadline = anyio.current_time() + left


def _agrees(action: str, content: dict[str, Any] | None) -> bool:
    return action == "accept" and (content or {}).get("apply") is True
