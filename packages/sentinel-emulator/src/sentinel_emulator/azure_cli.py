"""A stand-in for the Azure CLI, as far as `AzureCliCredential` needs one: `az account get-access-token`.

`write_azure_cli(folder, serving)` puts a command `az` into a folder; a process that has the folder first on its PATH
signs in at the emulator as if somebody had run `az login`.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
import urllib.error
import urllib.parse
import urllib.request
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from .serving import Serving

_ENDPOINT, _HEADER, _TENANT, _SUBSCRIPTION = (
    f"SENTINEL_EMULATOR_{name}" for name in ("TOKENS", "TOKENS_HEADER", "TENANT", "SUBSCRIPTION")
)
_SECONDS = 30.0
_SIGNED_OUT = "Please run 'az login' to setup account."


def write_azure_cli(folder: Path, serving: Serving) -> Path:
    """Write the command into a folder, for POSIX and for Windows; return the one that this system runs."""
    settings = {
        _ENDPOINT: serving.identity_url,
        _HEADER: serving.identity_header,
        _TENANT: serving.tenant_id,
        _SUBSCRIPTION: serving.settings["AZURE_SUBSCRIPTION_ID"],
    }
    folder.mkdir(parents=True, exist_ok=True)
    exports = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in settings.items())
    posix = folder / "az"
    posix.write_text(f'#!/bin/sh\n{exports}exec {shlex.quote(sys.executable)} -m sentinel_emulator.azure_cli "$@"\n')
    posix.chmod(0o755)
    sets = "".join(f"set {name}={value}\r\n" for name, value in settings.items())
    windows = folder / "az.cmd"
    windows.write_text(f'@echo off\r\n{sets}"{sys.executable}" -m sentinel_emulator.azure_cli %*\r\n', newline="")
    return windows if os.name == "nt" else posix


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer `account get-access-token` as the Azure CLI does; 1 with its words on stderr when there is no token."""
    parser = _Parser(prog="az", description="A stand-in for the Azure CLI, given by sentinel-emulator.")
    parser.add_argument("group", choices=["account"])
    parser.add_argument("command", choices=["get-access-token"])
    parser.add_argument("--output", "-o", choices=["json"], default="json")
    wanted = parser.add_mutually_exclusive_group()
    wanted.add_argument("--resource")
    wanted.add_argument("--scope")
    parser.add_argument("--tenant", "-t")
    parser.add_argument("--subscription", "-s")
    asked = parser.parse_args(arguments)
    resource = asked.resource or (asked.scope or "https://management.azure.com").removesuffix("/.default")
    if asked.tenant not in {None, os.environ[_TENANT]}:
        return _failed(f"AADSTS90002: Tenant '{asked.tenant}' not found.")
    try:
        answer = _token(resource)
    except urllib.error.HTTPError as error:
        message = str(json.loads(error.read()).get("message", ""))
        return _failed(message if message.startswith("AADSTS") else _SIGNED_OUT)
    except OSError:
        return _failed(_SIGNED_OUT)
    expires = int(answer["expires_on"])
    shown = {
        "accessToken": answer["access_token"],
        "expiresOn": f"{datetime.fromtimestamp(expires, UTC).astimezone():%Y-%m-%d %H:%M:%S.%f}",
        "expires_on": expires,
        "subscription": os.environ[_SUBSCRIPTION],
        "tenant": os.environ[_TENANT],
        "tokenType": "Bearer",
    }
    sys.stdout.write(json.dumps(shown, indent=2) + "\n")
    return 0


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say what is wrong as the Azure CLI does."""
        self.exit(2, f"ERROR: {message}\n")


def _token(resource: str) -> dict[str, str]:
    url = f"{os.environ[_ENDPOINT]}?api-version=2019-08-01&resource={urllib.parse.quote(resource, safe='')}"
    request = urllib.request.Request(url, headers={"X-IDENTITY-HEADER": os.environ[_HEADER]})  # noqa: S310 - written by `write_azure_cli`
    with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 - as above
        return json.load(answer)


def _failed(message: str) -> int:
    sys.stderr.write(f"ERROR: {message}\n")
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
