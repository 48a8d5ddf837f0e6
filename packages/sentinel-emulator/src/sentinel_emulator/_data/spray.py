"""The intruder's sign-ins, as SigninLogs tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from sentinel_emulator.workspace import Workspace

    from .organisation import Person

SPRAY_ADDRESS = "203.0.113.77"
COUNTRY = "NL"
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def spray_sign_in(
    workspace: Workspace, person: Person, moment: datetime, result: str, app: str, ids: dict[str, str]
) -> dict[str, Any]:
    """Return the row of one sign-in from the address of the spray; `result` is the error code, `0` for success."""
    success = result == "0"
    description = {
        "0": "",
        "50126": "Invalid username or password or Invalid on-premise username or password.",
        "50053": "The account is locked: too many sign-ins with an incorrect user ID or password were tried.",
    }[result]
    place = {"latitude": 52.374, "longitude": 4.89}
    return {
        "TimeGenerated": moment,
        "CreatedDateTime": moment,
        "AADTenantId": workspace.tenant_id,
        "AlternateSignInName": person.upn,
        "AppDisplayName": app,
        "AppId": "00000002-0000-0ff1-ce00-000000000000",
        "AuthenticationRequirement": "singleFactorAuthentication",
        "Category": "SignInLogs",
        "ClientAppUsed": "Browser",
        "ConditionalAccessStatus": "notApplied",
        "CorrelationId": ids["correlation"],
        "CrossTenantAccessType": "none",
        "DeviceDetail": {"deviceId": "", "operatingSystem": "Linux", "browser": "Firefox 140.0"},
        "DurationMs": 120,
        "HomeTenantId": workspace.tenant_id,
        "IPAddress": SPRAY_ADDRESS,
        "Id": ids["sign-in"],
        "Identity": person.display_name,
        "IsInteractive": True,
        "IsRisky": success,
        "Level": "4",
        "Location": COUNTRY,
        "LocationDetails": {
            "city": "Amsterdam",
            "state": "Noord-Holland",
            "countryOrRegion": COUNTRY,
            "geoCoordinates": place,
        },
        "OperationName": "Sign-in activity",
        "OperationVersion": "1.0",
        "Resource": "Microsoft.aadiam",
        "ResourceDisplayName": app,
        "ResourceGroup": "Microsoft.aadiam",
        "ResourceTenantId": workspace.tenant_id,
        "ResultDescription": description,
        "ResultSignature": "None",
        "ResultType": result,
        "RiskDetail": "none",
        "RiskEventTypes": '["unfamiliarFeatures"]' if success else "[]",
        "RiskEventTypes_V2": '["unfamiliarFeatures"]' if success else "[]",
        "RiskLevelAggregated": "medium" if success else "none",
        "RiskLevelDuringSignIn": "medium" if success else "none",
        "RiskState": "atRisk" if success else "none",
        "SignInIdentifier": person.upn,
        "SourceSystem": "Azure AD",
        "Status": {"errorCode": int(result), "failureReason": description},
        "TokenIssuerType": "AzureAD",
        "UniqueTokenIdentifier": ids["token"],
        "UserAgent": AGENT,
        "UserDisplayName": person.display_name,
        "UserId": person.object_id,
        "UserPrincipalName": person.upn,
        "UserType": "Member",
    }
