"""The intrusion: from a password spray to a theft, in about a day, ending a few hours before now.

1. From one address in a country where nobody works, somebody tries a few passwords on all forty accounts.
2. The password of Dana Willow (Finance) is right: a sign-in without a second factor.
3. In Dana's mailbox a rule hides every message about invoices.
4. An application nobody has seen before is given leave to read Dana's mail and files.
5. The next day Word on Dana's laptop starts PowerShell with an encoded command, and what follows looks around.
6. Files are downloaded from SharePoint, and the laptop sends almost two gigabytes to an address on the threat feed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .detections import detected
from .intruder import APPLICATION, DROP_ADDRESS, Intruder
from .plot import Intrusion
from .spray import COUNTRY, SPRAY_ADDRESS
from .truth import GroundTruth, Step

if TYPE_CHECKING:
    from datetime import datetime

    from sentinel_emulator.workspace import Workspace

    from .cases import Case
    from .organisation import Organisation


def plan_intrusion(workspace: Workspace, organisation: Organisation, seed: int, now: datetime) -> Intrusion:
    """Return the intrusion of this seed as of `now`."""
    intruder = Intruder(workspace, organisation, seed, now)
    found = detected(intruder)
    return Intrusion(intruder.rows, found, _truth(intruder, found))


def _truth(intruder: Intruder, found: tuple[Case, ...]) -> GroundTruth:
    access, mail, theft = (case.title for case in found)
    signins, office = intruder.rows["SigninLogs"], intruder.rows["OfficeActivity"]
    failed = [row for row in signins if row["ResultType"] != "0"]
    downloads = [row for row in office if row["Operation"] == "FileDownloaded"]
    succeeded = [row for row in signins if row["ResultType"] == "0"]

    def step(name: str, attack: str, table: str, rows: list[dict[str, Any]], query: str, incident: str) -> Step:
        tactic, _, technique = attack.partition(" ")
        times = [row["TimeGenerated"] for row in rows]
        return Step(name, tactic, technique, table, min(times), max(times), len(rows), query, incident)

    spray, victim, drop = SPRAY_ADDRESS, intruder.victim.upn, DROP_ADDRESS
    return GroundTruth(
        name="intrusion",
        summary=(__doc__ or "").strip(),
        victim=victim,
        device=intruder.victim.device,
        attacker_addresses=(spray, drop),
        attacker_country=COUNTRY,
        application=APPLICATION,
        bytes_out=intruder.bytes_out,
        incidents=(access, mail, theft),
        steps=(
            step(
                "password spray",
                "CredentialAccess T1110",
                "SigninLogs",
                failed,
                f'SigninLogs | where IPAddress == "{spray}" and ResultType != "0"',
                access,
            ),
            step(
                "sign-in from a new country",
                "InitialAccess T1078",
                "SigninLogs",
                succeeded,
                f'SigninLogs | where IPAddress == "{spray}" and ResultType == "0" and Location == "{COUNTRY}"',
                access,
            ),
            step(
                "mailbox rule",
                "DefenseEvasion T1564",
                "OfficeActivity",
                office[:1],
                f'OfficeActivity | where Operation == "New-InboxRule" and UserId == "{victim}"',
                mail,
            ),
            step(
                "consent to an application",
                "CredentialAccess T1528",
                "AuditLogs",
                intruder.rows["AuditLogs"],
                f'AuditLogs | where tostring(TargetResources[0].displayName) == "{APPLICATION}"',
                mail,
            ),
            step(
                "encoded PowerShell",
                "Execution T1059",
                "DeviceProcessEvents",
                intruder.rows["DeviceProcessEvents"][:1],
                'DeviceProcessEvents | where FileName == "powershell.exe" and ProcessCommandLine has "EncodedCommand"',
                theft,
            ),
            step(
                "file downloads",
                "Collection T1213",
                "OfficeActivity",
                downloads,
                f'OfficeActivity | where Operation == "FileDownloaded" and ClientIP == "{spray}"',
                theft,
            ),
            step(
                "connections from the laptop",
                "CommandAndControl T1071",
                "DeviceNetworkEvents",
                intruder.rows["DeviceNetworkEvents"],
                f'DeviceNetworkEvents | where RemoteIP == "{drop}" and DeviceName == "{intruder.victim.device}"',
                theft,
            ),
            step(
                "exfiltration",
                "Exfiltration T1041",
                "CommonSecurityLog",
                intruder.rows["CommonSecurityLog"],
                f'CommonSecurityLog | where DestinationIP == "{drop}"',
                theft,
            ),
        ),
    )
