"""One query that counts how the columns of a table are filled."""

from collections.abc import Sequence

from sentinel_mcp_server import kql_text


def profile_query(table: str, columns: Sequence[str], sample: int) -> str:
    """KQL with one row: `Rows`, and for column number n `Fn` filled, `Dn` distinct (estimated), `En` an example.

    A value is filled where it is neither null nor empty text. The example is any value, a filled one where the service
    has its way.
    """
    counts = ["Rows=count()"]
    for number, column in enumerate(columns):
        value = f"tostring({kql_text.name(column)})"
        counts.append(
            f"F{number}=countif(isnotempty({value})), D{number}=dcountif({value}, isnotempty({value})), "
            f"E{number}=take_any({value})"
        )
    return f"{kql_text.name(table)}\n| take {sample}\n| summarize " + ",\n    ".join(counts)
