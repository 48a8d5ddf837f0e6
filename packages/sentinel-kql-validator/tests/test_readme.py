from __future__ import annotations

import re
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

README = Path(__file__).parents[1] / "README.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_readmes_examples_print_what_they_say(example: str) -> None:
    expected = re.findall(r"^print\(.*\)  # (.+)$", example, re.MULTILINE)
    out = StringIO()
    with redirect_stdout(out):
        exec(compile(example, str(README), "exec"), {})
    assert expected
    assert out.getvalue().splitlines() == expected
