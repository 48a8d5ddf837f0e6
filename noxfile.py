"""Every check is one session; the same sessions run on a laptop, in `.ci/run` and in `.github/`.

`nox` alone runs what a laptop finishes in a few minutes; `nox -l` lists everything.
"""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from functools import cache
from pathlib import Path

import nox

ROOT = Path(__file__).parent
PYPROJECT = nox.project.load_toml("pyproject.toml")
PYTHONS = ["3.11", "3.12", "3.13"]
PACKAGES = sorted(path.parent.name for path in ROOT.glob("packages/*/pyproject.toml"))
COMMANDS = {
    "sentinel-kql-validator": "sentinel-kql-validator",
    "sentinel-emulator": "sentinel-emulator",
    "sentinel-mcp-server": "sentinel-mcp-server",
}

#: The beta of Sentinel's SDK, which cannot be installed beside the stable one, and what its clients need.
BETA_SDK = ["azure-mgmt-securityinsight>=2.0.0b4,<3", "azure-identity>=1.25", "aiohttp>=3.11.11"]
#: What a matrix leaves out: tests marked so run once, on the first Python, with the newest versions.
NOT_THOROUGH = ["-m", "not thorough"]
NPM_OPTIONS = ["--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"]

nox.needs_version = ">=2025.5.1"
nox.options.default_venv_backend = "uv"
nox.options.download_python = "never"
nox.options.error_on_missing_interpreters = False  # a missing one is skipped and named, in CI too
nox.options.reuse_venv = "yes"
nox.options.sessions = ["lint", "types", "imports", "tests-3.11", "wheels", "e2e", "sdks", "docs", "coverage"]


@nox.session
def lint(session: nox.Session) -> None:
    """Style and common faults, by ruff; formatting is checked, not changed."""
    session.install(*_group("lint"), *_constraints())
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Types, strictly, by pyright."""
    session.install(*_group("types"), *_group("docs"), *_editable(PACKAGES), *_constraints())
    session.run("pyright", "--pythonpath", _python(session))


@nox.session
def imports(session: nox.Session) -> None:
    """The layers of the design, by import-linter: one contract a sentence."""
    session.install(*_group("imports"), *_constraints())
    session.install("--no-deps", *_editable(PACKAGES))
    session.run("lint-imports", "--no-cache")


@nox.session(python=PYTHONS)
@nox.parametrize("package", PACKAGES, ids=PACKAGES)
def tests(session: nox.Session, package: str) -> None:
    """One package's tests, against its wheel and its siblings' wheels, without the rest of the workspace."""
    session.install(*_wheels(_with_siblings(package), extras=_test_extras(package)), *_group("tests"), *_constraints())
    # Coverage is counted on the oldest Python only, so that a matrix beside it leaves the figure alone; there, too, run
    # the tests that try many inputs, since another interpreter shows nothing new by them.
    first = session.python == PYTHONS[0]
    _pytest(session, f"packages/{package}/tests", *([] if first else NOT_THOROUGH), covered=first)


@nox.session(python=PYTHONS[0])
@nox.parametrize("package", PACKAGES, ids=PACKAGES)
def lowest(session: nox.Session, package: str) -> None:
    """One package's tests with the lowest versions that its `pyproject.toml` admits."""
    session.install(
        "--resolution=lowest-direct",
        *_wheels(_with_siblings(package), extras=_test_extras(package)),
        *_group("tests"),
    )
    _pytest(session, f"packages/{package}/tests", *NOT_THOROUGH, covered=False)


@nox.session
def wheels(session: nox.Session) -> None:
    """The wheels installed without the workspace: they import, say their versions, and the validator stands alone."""
    session.install(*_wheels(PACKAGES), *_constraints())
    for package in PACKAGES:
        session.run("python", "-c", f"import {package.replace('-', '_')}")
    for package, command in COMMANDS.items():
        printed = str(session.run(command, "--version", silent=True)).strip()
        if printed.split()[-1:] != [_version(package)]:
            session.error(f"{command} --version printed {printed!r}, its pyproject.toml says {_version(package)!r}")
    session.run(
        "uv", "run", "--isolated", "--package", "sentinel-kql-validator", "python", "-c",
        "import sentinel_kql_validator, importlib.util as u; "
        "assert not [m for m in ('azure','mcp','duckdb') if u.find_spec(m)]",
        external=True,
    )  # fmt: skip


@nox.session
def e2e(session: nox.Session) -> None:
    """What crosses packages: real clients over stdio, HTTP and TLS, the import contracts, the guided tour."""
    session.install(*_wheels(PACKAGES), *_group("tests"), *_group("e2e"), *_constraints())
    _pytest(session, "tests", "--ignore=tests/sdks")


@nox.session(python=PYTHONS[0])
def sdks(session: nox.Session) -> None:
    """SDKs that cannot live beside the others, against the emulator: the beta of Sentinel's, and JavaScript's."""
    wanted = [*_wheels(["sentinel-kql-validator", "sentinel-emulator"]), *_group("tests"), *BETA_SDK]
    pins = _constraints(without="azure-mgmt-securityinsight")
    # Somewhere else, since within the workspace uv adds its own pins, and they hold the stable version.
    with session.chdir(tempfile.gettempdir()):
        session.install(*wanted, *pins)
    clients = ROOT / "tests" / "sdks" / "js"
    # npm keeps what is installed; only a change of the versions costs time again. No lock: it would name an index.
    installed = ROOT / ".nox" / "sdks-js"
    installed.mkdir(parents=True, exist_ok=True)
    for file in clients.iterdir():
        shutil.copy(file, installed)
    npm = shutil.which("npm") or session.error("npm is needed to install the JavaScript clients")
    session.run(npm, "install", "--prefix", str(installed), *NPM_OPTIONS, external=True)
    session.run("pytest", "tests/sdks", *session.posargs, env={"SENTINEL_SDKS_JS": str(installed)})


@nox.session
def docs(session: nox.Session) -> None:
    """The site, strictly; its code blocks run as tests in `e2e`."""
    session.install(*_group("docs"), *_wheels(PACKAGES), *_constraints())
    session.run("python", "docs/_generate.py", "--check")
    session.run("mkdocs", "build", "--strict", "--quiet", "--site-dir", session.create_tmp())


@nox.session
def coverage(session: nox.Session) -> None:
    """Branch coverage of everything that ran with coverage since the last report."""
    session.install("coverage[toml]", *_constraints())
    if not list(ROOT.glob(".coverage.*")):
        session.skip("no coverage data: run tests or e2e first")
    session.run("coverage", "combine", "--quiet")
    if session.posargs:
        session.run("coverage", "report", *session.posargs)
    session.log("branch coverage, in percent:")
    session.run("coverage", "report", "--format=total", "--fail-under=85")


@nox.session(python=PYTHONS[0])
def soak(session: nox.Session) -> None:
    """The long tests: marked `soak`, left out of every other session."""
    session.install(*_wheels(PACKAGES, extras={"sentinel-kql-validator": "dotnet"}), *_group("tests"), *_constraints())
    session.run("pytest", "-m", "soak", "--timeout=3600", "packages/sentinel-kql-validator/tests", *session.posargs)


@nox.session
def pins(session: nox.Session) -> None:
    """Refresh `[tool.uv] constraint-dependencies` with the newest versions that resolve."""
    session.install("tomlkit")
    requirements = ROOT / ".nox" / "pins.txt"
    projects = [f"packages/{package}/pyproject.toml" for package in PACKAGES]
    session.run(
        "uv", "pip", "compile", "--quiet", "--universal", "--no-annotate", "--no-header", "--no-emit-index-url",
        "--python-version=3.11",
        *(f"--group=pyproject.toml:{group}" for group in PYPROJECT["dependency-groups"]),
        *projects, "--all-extras", "-o", str(requirements), external=True,
    )  # fmt: skip
    lines = [
        line for line in requirements.read_text().splitlines() if "==" in line and not line.startswith("sentinel-")
    ]
    session.run("python", "-c", _WRITE_PINS, "\n".join(lines))


_WRITE_PINS = """
import sys, pathlib, tomlkit
path = pathlib.Path("pyproject.toml")
document = tomlkit.parse(path.read_text())
pins = tomlkit.array().multiline(True)
pins.extend(sys.argv[1].splitlines())
document["tool"]["uv"]["constraint-dependencies"] = pins
path.write_text(tomlkit.dumps(document))
"""


def _pytest(session: nox.Session, *paths: str, covered: bool = True) -> None:
    runner = ("coverage", "run", "-m", "pytest") if covered else ("pytest",)
    session.run(*runner, *paths, *session.posargs)


def _group(name: str) -> list[str]:
    return list(nox.project.dependency_groups(PYPROJECT, name))


def _editable(packages: list[str]) -> list[str]:
    return [part for package in packages for part in ("-e", f"packages/{package}")]


def _python(session: nox.Session) -> str:
    return str(Path(session.bin) / ("python.exe" if sys.platform == "win32" else "python"))


@cache
def _constraints(without: str = "") -> tuple[str, ...]:
    """The pins of the root, but for one, as a file, since `uv pip` does not read them from there."""
    path = ROOT / ".nox" / f"constraints{'-without-' if without else ''}{without}.txt"
    path.parent.mkdir(exist_ok=True)
    pins = PYPROJECT["tool"]["uv"]["constraint-dependencies"]
    path.write_text("\n".join(pin for pin in pins if pin.partition("==")[0] != without) + "\n")
    return ("--constraint", str(path))


@cache
def _built() -> dict[str, Path]:
    """All wheels, built once in a run."""
    folder = Path(tempfile.mkdtemp(prefix="wheels-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ.pop("VIRTUAL_ENV", None)
    subprocess.run(
        ["uv", "build", "--quiet", "--all-packages", "--wheel", "--out-dir", str(folder)],
        check=True,
        cwd=ROOT,
    )
    return {package: next(folder.glob(f"{package.replace('-', '_')}-*.whl")) for package in PACKAGES}


def _wheels(packages: list[str], extras: dict[str, str] | None = None) -> list[str]:
    """Wheels as direct references: a sibling never comes from an index, where its name may be a stranger's."""
    extras = extras or {}
    return [
        f"{package}[{extras[package]}] @ {_built()[package].as_uri()}" if package in extras else str(_built()[package])
        for package in packages
    ]


def _test_extras(package: str) -> dict[str, str]:
    extras = _project(package).get("optional-dependencies", {})
    return {package: ",".join(extras)} if extras else {}


@cache
def _project(package: str) -> dict[str, dict[str, list[str]]]:
    with (ROOT / "packages" / package / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)["project"]


def _version(package: str) -> str:
    return str(_project(package)["version"])


def _with_siblings(package: str) -> list[str]:
    """The package and those of ours that it needs, also through others."""
    needed = [package]
    for name in needed:
        for dependency in _project(name)["dependencies"]:
            sibling = next((other for other in PACKAGES if dependency.startswith(other)), None)
            if sibling and sibling not in needed:
                needed.append(sibling)
    return needed
