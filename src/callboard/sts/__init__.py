"""STS, product version 2015-04-01: who am I, and the temporary keys of roles."""
