"""The leaked key: the secret of the backup application is used from outside to read storage keys.

1. The service principal `contoso-backup` signs in from an address it never used.
2. The keys of a storage account are listed again and again.
3. The principal gives itself a role.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from . import cases
from .plot import Intrusion, Plot
from .truth import GroundTruth

if TYPE_CHECKING:
    from datetime import datetime

    from sentinel_emulator.workspace import Workspace

    from .organisation import Organisation

_ADDRESS = "203.0.113.150"
_SIGN_INS = 14
_LISTINGS = 36
_PRINCIPAL = "contoso-backup"


def plan_key_leak(workspace: Workspace, organisation: Organisation, seed: int, now: datetime) -> Intrusion:
    """Return the misuse of a leaked key as of `now`."""
    plot = Plot("key leak", workspace, organisation, seed, now)
    start = plot.ago(11)
    for number in range(_SIGN_INS):
        moment = start + timedelta(minutes=5 * number)
        plot.add(
            "AADServicePrincipalSignInLogs",
            TimeGenerated=moment,
            Category="ServicePrincipalSignInLogs",
            CorrelationId=plot.guid("sign-in", number),
            IPAddress=_ADDRESS,
            Id=plot.guid("sign-in id", number),
            Location="NL",
            OperationName="Sign-in activity",
            ResourceDisplayName="Windows Azure Service Management API",
            ResultType="0",
            ServicePrincipalName=_PRINCIPAL,
            ServicePrincipalId=plot.guid("principal"),
            SourceSystem="Azure AD",
        )
    for number in range(_LISTINGS + 1):
        moment = start + timedelta(minutes=8 + 2 * number)
        last = number == _LISTINGS
        name = (
            "MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/WRITE"
            if last
            else "MICROSOFT.STORAGE/STORAGEACCOUNTS/LISTKEYS/ACTION"
        )
        plot.add(
            "AzureActivity",
            TimeGenerated=moment,
            EventSubmissionTimestamp=moment,
            ActivityStatusValue="Success",
            Caller=plot.guid("principal"),
            CallerIpAddress=_ADDRESS,
            CategoryValue="Administrative",
            CorrelationId=plot.guid("activity", number),
            EventDataId=plot.guid("event", number),
            Level="Informational",
            OperationNameValue=name,
            Resource="contosobackup",
            ResourceGroup="rg-contoso-prod",
            ResourceProviderValue="MICROSOFT.AUTHORIZATION" if last else "MICROSOFT.STORAGE",
            SourceSystem="Azure",
        )
    sign_ins, activity = plot.rows["AADServicePrincipalSignInLogs"], plot.rows["AzureActivity"]
    alert = cases.raised_by(
        "principal-new-address",
        key="key-leak",
        start=sign_ins[0]["TimeGenerated"],
        end=activity[-1]["TimeGenerated"],
        raised=activity[-1]["TimeGenerated"] + timedelta(minutes=6),
        entities=(cases.cloud_application(27_182, _PRINCIPAL), cases.ip(_ADDRESS)),
    )
    case = cases.Case(
        key="key-leak",
        number=0,
        title="A leaked application key reads storage keys",
        description="The backup application was used from outside to list keys and to give itself a role.",
        severity="High",
        status="New",
        owner=None,
        labels=(),
        created=alert.raised + timedelta(seconds=28, microseconds=77_341),
        modified=alert.raised + timedelta(seconds=28, microseconds=77_341),
        alerts=(alert,),
    )
    listing = 'CallerIpAddress == "203.0.113.150" and OperationNameValue'
    truth = GroundTruth(
        name="key leak",
        summary=(__doc__ or "").strip(),
        victim=_PRINCIPAL,
        attacker_addresses=(_ADDRESS,),
        attacker_country="NL",
        application=_PRINCIPAL,
        incidents=(case.title,),
        steps=(
            plot.step(
                "sign-ins with the key",
                "InitialAccess T1078",
                "AADServicePrincipalSignInLogs",
                sign_ins,
                f'AADServicePrincipalSignInLogs | where IPAddress == "{_ADDRESS}"',
                case.title,
            ),
            plot.step(
                "keys listed",
                "CredentialAccess T1552",
                "AzureActivity",
                activity[:-1],
                f'AzureActivity | where {listing} has "LISTKEYS"',
                case.title,
            ),
            plot.step(
                "role given to itself",
                "PrivilegeEscalation T1098",
                "AzureActivity",
                activity[-1:],
                f'AzureActivity | where {listing} has "ROLEASSIGNMENTS"',
                case.title,
            ),
        ),
    )
    return Intrusion(plot.rows, (case,), truth)
