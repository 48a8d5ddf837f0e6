"""The command `sentinel-emulator`: serve the APIs, or ask one query from the shell.

Exit codes: 0 fine, 1 the query was refused, 2 it could not be done.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._schema import FILLED, STANDARD
from ._version import __version__
from .emulator import DEFAULT_DAYS, DEFAULT_SEED, LONGEST_DAYS, SCENARIO_NAMES, Emulator

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

    from ._query.plans import Api


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with these arguments, or the process's own; return its exit code."""
    asked = _parser().parse_args(arguments)
    try:
        emulator = _emulator(asked)
    except (ValueError, OSError) as error:
        print(f"sentinel-emulator: {error}", file=sys.stderr)
        return 2
    try:
        return _COMMANDS[asked.command](emulator, asked)
    except OSError as error:
        print(f"sentinel-emulator: {str(error).splitlines()[0]}", file=sys.stderr)
        return 2
    finally:
        asyncio.run(emulator.close())


def _emulator(asked: argparse.Namespace) -> Emulator:
    """Make the emulator that the arguments describe."""
    days = asked.days
    if days is None:
        from ._data.sizes import days_for

        days = DEFAULT_DAYS if asked.rows is None else days_for(asked.rows, DEFAULT_DAYS, datetime.now(UTC))
    return Emulator(
        seed=asked.seed,
        days=days,
        scenario=asked.scenario,
        scale=asked.scale,
        rows=asked.rows,
        database=asked.database,
        parquet=getattr(asked, "parquet", None),
        memory=getattr(asked, "memory", "1GB"),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sentinel-emulator", description="Log Analytics and Microsoft Sentinel on this machine."
    )
    parser.add_argument("--version", action="version", version=f"sentinel-emulator {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="answer the REST APIs on the loopback interface, over TLS")
    serve.add_argument("--host", default="127.0.0.1", help="the loopback address to listen on (default: %(default)s)")
    serve.add_argument(
        "--expose", action="store_true", help="listen there although others can reach it, and its tokens"
    )
    serve.add_argument("--port", type=int, default=0, help="the port of the APIs; 0 takes a free one (default)")
    serve.add_argument(
        "--ca-folder", type=Path, help="where to write the certificate to trust (default: a temporary folder)"
    )
    serve.add_argument("--azure-cli", type=Path, help="a folder to put a stand-in for the command `az` into")
    serve.add_argument("--record", type=Path, help="a file to add every request to, as lines of JSON without tokens")
    serve.add_argument(
        "--shell",
        choices=("posix", "powershell", "env"),
        default="posix",
        help="how to write the settings (default: %(default)s)",
    )
    query = commands.add_parser("query", help="run one KQL query over the generated rows")
    query.add_argument("kql", help="the query, or - to read it from standard input")
    query.add_argument("--timespan", help="an ISO 8601 duration or interval, for example P1D (default: all rows)")
    query.add_argument("--search", action="store_true", help="ask as /search does: for Basic and Auxiliary tables")
    query.add_argument("--format", choices=("table", "json"), default="table", help="how to print the rows")
    generate = commands.add_parser("generate", help="write the rows into a DuckDB file, for serve and query to use")
    generate.add_argument("database", type=Path, help="the file to make; it must not exist")
    imported = commands.add_parser("import", help="add the rows of files to a table of a database file")
    imported.add_argument(
        "files",
        nargs="+",
        type=Path,
        help="the files: .csv, .json (also of Windows events), .ndjson, .jsonl or .parquet",
    )
    imported.add_argument("--table", required=True, help="the table that the rows belong to; a new one ends with _CL")
    imported.add_argument("--database", required=True, type=Path, help="the DuckDB file; made when it does not exist")
    imported.add_argument("--skip-bad", action="store_true", help="import the good rows of files that have bad ones")
    reset = commands.add_parser("reset", help="make a database file anew from what it was made from")
    reset.add_argument("database", type=Path, help="the DuckDB file; rows that were imported into it are lost")
    for command in (serve, query):
        command.add_argument("--database", type=Path, help="a DuckDB file to keep the rows in, or one that has them")
        command.add_argument("--parquet", type=Path, help="a folder of Parquet files to query where they lie")
        command.add_argument("--memory", default="1GB", help="what queries may use, for example 512MB (default: 1GB)")
    for command in (serve, query, generate, imported, reset):
        command.add_argument("--scale", type=float, default=1, help="how many times the ordinary traffic (default: 1)")
        command.add_argument("--rows", type=int, help="about how many rows, 10000 to 100000000, instead of a scale")
        command.add_argument("--seed", type=int, default=DEFAULT_SEED, help="what the organisation is made from")
        command.add_argument(
            "--scenario",
            choices=SCENARIO_NAMES,
            default="intrusion",
            help="what happened there (default: %(default)s)",
        )
        command.add_argument(
            "--days",
            type=int,
            help=f"how many days back, 1 to {LONGEST_DAYS} (default: {DEFAULT_DAYS}, or fewer for few rows)",
        )
    return parser


def _serve(emulator: Emulator, asked: argparse.Namespace) -> int:
    from .serving import ServingError, serve_in_thread

    stop = threading.Event()

    def stopped(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stopped)
    if emulator.database is not None:
        # A file that another process holds is better noticed now than at the first request.
        emulator.store()
    try:
        with serve_in_thread(
            emulator,
            host=asked.host,
            port=asked.port,
            folder=asked.ca_folder,
            record=asked.record,
            exposed=asked.expose,
        ) as serving:
            if asked.azure_cli is not None:
                from .azure_cli import write_azure_cli

                write_azure_cli(asked.azure_cli, serving)
            print(f"# sentinel-emulator {__version__} answers at {serving.url} until it is interrupted.")
            print("# Settings for a client:")
            print(serving.exports(asked.shell), flush=True)
            if asked.azure_cli is not None:
                print(f"# AzureCliCredential signs in with {asked.azure_cli} first on PATH.", flush=True)
            stop.wait()
    except ServingError as error:
        print(f"sentinel-emulator: {error}", file=sys.stderr)
        return 2
    return 0


def _generate(emulator: Emulator, asked: argparse.Namespace) -> int:
    if asked.database.exists():
        print(f"sentinel-emulator: {asked.database} exists already; choose another file.", file=sys.stderr)
        return 2
    started = time.perf_counter()
    store = emulator.store()
    counts = {table: store.read(f'SELECT count(*) FROM store."{table}"')[0][0] for table in FILLED}  # noqa: S608 - constants
    asyncio.run(emulator.close())
    size = asked.database.stat().st_size / 1e6
    seconds = time.perf_counter() - started
    print(f"{sum(counts.values())} rows in {len(counts)} tables, {size:.0f} MB, {seconds:.1f} s: {asked.database}")
    return 0


def _reset(emulator: Emulator, asked: argparse.Namespace) -> int:
    if not asked.database.exists():
        print(f"sentinel-emulator: there is no database {asked.database}.", file=sys.stderr)
        return 2
    emulator.reset()
    emulator.store()
    print(f"{asked.database} is as it was made: seed {emulator.seed}, {emulator.days} days, {emulator.scenario}.")
    return 0


def _import(emulator: Emulator, asked: argparse.Namespace) -> int:
    """Import every file or, when one has a bad row that may not be skipped, none."""
    from ._data.importing import infer_columns, read_rows
    from ._data.progress import Progress
    from ._data.reading import ImportRefused

    table, custom = emulator.catalogue.find(asked.table), None
    try:
        if table is None:
            table, custom = asked.table, infer_columns(asked.files, asked.table)
        kinds = {**custom, **STANDARD} if custom is not None else emulator.catalogue.query[table]
        with Progress(sum(path.stat().st_size for path in asked.files if path.is_file()), sys.stderr) as progress:
            found = [read_rows(path, table, kinds, progress.advance) for path in asked.files]
    except ImportRefused as refusal:
        print(f"sentinel-emulator: {refusal}", file=sys.stderr)
        return 2
    bad = [complaint for file in found for complaint in file.bad]
    for complaint in bad:
        print(f"sentinel-emulator: {complaint}", file=sys.stderr)
    if bad and not asked.skip_bad:
        print(f"sentinel-emulator: nothing was imported, for {len(bad)} bad rows (see --skip-bad).", file=sys.stderr)
        return 1
    rows = [row for file in found for row in file.rows]
    unused = sorted({column for file in found for column in file.unused})
    if rows:
        emulator.load(table, rows, custom)
    print(f"{len(rows)} rows imported into {table}, {len(bad)} bad rows left out.")
    if custom is not None:
        print("The table is new: " + ", ".join(f"{name}:{kind}" for name, kind in custom.items()) + ".")
    if unused:
        print(f"The workspace tells these columns itself: {', '.join(unused)}.")
    return 0


def _query(emulator: Emulator, asked: argparse.Namespace) -> int:
    from ._query.execute import Request, execute
    from ._query.faults import QueryFault
    from ._query.timespan import TimespanError, parse_timespan

    kql = sys.stdin.read() if asked.kql == "-" else asked.kql
    if not kql.strip():
        print("sentinel-emulator: the query is empty.", file=sys.stderr)
        return 2
    now = emulator.clock.now()
    try:
        window = parse_timespan(asked.timespan, now) if asked.timespan else None
        api: Api = "search" if asked.search else "query"
        request = Request(kql, window, seconds=180, statistics=False, render=False, api=api)
        body = execute(request, emulator.validator, emulator.store, emulator.catalogue, now, emulator.watchlist)
    except TimespanError as error:
        print(f"sentinel-emulator: {error}", file=sys.stderr)
        return 2
    except QueryFault as fault:
        print(f"sentinel-emulator: {fault}", file=sys.stderr)
        return 1
    table = body["tables"][0]
    if asked.format == "json":
        print(json.dumps(body, ensure_ascii=False))
    else:
        _print_table([column["name"] for column in table["columns"]], table["rows"])
    return 0


_COMMANDS = {"serve": _serve, "query": _query, "generate": _generate, "import": _import, "reset": _reset}

_WIDEST = 60


def _print_table(names: list[str], rows: list[list[Any]]) -> None:
    written = [[_cell(value) for value in row] for row in rows]
    widths = [max(len(line[index]) for line in [names, *written]) for index in range(len(names))]
    for line in [names, ["-" * width for width in widths], *written]:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    print(f"({len(rows)} row{'' if len(rows) == 1 else 's'})")


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    # Rows hold whatever was logged: nothing of it may reach the terminal as a control character.
    plain = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)
    return plain if len(plain) <= _WIDEST else f"{plain[: _WIDEST - 1]}\N{HORIZONTAL ELLIPSIS}"
