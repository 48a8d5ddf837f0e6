"""Which api-versions each provider has, and what ARM says about any other.

The versions are those that Microsoft's reference, its SDKs and users' listings name up to November 2026. An answer has
the shape of the newest stable version, but where a module says otherwise.
"""

from __future__ import annotations

from .faults import ArmFault


def _months(year: int, *months: int) -> tuple[str, ...]:
    return tuple(f"{year}-{month:02}-01-preview" for month in months)


#: The versions of a provider, by its name in lower case.
VERSIONS = {
    "microsoft.securityinsights": (
        *("2020-01-01", "2021-04-01", "2021-10-01", "2022-08-01", "2022-11-01", "2023-02-01", "2023-11-01"),
        *("2024-03-01", "2024-09-01", "2025-03-01", "2025-06-01", "2025-09-01"),
        *_months(2019, 1),
        *_months(2021, 3, 9, 10),
        *_months(2022, 1, 4, 5, 6, 7, 8, 9, 10, 11, 12),
        *_months(2023, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12),
        *_months(2024, 1, 4, 10),
        *_months(2025, 1, 4, 7, 10),
    ),
    "microsoft.operationalinsights": (
        *("2015-03-20", "2015-11-01-preview", "2017-01-01-preview", "2017-03-03-preview", "2017-03-15-preview"),
        *("2017-04-26-preview", "2020-03-01-preview", "2020-08-01", "2020-10-01", "2021-06-01", "2021-12-01-preview"),
        *("2022-10-01", "2023-01-01-preview", "2023-09-01", "2025-02-01", "2025-07-01", "2026-03-01"),
    ),
    "microsoft.authorization": ("2015-07-01", "2018-01-01-preview", "2020-04-01-preview", "2022-04-01"),
    "microsoft.insights": (
        *("2016-03-01", "2017-05-01-preview", "2017-12-01-preview", "2018-01-01", "2019-07-01", "2021-05-01"),
        *("2023-10-01", "2024-02-01"),
    ),
    "microsoft.logic": (
        "2015-02-01-preview",
        "2016-06-01",
        "2016-10-01",
        "2017-07-01",
        "2018-07-01-preview",
        "2019-05-01",
    ),
}


def check_version(segments: tuple[str, ...], version: str, location: str) -> None:
    """Raise ARM's fault for an api-version that the provider of a path does not have.

    The types that hang on a workspace get a 404, the workspace itself a 400 with its locations (both as users report).
    """
    lowered = [segment.lower() for segment in segments]
    if "providers" not in lowered:
        return
    place = len(lowered) - 1 - lowered[::-1].index("providers")
    provider, *rest = segments[place + 1 :]
    known = sorted(VERSIONS.get(provider.lower(), ()))
    if not known or version in known:
        return
    # Types stand at every other place, the names of resources between them.
    kind = "/".join(rest[::2])
    if provider.lower() == "microsoft.operationalinsights":
        raise ArmFault(
            400,
            "NoRegisteredProviderFound",
            f"No registered resource provider found for location '{location}' and API version '{version}' for type "
            f"'{kind}'. The supported api-versions are '{', '.join(known)}'. The supported locations are '{location}'.",
        )
    raise ArmFault(
        404,
        "InvalidResourceType",
        f"The resource type '{kind}' could not be found in the namespace '{provider}' for api version '{version}'. "
        f"The supported api-versions are '{','.join(known)}'.",
    )
