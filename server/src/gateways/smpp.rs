//! Text messages by SMPP 3.4, plain or inside TLS, the protocol of operators and aggregators: one connection bound as
//! transceiver, made anew when it breaks; texts as UCS-2 in parts that phones join; delivery receipts on the same connection.

mod receipt;
mod tls;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use cabinet::ports::{DeliveryError, Sms, SmsReceipt};
use cabinet::values::Phone;
use futures::{Stream, StreamExt};
use reqwest::Url;
use rusmpp::extra::concatenation::SubmitSmMultipartExt;
use rusmpp::pdus::{BindTransceiver, DeliverSmResp, SubmitSm};
use rusmpp::types::COctetString;
use rusmpp::values::{InterfaceVersion, Npi, RegisteredDelivery, Ton};
use rusmpp::{CommandStatus, Pdu};
use rusmppc::error::Error;
use rusmppc::{Client, ConnectionBuilder, Event};
use secrecy::{ExposeSecret, SecretString};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use uuid::Uuid;

use super::http;
use super::settings::{GatewayError, Settings};
use tls::Tls;

/// The ports of the standard's registration: plain, and inside TLS.
const PORT: u16 = 2775;
const TLS_PORT: u16 = 3550;
const CONNECT: Duration = Duration::from_secs(5);
const ANSWER: Duration = Duration::from_secs(10);
const ENQUIRE: Duration = Duration::from_secs(30);
/// A broken line is tried again after so long, then after twice as long, and so on.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// A delivery receipt is wanted whatever becomes of the message.
const FINAL_OUTCOME: u8 = 1;
/// Receipts kept until somebody asks; the oldest give way.
const RECEIPTS: usize = 100_000;
/// Messages of several parts that broke off, remembered until they are sent again.
const BROKEN_OFF: usize = 1_000;

/// The gateway.
pub struct Smpp {
    /// Host and port.
    address: (String, u16),
    /// Of `smpps://`: how the line is encrypted, and whose certificate the other end has to show.
    tls: Option<Tls>,
    login: COctetString<1, 16>,
    password: SecretString,
    sender: Sender,
    line: tokio::sync::Mutex<Line>,
    receipts: Receipts,
    broken_off: Mutex<VecDeque<(Uuid, Vec<String>)>>,
}

type Receipts = Arc<Mutex<VecDeque<SmsReceipt>>>;

/// The connection, or when it may be tried again.
struct Line {
    client: Option<Client>,
    pause: Duration,
    not_before: Option<Instant>,
}

/// From whom messages come: type of number, numbering plan, the name or number itself.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Sender {
    ton: Ton,
    npi: Npi,
    address: COctetString<1, 21>,
}

impl Sender {
    /// A name is alphanumeric, a long number international, a short one of this network; nothing is the account's own.
    fn new(name: &str) -> Result<Self, GatewayError> {
        let digits = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
        let (ton, npi) = match (digits, name.len()) {
            (_, 0) => (Ton::Unknown, Npi::Unknown),
            (true, 7..) => (Ton::International, Npi::Isdn),
            (true, _) => (Ton::NetworkSpecific, Npi::Unknown),
            (false, _) => (Ton::Alphanumeric, Npi::Unknown),
        };
        if ton == Ton::Alphanumeric && name.len() > 11 {
            return Err(wrong(
                "sms-sender",
                "a name has at most 11 Latin letters and digits",
            ));
        }
        let address = octets(
            "sms-sender",
            name,
            "write at most 11 Latin letters and digits",
        )?;
        Ok(Self { ton, npi, address })
    }
}

fn wrong(flag: &'static str, problem: &str) -> GatewayError {
    GatewayError::Wrong {
        flag,
        problem: problem.to_owned(),
    }
}

fn octets<const MOST: usize>(
    flag: &'static str,
    text: &str,
    otherwise: &str,
) -> Result<COctetString<1, MOST>, GatewayError> {
    let mut bytes = text.as_bytes().to_vec();
    bytes.push(0);
    COctetString::from_vec(bytes).map_err(|_| wrong(flag, otherwise))
}

impl Smpp {
    /// The gateway of these settings: `system_id` as login. Nothing is connected yet.
    pub fn new(settings: &Settings) -> Result<Self, GatewayError> {
        let (login, password) = settings.sms.clone();
        let url = Url::parse(&settings.sms_url).ok();
        let host = url.as_ref().and_then(|url| url.host_str());
        let host = host.ok_or_else(|| wrong("sms-url", "write smpp://host:2775"))?;
        // An address of version 6 stands in brackets, and only there.
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let encrypted = url.as_ref().is_some_and(|url| url.scheme() == "smpps");
        let authority = settings.sms_authority.as_deref();
        if authority.is_some() && !encrypted {
            return Err(wrong(
                "sms-authority",
                "a plain line has no certificate; write smpps://host:3550 as --sms-url or leave this out",
            ));
        }
        let tls = encrypted.then(|| Tls::new(host, authority)).transpose()?;
        // Looked at now, so that a password that can't be sent is named at start.
        password_octets(&password)?;
        Ok(Self {
            address: (
                host.to_owned(),
                url.as_ref()
                    .and_then(Url::port)
                    .unwrap_or(if encrypted { TLS_PORT } else { PORT }),
            ),
            tls,
            login: octets(
                "sms-login",
                &login,
                "SMPP has at most 15 Latin characters for `system_id`",
            )?,
            password,
            sender: Sender::new(settings.sms_sender.as_deref().unwrap_or_default())?,
            line: tokio::sync::Mutex::new(Line {
                client: None,
                pause: FIRST_PAUSE,
                not_before: None,
            }),
            receipts: Receipts::default(),
            broken_off: Mutex::default(),
        })
    }

    /// The bound connection; made anew when there is none, unless that has failed a moment ago.
    async fn client(&self) -> Result<Client, DeliveryError> {
        let mut line = self.line.lock().await;
        if let Some(client) = line.client.as_ref().filter(|client| client.is_active()) {
            return Ok(client.clone());
        }
        line.client = None;
        if line.not_before.is_some_and(|at| Instant::now() < at) {
            return Err(DeliveryError::Temporary("no connection yet".into()));
        }
        match self.connect().await {
            Ok(client) => {
                line.client = Some(client.clone());
                line.pause = FIRST_PAUSE;
                line.not_before = None;
                tracing::info!("bound to the SMPP gateway");
                Ok(client)
            }
            Err(problem) => {
                tracing::warn!(problem, "the SMPP gateway can't be reached");
                line.not_before = Instant::now().checked_add(line.pause);
                line.pause = line.pause.saturating_mul(2).min(LONGEST_PAUSE);
                Err(DeliveryError::Temporary(problem))
            }
        }
    }

    async fn connect(&self) -> Result<Client, String> {
        let (host, port) = &self.address;
        let stream = timeout(CONNECT, TcpStream::connect((host.as_str(), *port)))
            .await
            .map_err(|_| "time-out".to_owned())?
            .map_err(|error| error.to_string())?;
        match &self.tls {
            Some(tls) => self.bound(tls.around(stream, CONNECT).await?).await,
            None => self.bound(stream).await,
        }
    }

    /// A line of this stream, bound as transceiver.
    async fn bound<S>(&self, stream: S) -> Result<Client, String>
    where
        S: AsyncRead + AsyncWrite + Send + 'static,
    {
        let (client, events) = ConnectionBuilder::new()
            .enquire_link_interval(ENQUIRE)
            .enquire_link_response_timeout(ANSWER)
            .response_timeout(ANSWER)
            // Operators speak 3.4, and what we use is the same in both versions.
            .disable_interface_version_check()
            .connected(stream);
        tokio::spawn(listen(client.clone(), events, Arc::clone(&self.receipts)));
        let bind = BindTransceiver::builder()
            .system_id(self.login.clone())
            .password(password_octets(&self.password).map_err(|error| error.to_string())?)
            .interface_version(InterfaceVersion::Smpp3_4)
            .build();
        match client.bind_transceiver(bind).await {
            Ok(_) => Ok(client),
            Err(error) => {
                // A line that is not bound is of no use; whether it closes in order does not matter.
                let _ = client.close().await;
                Err(said(&error).1)
            }
        }
    }

    /// Sends the parts that have no answer yet.
    async fn submit(
        &self,
        client: &Client,
        parts: Vec<SubmitSm>,
        sent: &mut Vec<String>,
    ) -> Result<(), DeliveryError> {
        for part in parts.into_iter().skip(sent.len()) {
            let answer = client
                .submit_sm(part)
                .await
                .map_err(|error| refused(&error))?;
            sent.push(receipt::name(answer.message_id().as_str()));
        }
        Ok(())
    }

    async fn post(
        &self,
        phone: &Phone,
        text: &str,
        key: Uuid,
    ) -> Result<Vec<String>, DeliveryError> {
        let parts = parts(&self.sender, phone, text, key)?;
        let client = self.client().await?;
        let mut sent = self.taken(key);
        let result = self.submit(&client, parts, &mut sent).await;
        if let Err(error) = result {
            if matches!(error, DeliveryError::Temporary(_)) && !sent.is_empty() {
                self.keep(key, sent);
            }
            return Err(error);
        }
        Ok(sent)
    }

    /// The parts of this message that went before it broke off.
    fn taken(&self, key: Uuid) -> Vec<String> {
        let mut all = locked(&self.broken_off);
        let place = all.iter().position(|(other, _)| *other == key);
        place
            .and_then(|place| all.remove(place))
            .map(|(_, sent)| sent)
            .unwrap_or_default()
    }

    fn keep(&self, key: Uuid, sent: Vec<String>) {
        let mut all = locked(&self.broken_off);
        all.push_back((key, sent));
        while all.len() > BROKEN_OFF {
            all.pop_front();
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn password_octets(password: &SecretString) -> Result<COctetString<1, 9>, GatewayError> {
    octets(
        "sms-password",
        password.expose_secret(),
        "SMPP has at most 8 Latin characters for `password`",
    )
}

/// A text as messages of 70 characters, or of 67 with the header that joins them. The number in that header is the same
/// whenever the message is sent: parts of two tries still make one text.
fn parts(
    sender: &Sender,
    phone: &Phone,
    text: &str,
    key: Uuid,
) -> Result<Vec<SubmitSm>, DeliveryError> {
    let permanent = |text: String| DeliveryError::Permanent(text);
    let number = octets("sms-url", phone.digits(), "no number");
    let message = SubmitSm::builder()
        .source_addr_ton(sender.ton)
        .source_addr_npi(sender.npi)
        .source_addr(sender.address.clone())
        .dest_addr_ton(Ton::International)
        .dest_addr_npi(Npi::Isdn)
        .destination_addr(number.map_err(|error| permanent(error.to_string()))?)
        .registered_delivery(RegisteredDelivery::from(FINAL_OUTCOME))
        .build();
    // UCS-2 has no characters beyond the first plane (pictures of faces).
    let plain: String = text
        .chars()
        .map(|one| if one > '\u{ffff}' { '\u{25a1}' } else { one })
        .collect();
    let [reference, ..] = key.into_bytes();
    // Russian first, and what "the default alphabet" holds differs between operators: always UCS-2.
    message
        .multipart(&plain)
        .reference_u8(reference)
        .ucs2()
        .build()
        .map_err(|error| permanent(error.to_string()))
}

/// Takes what the operator sends until the line is over.
async fn listen(client: Client, mut events: impl Stream<Item = Event> + Unpin, receipts: Receipts) {
    while let Some(event) = events.next().await {
        let command = match event {
            Event::Incoming(command) => command,
            Event::Error(error) => {
                tracing::warn!(problem = said(&error).1, "the SMPP line broke");
                continue;
            }
        };
        let number = command.sequence_number();
        let answered = match command.pdu() {
            Some(Pdu::DeliverSm(message)) => {
                if let Some(receipt) = receipt::read(message) {
                    let mut all = locked(&receipts);
                    all.push_back(receipt);
                    while all.len() > RECEIPTS {
                        all.pop_front();
                    }
                }
                // What a person wrote back has no reader; it is taken, or it would come again for days.
                client
                    .deliver_sm_resp(number, DeliverSmResp::default())
                    .await
            }
            Some(Pdu::Unbind) => {
                let answered = client.unbind_resp(number).await;
                let _ = client.close().await;
                answered
            }
            _ => Ok(()),
        };
        if answered.is_err() {
            break;
        }
    }
}

/// What went wrong: the answer's status, if there was an answer, and words without anybody's number or text.
fn said(error: &Error) -> (Option<CommandStatus>, String) {
    match error {
        Error::UnexpectedResponse { response } => {
            let status = response.status();
            (Some(status), format!("{status:?}"))
        }
        Error::ResponseTimeout { .. } => (None, "time-out".into()),
        Error::Encode(_) => (None, "can't be encoded".into()),
        Error::Decode(_) => (None, "unreadable answer".into()),
        other => (None, other.to_string()),
    }
}

/// What is wrong with the message itself is wrong the next time as well.
fn refused(error: &Error) -> DeliveryError {
    let (status, text) = said(error);
    match status {
        Some(
            CommandStatus::EsmeRinvdstadr
            | CommandStatus::EsmeRinvmsglen
            | CommandStatus::EsmeRinvdstton
            | CommandStatus::EsmeRinvdstnpi,
        ) => DeliveryError::Permanent(text),
        _ => DeliveryError::Temporary(text),
    }
}

#[async_trait]
impl Sms for Smpp {
    async fn send(&self, phone: &Phone, text: &str, key: Uuid) -> Result<(), DeliveryError> {
        self.send_parts(phone, text, key).await.map(drop)
    }

    /// The protocol has no key of repeats: a part whose answer was lost may come twice.
    async fn send_parts(
        &self,
        phone: &Phone,
        text: &str,
        key: Uuid,
    ) -> Result<Vec<String>, DeliveryError> {
        let since = Instant::now();
        let sent = self.post(phone, text, key).await;
        http::measured("sms", "send", http::outcome(&sent), since);
        sent
    }

    /// Also holds the line: receipts come on it while nothing is sent.
    async fn receipts(&self) -> Vec<SmsReceipt> {
        // Why it can't be held has been said, and the next call tries again.
        let _ = self.client().await;
        locked(&self.receipts).drain(..).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_is_a_name_or_a_number() {
        let of = |name| Sender::new(name).map(|sender| (sender.ton, sender.npi));
        assert_eq!(of(""), Ok((Ton::Unknown, Npi::Unknown)));
        assert_eq!(of("KOPECK"), Ok((Ton::Alphanumeric, Npi::Unknown)));
        assert_eq!(of("4440"), Ok((Ton::NetworkSpecific, Npi::Unknown)));
        assert_eq!(of("79001234567"), Ok((Ton::International, Npi::Isdn)));
        for wrong in ["Копейка", "TWELVELETTER"] {
            let refused = of(wrong).expect_err(wrong).to_string();
            assert!(refused.starts_with("--sms-sender: "), "{refused}");
        }
    }

    #[test]
    fn texts_are_cut_at_67_characters_once_they_pass_70() {
        let sender = Sender::new("").expect("sender");
        let phone = Phone::parse("+7 900 123-45-67").expect("phone");
        let cut = |text: &str| {
            let parts = parts(&sender, &phone, text, Uuid::from_u128(7 << 120)).expect("parts");
            let bytes = |part: &SubmitSm| part.short_message().clone().into_vec();
            parts.iter().map(bytes).collect::<Vec<_>>()
        };
        assert_eq!(cut(&"ж".repeat(70)), [[0x04, 0x36].repeat(70)]);
        let three = cut(&"ж".repeat(135));
        let lengths: Vec<usize> = three.iter().map(Vec::len).collect();
        assert_eq!(lengths, [6 + 134, 6 + 134, 6 + 2]);
        for (number, part) in (1_u8..).zip(&three) {
            assert_eq!(part.get(..6), Some([5, 0, 3, 7, 3, number].as_slice()));
        }
        // A face is no reason not to tell of a payment.
        assert_eq!(cut("🙂"), [[0x25, 0xa1]]);
    }
}
