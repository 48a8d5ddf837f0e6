"""The commands that print rather than serve."""

import json
import subprocess

from sentinel_mcp_server.tools import TOOLS

from .conftest import SERVER, bare_environment


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*SERVER, *arguments],
        capture_output=True,
        encoding="utf-8",
        env=bare_environment(COLUMNS="140"),
        timeout=300,
        check=False,
    )


def test_the_catalogue_is_what_clients_see() -> None:
    done = run("tools", "--json")
    assert done.returncode == 0, done.stderr
    assert [tool["name"] for tool in json.loads(done.stdout)] == [spec.name for spec in TOOLS]


def test_the_tools_are_a_table_for_people() -> None:
    done = run("tools")
    assert done.returncode == 0, done.stderr
    assert all(spec.name in done.stdout for spec in TOOLS)


def test_a_reader_that_has_seen_enough_ends_the_listing_without_a_stack_trace() -> None:
    command = [*SERVER, "tools", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=bare_environment()) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        told = process.stderr.read()
    assert (process.returncode, told) == (0, b"")


def test_a_corpus_that_is_not_there_is_named() -> None:
    done = run("tools", "--knowledge", "--corpus", "/none")
    assert done.returncode == 2
    assert done.stderr == "sentinel-mcp-server: --corpus: there is no file /none\n"


def test_an_unknown_command_is_named() -> None:
    done = run("sevre")
    assert done.returncode == 2
    assert "sevre" in done.stderr
