//! T-Bank (Т-Касса), version 2: payments on a hosted page or by the fast payment system, kept cards,
//! refunds, payouts to a kept card by a terminal of their own.
//!
//! There is no idempotence key: our payment's id is the number of the order, and an order is looked
//! for before it is made. An answer is HTTP 200 even when it refuses. Nothing tells when the money
//! was taken, so the moment it is first seen taken counts; with the signed notification, which comes
//! at once, that is seconds.

mod answers;
mod requests;
mod token;

pub use token::of as token_of;

use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use cabinet::ids::{PaymentId, PayoutId, RefundId};
use cabinet::ports::{
    Acquirer, AcquirerError, BadNews, BindingStatus, Clock, NewCharge, NewPayment, NewPayout,
    NewRefund, News, PayMethod, PayoutTo, RemoteBinding, RemoteMovement, RemotePayment,
    RemotePayout, RemoteRefund, RemoteStatus,
};
use chrono::{DateTime, Utc};
use reqwest::Client;
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use self::answers::Doubt;
use super::http;
use super::settings::{GatewayError, TBankSettings, origin};

/// Where the real payment pages are.
const PAGES: [&str; 4] = [
    "https://securepay.tinkoff.ru",
    "https://securepayments.tinkoff.ru",
    "https://securepayments.tbank.ru",
    "https://pay.tbank.ru",
];

/// A terminal: its address, its key and its password.
struct Terminal {
    url: String,
    key: String,
    password: SecretString,
}

/// The acquirer.
pub struct TBank {
    http: Client,
    clock: Arc<dyn Clock>,
    own_url: String,
    taxation: String,
    shop: Terminal,
    payout: Terminal,
    origins: Vec<String>,
}

impl TBank {
    /// The acquirer of these settings; browsers and notifications come back to `own_url`.
    pub fn new(
        settings: TBankSettings,
        own_url: &str,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, GatewayError> {
        let origins = if settings.is_real {
            PAGES.map(str::to_owned).to_vec()
        } else {
            origin(&settings.url).into_iter().collect()
        };
        Ok(Self {
            http: http::client(&settings.url)?,
            clock,
            own_url: own_url.trim_end_matches('/').to_owned(),
            taxation: settings.taxation,
            shop: Terminal {
                url: format!("{}/v2", settings.url),
                key: settings.terminal.0,
                password: settings.terminal.1,
            },
            payout: Terminal {
                url: format!("{}/e2c/v2", settings.url),
                key: settings.payout.0,
                password: settings.payout.1,
            },
            origins,
        })
    }

    fn own(&self, path: &str) -> String {
        if path.starts_with('/') {
            format!("{}{path}", self.own_url)
        } else {
            path.to_owned()
        }
    }

    /// Signs and sends one call; the answer of a call that was done.
    async fn call<T: DeserializeOwned>(
        &self,
        terminal: &Terminal,
        method: &'static str,
        body: Value,
    ) -> Result<T, AcquirerError> {
        let Value::Object(mut body) = body else {
            return Err(AcquirerError::Unknown("a body that is no object".into()));
        };
        body.insert("TerminalKey".into(), terminal.key.clone().into());
        let signed = token::of(&body, terminal.password.expose_secret());
        body.insert("Token".into(), signed.into());
        let since = Instant::now();
        let result = self.send(terminal, method, &body).await;
        let outcome = match &result {
            Ok(_) => "done",
            Err(AcquirerError::Unknown(why)) => {
                tracing::warn!(method, why, "the acquirer's answer is unknown");
                "unknown"
            }
            Err(AcquirerError::Refused { code, description }) => {
                tracing::info!(method, code, description, "the acquirer refused");
                "refused"
            }
        };
        http::measured("acquirer", method, outcome, since);
        result
    }

    async fn send<T: DeserializeOwned>(
        &self,
        terminal: &Terminal,
        method: &str,
        body: &Map<String, Value>,
    ) -> Result<T, AcquirerError> {
        let unknown = |error| AcquirerError::Unknown(http::trouble(error));
        let url = format!("{}/{method}", terminal.url);
        let answer = self
            .http
            .post(url)
            .json(body)
            .send()
            .await
            .map_err(unknown)?;
        let status = answer.status().as_u16();
        let text = answer.bytes().await.map_err(unknown)?;
        answers::told(status, &text)
    }

    /// The payment of an order, or none when the order was never made.
    async fn ordered(
        &self,
        terminal: &Terminal,
        order: &str,
    ) -> Result<Option<answers::Payment>, AcquirerError> {
        let body = json!({ "OrderId": order });
        let found: Result<answers::Order, _> = self.call(terminal, "CheckOrder", body).await;
        match found {
            Ok(found) => Ok(found.last(order)),
            Err(AcquirerError::Refused { code, .. }) if code == answers::NO_ORDER => Ok(None),
            Err(error) => Err(error.doubtful()),
        }
    }

    /// Makes an order, or finds the one a lost answer left behind.
    async fn init(
        &self,
        terminal: &Terminal,
        order: &str,
        body: Value,
    ) -> Result<answers::Payment, AcquirerError> {
        if let Some(known) = self.ordered(terminal, order).await? {
            return Ok(known);
        }
        match self.call(terminal, "Init", body).await {
            // Another call of ours was a moment earlier.
            Err(AcquirerError::Refused { code, .. }) if code == answers::ORDER_EXISTS => {
                let found = self.ordered(terminal, order).await?;
                found.ok_or_else(|| AcquirerError::Unknown("an order that is not shown".into()))
            }
            answer => answer,
        }
    }

    /// The link of the fast payment system for a payment.
    async fn link(&self, id: &str) -> Result<String, AcquirerError> {
        let body = json!({ "PaymentId": id, "DataType": "PAYLOAD" });
        let qr: answers::Qr = self
            .call(&self.shop, "GetQr", body)
            .await
            // The payment exists: that its link was refused does not undo it.
            .map_err(Doubt::doubtful)?;
        Ok(qr.data)
    }

    /// A payment as the port tells it; a rejected one is asked why, a taken one for its kept card.
    async fn told(&self, payment: answers::Payment) -> Result<RemotePayment, AcquirerError> {
        let mut why = payment.error_code.clone();
        if payment.status == "REJECTED" && why == "0" {
            let order = self.ordered(&self.shop, &payment.order_id).await?;
            why = order.map_or(why, |order| order.error_code);
        }
        let status = answers::status(&payment.status, &why, self.clock.now())?;
        let mut told = RemotePayment {
            id: payment.payment_id,
            status,
            amount: lending::Kopecks::new(payment.amount),
            confirmation_url: payment.payment_url,
            payment: payment.order_id.parse().ok(),
            title: None,
            saved: None,
        };
        if matches!(told.status, RemoteStatus::Succeeded { .. })
            && let Some(card) = self.cards(&payment.order_id).await?.pop()
        {
            told.title = Some(card.title());
            told.saved = Some(card.token());
        }
        Ok(told)
    }

    /// The cards a customer keeps; none of a customer who keeps nothing.
    async fn cards(&self, customer: &str) -> Result<Vec<answers::Card>, AcquirerError> {
        let body = json!({ "CustomerKey": customer });
        match self.call(&self.shop, "GetCardList", body).await {
            Ok(cards) => Ok(cards),
            Err(AcquirerError::Refused { .. }) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    async fn state(
        &self,
        terminal: &Terminal,
        id: &str,
    ) -> Result<answers::Payment, AcquirerError> {
        if id.is_empty() || id.len() > 20 || !id.bytes().all(|b| b.is_ascii_digit()) {
            return Err(answers::absent());
        }
        let body = json!({ "PaymentId": id });
        match self.call(terminal, "GetState", body).await {
            Err(AcquirerError::Refused { code, .. }) if code == answers::NO_PAYMENT => {
                Err(answers::absent())
            }
            Err(error) => Err(error.doubtful()),
            found => found,
        }
    }

    fn payout_told(&self, payout: answers::Payment) -> Result<RemotePayout, AcquirerError> {
        Ok(RemotePayout {
            status: answers::payout_status(&payout.status, &payout.error_code, self.clock.now())?,
            amount: lending::Kopecks::new(payout.amount),
            payout: payout.order_id.parse().ok(),
            id: payout.payment_id,
        })
    }
}

#[async_trait]
impl Acquirer for TBank {
    fn name(&self) -> &'static str {
        "tbank"
    }

    async fn create_payment(&self, new: NewPayment) -> Result<RemotePayment, AcquirerError> {
        if new.method == PayMethod::Wallet {
            return Err(answers::unsupported("payments by wallet"));
        }
        let order = new.payment.to_string();
        let back = self.own(&new.return_url);
        let body = requests::init(&new, &back, &self.own("/webhooks/tbank"), &self.taxation);
        let made = self.init(&self.shop, &order, body).await?;
        let id = made.payment_id.clone();
        let mut told = self.told(made).await?;
        if new.method == PayMethod::Sbp && told.status == RemoteStatus::Pending {
            told.confirmation_url = Some(self.link(&id).await?);
        }
        Ok(told)
    }

    async fn payment(&self, id: &str) -> Result<RemotePayment, AcquirerError> {
        let found = self.state(&self.shop, id).await?;
        self.told(found).await
    }

    async fn find_payment(
        &self,
        payment: PaymentId,
        _: (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<Option<RemotePayment>, AcquirerError> {
        match self.ordered(&self.shop, &payment.to_string()).await? {
            Some(found) => self.told(found).await.map(Some),
            None => Ok(None),
        }
    }

    async fn charge_saved(&self, new: NewCharge) -> Result<RemotePayment, AcquirerError> {
        let rebill = new.token.rsplit(':').next().unwrap_or_default().to_owned();
        let order = new.payment.to_string();
        let body = requests::charge(&new, &self.own("/webhooks/tbank"), &self.taxation);
        let made = self.init(&self.shop, &order, body).await?;
        if made.status != "NEW" {
            return self.told(made).await;
        }
        let body = json!({ "PaymentId": made.payment_id, "RebillId": rebill });
        let charged: Result<answers::Payment, _> = self.call(&self.shop, "Charge", body).await;
        match charged {
            Ok(charged) => self.told(charged).await,
            // Refused is not yet "no money left": what the payment became is read.
            Err(AcquirerError::Refused { code, description }) => {
                let after = self.payment(&made.payment_id).await?;
                match after.status {
                    // Nothing happened to it: it is called off, so that nobody can pay it later.
                    RemoteStatus::Pending => {
                        self.cancel(&made.payment_id, new.key).await?;
                        Err(AcquirerError::Refused { code, description })
                    }
                    _ => Ok(after),
                }
            }
            Err(error) => Err(error),
        }
    }

    async fn cancel(&self, id: &str, key: Uuid) -> Result<RemotePayment, AcquirerError> {
        let found = self.state(&self.shop, id).await?;
        let body = json!({ "PaymentId": found.payment_id, "ExternalRequestId": key });
        // Money already taken is given back by a refund, with its receipt, and not from here.
        if !answers::unpaid(&found.status) {
            return self.told(found).await;
        }
        let canceled: answers::Payment = self.call(&self.shop, "Cancel", body).await?;
        self.told(canceled).await
    }

    async fn start_binding(&self, key: Uuid, back: &str) -> Result<RemoteBinding, AcquirerError> {
        let customer = key.to_string();
        let body = json!({ "CustomerKey": customer });
        let added: Result<Value, _> = self.call(&self.shop, "AddCustomer", body).await;
        // Refused: the customer is there from a try before.
        if let Err(AcquirerError::Unknown(why)) = added {
            return Err(AcquirerError::Unknown(why));
        }
        let body = json!({
            "CustomerKey": customer,
            "CheckType": "3DSHOLD",
            "SuccessAddCardURL": self.own(back),
            "FailAddCardURL": self.own(back),
        });
        let started: answers::Binding = self.call(&self.shop, "AddCard", body).await?;
        Ok(RemoteBinding {
            id: started.request_key,
            status: BindingStatus::Pending,
            confirmation_url: started.payment_url,
        })
    }

    async fn binding(&self, id: &str) -> Result<RemoteBinding, AcquirerError> {
        let body = json!({ "RequestKey": id });
        let found: answers::Binding = self
            .call(&self.shop, "GetAddCardState", body)
            .await
            .map_err(Doubt::doubtful)?;
        let status = match found.status.as_deref() {
            Some("COMPLETED") => {
                let customer = found.customer_key.unwrap_or_default();
                let cards = self.cards(&customer).await?;
                let card = cards
                    .into_iter()
                    .find(|card| Some(&card.card_id) == found.card_id.as_ref());
                let unknown = || AcquirerError::Unknown("a bound card that is not listed".into());
                card.ok_or_else(unknown)?.bound()
            }
            Some("REJECTED") => BindingStatus::Inactive,
            _ => BindingStatus::Pending,
        };
        Ok(RemoteBinding {
            id: id.to_owned(),
            status,
            confirmation_url: None,
        })
    }

    async fn create_payout(&self, new: NewPayout) -> Result<RemotePayout, AcquirerError> {
        let PayoutTo::Card { token } = &new.to else {
            return Err(answers::unsupported("payouts but to a kept card"));
        };
        let card = token.split(':').next().unwrap_or_default();
        let order = new.payout.to_string();
        let body = json!({
            "OrderId": order,
            "CardId": card,
            "Amount": new.amount.get(),
            "Description": super::wire::shortened(&new.description, requests::DESCRIPTION),
        });
        let made = self.init(&self.payout, &order, body).await?;
        if !matches!(made.status.as_str(), "NEW" | "CHECKED") {
            return self.payout_told(made);
        }
        let body = json!({ "PaymentId": made.payment_id });
        let sent: Result<answers::Payment, _> = self.call(&self.payout, "Payment", body).await;
        match sent {
            Ok(sent) => self.payout_told(sent),
            // The order stands there: whether its money left is read, never guessed.
            Err(AcquirerError::Refused { .. }) => self.payout(&made.payment_id).await,
            Err(error) => Err(error),
        }
    }

    async fn payout(&self, id: &str) -> Result<RemotePayout, AcquirerError> {
        let found = self.state(&self.payout, id).await?;
        self.payout_told(found)
    }

    async fn find_payout(
        &self,
        payout: PayoutId,
        _: (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<Option<RemotePayout>, AcquirerError> {
        let found = self.ordered(&self.payout, &payout.to_string()).await?;
        found.map(|found| self.payout_told(found)).transpose()
    }

    async fn create_refund(&self, new: NewRefund) -> Result<RemoteRefund, AcquirerError> {
        let body = requests::refund(&new, &self.taxation);
        let refunded: answers::Payment = self.call(&self.shop, "Cancel", body).await?;
        Ok(RemoteRefund {
            status: answers::refund_status(&refunded.status, self.clock.now()),
            // A refund has no name of its own there: what it was is kept in ours.
            id: format!("{}-{}-{}", new.payment_id, new.amount.get(), new.refund),
            amount: new.amount,
            refund: Some(new.refund),
        })
    }

    async fn refund(&self, id: &str) -> Result<RemoteRefund, AcquirerError> {
        let mut parts = id.splitn(3, '-');
        let (payment, amount, refund) = (parts.next(), parts.next(), parts.next());
        let amount = amount.and_then(|text| text.parse().ok());
        let amount = lending::Kopecks::new(amount.ok_or_else(answers::absent)?);
        let found = self.state(&self.shop, payment.unwrap_or_default()).await?;
        Ok(RemoteRefund {
            status: answers::refund_status(&found.status, self.clock.now()),
            id: id.to_owned(),
            amount,
            refund: refund.and_then(|text| text.parse().ok()),
        })
    }

    /// Refunds are not listed there: a payment that nothing was given back of is a certain absence, and
    /// whose refund it was where something was, a person has to see.
    async fn find_refund(
        &self,
        _: RefundId,
        payment_id: &str,
    ) -> Result<Option<RemoteRefund>, AcquirerError> {
        let found = self.state(&self.shop, payment_id).await?;
        if found.status == "CONFIRMED" {
            return Ok(None);
        }
        let why = format!("refunds of a payment that is {}", found.status);
        Err(AcquirerError::Unknown(why))
    }

    fn parse_webhook(&self, body: &[u8]) -> Result<News, BadNews> {
        let body: Map<String, Value> =
            serde_json::from_slice(body).map_err(|_| BadNews::Malformed)?;
        let sent = body
            .get("Token")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let right = token::of(&body, self.shop.password.expose_secret());
        let key = body.get("TerminalKey").and_then(Value::as_str);
        if key != Some(&self.shop.key) || !token::same(sent, &right) {
            return Err(BadNews::Forged);
        }
        answers::news(&body).ok_or(BadNews::Malformed)
    }

    fn has_register(&self) -> bool {
        false
    }

    async fn movements(
        &self,
        _: DateTime<Utc>,
        _: DateTime<Utc>,
    ) -> Result<Vec<RemoteMovement>, AcquirerError> {
        Err(AcquirerError::Unknown(
            "the register comes as a file".into(),
        ))
    }

    fn origins(&self) -> Vec<String> {
        self.origins.clone()
    }
}
