"""The trail of changes: who, when, from where, what stood there before and after."""
