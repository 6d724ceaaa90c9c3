"""What the actions about drills refuse."""

from callboard.errors import ApiError


class DrillNotFound(ApiError):
    """The drill does not exist."""

    code, status = "EntityNotExists.Drill", 404
    when = "no such drill in the directory of the caller, or with TargetId: none of that target"


class DrillRunNotFound(ApiError):
    """The run of the drill does not exist."""

    code, status = "EntityNotExists.DrillRun", 404
    when = "no such run of that drill, or forgotten"


class TargetNotFound(ApiError):
    """The target does not exist in the resource directory."""

    code, status = "EntityNotExists.Target", 404
    when = "a well-formed TargetId that is not in the directory of the caller"


class DrillsExceeded(ApiError):
    """The maximum number of drills in a resource directory exceeds the limit."""

    code = "LimitExceeded.Drills"
    when = "the directory has 100 drills"


class DrillUnderWay(ApiError):
    """The drill is just being run. Please try again later."""

    code, status = "DrillUnderWay", 409
    when = "messages of its last run are still being published"
