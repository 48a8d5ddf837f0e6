"""The version, as the installed distribution tells it."""

from importlib.metadata import version

__version__ = version("sentinel-emulator")
