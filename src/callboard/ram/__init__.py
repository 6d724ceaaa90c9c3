"""RAM, product version 2015-05-01: users, access keys, groups, policies and roles, as the cloud's clients have it."""
