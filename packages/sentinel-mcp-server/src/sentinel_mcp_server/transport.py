"""How clients connect: stdio, Streamable HTTP at /mcp, or SSE at /sse for older clients."""

import io
import sys
from typing import Any

from mcp.server import MCPServer
from mcp.server.transport_security import TransportSecuritySettings

from sentinel_mcp_server.settings import Settings


def serve(server: MCPServer[Any], settings: Settings) -> None:
    """Serve until the client leaves (stdio) or the process is told to stop (HTTP)."""
    match settings.transport:
        case "stdio":
            # While serving, the SDK points descriptor 1 at stderr and keeps the wire to itself. A stray print() that
            # sat in Python's buffer would still reach the wire when the process ends, so nothing may be buffered.
            sys.stdout = io.TextIOWrapper(io.FileIO(1, "w", closefd=False), write_through=True)
            server.run("stdio")
        case "http":
            server.run(
                "streamable-http",
                host=settings.host,
                port=settings.port,
                transport_security=local_only(settings.host),
            )
        case "sse":
            server.run("sse", host=settings.host, port=settings.port, transport_security=local_only(settings.host))


def local_only(host: str) -> TransportSecuritySettings:
    """Host and Origin must name this machine, whatever a web page made the browser resolve (DNS rebinding)."""
    names = ("127.0.0.1", "localhost", "[::1]", f"[{host}]" if ":" in host else host)
    hosts = sorted({f"{name}:*" for name in names})
    return TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=hosts,
        allowed_origins=[f"http://{host}" for host in hosts],
    )
