"""The command `sentinel-mcp-server`: serve, or show the guided tour."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic.fields import FieldInfo

from sentinel_mcp_server.settings import Settings, SettingsError

_DEMO = "demo"
_TOOLS = "tools"
_SERVE = "serve"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; 0 it did what was asked, 2 it could not."""
    arguments = vars(_parser().parse_args(argv))
    command = arguments.pop("command", None) or _SERVE
    if command == _DEMO:
        from sentinel_mcp_server.demo import run_demo

        return run_demo()
    if command == _TOOLS:
        return _tools(arguments)
    try:
        settings = Settings.load(os.environ, arguments)
        return _serve(settings)
    except SettingsError as error:
        sys.stderr.write(f"sentinel-mcp-server: {error}\n")
        return 2


def _tools(arguments: dict[str, Any]) -> int:
    from sentinel_mcp_server.catalogue import print_knowledge, print_tools

    corpus: Path | None = arguments["corpus"]
    if corpus is not None and not corpus.is_file():
        sys.stderr.write(f"sentinel-mcp-server: --corpus: there is no file {corpus}\n")
        return 2
    try:
        if arguments["knowledge"]:
            print_knowledge(corpus)
        else:
            print_tools(as_json=arguments["json"])
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads, `head` for one, has seen enough; what is still buffered must not fail again at the exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _serve(settings: Settings) -> int:
    from sentinel_mcp_server.app import build_server
    from sentinel_mcp_server.transport import serve

    # A client that stops its server sends SIGTERM or closes stdin; both end quietly, without a stack trace.
    signal.signal(signal.SIGTERM, _leave)
    try:
        serve(build_server(settings), settings)
    except KeyboardInterrupt:
        return 0
    except OSError as error:
        sys.stderr.write(
            f"sentinel-mcp-server: cannot listen on {settings.host}:{settings.port}: {error.strerror or error}\n"
        )
        return 2
    return 0


def _leave(_signal: int, _frame: object) -> None:
    sys.exit(0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sentinel-mcp-server",
        description="An MCP server for Microsoft Sentinel. Without a command it serves over stdio.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and leave")
    _add_settings(parser)
    commands = parser.add_subparsers(dest="command", metavar="command")
    _add_settings(commands.add_parser(_SERVE, help="serve an MCP client (the default)"))
    commands.add_parser(_DEMO, help="a guided tour of the embedded workspace; needs no Azure and no settings")
    tools = commands.add_parser(_TOOLS, help="print what the server offers")
    tools.add_argument("--json", action="store_true", help="names, schemas and annotations as clients see them")
    tools.add_argument("--knowledge", action="store_true", help="counts of documents, examples, tables and prompts")
    tools.add_argument("--corpus", type=Path, metavar="FILE", help="with --knowledge: what share of these it covers")
    return parser


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(version(parser.prog))
        parser.exit()


def _add_settings(parser: argparse.ArgumentParser) -> None:
    """One flag for each setting, named like it; absent means the environment, then the default."""
    group = parser.add_argument_group("settings", "each is also an environment variable, named in brackets")
    for name, field in Settings.model_fields.items():
        flag = f"--{name.replace('_', '-')}"
        text = f"{field.description} [{Settings.variable(name)}]{_default(field)}"
        # SUPPRESS: `serve --port 1` must not be undone by the default of the same flag before the command.
        options: dict[str, Any] = {
            "dest": name,
            "default": argparse.SUPPRESS,
            "help": text.replace("%", "%%"),
        }
        if field.annotation is bool:
            parser_action: Any = argparse.BooleanOptionalAction
            group.add_argument(flag, action=parser_action, **options)
        else:
            group.add_argument(
                flag,
                choices=_choices(field.annotation),
                metavar=None if _choices(field.annotation) else "VALUE",
                **options,
            )


def _choices(annotation: object) -> tuple[str, ...] | None:
    is_literal = getattr(annotation, "__origin__", None) is Literal
    return get_args(annotation) if is_literal else None


def _default(field: FieldInfo) -> str:
    if field.default in (None, False) or not field.default:
        return ""
    return f" (default {field.default})"
