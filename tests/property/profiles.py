"""The Hypothesis profiles: `quick`, and `nightly` with fifty times the examples (HYPOTHESIS_PROFILE=nightly)."""

import os

from hypothesis import HealthCheck, settings

TIMES = {"quick": 1, "nightly": 50}
CHOSEN = os.getenv("HYPOTHESIS_PROFILE", "quick")

for name, times in TIMES.items():
    settings.register_profile(
        name, max_examples=60 * times, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )


def load() -> None:
    """Make the chosen profile the one of every test that names no number of its own."""
    settings.load_profile(CHOSEN)


def examples(quick: int, *, nightly: int = 0) -> settings:
    """For a test whose examples cost more, or less, than others. A test's account serves all of its examples."""
    return settings(
        max_examples=nightly if nightly and CHOSEN == "nightly" else quick * TIMES[CHOSEN],
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
