"""Where the stand-in's kernel is found, by this process and by the compiler's."""

from __future__ import annotations

import sys
from pathlib import Path

# A package of its own at the top: compiling happens in another process, which does not know pytest's way to import.
sys.path.insert(0, str(Path(__file__).parent))
