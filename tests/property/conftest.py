"""How many examples Hypothesis tries: a few by default, many with HYPOTHESIS_PROFILE=nightly."""

from tests.property import profiles

profiles.load()
