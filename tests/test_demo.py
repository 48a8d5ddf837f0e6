"""The guided tour, as a newcomer runs it."""

import subprocess

from .conftest import SERVER, bare_environment


def test_the_tour_ends_well_and_shows_every_stop() -> None:
    done = subprocess.run(
        [*SERVER, "demo"],
        capture_output=True,
        encoding="utf-8",
        env=bare_environment(COLUMNS="120", PYTHONIOENCODING="utf-8"),
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    shown = done.stdout
    stops = [
        "incident_list: the queue",
        "incident_get ",
        "Entity",
        "a query with a misspelt column",
        "line 3, column 48",
        "Did you mean UserPrincipalName?",
        "the suggestion taken",
        "status complete",
        '"mcpServers"',
    ]
    places = [shown.index(stop) for stop in stops]
    assert places == sorted(places)
