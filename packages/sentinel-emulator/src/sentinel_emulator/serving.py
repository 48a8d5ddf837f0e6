"""Serves an emulator on this machine: the APIs over TLS, and beside them the token endpoints over plain HTTP.

Azure clients refuse to send a token without TLS, so a certificate authority is made at every start and its certificate
written to a file; a client trusts it by naming that file. The token endpoints of managed identities are plain HTTP in
Azure too. Nothing listens beyond the loopback interface, unless it is told to.
"""

from __future__ import annotations

import asyncio
import ipaddress
import shlex
import socket
import ssl
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias, cast

from .app import build_identity_app
from .recording import Recorder

if TYPE_CHECKING:
    from collections.abc import Generator

    from starlette.types import ASGIApp
    from uvicorn import Server

    from .emulator import Emulator


class _ConfiguresContext(Protocol):
    def configure_cert(self, ctx: ssl.SSLContext) -> None: ...


#: How settings are written down.
Shell: TypeAlias = Literal["posix", "powershell", "env"]

_START_SECONDS = 30.0
_GRACE_SECONDS = 1.0


class ServingError(RuntimeError):
    """The emulator cannot be served as asked; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Serving:
    """Where an emulator answers. `url` is for every API, `identity_url` for tokens, `ca_file` is what to trust."""

    url: str
    identity_url: str
    identity_header: str
    ca_file: Path
    settings: dict[str, str]
    tenant_id: str

    def exports(self, shell: Shell = "posix") -> str:
        """Return the settings as lines for a shell: `posix`, `powershell`, or `env` for a `.env` file."""
        if shell == "powershell":
            quoted = {name: value.replace("'", "''") for name, value in self.settings.items()}
            return "\n".join(f"$env:{name} = '{value}'" for name, value in quoted.items())
        start = "export " if shell == "posix" else ""
        return "\n".join(f"{start}{name}={shlex.quote(value)}" for name, value in self.settings.items())


@contextmanager
def serve_in_thread(
    emulator: Emulator,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    folder: Path | None = None,
    record: Path | None = None,
    exposed: bool = False,
) -> Generator[Serving]:
    """Serve an emulator from a thread of its own until the block ends; port 0 takes a free one.

    The certificate of the authority is written to `folder`, or to a temporary one that goes away with the block. With
    `record`, what clients ask is added to that file, a line of JSON a request. `exposed` lets others than this
    machine reach it, and the tokens that it hands out. Raises `ServingError` for a host that is not this machine's
    loopback, a port that is taken and a file that cannot be written.
    """
    address = address_of(host, exposed=exposed)
    app = emulator.app if record is None else _recorded(emulator.app, record)
    with tempfile.TemporaryDirectory(prefix="sentinel-emulator-") as temporary:
        place = folder or Path(temporary)
        ca_file, context = _certificates(place, address)
        with _listening(address, port) as tls, _listening(address, 0) as plain:
            serving = _describe(emulator, address, tls, plain, ca_file)
            with _running(app, tls, context), _running(build_identity_app(emulator), plain, None):
                yield serving


def _recorded(app: ASGIApp, path: Path) -> ASGIApp:
    try:
        return Recorder(app, path)
    except OSError as error:
        raise ServingError(f"Requests cannot be recorded to {path}: {error.strerror}.") from error


def address_of(host: str, *, exposed: bool = False) -> str:
    """Return the address that `host` means; raises `ServingError` for one that is no loopback address.

    With `exposed`, any address of this machine will do.
    """
    if host == "localhost":
        return "127.0.0.1"
    try:
        address = ipaddress.ip_address(host)
    except ValueError as error:
        raise ServingError(f"{host!r} is not an address: the emulator listens on 127.0.0.1 or ::1 only.") from error
    if not address.is_loopback and not exposed:
        raise ServingError(
            f"{host} is not a loopback address: the emulator hands out tokens to anybody, so it listens on 127.0.0.1 "
            "or ::1 only, unless it is told to be exposed."
        )
    return str(address)


def _certificates(folder: Path, address: str) -> tuple[Path, ssl.SSLContext]:
    import trustme

    authority = trustme.CA(organization_name="sentinel-emulator")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate = authority.issue_cert(address, "localhost")
    # The library's own type for a context names a package that is not installed.
    cast("_ConfiguresContext", certificate).configure_cert(context)
    ca_file = folder / "sentinel-emulator-ca.pem"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        authority.cert_pem.write_to_path(str(ca_file))
    except OSError as error:
        raise ServingError(f"The certificate cannot be written to {ca_file}: {error.strerror}.") from error
    return ca_file, context


def _listening(address: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address, port))
    except (OSError, OverflowError) as error:
        listener.close()
        raise ServingError(f"Port {port} of {address} cannot be used: {error}. Choose another, or 0.") from error
    return listener


@contextmanager
def _running(app: ASGIApp, listener: socket.socket, context: ssl.SSLContext | None) -> Generator[None]:
    server = _server(app, context)
    thread = threading.Thread(target=server.run, args=([listener],), name="sentinel-emulator", daemon=True)
    thread.start()
    deadline = time.monotonic() + _START_SECONDS
    while not server.started and thread.is_alive() and time.monotonic() < deadline:
        time.sleep(0.01)
    if not server.started:
        server.should_exit = True
        msg = f"The server did not start within {_START_SECONDS:.0f} seconds."
        raise ServingError(msg)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(timeout=_GRACE_SECONDS)
        # Clients keep idle connections open, and TLS waits for their goodbye; nobody else does.
        for connection in list(server.server_state.connections):
            _abort(connection)
        thread.join(timeout=_START_SECONDS)


def _abort(connection: object) -> None:
    """Cut a connection from outside the server's loop; both of the server's protocols have these members."""
    loop, transport = getattr(connection, "loop", None), getattr(connection, "transport", None)
    if isinstance(loop, asyncio.AbstractEventLoop) and isinstance(transport, asyncio.Transport):
        loop.call_soon_threadsafe(transport.abort)


def _server(app: ASGIApp, context: ssl.SSLContext | None) -> Server:
    import uvicorn

    config = uvicorn.Config(
        app, log_config=None, access_log=False, lifespan="off", server_header=False, date_header=False
    )
    config.load()
    # The context is made here, so that the key never lies in a file.
    config.ssl = context
    return uvicorn.Server(config)


def _describe(emulator: Emulator, address: str, tls: socket.socket, plain: socket.socket, ca_file: Path) -> Serving:
    shown = f"[{address}]" if ":" in address else address
    url = f"https://{shown}:{tls.getsockname()[1]}"
    identity_url = f"http://{shown}:{plain.getsockname()[1]}/msi/token"
    workspace = emulator.workspace
    settings = {
        "AZURE_SUBSCRIPTION_ID": workspace.subscription_id,
        "AZURE_RESOURCE_GROUP": workspace.resource_group,
        "AZURE_WORKSPACE_NAME": workspace.workspace_name,
        "AZURE_WORKSPACE_ID": workspace.workspace_id,
        "IDENTITY_ENDPOINT": identity_url,
        "IDENTITY_HEADER": emulator.identity_header,
        "SENTINEL_MCP_LOGS_ENDPOINT": url,
        "SENTINEL_MCP_ARM_ENDPOINT": url,
        "SENTINEL_MCP_CA_BUNDLE": str(ca_file),
    }
    return Serving(url, identity_url, emulator.identity_header, ca_file, settings, workspace.tenant_id)
