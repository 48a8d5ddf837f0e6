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
        cases.raised_by(
            "password-spray",
            start=intruder.spray_start,
            end=spray_end,
            raised=intruder.spray_start + timedelta(minutes=56),
            entities=(spray,),
        ),
        cases.raised_by(
            "new-country",
            start=intruder.sign_in,
            end=intruder.sign_in + timedelta(minutes=18),
            raised=intruder.sign_in + timedelta(minutes=21),
            entities=(victim, spray),
        ),
    )
    mail = (
        cases.raised_by(
            "inbox-rule",
            start=intruder.rule,
            end=intruder.rule,
            raised=intruder.rule + timedelta(minutes=9),
            entities=(victim, cases.mailbox(intruder.victim), spray),
        ),
        cases.raised_by(
            "oauth-consent",
            start=intruder.consent,
            end=intruder.consent + timedelta(seconds=2),
            raised=intruder.consent + timedelta(minutes=7),
            entities=(victim, cases.cloud_application(_APPLICATION_ID, APPLICATION), spray),
        ),
    )
    transfer_end = intruder.rows["CommonSecurityLog"][-1]["TimeGenerated"]
    theft = (
        cases.raised_by(
            "encoded-powershell",
            start=intruder.powershell,
            end=intruder.powershell,
            raised=intruder.powershell + timedelta(minutes=6),
            entities=(device, victim, cases.process(7344, intruder.command_line, intruder.powershell)),
        ),
        cases.raised_by(
            "large-upload",
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
