"""The provider's official SDK against the sandbox: what it sends is taken, what it reads is right."""

import contextlib
import json
import os
import smtplib
import socket
import subprocess
import threading
import time
import unittest
import uuid
from decimal import Decimal
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer

import requests
from yookassa import Configuration, Payment, Payout, Refund, SbpBanks, Settings
from yookassa.domain.exceptions import (
    BadRequestError,
    ForbiddenError,
    InternalServerError,
    NotFoundError,
    UnauthorizedError,
)
from yookassa.domain.notification import WebhookNotificationFactory
from yookassa.payment_method import PaymentMethod

SHOP = ("sandbox-shop", "test_secret")
GATEWAY = ("sandbox-gateway", "test_payout_secret")
HTTP = requests.Session()
HTTP.trust_env = False


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Lender(BaseHTTPRequestHandler):
    """Takes notifications."""

    got = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Lender.got.append(json.loads(body))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


class SdkTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lender = HTTPServer(("127.0.0.1", 0), Lender)
        threading.Thread(target=cls.lender.serve_forever, daemon=True).start()
        port, cls.smtp_port = free_port(), free_port()
        cls.url = f"http://127.0.0.1:{port}"
        cls.process = subprocess.Popen(
            [
                os.environ["SANDBOX_BIN"],
                f"--listen=127.0.0.1:{port}",
                f"--smtp=127.0.0.1:{cls.smtp_port}",
                f"--webhook-url=http://127.0.0.1:{cls.lender.server_port}/",
                "--payout-delay-ms=100",
            ],
            env={**os.environ, "RUST_LOG": "warn"},
        )
        for _ in range(100):
            with contextlib.suppress(requests.ConnectionError):
                if HTTP.get(f"{cls.url}/health").ok:
                    return
            time.sleep(0.05)
        cls.tearDownClass()
        raise RuntimeError("the sandbox did not start")

    @classmethod
    def tearDownClass(cls):
        cls.process.terminate()
        cls.process.wait(10)
        cls.lender.shutdown()
        cls.lender.server_close()

    def setUp(self):
        HTTP.post(f"{self.url}/reset").raise_for_status()
        Lender.got.clear()
        self.login(SHOP)

    def login(self, who):
        Configuration.configure(*who, api_url=f"{self.url}/v3")

    def wait_event(self, event, about):
        """Of this object: one that an earlier test left on its way comes late."""
        for _ in range(100):
            for body in list(Lender.got):
                if body["event"] == event and body["object"]["id"] == about:
                    return WebhookNotificationFactory().create(body)
            time.sleep(0.05)
        self.fail(f"no {event} of {about} among {[body['event'] for body in Lender.got]}")

    def order(self, **more):
        return {
            "amount": {"value": "1234.56", "currency": "RUB"},
            "confirmation": {"type": "redirect", "return_url": "https://kopeck.test/back"},
            "description": "Платёж по договору займа",
            "metadata": {"loan": "42"},
            **more,
        }

    def type_card(self, page, number="5555 5555 5555 4444"):
        card = {"action": "pay", "number": number, "exp": "12/40", "csc": "123"}
        return HTTP.post(page, data=card, allow_redirects=False)

    def pay(self, **more):
        payment = Payment.create(self.order(**more), uuid.uuid4())
        answer = self.type_card(payment.confirmation.confirmation_url)
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(answer.headers["Location"], "https://kopeck.test/back")
        return payment.id

    def test_create_and_read(self):
        key = str(uuid.uuid4())
        created = Payment.create(self.order(capture=True), key)
        self.assertEqual(created.status, "pending")
        self.assertEqual(created.amount.value, Decimal("1234.56"))
        self.assertTrue(created.test)
        self.assertFalse(created.paid)
        self.assertEqual(created.confirmation.type, "redirect")
        self.assertTrue(created.confirmation.confirmation_url.startswith(self.url))
        self.assertEqual(Payment.create(self.order(capture=True), key).id, created.id)
        read = Payment.find_one(created.id)
        self.assertEqual(read.metadata["loan"], "42")
        self.assertEqual(read.recipient.account_id, "sandbox-shop")

    def test_two_stages(self):
        payment_id = self.pay(capture=False)
        held = Payment.find_one(payment_id)
        self.assertEqual(held.status, "waiting_for_capture")
        self.assertTrue(held.paid)
        self.assertIsNotNone(held.expires_at)
        amount = {"amount": {"value": "1000.00", "currency": "RUB"}}
        captured = Payment.capture(payment_id, amount)
        self.assertEqual(captured.status, "succeeded")
        self.assertEqual(captured.amount.value, Decimal("1000.00"))
        self.assertEqual(captured.payment_method.card.last4, "4444")
        self.assertIsNotNone(captured.authorization_details.rrn)

        whole = Payment.capture(self.pay(capture=False))
        self.assertEqual(whole.status, "succeeded")
        canceled = Payment.cancel(self.pay(capture=False))
        self.assertEqual(canceled.status, "canceled")
        self.assertEqual(canceled.cancellation_details.reason, "canceled_by_merchant")

    def test_decline(self):
        payment = Payment.create(self.order(capture=True))
        self.type_card(payment.confirmation.confirmation_url, "4000 0000 0000 9995")
        read = Payment.find_one(payment.id)
        self.assertEqual(read.status, "canceled")
        self.assertEqual(read.cancellation_details.reason, "insufficient_funds")
        self.assertEqual(read.cancellation_details.party, "payment_network")

    def test_list(self):
        made = [Payment.create(self.order(capture=True)).id for _ in range(5)]
        paid = self.pay(capture=True)
        page = Payment.list({"limit": 4})
        self.assertEqual(len(page.items), 4)
        rest = Payment.list({"limit": 4, "cursor": page.next_cursor})
        self.assertIsNone(rest.next_cursor)
        ids = [item.id for item in page.items + rest.items]
        self.assertEqual(ids, [paid, *reversed(made)])
        succeeded = Payment.list({"status": "succeeded"})
        self.assertEqual([item.id for item in succeeded.items], [paid])
        later = Payment.list({"created_at.gt": "2100-01-01T00:00:00.000Z"})
        self.assertFalse(later.items)

    def test_refund(self):
        payment_id = self.pay(capture=True)
        ask = {"payment_id": payment_id, "amount": {"value": "234.56", "currency": "RUB"}}
        refund = Refund.create(ask)
        self.assertEqual(refund.status, "succeeded")
        self.assertEqual(Refund.find_one(refund.id).payment_id, payment_id)
        self.assertEqual([item.id for item in Refund.list({}).items], [refund.id])
        self.assertEqual(Payment.find_one(payment_id).refunded_amount.value, Decimal("234.56"))
        ask["amount"]["value"] = "1000.01"
        with self.assertRaises(BadRequestError) as caught:
            Refund.create(ask)
        self.assertEqual(caught.exception.content["parameter"], "amount.value")
        self.assertEqual(self.wait_event("refund.succeeded", refund.id).object.status, "succeeded")

    def test_saved_method(self):
        payment_id = self.pay(capture=True, save_payment_method=True)
        method = Payment.find_one(payment_id).payment_method
        self.assertTrue(method.saved)
        charge = {
            "amount": {"value": "10.00", "currency": "RUB"},
            "capture": True,
            "payment_method_id": method.id,
        }
        self.assertEqual(Payment.create(charge).status, "succeeded")

    def test_binding_and_payout(self):
        method = PaymentMethod.create(
            {
                "type": "bank_card",
                "confirmation": {"type": "redirect", "return_url": "https://kopeck.test/cards"},
            }
        )
        self.assertEqual(method.status, "pending")
        self.type_card(method.confirmation.confirmation_url)
        bound = PaymentMethod.find_one(method.id)
        self.assertEqual((bound.status, bound.saved), ("active", True))
        self.assertEqual(self.wait_event("payment_method.active", method.id).object.status, "active")

        self.login(GATEWAY)
        payout = Payout.create(
            {
                "amount": {"value": "30000.00", "currency": "RUB"},
                "payment_method_id": method.id,
                "description": "Выдача займа",
                "metadata": {"loan": "42"},
            }
        )
        self.assertEqual(payout.status, "pending")
        self.assertEqual(self.wait_event("payout.succeeded", payout.id).object.status, "succeeded")
        done = Payout.find_one(payout.id)
        self.assertEqual(done.status, "succeeded")
        self.assertEqual(done.payout_destination.card.last4, "4444")
        self.assertEqual([item.id for item in Payout.list({}).items], [payout.id])

    def test_payout_by_destination(self):
        self.login(GATEWAY)
        banks = SbpBanks.list().items
        amount = {"value": "100.00", "currency": "RUB"}
        sbp = {"type": "sbp", "phone": "79990000001", "bank_id": banks[0].bank_id}
        to_phone = Payout.create({"amount": amount, "payout_destination_data": sbp})
        self.assertEqual(to_phone.payout_destination.phone, "79990000001")
        card = {"type": "bank_card", "card": {"number": "2200000900000005"}}
        to_card = Payout.create({"amount": amount, "payout_destination_data": card})
        refused = self.wait_event("payout.canceled", to_card.id)
        self.assertEqual(refused.object.status, "canceled")
        reason = Payout.find_one(to_card.id).cancellation_details.reason
        self.assertEqual(reason, "rejected_by_payee")

    def test_settings(self):
        self.assertEqual(Settings.get_account_settings().account_id, "sandbox-shop")
        self.login(GATEWAY)
        me = Settings.get_account_settings()
        self.assertEqual(me.payout_balance.value, Decimal("10000000.00"))

    def test_notification(self):
        payment_id = self.pay(capture=True)
        notification = self.wait_event("payment.succeeded", payment_id)
        self.assertEqual(notification.object.status, "succeeded")
        self.assertEqual(notification.object.amount.value, Decimal("1234.56"))

    def test_errors(self):
        with self.assertRaises(NotFoundError):
            Payment.find_one("nothing")
        with self.assertRaises(ForbiddenError):
            Payout.list()
        key = str(uuid.uuid4())
        Payment.create(self.order(), key)
        with self.assertRaises(BadRequestError):
            Payment.create(self.order(description="другое"), key)
        HTTP.post(
            f"{self.url}/faults",
            json={"on": "payments.create", "kind": "error500_after_success"},
        ).raise_for_status()
        key = str(uuid.uuid4())
        with self.assertRaises(InternalServerError):
            Payment.create(self.order(), key)
        again = Payment.create(self.order(), key)
        self.assertEqual(len(Payment.list().items), 2)
        self.assertEqual(Payment.list().items[0].id, again.id)
        self.login(("sandbox-shop", "wrong"))
        with self.assertRaises(UnauthorizedError):
            Payment.list()

    def test_mail(self):
        letter = EmailMessage()
        letter["From"] = "Копейка <no-reply@kopeck.test>"
        letter["To"] = "ivan@example.com"
        letter["Subject"] = "Код для входа в личный кабинет заёмщика микрокредитной компании"
        letter.set_content("Ваш код 1234.\n.строка с точки\n" + "Длинная строка. " * 20)
        letter.add_alternative("<p>Ваш код <b>1234</b></p>", subtype="html")
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=10) as smtp:
            smtp.send_message(letter)
        found = HTTP.get(f"{self.url}/inbox.json", params={"to": "ivan@example.com"}).json()
        self.assertEqual(len(found), 1)
        self.assertEqual(found[0]["subject"], letter["Subject"])
        self.assertTrue(found[0]["text"].startswith("Ваш код 1234.\n.строка с точки\nДлинная"))
        self.assertEqual(found[0]["channel"], "email")


if __name__ == "__main__":
    unittest.main(verbosity=2)
