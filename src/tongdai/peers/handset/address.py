"""Where the demo's message centre is steered from, told from the starter to the web process."""

CONTROL = "TONGDAI_DEMO_SMSC_CONTROL"
