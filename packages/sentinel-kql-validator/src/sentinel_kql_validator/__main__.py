"""`python -m sentinel_kql_validator` is the command."""

from __future__ import annotations

import sys

from .cli import main

sys.exit(main())
