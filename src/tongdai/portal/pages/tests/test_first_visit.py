"""What a first visit costs a telephone on a poor line: every octet of the page and of what it draws in, as it is sent."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass

import brotli
import pytest
from django.test import Client

from tests.city import City
from tongdai.knowledge.models import Article

pytestmark = pytest.mark.django_db
MOST = 100_000  # octets, fonts and all


@dataclass
class Sent:
    octets: int
    text: str
    headers: dict[str, str]


def sent(client: Client, path: str) -> Sent:
    answer = client.get(path)
    assert answer.status_code == 200, path
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[answer.headers.get("Content-Encoding")]
    text = "" if path.endswith(".woff2") else unpack(body).decode()
    return Sent(len(body), text, dict(answer.headers))


def visit(client: Client, path: str) -> dict[str, Sent]:
    """The page and all that it names, and what that names, each once, as a browser with an empty cache asks for it."""
    seen: dict[str, Sent] = {}
    waiting = [path]
    while waiting:
        asked = waiting.pop()
        if asked in seen:
            continue
        seen[asked] = found = sent(client, asked)
        beside = asked.rpartition("/")[0]
        if asked == path:
            waiting += re.findall(r'(?:src|href)="(/static/[^"#]+)', found.text)
        elif asked.endswith(".css"):
            waiting += [f"{beside}/{name}" for name in re.findall(r"url\(\"?(?:\./)?([^\")]+)", found.text)]
        elif asked.endswith(".js"):
            waiting += [f"{beside}/{name}" for name in re.findall(r'(?:from|import)\s*"\./([^"]+)"', found.text)]
    return seen


@pytest.mark.parametrize("accepts", ["gzip, deflate, br", "gzip"])
def test_a_first_visit_fits_a_poor_line(knowing: City, accepts: str) -> None:
    code = knowing.case("Đèn đường ngõ 47 hỏng", topic="lighting").code
    article = Article.objects.order_by("pk")[0].pk
    pages = ["/", "/phan-anh/", f"/p/{code}/", "/tra-loi/", "/thu-tuc/1.000894/", f"/hoi-dap/{article}/"]
    client = Client(headers={"Accept-Encoding": accepts})

    weights = {page: sum(each.octets for each in visit(client, page).values()) for page in pages}

    assert {page: weight for page, weight in weights.items() if not 50_000 < weight <= MOST} == {}


def test_what_is_named_after_its_content_is_asked_for_once(knowing: City) -> None:
    client = Client(headers={"Accept-Encoding": "br"})
    drawn_in = {path: each for path, each in visit(client, "/").items() if path != "/"}

    assert {path.rpartition(".")[2] for path in drawn_in} == {"css", "js", "svg", "woff2"}
    for path, each in drawn_in.items():
        assert "immutable" in each.headers["Cache-Control"], path
        assert path.endswith(".woff2") or each.headers["Content-Encoding"] == "br", path


def test_both_weights_of_the_type_are_fetched_with_the_style(knowing: City) -> None:
    page = sent(Client(), "/").text
    early = re.findall(r'<link rel="preload" href="([^"]+)" as="font" type="font/woff2" crossorigin>', page)

    style = next(each for path, each in visit(Client(), "/").items() if path.endswith(".css"))
    assert sorted(path.rpartition("/")[2] for path in early) == sorted(re.findall(r"[\w-]+\.woff2", style.text))


def test_what_everybody_reads_may_be_kept_and_what_is_somebodys_may_not(knowing: City) -> None:
    code = knowing.case("Đèn đường ngõ 47 hỏng", topic="lighting").code
    client = Client()

    for path in ("/tra-loi/", "/hoi-dap/"):
        headers = client.get(path).headers
        assert headers["Cache-Control"] == "max-age=60" and "Cookie" in headers["Vary"]
        assert client.get(path, headers={"If-None-Match": headers["ETag"]}).status_code == 304
    for path in ("/phan-anh/", f"/p/{code}/", "/tim/?q=khai+sinh"):
        assert "no-store" in client.get(path).headers["Cache-Control"]
