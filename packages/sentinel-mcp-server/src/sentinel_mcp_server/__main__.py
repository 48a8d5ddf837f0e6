"""`python -m sentinel_mcp_server` is the command `sentinel-mcp-server`."""

import sys

from sentinel_mcp_server.cli import main

if __name__ == "__main__":
    sys.exit(main())
