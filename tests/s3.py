"""A real S3 server beside the tests: moto's, in a thread, with one bucket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import boto3
from moto.server import ThreadedMotoServer


@contextmanager
def s3_server(*, secret: str, below: str = "") -> Iterator[str]:
    """Its TONGDAI_STORAGE; `secret`: as it is written in an address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    given = {"aws_access_key_id": "KEY", "aws_secret_access_key": "any", "region_name": "us-east-1"}
    client = boto3.client("s3", endpoint_url=f"http://{host}:{port}", **given)
    with suppress(client.exceptions.BucketAlreadyOwnedByYou):  # a busy machine: botocore asked twice
        client.create_bucket(Bucket="tongdai")
    yield f"s3://KEY:{secret}@{host}:{port}/tongdai{below}?tls=no"
    server.stop()
