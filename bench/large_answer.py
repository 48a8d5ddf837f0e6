"""A large answer to a query: our reading by column against the SDK's `LogsQueryClient`, in the same run.

    python bench/large_answer.py [--rows 500000]

Each reader runs in a process of its own over the same body, served in this machine's memory through the same transport
in pieces of 64 KiB. Memory is the growth of the process's peak resident size while the query runs, which is fair to
both; the body comes from a file, so that serving it takes none.
"""

import argparse
import asyncio
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

COLUMNS = (
    ("TimeGenerated", "datetime"),
    ("TenantId", "string"),
    ("UserPrincipalName", "string"),
    ("IPAddress", "string"),
    ("ResultType", "string"),
    ("DurationMs", "long"),
    ("RiskScore", "real"),
    ("IsInteractive", "bool"),
    ("DeviceDetail", "dynamic"),
    ("CorrelationId", "guid"),
)
PIECE = 1 << 16

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


def write_body(path: Path, rows: int) -> None:
    """An answer as the service writes it, with values that repeat and values that do not."""
    made_up = random.Random(1)
    described = json.dumps([{"name": name, "type": kind} for name, kind in COLUMNS], separators=(",", ":"))
    with path.open("w") as file:
        file.write(f'{{"tables":[{{"name":"PrimaryResult","columns":{described},"rows":[')
        for number in range(rows):
            row = [
                f"2026-01-{1 + number % 28:02}T10:{number // 60 % 60:02}:{number % 60:02}.{number % 10_000_000:07}Z",
                "514a628c-e691-4346-bfaf-4995f84165c7",
                f"user{number % 5000}@example.com",
                f"10.{number % 250}.{number // 250 % 250}.{number % 99}",
                str(50_000 + number % 40),
                number * 7919 if number % 50 else None,
                made_up.random(),
                number % 3 == 0,
                json.dumps({"os": "Windows", "build": number % 100}),
                f"{number:08x}-0000-4000-8000-{number * 31:012x}",
            ]
            file.write(("," if number else "") + json.dumps(row, separators=(",", ":")))
        file.write("]}]}")


def served(path: Path) -> Callable[[Message, Receive, Send], Awaitable[None]]:
    """The query API, with one answer."""

    async def app(_scope: Message, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body"})

    return app


async def read_once(path: Path, reader: str) -> dict[str, float]:
    """Run one reader; give rows, seconds, and bytes of peak memory added."""
    from sentinel_azure_clients import QueryRequest, logs
    from sentinel_azure_clients.testing import fake_context

    async with fake_context(served(path)) as context:
        client = context.logs_client  # imports are not what is measured
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.perf_counter()
        if reader == "by column":
            rows = (await logs.run_query_by_column(context, QueryRequest("T"))).tables[0].row_count
        elif reader == "rows":
            rows = (await logs.run_query(context, QueryRequest("T"))).row_count
        else:
            result: Any = await client.query_workspace("w", "T", timespan=None)
            rows = len(result.tables[0].rows)
        seconds = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return {"rows": rows, "seconds": seconds, "peak": peak * 1024}


def main() -> None:
    """Compare the readers and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=500_000)
    parser.add_argument("--body", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--reader", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.reader:
        print(json.dumps(asyncio.run(read_once(options.body, options.reader))))
        return
    with tempfile.TemporaryDirectory() as folder:
        body = Path(folder) / "body.json"
        write_body(body, options.rows)
        size = body.stat().st_size
        print(f"{options.rows:,} rows, {size / 1e6:.0f} MB")
        print(f"{'reader':<16} {'seconds':>8} {'peak MB':>8} {'peak / body':>12}")
        for reader in ("by column", "rows", "LogsQueryClient"):
            command = [sys.executable, __file__, "--body", str(body), "--reader", reader]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            found: dict[str, float] = json.loads(done.stdout)
            if found["rows"] != options.rows:
                raise SystemExit(f"{reader} read {found['rows']:,.0f} rows.")
            ratio = found["peak"] / size
            print(f"{reader:<16} {found['seconds']:>8.2f} {found['peak'] / 1e6:>8.0f} {ratio:>12.2f}")


if __name__ == "__main__":
    main()
