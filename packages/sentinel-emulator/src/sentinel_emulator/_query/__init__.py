"""The query API of Log Analytics: `POST /v1/workspaces/{id}/query` and its neighbours."""
