"""Start-up and memory of the server beside a bare MCP server, in the same run.

    python bench/startup.py [--runs 7]

Both are started as a client starts them (a process, stdio, `initialize`), in turns, and the first start of each is not
counted. Prints seconds until the answer to `initialize`, and the resident memory then; medians and their ratio.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

BARE = """
from mcp.server import MCPServer
server = MCPServer("bare")

@server.tool()
def echo(text: str) -> str:
    "Echo."
    return text

server.run()
"""
COMMANDS = {
    "bare MCPServer, one tool": [sys.executable, "-c", BARE],
    "sentinel-mcp-server": [sys.executable, "-m", "sentinel_mcp_server"],
    "sentinel-mcp-server --offline": [sys.executable, "-m", "sentinel_mcp_server", "--offline"],
}
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "bench", "version": "0"},
    },
}


def measure(command: list[str]) -> tuple[float, float]:
    """Seconds until the answer, and MiB of resident memory then."""
    started = time.perf_counter()
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(INITIALIZE) + "\n")
        process.stdin.flush()
        process.stdout.readline()
        seconds = time.perf_counter() - started
        status = Path(f"/proc/{process.pid}/status").read_text()
        resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
        process.stdin.close()
        process.wait(timeout=30)
    return seconds, resident / 1024


def main() -> None:
    """Measure in turns and print medians with ratios to the bare server."""
    parser = argparse.ArgumentParser(description="Start-up and memory beside a bare MCP server.")
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in COMMANDS}
    for _ in range(runs + 1):
        for name, command in COMMANDS.items():
            found[name].append(measure(command))
    table = Table(title=f"median of {runs} starts, in turns")
    for heading in ("server", "seconds", "x bare", "MiB", "x bare"):
        table.add_column(heading, justify="left" if heading == "server" else "right")
    floor: tuple[float, float] | None = None
    for name, samples in found.items():
        seconds, memory = (statistics.median(column) for column in zip(*samples[1:], strict=True))
        floor = floor or (seconds, memory)
        table.add_row(name, f"{seconds:.3f}", f"{seconds / floor[0]:.2f}", f"{memory:.0f}", f"{memory / floor[1]:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
