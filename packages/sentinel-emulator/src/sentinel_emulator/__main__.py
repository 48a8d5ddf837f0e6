"""`python -m sentinel_emulator` is the command `sentinel-emulator`."""

import sys

from .cli import main

sys.exit(main())
