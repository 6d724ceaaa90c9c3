"""The actions of the resource directory: enabling it, folders, member accounts, tags."""
