"""What the room of the telephone tells this one."""

from __future__ import annotations

from tongdai.platform.registry import Hook

# whether this house has an exchange and a carrier to ring people by
can_ring_out: Hook[[], bool] = Hook("whether one can ring out")
