"""Where an entity can be seen: for each kind, the tables that know it and what a row of each says."""

from dataclasses import dataclass
from typing import Literal

from sentinel_mcp_server import kql_text

EntityKind = Literal["user", "ip", "host", "hash", "url", "mailbox"]


@dataclass(frozen=True, slots=True)
class Sighting:
    """One table that knows a kind of entity.

    `where` is KQL with `{value}` in the place of the quoted value; `what` is KQL for one text that tells a row's story.
    `columns` are all columns that both use: where one is missing in a workspace, the table is left out and named.
    """

    table: str
    where: str
    what: str
    columns: tuple[str, ...]

    def condition(self, value: str) -> str:
        """The filter for a value, which goes in quoted and nowhere else."""
        return self.where.replace("{value}", kql_text.string(value))


def _sighting(table: str, where: str, what: str, *columns: str) -> Sighting:
    return Sighting(table, where, what, columns)


_SIGN_IN = "strcat('sign-in ', ResultType, ' ', AppDisplayName, ' from ', IPAddress, ' ', Location)"
_SIGN_IN_COLUMNS = ("UserPrincipalName", "ResultType", "AppDisplayName", "IPAddress", "Location")
_OFFICE = "strcat(OfficeWorkload, ' ', Operation, ' ', ClientIP)"
_OFFICE_COLUMNS = ("UserId", "OfficeWorkload", "Operation", "ClientIP")
_PROCESS = "strcat(DeviceName, ' ', AccountName, ': ', InitiatingProcessFileName, ' > ', ProcessCommandLine)"
_PROCESS_COLUMNS = ("DeviceName", "AccountName", "InitiatingProcessFileName", "ProcessCommandLine")
_TRAFFIC = "strcat(SourceIP, ' > ', DestinationIP, ' ', DeviceAction, ' ', tostring(SentBytes), ' bytes')"
_TRAFFIC_COLUMNS = ("SourceIP", "DestinationIP", "DeviceAction", "SentBytes")
_EVENT = "strcat(tostring(EventID), ' ', Activity, ' ', Computer, ' ', TargetUserName, ' ', IpAddress)"
_EVENT_COLUMNS = ("EventID", "Activity", "Computer", "TargetUserName", "IpAddress")
_CONNECTION = "strcat(DeviceName, ' ', InitiatingProcessFileName, ' > ', RemoteIP, ' ', RemoteUrl)"
_CONNECTION_COLUMNS = ("DeviceName", "InitiatingProcessFileName", "RemoteIP", "RemoteUrl")
_LOGON = "strcat(ActionType, ' ', AccountName, ' ', LogonType, ' ', RemoteIP)"
_MAIL = "strcat(SenderFromAddress, ' > ', RecipientEmailAddress, ': ', Subject, ' ', DeliveryAction)"
_MAIL_COLUMNS = ("SenderFromAddress", "RecipientEmailAddress", "Subject", "DeliveryAction")
_INDICATOR = "strcat('indicator, confidence ', tostring(Confidence))"
_INDICATOR_COLUMNS = ("ObservableValue", "Confidence")
_ALERT = "strcat(AlertSeverity, ' ', AlertName)"
_ALERT_COLUMNS = ("Entities", "AlertSeverity", "AlertName")
_ACCOUNT = "tostring(split({value}, '@')[0])"  # logs of devices know the account's name without its domain

SIGHTINGS: dict[EntityKind, tuple[Sighting, ...]] = {
    "user": (
        _sighting("SigninLogs", "UserPrincipalName =~ {value}", _SIGN_IN, *_SIGN_IN_COLUMNS),
        _sighting("AADNonInteractiveUserSignInLogs", "UserPrincipalName =~ {value}", _SIGN_IN, *_SIGN_IN_COLUMNS),
        _sighting(
            "AuditLogs",
            "tostring(InitiatedBy.user.userPrincipalName) =~ {value}",
            "strcat(OperationName, ' ', Result)",
            *("OperationName", "Result", "InitiatedBy"),
        ),
        _sighting("OfficeActivity", "UserId =~ {value}", _OFFICE, *_OFFICE_COLUMNS),
        _sighting("SecurityEvent", f"TargetUserName =~ {_ACCOUNT}", _EVENT, *_EVENT_COLUMNS),
        _sighting("DeviceProcessEvents", f"AccountName =~ {_ACCOUNT}", _PROCESS, *_PROCESS_COLUMNS),
        _sighting("SecurityAlert", f"Entities has {_ACCOUNT}", _ALERT, *_ALERT_COLUMNS),
    ),
    "ip": (
        _sighting(
            "SigninLogs", "IPAddress == {value}", f"strcat(UserPrincipalName, ' ', {_SIGN_IN})", *_SIGN_IN_COLUMNS
        ),
        _sighting("OfficeActivity", "ClientIP has {value}", f"strcat(UserId, ' ', {_OFFICE})", *_OFFICE_COLUMNS),
        _sighting("CommonSecurityLog", "SourceIP == {value} or DestinationIP == {value}", _TRAFFIC, *_TRAFFIC_COLUMNS),
        _sighting("SecurityEvent", "IpAddress == {value}", _EVENT, *_EVENT_COLUMNS),
        _sighting("DeviceNetworkEvents", "RemoteIP == {value}", _CONNECTION, *_CONNECTION_COLUMNS),
        _sighting("ThreatIntelIndicators", "ObservableValue == {value}", _INDICATOR, *_INDICATOR_COLUMNS),
        _sighting("SecurityAlert", "Entities has {value}", _ALERT, *_ALERT_COLUMNS),
    ),
    "host": (
        _sighting("DeviceProcessEvents", "DeviceName has {value}", _PROCESS, *_PROCESS_COLUMNS),
        _sighting(
            "DeviceLogonEvents",
            "DeviceName has {value}",
            _LOGON,
            *("DeviceName", "ActionType", "AccountName", "LogonType", "RemoteIP"),
        ),
        _sighting("DeviceNetworkEvents", "DeviceName has {value}", _CONNECTION, *_CONNECTION_COLUMNS),
        _sighting("SecurityEvent", "Computer has {value}", _EVENT, *_EVENT_COLUMNS),
        _sighting(
            "Syslog",
            "Computer has {value}",
            "strcat(ProcessName, ': ', SyslogMessage)",
            *("Computer", "ProcessName", "SyslogMessage"),
        ),
        _sighting("Heartbeat", "Computer has {value}", "strcat('heartbeat ', OSType)", "Computer", "OSType"),
        _sighting("SecurityAlert", "Entities has {value}", _ALERT, *_ALERT_COLUMNS),
    ),
    "hash": (
        _sighting("DeviceProcessEvents", "SHA256 =~ {value}", _PROCESS, *_PROCESS_COLUMNS, "SHA256"),
        _sighting(
            "DeviceFileEvents",
            "SHA256 =~ {value}",
            "strcat(DeviceName, ' ', ActionType, ' ', FolderPath)",
            *("SHA256", "DeviceName", "ActionType", "FolderPath"),
        ),
        _sighting(
            "EmailAttachmentInfo",
            "SHA256 =~ {value}",
            "strcat(FileName, ' to ', RecipientEmailAddress)",
            *("SHA256", "FileName", "RecipientEmailAddress"),
        ),
        _sighting("ThreatIntelIndicators", "ObservableValue =~ {value}", _INDICATOR, *_INDICATOR_COLUMNS),
        _sighting("SecurityAlert", "Entities has {value}", _ALERT, *_ALERT_COLUMNS),
    ),
    "url": (
        _sighting("EmailUrlInfo", "Url has {value}", "strcat('in mail ', NetworkMessageId)", "Url", "NetworkMessageId"),
        _sighting(
            "UrlClickEvents",
            "Url has {value}",
            "strcat(AccountUpn, ' ', ActionType)",
            *("Url", "AccountUpn", "ActionType"),
        ),
        _sighting("DeviceNetworkEvents", "RemoteUrl has {value}", _CONNECTION, *_CONNECTION_COLUMNS),
        _sighting("DnsEvents", "Name has {value}", "strcat(ClientIP, ' asked for ', Name)", "Name", "ClientIP"),
        _sighting("ThreatIntelIndicators", "ObservableValue has {value}", _INDICATOR, *_INDICATOR_COLUMNS),
        _sighting("SecurityAlert", "Entities has {value}", _ALERT, *_ALERT_COLUMNS),
    ),
    "mailbox": (
        _sighting(
            "OfficeActivity",
            "UserId =~ {value} or MailboxOwnerUPN =~ {value}",
            _OFFICE,
            *(*_OFFICE_COLUMNS, "MailboxOwnerUPN"),
        ),
        _sighting(
            "EmailEvents",
            "SenderFromAddress =~ {value} or RecipientEmailAddress =~ {value}",
            _MAIL,
            *_MAIL_COLUMNS,
        ),
        _sighting(
            "UrlClickEvents",
            "AccountUpn =~ {value}",
            "strcat(ActionType, ' ', Url)",
            *("AccountUpn", "ActionType", "Url"),
        ),
        _sighting("SigninLogs", "UserPrincipalName =~ {value}", _SIGN_IN, *_SIGN_IN_COLUMNS),
    ),
}
