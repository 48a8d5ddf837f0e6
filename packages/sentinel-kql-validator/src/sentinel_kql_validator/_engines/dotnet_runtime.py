"""Find a .NET runtime and Microsoft's Kusto.Language.dll, and load both into this process.

A process has one .NET runtime, for good. Where another library has loaded one already, it is taken as it is.
"""

from __future__ import annotations

import atexit
import importlib
import importlib.util
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from sentinel_kql_validator.errors import EngineUnavailable

from .analyser import analyser_version

ROOT_SETTING, DLL_SETTING = "SENTINEL_KQL_DOTNET_ROOT", "SENTINEL_KQL_DLL"
DLL = "Kusto.Language.dll"
_USUAL = ("/usr/share/dotnet", "/usr/lib/dotnet", "/usr/lib64/dotnet", "/usr/local/share/dotnet", "/opt/dotnet")

# Any .NET from 6 on. Invariant culture: under a comma culture the analyser reads `1.5h` as 15 hours. The
# instrumentation that TieredPGO adds costs more than it earns here, measured over the 888 queries of the corpus.
_RUNTIME_CONFIG: dict[str, Any] = {
    "runtimeOptions": {
        "tfm": "net6.0",
        "rollForward": "LatestMajor",
        "framework": {"name": "Microsoft.NETCore.App", "version": "6.0.0"},
        "configProperties": {
            "System.Globalization.Invariant": True,
            "System.Runtime.TieredPGO": False,
            "System.GC.Concurrent": False,
        },
    }
}


def find_root() -> Path:
    """Find the folder of a .NET installation, or raise `EngineUnavailable`."""
    for name in (ROOT_SETTING, "DOTNET_ROOT"):
        if given := os.environ.get(name):
            root = Path(given)
            if not _is_root(root):
                raise EngineUnavailable(f"{name} names {given}, which holds no .NET runtime (no host/fxr in it).")
            return root
    found = shutil.which("dotnet")
    places = [Path(found).resolve().parent] if found else []
    places += [Path(place) for place in _USUAL]
    places += [Path.home() / ".dotnet"]
    if sys.platform == "win32":
        places += [Path(os.environ.get("ProgramFiles", r"C:\Program Files")) / "dotnet"]  # noqa: SIM112 - its name
    for place in places:
        if _is_root(place):
            return place
    raise EngineUnavailable("No .NET runtime was found: install .NET 6 or newer, or set DOTNET_ROOT to one.")


def _is_root(place: Path) -> bool:
    return (place / "host" / "fxr").is_dir()


def find_dll() -> Path:
    """Find Kusto.Language.dll: at the path given, else in the data of an installed kustology, which is not imported."""
    if given := os.environ.get(DLL_SETTING):
        path = Path(given)
        if not path.is_file():
            raise EngineUnavailable(f"{DLL_SETTING} names {given}, and there is no such file.")
        return path
    spec = importlib.util.find_spec("kustology")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        for path in sorted(Path(place).rglob(DLL)):
            return path
    raise EngineUnavailable(
        f"{DLL} was not found: install sentinel-kql-validator[dotnet], or set {DLL_SETTING} to the file."
    )


def load() -> str:
    """Load the runtime and the DLL; give the DLL's version. Raises `EngineUnavailable` with the reason."""
    try:
        pythonnet: Any = importlib.import_module("pythonnet")  # by name: an extra, not there for every reader
    except ImportError as error:
        raise EngineUnavailable(
            f"pythonnet cannot be imported ({error}): install sentinel-kql-validator[dotnet]."
        ) from error
    dll = find_dll()
    if pythonnet.get_runtime_info() is None:
        _start(pythonnet, find_root())
    clr: Any = importlib.import_module("clr")  # by name: pythonnet makes this module, it has no file
    system: Any = importlib.import_module("System")
    if system.Environment.Version.Major < 6:
        raise EngineUnavailable(
            f"The .NET runtime in this process is {system.Environment.Version}; 6 or newer is needed."
        )
    try:
        assembly: Any = clr.AddReference(str(dll.resolve()))
    except system.Exception as error:
        raise EngineUnavailable(f"{dll} cannot be loaded into .NET: {error.Message}") from error
    version = ".".join(str(assembly.GetName().Version).split(".")[:3])
    if version != analyser_version() and DLL_SETTING not in os.environ:
        raise EngineUnavailable(
            f"{dll} is version {version} and this release is made for {analyser_version()}; "
            f"set {DLL_SETTING} to the file to use it all the same."
        )
    return version


def _start(pythonnet: Any, root: Path) -> None:  # noqa: ANN401 - an untyped module
    clr_loader: Any = importlib.import_module("clr_loader")  # untyped in its parts
    failure: Any = importlib.import_module("clr_loader.util.clr_error").ClrError
    # The runtime reads its configuration from a file, once.
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "sentinel-kql.runtimeconfig.json"
        config.write_text(json.dumps(_RUNTIME_CONFIG), encoding="utf-8")
        try:
            runtime = clr_loader.get_coreclr(runtime_config=config, dotnet_root=root)
            pythonnet.set_runtime(runtime)
            pythonnet.load()
        except (RuntimeError, OSError, failure) as error:
            words = str(error).strip().splitlines()
            raise EngineUnavailable(
                f"The .NET runtime at {root} did not start: {words[0] if words else error!r}"
            ) from error
    if hasattr(os, "register_at_fork"):
        # A child's ordinary exit would hang in it: the threads that it waits for stayed with the parent.
        os.register_at_fork(after_in_child=lambda: atexit.unregister(pythonnet.unload))
