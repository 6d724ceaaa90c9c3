"""The parameters of the actions about drills: rule, refusals and text of each."""

from typing import Annotated

from callboard.call import Moment
from callboard.contacts.rules import TARGET_ID
from callboard.drills.rules import LONGEST_WINDOW_S, MOST_DAYS, SHORTEST_WINDOW_S
from callboard.drills.storage import Place
from callboard.parameters import Tokens, fitting, label, moment, number
from callboard.recipients.parameters import ACCOUNT_ID

LONGEST_NAME = 64
_RUN_ID = r"dr-[A-Za-z0-9]{16}"
_RUNS_TOKENS = Tokens(rf"([0-9]{{1,15}})\.({_RUN_ID})", lambda found: Place(int(found[1]), found[2]))

write_token = _RUNS_TOKENS.write

Name = Annotated[
    str,
    label(
        "Name",
        LONGEST_NAME,
        description=f"What the drill is called: 1 to {LONGEST_NAME} printable characters, without blanks at its ends.",
        example="On-call, weekly",
    ),
]
TargetId = Annotated[
    str,
    fitting(
        "TargetId",
        TARGET_ID.pattern.removesuffix(r"\Z"),
        description="The ID of a member, a folder or the resource directory: the drill is about the members at or "
        "below it. The root folder is another name of the directory.",
        example="fd-ZDNPiTabcd",
    ),
]
Window = Annotated[
    int,
    number(
        "Window",
        SHORTEST_WINDOW_S,
        LONGEST_WINDOW_S,
        description="How long people have to acknowledge, in seconds, 60 to 604800, from the publishing on.",
        example=900,
    ),
]
EveryDays = Annotated[
    int,
    number(
        "EveryDays",
        1,
        MOST_DAYS,
        description="After how many days the drill is run again, 1 to 366. Left out: it is not run again by itself.",
        example=7,
    ),
]
StartTime = Annotated[
    Moment,
    moment(
        "StartTime",
        description="When the drill is run first, not in the past. Left out: with EveryDays so many days from now, "
        "without it by StartDrill alone.",
        example="2026-12-01T09:00:00Z",
    ),
]
DrillId = Annotated[
    str, fitting("DrillId", r"d-[A-Za-z0-9]{16}", description="The ID of the drill.", example="d-qL4HqKONzOM7abcd")
]
RunId = Annotated[str, fitting("RunId", _RUN_ID, description="The ID of the run.", example="dr-qL4HqKONzOM7abcd")]
RunsToken = Annotated[Place, _RUNS_TOKENS.parameter(example="1764064973125.dr-qL4HqKONzOM7abcd")]
AccountsToken = Annotated[
    str,
    fitting(
        "NextToken",
        ACCOUNT_ID,
        description="Where to go on: the NextToken of the answer before.",
        example="1997968394351234",
    ),
]
