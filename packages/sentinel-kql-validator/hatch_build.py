# ruff: noqa: INP001 - a script beside the package, not in it
"""Put Microsoft's analyser scripts into the package while it is built or installed from a checkout.

The scripts are never kept in git. `analyser.json` pins the npm package, its integrity and the SHA-256 of each file
taken out of it. Files that already have the right hash are left alone, so a source distribution, which carries them,
builds without npm.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = Path(__file__).parent / "src" / "sentinel_kql_validator"
NPM_SECONDS = 300


class AnalyserScripts(BuildHookInterface[Any]):
    """Fetches the pinned npm package and lays two of its files into `_vendor/`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the hook's signature
        """Make sure that the scripts are there before anything is packed or linked."""
        pin = json.loads((PACKAGE / "_engines" / "analyser.json").read_text(encoding="utf-8"))
        vendor = PACKAGE / "_vendor"
        if all(_sha256(vendor / name) == digest for name, digest in pin["files"].items()):
            return
        files = _unpack(_fetch(f"{pin['package']}@{pin['version']}", pin["integrity"]), pin["files"])
        vendor.mkdir(exist_ok=True)
        for name, content in files.items():
            part = vendor / f"{name}.part"
            part.write_bytes(content)
            part.replace(vendor / name)


def _sha256(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def _fetch(spec: str, integrity: str) -> bytes:
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit(
            f"Building sentinel-kql-validator needs npm, to fetch {spec}, and npm was not found: "
            "install Node.js with npm, or install a built wheel, which needs neither."
        )
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", spec, "--ignore-scripts", "--silent", "--pack-destination", folder]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=NPM_SECONDS)  # noqa: S603 - pinned
        tarballs = list(Path(folder).glob("*.tgz"))
        if done.returncode or len(tarballs) != 1:
            detail = (done.stderr or done.stdout).strip().splitlines()
            raise SystemExit(
                f"`npm pack {spec}` failed with exit code {done.returncode}"
                f"{': ' + detail[-1] if detail else ''}. Check npm's registry settings and connection, then try again."
            )
        tarball = tarballs[0].read_bytes()
    algorithm, _, expected = integrity.partition("-")
    found = base64.b64encode(hashlib.new(algorithm, tarball).digest()).decode()
    if found != expected:
        raise SystemExit(
            f"The tarball that npm delivered for {spec} is not the pinned one (its {algorithm} is {found}, "
            f"expected {expected}): nothing was installed from it."
        )
    return tarball


def _unpack(tarball: bytes, wanted: dict[str, str]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(tarball), mode="r:gz") as archive:
        for name, digest in wanted.items():
            member = archive.extractfile(f"package/{name}")
            content = member.read() if member else b""
            if hashlib.sha256(content).hexdigest() != digest:
                raise SystemExit(f"{name} in the analyser's npm package is not the pinned file; nothing was installed.")
            files[name] = content
    return files
