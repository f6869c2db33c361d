"""`python -m tongdai.platform.decoders FD`: the server, asked by the socket of that number."""

import socket
import sys

from .server import serve

serve(socket.socket(fileno=int(sys.argv[1])))
