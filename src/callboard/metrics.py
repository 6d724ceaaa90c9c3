"""Counters of what a process has done, in Prometheus' form. Labels hold no address, no account, no secret."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

SECONDS = (0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600, 14400, 86400)


UNTOLD = "messages_untold"
"""The event that a message found nobody to be told."""
ACKNOWLEDGED, ESCALATED = "acknowledgements", "escalations"
UNSUBSCRIBED = "unsubscriptions"


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
        self.letter_seconds = Histogram(
            "callboard_letter_seconds", text, ["channel", "type"], buckets=SECONDS, registry=here
        )
        text = "Letters in the database, by channel and state; of each no more than 100000 are counted."
        self.letters = Gauge("callboard_letters", text, ["channel", "state"], registry=here)
        text = "Age of the oldest letter that waits, among those that are counted."
        self.oldest_waiting = Gauge("callboard_oldest_waiting_letter_seconds", text, ["channel"], registry=here)
        text = "Reports of what became of letters, by the way they came (mail, a provider) and what came of them."
        self.receipts = Counter("callboard_receipts", text, ["source", "heard"], registry=here)
        text = "Canaries that should have come back by now, with none seen since, by channel."
        self.canaries = Gauge("callboard_canary_overdue", text, ["channel"], registry=here)
        texts = {
            UNTOLD: "Messages of which nobody would have been told, or was reached, so that the fallback was told.",
            ACKNOWLEDGED: "Acknowledgements of messages, by their letters' pages and by calls.",
            ESCALATED: "Steps upwards of messages that nobody acknowledged in time.",
            UNSUBSCRIBED: "Addresses unsubscribed from a type of messages.",
        }
        self.events = {name: Counter(f"callboard_{name}", text, registry=here) for name, text in texts.items()}
        """What handlers count, each once its call is committed."""
