"""Log Analytics and Microsoft Sentinel on this machine: the real REST API over a generated organisation.

```python
emulator = Emulator(seed=1)
emulator.app            # an ASGI application: give it to a transport, a test client or a server
emulator.workspace      # the ids a client needs
emulator.ground_truth   # what really happened
```

Refusals of the query engine carry the inner code `EmulatorUnsupportedError`: what cannot be executed faithfully is
named, never guessed.
"""

from ._data.truth import GroundTruth, Step
from ._version import __version__
from .emulator import Emulator
from .workspace import Workspace

__all__ = ["Emulator", "GroundTruth", "Step", "Workspace", "__version__"]
