"""Which tenant this server is signed in to, as its own token for Azure Resource Manager says."""

import base64
import json
from typing import Any

from sentinel_azure_clients import AzureServicesContext, NotSignedIn


async def signed_in_tenant(azure: AzureServicesContext) -> str:
    """The tenant's GUID, from the claim `tid`.

    Raises:
        NotSignedIn: there is no token, or it is none that names its tenant.
    """
    from azure.core.exceptions import ClientAuthenticationError

    try:
        token = await azure.credential.get_token(azure.config.endpoints.arm_scope)
    except ClientAuthenticationError as error:
        raise NotSignedIn("No token for Azure Resource Manager could be had, so the tenant is not known") from error
    return tenant_of(token.token)


def tenant_of(token: str) -> str:
    """The tenant that a token names. Nothing is verified: it is our own token, and Azure judges it.

    Raises:
        NotSignedIn: the token cannot be read, or names none.
    """
    unreadable = "The tenant is not known: the token for Azure Resource Manager does not name it"
    try:
        payload = token.split(".")[1]
        claims: Any = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        tenant = claims["tid"]
    except (IndexError, KeyError, TypeError, ValueError) as error:
        raise NotSignedIn(unreadable) from error
    if not isinstance(tenant, str) or not tenant:
        raise NotSignedIn(unreadable)
    return tenant
