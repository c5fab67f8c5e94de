"""From decisions in the library to keywords in the photos' own metadata.

Per photo: read, merge, note in the journal, write beside it, verify, replace, then store the
revision that was planned. A photo that can't be written keeps its decisions and says why.
"""

from tagger.services.writing.planning import PlannedWrite, plan_writes
from tagger.services.writing.running import WriteResult, write_pending

__all__ = ["PlannedWrite", "WriteResult", "plan_writes", "write_pending"]
