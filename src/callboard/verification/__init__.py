"""Proving that an address or number is its owner's: letters, codes, and the pages that people see."""
