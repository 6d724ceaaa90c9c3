"""How contacts want to be told: in which language, by what, when; and what they want no more."""
