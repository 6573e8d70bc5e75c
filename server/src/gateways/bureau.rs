//! The credit bureau by HTTP: a person's history and the self-ban, and our own events.

use std::time::Instant;

use async_trait::async_trait;
use cabinet::ports::{Bureau, BureauEvent, BureauQuery, PortError};
use chrono::NaiveDate;
use lending::{BureauAnswer, BureauLoan};
use reqwest::{Client, RequestBuilder};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;

use super::settings::{GatewayError, Settings};
use super::{http, wire};

/// The bureau.
pub struct HttpBureau {
    http: Client,
    url: String,
    token: SecretString,
}

#[derive(Debug, Deserialize)]
struct Report {
    self_ban: bool,
    score: u32,
    open_loans: Vec<Loan>,
}

#[derive(Debug, Deserialize)]
struct Loan {
    psk: String,
    amount: String,
    monthly_payment: String,
    overdue_days: u32,
    repaid_on: Option<NaiveDate>,
}

impl HttpBureau {
    /// The bureau of these settings.
    pub fn new(settings: &Settings) -> Result<Self, GatewayError> {
        Ok(Self {
            http: http::client(&settings.bureau_url)?,
            url: settings.bureau_url.clone(),
            token: settings.bureau_token.clone(),
        })
    }

    fn post(&self, path: &str) -> RequestBuilder {
        self.http
            .post(format!("{}{path}", self.url))
            .bearer_auth(self.token.expose_secret())
    }
}

/// Surname and first name of a full name.
fn names(full: &str) -> (&str, &str) {
    let mut words = full.split_whitespace();
    (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    )
}

/// Sends a request; the body of a 2xx answer.
async fn body(request: RequestBuilder) -> Result<Vec<u8>, PortError> {
    let answer = request
        .send()
        .await
        .map_err(|error| PortError(http::trouble(error)))?;
    let status = answer.status();
    if !status.is_success() || status == reqwest::StatusCode::ACCEPTED {
        return Err(PortError(format!("HTTP {}", status.as_u16())));
    }
    let bytes = answer
        .bytes()
        .await
        .map_err(|error| PortError(http::trouble(error)))?;
    Ok(bytes.to_vec())
}

/// An answer that is not understood whole is no answer: a missed self-ban would make an illegal
/// loan.
fn read(bytes: &[u8]) -> Result<BureauAnswer, PortError> {
    let report: Report = serde_json::from_slice(bytes)
        .map_err(|error| PortError(format!("unreadable report: {error}")))?;
    let loans: Option<Vec<BureauLoan>> = report.open_loans.iter().map(loan).collect();
    Ok(BureauAnswer {
        self_ban: report.self_ban,
        open_loans: loans.ok_or_else(|| PortError("unreadable sums in the report".into()))?,
        score: report.score,
    })
}

fn loan(loan: &Loan) -> Option<BureauLoan> {
    Some(BureauLoan {
        psk_thousandths: wire::thousandths(&loan.psk)?,
        amount: wire::kopecks(&loan.amount)?,
        monthly_payment: wire::kopecks(&loan.monthly_payment)?,
        overdue_days: loan.overdue_days,
        repaid_on: loan.repaid_on,
    })
}

#[async_trait]
impl Bureau for HttpBureau {
    async fn report(&self, query: BureauQuery) -> Result<BureauAnswer, PortError> {
        let since = Instant::now();
        let (last_name, first_name) = names(&query.full_name);
        let request = self.post("/bureau/v1/report").json(&json!({
            "inn": query.inn,
            "last_name": last_name,
            "first_name": first_name,
            "birth_date": query.birth,
            "passport_hash": wire::sha256(&query.passport),
        }));
        let result = body(request).await.and_then(|bytes| read(&bytes));
        let outcome = if result.is_ok() { "done" } else { "unknown" };
        http::measured("bureau", "report", outcome, since);
        result
    }

    async fn event(&self, event: BureauEvent) -> Result<(), PortError> {
        let since = Instant::now();
        let request = self
            .post("/bureau/v1/events")
            .header("Idempotence-Key", event.key.to_string());
        let request = request.json(&json!({
            "key": event.key,
            "kind": event.kind,
            "borrower": event.borrower,
            "loan": event.loan,
            "on": event.on,
            "amount": event.amount.plain(),
            "debt": event.debt.plain(),
        }));
        let result = body(request).await.map(drop);
        let outcome = if result.is_ok() { "done" } else { "unknown" };
        http::measured("bureau", "event", outcome, since);
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lending::Kopecks;

    #[test]
    fn a_report_is_read_exactly() {
        let body = br#"{"self_ban":false,"score":720,"open_loans":[{"psk":"292.000",
            "amount":"10000.00","monthly_payment":"10000.50","overdue_days":0,"repaid_on":null},
            {"psk":"100.5","amount":"1","monthly_payment":"0","overdue_days":3,
            "repaid_on":"2026-11-20"}]}"#;
        let answer = read(body).expect("read");
        assert!(!answer.self_ban);
        assert_eq!(answer.score, 720);
        assert_eq!(answer.open_loans[0].psk_thousandths, 292_000);
        assert_eq!(
            answer.open_loans[0].monthly_payment,
            Kopecks::new(1_000_050)
        );
        assert_eq!(
            answer.open_loans[1].repaid_on,
            NaiveDate::from_ymd_opt(2026, 11, 20)
        );
    }

    #[test]
    fn a_half_understood_report_is_refused() {
        for body in [
            br#"{"score":720,"open_loans":[]}"#.as_slice(),
            br#"{"self_ban":false,"score":720,"open_loans":[{"psk":"x","amount":"1.00",
                "monthly_payment":"1.00","overdue_days":0,"repaid_on":null}]}"#,
            br#"{"self_ban":fal"#,
        ] {
            assert!(read(body).is_err());
        }
    }

    #[test]
    fn names_are_the_first_two_words() {
        assert_eq!(
            names("Салтыков-Щедрин Михаил Евграфович"),
            ("Салтыков-Щедрин", "Михаил")
        );
    }
}
