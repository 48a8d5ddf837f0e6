"""The typed operations of the JavaScript clients over TLS, signed in at the emulator's token endpoint.

The clients are installed by `nox -s sdks`, which says where in SENTINEL_SDKS_JS.
"""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sentinel_emulator import Emulator
from sentinel_emulator.serving import serve_in_thread

#: Where the script and the installed clients lie side by side.
INSTALLED = os.environ.get("SENTINEL_SDKS_JS")

pytestmark = pytest.mark.skipif(INSTALLED is None, reason="the JavaScript clients are not here: run `nox -s sdks`")

#: Operations that are not answered, alone or as a whole group, and why.
LEFT_OUT = {
    "SecurityInsights.incidents.createTeam": "teams in Microsoft Teams are not emulated; newer versions lack the call",
    "SecurityInsights.entityRelations.getRelation": "nothing relates anything to an entity, so it answers 404",
    "SecurityInsights.entityQueryTemplates": "templates of activities come from Microsoft's portal",
    "SecurityInsights.fileImports": "indicators are written one by one here; their files lie in Microsoft's storage",
    "SecurityInsights.officeConsents": "consents belong to a connector that Microsoft has retired",
}


@pytest.mark.timeout(300)
def test_every_typed_operation_of_the_javascript_clients_is_answered(capsys: Any) -> None:
    emulator = Emulator()
    node = shutil.which("node")
    assert node is not None, "Node is needed to run the JavaScript clients"
    script = Path(str(INSTALLED)) / "operations.mjs"
    with serve_in_thread(emulator) as serving:
        environment = {
            **os.environ,
            **serving.settings,
            "EMULATOR_URL": serving.url,
            "NODE_EXTRA_CA_CERTS": str(serving.ca_file),
            "AZURE_TENANT_ID": emulator.workspace.tenant_id,
            "AZURE_CLIENT_ID": emulator.client_id,
            "AZURE_CLIENT_SECRET": emulator.client_secret,
            "WORKSPACE_RESOURCE_ID": emulator.workspace.resource_id,
        }
        done = subprocess.run(
            [node, str(script)], env=environment, capture_output=True, text=True, timeout=240, check=False
        )
    asyncio.run(emulator.close())
    told = [json.loads(line) for line in done.stdout.splitlines()]
    rows = [row for row in told if "name" in row]
    with capsys.disabled():
        table = [f"{'js ' + row['name']:85} {row['error'] or 'answered'}" for row in rows]
        sys.stdout.write("\n" + "\n".join(table) + "\n")
    assert {row["name"]: row["error"] for row in rows if row["error"]} == {}
    assert done.returncode == 0, done.stderr
    assert {name for name in told[-1]["notCalled"] if not _left_out(name)} == set()


def _left_out(name: str) -> bool:
    return name in LEFT_OUT or name.rpartition(".")[0] in LEFT_OUT
