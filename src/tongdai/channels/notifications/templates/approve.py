"""A draft that was approved is an answer like any other for its citizen: they read nothing of how it came to be."""

from __future__ import annotations

from ..template import Template
from .answer import line, message

TEMPLATE = Template(message=message, line=line, read_out=True)
