//! YooKassa, API v3: payments on a hosted page, card bindings, payouts, refunds, the register.
//!
//! Every changing call carries an idempotence key, so repeating it is safe. What happened is
//! believed only when the answer says so: a time-out, a 5xx or a 202 is "unknown", a 4xx is "it
//! did not happen".

mod answers;
mod news;
mod requests;

use std::time::Instant;

use async_trait::async_trait;
use cabinet::ids::{PaymentId, PayoutId, RefundId};
use cabinet::ports::{
    Acquirer, AcquirerError, BadNews, NewCharge, NewPayment, NewPayout, NewRefund, News, PayoutTo,
    RemoteBinding, RemoteMovement, RemotePayment, RemotePayout, RemoteRefund, SbpBank,
};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use reqwest::{Client, RequestBuilder};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use super::http;
use super::settings::{GatewayError, Settings, origin};

/// How long a payout may stay unfinished: the register of payouts is by their creation.
const LONGEST_PAYOUT: TimeDelta = TimeDelta::days(7);
/// The most pages of one register: a cursor that never ends is a fault of the other side.
const PAGES: usize = 10_000;

/// The acquirer.
pub struct YooKassa {
    http: Client,
    url: String,
    own_url: String,
    shop: (String, SecretString),
    payout: (String, SecretString),
    origins: Vec<String>,
}

/// Whose credentials a call needs: payouts have a gateway of their own.
#[derive(Clone, Copy)]
enum Account {
    Shop,
    Payout,
}

impl YooKassa {
    /// The acquirer of these settings; browsers come back to `own_url`.
    pub fn new(settings: &Settings, own_url: &str) -> Result<Self, GatewayError> {
        let origins = if settings.acquirer_is_real {
            vec![
                "https://yoomoney.ru".to_owned(),
                "https://yookassa.ru".to_owned(),
            ]
        } else {
            origin(&settings.yookassa_url).into_iter().collect()
        };
        Ok(Self {
            http: http::client(&settings.yookassa_url)?,
            url: settings.yookassa_url.clone(),
            own_url: own_url.trim_end_matches('/').to_owned(),
            shop: settings.shop.clone(),
            payout: settings.payout.clone(),
            origins,
        })
    }

    /// The cabinet knows paths; the acquirer wants whole addresses.
    fn return_url(&self, path: &str) -> String {
        if path.starts_with('/') {
            format!("{}{path}", self.own_url)
        } else {
            path.to_owned()
        }
    }

    fn signed(&self, request: RequestBuilder, account: Account) -> RequestBuilder {
        let (id, key) = match account {
            Account::Shop => &self.shop,
            Account::Payout => &self.payout,
        };
        request.basic_auth(id, Some(key.expose_secret()))
    }

    async fn create<T: DeserializeOwned>(
        &self,
        account: Account,
        call: &'static str,
        path: &str,
        key: Uuid,
        body: &Value,
    ) -> Result<T, AcquirerError> {
        let request = self
            .http
            .post(format!("{}/{path}", self.url))
            .header("Idempotence-Key", key.to_string())
            .json(body);
        let request = self.signed(request, account);
        measured(call, async { answers::created(send(request).await?) }).await
    }

    async fn read<T: DeserializeOwned>(
        &self,
        account: Account,
        call: &'static str,
        path: &str,
        query: &[(&str, String)],
    ) -> Result<T, AcquirerError> {
        let request = self.http.get(format!("{}/{path}", self.url)).query(query);
        let request = self.signed(request, account);
        measured(call, async { answers::read(send(request).await?) }).await
    }

    async fn one<T: DeserializeOwned>(
        &self,
        account: Account,
        call: &'static str,
        kind: &str,
        id: &str,
    ) -> Result<T, AcquirerError> {
        plain(id)?;
        self.read(account, call, &format!("{kind}/{id}"), &[]).await
    }

    /// Everything of one kind between the bounds, page by page; of a status, when one is named.
    async fn register<T: DeserializeOwned>(
        &self,
        account: Account,
        call: &'static str,
        kind: &str,
        status: Option<&str>,
        bounds: [(&'static str, DateTime<Utc>); 2],
    ) -> Result<Vec<T>, AcquirerError> {
        let mut query: Vec<(&str, String)> = vec![("limit", "100".to_owned())];
        query.extend(status.map(|status| ("status", status.to_owned())));
        for (name, at) in bounds {
            query.push((name, at.to_rfc3339_opts(SecondsFormat::Millis, true)));
        }
        let fixed = query.len();
        let mut found = Vec::new();
        for _ in 0..PAGES {
            let page: answers::Page<T> = self.read(account, call, kind, &query).await?;
            found.extend(page.items);
            query.truncate(fixed);
            match page.next_cursor {
                Some(cursor) => query.push(("cursor", cursor)),
                None => return Ok(found),
            }
        }
        Err(AcquirerError::Unknown("the register has no end".into()))
    }
}

/// An id comes back from the acquirer itself or from a notification, which anybody can forge.
fn plain(id: &str) -> Result<(), AcquirerError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if id.is_empty() || id.len() > 64 || !id.chars().all(plain) {
        return Err(refused("not_found", "no such id"));
    }
    Ok(())
}

/// What came back: the status and the body.
struct Raw {
    status: u16,
    body: Vec<u8>,
}

async fn send(request: RequestBuilder) -> Result<Raw, AcquirerError> {
    let unknown = |error| AcquirerError::Unknown(http::trouble(error));
    let answer = request.send().await.map_err(unknown)?;
    let status = answer.status().as_u16();
    let body = answer.bytes().await.map_err(unknown)?.to_vec();
    Ok(Raw { status, body })
}

async fn measured<T>(
    call: &'static str,
    work: impl Future<Output = Result<T, AcquirerError>>,
) -> Result<T, AcquirerError> {
    let since = Instant::now();
    let result = work.await;
    let outcome = match &result {
        Ok(_) => "done",
        Err(AcquirerError::Unknown(why)) => {
            tracing::warn!(call, why, "the acquirer's answer is unknown");
            "unknown"
        }
        Err(AcquirerError::Refused { code, description }) => {
            tracing::warn!(call, code, description, "the acquirer refused");
            "refused"
        }
    };
    http::measured("acquirer", call, outcome, since);
    result
}

fn refused(code: &str, description: &str) -> AcquirerError {
    AcquirerError::Refused {
        code: code.into(),
        description: description.into(),
    }
}

#[async_trait]
impl Acquirer for YooKassa {
    async fn create_payment(&self, new: NewPayment) -> Result<RemotePayment, AcquirerError> {
        let body = requests::payment(&new, &self.return_url(&new.return_url));
        let created: answers::Payment = self
            .create(Account::Shop, "create_payment", "payments", new.key, &body)
            .await?;
        Ok(created.told())
    }

    async fn payment(&self, id: &str) -> Result<RemotePayment, AcquirerError> {
        let found: answers::Payment = self.one(Account::Shop, "payment", "payments", id).await?;
        Ok(found.told())
    }

    async fn find_payment(
        &self,
        payment: PaymentId,
        (from, to): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<Option<RemotePayment>, AcquirerError> {
        let created = [("created_at.gte", from), ("created_at.lt", to)];
        let all: Vec<answers::Payment> = self
            .register(Account::Shop, "find_payment", "payments", None, created)
            .await?;
        let mut told = all.into_iter().map(answers::Payment::told);
        Ok(told.find(|one| one.payment == Some(payment)))
    }

    async fn charge_saved(&self, new: NewCharge) -> Result<RemotePayment, AcquirerError> {
        let body = requests::charge(&new);
        let created: answers::Payment = self
            .create(Account::Shop, "charge_saved", "payments", new.key, &body)
            .await?;
        Ok(created.told())
    }

    async fn cancel(&self, id: &str, key: Uuid) -> Result<RemotePayment, AcquirerError> {
        plain(id)?;
        let path = format!("payments/{id}/cancel");
        let canceled: answers::Payment = self
            .create(Account::Shop, "cancel", &path, key, &serde_json::json!({}))
            .await?;
        Ok(canceled.told())
    }

    async fn sbp_banks(&self) -> Result<Vec<SbpBank>, AcquirerError> {
        let page: answers::Page<answers::Bank> = self
            .read(Account::Payout, "sbp_banks", "sbp_banks", &[])
            .await?;
        let told = |bank: answers::Bank| SbpBank {
            id: bank.bank_id,
            name: bank.name,
        };
        Ok(page.items.into_iter().map(told).collect())
    }

    async fn start_binding(
        &self,
        key: Uuid,
        return_url: &str,
    ) -> Result<RemoteBinding, AcquirerError> {
        let body = requests::binding(&self.return_url(return_url));
        let created: answers::Method = self
            .create(
                Account::Shop,
                "start_binding",
                "payment_methods",
                key,
                &body,
            )
            .await?;
        created.told()
    }

    async fn binding(&self, id: &str) -> Result<RemoteBinding, AcquirerError> {
        let found: answers::Method = self
            .one(Account::Shop, "binding", "payment_methods", id)
            .await?;
        found.told()
    }

    async fn create_payout(&self, new: NewPayout) -> Result<RemotePayout, AcquirerError> {
        // The name is left with the acquirer first: repeating it changes nothing, the payout's own
        // key keeps the payout one. Only the fast payment system compares it.
        let person = match (&new.to, &new.recipient) {
            (PayoutTo::Sbp { .. }, Some(recipient)) => {
                let body = requests::person(recipient);
                let key = Uuid::from_u128(new.key.as_u128() ^ 1);
                let kept: answers::Person = self
                    .create(
                        Account::Payout,
                        "personal_data",
                        "personal_data",
                        key,
                        &body,
                    )
                    .await?;
                Some(kept.id)
            }
            _ => None,
        };
        let body = requests::payout(&new, person.as_deref())
            .ok_or_else(|| refused("not_supported", "no payouts to accounts"))?;
        let created: answers::Payout = self
            .create(Account::Payout, "create_payout", "payouts", new.key, &body)
            .await?;
        Ok(created.told())
    }

    async fn payout(&self, id: &str) -> Result<RemotePayout, AcquirerError> {
        let found: answers::Payout = self.one(Account::Payout, "payout", "payouts", id).await?;
        Ok(found.told())
    }

    async fn find_payout(
        &self,
        payout: PayoutId,
        (from, to): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<Option<RemotePayout>, AcquirerError> {
        let created = [("created_at.gte", from), ("created_at.lt", to)];
        let all: Vec<answers::Payout> = self
            .register(Account::Payout, "find_payout", "payouts", None, created)
            .await?;
        let found = all.into_iter().find(|one| one.carries(payout));
        Ok(found.map(answers::Payout::told))
    }

    async fn create_refund(&self, new: NewRefund) -> Result<RemoteRefund, AcquirerError> {
        let body = requests::refund(&new);
        let created: answers::Refund = self
            .create(Account::Shop, "create_refund", "refunds", new.key, &body)
            .await?;
        Ok(created.told())
    }

    async fn refund(&self, id: &str) -> Result<RemoteRefund, AcquirerError> {
        let found: answers::Refund = self.one(Account::Shop, "refund", "refunds", id).await?;
        Ok(found.told())
    }

    async fn find_refund(
        &self,
        refund: RefundId,
        payment_id: &str,
    ) -> Result<Option<RemoteRefund>, AcquirerError> {
        let query = [("payment_id", payment_id.to_owned())];
        let page: answers::Page<answers::Refund> = self
            .read(Account::Shop, "find_refund", "refunds", &query)
            .await?;
        // A payment has a handful of refunds; more than a page of them is nobody's certainty.
        let whole = page.next_cursor.is_none();
        let mut told = page.items.into_iter().map(answers::Refund::told);
        match told.find(|one| one.refund == Some(refund)) {
            None if !whole => Err(AcquirerError::Unknown("too many refunds to search".into())),
            found => Ok(found),
        }
    }

    fn name(&self) -> &'static str {
        "yookassa"
    }

    fn parse_webhook(&self, body: &[u8]) -> Result<News, BadNews> {
        news::read(body).ok_or(BadNews::Malformed)
    }

    async fn movements(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<RemoteMovement>, AcquirerError> {
        let captured = [("captured_at.gte", from), ("captured_at.lt", to)];
        let payments: Vec<answers::Payment> = self
            .register(
                Account::Shop,
                "payments",
                "payments",
                Some("succeeded"),
                captured,
            )
            .await?;
        let created = [("created_at.gte", from), ("created_at.lt", to)];
        let refunds: Vec<answers::Refund> = self
            .register(
                Account::Shop,
                "refunds",
                "refunds",
                Some("succeeded"),
                created,
            )
            .await?;
        let earlier = from.checked_sub_signed(LONGEST_PAYOUT).unwrap_or(from);
        let created = [("created_at.gte", earlier), ("created_at.lt", to)];
        let payouts: Vec<answers::Payout> = self
            .register(
                Account::Payout,
                "payouts",
                "payouts",
                Some("succeeded"),
                created,
            )
            .await?;

        let mut all = Vec::new();
        for payment in payments {
            all.extend(payment.movement());
        }
        for refund in refunds {
            all.extend(refund.movement());
        }
        for payout in payouts {
            all.extend(payout.movement());
        }
        all.retain(|movement| from <= movement.at && movement.at < to);
        all.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        debug_assert!(all.iter().all(|movement| movement.succeeded));
        Ok(all)
    }

    fn origins(&self) -> Vec<String> {
        self.origins.clone()
    }
}
