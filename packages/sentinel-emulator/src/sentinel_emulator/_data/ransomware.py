"""The preparation of an extortion: from a guessed password on the jump host to deleted shadow copies.

1. From the laptop of Hana Hazel somebody guesses the password of a service account on JUMP01, and is right in the end.
2. On FS01 a service is installed that runs from a share.
3. The shadow copies are deleted and the security log is cleared.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from . import cases
from .organisation import NETBIOS
from .plot import Intrusion, Plot
from .truth import GroundTruth

if TYPE_CHECKING:
    from sentinel_emulator.workspace import Workspace

    from .organisation import Organisation

_GUESSES = 180
_ACCOUNT = "svc.backup"
_COMMAND = "vssadmin.exe delete shadows /all /quiet"


def plan_ransomware(workspace: Workspace, organisation: Organisation, seed: int, now: datetime) -> Intrusion:
    """Return the preparation of an extortion as of `now`."""
    plot = Plot("ransomware", workspace, organisation, seed, now)
    source = organisation.person("hana.hazel")
    start = plot.ago(15)

    def event(moment: datetime, number: int, computer: str, activity: str, **more: str | int) -> dict[str, Any]:
        return plot.add(
            "SecurityEvent",
            TimeGenerated=moment,
            Account=f"{NETBIOS}\\{_ACCOUNT}",
            AccountType="User",
            Activity=f"{number} - {activity}",
            Channel="Security",
            Computer=f"{computer}.contoso.com",
            EventID=number,
            EventSourceName="Microsoft-Windows-Security-Auditing",
            SourceSystem="OpsManager",
            TargetUserName=_ACCOUNT,
            **more,
        )

    failed = [
        event(
            start + timedelta(seconds=9 * number),
            4625,
            "JUMP01",
            "An account failed to log on.",
            IpAddress=source.device_address,
            LogonType=10,
            SubStatus="0xc000006a",
            TargetAccount=f"{NETBIOS}\\{_ACCOUNT}",
        )
        for number in range(_GUESSES)
    ]
    logon = event(
        start + timedelta(seconds=9 * _GUESSES),
        4624,
        "JUMP01",
        "An account was successfully logged on.",
        IpAddress=source.device_address,
        LogonType=10,
        TargetAccount=f"{NETBIOS}\\{_ACCOUNT}",
    )
    service = event(
        start + timedelta(minutes=48),
        4697,
        "FS01",
        "A service was installed in the system.",
        ServiceName="WinUpdateHelper",
        ServiceFileName="\\\\JUMP01\\share\\helper.exe",
    )
    shadows = event(
        start + timedelta(minutes=55),
        4688,
        "FS01",
        "A new process has been created.",
        CommandLine=_COMMAND,
        NewProcessName="C:\\Windows\\System32\\vssadmin.exe",
        Process="vssadmin.exe",
    )
    cleared = event(start + timedelta(minutes=57), 1102, "FS01", "The audit log was cleared.")
    guessing = cases.raised_by(
        "failed-logons",
        key="jump-host-guessing",
        start=failed[0]["TimeGenerated"],
        end=failed[-1]["TimeGenerated"],
        raised=failed[-1]["TimeGenerated"] + timedelta(minutes=10),
        entities=(cases.host("JUMP01.contoso.com"), cases.ip(source.device_address)),
    )
    deletion = cases.raised_by(
        "shadow-copies",
        start=shadows["TimeGenerated"],
        end=cleared["TimeGenerated"],
        raised=cleared["TimeGenerated"] + timedelta(minutes=5),
        entities=(cases.host("FS01.contoso.com"), cases.process(4812, _COMMAND, shadows["TimeGenerated"])),
    )
    found = tuple(
        cases.Case(
            key=alert.key,
            number=0,
            title=title,
            description=alert.description,
            severity=alert.severity,
            status="New",
            owner=None,
            labels=(),
            created=alert.raised + timedelta(seconds=40, microseconds=118_005),
            modified=alert.raised + timedelta(seconds=40, microseconds=118_005),
            alerts=(alert,),
        )
        for alert, title in (
            (guessing, "Password guessing against the jump host"),
            (deletion, "Shadow copies deleted on a file server"),
        )
    )
    first, second = (case.title for case in found)
    where = f'TargetUserName == "{_ACCOUNT}"'
    truth = GroundTruth(
        name="ransomware",
        summary=(__doc__ or "").strip(),
        victim=f"{NETBIOS}\\{_ACCOUNT}",
        device="FS01.contoso.com",
        attacker_addresses=(source.device_address,),
        incidents=(first, second),
        steps=tuple(
            plot.step(name, attack, "SecurityEvent", rows, f"SecurityEvent | where {where} and {condition}", title)
            for name, attack, rows, condition, title in (
                ("password guessing", "CredentialAccess T1110", failed, "EventID == 4625", first),
                ("logon to the jump host", "LateralMovement T1021", [logon], "EventID == 4624", first),
                ("service from a share", "Persistence T1543", [service], "EventID == 4697", second),
                ("shadow copies deleted", "Impact T1490", [shadows], 'CommandLine has "vssadmin"', second),
                ("log cleared", "DefenseEvasion T1070", [cleared], "EventID == 1102", second),
            )
        ),
    )
    return Intrusion(plot.rows, found, truth)
