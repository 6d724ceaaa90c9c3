"""What the directory's actions share on the wire: the product in its two versions, and the form of dates.

The older version is what the Terraform provider speaks for folders and accounts; most actions are the same in both
(directory-api.yaml, older_version).
"""

from datetime import UTC, datetime

from callboard.api.model import Operation
from callboard.call import Moment

VERSION, OLDER_VERSION = "2022-04-19", "2020-03-31"

operation = Operation(VERSION, OLDER_VERSION, ram_code="resourcemanager", needs_directory=True)
"""The same in both versions."""
newer_operation = Operation(VERSION, ram_code="resourcemanager", needs_directory=True)
older_operation = Operation(OLDER_VERSION, ram_code="resourcemanager", needs_directory=True)


def wire_time(moment: Moment) -> str:
    """A moment as this family of actions writes it: ISO 8601 in UTC, with milliseconds."""
    return datetime.fromtimestamp(moment // 1000, UTC).strftime(f"%Y-%m-%dT%H:%M:%S.{moment % 1000:03}Z")
