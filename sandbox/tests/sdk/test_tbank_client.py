"""A foreign client of T-Bank's acquiring against the sandbox: what it sends is taken, what it reads is right."""

import collections
import contextlib
import json
import os
import socket
import subprocess
import threading
import time
import unittest
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
from tbank.acquiring.sync import AcquiringClient
from tbank.acquiring.enums import (
    CheckType,
    PaymentMethod,
    PaymentObject,
    PaymentStatus,
    Tax,
    Taxation,
)
from tbank.acquiring.models import InitRequest, Receipt, ReceiptItem
from tbank.acquiring.webhooks import parse_notification, verify_notification
from tbank.core.errors import TBankAPIError

KEY, PASSWORD = "SandboxTerminal", "sandbox-password"
HTTP = httpx.Client(trust_env=False)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Lender(BaseHTTPRequestHandler):
    """Takes notifications, each test's at an address of its own: one that an earlier test left on its way comes late."""

    got = collections.defaultdict(list)

    def do_POST(self):
        Lender.got[self.path].append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"OK")

    def log_message(self, *args):
        pass


class ClientTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        os.environ["NO_PROXY"] = "127.0.0.1"
        cls.lender = HTTPServer(("127.0.0.1", 0), Lender)
        threading.Thread(target=cls.lender.serve_forever, daemon=True).start()
        port = free_port()
        cls.url = f"http://127.0.0.1:{port}"
        cls.process = subprocess.Popen(
            [
                os.environ["SANDBOX_BIN"],
                f"--listen=127.0.0.1:{port}",
                f"--smtp=127.0.0.1:{free_port()}",
                "--webhook-url=",
            ],
            env={**os.environ, "RUST_LOG": "warn"},
        )
        for _ in range(100):
            with contextlib.suppress(httpx.TransportError):
                if HTTP.get(f"{cls.url}/health").is_success:
                    return
            time.sleep(0.05)
        cls.tearDownClass()
        raise RuntimeError("the sandbox did not start")

    @classmethod
    def tearDownClass(cls):
        cls.process.kill()
        cls.process.wait()
        cls.lender.shutdown()
        cls.lender.server_close()

    def setUp(self):
        HTTP.post(f"{self.url}/reset")
        self.path = f"/{self.id()}"
        self.client = AcquiringClient(KEY, PASSWORD, base_url=f"{self.url}/tbank/v2")
        self.addCleanup(self.client.close)

    def init(self, order, amount=150_000, **more):
        line = ReceiptItem(
            name="Погашение займа 2026-000001",
            price=amount,
            quantity=1,
            amount=amount,
            tax=Tax.NONE,
            payment_method=PaymentMethod.CREDIT_PAYMENT,
            payment_object=PaymentObject.PAYMENT,
        )
        receipt = Receipt(taxation=Taxation.OSN, phone="+79000000001", items=[line])
        return self.client.init(
            InitRequest(
                amount=amount,
                order_id=order,
                description="Договор 2026-000001",
                notification_url=f"http://127.0.0.1:{self.lender.server_port}{self.path}",
                success_url="http://127.0.0.1:9/back",
                receipt=receipt,
                **more,
            )
        )

    def type_card(self, page, number="5555555555554444"):
        form = {"number": number, "exp": "12/30", "csc": "123", "action": "pay"}
        return HTTP.post(page, data=form)

    def notifications(self, count):
        got = Lender.got[self.path]
        for _ in range(100):
            if len(got) >= count:
                break
            time.sleep(0.05)
        self.assertEqual(len(got), count)
        for data in got:
            self.assertTrue(verify_notification(data, PASSWORD))
            self.assertFalse(verify_notification({**data, "Amount": 1}, PASSWORD))
        return sorted((parse_notification(data) for data in got), key=lambda n: n.status)

    def test_a_payment_is_told_authorized_and_confirmed_at_once_and_given_back(self):
        made = self.init("order-1")
        self.assertEqual((made.status, made.amount), (PaymentStatus.NEW, 150_000))
        self.assertEqual(self.type_card(made.payment_url).headers["location"], "http://127.0.0.1:9/back")
        told = self.notifications(2)
        self.assertEqual(
            [one.status for one in told], [PaymentStatus.AUTHORIZED, PaymentStatus.CONFIRMED]
        )
        self.assertEqual({one.order_id for one in told}, {"order-1"})
        self.assertEqual(self.client.get_state(made.payment_id).status, PaymentStatus.CONFIRMED)
        part = self.client.cancel(made.payment_id, 50_000)
        self.assertEqual(part.status, PaymentStatus.PARTIAL_REFUNDED)
        self.assertEqual((part.original_amount, part.new_amount), (150_000, 100_000))
        self.assertEqual(self.client.cancel(made.payment_id).status, PaymentStatus.REFUNDED)

    def test_two_stages_hold_and_confirm(self):
        made = self.init("order-1", pay_type="T")
        self.type_card(made.payment_url)
        self.assertEqual(self.client.get_state(made.payment_id).status, PaymentStatus.AUTHORIZED)
        self.assertEqual(self.client.confirm(made.payment_id).status, PaymentStatus.CONFIRMED)

    def test_an_order_is_made_once_and_found(self):
        made = self.init("order-1")
        with self.assertRaises(TBankAPIError):
            self.init("order-1")
        found = self.client.check_order("order-1")
        self.assertEqual([one.payment_id for one in found.payments], [made.payment_id])
        with self.assertRaises(TBankAPIError):
            self.client.check_order("order-2")

    def test_a_kept_card_is_charged_and_removed(self):
        made = self.init("order-1", recurrent="Y", customer_key="person-1")
        self.type_card(made.payment_url)
        card = self.client.get_card_list("person-1")[0]
        self.assertTrue(card.pan.endswith("4444"))
        again = self.init("order-2")
        charged = self.client.charge(again.payment_id, card.rebill_id)
        self.assertEqual(charged.status, PaymentStatus.CONFIRMED)
        self.client.remove_card("person-1", card.card_id)
        third = self.init("order-3")
        with self.assertRaises(TBankAPIError):
            self.client.charge(third.payment_id, card.rebill_id)

    def test_a_card_is_bound_without_a_payment(self):
        self.client.add_customer("person-2")
        started = self.client.add_card("person-2", check_type=CheckType.THREE_DS_HOLD)
        self.type_card(started.payment_url)
        state = self.client.get_add_card_state(started.request_key)
        self.assertEqual(state.status.value, "COMPLETED")
        self.assertTrue(state.card_id and state.rebill_id)

    def test_a_fast_payment_by_its_link(self):
        made = self.init("order-1")
        link = self.client.get_qr(made.payment_id).data
        HTTP.post(link, data={"action": "sbp-pay"})
        self.assertEqual(self.client.get_state(made.payment_id).status, PaymentStatus.CONFIRMED)

    def test_a_wrong_password_and_a_wrong_receipt_are_refused(self):
        stranger = AcquiringClient(KEY, "wrong", base_url=f"{self.url}/tbank/v2")
        with self.assertRaises(TBankAPIError) as refused:
            stranger.get_state("1000000001")
        self.assertEqual(refused.exception.code, "204")
        line = ReceiptItem(name="x", price=1, quantity=1, amount=1, tax=Tax.NONE)
        wrong = Receipt(taxation=Taxation.OSN, phone="+79000000001", items=[line])
        with self.assertRaises(TBankAPIError):
            self.client.init(InitRequest(amount=150_000, order_id="order-9", receipt=wrong))

    def test_a_fault_on_order(self):
        fault = {"on": "tbank.GetState", "kind": "error500", "times": 10}
        HTTP.post(f"{self.url}/faults", json=fault)
        made = self.init("order-1")
        with self.assertRaises(Exception):
            self.client.get_state(made.payment_id)
        HTTP.delete(f"{self.url}/faults")
        self.assertEqual(self.client.get_state(made.payment_id).status, PaymentStatus.NEW)


if __name__ == "__main__":
    unittest.main()
