"""A stand-in for a city's one-stop system, for the demo and the tests: a few dossiers over HTTP, and its bad days.

`python -m tongdai.peers.one_stop.peer PORT`; `GET /ho-so/{code}`. `PUT /che-do/{mode}` makes it `well`,
`broken` (500), `slow` (answers after ten seconds) or a `sign-in` page; `GET /dem` counts how often it was asked.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

PATTERN = r"H24\.\d{2}-\d{6}-\d{4}"
EXAMPLE = "H24.01-261101-0007"
MAPPING = {
    "state": "hoSo.trangThai", "agency": "hoSo.donVi", "procedure": "hoSo.thuTuc",
    "received": "hoSo.ngayTiepNhan", "due": "hoSo.ngayHenTra", "done": "hoSo.ngayTra",
}  # fmt: skip
STATES = {"DANG_XU_LY": "đang giải quyết", "CHO_BO_SUNG": "chờ ông bà bổ sung giấy tờ", "DA_TRA": "đã có kết quả"}
DOSSIERS = {
    EXAMPLE: ("DANG_XU_LY", "UBND phường Hồng Bàng", "Đăng ký khai sinh", "24/11/2026", "30/11/2026", ""),
    "H24.02-261020-0113": ("CHO_BO_SUNG", "Chi nhánh Văn phòng đăng ký đất đai", "Tách thửa đất", "20/10/2026", "15/12/2026", ""),
    "H24.03-260915-0042": ("DA_TRA", "UBND phường Lê Chân", "Cấp giấy phép xây dựng", "15/09/2026", "05/10/2026", "02/10/2026"),
}  # fmt: skip


class Peer(BaseHTTPRequestHandler):
    mode = "well"
    asked = 0

    def do_GET(self) -> None:
        if self.path == "/dem":
            return self._reply(200, {"asked": Peer.asked})
        Peer.asked += 1
        if Peer.mode == "slow":
            time.sleep(10)
        if Peer.mode == "broken":
            return self._reply(500, {"loi": "hệ thống bận"})
        if Peer.mode == "sign-in":
            return self._reply(200, "<!doctype html><form>Đăng nhập</form>")
        found = DOSSIERS.get(unquote(self.path.removeprefix("/ho-so/")))
        if found is None:
            return self._reply(404, {"loi": "không có"})
        names = ("trangThai", "donVi", "thuTuc", "ngayTiepNhan", "ngayHenTra", "ngayTra")
        whose = {"nguoiNop": "Nguyễn Thị Nhạn"}  # the system says it, and we never repeat it
        return self._reply(200, {"hoSo": dict(zip(names, found, strict=True)) | whose})

    def do_PUT(self) -> None:
        Peer.mode = self.path.removeprefix("/che-do/")
        return self._reply(200, {"mode": Peer.mode})

    def _reply(self, status: int, answer: object) -> None:
        body = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html" if isinstance(answer, str) else "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Quiet."""


def serve(port: int) -> ThreadingHTTPServer:
    """Listening on loopback; `serve_forever` it, or run it in a thread with `start`."""
    return ThreadingHTTPServer(("127.0.0.1", port), Peer)


def start() -> ThreadingHTTPServer:
    """On a free port, in a thread of its own; `server_port` says which."""
    server = serve(0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Peer.mode, Peer.asked = "well", 0
    return server


if __name__ == "__main__":
    serve(int(sys.argv[1])).serve_forever()
