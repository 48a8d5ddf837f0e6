"""What detection made of the intrusion: six alerts in three incidents."""

from __future__ import annotations

from datetime import timedelta

from . import cases
from .intruder import APPLICATION, DROP_ADDRESS, TRIES, Intruder
from .spray import SPRAY_ADDRESS

_APPLICATION_ID = 31_415


def detected(intruder: Intruder) -> tuple[cases.Case, ...]:
    """Return the incidents of an intrusion, oldest first."""
    victim, spray, drop = cases.account(intruder.victim), cases.ip(SPRAY_ADDRESS), cases.ip(DROP_ADDRESS)
    device = cases.host(intruder.victim.device)
    spray_end = intruder.rows["SigninLogs"][TRIES * len(intruder.organisation.people) - 1]["TimeGenerated"]
    access = (
        cases.Alert(
            key="password-spray",
            rule="password-spray",
            title="Password spray from one address",
            description="One address failed to sign in to many accounts within an hour, a few times each.",
            severity="Medium",
            tactics=("CredentialAccess",),
            techniques=("T1110",),
            start=intruder.spray_start,
            end=spray_end,
            raised=intruder.spray_start + timedelta(minutes=56),
            entities=(spray,),
        ),
        cases.Alert(
            key="new-country",
            rule="new-country",
            title="Successful sign-in from a country new to the account",
            description="An account signed in from a country it had not been seen in during the last two weeks.",
            severity="High",
            tactics=("InitialAccess",),
            techniques=("T1078",),
            start=intruder.sign_in,
            end=intruder.sign_in + timedelta(minutes=18),
            raised=intruder.sign_in + timedelta(minutes=21),
            entities=(victim, spray),
        ),
    )
    mail = (
        cases.Alert(
            key="inbox-rule",
            rule="inbox-rule",
            title="Inbox rule that hides messages",
            description="A new inbox rule moves messages about payments to a folder nobody reads.",
            severity="Medium",
            tactics=("Persistence", "DefenseEvasion"),
            techniques=("T1564",),
            start=intruder.rule,
            end=intruder.rule,
            raised=intruder.rule + timedelta(minutes=9),
            entities=(victim, cases.mailbox(intruder.victim), spray),
        ),
        cases.Alert(
            key="oauth-consent",
            rule="oauth-consent",
            title="Consent to an unknown application with access to mail",
            description="A user gave an application new to the organisation access to mail and files.",
            severity="Medium",
            tactics=("Persistence", "CredentialAccess"),
            techniques=("T1528",),
            start=intruder.consent,
            end=intruder.consent + timedelta(seconds=2),
            raised=intruder.consent + timedelta(minutes=7),
            entities=(victim, cases.cloud_application(_APPLICATION_ID, APPLICATION), spray),
        ),
    )
    transfer_end = intruder.rows["CommonSecurityLog"][-1]["TimeGenerated"]
    theft = (
        cases.Alert(
            key="encoded-powershell",
            rule="encoded-powershell",
            title="Office application started PowerShell with an encoded command",
            description="Word started a hidden PowerShell whose command line is encoded.",
            severity="High",
            tactics=("Execution",),
            techniques=("T1059",),
            start=intruder.powershell,
            end=intruder.powershell,
            raised=intruder.powershell + timedelta(minutes=6),
            entities=(device, victim, cases.process(7344, intruder.command_line, intruder.powershell)),
        ),
        cases.Alert(
            key="large-upload",
            rule="large-upload",
            title="Large upload to an address on the threat feed",
            description="A machine sent more than half a gigabyte within an hour to an address an indicator names.",
            severity="High",
            tactics=("Exfiltration",),
            techniques=("T1041",),
            start=intruder.transfer_start,
            end=transfer_end,
            raised=transfer_end + timedelta(minutes=8),
            entities=(device, victim, drop),
        ),
    )
    taken = access[1].raised + timedelta(hours=20)
    return (
        cases.Case(
            key="access",
            number=1,
            title="Password spray followed by a sign-in from a new country",
            description="Many accounts were tried from one address, and one of them signed in from there.",
            severity="High",
            status="Active",
            owner=intruder.analyst,
            labels=("password-spray",),
            created=access[0].raised + timedelta(seconds=40, microseconds=583_544),
            modified=taken + timedelta(minutes=12, microseconds=720_474),
            alerts=access,
            comments=(
                cases.Comment(
                    intruder.analyst,
                    taken,
                    "Taken. The address has no history with us; every account was tried six times.",
                ),
                cases.Comment(
                    intruder.analyst,
                    taken + timedelta(minutes=12),
                    "Dana is not travelling and did not sign in. Asking for the sessions to be revoked.",
                ),
            ),
        ),
        cases.Case(
            key="mailbox",
            number=2,
            title="Mailbox rule and application consent after a suspicious sign-in",
            description="A mailbox received a rule that hides messages, and an unknown application was let in.",
            severity="Medium",
            status="New",
            owner=None,
            labels=(),
            created=mail[0].raised + timedelta(seconds=35, microseconds=101_912),
            modified=mail[1].raised + timedelta(seconds=52, microseconds=330_118),
            alerts=mail,
        ),
        cases.Case(
            key="theft",
            number=3,
            title="Encoded PowerShell and a large upload from a finance laptop",
            description="A laptop ran an encoded command started by Word and then sent a large amount of data outside.",
            severity="High",
            status="New",
            owner=None,
            labels=(),
            created=theft[0].raised + timedelta(seconds=38, microseconds=947_001),
            modified=theft[1].raised + timedelta(seconds=44, microseconds=256_730),
            alerts=theft,
        ),
    )
