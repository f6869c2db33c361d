"""A question in English: is it one, what is it about, which answers are meant."""
