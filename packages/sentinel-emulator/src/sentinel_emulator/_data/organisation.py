"""The organisation: Contoso, forty people in three offices, and the machines they work on.

Every name joins a first name and a plant, every address comes from a block reserved for documentation (RFC 5737), and
every domain is one of Microsoft's examples, so that nothing here can be anybody.
"""

from __future__ import annotations

from dataclasses import dataclass

from sentinel_emulator.workspace import seeded_guid

DOMAIN = "contoso.com"
NETBIOS = "CONTOSO"

_FIRST_NAMES = (
    "Ada", "Ben", "Cora", "Dana", "Eli", "Faye", "Gil", "Hana", "Ivo", "Jude",
    "Kira", "Leo", "Mina", "Noel", "Ola", "Pia", "Quin", "Rosa", "Sami", "Tara",
    "Udo", "Vera", "Wim", "Xena", "Yuri", "Zoe", "Abel", "Britt", "Cleo", "Dirk",
    "Edda", "Finn", "Greta", "Hugo", "Ines", "Jonas", "Klara", "Lars", "Maja", "Nils",
)  # fmt: skip
_PLANTS = (
    "Alder", "Birch", "Cedar", "Willow", "Elm", "Fern", "Ginkgo", "Hazel", "Iris", "Juniper",
    "Kelp", "Larch", "Maple", "Nettle", "Oak", "Pine", "Quince", "Rowan", "Sorrel", "Thistle",
    "Ulmus", "Vetch", "Walnut", "Xeris", "Yarrow", "Zinnia", "Acacia", "Bracken", "Clover", "Daisy",
    "Elder", "Foxglove", "Gorse", "Heather", "Ivy", "Jasmine", "Katsura", "Linden", "Mallow", "Nutmeg",
)  # fmt: skip
_DEPARTMENTS = (
    ("Finance", "Accountant"),
    ("Sales", "Account Manager"),
    ("Engineering", "Software Engineer"),
    ("Operations", "Planner"),
    ("Human Resources", "Recruiter"),
    ("IT", "Systems Administrator"),
    ("Legal", "Counsel"),
    ("Marketing", "Designer"),
)


@dataclass(frozen=True, slots=True)
class Site:
    """An office and the address its traffic leaves from; `utc_offset` is in hours."""

    country: str
    city: str
    state: str
    latitude: float
    longitude: float
    address: str
    utc_offset: int


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works at Contoso, with an own laptop and a home connection."""

    number: int
    display_name: str
    upn: str
    account: str
    object_id: str
    sid: str
    department: str
    title: str
    site: Site
    home_address: str
    device: str
    device_id: str
    device_address: str


@dataclass(frozen=True, slots=True)
class Server:
    """A machine in the data centre."""

    name: str
    address: str
    os: str
    vm_id: str


SITES = (
    Site("DE", "Berlin", "Berlin", 52.52, 13.405, "198.51.100.10", 1),
    Site("US", "Seattle", "Washington", 47.606, -122.332, "198.51.100.20", -8),
    Site("GB", "London", "England", 51.507, -0.128, "198.51.100.30", 0),
)

_SERVERS = (
    ("DC01", "10.10.0.10", "Windows"),
    ("DC02", "10.10.0.11", "Windows"),
    ("FS01", "10.10.0.20", "Windows"),
    ("FS02", "10.10.0.21", "Windows"),
    ("SQL01", "10.10.0.30", "Windows"),
    ("APP01", "10.10.0.40", "Windows"),
    ("APP02", "10.10.0.41", "Windows"),
    ("JUMP01", "10.10.0.50", "Windows"),
    ("WEB01", "10.10.1.10", "Linux"),
    ("WEB02", "10.10.1.11", "Linux"),
    ("LOG01", "10.10.1.20", "Linux"),
    ("GIT01", "10.10.1.30", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Organisation:
    """Everybody and everything that ordinary traffic is made of."""

    people: tuple[Person, ...]
    servers: tuple[Server, ...]

    @classmethod
    def seeded(cls, seed: int) -> Organisation:
        """Return the organisation of this seed: the names stay, the ids change."""
        return cls(
            people=tuple(_person(seed, number) for number in range(len(_FIRST_NAMES))),
            servers=tuple(
                Server(f"{name}.{DOMAIN}", address, os, seeded_guid(seed, "vm", name)) for name, address, os in _SERVERS
            ),
        )

    def person(self, account: str) -> Person:
        """Return the person with this account name, for example `dana.willow`."""
        return next(person for person in self.people if person.account == account)


def _person(seed: int, number: int) -> Person:
    first, plant = _FIRST_NAMES[number], _PLANTS[number]
    account = f"{first}.{plant}".lower()
    department, title = _DEPARTMENTS[number % len(_DEPARTMENTS)]
    # Two in four sit in Berlin, one each in Seattle and London.
    site = SITES[(0, 1, 0, 2)[number % 4]]
    return Person(
        number=number,
        display_name=f"{first} {plant}",
        upn=f"{account}@{DOMAIN}",
        account=account,
        object_id=seeded_guid(seed, "user", account),
        sid=f"S-1-5-21-1004336348-1177238915-682003330-{1100 + number}",
        department=department,
        title=title,
        site=site,
        home_address=f"192.0.2.{20 + number}",
        device=f"lt-{number + 1:03d}.{DOMAIN}",
        device_id=seeded_guid(seed, "device", account).replace("-", "") + "00000000",
        device_address=f"10.20.{number % 4}.{50 + number}",
    )
