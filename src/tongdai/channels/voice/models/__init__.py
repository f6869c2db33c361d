"""The telephone's own rows, by subject: Django finds them here, and all else imports them from here."""

from __future__ import annotations

from .agents import Agent as Agent
from .agents import AgentTime as AgentTime
from .agents import Line as Line
from .agents import new_secret as new_secret
from .callbacks import Callback as Callback
from .calls import Call as Call
from .calls import Order as Order
from .calls import Recording as Recording
from .menu import Prompt as Prompt
from .menu import Step as Step
from .menu import Take as Take
from .monitoring import Refusal as Refusal
from .monitoring import Repair as Repair
from .queues import KeptPlace as KeptPlace
from .queues import LanguageSkill as LanguageSkill
from .queues import Overflow as Overflow
from .queues import Queue as Queue
from .queues import QueueSkill as QueueSkill
from .queues import SignedOff as SignedOff
from .supervision import Notice as Notice
from .supervision import Supervision as Supervision
from .trunks import Trunk as Trunk
