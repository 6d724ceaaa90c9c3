"""Counters of what a process has done, in Prometheus' form. Labels hold no address, no account, no secret."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

SECONDS = (0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600, 14400, 86400)


UNTOLD = "messages_untold"
"""The event that a message found nobody to be told."""


class Metrics:
    """The metrics of one runtime, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = here = CollectorRegistry()
        text = "Calls answered, by action and code; a success has no code."
        self.calls = Counter("callboard_calls", text, ["action", "code"], registry=here)
        text = "What people did at the confirmation pages, by outcome."
        self.confirmations = Counter("callboard_confirmations", text, ["outcome"], registry=here)
        text = "Tries to hand over a letter, by channel and outcome."
        self.tries = Counter("callboard_letter_tries", text, ["channel", "outcome"], registry=here)
        text = "From the writing of a letter until a provider took it."
        self.letter_seconds = Histogram("callboard_letter_seconds", text, ["channel"], buckets=SECONDS, registry=here)
        text = "Letters in the database, by channel and state; of each no more than 100000 are counted."
        self.letters = Gauge("callboard_letters", text, ["channel", "state"], registry=here)
        text = "Age of the oldest letter that waits, among those that are counted."
        self.oldest_waiting = Gauge("callboard_oldest_waiting_letter_seconds", text, ["channel"], registry=here)
        text = "Messages of which nobody would have been told, so that the fallback was."
        self.events = {UNTOLD: Counter(f"callboard_{UNTOLD}", text, registry=here)}
        """What handlers count, each once its call is committed."""
