import sentinel_mcp_server


def test_the_public_face_is_exactly_this() -> None:
    assert sentinel_mcp_server.__all__ == ["Settings", "SettingsError", "__version__", "build_server"]
    assert all(hasattr(sentinel_mcp_server, name) for name in sentinel_mcp_server.__all__)


def test_starting_up_loads_nothing_of_azure_and_no_engine() -> None:
    import subprocess
    import sys

    program = (
        "import sys\n"
        "from sentinel_mcp_server import Settings, build_server\n"
        "build_server(Settings(offline=True))\n"
        "heavy = ('azure', 'aiohttp', 'msal', 'duckdb', 'duckdb_kql', 'py_mini_racer', 'clr')\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & set(heavy)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "[]\n"
