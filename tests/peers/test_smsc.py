"""The SMS channel against an SMSC nobody here wrote the protocol of, through every way it can go wrong."""

from __future__ import annotations

import socket
import subprocess
from collections import Counter
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from procrastinate.contrib.django import app

from tongdai.cases.models import Case
from tongdai.channels.notifications import notify
from tongdai.channels.sms.models import Backlog, Link, Part, Receipt, Submission
from tongdai.directory import outbound
from tongdai.directory.models import Outbound
from tongdai.peers.smsc.peer import Control, Peer, start_peer
from tongdai.people.interactions import queue_outbound
from tongdai.people.models import Channel, Interaction
from tongdai.people.purposes import Purpose
from tongdai.platform.clock import now
from tongdai.platform.database import postgres

from .smsc import STARTS_WITHIN, SmsProcess, all_acked, until

LAN = "84912345678"
WAITS_FOR_A_LOCK = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
PHONES = [f"849{10_000_000 + n}" for n in range(10)]
LONG = "Đường Lê Lợi ngập sâu nửa mét 🌊🌊🌊, xe máy chết la liệt, đề nghị 1022 cho người xuống xem ngay giúp dân. " * 3


def many(count: int) -> list[dict[str, object]]:
    """Texts of as many citizens, each of its own words; every seventh is long."""
    return [
        {"from": f"849{10_000_000 + n}", "text": f"Rác số {n} tràn ra hè phố, chưa dọn. " * (1 if n % 7 else 4)}
        for n in range(count)
    ]


def assert_once_each(texts: list[dict[str, object]]) -> None:
    """Every text is a case, and no text is two."""
    assert Counter(Case.objects.values_list("text", flat=True)) == Counter(str(text["text"]).strip() for text in texts)
    assert Interaction.objects.filter(direction="in").count() == len(texts)


def work_off_jobs() -> None:
    """As the worker does, once."""
    assert notify.notify_citizen
    with app.replace_connector(app.connector.get_worker_connector()) as worker:
        worker.run_worker(wait=False, listen_notify=False, install_signal_handlers=False)


def queue(words: str, to: str = f"+{LAN}", purpose: Purpose = Purpose.RECEIPT) -> Interaction:
    key = f"test:{to}:{words[:40]}"
    made = queue_outbound(channel=Channel.SMS, address=to, body=words, key=key, purpose=purpose, at=now())
    assert made
    return made


def more_like(text: Interaction, count: int) -> None:
    """As many more of a queued text, as a storm leaves them."""
    names = "channel, direction, state, address, our_address, body, digest, wire_id, parts, detail, purpose, priority"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO people_interaction ({names}, happened_at, key) SELECT {names}, happened_at, key || ':' || n"
            " FROM people_interaction, generate_series(1, %s) AS n WHERE id = %s",
            [count, text.pk],
        )


def has_become(text: Interaction, state: str) -> bool:
    text.refresh_from_db()
    return text.state == state


# ── in ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_citizen_texts_and_is_texted_the_code_the_deadline_and_a_link(line: SmsProcess, smsc: Control) -> None:
    smsc.text(f"+{LAN}", "Rác tràn ra hè phố Cầu Đất")
    until(Case.objects.exists)
    work_off_jobs()
    until(lambda: smsc.received_by(LAN))
    (got,) = smsc.received_by(LAN)
    code = Case.objects.get().code
    assert f"{code[:4]}\u00a0{code[4:8]}\u00a0{code[8:]}" in got["text"]
    assert "Hạn trả lời" in got["text"] and "/k/" in got["text"] and got["from"] == "1022"

    smsc.text(LAN, f"TRA {code}")
    until(lambda: len(smsc.received_by(LAN)) == 2)
    assert "đã tiếp nhận" in smsc.received_by(LAN)[1]["text"]
    until(lambda: Interaction.objects.filter(direction="out", state="delivered").count() == 2)


def test_long_texts_come_whole_however_the_network_cuts_them(line: SmsProcess, smsc: Control) -> None:
    cuts: list[dict[str, object]] = [
        {"by": "udh8"},
        {"by": "udh16"},
        {"by": "sar"},
        {"by": "payload"},
        {"by": "udh8", "order": [4, 2, 0, 3, 1]},
        {"by": "sar", "order": [4, 4, 2, 0, 0, 3, 1]},
    ]
    for phone, how in zip(PHONES, cuts, strict=False):
        until(all_acked(smsc, [smsc.text(phone, LONG, **how)]))
        assert told_by(phone) == LONG.strip(), how


def test_letters_are_read_as_the_smsc_wrote_them(line: SmsProcess, smsc: Control) -> None:
    written = [
        ("Duong Le Loi ngap sau @ nga tu [so 5] ~ 20€ {xin xem}", "gsm"),
        ("Đường ngập", "ucs2"),
        ("Chào anh, nhà tôi mất nước", "ucs2"),
        ("Caf\xe9 g\xe2y \xf4 nhi\xeam", "latin1"),
        ("Rac " * 100, "gsm"),
    ]
    for phone, (text, coding) in zip(PHONES, written, strict=False):
        until(all_acked(smsc, [smsc.text(phone, text, coding=coding)]))
        assert told_by(phone) == text.strip(), coding


def told_by(phone: str) -> str:
    """The one matter of this number."""
    return Case.objects.get(contact__phone=f"+{phone}").text


def test_ten_thousand_characters(line: SmsProcess, smsc: Control) -> None:
    text = ("Kính gửi 1022, chúng tôi xin trình bày. " * 250)[:10_000].strip()
    until(all_acked(smsc, [smsc.text(LAN, text)]))
    assert Case.objects.get().text == text


def test_broken_octets_and_unknown_codings_are_acknowledged_and_kept(line: SmsProcess, smsc: Control) -> None:
    broken = [{"hex": "d83d00", "dataCoding": 8}, {"hex": "", "dataCoding": 0}, {"hex": "ff0003", "esmClass": 0x40},
              {"hex": "6120", "dataCoding": 0x9C}]  # fmt: skip
    until(all_acked(smsc, smsc.texts([{"from": LAN, **each} for each in broken])))
    assert Part.objects.count() == len(broken)


def test_binary_data_is_refused_for_good_and_a_text_beside_it_is_taken(line: SmsProcess, smsc: Control) -> None:
    sent = smsc.texts([{"from": LAN, "hex": "c3287fff", "dataCoding": 4}, {"from": LAN, "text": "Rác tràn ra hè phố"}])
    until(lambda: [each["state"] for each in smsc.progress(sent)] == ["refused", "acked"])
    assert [case.text for case in Case.objects.all()] == ["Rác tràn ra hè phố"]
    assert Part.objects.count() == 1


def test_a_flood_is_taken_in_once_each(line: SmsProcess, smsc: Control) -> None:
    texts = many(300)
    until(all_acked(smsc, smsc.texts(texts)))
    assert_once_each(texts)


# ── the line ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_refused_bind_is_tried_again_and_said_on_record(sms: SmsProcess, smsc: Control) -> None:
    smsc.behave(refuseBind=0x0E)
    sms.start()
    until(lambda: smsc.counts()["refusedBinds"] >= 2)
    assert "Password" in Link.objects.exclude(why="").latest("pk").why
    smsc.behave(refuseBind=0)
    until(all_acked(smsc, [smsc.text(LAN, "Mất điện")]))


def test_an_smsc_that_dies_within_a_window_loses_and_doubles_nothing(line: SmsProcess, smsc: Control) -> None:
    texts = many(120)
    smsc.behave(dieAfter=35)
    ids = smsc.texts(texts)
    until(lambda: smsc.counts()["binds"] >= 2)
    smsc.behave(dieAfter=41)
    until(all_acked(smsc, ids))
    assert smsc.counts()["resent"] > 0
    assert_once_each(texts)


def test_acknowledgements_lost_on_the_way_double_nothing(line: SmsProcess, smsc: Control) -> None:
    texts = many(60)
    smsc.behave(loseAcks=20, patience=400)
    until(all_acked(smsc, smsc.texts(texts)))
    assert smsc.counts()["resent"] >= 20
    assert_once_each(texts)


def test_a_killed_process_loses_and_doubles_nothing(line: SmsProcess, smsc: Control) -> None:
    texts = many(400)
    ids = smsc.texts(texts)
    for share in (20, 150, 300):
        until(lambda share=share: smsc.counts()["acked"] >= share)
        line.kill()
        line.start()
    until(all_acked(smsc, ids), within=60)
    assert_once_each(texts)


def test_a_silent_smsc_is_left_and_bound_to_again(line: SmsProcess, smsc: Control) -> None:
    smsc.behave(silent=True)
    until(lambda: smsc.counts()["binds"] >= 2)
    smsc.behave(silent=False)
    until(all_acked(smsc, [smsc.text(LAN, "Mất điện")]))


def test_while_the_database_is_away_the_smsc_keeps_the_texts(line: SmsProcess, smsc: Control) -> None:
    with outside() as admin:
        texts = many(40)
        name = connection.settings_dict["NAME"]
        admin.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false')
        try:
            throw_out_everyone(admin, name)
            ids = smsc.texts(texts)
            until(lambda: smsc.counts()["refused"] >= 40)
            assert smsc.counts()["links"] == 1  # the line stays up
        finally:
            admin.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true')
    connection.close()
    until(all_acked(smsc, ids))
    assert smsc.counts()["binds"] == 1
    assert_once_each(texts)


def test_a_line_that_has_just_been_bound_stays_up_when_the_database_goes(
    transactional_db: None, sms: SmsProcess, smsc: Control
) -> None:
    name, table = connection.settings_dict["NAME"], Backlog._meta.db_table
    other = postgres.cluster().connect(name)
    with outside() as admin:
        other.execute("BEGIN")
        other.execute(
            f'LOCK TABLE "{table}" IN ACCESS EXCLUSIVE MODE'
        )  # what it looks at between binding and its first text
        sms.start(binds=False)
        until(lambda: smsc.counts()["links"] == 1, within=STARTS_WITHIN)
        until(lambda: admin.execute(WAITS_FOR_A_LOCK, [name]).fetchone() == (1,))
        throw_out_everyone(admin, name)
    other.close()
    connection.close()
    texts = many(10)
    until(all_acked(smsc, smsc.texts(texts)))
    assert smsc.counts()["binds"] == 1
    assert_once_each(texts)


def test_a_database_that_comes_and_goes_within_a_flood_doubles_nothing(line: SmsProcess, smsc: Control) -> None:
    texts = many(400)
    ids = smsc.texts(texts)
    with outside() as admin:
        for share in (30, 120, 250):
            until(lambda share=share: smsc.counts()["acked"] >= share)
            throw_out_everyone(admin, connection.settings_dict["NAME"])
    connection.close()
    until(all_acked(smsc, ids))
    assert_once_each(texts)


def test_only_one_process_holds_the_wire_and_another_takes_over(
    line: SmsProcess, smsc: Control, smsc_peer: Peer
) -> None:
    second = SmsProcess(smsc_peer.url)
    second.start(binds=False)
    try:
        until(all_acked(smsc, smsc.texts(many(30))))
        assert smsc.counts()["binds"] == 1
        line.kill()
        until(lambda: smsc.counts()["binds"] == 2)
        until(all_acked(smsc, [smsc.text(LAN, "Mất điện")]))
    finally:
        second.kill()


def test_told_to_stop_it_says_goodbye(line: SmsProcess, smsc: Control) -> None:
    assert line.stop() == 0
    until(lambda: smsc.counts()["links"] == 0)
    assert Link.objects.get().why == "we said goodbye"


# ── out ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_sent_arrives_as_written_and_its_receipt_is_recorded(line: SmsProcess, smsc: Control) -> None:
    words = "Phiếu 7304\u00a01859\u00a0261 đã chuyển đến UBND phường Hồng Bàng 🌊. Hạn trả lời: 17\u00a0giờ, 4.3.2022."
    text = queue(words)
    until(lambda: has_become(text, "delivered"))
    (got,) = smsc.received_by(LAN)
    assert got["text"] == words and text.parts == got["parts"] == 2


def test_a_number_that_is_never_reached_has_failed(line: SmsProcess, smsc: Control) -> None:
    smsc.behave(receipts="UNDELIV")
    unreached = queue("Hai", "+84911111111")
    until(lambda: has_become(unreached, "failed"))


def test_a_busy_smsc_gets_them_all_in_the_end(line: SmsProcess, smsc: Control) -> None:
    smsc.behave(throttle=3)
    texts = [queue(f"Tin {n}") for n in range(10)]
    until(lambda: all(has_become(text, "delivered") for text in texts))
    assert smsc.counts()["mt"] == 10
    assert Submission.objects.filter(state="unknown").count() == 0


def test_one_nobody_answered_before_the_process_was_killed_is_sent_again_and_owned_up_to(
    line: SmsProcess, smsc: Control
) -> None:
    smsc.behave(deaf=True)
    text = queue("Đã dọn xong")
    until(lambda: has_become(text, "sending"))
    until(lambda: Submission.objects.filter(state="sending").exists())
    line.kill()
    smsc.behave(deaf=False)
    line.start()
    until(lambda: has_become(text, "delivered"))
    assert Submission.objects.filter(interaction=text, state="unknown").count() == 1


def test_danger_overtakes_five_thousand_receipts_by_all_but_the_window_on_the_wire(
    sms: SmsProcess, smsc: Control
) -> None:
    outbound.decide(kinds=[Outbound.Kind.MOBILE], texts_an_hour=10_000, texts_a_block=10_000)
    window, text = 50, queue("Phiếu của bạn đã được tiếp nhận")
    more_like(text, 4999)
    sms.start(query=f"enquire=2&window={window}")
    until(lambda: smsc.counts()["mt"] >= 200)
    danger = queue("Gọi 114 ngay (cứu hỏa, cứu nạn).", "+84911111111", Purpose.DANGER)
    gone = smsc.counts()["mt"]
    until(lambda: smsc.received_by("84911111111"))
    (got,) = smsc.received_by("84911111111")
    assert got["id"] - gone <= window + 1  # the texts are numbered as they come; danger is the one after the window
    assert Interaction.objects.filter(state="queued").count() > 4000
    until(lambda: has_become(danger, "delivered"))


def test_danger_is_the_first_to_go_once_a_busy_smsc_takes_texts_again(line: SmsProcess, smsc: Control) -> None:
    smsc.behave(throttle=40)
    more_like(queue("Phiếu của bạn đã được tiếp nhận"), 99)
    until(lambda: Submission.objects.exists() or smsc.counts()["mt"])
    queue("Gọi 114 ngay (cứu hỏa, cứu nạn).", "+84911111111", Purpose.DANGER)
    until(lambda: smsc.received_by("84911111111"))
    assert smsc.received_by("84911111111")[0]["id"] == 1


def test_many_go_out_once_each_though_the_process_is_killed(line: SmsProcess, smsc: Control) -> None:
    texts = [queue(f"Tin {n}", f"+849{10 + n % 10}{n:06d}") for n in range(300)]  # no block gets more than its share
    for share in (20, 120):
        until(lambda share=share: smsc.counts()["mt"] >= share)
        line.kill()
        until(lambda: smsc.counts()["links"] == 0)
        line.start()
        until(lambda: smsc.counts()["links"] == 1, within=STARTS_WITHIN)
    until(lambda: not Interaction.objects.filter(direction="out").exclude(state="delivered").exists(), within=60)
    sent = Counter(got["text"] for got in smsc.received_by())
    assert set(sent) == {text.body for text in texts}
    unknown = Submission.objects.filter(state="unknown").count()
    assert sum(sent.values()) - len(texts) <= unknown  # one that went out twice is among those counted unknown


# ── the database, from outside ───────────────────────────────────────────────────────────────────────────────────────


def outside() -> psycopg.Connection[tuple[object, ...]]:
    """A connection to another database of the same server, as whoever looks after it has."""
    return postgres.cluster().connect("postgres")


def throw_out_everyone(admin: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])


@pytest.mark.parametrize(("receipts_in", "setting"), [(16, "hex"), (10, "same")])
def test_a_receipt_is_known_whichever_way_its_id_is_written(
    sms: SmsProcess, smsc: Control, receipts_in: int, setting: str
) -> None:
    smsc.behave(idBase=receipts_in)
    for number in range(12):  # ids past nine differ between the two ways
        queue(f"Tin {number}")
    sms.start(query=f"enquire=2&receipt_ids={setting}")
    until(lambda: Interaction.objects.filter(direction="out", state="delivered").count() == 12)
    assert Receipt.objects.filter(submission=None).count() == 0


# ── the way there ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A key and a certificate of its own for 127.0.0.1."""
    key, made = tmp_path / "key.pem", tmp_path / "cert.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out", made,
                    *subject], check=True, capture_output=True)  # fmt: skip
    return key, made


def test_over_tls_an_smsc_is_spoken_to_only_if_its_certificate_is_trusted(
    transactional_db: None, certificate: tuple[Path, Path]
) -> None:
    peer = start_peer(tls=certificate)
    process = SmsProcess(peer.url)
    try:
        process.start()
        until(lambda: Link.objects.filter(why__contains="CERTIFICATE_VERIFY_FAILED").exists())
        assert peer.control.counts()["binds"] == 0
        process.kill()

        process.start(query=f"enquire=2&ca={certificate[1]}")
        until(lambda: peer.control.counts()["links"] == 1)
        ids = [peer.control.text(LAN, "Rác tràn ra hè phố, nhắn qua đường mã hóa")]
        until(all_acked(peer.control, ids))
        assert Case.objects.get().text == "Rác tràn ra hè phố, nhắn qua đường mã hóa"
    finally:
        process.kill()
        peer.stop()


def test_a_demo_city_never_speaks_to_an_smsc_elsewhere(transactional_db: None) -> None:
    heard: list[object] = []
    with socket.socket() as elsewhere:
        elsewhere.bind((_address_of_this_machine(), 0))
        elsewhere.listen()
        elsewhere.settimeout(1)
        host, port = elsewhere.getsockname()
        process = SmsProcess(f"smpp://tongdai:demo@{host}:{port}")
        process.start(binds=False)
        try:
            until(lambda: "RealPhones" in process.printed())  # a busy machine takes its time to start it
            with pytest.raises(TimeoutError):
                heard.append(elsewhere.accept())
            assert process.process is not None and process.process.poll() is None
        finally:
            process.kill()
    assert heard == [] and not Link.objects.exists()


def _address_of_this_machine() -> str:
    """One beside loopback, by which it would be reached from outside."""
    said = subprocess.run(["hostname", "-I"], capture_output=True, text=True, check=False).stdout.split()
    found = next((address for address in said if "." in address), "")
    return found or pytest.skip("this machine has no address beside loopback")
