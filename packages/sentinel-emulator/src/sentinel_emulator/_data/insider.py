"""The leaver: an accountant takes the customer files along before the last day.

1. On three evenings Quin Quince (Finance) downloads more than a hundred files each from the Sales site, where Quin
   does not work.
2. The files leave as attachments to a private mailbox.
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

_EVENINGS = (74, 50, 26)
_FILES = 110
_MAILS = 9
_PRIVATE = "quin.private@mailbox.example"
_SITE = "https://contoso.sharepoint.com/sites/Sales/"


def plan_insider(workspace: Workspace, organisation: Organisation, seed: int, now: datetime) -> Intrusion:
    """Return the insider's theft as of `now`."""
    plot = Plot("insider", workspace, organisation, seed, now)
    leaver = organisation.person("quin.quince")
    for hours in _EVENINGS:
        for number in range(_FILES):
            moment = plot.ago(hours) + timedelta(seconds=20 * number)
            name = f"Customer {number + 1}.xlsx"
            plot.add(
                "OfficeActivity",
                TimeGenerated=moment,
                Start_Time=moment,
                Operation="FileDownloaded",
                OfficeWorkload="SharePoint",
                RecordType="SharePointFileOperation",
                SourceRecordId=plot.guid("file", hours, number),
                OfficeId=plot.guid("file", hours, number),
                OfficeTenantId=workspace.tenant_id,
                UserId=leaver.upn,
                UserKey=leaver.object_id,
                UserType="Regular",
                ClientIP=leaver.home_address,
                EventSource="SharePoint",
                ItemType="File",
                Site_Url=_SITE,
                SourceFileName=name,
                SourceFileExtension="xlsx",
                OfficeObjectId=f"{_SITE}Shared Documents/Customers/{name}",
                SourceSystem="OfficeActivityManager",
            )
    for number in range(_MAILS):
        moment = plot.ago(_EVENINGS[-1] - 1) + timedelta(minutes=4 * number)
        plot.add(
            "EmailEvents",
            TimeGenerated=moment,
            Timestamp=moment,
            AttachmentCount=10,
            DeliveryAction="Delivered",
            EmailDirection="Outbound",
            NetworkMessageId=plot.guid("mail", number),
            RecipientEmailAddress=_PRIVATE,
            ReportId=f"{plot.guid('mail', number)}-1",
            SenderFromAddress=leaver.upn,
            SenderFromDomain="contoso.com",
            SenderObjectId=leaver.object_id,
            Subject=f"Files {number + 1}",
        )
    files, mails = plot.rows["OfficeActivity"], plot.rows["EmailEvents"]
    alert = cases.raised_by(
        "mass-download",
        key="insider-download",
        start=files[-_FILES]["TimeGenerated"],
        end=files[-1]["TimeGenerated"],
        raised=files[-1]["TimeGenerated"] + timedelta(minutes=12),
        entities=(cases.account(leaver), cases.ip(leaver.home_address)),
    )
    case = cases.Case(
        key="insider",
        number=0,
        title="One account downloads the customer files out of hours",
        description="Many files of a site where the account does not work were downloaded in the evening.",
        severity="Medium",
        status="New",
        owner=None,
        labels=("insider",),
        created=alert.raised + timedelta(seconds=31, microseconds=402_118),
        modified=alert.raised + timedelta(seconds=31, microseconds=402_118),
        alerts=(alert,),
    )
    truth = GroundTruth(
        name="insider",
        summary=(__doc__ or "").strip(),
        victim=leaver.upn,
        device=leaver.device,
        attacker_addresses=(leaver.home_address,),
        incidents=(case.title,),
        steps=(
            plot.step(
                "downloads in the evening",
                "Collection T1213",
                "OfficeActivity",
                files,
                f'OfficeActivity | where UserId == "{leaver.upn}" and Site_Url == "{_SITE}"',
                case.title,
            ),
            plot.step(
                "mails to a private mailbox",
                "Exfiltration T1567",
                "EmailEvents",
                mails,
                f'EmailEvents | where RecipientEmailAddress == "{_PRIVATE}"',
                case.title,
            ),
        ),
    )
    return Intrusion(plot.rows, (case,), truth)
