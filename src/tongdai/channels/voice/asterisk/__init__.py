"""The telephone exchange: Asterisk 22, brought in, configured, started and looked after."""
